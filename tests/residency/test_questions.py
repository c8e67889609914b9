"""What is missing is named, regions resolve to countries, several questions fold into one verdict."""

from __future__ import annotations

import pytest

from engine.catalogue import ELEMENTS, fields_of
from engine.facts import facts_of
from engine.layouts import decode
from engine.transaction import Transaction
from tests.property.shipped import packs
from tests.residency.asking import NONE, ask, decided, payment, question, scc


def test_no_data_no_question() -> None:
    body = decided(payment())
    assert (body["residency"]["verdict"], body["outcome"]) == ("not_applicable", "allow")
    assert body["residency"]["checks"] == body["missing"] == body["rulepacks"] == []


@pytest.mark.parametrize(
    ("asked", "missing"),
    [
        (question("DE", "contact", "store", "US"), {"mechanism"}),
        (question("DE", "contact", "store", "US", mechanism={"kind": "scc"}), {"mechanism.tia_done"}),
        (question("DE", "contact", "store", "US", mechanism={"kind": "adequacy"}), {"mechanism.certified"}),
        (question("DE", "contact", "store", None), {"region_country"}),
        (question("DE", "payment_credential", "store", "DE"), {"data_form"}),
        (question("DE", "sensitive_auth_data", "store", "DE", data_form="encrypted"), {"phase"}),
        (question("DE", "kyc_document", "store", "DE"), {"clock"}),
        (question("IN", "transaction_record", "process", "SG"), {"clock"}),
        (question("IN", "transaction_record", "store", "SG"), {"transaction"}),
        (question("RU", "contact", "store", "DE", purpose="contract", mechanism={"kind": "notification", "filed": True}),
         {"phase"}),
        (question("CA-QC", "contact", "store", "CA"), {"region_subdivision"}),
        (question("BR", "contact", "store", "US", mechanism={"kind": "scc"}), {"mechanism.template"}),
        (question("US", "transaction_record", "store", "CN", purpose="analytics"), {"volumes"}),
        (question("US", "transaction_record", "store", "CN", volumes={"persons_last_12_months": 20_000}), {"purpose"}),
        (question("VN", "contact", "store", "SG", mechanism={"kind": "dossier", "filed": True}), {"actor_establishment"}),
        (question("CZ", "accounting_record", "store", "SK", mechanism=NONE), {"remote_access", "mechanism.filed"}),
        (question("SG", None, "store", "SG"), {"data_class", "data_form", "phase"}),
        (question("SG", "sensitive_auth_data", None, "SG", data_form="plain", phase="after_authorisation"), {"action"}),
    ],
)  # fmt: skip
def test_the_fewest_facts_that_would_settle_it(asked: dict[str, object], missing: set[str]) -> None:
    body = decided(payment(asked))
    (check,) = body["residency"]["checks"]
    assert (check["verdict"], check["ground"]) == ("deny", "needs_input")
    assert {name.removeprefix("data[0].") for name in check["missing"]} == missing
    assert {entry["field"] for entry in body["missing"]} == set(check["missing"])
    assert all(entry["would_settle"] == ["residency"] and entry["asked_by"] for entry in body["missing"])
    assert body["outcome"] == "review"


def test_a_person_nobody_named_is_asked_for() -> None:
    assert ask(None, "contact", "store", "DE").missing == {"subject_country"}


def test_the_person_is_the_payer_where_nobody_else_is_named() -> None:
    body = decided(payment(question(None, "contact", "store", "DE"), payer="DE"))
    assert body["residency"]["verdict"] == "allow"
    other = decided(payment(question("IN", "transaction_record", "store", "DE", transaction="domestic"), payer="DE"))
    assert other["residency"]["checks"][0]["regime"] == "IN-RBI"


def test_a_payer_in_quebec() -> None:
    body = payment(question(None, "contact", "store", "CA", region_subdivision="ON", mechanism={"pia_done": False}))
    body["payer"] = {"country": "CA", "region": "QC"}
    assert decided(body)["residency"]["checks"][0]["ground"] == "mechanism_missing"


def test_the_form_is_decided_before_anybody_is_asked_who_the_person_is() -> None:
    told = ask(None, "payment_credential", "store", "DE", data_form="plain_pan")
    assert (told.said, told.missing) == ("deny:form", set())


def test_the_exporter_is_the_payee() -> None:
    body = payment(question("US", "contact", "store", "IN", mechanism=NONE), payee={"country": "DE"})
    (check,) = decided(body)["residency"]["checks"]
    assert (check["ground"], check["regime"]) == ("mechanism_missing", "EU-GDPR")


def test_the_role_is_that_of_the_obliged_entity() -> None:
    body = payment(
        question("TR", "transaction_record", "store", "DE", mechanism=scc("kvkk")),
        obliged_entity={"role": "bank", "country": "TR"},
    )
    assert decided(body)["residency"]["checks"][0]["regime"] == "TR-BRSA"


def test_the_strictest_question_speaks_for_the_payment() -> None:
    body = decided(
        payment(
            question("DE", "contact", "store", "DE"),
            question("DE", "contact", "store", "JP"),
            question("NO", "accounting_record", "store", "SE"),
        )
    )
    assert [check["verdict"] for check in body["residency"]["checks"]] == [
        "allow",
        "allow_with_mechanism",
        "require_local_copy",
    ]
    assert (body["residency"]["verdict"], body["outcome"]) == ("require_local_copy", "allow")
    assert {one["code"] for one in body["obligations"]} == {"keep_evidence_adequacy", "keep_copy_in_no"}
    denied = decided(
        payment(question("DE", "contact", "store", "DE"), question("DE", "contact", "store", "IN", mechanism=NONE))
    )
    assert (denied["residency"]["verdict"], denied["outcome"]) == ("deny", "review")


def test_reasons_of_all_regimes_are_kept() -> None:
    told = ask("NO", "accounting_record", "store", "JP")
    assert told.verdict == "require_local_copy"
    assert {(one["regime"], one["verdict"]) for one in told.check["reasons"]} == {
        ("NO-BOKFORINGSLOVEN", "require_local_copy"), ("EU-GDPR", "allow_with_mechanism"),
    }  # fmt: skip
    assert told.duties == {"keep_copy_in_no", "keep_evidence_adequacy"}
    assert told.check["copy_in"] == "NO"


def test_every_reason_has_its_law() -> None:
    told = ask("IN", "transaction_record", "store", "SG", transaction="domestic")
    (finding,) = [one for one in told.body["findings"] if one["rule"] == "in.payment_data"]
    assert finding["law"]["instrument"].startswith("RBI circular")
    assert finding["law"]["url"].startswith("https://website.rbi.org.in")
    assert finding["because"]["data.region_country"] == "SG"
    general = ask("DE", "contact", "store", "JP").body["findings"]
    assert [(one["rule"], one["law"]["provision"]) for one in general] == [("DE.transfer", "Arts. 44-49")]
    assert general[0]["because"]["data.region_country"] == "JP"


def test_a_question_may_ask_the_law_of_another_day() -> None:
    told = ask("NG", "transaction_record", "store", "IE", date="2027-01-01", mechanism=scc())
    assert told.said == "deny:place"


def test_the_law_of_the_local_day() -> None:
    """Half past eleven at night in London is the next year in Lagos."""
    asked = question("NG", "transaction_record", "store", "IE", mechanism=scc())
    before = decided(payment(asked, on="2026-12-31", hour="22:59:00+00:00"))
    after = decided(payment(asked, on="2026-12-31", hour="23:00:00+00:00"))
    assert (before["residency"]["verdict"], after["residency"]["verdict"]) == ("allow_with_mechanism", "deny")


def test_in_other_languages() -> None:
    body = decided(payment(question("IN", "transaction_record", "store", "SG", transaction="domestic")), "de")
    said = {one["message"] for one in body["residency"]["checks"][0]["reasons"]}
    assert "Diese Daten dürfen nicht an diesem Ort sein." in said


# -- regions ------------------------------------------------------------------------------------------------------------------


def test_every_region_lies_in_one_country() -> None:
    regions = packs().regions
    assert {row.provider for row in regions.rows} == {"aws", "azure", "google"}
    for row in regions.of():
        told = ask("HK", "contact", "store", None, region_id=row.name)
        assert told.check["region_country"] == row.country
        assert told.verdict == "allow"


@pytest.mark.parametrize(
    ("region", "country"),
    [
        ("me-central-1", "AE"), ("me-central1", "QA"), ("me-central2", "SA"), ("eu-west-2", "GB"), ("europe-west2", "GB"),
        ("uaenorth", "AE"), ("southafricanorth", "ZA"), ("af-south-1", "ZA"), ("cn-north-1", "CN"), ("eusc-de-east-1", "DE"),
        ("azure:eastasia", "HK"), ("ap-east-2", "TW"), ("northeurope", "IE"), ("ca-west-1", "CA"),
    ],
)  # fmt: skip
def test_names_lie_and_columns_do_not(region: str, country: str) -> None:
    assert ask("HK", "contact", "store", None, region_id=region).check["region_country"] == country


@pytest.mark.parametrize("region", ["mars-north-1", "eu", "google:mars", "EU-CENTRAL-1", "me-west-1"])
def test_what_is_on_no_list_is_denied(region: str) -> None:
    if region == "eu":  # a set: all its members lie in the Union
        assert ask("DE", "contact", "store", None, region_id=region).said == "allow"
        return
    told = ask("HK", "contact", "store", None, region_id=region)
    assert (told.said, told.missing) == ("deny:needs_input", {"region_id"})
    assert told.check["reasons"][0]["rule"] == "residency.region"


def test_all_members_of_a_set_must_pass() -> None:
    assert (
        ask("IN", "transaction_record", "store", None, region_id="google:asia", transaction="domestic").said
        == "deny:place"
    )
    assert ask("US", "contact", "store", None, region_id="google:us").said == "allow"
    assert ask("GB", "contact", "store", None, region_id="google:eu").verdict == "allow_with_mechanism"


@pytest.mark.parametrize("region", ["aws-global", "google:global", "azure-global"])
def test_a_service_without_a_place_is_nowhere(region: str) -> None:
    assert ask("HK", "contact", "store", None, region_id=region).said == "deny:place"


def test_a_region_and_a_country_that_contradict_each_other() -> None:
    assert ask("DE", "contact", "store", "DE", region_id="us-east-1").said == "deny:needs_input"
    assert ask("DE", "contact", "store", "DE", region_id="eu-central-1").said == "allow"


def test_the_operator_of_a_region_is_its_own() -> None:
    bulk = {"purpose": "analytics", "volumes": {"persons_last_12_months": 20_000}}
    assert ask("US", "transaction_record", "store", None, region_id="aws:ap-south-1", **bulk).said == "allow"
    assert ask("US", "transaction_record", "store", None, region_id="cn-northwest-1", **bulk).said == "deny:place"


# -- the wire ---------------------------------------------------------------------------------------------------------------


def test_both_doors_read_the_same_facts() -> None:
    body = (
        b'{"amount": "1.00", "currency": "EUR", "payment": {"instrument": "card"}, "payer": {"country": "DE"}, "data": ['
        b'{"data_class": "contact", "region_id": "eu-central-1",'
        b' "mechanism": {"kind": "scc", "also": ["dossier"], "filed_on": "2026-01-02"},'
        b' "clock": {"hours_abroad": "20.5"}, "volumes": {"persons_since_january_1": 5}, "erasure_requested": false}]}'
    )
    assert decode(body) == facts_of(Transaction.model_validate_json(body))


def test_what_the_contract_never_named_is_accepted_and_tells_nothing() -> None:
    extra = question("DE", "contact", "store", "DE", something_new="x", mechanism={"kind": "none", "else": 1})
    assert decided(payment(extra))["residency"]["verdict"] == "allow"


def test_only_rules_on_residency_name_one_question() -> None:
    assert ELEMENTS.keys() <= fields_of("residency").keys()
    assert "data" not in fields_of("residency")
    assert not ELEMENTS.keys() & fields_of("sca").keys()
    assert "data" in fields_of("sca")


@pytest.mark.parametrize(
    ("kind", "template"), [("SCC", "EU"), ("scc", "eu-2021"), ("Scc", "SCC 2021-914"), ("scc", "EU SCC")]
)
def test_names_of_mechanisms_are_written_freely(kind: str, template: str) -> None:
    mechanism = {"kind": kind, "template": template, "tia_done": True}
    assert ask("DE", "contact", "store", "IN", mechanism=mechanism).said == "allow_with_mechanism"
