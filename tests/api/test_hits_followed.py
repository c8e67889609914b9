"""A payment that was held or stopped for a hit is followed up: always an alert, by what was decided; and a clearance lets the
next one through, of owners, wallets and banks as of parties."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
import pytest

from api.case_examples import NOW
from api.cases import CaseDesk
from api.deciding import Asked, facts_in, judge
from api.screening import Screening
from api.service import Service
from engine.casework import CaseFile, Verdict, claimed
from engine.ledger import AlertsWanted, CasesWanted, DecisionEntry, Scope, StoredAlert
from tests.api.client import Client
from tests.api.screenings import Sanctions, listed, screens_with
from tests.api.test_hits import SDN, UNION, company, owner, transfer

WALLET = "0xabcdef0123456789"


@pytest.fixture
def service(open_service: Callable[..., Service]) -> Service:
    made = open_service()
    made.clock = lambda: NOW
    screens_with(made, Sanctions(UNION))
    return made


@pytest.fixture
def people(service: Service, make_client: Callable[..., Client]) -> tuple[Client, Client]:
    """Two persons with keys of their own."""

    def person(name: str) -> Client:
        _, secret = service.ledger.keys.create(frozenset({Scope.REVIEW, Scope.SCREEN}), name)
        return make_client(service, secret=secret)

    return person("ann"), person("ben")


def stored(service: Service, body: dict[str, Any], domains: str = "aml") -> DecisionEntry:
    raw = orjson.dumps(body)
    entry = judge(service, facts_in(raw), Asked("test", raw, "en", domains=domains))
    service.ledger.writer.run(lambda batch: batch.decisions([entry]))
    return entry


def watch(service: Service) -> None:
    """A worker that begins where the last one let go."""
    worker = service.monitor()
    worker.run_once()
    worker.give_back()


def alerts(service: Service) -> list[StoredAlert]:
    return list(service.ledger.alerts.page(AlertsWanted(), limit=200, after=None).data)


def cases(service: Service) -> list[CaseFile]:
    return list(service.ledger.cases.page(CasesWanted(), limit=200, after=None).data)


def other(body: dict[str, Any], name: str = "Quite Another") -> dict[str, Any]:
    return {**body, "payer": {**body["payer"], "name": name}}


def test_a_hit_is_an_alert_though_the_party_says_another_name_before_anybody_looks(service: Service) -> None:
    stopped = stored(service, transfer())
    stored(service, other(transfer()))
    watch(service)
    (alert,) = alerts(service)
    assert alert.alert.evidence == ("EU-FSF:1", stopped.id)
    assert (alert.alert.subject, alert.alert.severity) == ("c-7", "high")
    assert "A payment was stopped." in alert.alert.summary
    assert service.ledger.verify().ok


def test_one_match_is_one_alert_that_names_every_payment_and_is_told_once_of_each(service: Service) -> None:
    first, second = stored(service, transfer()), stored(service, transfer(amount="50.00"))
    watch(service)
    third = stored(service, transfer(amount="60.00"))
    watch(service)
    watch(service)
    (alert,) = alerts(service)
    assert alert.alert.evidence == ("EU-FSF:1", *sorted((first.id, second.id, third.id)))
    assert alert.told == 3
    assert len(cases(service)) == 1


def test_to_begin_at_the_first_row_tells_nothing_twice(service: Service) -> None:
    stored(service, transfer())
    watch(service)
    before = alerts(service)
    service.ledger.monitoring.make_anew("intake", "scenarios")
    watch(service)
    assert alerts(service) == before


def test_an_alert_of_a_hit_keeps_a_screening_of_the_data_that_were_stopped(service: Service) -> None:
    stored(service, transfer())
    watch(service)
    (alert,) = alerts(service)
    assert alert.screening is not None
    kept = service.ledger.screenings.one(alert.screening)
    assert kept is not None
    assert orjson.loads(kept.query)["name"] == "Mona Listed"
    assert orjson.loads(kept.answer)["matches"][0]["entry"]["id"] == "EU-FSF:1"


def test_what_was_seen_is_told_also_where_no_list_is_loaded_any_more(service: Service) -> None:
    stored(service, transfer())
    service.screening = Screening()
    watch(service)
    (alert,) = alerts(service)
    assert alert.screening is None


def test_after_a_case_is_decided_the_next_payment_is_a_case_again(service: Service) -> None:
    stored(service, transfer(payer={"id": "c-7", "name": "Mona Listed", "country": "FR"}))
    watch(service)
    (case,) = cases(service)
    desk = CaseDesk(service.ledger, service.packs, service.rates, NOW)
    taken = claimed(case, "key_ann", NOW, None)
    service.ledger.cases.store(taken, NOW, desk.release)
    decided = desk.decided(taken.case, "key_ann", Verdict.FALSE_POSITIVE, "Somebody else.")
    service.ledger.cases.store(decided, NOW, desk.release)
    again = stored(service, transfer(payer={"id": "c-7", "name": "Mona Listed", "country": "FR"}))
    watch(service)
    assert [one.state for one in cases(service)] == ["decided", "open"]
    (alert,) = alerts(service)
    assert alert.alert.decisions == (again.id,)


def test_a_report_on_a_hit_has_the_details_of_the_payment(service: Service) -> None:
    screens_with(service, Sanctions(listed("OFAC-SDN", "1", "A Ltd", number=f"crypto:{WALLET}")))
    stored(
        service, transfer("US", amount="9000.00", currency="USD", crypto={"originator_wallet": WALLET, "asset": "ETH"})
    )
    watch(service)
    (case,) = cases(service)
    reports = CaseDesk(service.ledger, service.packs, service.rates, NOW).reports(case)
    assert {"BPR", "SAR"} <= {one["code"] for one in reports}


@pytest.mark.parametrize(
    ("place", "entry", "born", "told"),
    [
        ("US", SDN, True, [("BPR", "2026-12-10")]),
        ("US", SDN, False, [("BPR", "2026-12-11")]),
        ("DE", UNION, True, [("TR", "2026-11-26T10:15:01+01:00")]),
        ("DE", SDN, True, []),
        ("NO", UNION, True, []),
    ],
)
def test_whoever_a_person_found_to_be_the_listed_one_is_to_be_reported_as_blocked(
    service: Service, people: tuple[Client, Client], place: str, entry: Any, born: bool, told: list[tuple[str, str]]
) -> None:
    screens_with(service, Sanctions(entry))
    body = transfer(place)
    if not born:
        del body["payer"]["date_of_birth"]
    assert orjson.loads(stored(service, body).answer)["aml"]["reports"] == []
    watch(service)
    (case,) = cases(service)
    service.clock = lambda: NOW + timedelta(days=2)
    ann, _ = people
    assert ann.post(f"/v1/cases/{case.id}/claim", {}).status == 200
    step = ann.post(f"/v1/cases/{case.id}/decision", {"decision": "confirm_match", "reason": "Passport seen."}).json()
    reports = step["history"][-1]["details"].get("reports", [])
    assert [(one["code"], one["due"]) for one in reports] == told
    assert (step["due_at"] is not None) == bool(told)


def confirmed(service: Service, ann: Client, case: CaseFile) -> list[dict[str, Any]]:
    """What is to be reported once a person found the match of a case to be true."""
    assert ann.post(f"/v1/cases/{case.id}/claim", {}).status == 200
    step = ann.post(f"/v1/cases/{case.id}/decision", {"decision": "confirm_match", "reason": "Register seen."}).json()
    reports: list[dict[str, Any]] = step["history"][-1]["details"].get("reports", [])
    return reports


@pytest.mark.parametrize("whose", ["c-7", "c-7/owner:"])
def test_whoever_belongs_to_an_owner_whom_a_person_found_to_be_the_listed_one_is_to_be_reported(
    service: Service, people: tuple[Client, Client], whose: str
) -> None:
    screens_with(service, Sanctions(SDN))
    entry = stored(service, transfer("US", payer=company(owner("50"))))
    assert orjson.loads(entry.answer)["aml"]["reports"] == []
    watch(service)
    case = max((one for one in cases(service) if one.subject.startswith(whose)), key=lambda one: whose == one.subject)
    reports = confirmed(service, people[0], case)
    assert [(one["code"], one["due"], one["rule"]) for one in reports] == [("BPR", "2026-12-10", "screening.ownership")]


def test_one_of_two_owners_who_is_confirmed_is_not_enough_and_the_party_who_is_theirs_is(
    service: Service, people: tuple[Client, Client]
) -> None:
    screens_with(service, Sanctions(SDN, listed("OFAC-SDN", "2", "Paul Listed")))
    two = company(owner("30"), {**owner("25"), "name": "Paul Listed"})
    assert outcome(stored(service, transfer("US", payer=two))) == "block"
    watch(service)
    party, *each = sorted(cases(service), key=lambda one: one.subject)
    assert len(each) == 2
    assert confirmed(service, people[0], each[0]) == []
    assert [one["code"] for one in confirmed(service, people[0], party)] == ["BPR"]


def test_an_owner_of_whom_the_caller_says_so_is_reported_without_any_list(
    service: Service, people: tuple[Client, Client]
) -> None:
    service.screening = Screening()
    stored(service, transfer("US", payer=company({"share": "50", "name": "Jane", "sanctioned": True})))
    watch(service)
    (case,) = cases(service)
    assert [one["code"] for one in confirmed(service, people[0], case)] == ["BPR"]


def test_a_match_that_no_payment_met_tells_no_report(service: Service, people: tuple[Client, Client]) -> None:
    screens_with(service, Sanctions())
    stored(service, transfer())
    watch(service)
    screens_with(service, Sanctions(UNION, SDN))
    watch(service)
    (case,) = cases(service)
    assert CaseDesk(service.ledger, service.packs, service.rates, NOW).blocked(case) == []


@pytest.mark.parametrize(
    ("more", "entry", "subject"),
    [
        ({"crypto": {"originator_wallet": WALLET}}, listed("EU-FSF", "9", "X", number=f"crypto:{WALLET}"), f"wallet:{WALLET}"),
        (
            {"payment": {"instrument": "credit_transfer", "issuer_country": "FR", "account": {"bic": "COBADEFFXXX"}}},
            listed("EU-FSF", "9", "X Bank", number="bic:COBADEFFXXX"),
            "bic:COBADEFFXXX",
        ),
    ],
)  # fmt: skip
def test_wallets_and_banks_are_cases_and_can_be_cleared(
    service: Service, people: tuple[Client, Client], more: dict[str, Any], entry: Any, subject: str
) -> None:
    screens_with(service, Sanctions(entry))
    body = other(transfer(**more))
    assert outcome(stored(service, body)) == "block"
    watch(service)
    assert [(one.subject_kind, one.subject) for one in cases(service)] == [("payer", subject)]
    cleared(service, people)
    assert outcome(stored(service, body)) != "block"
    assert matches(stored(service, body)) == [("clr", "none", "cleared")]


def test_an_owner_can_be_cleared_and_then_owns_nothing_that_matters(
    service: Service, people: tuple[Client, Client]
) -> None:
    body = transfer(payer=company(owner("60"), {"name": "Jo", "share": "40"}))
    assert outcome(stored(service, body)) == "block"
    watch(service)
    subjects = sorted(one.subject for one in cases(service))
    assert subjects[0] == "c-7"
    assert subjects[1].startswith("c-7/owner:")
    cleared(service, people)
    entry = stored(service, body)
    assert matches(entry) == [("clr", "none", "cleared")]
    assert "ownership" not in orjson.loads(entry.answer)["aml"]


def test_who_has_no_id_is_a_case_and_nobody_else_is_cleared_for_it(
    service: Service, people: tuple[Client, Client]
) -> None:
    nameless = {"country": "FR", "national_ids": [{"type": "passport", "value": "714455667", "country": "RU"}]}
    screens_with(service, Sanctions(listed("EU-FSF", "9", "X", number="passport:714455667")))
    body = transfer(payer=nameless)
    assert outcome(stored(service, body)) == "block"
    watch(service)
    (case,) = cases(service)
    assert case.subject.startswith("name:")
    cleared(service, people)
    assert outcome(stored(service, body)) == "block"


def test_a_party_can_be_cleared_whatever_account_it_pays_from(service: Service, people: tuple[Client, Client]) -> None:
    def paying(iban: str) -> dict[str, Any]:
        payer = {"id": "c-7", "name": "Mona Listed", "country": "FR", "account": {"iban": iban}}
        return transfer(payer=payer)

    stored(service, paying("DE89370400440532013000"))
    watch(service)
    cleared(service, people)
    assert matches(stored(service, paying("FR1420041010050500013M02606"))) == [("clr", "none", "cleared")]
    named = {"id": "c-7", "name": "Mona Listed", "country": "FR", "nationality": "RU"}
    assert matches(stored(service, transfer(payer=named))) == [(None, "review", "possible")]


def test_a_match_by_an_account_is_not_over_because_the_monitor_looks_for_people(service: Service) -> None:
    entry = listed("EU-FSF", "9", "X", number="account:DE89370400440532013000")
    screens_with(service, Sanctions(entry))
    payer = {"id": "c-7", "name": "Quite Another", "country": "FR", "account": {"iban": "DE89370400440532013000"}}
    stored(service, transfer(payer=payer))
    watch(service)
    screens_with(service, Sanctions(entry, SDN))
    watch(service)
    assert [one.state for one in cases(service)] == ["open"]


def test_an_owner_of_whom_the_caller_says_so_is_an_alert_of_the_party(service: Service) -> None:
    service.screening = Screening()
    entry = stored(service, transfer("US", payer=company({"share": "50", "name": "Jane", "sanctioned": True})))
    watch(service)
    (alert,) = alerts(service)
    assert (alert.alert.rule, alert.alert.evidence, alert.alert.subject) == ("screening.ownership", (entry.id,), "c-7")
    assert "50 >= 50" in alert.alert.summary


def test_a_payment_that_was_held_for_something_else_is_no_hit(service: Service) -> None:
    stored(service, other(transfer(suspicion=True)))
    stored(service, other(transfer()))
    watch(service)
    assert alerts(service) == []


def test_a_screening_that_is_wholly_cleared_says_so(
    service: Service, people: tuple[Client, Client], make_client: Callable[..., Client]
) -> None:
    body = transfer(payer={"id": "c-7", "name": "Mona Listed", "country": "FR"})
    stored(service, body)
    watch(service)
    cleared(service, people)
    client = make_client(service)
    answer = client.post("/v1/screenings", {"name": "Mona Listed", "country": "FR", "subject": "c-7"}).json()
    assert (answer["verdict"], [one["code"] for one in answer["reasons"]]) == ("clear", ["cleared"])


def outcome(entry: DecisionEntry) -> str:
    return str(orjson.loads(entry.answer)["outcome"])


def matches(entry: DecisionEntry) -> list[tuple[str | None, str, str]]:
    return [
        (match["cleared_by"] and match["cleared_by"][:3], match["effect"], match["because"])
        for party in orjson.loads(entry.answer)["aml"]["screening"]["parties"]
        for match in party["matches"]
    ]


def cleared(service: Service, people: tuple[Client, Client]) -> None:
    """Every match of every alert is cleared, over the interface: proposed by one person, approved by another."""
    ann, ben = people
    for alert in alerts(service):
        if alert.screening is None:
            continue
        body = {
            "screening": alert.screening, "entry": alert.alert.evidence[0], "reason": "Somebody else, by passport.",
            "expires_at": (NOW + timedelta(days=90)).isoformat(),
        }  # fmt: skip
        made = ann.post("/v1/clearances", body)
        assert made.status == 200, made.body
        agreed = ben.post(f"/v1/clearances/{made.json()['id']}/approval", {"reason": "Agreed."})
        assert agreed.status == 200, agreed.body
