"""What can go wrong, in types. None of it is ever an allow: whoever catches one of these has no decision.

LexgateError
├── NoAnswer                  there is no answer to go on
│   ├── NotReached            no connection: nothing was sent
│   ├── AnswerLost            sent, and no whole answer came: what was asked may have been done; ask again with the same key
│   └── UnexpectedAnswer      an answer that this client does not understand
├── Refused                   the service said no: `kind`, `status`, `title`, `detail`, `errors`, `request_id`
│   ├── Unauthenticated       401 no key, or one that is not known
│   ├── Forbidden             403 the key may not do this
│   ├── NotFound              404
│   ├── MethodNotAllowed      405
│   ├── Conflict              409 not possible (any more)
│   │   ├── StillRunning      the first request with this idempotency key is not answered yet
│   │   ├── AlreadyCommitted  the calculation stands for a transaction already
│   │   ├── Expired           the calculation is older than it may be
│   │   ├── Undecided         the tax is not determined
│   │   ├── AlreadyFiled, NotOver, TooLate      of a return
│   │   ├── EndedBefore       the obligation has ended already
│   │   ├── AnotherPerson     who handed something in does not decide
│   │   └── Moved             it is not any more as it was seen
│   ├── Erased                410 whom a record was about was erased
│   ├── PreconditionFailed    412, 428
│   ├── BodyTooSlow           408 the body did not come in time
│   ├── BodyTooLarge          413
│   ├── WrongMediaType        415
│   ├── Invalid               422 `errors` says where and why
│   │   ├── BodyRefused
│   │   │   └── PanRefused    card data must not be sent
│   │   ├── ParametersRefused
│   │   └── KeyReused         the idempotency key came with another body before
│   ├── RateLimited           429
│   └── Unavailable           500, 502, 503, 504: not now
│       ├── Busy
│       └── NotReady
└── WebhookRefused            a message that is not genuine, or too old
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from lexgate_client._model import Meta, Part

PREFIX: Final = "urn:lexgate:problem:"


class LexgateError(Exception):
    """Anything that this client raises of its own."""


class NoAnswer(LexgateError):
    """There is no answer to go on."""

    def __init__(self, said: str, meta: Meta) -> None:
        super().__init__(said)
        self.meta = meta
        self.idempotency_key = meta.idempotency_key
        """Ask again with it: what was done already is not done twice."""


class NotReached(NoAnswer):
    """No connection: nothing was sent."""


class AnswerLost(NoAnswer):
    """Sent, and no whole answer came. It is not known whether anything was stored."""


class UnexpectedAnswer(NoAnswer):
    """An answer that this client does not understand, or one of another mode than its key."""


class Fault(Part):
    """One thing wrong with a request."""

    pointer: str | None = None
    """JSON Pointer into the body."""
    parameter: str | None = None
    code: str
    message: str


class Refused(LexgateError):
    """The service said no (RFC 9457)."""

    def __init__(self, told: Problem, meta: Meta, retry_after: float | None = None) -> None:
        super().__init__(": ".join(one for one in (told.title, told.detail) if one))
        self.problem = told
        self.kind = told.type.removeprefix(PREFIX)
        """Stable: the tail of the problem's `type`."""
        self.status, self.title, self.detail = told.status, told.title, told.detail
        self.errors = tuple(told.errors or ())
        self.line = told.line
        """Of a batch: the line, from 1."""
        self.request_id = told.request_id or meta.request_id
        self.idempotency_key = meta.idempotency_key
        self.retry_after = retry_after
        """Seconds, where the service said so."""
        self.meta = meta


class Problem(Part):
    """The body of a refusal."""

    type: str = "about:blank"
    title: str = ""
    status: int
    detail: str = ""
    instance: str | None = None
    request_id: str | None = None
    line: int | None = None
    errors: list[Fault] | None = None


class Unauthenticated(Refused):
    """401: no key, or one that is not known."""


class Forbidden(Refused):
    """403: the key may not do this."""


class NotFound(Refused):
    """404."""


class MethodNotAllowed(Refused):
    """405."""


class Conflict(Refused):
    """409: not possible, or not any more."""


class StillRunning(Conflict):
    """The first request with this idempotency key is not answered yet."""


class AlreadyCommitted(Conflict):
    """The calculation stands for a transaction already."""


class Expired(Conflict):
    """The calculation is older than it may be."""


class Undecided(Conflict):
    """The tax is not determined."""


class AlreadyFiled(Conflict):
    """The return of this period was filed before."""


class NotOver(Conflict):
    """The period of the return is not over yet."""


class TooLate(Conflict):
    """The return may not be corrected any more."""


class EndedBefore(Conflict):
    """The obligation has ended already."""


class AnotherPerson(Conflict):
    """Who handed something in does not decide."""


class Moved(Conflict):
    """A case, or the law, is not any more as it was seen."""


class Erased(Refused):
    """410: whom the decision, or the tax, was about was erased. Its envelope is kept, and nothing else can be read any more."""


class PreconditionFailed(Refused):
    """412, 428: what was read has changed, or it was not said what was read."""


class BodyTooSlow(Refused):
    """408: the body did not come in time, and nothing was done."""


class BodyTooLarge(Refused):
    """413."""


class WrongMediaType(Refused):
    """415."""


class Invalid(Refused):
    """422: `errors` says where and why."""


class BodyRefused(Invalid):
    """The body is not what is wanted."""


class PanRefused(BodyRefused):
    """Card data must not be sent. Nothing was stored or logged."""


class ParametersRefused(Invalid):
    """The query, the path or a header is not what is wanted."""


class KeyReused(Invalid):
    """The idempotency key came with another body before."""


class RateLimited(Refused):
    """429: too much; `retry_after` says until when."""


class Unavailable(Refused):
    """500, 502, 503, 504: not now."""


class Busy(Unavailable):
    """Too much waits to be written. Nothing was stored."""


class NotReady(Unavailable):
    """The service is starting or stopping."""


class WebhookRefused(LexgateError):
    """A message that is not genuine, or too old: do nothing with it, and answer 400."""


BY_KIND: Final[Mapping[str, type[Refused]]] = {
    "still_running": StillRunning,
    "already_committed": AlreadyCommitted,
    "expired": Expired,
    "undecided": Undecided,
    "already_filed": AlreadyFiled,
    "not_over": NotOver,
    "too_late": TooLate,
    "ended_before": EndedBefore,
    "another_person": AnotherPerson,
    "case_moved": Moved,
    "base_moved": Moved,
    "body_refused": BodyRefused,
    "pan_refused": PanRefused,
    "parameters_refused": ParametersRefused,
    "key_reused": KeyReused,
    "erased": Erased,
    "busy": Busy,
    "not_ready": NotReady,
}
BY_STATUS: Final[Mapping[int, type[Refused]]] = {
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    405: MethodNotAllowed,
    408: BodyTooSlow,
    409: Conflict,
    410: Erased,
    412: PreconditionFailed,
    413: BodyTooLarge,
    415: WrongMediaType,
    422: Invalid,
    428: PreconditionFailed,
    429: RateLimited,
    500: Unavailable,
    502: Unavailable,
    503: Unavailable,
    504: Unavailable,
}


def refusal(told: Mapping[str, Any], meta: Meta, retry_after: float | None = None) -> Refused:
    """The error of a problem: by its type, else by its status. A younger type than this client is still of its status."""
    problem = Problem.model_validate({**told, "status": meta.status if meta.status >= 400 else told.get("status", 500)})
    by_status = BY_STATUS.get(problem.status, Refused)
    by_kind = BY_KIND.get(problem.type.removeprefix(PREFIX), by_status)
    return (by_kind if issubclass(by_kind, by_status) else by_status)(problem, meta, retry_after)
