"""The general law of each place: inside, free, on a ground, or not at all; the lists with their scopes and days."""

from __future__ import annotations

from typing import Any

import pytest

from tests.residency.asking import DPF, NONE, PERMIT, TODAY, ask, scc

GDPR = [
    "AT",
    "BE",
    "BG",
    "CY",
    "CZ",
    "DE",
    "DK",
    "EE",
    "ES",
    "FI",
    "FR",
    "GR",
    "HR",
    "HU",
    "IE",
    "IS",
    "IT",
    "LI",
    "LT",
    "LU",
    "LV",
    "MT",
    "NL",
    "NO",
    "PL",
    "PT",
    "RO",
    "SE",
    "SI",
    "SK",
]
FREE = [
    "AF",
    "AG",
    "BI",
    "BO",
    "BS",
    "BT",
    "DJ",
    "DM",
    "ER",
    "FJ",
    "FM",
    "GT",
    "GW",
    "HK",
    "HN",
    "HT",
    "IQ",
    "IR",
    "KH",
    "KI",
    "KM",
    "KP",
    "LB",
    "LR",
    "LY",
    "MH",
    "MM",
    "MV",
    "MZ",
    "NA",
    "NR",
    "PG",
    "PK",
    "PS",
    "PW",
    "SB",
    "SD",
    "SL",
    "SR",
    "SS",
    "TL",
    "TO",
    "TV",
    "VC",
    "VE",
    "VU",
    "WS",
    "YE",
    "GH",
    "KW",
    "LK",
    "TW",
    "CL",
    "PY",
    "IN",
]
ADEQUATE = ["AD", "AR", "CH", "FO", "GB", "GG", "IL", "IM", "JE", "JP", "KR", "NZ", "UY"]
Mechanism = dict[str, Any]


def left(subject: str, region: str, mechanism: Mechanism | None, on: str = TODAY, **more: Any) -> str:
    """What becomes of an address that leaves, kept by a merchant."""
    stated = {"mechanism": mechanism} if mechanism is not None else {}
    return ask(
        subject, "contact", "store", region, on=on, purpose="contract", phase="after_collection", **stated, **more
    ).said


@pytest.mark.parametrize("state", GDPR)
def test_the_area_is_one_place(state: str) -> None:
    """Not a law of localisation: within the area nothing has left."""
    assert left(state, state, None) == "allow"
    assert left(state, "NL" if state != "NL" else "SE", None) == "allow"


@pytest.mark.parametrize("state", GDPR)
def test_out_of_the_area_on_a_ground_only(state: str) -> None:
    assert left(state, "US", None) == "deny:needs_input"
    assert left(state, "US", NONE) == "deny:mechanism_missing"
    assert left(state, "SG", scc()) == "allow_with_mechanism"


@pytest.mark.parametrize("place", FREE)
def test_where_no_law_restricts_the_transfer(place: str) -> None:
    assert left(place, "DE", None) == "allow"


@pytest.mark.parametrize("country", ADEQUATE)
def test_countries_on_the_list_of_the_union(country: str) -> None:
    told = ask("FR", "contact", "store", country)
    assert (told.verdict, told.check["mechanism"]) == ("allow_with_mechanism", "adequacy")


@pytest.mark.parametrize(
    ("country", "first_day", "day_before"),
    [
        ("JP", "2019-01-23", "2019-01-22"),
        ("GB", "2021-06-28", "2021-06-27"),
        ("KR", "2021-12-17", "2021-12-16"),
        ("BR", "2026-01-26", "2026-01-25"),
    ],
)
def test_a_decision_begins_on_its_day(country: str, first_day: str, day_before: str) -> None:
    assert left("FR", country, NONE, first_day) == "allow_with_mechanism"
    assert left("FR", country, NONE, day_before) == "deny:mechanism_missing"


@pytest.mark.parametrize(
    ("on", "verdict"),
    [
        ("2020-07-15", "allow_with_mechanism"),  # Privacy Shield, the day before the judgment
        ("2020-07-16", "deny:mechanism_missing"),
        ("2023-07-09", "deny:mechanism_missing"),
        ("2023-07-10", "allow_with_mechanism"),  # Data Privacy Framework
        ("2026-11-22", "allow_with_mechanism"),
    ],
)
def test_the_american_gap(on: str, verdict: str) -> None:
    assert left("DE", "US", DPF, on) == verdict


@pytest.mark.parametrize(
    ("on", "verdict"), [("2031-12-27", "allow_with_mechanism"), ("2031-12-28", "deny:mechanism_missing")]
)
def test_the_british_decision_ends(on: str, verdict: str) -> None:
    assert left("FR", "GB", NONE, on) == verdict


@pytest.mark.parametrize("state", ["IS", "LI", "NO"])
def test_brazil_is_not_yet_adequate_for_three_states(state: str) -> None:
    """The decision of the EEA Joint Committee was still a draft."""
    assert left(state, "BR", NONE) == "deny:mechanism_missing"
    assert left("SE", "BR", NONE) == "allow_with_mechanism"


@pytest.mark.parametrize(
    ("region", "mechanism", "verdict"),
    [
        ("US", {"kind": "adequacy"}, "deny:needs_input"),
        ("US", {"kind": "adequacy", "certified": False}, "deny:mechanism_missing"),
        ("CA", {"kind": "adequacy", "scheme": "pipeda"}, "allow_with_mechanism"),
        ("CA", {"kind": "adequacy", "scheme": "public_body"}, "deny:mechanism_missing"),
        ("CA", {"kind": "adequacy"}, "deny:needs_input"),
        ("CA", NONE, "deny:mechanism_missing"),
        ("IN", {"kind": "adequacy"}, "deny:mechanism_missing"),
    ],
)
def test_a_decision_has_a_scope(region: str, mechanism: Mechanism, verdict: str) -> None:
    assert left("DE", region, mechanism) == verdict


def test_korea_is_adequate_but_for_credit_information() -> None:
    assert left("DE", "KR", NONE, classification="credit_information") == "deny:mechanism_missing"
    assert left("DE", "KR", NONE) == "allow_with_mechanism"


@pytest.mark.parametrize(
    ("mechanism", "verdict"),
    [
        (scc(), "allow_with_mechanism"),
        ({"kind": "scc", "tia_done": True}, "allow_with_mechanism"),  # the Union's own, where nothing else is stated
        ({"kind": "scc", "template": "eu"}, "deny:needs_input"),
        (scc(tia_done=False), "deny:mechanism_missing"),
        (scc("anpd"), "deny:mechanism_missing"),
        ({"kind": "bcr", "approved": True, "intra_group": True}, "allow_with_mechanism"),
        ({"kind": "bcr", "approved": True, "intra_group": False}, "deny:mechanism_missing"),
        ({"kind": "bcr", "approved": True}, "deny:needs_input"),
        ({"kind": "code", "approved": True}, "allow_with_mechanism"),
        ({"kind": "certification", "certified": True}, "allow_with_mechanism"),
        ({"kind": "consent", "explicit": True, "informed": True, "routine": False}, "allow_with_mechanism"),
        ({"kind": "consent", "explicit": True, "informed": True, "routine": True}, "deny:mechanism_missing"),
        ({"kind": "consent", "explicit": True, "informed": True}, "deny:needs_input"),
        ({"kind": "contract_necessity", "routine": False}, "allow_with_mechanism"),
        ({"kind": "contract_necessity", "routine": True}, "deny:mechanism_missing"),
        (PERMIT, "deny:mechanism_missing"),
        (NONE, "deny:mechanism_missing"),
    ],
)
def test_grounds_of_the_regulation(mechanism: Mechanism, verdict: str) -> None:
    assert left("DE", "IN", mechanism) == verdict


@pytest.mark.parametrize(
    ("subject", "region", "mechanism", "verdict"),
    [
        ("GB", "DE", NONE, "allow_with_mechanism"),
        ("GB", "IN", scc("idta"), "allow_with_mechanism"),
        ("GB", "IN", {"kind": "addendum", "tia_done": True}, "allow_with_mechanism"),
        ("GB", "IN", scc("eu"), "deny:mechanism_missing"),
        ("GB", "IN", {"kind": "scc", "tia_done": True}, "deny:needs_input"),
        ("GB", "US", DPF, "deny:needs_input"),
        ("GB", "US", {**DPF, "uk_extension": True}, "allow_with_mechanism"),
        ("GB", "US", {**DPF, "uk_extension": False}, "deny:mechanism_missing"),
        ("GB", "BR", NONE, "deny:mechanism_missing"),
        ("CH", "DE", NONE, "allow_with_mechanism"),
        ("CH", "US", {**DPF, "swiss": True}, "allow_with_mechanism"),
        ("CH", "US", DPF, "deny:needs_input"),
        ("CH", "SG", scc("eu", swiss=True), "allow_with_mechanism"),
        ("CH", "SG", scc("eu", swiss=False), "deny:mechanism_missing"),
        ("BR", "DE", NONE, "allow_with_mechanism"),
        ("BR", "US", scc("anpd"), "allow_with_mechanism"),
        ("BR", "US", scc("eu"), "deny:mechanism_missing"),
        ("BR", "US", {"kind": "scc", "tia_done": True}, "deny:needs_input"),
        ("SA", "AE", scc("sdaia"), "allow_with_mechanism"),
        ("SA", "AE", scc("eu"), "deny:mechanism_missing"),
        ("TR", "DE", scc("kvkk"), "allow_with_mechanism"),
        ("TR", "DE", scc("eu"), "deny:mechanism_missing"),
        ("TR", "DE", {"kind": "consent"}, "deny:mechanism_missing"),
        ("TH", "SG", scc("eu"), "allow_with_mechanism"),
        ("MY", "SG", scc("eu"), "allow_with_mechanism"),
        ("JP", "DE", NONE, "allow_with_mechanism"),
        ("JP", "US", NONE, "deny:mechanism_missing"),  # EU -> JP does not give JP -> US
        ("JP", "US", {"kind": "equivalent_system"}, "allow_with_mechanism"),
        ("JP", "US", {"kind": "consent"}, "allow_with_mechanism"),
        ("KR", "DE", NONE, "allow_with_mechanism"),
        ("KR", "US", {"kind": "contract"}, "allow_with_mechanism"),
        ("AD", "NZ", NONE, "allow_with_mechanism"),
        ("AD", "FR", NONE, "allow_with_mechanism"),
        ("AD", "IN", NONE, "deny:mechanism_missing"),
        ("AU", "US", {"kind": "contract"}, "allow_with_mechanism"),
        ("AU", "US", NONE, "deny:mechanism_missing"),
        ("NZ", "US", {"kind": "safeguards"}, "allow_with_mechanism"),
        ("SG", "US", {"kind": "cbpr", "certified": True}, "allow_with_mechanism"),
        ("PH", "US", {"kind": "contract"}, "allow_with_mechanism"),
        ("ZA", "US", {"kind": "consent"}, "allow_with_mechanism"),
        ("CA", "US", {"kind": "contract"}, "allow_with_mechanism"),
        ("MA", "FR", PERMIT, "allow_with_mechanism"),
        ("MA", "FR", NONE, "deny:mechanism_missing"),
        ("DZ", "FR", PERMIT, "allow_with_mechanism"),
        ("EG", "DE", PERMIT, "allow_with_mechanism"),
        ("TZ", "ZA", {"kind": "permit"}, "deny:needs_input"),
        ("UY", "US", {"kind": "consent"}, "allow_with_mechanism"),
        ("OM", "AE", {"kind": "consent", "explicit": True}, "allow_with_mechanism"),
        ("OM", "AE", {"kind": "consent", "explicit": False}, "deny:mechanism_missing"),
        ("MX", "US", {"kind": "consent"}, "allow_with_mechanism"),
        ("TR", "DE", PERMIT, "allow_with_mechanism"),
        ("IL", "DE", NONE, "allow_with_mechanism"),
        ("BY", "RU", NONE, "allow_with_mechanism"),
        ("BY", "DE", NONE, "deny:mechanism_missing"),
        ("VN", "SG", {"kind": "dossier", "filed_on": "2026-10-01"}, "allow_with_mechanism"),
        ("RU", "DE", {"kind": "notification", "filed": True}, "allow_with_mechanism"),
        ("RU", "DE", {"kind": "notification", "filed": False}, "deny:mechanism_missing"),
        ("RU", "DE", {"kind": "consent"}, "deny:mechanism_missing"),
        ("US", "DE", None, "allow"),
        ("MD", "US", scc(), "allow_with_mechanism"),
    ],
)  # fmt: skip
def test_other_families(subject: str, region: str, mechanism: Mechanism | None, verdict: str) -> None:
    more = {"actor_establishment": "VN"} if subject == "VN" else {}
    found = left(subject, region, mechanism, **more)
    assert found == ("require_local_copy" if subject == "VN" else verdict)


@pytest.mark.parametrize(
    ("subject", "region", "mechanism", "before", "then"),
    [
        ("CL", "DE", NONE, ("2026-11-30", "allow"), ("2026-12-01", "deny:mechanism_missing")),
        ("PY", "DE", NONE, ("2027-11-26", "allow"), ("2027-11-27", "deny:no_rulepack")),
        ("TR", "DE", {"kind": "consent"}, ("2024-08-31", "allow_with_mechanism"), ("2024-09-01", "deny:mechanism_missing")),
        ("CH", "US", {**DPF, "swiss": True}, ("2024-09-14", "deny:mechanism_missing"), ("2024-09-15", "allow_with_mechanism")),
        ("GB", "US", {**DPF, "uk_extension": True}, ("2023-10-11", "deny:mechanism_missing"), ("2023-10-12",
         "allow_with_mechanism")),
        ("GB", "KR", NONE, ("2022-12-18", "deny:mechanism_missing"), ("2022-12-19", "allow_with_mechanism")),
        ("BR", "DE", NONE, ("2026-01-25", "deny:mechanism_missing"), ("2026-01-26", "allow_with_mechanism")),
        ("KR", "DE", NONE, ("2025-09-15", "deny:mechanism_missing"), ("2025-09-16", "allow_with_mechanism")),
        ("MD", "US", scc(), ("2026-08-22", "deny:no_rulepack"), ("2026-08-23", "allow_with_mechanism")),
    ],
)  # fmt: skip
def test_the_day_before_and_the_day(
    subject: str, region: str, mechanism: Mechanism, before: tuple[str, str], then: tuple[str, str]
) -> None:
    for on, verdict in (before, then):
        assert left(subject, region, mechanism, on) == verdict


def test_anonymised_data_leave_the_general_law_but_not_the_american_programme() -> None:
    assert ask("DE", "contact", "store", "IN", data_form="anonymised", purpose="contract").said == "allow"
    bulk = {"data_form": "anonymised", "purpose": "sale", "volumes": {"persons_last_12_months": 10_001}}
    assert ask("US", "transaction_record", "transfer", "CN", **bulk).said == "deny:place"


@pytest.mark.parametrize(
    ("zone", "place", "region", "verdict"),
    [
        ("qfc", "QA", "NZ", "allow_with_mechanism"),
        ("qfc", "QA", "IN", "deny:mechanism_missing"),
        ("difc", "AE", "IN", "deny:mechanism_missing"),
        ("adgm", "AE", "AE", "allow"),
        ("unknown_zone", "AE", "IN", "deny:no_rulepack"),
    ],
)
def test_free_zones_have_laws_of_their_own(zone: str, place: str, region: str, verdict: str) -> None:
    assert left(place, region, NONE, actor_establishment=place, free_zone=zone) == verdict


def test_both_laws_must_be_content() -> None:
    """An exporter in France with customers in Brazil: one contract does not serve both laws."""
    both = {"actor_establishment": "FR"}
    assert left("BR", "US", scc("eu"), **both) == "deny:mechanism_missing"
    assert left("BR", "US", scc("anpd"), **both) == "deny:mechanism_missing"
    told = ask("BR", "contact", "store", "US", mechanism=scc("eu"), purpose="contract", **both)
    assert {reason["regime"] for reason in told.check["reasons"]} >= {"EU-GDPR"}


def test_what_must_be_filed_is_told() -> None:
    turkey = ask("TR", "contact", "store", "DE", mechanism=scc("kvkk"))
    assert [one["due"] for one in turkey.check["obligations"] if one["code"] == "file_contract"] == ["P5D"]
    dpf = ask("DE", "contact", "store", "US", mechanism=DPF)
    assert "hold_clauses_as_second_leg" in dpf.duties
    quebec = ask("CA-QC", "contact", "store", "US", mechanism={"pia_done": True})
    assert {"keep_written_agreement", "inform_subject"} <= quebec.duties


@pytest.mark.parametrize(
    ("days", "filed", "verdict"),
    [
        ("60", None, "require_local_copy"),
        ("61", False, "deny:mechanism_missing"),
        ("61", True, "require_local_copy"),
        ("61", None, "deny:needs_input"),
    ],
)
def test_the_vietnamese_dossier_within_sixty_days(days: str, filed: bool | None, verdict: str) -> None:
    mechanism = {"kind": "dossier", **({"filed": filed} if filed is not None else {})}
    clock = {"clock": {"days_since_first_transfer": days}}
    assert left("VN", "SG", mechanism, actor_establishment="VN", **clock) == verdict
    inside = ask("VN", "loyalty_points", "process", "SG", mechanism=mechanism, actor_establishment="VN", **clock)
    if verdict == "require_local_copy":
        assert "file_dossier" in inside.duties or filed
