"""What is remembered of a sale, what is not, and that nothing of a person is."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pytest

from engine.decide import decide
from engine.facts import Facts
from engine.history import NullHistory
from engine.packs.packset import PackSet
from engine.replay import facts_from
from engine.tax import remembered
from engine.tax.model import Address, Buyer, Sale, SaleLine, Seller, TaxId
from engine.tax.remembered import Memory
from engine.tax.sale import sale_of
from engine.tax.watched import Reads, watched
from tests.property.shipped import NOW, RATES, packs
from tests.property.test_tax_remembered import Counting, Forgetful, remembering, told, written
from tests.tax.small_law import body, facts_told, line

REGISTERED = {"country": "DE", "registrations": [{"jurisdiction": "DE"}, {"jurisdiction": "DE", "scheme": "oss"}]}
TO_FRANCE = {"ship_from": {"country": "DE"}, "ship_to": {"country": "FR"}, "tax_inclusive": True}


def sale(amount: str = "24.90", name: str = "1", **stated: Any) -> Facts:
    """A parcel from a German shop in the one-stop shop to a French consumer."""
    return facts_told(line(name, amount=amount, **TO_FRANCE), **{"payee": REGISTERED, **stated})


def known(memory: Counting, facts: Facts) -> bool:
    """Whether the sale was remembered; the answer is the right one in any case."""
    before = memory.hits
    assert written(told(facts, memory)) == written(told(facts, Forgetful()))
    return memory.hits > before


# -- what is remembered -------------------------------------------------------------------------------------------------


def test_the_third_sale_of_a_kind_is_remembered() -> None:
    memory = Counting()
    assert [known(memory, sale(f"{at}.50", f"line-{at}")) for at in range(1, 5)] == [False, False, True, True]


def test_every_line_has_its_own_amounts_and_every_finding_its_own_lines() -> None:
    memory = Counting()
    for at in range(3):
        lines = [line(f"{at}-{n}", amount=f"{at + n}.99", category=("books", "standard", "books")[n], **TO_FRANCE)
                 for n in range(3)]  # fmt: skip
        facts = facts_told(*lines, payee=REGISTERED)
        assert known(memory, facts) is (at == 2)
    found = told(facts, memory).body
    assert [one["id"] for one in found["tax"]["lines"]] == ["2-0", "2-1", "2-2"]
    assert [
        one["because"]["lines"] for one in found["findings"] if one["effect"] != "note" and one["domain"] == "tax"
    ] == ["2-0, 2-2", "2-1"]
    assert found["tax"]["total"] == str(sum(Decimal(one["tax"]) for one in found["tax"]["lines"]))


def test_shipping_follows_goods_of_one_rate_from_memory() -> None:
    memory = Counting()
    for at in range(3):
        goods, shipping = (
            line(amount=f"{at + 1}5.00", **TO_FRANCE),
            line("s", category="shipping", amount="4.9", **TO_FRANCE),
        )
        assert known(memory, facts_told(goods, shipping, payee=REGISTERED)) is (at == 2)


def test_undecided_sales_are_remembered_as_such() -> None:
    memory = Counting()
    for at in range(3):
        facts = facts_told(line(amount=f"{at}.00", kind=None))
        assert known(memory, facts) is (at == 2)
    assert told(facts, memory).body["tax"]["total"] is None


def test_another_day_of_the_law_is_another_kind() -> None:
    """Paris changes its date an hour before London: a memory of the one day says nothing of the other."""
    memory = Counting()
    late = [sale(f"{at}.00", occurred_at=f"2026-11-22T22:59:0{at}+00:00") for at in range(3)]
    early = [sale(f"{at}.00", occurred_at=f"2026-11-22T23:00:0{at}+00:00") for at in range(3)]
    assert [known(memory, one) for one in late] == [False, False, True]
    assert [known(memory, one) for one in early] == [False, True, True]
    assert told(late[0], memory).body["tax"]["date"] == "2026-11-22"
    assert told(early[0], memory).body["tax"]["date"] == "2026-11-23"


def test_evidence_that_nobody_asked_for_makes_no_difference() -> None:
    memory = Counting()
    banks = ["DE", "FR", "IT"]
    found = [known(memory, sale(payment={"instrument": "card", "issuer_country": bank})) for bank in banks]
    assert found == [False, False, True]


def test_evidence_that_was_asked_for_makes_a_difference() -> None:
    memory = Counting()

    def song(place: str) -> Facts:
        payer = {"evidence": {"billing_country": place, "ip_country": place}}
        return facts_told(line(kind="digital", amount="1.00", tax_inclusive=True, ship_from=None, ship_to=None),
                          payer=payer, payee=REGISTERED)  # fmt: skip

    assert [known(memory, song(place)) for place in ("FR", "FR", "FR", "IT", "IT")] == [False, False, True, False, True]


def test_postcodes_are_told_apart_as_far_as_the_law_tells_them_apart() -> None:
    """97150 is Saint-Martin, where the Union's tax does not reach; Paris and Lyon are as one."""
    memory = Counting()

    def to(postcode: str) -> Facts:
        return facts_told(line(amount="9.00", **{**TO_FRANCE, "ship_to": {"country": "FR", "postal_code": postcode}}),
                          payee=REGISTERED)  # fmt: skip

    assert [known(memory, to(code)) for code in ("75001", "69001", "13001", "97150")] == [False, False, True, False]


@pytest.mark.parametrize("amounts", [("9.00", "9.00", "9.00", "9500.00")])
def test_a_sale_that_a_threshold_decides_is_never_remembered(amounts: tuple[str, ...]) -> None:
    """Below EUR 10,000 of distance sales a small German seller charges German tax, above it the customer's (Art. 59c)."""
    payee = {"country": "DE", "registrations": [{"jurisdiction": "DE"}],
             "facts": {"eu_distance_sales_this_year": "600", "eu_distance_sales_last_year": "0"}}  # fmt: skip
    memory = Counting()
    assert not any(known(memory, sale(amount, payee=payee)) for amount in amounts)


def test_a_stored_merchant_counts_as_it_stands_that_day() -> None:
    memory = Counting()
    profile = {"version": 1, "country": "DE", "registrations": REGISTERED["registrations"]}
    small = {
        **profile,
        "version": 2,
        "registrations": [{"jurisdiction": "FR", "scheme": "oss"}, *REGISTERED["registrations"]],
    }
    facts = sale(payee={"merchant": "m-1"})
    for stored in (profile, profile, profile, small, small, small, profile):
        with_memory = told(facts, memory, profiles=lambda _merchant, stored=stored: stored)
        without = told(facts, Forgetful(), profiles=lambda _merchant, stored=stored: stored)
        assert written(with_memory) == written(without)
    assert memory.hits == 3


def test_an_open_fact_that_is_true_is_not_one_that_is_1() -> None:
    memory = Counting()
    for stated in (True, True, True, 1, "1", True):
        known(memory, sale(facts={"x": stated}))
    assert memory.hits == 2


# -- what is kept -------------------------------------------------------------------------------------------------------


def test_nothing_of_a_person_and_no_amount_is_kept() -> None:
    memory = Memory()
    payer = {"id": "c-secret", "name": "Secret", "type": "individual", "country": "FR", "postal_code": "75SECRET",
             "email": "secret@example.org", "tax_ids": [{"country": "FR", "value": "FRSECRET"}]}  # fmt: skip
    for _ in range(3):
        told(sale("1234.56", "secret-line", payer=payer, reference="secret-ref"), memory)
    (forms,) = memory._forms.items()
    kept = repr(list(_texts(forms)))
    assert "secret" not in kept.lower()
    assert "1234" not in kept
    assert "205.76" not in kept


def _texts(value: Any) -> Iterator[str]:
    """Every text, number and name that hangs on a value."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts(key)
            yield from _texts(item)
    elif isinstance(value, tuple | list | set | frozenset):
        for item in value:
            yield from _texts(item)
    elif hasattr(type(value), "__slots__") and type(value).__module__.startswith("engine.tax"):
        for name in type(value).__slots__:
            yield from _texts(getattr(value, name, None))
    else:
        yield str(value)


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "_KEPT", 20)
    monkeypatch.setattr(remembered, "_SEEN", 20)
    memory = Counting()
    for at in range(60):
        for _ in range(2):
            told(sale(facts={"x": at}), memory)
    assert sum(len(form.lines) for forms in memory._forms.values() for form in forms) <= 21
    assert len(memory._seen) <= 20
    assert known(memory, sale(facts={"x": 59}))


def test_what_comes_once_is_not_kept() -> None:
    memory = Memory()
    told(sale(), memory)
    assert not memory._forms


def test_threads_get_the_right_answers() -> None:
    memory = Memory()
    wanted = {}
    for at in range(200):
        facts = sale(f"{at}.99", f"l-{at}", payee=REGISTERED if at % 2 else {"country": "DE"})
        wanted[at] = facts, written(told(facts, Forgetful()))
    law: PackSet = packs()

    def ask(at: int) -> bytes:
        found = decide(wanted[at][0], law, NullHistory(), rates=RATES, decision_id="dec_1", now=NOW, locale="en",
                       domains=("sca", "tax"))  # fmt: skip
        return written(found)

    with remembering(law, memory), ThreadPoolExecutor(8) as pool:
        found = list(pool.map(ask, wanted))
    assert found == [answer for _, answer in wanted.values()]


# -- what keeps it right ----------------------------------------------------------------------------------------------


class _Spied(dict[str, Any]):
    """Facts that note which of them are asked for."""

    def __init__(self, stated: Mapping[str, Any], asked: set[str], under: str = ""):
        super().__init__(stated)
        self._asked, self._under = asked, under

    def get(self, key: str, default: Any = None) -> Any:
        self._asked.add(f"{self._under}{key}")
        return super().get(key, default)

    def __getitem__(self, key: str) -> Any:
        self._asked.add(f"{self._under}{key}")
        return super().__getitem__(key)


def test_whatever_the_sale_is_made_of_is_looked_at_for_its_kind() -> None:
    """A fact that `sale_of` came to read, and the memory did not, would give one sale the answer of another."""
    asked: set[str] = set()
    stated = _Spied(sale(payer={"tax_ids": [{"value": "1"}]}), asked)
    stated["lines"] = tuple(_Spied(one, asked, "lines.") for one in stated["lines"])
    stated["payer.tax_ids"] = tuple(_Spied(one, asked, "tax_ids.") for one in stated["payer.tax_ids"])
    sale_of(stated, NOW)
    ends = {
        path
        for pair in (*remembered._PARTIES, *(tuple(f"lines.{p}" for p in e) for e in remembered._ENDS))
        for path in pair
    }
    keyed = {*remembered._FACTS, *remembered._OPEN, *(f"lines.{name}" for name in remembered._LINE), *ends}
    beside = {
        "kind", "occurred_at",  # asked before: no sale, the day
        "lines", "lines.facts", "payee.registrations", "payee.merchant", "payer.tax_ids",  # each in a form of its own
        "tax_ids.country", "tax_ids.value", "tax_ids.verified",
        "lines.id", "lines.quantity", "lines.consignment_value",  # watched
        "amount", "lines.amount", "lines.unit_amount", "lines.discount",  # prices
        "payment.issuer_country", "payment.account.iban",  # evidence
        *(f"payer.evidence.{kind}_country" for kind in ("billing", "ip", "bank", "sim", "other")),
    }  # fmt: skip
    assert asked - keyed - beside == set()


def test_reading_what_varies_is_noted() -> None:
    reads = Reads()
    number = TaxId("FR", "1", "valid")
    one = SaleLine("1", "goods", None, Decimal(1), None, consignment_value=None, quantity=Decimal(2))
    seen = watched(Sale(NOW, "EUR", (one,), Seller(Address("FR")), Buyer(Address("FR"), tax_ids=(number,))), reads)
    (first,) = seen.lines
    assert (first.kind, first.consignment_value, seen.buyer.tax_ids[0].state) == ("goods", None, "valid")
    assert first.of_category("books").category == "books"
    assert reads.names == set()
    assert first.quantity == 2
    assert seen.buyer.tax_ids[0].value == "1"
    assert reads.names == {"quantity", "value"}
    assert first.of_category("books").amount == 1
    assert "amount" in reads.names
    later = Reads()
    (first,) = watched(Sale(NOW, "EUR", (one,), Seller(Address("FR")), Buyer(Address("FR"))), later).lines
    later.close()
    assert (first.id, first.amount) == ("1", 1)
    assert later.names == set()


TAX = Path(remembered.__file__).parent


def test_the_instant_of_a_sale_is_only_asked_for_its_local_days() -> None:
    """Whatever else was read off it would differ between sales that are remembered as one."""
    for path in sorted(TAX.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        within = {
            id(argument) for node in ast.walk(tree)
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "local_day" for argument in node.args
        }  # fmt: skip
        loose = [node.lineno for node in ast.walk(tree)
                 if isinstance(node, ast.Attribute) and node.attr == "occurred_at" and id(node) not in within]  # fmt: skip
        # Of a sale without a place, by the day of its own offset; and where the ledger is asked, when nothing is remembered.
        allowed = 1 if path.name in ("assess.py", "asked.py") else 0
        assert len(loose) <= allowed, f"{path.name}: {loose}"


def test_postcodes_are_only_asked_where_territories_are_told_apart() -> None:
    asking = {path.name for path in TAX.glob("*.py") if ".postal_code\"" not in path.read_text(encoding="utf-8")
              and any(isinstance(node, ast.Attribute) and node.attr == "postal_code"
                      for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))}  # fmt: skip
    assert asking <= {"territories.py", "eu_places.py"}, "eu_places hands it on to territories"


def test_the_day_of_a_later_law_is_a_kind_of_its_own() -> None:
    memory = Counting()
    day = NOW.date() - timedelta(days=3650)
    for at in range(3):
        told(sale(f"{at}.00"), memory)
        assert written(told(sale(f"{at}.00"), memory, legal_day=day)) == written(
            told(sale(f"{at}.00"), Forgetful(), legal_day=day)
        )
    assert memory.hits == 2


def test_the_body_that_taught_and_the_body_that_was_filled_are_alike() -> None:
    memory = Counting()
    request = orjson.dumps(body(line(amount="10.00", **TO_FRANCE), payee=REGISTERED))
    answers = [written(told(facts_from(request), memory)) for _ in range(3)]
    assert len(set(answers)) == 1
    assert memory.hits == 1
