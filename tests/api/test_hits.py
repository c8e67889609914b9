"""What a hit does to a payment: by whose list it is, by what it orders, by whose law is asked, and by who owns whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from api.case_examples import NOW
from api.deciding import Asked, facts_in, judge
from api.screening import Screening
from api.service import Service
from engine.decision import DecisionBody
from engine.regimes.aml_hits import HitLaw, judged, outcome_of
from engine.replay import replay
from engine.screening.model import Listed
from tests.api.screenings import Sanctions, listed, screens_with

BORN = "1961-05-03"
SDN = listed("OFAC-SDN", "1", "Mona Listed")
UNION = listed("EU-FSF", "1", "Mona Listed")


@pytest.fixture(scope="module")
def opened(open_service: Callable[..., Service]) -> Service:
    made = open_service()
    made.clock = lambda: NOW
    return made


@pytest.fixture
def service(opened: Service) -> Service:
    opened.screening = Screening()
    return opened


def transfer(place: str = "DE", **more: Any) -> dict[str, Any]:
    """A bank of a place is asked about a transfer from somebody who is listed, with day of birth."""
    body: dict[str, Any] = {
        "kind": "transfer", "amount": "40.00", "currency": "EUR", "occurred_at": NOW.isoformat(),
        "payment": {"instrument": "credit_transfer", "method": "sepa_credit_transfer", "issuer_country": "FR"},
        "obliged_entity": {"country": place, "role": "bank"},
        "payer": {"id": "c-7", "name": "Mona Listed", "country": "FR", "date_of_birth": BORN},
        "payee": {"id": "p-1", "name": "Shop", "country": "DE"},
    }  # fmt: skip
    return {**body, **more}


def decided(service: Service, body: dict[str, Any], *entries: Listed) -> dict[str, Any]:
    """The answer; its replay says the same."""
    if entries:
        screens_with(service, Sanctions(*entries))
    raw = orjson.dumps(body)
    entry = judge(service, facts_in(raw), Asked("test", raw, "en", domains="aml"))
    answer: dict[str, Any] = orjson.loads(entry.answer)
    DecisionBody.model_validate(answer)
    assert orjson.dumps(replay(entry.facts, orjson.loads(entry.inputs), service.packs).body) == entry.answer
    return answer


def effects(answer: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [
        (party["role"], match["effect"], match["because"])
        for party in answer["aml"]["screening"]["parties"]
        for match in party["matches"]
    ]


@pytest.mark.parametrize(
    ("place", "entry", "effect", "because"),
    [
        ("US", SDN, "block", "law"),
        ("PR", SDN, "block", "law"),
        ("DE", SDN, "review", "foreign_list"),
        ("DE", UNION, "block", "law"),
        ("NO", UNION, "block", "law"),
        ("US", UNION, "review", "foreign_list"),
        ("GB", listed("UK-SL", "1", "Mona Listed"), "block", "law"),
        ("GB", listed("UK-OFSI", "1", "Mona Listed"), "review", "foreign_list"),
        ("SG", listed("UN-SC", "1", "Mona Listed"), "block", "law"),
        ("SG", listed("OS-us_ofac_sdn", "1", "Mona Listed"), "review", "foreign_list"),
    ],
)
def test_a_list_blocks_where_it_is_law_and_is_for_a_person_elsewhere(
    service: Service, place: str, entry: Listed, effect: str, because: str
) -> None:
    answer = decided(service, transfer(place), entry)
    assert effects(answer) == [("payer", effect, because)]
    assert (answer["outcome"], answer["aml"]["verdict"]) == (effect, effect)
    assert f"screening_{'hit' if effect == 'block' else 'review'}" in {one["code"] for one in answer["obligations"]}
    (finding,) = [one for one in answer["findings"] if one["rule"] == f"screening.{entry.list}"]
    assert (finding["effect"], finding["law"]["basis"]) == (effect, "statute" if effect == "block" else "house")


@pytest.mark.parametrize(
    ("code", "measures"),
    [
        ("OFAC-NONSDN", ("sectoral",)),
        ("OFAC-NONSDN", ("investment_ban",)),
        ("OFAC-NONSDN", ("other:menu-based sanctions",)),
        ("US-CSL", ("export_control",)),
    ],
)
def test_what_freezes_nothing_blocks_nothing_also_where_it_is_law(
    service: Service, code: str, measures: tuple[str, ...]
) -> None:
    answer = decided(service, transfer("US"), listed(code, "1", "Mona Listed", measures=measures))
    assert effects(answer) == [("payer", "review", "no_freeze")]
    assert answer["outcome"] == "review"


def test_an_entry_that_does_not_say_what_it_orders_is_taken_to_freeze(service: Service) -> None:
    assert effects(decided(service, transfer(), listed("EU-FSF", "1", "Mona Listed", measures=()))) == [
        ("payer", "block", "law")
    ]


def test_a_travel_ban_beside_a_freeze_is_a_freeze(service: Service) -> None:
    entry = listed("UK-SL", "1", "Mona Listed", measures=("travel_ban", "asset_freeze"))
    assert decided(service, transfer("GB"), entry)["outcome"] == "block"


@pytest.mark.parametrize(
    ("place", "programmes", "currency", "expected"),
    [
        ("DE", ("CUBA",), "EUR", ("review", "not_obeyed")),
        ("DE", ("CUBA",), "USD", ("review", "not_obeyed")),
        ("DE", ("CUBA", "SDGT"), "USD", ("block", "currency")),
        ("DE", ("SDGT",), "USD", ("block", "currency")),
        ("SG", ("CUBA",), "USD", ("block", "currency")),
        ("US", ("CUBA",), "EUR", ("block", "law")),
    ],
)
def test_cuba_alone_is_nothing_that_a_bank_of_the_union_may_obey(
    service: Service, place: str, programmes: tuple[str, ...], currency: str, expected: tuple[str, str]
) -> None:
    body = transfer(place, currency=currency, payee={"id": "p-1", "name": "Shop", "country": "DE"})
    entry = listed("OFAC-SDN", "1", "Mona Listed", programmes=programmes)
    assert effects(decided(service, body, entry)) == [("payer", *expected)]


def test_a_name_alone_holds_and_never_blocks(service: Service) -> None:
    body = transfer(payer={"id": "c-7", "name": "Mona Listed", "country": "FR"})
    assert effects(decided(service, body, UNION)) == [("payer", "review", "possible")]


def test_where_nobody_knows_whose_law_it_is_every_list_may_be_law(service: Service) -> None:
    body = transfer()
    del body["obliged_entity"], body["payee"]["country"]
    answer = decided(service, body, SDN)
    assert effects(answer) == [("payer", "block", "place_unknown")]
    assert answer["outcome"] == "block"


def test_a_hit_that_no_match_accounts_for_blocks(service: Service) -> None:
    screens_with(service, Sanctions(codes=("EU-FSF",)))
    found = service.lookout.screened  # type: ignore[union-attr]
    raw = orjson.dumps(transfer())
    facts = facts_in(raw)
    told = {**found(facts, NOW), "verdict": "hit"}  # type: ignore[dict-item]
    assert outcome_of(judged(told, HitLaw(None), "EUR")) == "block"


# -- what must be reported of it -----------------------------------------------------------------------------------------


def numbered(code: str) -> Listed:
    return listed(code, "1", "Somebody Else", number="lei:529900T8BM49AURSDO55")


def by_number(place: str, **more: Any) -> dict[str, Any]:
    return transfer(place, payer={"id": "c-7", "name": "A Ltd", "country": "FR", "lei": "529900T8BM49AURSDO55"}, **more)


@pytest.mark.parametrize(
    ("place", "code", "expected"),
    [
        ("US", "OFAC-SDN", [("BPR", "OFAC", "2026-12-10", "10 business days")]),
        ("DE", "EU-FSF", [("TR", "competent authority of the Member State", "2026-11-26T10:15:01+01:00", "immediately")]),
        ("GB", "UK-SL", [("TR", "OFSI", None, "as soon as practicable")]),
        (
            "CA", "UN-SC",
            [
                ("TR", "RCMP and CSIS", "2026-11-26T04:15:01-05:00", "immediately"),
                ("LPEPR", "FINTRAC", "2026-11-26T04:15:01-05:00", "immediately"),
            ],
        ),
        ("SG", "UN-SC", []),
    ],
)  # fmt: skip
def test_whom_a_number_names_is_reported_as_the_law_of_the_place_says(
    service: Service, place: str, code: str, expected: list[tuple[Any, ...]]
) -> None:
    answer = decided(service, by_number(place), numbered(code))
    reports = [one for one in answer["aml"]["reports"] if one["rule"] == f"screening.{code}"]
    assert [(one["code"], one["authority"], one["due"], one["within"]) for one in reports] == expected
    duties = {(one["code"], one["due"]) for one in answer["obligations"]}
    assert {(f"report_{code.lower()}", due or within) for code, _, due, within in expected} <= duties


def test_a_birth_date_is_no_number_and_a_person_finds_out_first(service: Service) -> None:
    assert decided(service, transfer("US"), SDN)["aml"]["reports"] == []


def test_what_is_not_blocked_is_not_reported(service: Service) -> None:
    assert decided(service, by_number("DE"), numbered("OFAC-SDN"))["aml"]["reports"] == []


def test_a_shop_reports_where_everybody_must(service: Service) -> None:
    body = by_number("CA")
    body["obliged_entity"] = {"country": "CA"}
    reports = decided(service, body, numbered("UN-SC"))["aml"]["reports"]
    assert [one["authority"] for one in reports] == ["RCMP and CSIS"]


# -- who owns whom -------------------------------------------------------------------------------------------------------


def company(*owners: dict[str, Any]) -> dict[str, Any]:
    return {"id": "c-7", "type": "organisation", "name": "A Ltd", "country": "FR", "owners": list(owners)}


def owner(share: str | None, **more: Any) -> dict[str, Any]:
    told = {"name": "Mona Listed", "date_of_birth": BORN, **more}
    return told if share is None else {"share": share, **told}


PAUL = {"name": "Paul Listed", "date_of_birth": BORN}
FREE = {"name": "Quite Free", "share": "40"}


@pytest.mark.parametrize(
    ("place", "code", "owners", "effect", "total"),
    [
        ("US", "OFAC-SDN", [owner("50")], "block", "50 >= 50"),
        ("US", "OFAC-SDN", [owner("49.9999"), FREE], "review", "49.9999 < 50"),
        ("US", "OFAC-SDN", [owner("30"), {**PAUL, "share": "25"}], "block", "30 + 25 = 55 >= 50"),
        ("US", "OFAC-SDN", [owner("10", controls=True), FREE], "review", "10 < 50"),
        ("DE", "EU-FSF", [owner("50")], "block", "50 >= 50"),
        ("DE", "EU-FSF", [owner("10", controls=True)], "block", "10 < 50"),
        ("GB", "UK-SL", [owner("50")], "review", "50 <= 50"),
        ("GB", "UK-SL", [owner("50.01")], "block", "50.01 > 50"),
        ("GB", "UK-SL", [owner("30"), {**PAUL, "share": "30"}], "review", "max(30, 30) = 30 <= 50"),
        ("DE", "OFAC-SDN", [owner("100")], "review", "100 >= 50"),
        ("SG", "UN-SC", [owner("100")], "review", "100 >= 50"),
        ("US", "OFAC-SDN", [owner(None)], "review", "? >= 50?"),
        ("US", "OFAC-SDN", [owner(None), {"name": "Quite Free", "share": "80"}], "review", "? >= 50?"),
    ],
)
def test_who_is_owned_by_whoever_is_listed_counts_as_listed(
    service: Service, place: str, code: str, owners: list[dict[str, Any]], effect: str, total: str
) -> None:
    entries = (listed(code, "1", "Mona Listed"), listed(code, "2", "Paul Listed"))
    answer = decided(service, transfer(place, payer=company(*owners)), *entries)
    (owned,) = answer["aml"]["ownership"]
    assert (owned["role"], owned["effect"], owned["sum"]) == ("payer", effect, total)
    assert {one["listed_by"][0] for one in owned["by"]} == {code}
    assert (answer["outcome"], answer["aml"]["verdict"]) == (effect, effect)
    (finding,) = [one for one in answer["findings"] if one["rule"] == "screening.ownership"]
    assert total in finding["because"]["payer"]
    assert finding["law"]["instrument"]


def test_an_owner_who_is_listed_and_owns_little_is_looked_at(service: Service) -> None:
    answer = decided(service, transfer("US", payer=company(owner("5"))), SDN)
    assert effects(answer) == [("payer_owner", "review", "owner")]
    assert answer["aml"]["ownership"][0]["reasons"] == ["below"]
    assert answer["outcome"] == "review"


def test_what_the_caller_knows_counts_without_any_list(service: Service) -> None:
    owners: list[dict[str, Any]] = [{"share": "50", "name": "Jane", "sanctioned": True}, {"share": "50", "name": "Jo"}]
    answer = decided(service, transfer("US", payee=company(*owners)))
    (owned,) = answer["aml"]["ownership"]
    assert (owned["role"], owned["regime"], owned["effect"]) == ("payee", "us", "block")
    assert owned["by"] == [{"pointer": "/payee/owners/0", "share": "50", "listed_by": ["stated"]}]
    assert (answer["outcome"], answer["aml"]["screening"]["performed"]) == ("block", False)


def stated(share: str) -> dict[str, Any]:
    """An owner whom the caller knows to be listed."""
    return {"share": share, "name": "Jane", "sanctioned": True}


@pytest.mark.parametrize(
    ("place", "owners", "told"),
    [
        ("US", [stated("50")], [("BPR", "2026-12-10")]),
        ("DE", [stated("50")], [("TR", "2026-11-26T10:15:01+01:00")]),
        ("DE", [{**stated("10"), "controls": True}], [("TR", "2026-11-26T10:15:01+01:00")]),
        ("US", [stated("30"), stated("25")], [("BPR", "2026-12-10")]),
        ("US", [stated("30"), owner("25")], []),
        ("US", [owner("50")], []),
        ("US", [stated("49")], []),
        ("US", [{**stated("10"), "controls": True}], []),
        ("SG", [stated("100")], []),
    ],
)
def test_what_listed_owners_own_is_reported_as_blocked_where_they_surely_are_the_ones_listed(
    service: Service, place: str, owners: list[dict[str, Any]], told: list[tuple[str, str]]
) -> None:
    """31 CFR 501.603; Regulation (EU) 269/2014, Art. 8: what belongs to whom a blocked person owns is blocked property. By name
    and day of birth a person finds out first."""
    answer = decided(service, transfer(place, payer=company(*owners)), SDN)
    assert [(one["code"], one["due"]) for one in answer["aml"]["reports"]] == told
    assert {one["rule"] for one in answer["aml"]["reports"]} <= {"screening.ownership"}
    duties = [one["due"] for one in answer["obligations"] if one["code"].startswith("report_")]
    assert duties == [due for _, due in told]


@pytest.mark.parametrize(("role", "told"), [("bank", ["as soon as practicable"]), ("merchant", [])])
def test_in_the_united_kingdom_whoever_is_obliged_reports_what_a_listed_owner_owns(
    service: Service, role: str, told: list[str]
) -> None:
    body = transfer("GB", payer=company(stated("51")), obliged_entity={"country": "GB", "role": role})
    answer = decided(service, body)
    assert (answer["outcome"], [one["within"] for one in answer["aml"]["reports"]]) == ("block", told)


def test_a_payment_that_is_stopped_for_a_party_and_for_its_owner_is_reported_once(service: Service) -> None:
    entry = listed("OFAC-SDN", "1", "A Ltd", number="passport:714455667")
    payer = {**company(stated("50")), "national_ids": [{"type": "passport", "value": "714455667", "country": "RU"}]}
    answer = decided(service, transfer("US", payer=payer), entry)
    assert [one["effect"] for one in answer["aml"]["ownership"]] == ["block"]
    assert [one["rule"] for one in answer["aml"]["reports"]] == ["screening.OFAC-SDN"]


def test_an_owner_whose_shares_are_traded_is_on_no_list_of_sanctions(service: Service) -> None:
    """`listed` is a company whose shares anybody may buy."""
    answer = decided(service, transfer("US", payee=company({"share": "100", "name": "Big plc", "listed": True})))
    assert "ownership" not in answer["aml"]
    assert answer["outcome"] != "block"


def test_a_name_alone_of_an_owner_of_everything_holds(service: Service) -> None:
    answer = decided(service, transfer("US", payer=company({"name": "Mona Listed", "share": "100"})), SDN)
    assert (answer["aml"]["ownership"][0]["effect"], answer["outcome"]) == ("review", "review")


def test_regimes_are_asked_each_by_its_own_lists(service: Service) -> None:
    """Half is enough for one and not for the other."""
    entries = (UNION, listed("UK-SL", "1", "Mona Listed"))
    answer = decided(service, transfer("DE", payer=company(owner("50"))), *entries)
    assert [(one["regime"], one["effect"]) for one in answer["aml"]["ownership"]] == [("eu", "block"), ("uk", "review")]


# -- who must be named ---------------------------------------------------------------------------------------------------


def unnamed(**more: Any) -> dict[str, Any]:
    return transfer(payer={"id": "c-7", "country": "FR"}, payee={"id": "p-1", "name": "Shop", "country": "DE"}, **more)


def wanted(answer: dict[str, Any]) -> list[str]:
    return [one["field"] for one in answer["missing"] if "screening.unnamed" in one["asked_by"]]


def test_where_lists_are_wanted_whoever_has_no_name_is_asked_for_it(service: Service) -> None:
    screens_with(service, Sanctions(codes=("EU-FSF",)), "EU-FSF")
    answer = decided(service, unnamed())
    assert (answer["aml"]["screening"]["verdict"], answer["aml"]["verdict"], answer["outcome"]) == (
        "incomplete", "undecided", "review",
    )  # fmt: skip
    assert "payer.name" in {one["field"] for one in answer["missing"]}


def test_an_account_alone_names_nobody_and_a_document_does(service: Service) -> None:
    screens_with(service, Sanctions(codes=("EU-FSF",)), "EU-FSF")
    by_account = {"id": "p-1", "country": "DE", "account": {"iban": "DE89370400440532013000"}}
    by_document = {
        "id": "p-1",
        "country": "DE",
        "national_ids": [{"type": "passport", "value": "C01X00T47", "country": "DE"}],
    }
    payer = {"name": "Quite Another", "country": "FR"}
    assert wanted(decided(service, transfer(payer=payer, payee=by_account))) == ["payee.name"]
    assert wanted(decided(service, transfer(payer=payer, payee=by_document))) == []
    for nothing in (
        {"name": ""},
        {"name": "", "account": {"number": "1234567"}},
        {"national_ids": [{"type": "passport", "value": "-", "country": "DE"}]},
    ):
        empty = {"id": "p-1", "country": "DE", **nothing}
        assert wanted(decided(service, transfer(payer=payer, payee=empty))) == ["payee.name"]
    nobody = transfer(payer=payer)
    del nobody["payee"]
    assert wanted(decided(service, nobody)) == ["payee.name"]
    owned = company({"share": "100"})
    assert wanted(decided(service, transfer(payer=payer, payee=owned))) == ["payee.owners.0.name"]


def test_a_sale_asks_nobody_for_a_name_and_so_does_a_house_without_lists(service: Service) -> None:
    assert wanted(decided(service, unnamed())) == []
    screens_with(service, Sanctions(codes=("EU-FSF",)))
    assert wanted(decided(service, unnamed())) == []
    screens_with(service, Sanctions(codes=("EU-FSF",)), "EU-FSF")
    assert wanted(decided(service, unnamed(kind="sale"))) == []


def test_what_is_stricter_than_a_missing_name_stays(service: Service) -> None:
    screens_with(service, Sanctions(UNION), "EU-FSF")
    body = transfer(payee={"id": "p-1", "country": "DE"})
    answer = decided(service, body)
    assert (answer["aml"]["verdict"], answer["outcome"], wanted(answer)) == ("block", "block", ["payee.name"])


def test_where_a_wanted_list_is_not_loaded_nobody_is_clear(service: Service) -> None:
    screens_with(service, lambda: None, "EU-FSF")
    answer = decided(service, transfer())
    assert (answer["aml"]["verdict"], answer["outcome"]) == ("review", "review")
