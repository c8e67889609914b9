# Made of lexgate_client/_async by scripts/unasync.py: change it there.
"""The client: what a checkout asks, and rooms for the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Literal, Self, TypeVar

import httpx

from lexgate_client._sync.beside import Changes, Keys, Merchants, Screenings
from lexgate_client._sync.decisions import Decisions
from lexgate_client._sync.tax import Tax
from lexgate_client._sync.transport import Transport
from lexgate_client._batches import lines_of, told
from lexgate_client._calls import Options, call_of
from lexgate_client._decision import BatchLine, Decision, ToldEvent
from lexgate_client._retries import Retries
from lexgate_client._scalars import Instant
from lexgate_client._transaction import Transaction
from lexgate_client._wire import Query, part

T = TypeVar("T")
Domain = Literal["sca", "aml", "kyc", "residency", "tax", "methods"]
EventKind = Literal["authenticated", "authorised", "captured", "failed", "refunded"]


class Lexgate:
    """Asks one service under one key. Close it, or use it in a `with`.

    Whatever goes wrong is raised (LexgateError): no failure is ever a decision.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str,
        *,
        timeout: float = 10.0,
        retries: Retries | None = None,
        language: str | None = None,
        allow_http: bool = False,
        http: httpx.Client | None = None,
    ) -> None:
        options = Options(base_url, api_key, timeout, retries or Retries(), language, allow_http)
        self._transport = Transport(options, http)
        self.decisions = Decisions(self._transport)
        self.tax = Tax(self._transport)
        self.screenings = Screenings(self._transport)
        self.merchants = Merchants(self._transport)
        self.keys = Keys(self._transport)
        self.changes = Changes(self._transport)

    def __enter__(self) -> Self:
        """Nothing is opened before the first call."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the connections go."""
        self.close()

    def close(self) -> None:
        """Let the connections go. A client of httpx that was handed in stays open."""
        self._transport.close()

    def preflight(
        self,
        transaction: Transaction,
        *,
        domains: Sequence[Domain] | None = None,
        idempotency_key: str | None = None,
        language: str | None = None,
    ) -> Decision:
        """One payment in, one decision out. `domains` narrows what is decided: what is not asked is not answered."""
        return self._transport.ask(
            "POST", "/v1/preflight", Decision, query=_domains(domains), body=transaction,
            idempotency_key=idempotency_key, language=language,
        )  # fmt: skip

    def preflight_batch(
        self,
        transactions: Sequence[Transaction],
        *,
        domains: Sequence[Domain] | None = None,
        idempotency_key: str | None = None,
        language: str | None = None,
    ) -> list[BatchLine]:
        """Up to 1,000 at once; a line each, in their order: a decision, or the problem of that line.

        Raises UnexpectedAnswer where not every line came back.
        """
        call = call_of(
            "POST", "/v1/preflight/batch", query=_domains(domains), body=lines_of(transactions),
            idempotency_key=idempotency_key, language=language,
        )  # fmt: skip
        answered = self._transport.send(call)
        return told(answered, len(transactions), is_test=self._transport.options.is_test)

    def tell(
        self,
        decision_id: str,
        kind: EventKind,
        *,
        at: Instant | None = None,
        details: Mapping[str, object] | None = None,
        idempotency_key: str | None = None,
    ) -> ToldEvent:
        """What became of a payment. Counters count only what is told; told twice, it counts once."""
        stated = {"kind": kind, "at": at, "details": details}
        body = {name: value for name, value in stated.items() if value is not None}
        path = f"/v1/decisions/{part(decision_id)}/events"
        return self._transport.ask("POST", path, ToldEvent, body=body, idempotency_key=idempotency_key)

    def authenticated(self, decision_id: str, *, at: Instant | None = None) -> ToldEvent:
        """The payer passed strong customer authentication."""
        return self.tell(decision_id, "authenticated", at=at)

    def authorised(self, decision_id: str, *, at: Instant | None = None) -> ToldEvent:
        """The issuer approved the payment."""
        return self.tell(decision_id, "authorised", at=at)

    def captured(self, decision_id: str, *, at: Instant | None = None) -> ToldEvent:
        """The money was taken."""
        return self.tell(decision_id, "captured", at=at)

    def failed(self, decision_id: str, *, at: Instant | None = None) -> ToldEvent:
        """The payment, or the authentication, did not succeed."""
        return self.tell(decision_id, "failed", at=at)

    def refunded(self, decision_id: str, *, at: Instant | None = None) -> ToldEvent:
        """The money went back."""
        return self.tell(decision_id, "refunded", at=at)

    def request(
        self,
        method: str,
        path: str,
        into: type[T],
        *,
        query: Query | None = None,
        body: object = None,
        idempotency_key: str | None = None,
        language: str | None = None,
    ) -> T:
        """Any other route, with the same promises: `client.request("GET", "/v1/releases", dict[str, Any])`.

        `into`: what the answer is read into; `part()` makes one step of the path of an id.
        """
        return self._transport.ask(
            method, path, into, query=query, body=body, idempotency_key=idempotency_key, language=language
        )

    def pages(self, path: str, into: type[T], query: Query | None = None) -> Iterator[T]:
        """All that any list has, page after page as it is taken."""
        return self._transport.pages(path, into, query)


def _domains(domains: Sequence[Domain] | None) -> Query | None:
    return None if domains is None else {"domains": ",".join(domains)}
