"""Three truths: yes, no and unknown. What cannot matter is not asked for; what is unknown names what is missing."""

from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from engine.language.types import Type
from tests.language.asking import Asked, ask, eur, xaf

T, F, U = True, False, None
PAIRS = list(product([T, F, U], repeat=2))
TRIPLES = list(product([T, F, U], repeat=3))
P, Q, R = "payment.own_account", "payment.offline", "payment.trusted_beneficiary"


def given(**known: bool | None) -> dict[str, Any]:
    """p, q and r as facts; unknown ones are not stated."""
    paths = {"p": P, "q": Q, "r": R}
    return {paths[name]: value for name, value in known.items() if value is not None}


AND = {(T, T): T, (T, F): F, (F, T): F, (F, F): F, (T, U): U, (U, T): U, (F, U): F, (U, F): F, (U, U): U}
OR = {(T, T): T, (T, F): T, (F, T): T, (F, F): F, (T, U): T, (U, T): T, (F, U): U, (U, F): U, (U, U): U}


@pytest.mark.parametrize(("p", "q"), AND)
def test_and(p: bool | None, q: bool | None) -> None:
    assert ask(f"{P} and {Q}", given(p=p, q=q)) is AND[p, q]


@pytest.mark.parametrize(("p", "q"), OR)
def test_or(p: bool | None, q: bool | None) -> None:
    assert ask(f"{P} or {Q}", given(p=p, q=q)) is OR[p, q]


@pytest.mark.parametrize(("p", "negated"), [(T, F), (F, T), (U, U)])
def test_not(p: bool | None, negated: bool | None) -> None:
    assert ask(f"not {P}", given(p=p)) is negated
    assert ask(f"not not {P}", given(p=p)) is p


@pytest.mark.parametrize(("p", "q", "r"), TRIPLES)
def test_if(p: bool | None, q: bool | None, r: bool | None) -> None:
    """An unknown test does not matter where both branches agree."""
    expected = (q if p else r) if p is not None else q if q is r else U
    assert ask(f"{Q} if {P} else {R}", given(p=p, q=q, r=r)) is expected


@pytest.mark.parametrize(("p", "q", "r"), TRIPLES)
def test_if_of_numbers(p: bool | None, q: bool | None, r: bool | None) -> None:
    numbers = {True: 1, False: 2, None: None}
    facts = given(p=p) | {
        path: number
        for path, number in (("payment.installments", numbers[q]), ("payment.since_authenticated.count", numbers[r]))
        if number is not None
    }
    one = f"(payment.installments if {P} else payment.since_authenticated.count) == 1"
    expected = (q if p else r) if p is not None else q if q is r else U
    assert ask(one, facts) is (None if expected is None else numbers[expected] == 1)


@pytest.mark.parametrize(("p", "q", "r"), TRIPLES)
def test_coalesce_is_the_first_known(p: bool | None, q: bool | None, r: bool | None) -> None:
    known = [value for value in (p, q, r) if value is not None]
    assert ask(f"coalesce({P}, {Q}, {R})", given(p=p, q=q, r=r)) is (known[0] if known else None)


@pytest.mark.parametrize(("left", "right"), list(product([1, 2, None], repeat=2)))
@pytest.mark.parametrize("sign", ["==", "!=", "<", "<=", ">", ">="])
def test_comparison_of_the_unknown_is_unknown(left: int | None, right: int | None, sign: str) -> None:
    pair = {"payment.installments": left, "payment.since_authenticated.count": right}
    facts = {path: value for path, value in pair.items() if value is not None}
    table = {"==": int.__eq__, "!=": int.__ne__, "<": int.__lt__, "<=": int.__le__, ">": int.__gt__, ">=": int.__ge__}
    expected = None if left is None or right is None else table[sign](left, right)
    assert ask(f"payment.installments {sign} payment.since_authenticated.count", facts) is expected


@pytest.mark.parametrize(("channel", "found"), [("remote", T), ("chip", F), (None, U)])
def test_one_of(channel: str | None, found: bool | None) -> None:
    facts = {"payment.channel": channel} if channel else {}
    assert ask('payment.channel in ["remote", "contactless"]', facts) is found
    assert ask('payment.channel not in ["remote", "contactless"]', facts) is (None if found is None else not found)


@pytest.mark.parametrize(("count", "found"), [(0, T), (5, T), (4, F), (None, U)])
def test_one_of_numbers(count: int | None, found: bool | None) -> None:
    facts = {} if count is None else {"payment.since_authenticated.count": count}
    assert ask("payment.since_authenticated.count in [0, 5]", facts) is found


@pytest.mark.parametrize(
    ("factors", "method", "found"),
    [
        (("possession",), T, T),
        (("possession",), F, F),
        ((), T, F),
        (None, T, U),
        (("possession",), None, U),
        (None, None, U),
    ],
)
def test_contained_in_a_list(factors: tuple[str, ...] | None, method: bool | None, found: bool | None) -> None:
    facts = {} if factors is None else {"payment.authentication.factors": factors}
    words = {True: "possession", False: "inherence"}
    facts |= {"payment.authentication.method": words[method]} if method is not None else {}
    assert ask("payment.authentication.method in payment.authentication.factors", facts) is found


def test_contained_in_a_list_of_the_law() -> None:
    methods = {"params": {"allowed": ("visa", "ideal")}}
    assert ask("payment.method in allowed", {"payment.method": "ideal"}, **methods) is True
    assert ask("payment.method not in allowed", {"payment.method": "ideal"}, **methods) is False
    assert ask("payment.method in allowed", {"payment.method": "pix"}, **methods) is False
    assert ask("payment.method in allowed", {}, **methods) is None
    assert ask("payment.method in allowed", {"payment.method": "pix"}, params={"allowed": ()}) is False


@pytest.mark.parametrize(("band", "found"), [("100", T), ("100.00", T), ("250", F)])
def test_numbers_in_a_list_are_equal_however_written(band: str, found: bool) -> None:
    facts = {"payment.fraud_rate.suspended_bands": (Decimal(band), Decimal("500"))}
    assert ask('decimal("100.0") in payment.fraud_rate.suspended_bands', facts) is found
    assert ask("100 in payment.fraud_rate.suspended_bands", facts) is found


@pytest.mark.parametrize(
    ("signals", "many"),
    [((), 0), (("malware",), 1), (("malware", "malware"), 1), (("malware", "abnormal_location"), 2)],
)
def test_distinct(signals: tuple[str, ...], many: int) -> None:
    assert ask(f"distinct(payment.risk.signals) == {many}", {"payment.risk.signals": signals}) is True


# -- silence ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "silence"),
    [
        ("suspicion", F),
        ("not unusual", T),
        ("payment.mandate.being_set_up", F),
        ("distinct(payment.risk.signals) == 0", T),
        ('"malware" in payment.risk.signals', F),
        ('decimal("100") in payment.fraud_rate.suspended_bands', F),
        ("payment.own_account", U),
    ],
)
def test_a_report_that_nobody_made_is_no_open_question(text: str, silence: bool | None) -> None:
    assert ask(text) is silence


def test_silence_is_not_knowledge() -> None:
    assert ask("is_known(suspicion)") is False
    assert ask("is_known(suspicion)", {"suspicion": False}) is True
    assert ask("coalesce(suspicion, true)") is False, "the silence of a report is an answer"


@pytest.mark.parametrize(
    ("facts", "known"),
    [
        ({}, False),
        ({"payment.channel": "chip"}, False),
        ({"payment.risk.level": "low"}, True),
        ({"payment.risk.signals": ()}, True),
    ],
)
def test_an_object_is_known_when_anything_of_it_is(facts: dict[str, Any], known: bool) -> None:
    assert ask("is_known(payment.risk)", facts) is known


def test_is_known_of_lists_and_open_facts() -> None:
    assert ask("is_known(lines)") is False
    assert ask("is_known(lines)", {"lines": ()}) is True
    assert ask("is_known(facts)", {"facts": {"a": 1}}) is True


# -- lists of objects ------------------------------------------------------------------------------------------------


def lines(*marketplace: bool | None) -> dict[str, Any]:
    """Lines of a basket, of which some say whether a marketplace sells them."""
    return {"lines": tuple({} if said is None else {"marketplace": said} for said in marketplace)}


@pytest.mark.parametrize(
    ("basket", "some", "every", "many"),
    [
        ((), F, T, 0),
        ((T,), T, T, 1),
        ((F,), F, F, 0),
        ((U,), U, U, U),
        ((T, F), T, F, 1),
        ((T, U), T, U, U),
        ((F, U), U, F, U),
        ((T, T, F), T, F, 2),
        ((F, U, T), T, F, U),
    ],
)
def test_any_all_count(
    basket: tuple[bool | None, ...], some: bool | None, every: bool | None, many: int | None
) -> None:
    facts = lines(*basket)
    assert ask("any(x.marketplace for x in lines)", facts) is some
    assert ask("all(x.marketplace for x in lines)", facts) is every
    for number in range(3):
        expected = None if many is None else many == number
        assert ask(f"count(x.marketplace for x in lines) == {number}", facts) is expected


@pytest.mark.parametrize(
    "text", ["any(true for x in lines)", "all(true for x in lines)", "count(true for x in lines) == 0"]
)
def test_a_list_that_nobody_stated(text: str) -> None:
    asked = Asked(text)
    assert asked.value is None
    assert asked.missing == {"lines"}


@pytest.mark.parametrize(("where", "body"), PAIRS)
def test_filtered(where: bool | None, body: bool | None) -> None:
    """`any` reads `where and body`, `all` reads `not where or body`; a count counts only what surely belongs."""
    element = {key: value for key, value in (("tax_inclusive", where), ("marketplace", body)) if value is not None}
    facts = {"lines": (element,)}
    implied = {(T, T): T, (T, F): F, (T, U): U, (F, T): T, (F, F): T, (F, U): T, (U, T): T, (U, F): U, (U, U): U}
    counted = {
        (T, T): 1,
        (T, F): 0,
        (T, U): None,
        (F, T): 0,
        (F, F): 0,
        (F, U): 0,
        (U, T): None,
        (U, F): 0,
        (U, U): None,
    }
    assert ask("any(x.marketplace for x in lines if x.tax_inclusive)", facts) is AND[where, body]
    assert ask("all(x.marketplace for x in lines if x.tax_inclusive)", facts) is implied[where, body]
    number = counted[where, body]
    assert ask("count(x.marketplace for x in lines if x.tax_inclusive) == 1", facts) is (
        None if number is None else number == 1
    )


def test_sum() -> None:
    text = 'sum(x.amount for x in linked if x.direction == "out") + amount <= eur("100")'
    linked = ({"amount": eur("60"), "direction": "out"}, {"amount": eur("900"), "direction": "in"})
    assert ask(text, {"amount": eur("40.00"), "linked": linked}) is True
    assert ask(text, {"amount": eur("40.01"), "linked": linked}) is False
    assert ask(text, {"amount": eur("100"), "linked": ()}) is True
    assert ask(text, {"amount": eur("1"), "linked": (*linked, {"direction": "out"})}) is None
    assert ask(text, {"amount": eur("1"), "linked": (*linked, {"amount": eur("0")})}) is True, "nothing adds nothing"


def test_a_sum_keeps_every_digit() -> None:
    """34 digits, whatever the precision of the thread."""
    parts = tuple({"quantity": Decimal(text)} for text in ("123456789012345678.123456789012", "0.000000000001"))
    total = 'sum(x.quantity for x in lines) == decimal("123456789012345678.123456789013")'
    assert ask(total, {"lines": parts}) is True


# -- what is missing -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "facts", "missing"),
    [
        (f"{P} and {Q}", {}, {P, Q}),
        (f"{P} and {Q}", given(p=T), {Q}),
        (f"{P} or {Q}", given(q=F), {P}),
        (f"({P} or {Q}) and {R}", given(p=T), {R}),
        (f"{Q} if {P} else {R}", given(q=T), {P, R}),
        (f"{Q} if {P} else {R}", given(p=T), {Q}),
        (f"{Q} if {P} else {R}", given(q=T, r=F), {P}),
        (f"coalesce({P}, {Q})", {}, {P, Q}),
        ("amount <= payer.balance", {}, {"amount", "payer.balance"}),
        ("min(payment.installments, 3) < local_hour", {}, {"payment.installments"}),
        ('within(payer.country, "EEA")', {}, {"payer.country"}),
        ('"malware" in payer.identity.documents', {}, {"payer.identity.documents"}),
        ("any(x.marketplace for x in lines)", {"lines": ({},)}, {"lines.marketplace"}),
        (f"any(x.marketplace and {P} for x in lines)", {"lines": ({},)}, {"lines.marketplace", P}),
        ('sum(x.amount for x in linked) < eur("5")', {"linked": ({"amount": xaf("1")},)}, {"rates.XAF.EUR"}),
        (f"any(true for x in lines if {P})", {"lines": ({},)}, {P}),
    ],
)
def test_missing(text: str, facts: dict[str, Any], missing: set[str]) -> None:
    assert Asked(text, facts).missing == missing


def test_unknown_without_anything_missing() -> None:
    """Calendars end and nothing divides by nought: unknown, and no fact would help."""
    assert Asked("ratio(payment.installments, payment.installments) == 1", {"payment.installments": 0}).missing == set()
    assert Asked('date("0001-01-01") - days(1) < payment_date').missing == set()


# -- parameters and lets ---------------------------------------------------------------------------------------------


def test_a_parameter_nobody_has_read_is_unknown_by_name() -> None:
    asked = Asked("amount <= limit", {"amount": eur("1")}, params={"limit": Type("money", unit="EUR")})
    assert asked.value is None
    assert asked.missing == {"law.limit"}


def test_a_parameter_that_settles_a_test_settles_it() -> None:
    asked = Asked(f"{P} if strict else {Q}", given(q=T), params={"strict": False})
    assert asked.value is True
    assert Asked(f"{P} if strict else {Q}", given(q=T), params={"strict": True}).missing == {P}


def test_lets_are_read_as_what_they_stand_for() -> None:
    lets = {"small": 'amount <= eur("30")', "fine": f"small and not {P}"}
    assert ask("fine", {"amount": eur("30")} | given(p=F), lets=lets) is True
    assert ask("fine or local_hour > 99", {"amount": eur("30.01")}, lets=lets) is False
    assert Asked("fine", {"amount": eur("30")}, lets=lets).missing == {P}


def test_the_local_day_and_hour_are_always_known() -> None:
    assert ask("local_hour >= 20 or local_hour < 6", hour=20) is True
    assert ask("local_hour >= 20 or local_hour < 6", hour=6) is False
    assert ask('payment_date == date("2026-11-22")') is True
