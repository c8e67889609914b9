"""Any life of payments and of sales: what is told of them in any order, twice, late; what is sold once and given back in parts. A
small model says what counts, what is left, and what is refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import orjson
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from api.bundled import samples
from tests.api.client import Reply
from tests.api.taxes import book
from tests.machines.walking import House, walk

PAYMENT: dict[str, Any] = orjson.loads((samples() / "eu-low-value.json").read_bytes())
KINDS = ("authorised", "captured", "failed", "refunded")
WHICH = st.integers(0, 3)
PRICE = Decimal("24.90")
VALID_DAYS = 90


@dataclass
class Payment:
    """What is believed of one: the answer, what was told, in the order in which it was."""

    id: str
    answer: bytes
    told: list[tuple[str, int]] = field(default_factory=list)

    @property
    def counts(self) -> bool:
        """Executed, by the last word in the order of time; of one instant, by what was told last."""
        words = [kind for kind, _ in sorted(self.told, key=lambda one: one[1]) if kind != "refunded"]
        return bool(words) and words[-1] != "failed"


@dataclass
class Sale:
    """A calculation, and what became of it."""

    calculation: str
    day: int
    transaction: str = ""
    left: Decimal = PRICE
    back: list[Decimal] = field(default_factory=list)


class Lives(RuleBasedStateMachine):
    """One payer, four payments and four sales at most, a clock."""

    @initialize()
    def begin(self) -> None:
        self.house, self.payments, self.sales = House(), list[Payment](), list[Sale]()
        self.day = 0

    def teardown(self) -> None:
        if hasattr(self, "house"):
            self.house.leave()

    # -- payments --

    @precondition(lambda self: len(self.payments) < 4)
    @rule()
    def a_payment_is_asked_about(self) -> None:
        reply = self._ask(len(self.payments))
        self.payments.append(Payment(reply.json()["id"], reply.body))

    @precondition(lambda self: bool(self.payments))
    @rule(which=WHICH, kind=st.sampled_from(KINDS), minute=st.integers(0, 59), times=st.integers(1, 2))
    def something_is_told_of_it(self, which: int, kind: str, minute: int, times: int) -> None:
        payment = self.payments[which % len(self.payments)]
        for _ in range(times):
            body = {"kind": kind, "at": f"2026-11-22T09:{minute:02d}:00+00:00"}
            reply = self.house.client.post(f"/v1/decisions/{payment.id}/events", body)
            assert reply.status == 200, reply.body
            if (kind, minute) not in payment.told:  # the same kind at the same instant is the same event
                payment.told.append((kind, minute))

    @rule()
    def what_counts_is_what_the_model_counts(self) -> None:
        reply = self._ask(9)
        texts = [text for one in reply.json()["findings"] for text in one["because"].values()]
        texts += [one["because"] for one in reply.json()["sca"]["closed"]]
        found = next(text.rpartition(" <= ")[0] or text for text in texts if "100.00 EUR" in text)
        executed = sum(payment.counts for payment in self.payments)
        assert found == f"{PRICE * (executed + 1)} EUR", [payment.told for payment in self.payments]

    # -- sales --

    @precondition(lambda self: len(self.sales) < 4)
    @rule()
    def a_tax_is_calculated(self) -> None:
        payee = {"country": "DE", "registrations": [{"jurisdiction": "DE", "scheme": "oss", "number": "DE136695976"}]}
        reply = self.house.client.post("/v1/tax/calculations", book(to="DE", payee=payee, amount=str(PRICE)))
        assert reply.json()["tax"]["total"] == "1.63", reply.body
        self.sales.append(Sale(reply.json()["id"], self.day))

    @precondition(lambda self: bool(self.sales))
    @rule(which=WHICH)
    def it_is_sold(self, which: int) -> None:
        sale = self.sales[which % len(self.sales)]
        reply = self.house.client.post("/v1/tax/transactions", {"calculation": sale.calculation, "reference": None})
        if sale.transaction:
            assert _told(reply) == (409, "already_committed")
        elif self.day > sale.day + VALID_DAYS:
            assert _told(reply) == (409, "expired")
        else:
            assert reply.status == 200, reply.body
            sale.transaction = reply.json()["id"]

    @precondition(lambda self: any(sale.transaction for sale in self.sales))
    @rule(which=WHICH, cents=st.one_of(st.none(), st.integers(1, 2600)))
    def something_is_given_back(self, which: int, cents: int | None) -> None:
        """`cents`: none for all that is left."""
        sold = [sale for sale in self.sales if sale.transaction]
        sale = sold[which % len(sold)]
        amount = sale.left if cents is None else Decimal(cents) / 100
        body = {"mode": "full"} if cents is None else {"mode": "partial", "amount": str(amount)}
        reply = self.house.client.post(f"/v1/tax/transactions/{sale.transaction}/reversals", body)
        if not 0 < amount <= sale.left:
            assert (reply.status, reply.codes() <= {("/amount", "more_than_charged"), ("/mode", "nothing_left")}) == (
                422,
                True,
            )
            return
        assert (reply.status, reply.json()["given_back"]["gross"]) == (200, f"{amount:.2f}"), reply.body
        sale.left -= amount
        sale.back.append(Decimal(reply.json()["given_back"]["tax"]))

    @rule(days=st.sampled_from([1, 45, 90]))
    def time_passes(self, days: int) -> None:
        self.day += days
        self.house.passes(days=days)

    @rule()
    def the_process_ends_and_another_begins(self) -> None:
        self.house.end()
        self.house.open()

    # -- what must hold --

    @invariant()
    def what_was_answered_stays_and_what_was_told_is_listed(self) -> None:
        for payment in getattr(self, "payments", ()):
            path = f"/v1/decisions/{payment.id}"
            assert self.house.client.get(path).body == payment.answer
            listed = self.house.client.get(f"{path}/events").json()["data"]
            assert [one["kind"] for one in listed] == [kind for kind, _ in payment.told]

    @invariant()
    def no_cent_is_given_back_twice(self) -> None:
        for sale in (one for one in getattr(self, "sales", ()) if one.transaction):
            found = self.house.client.get(f"/v1/tax/transactions/{sale.transaction}").json()
            assert found["remaining"]["gross"] == f"{sale.left:.2f}"
            assert found["remaining"]["tax"] == f"{Decimal(found['charged']['tax']) - sum(sale.back):.2f}"
            assert sale.left or sum(sale.back) == Decimal(found["charged"]["tax"])

    def _ask(self, number: int) -> Reply:
        """All of one instant, after everything that is told: none of them sees itself."""
        body = PAYMENT | {"occurred_at": "2026-11-22T10:00:00+00:00", "reference": f"ord-{number}"}
        body |= {"payer": PAYMENT["payer"] | {"id": "one"}, "payment": dict(PAYMENT["payment"])}
        del body["payment"]["since_authenticated"]
        reply = self.house.client.post("/v1/preflight", body)
        assert reply.status == 200, reply.body
        return reply


def _told(reply: Reply) -> tuple[int, str]:
    """Status and kind of a problem."""
    return reply.status, reply.json()["type"].rpartition(":")[2]


@pytest.mark.slow
def test_any_life_of_payments_and_sales() -> None:
    walk(Lives, 5, 30)
