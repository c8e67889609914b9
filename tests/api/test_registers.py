"""What VIES said of a number, in calculations and decisions: remembered, asked, silent, denied; and replayed as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.service import Service
from engine.ledger import Consultation
from tests.api.client import Client
from tests.api.fake_vies import FakeVies, Says, fails, no, running, yes

CALCULATIONS = "/v1/tax/calculations"
RECHECK = "tax_id.recheck"
NOW = datetime(2026, 11, 22, 9, 15, tzinfo=UTC)


class World:
    """A service whose VIES answers as told, its clock, and a caller."""

    def __init__(self, service: Service, client: Client, fake: FakeVies) -> None:
        self.service, self.client, self.fake, self.now = service, client, fake, NOW
        service.clock = lambda: self.now

    def remember(self, *, valid: bool = True, ago: timedelta = timedelta(hours=1), **more: Any) -> None:
        answer = Consultation("IT00743110157", more.get("own"), valid, self.now - ago, "VIES", more.get("number"))
        self.client.loop.run_until_complete(self.service.ledger.consultations.keep(answer))

    def calculate(self, question: dict[str, Any], **headers: str) -> Any:
        reply = self.client.post(CALCULATIONS, question, headers)
        assert reply.status == 200, reply.body
        return reply.json()

    def line(self, **number: Any) -> dict[str, Any]:
        return self.calculate(translation(**number))["tax"]["lines"][0]

    def replay(self, calculation: str) -> Any:
        return self.client.post(f"{CALCULATIONS}/{calculation}/replay").json()


def translation(**number: Any) -> dict[str, Any]:
    """A translation from Germany for an Italian company, whose number nobody says to have confirmed."""
    return {
        "currency": "EUR",
        "payee": {"country": "DE", "registrations": [{"jurisdiction": "DE", "number": "DE136695976"}]},
        "payer": {
            "country": "IT", "type": "organisation",
            "tax_ids": [{"country": "IT", "value": "00743110157", **number}],
        },
        "lines": [{"id": "1", "kind": "service", "category": "translation", "amount": "100.00", "tax_inclusive": False}],
    }  # fmt: skip


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeVies]:
    with running() as found:
        yield found


@pytest.fixture
def world(
    fake: FakeVies, open_service: Callable[..., Service], make_client: Callable[..., Client]
) -> Callable[..., World]:
    def make(**chosen: Any) -> World:
        fake.will_say(yes())
        patient = {"vies": "on", "vies_url": fake.url, "vies_attempts": 1, "vies_calculation_milliseconds": 10_000}
        service = open_service(**{**patient, **chosen})
        return World(service, make_client(service, domains="tax"), fake)

    return make


def steps(line: dict[str, Any], question: str) -> str:
    return " ".join(step["answer"] for step in line["steps"] if step["question"] == question)


# -- memory -----------------------------------------------------------------------------------------------------------


def test_a_number_that_nobody_confirmed_stays_of_the_right_form_and_nobody_is_asked(
    world: Callable[..., World],
) -> None:
    here = world()
    line = here.line()
    assert (line["treatment"], line["reason"], line["missing"]) == (
        "undecided", "customer.unknown", ["payer.tax_ids.verified"],
    )  # fmt: skip
    assert here.fake.asked == []


def test_a_remembered_answer_is_evidence_named_with_its_instant_and_its_proof(world: Callable[..., World]) -> None:
    """Implementing Regulation 282/2011 Art. 18(1)(a): the number, and the confirmation that was obtained."""
    here = world()
    here.remember(own="DE136695976", number="WAPI7")
    line = here.line()
    assert (line["treatment"], line["country"], line["invoice_note"]) == ("reverse_charge", "IT", "Reverse charge")
    said = "VIES confirmed the customer's tax number of IT on 2026-11-22 at 08:15:00 UTC, consultation number WAPI7"
    assert f"{said} asked for by DE136695976." in steps(line, "customer")
    assert here.fake.asked == []


def test_of_answers_since_the_last_denial_the_one_with_a_consultation_number_is_named(
    world: Callable[..., World],
) -> None:
    here = world()
    here.remember(ago=timedelta(hours=3), number="WAPI1", own="DE136695976")
    here.remember(ago=timedelta(hours=2))
    assert "WAPI1" in steps(here.line(), "customer")
    here.remember(valid=False, ago=timedelta(hours=1))
    here.remember(ago=timedelta(minutes=5))
    line = here.line()
    assert line["treatment"] == "reverse_charge"
    assert "WAPI1" not in steps(line, "customer")


def test_a_remembered_denial_leaves_the_customer_without_a_number(world: Callable[..., World]) -> None:
    """Art. 18(2), first subparagraph: charged as to a person not taxable, where the seller is (Art. 45)."""
    here = world()
    here.remember()
    here.remember(valid=False, ago=timedelta(minutes=30))
    line = here.line()
    assert (line["treatment"], line["country"], line["tax"]) == ("standard", "DE", "19.00")
    assert "VIES denied the number" in steps(line, "customer")


@pytest.mark.parametrize(
    ("hours", "ago", "treatment"),
    [
        (24, timedelta(hours=24), "reverse_charge"),
        (24, timedelta(hours=24, seconds=1), "undecided"),
        (2, timedelta(hours=3), "undecided"),
        (0, timedelta(0), "undecided"),
    ],
)
def test_an_answer_is_evidence_as_long_as_the_operator_says(
    world: Callable[..., World], hours: int, ago: timedelta, treatment: str
) -> None:
    here = world(vies_evidence_hours=hours)
    here.remember(ago=ago)
    assert here.line()["treatment"] == treatment


def test_an_answer_of_long_after_the_sale_says_nothing_of_its_day(world: Callable[..., World]) -> None:
    here = world()
    here.remember(ago=timedelta(minutes=1))
    question = {**translation(), "occurred_at": "2026-11-20T10:00:00+01:00"}
    assert here.calculate(question)["tax"]["verdict"] == "undecided"


@pytest.mark.parametrize("instant", ["0001-01-01T00:00:00+14:00", "0001-01-02T00:00:00Z", "9999-12-31T23:59:59-12:00"])
@pytest.mark.parametrize("path", [CALCULATIONS, "/v1/preflight"])
def test_the_ends_of_the_calendar_are_no_fault_of_the_service(
    world: Callable[..., World], path: str, instant: str
) -> None:
    here = world()
    here.remember()
    assert here.client.post(path, {**_payment(), "occurred_at": instant}).status in (200, 422)


@pytest.mark.parametrize(("verified", "treatment"), [(True, "reverse_charge"), (False, "standard")])
def test_what_the_caller_says_of_a_number_stands(world: Callable[..., World], verified: bool, treatment: str) -> None:
    here = world(vies_in_calculations="ask")
    here.remember(valid=not verified)
    assert here.line(verified=verified)["treatment"] == treatment
    assert here.fake.asked == []


# -- asking -------------------------------------------------------------------------------------------------------------


def test_a_calculation_asks_only_where_the_operator_wants_it_to_and_names_the_seller(
    world: Callable[..., World],
) -> None:
    here = world(vies_in_calculations="ask")
    here.fake.will_say(yes(requestIdentifier="WAPI9"))
    line = here.line()
    assert line["treatment"] == "reverse_charge"
    assert "consultation number WAPI9 asked for by DE136695976" in steps(line, "customer")
    assert [(one["countryCode"], one.get("requesterNumber")) for one in here.fake.asked] == [("IT", "136695976")]
    assert here.line()["treatment"] == "reverse_charge"
    assert len(here.fake.asked) == 1, "the answer is remembered"


def test_a_number_that_is_known_to_be_valid_is_not_asked_for_again(world: Callable[..., World]) -> None:
    here = world(vies_in_calculations="ask")
    here.remember()
    assert here.line()["treatment"] == "reverse_charge"
    assert here.fake.asked == []


def test_a_denial_is_asked_for_again_and_silence_does_not_undo_it(world: Callable[..., World]) -> None:
    here = world(vies_in_calculations="ask", vies_policy="reverse_charge_and_recheck")
    here.remember(valid=False)
    here.fake.will_say(fails("MS_UNAVAILABLE"))
    assert here.line()["treatment"] == "standard"
    here.now += timedelta(minutes=2)
    here.fake.will_say(yes())
    assert here.line()["treatment"] == "reverse_charge"


def test_vies_denies_while_it_is_waited_for(world: Callable[..., World]) -> None:
    here = world(vies_in_calculations="ask")
    here.fake.will_say(no())
    assert here.line()["treatment"] == "standard"


def test_a_calculation_waits_no_longer_than_it_may(world: Callable[..., World]) -> None:
    here = world(vies_in_calculations="ask", vies_calculation_milliseconds=100, vies_policy="charge")
    here.fake.will_say(Says({"valid": True}, after=1))
    line = here.line()
    assert line["treatment"] == "standard"
    assert "VIES gave no answer (timeout)" in steps(line, "customer")


def test_with_vies_off_nobody_is_asked(world: Callable[..., World]) -> None:
    here = world(vies="off", vies_in_calculations="ask", vies_policy="charge")
    assert "VIES was not asked" in steps(here.line(), "customer")


# -- silence --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["memory", "ask"])
@pytest.mark.parametrize(
    ("policy", "treatment", "country"),
    [
        ("undecided", "undecided", None),
        ("charge", "standard", "DE"),
        ("reverse_charge_and_recheck", "reverse_charge", "IT"),
    ],
)
def test_until_vies_confirms_the_declared_policy_holds_and_is_named(
    world: Callable[..., World], mode: str, policy: str, treatment: str, country: str | None
) -> None:
    here = world(vies_in_calculations=mode, vies_policy=policy)
    here.fake.will_say(fails("MS_UNAVAILABLE"))
    found = here.calculate(translation())
    line = found["tax"]["lines"][0]
    assert (line["treatment"], line["country"]) == (treatment, country)
    assert "policy" in steps(line, "customer")
    if policy != "undecided":
        heard = "gave no answer (ms_unavailable)" if mode == "ask" else "was not asked"
        assert f"VIES {heard}. The house's own policy" in steps(line, "customer")
    owed = [one["code"] for one in found.get("obligations", [])]
    assert owed == ([RECHECK] if policy == "reverse_charge_and_recheck" else [])
    if owed:
        assert line["confidence"] == "R", "no register stands behind it"
        assert "Look the customer's number of IT up again" in steps(line, RECHECK)


def test_nothing_is_looked_up_again_where_the_tax_is_charged(world: Callable[..., World]) -> None:
    here = world(vies_policy="reverse_charge_and_recheck")
    question = translation()
    question["payer"] |= {"country": "DE", "tax_ids": [{"country": "DE", "value": "136695976"}]}
    found = here.calculate(question)
    assert found["tax"]["lines"][0]["treatment"] == "standard"
    assert "obligations" not in found


@pytest.mark.parametrize("value", ["00743110158", "DE1"])
def test_a_number_of_a_wrong_form_is_none_whatever_the_policy(world: Callable[..., World], value: str) -> None:
    here = world(vies_in_calculations="ask", vies_policy="reverse_charge_and_recheck")
    line = here.line(value=value)
    assert (line["treatment"], line["country"]) == ("standard", "DE")
    assert here.fake.asked == []


def test_the_policy_says_nothing_of_numbers_that_do_not_stand_in_vies(world: Callable[..., World]) -> None:
    here = world(vies_policy="reverse_charge_and_recheck")
    question = translation()
    question["payer"] |= {"country": "US", "region": "US-OR", "tax_ids": [{"country": "US", "value": "12-3456789"}]}
    assert here.calculate(question)["tax"]["lines"][0]["treatment"] == "undecided"


# -- the same again ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("policy", ["charge", "reverse_charge_and_recheck"])
def test_what_was_heard_is_part_of_the_answer_for_ever(world: Callable[..., World], policy: str) -> None:
    """Replayed after the register said otherwise, the calculation gives the same bytes."""
    here = world(vies_policy=policy)
    silent = here.calculate(translation())
    here.remember(ago=timedelta(0))
    heard = here.calculate(translation())
    here.now += timedelta(minutes=1)
    here.remember(valid=False, ago=timedelta(0))
    for calculation in (silent, heard):
        again = here.replay(calculation["id"])
        assert again["identical"], again["differences"]
        assert again["calculation"] == calculation


def test_a_calculation_without_numbers_keeps_nothing_of_registers(world: Callable[..., World]) -> None:
    here = world()
    question = translation()
    del question["payer"]["tax_ids"]
    found = here.calculate(question)
    stored = here.service.ledger.taxes.calculation(found["id"])
    assert stored is not None
    assert b"registers" not in stored.inputs


def test_the_same_key_gives_the_same_bytes_whatever_vies_says_by_then(world: Callable[..., World]) -> None:
    here = world(vies_policy="charge")
    first = here.calculate(translation(), **{"idempotency-key": "one"})
    here.remember(ago=timedelta(0))
    assert here.calculate(translation(), **{"idempotency-key": "one"}) == first


# -- in decisions -------------------------------------------------------------------------------------------------------------


def _payment() -> dict[str, Any]:
    return {**translation(), "amount": "100.00", "payment": {"instrument": "card"}, "kind": "sale"}


@pytest.mark.parametrize("mode", ["memory", "ask"])
def test_a_decision_hears_the_same_as_a_calculation(world: Callable[..., World], mode: str) -> None:
    here = world(vies_in_calculations=mode)
    if mode == "memory":
        here.remember()
    found = here.client.post("/v1/preflight", _payment()).json()
    assert found["tax"]["lines"][0]["treatment"] == "reverse_charge"
    again = here.client.post(f"/v1/decisions/{found['id']}/replay").json()
    assert again["identical"], again["differences"]
    assert "VIES confirmed" in str(here.client.get(f"/v1/decisions/{found['id']}/explanation").json())


def test_a_decision_names_what_is_to_be_done_later(world: Callable[..., World]) -> None:
    here = world(vies_policy="reverse_charge_and_recheck")
    found = here.client.post("/v1/preflight", _payment()).json()
    assert [(one["code"], one["domain"], one["who"]) for one in found["obligations"]] == [(RECHECK, "tax", "payee")]
    assert found["outcome"] == "allow"


def test_a_decision_on_authentication_alone_looks_nothing_up(
    world: Callable[..., World], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = world(vies_in_calculations="ask")
    monkeypatch.setattr(here.service.ledger.consultations, "since", None)
    for path, body in (
        ("/v1/preflight?domains=sca", _payment()),
        ("/v1/preflight?domains=tax", {**_payment(), "kind": "refund"}),
    ):
        assert here.client.post(path, body).status == 200
    assert here.fake.asked == []
