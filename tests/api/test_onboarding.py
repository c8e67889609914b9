"""Onboarding over HTTP: three people take on a merchant, and none of them can do it alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.onboarding import sweep
from api.onboarding_schemas import CaseBody
from api.service import Service
from engine.ledger import Scope
from tests.api.client import Client, Reply
from tests.onboarding.applying import applied, document

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
DAY = "2026-11-26"
CONDITIONS = {
    "contract_signed_on": DAY, "account_verified_on": DAY, "monthly_limit": "10000.00", "currency": "EUR",
    "monitoring_profile": "standard",
}  # fmt: skip
AML_WORDS = re.compile(
    r"sanction|list|screen|launder|politic|expos|risk|embargo|suspic|report|held|escalat", re.IGNORECASE
)


@pytest.fixture(scope="module")
def service(open_service: Callable[..., Service]) -> Service:
    made = open_service()
    made.clock = lambda: NOW
    return made


@pytest.fixture(scope="module")
def people(service: Service, make_client: Callable[..., Client]) -> dict[str, Client]:
    """A submitter and three officers, each with a key of their own."""
    found = {}
    for name, scopes in (("submitter", [Scope.ONBOARD, Scope.READ]), ("ann", [Scope.REVIEW]), ("ben", [Scope.REVIEW])):
        _, secret = service.ledger.keys.create(scopes, name)
        found[name] = make_client(service, secret=secret)
    return found


class _Fresh:
    """Applications that share no mark with an earlier one."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, **changes: Any) -> dict[str, Any]:
        self.count += 1
        stated = applied(**changes).model_dump(mode="json", exclude_none=True)
        fresh = {
            "merchant": f"m-{self.count}",
            "account": {"number": f"A{self.count}", "holder": stated["name"], "country": "FR"},
        }
        stated |= {key: value for key, value in fresh.items() if key not in changes}
        if "registration_number" not in changes:
            stated.pop("registration_number", None)
            stated["legal_form"] = "sole_trader"
            stated["documents"] = [one for one in stated["documents"] if one["type"] != "ownership_chart"]
        stated.pop("tax_ids", None)
        return stated


FRESH = _Fresh()


def kind(reply: Reply) -> str:
    return str(reply.json()["type"].rpartition(":")[2])


def opened(people: dict[str, Client], **changes: Any) -> dict[str, Any]:
    reply = people["submitter"].post("/v1/onboarding", FRESH(**changes))
    assert reply.status == 200, reply.body
    found: dict[str, Any] = reply.json()
    return found


def decide(client: Client, case: dict[str, Any], decision: str, **more: Any) -> Reply:
    return client.post(f"/v1/onboarding/{case['id']}/decision", {"decision": decision, "reason": "seen", **more})


def put(client: Client, case: dict[str, Any], application: dict[str, Any], query: str = "") -> Reply:
    headers = {"content-type": "application/json"}
    return client.request("PUT", f"/v1/onboarding/{case['id']}{query}", application, headers)


def test_what_nobody_screened_waits_for_a_person(people: dict[str, Client]) -> None:
    case = opened(people)
    assert (case["stage"], case["state"], case["trading"]) == ("manual_review", "in_review", "none")
    assert ("screening", "not_performed") in {(one["check"], one["result"]) for one in case["checks"]}
    assert [one["event"] for one in case["history"]] == [
        "created",
        "submitted",
        "documents_complete",
        "flagged",
        "assigned",
    ]
    assert case["history"][0]["from"] is None
    assert all(one["release"].startswith("sha256:") and one["reason"] and one["actor"] for one in case["history"])
    assert case["possible"] == ["approve", "reject", "request_information", "escalate"]
    assert people["submitter"].get(f"/v1/onboarding/{case['id']}").json() == case
    CaseBody.model_validate(case)


def test_a_merchant_is_taken_on(people: dict[str, Client], client: Client) -> None:
    case = opened(people)
    approved = decide(people["ann"], case, "approve").json()
    assert (approved["stage"], approved["state"], approved["trading"]) == ("manual_review", "activating", "none")
    lacking = decide(people["ann"], case, "activate", conditions={"contract_signed_on": DAY})
    assert lacking.codes() == {
        (f"/conditions/{name}", "missing")
        for name in ("account_verified_on", "monthly_limit", "currency", "monitoring_profile")
    }
    active = decide(people["ben"], case, "activate", conditions=CONDITIONS).json()
    assert (active["stage"], active["state"], active["trading"]) == ("active", "active", "full")
    assert active["next_review"] == "2031-11-26"
    assert active["conditions"]["monthly_limit"] == "10000.00"
    assert 'lexgate_onboarding_cases{state="active"}' in client.get("/metrics").body.decode()


def test_a_high_risk_takes_two(people: dict[str, Client]) -> None:
    exposed = [{**applied().directors[0].model_dump(mode="json", exclude_none=True), "politically_exposed": "foreign"}]  # type: ignore[index]
    case = opened(people, directors=exposed)
    assert case["high_risk"] is True
    first = decide(people["ann"], case, "approve").json()
    assert (first["state"], first["history"][-1]["event"]) == ("in_review", "first_approved")
    again = decide(people["ann"], case, "approve")
    assert (again.status, kind(again)) == (409, "another_person")
    assert decide(people["ben"], case, "approve").json()["state"] == "activating"


def test_nobody_decides_on_what_they_handed_in(people: dict[str, Client], client: Client) -> None:
    """The test key may do everything, and yet not both."""
    case = client.post("/v1/onboarding", FRESH()).json()
    for decision in ("approve", "reject"):
        refused = decide(client, case, decision)
        assert (refused.status, kind(refused)) == (409, "another_person")
    assert decide(people["submitter"], case, "approve").status == 403
    assert people["ann"].post("/v1/onboarding", FRESH()).status == 403
    assert people["ann"].get("/v1/onboarding").status == 403


def test_what_is_not_possible_is_told_with_what_is(people: dict[str, Client]) -> None:
    case = opened(people)
    refused = decide(people["ann"], case, "activate", conditions=CONDITIONS)
    assert (refused.status, kind(refused)) == (409, "not_possible")
    assert "Possible: approve, reject, request_information, escalate." in refused.json()["detail"]
    ended = decide(people["ann"], case, "reject").json()
    assert (ended["stage"], ended["possible"], ended["applicant"]["status"]) == ("refused", [], "closed")
    assert decide(people["ann"], case, "approve").status == 409


def test_a_decision_on_a_case_that_moved_is_refused(people: dict[str, Client]) -> None:
    case = opened(people)
    changed = put(
        people["submitter"], case, {**case["application"], "address": "2 rue du Four"}, f"?number={case['number']}"
    )
    assert changed.status == 200
    path = f"/v1/onboarding/{case['id']}/decision?number={case['number']}"
    refused = people["ann"].post(path, {"decision": "approve", "reason": "seen"})
    assert (refused.status, kind(refused)) == (409, "case_moved")
    assert put(people["submitter"], case, case["application"], "?number=1").status == 409


def test_only_one_of_two_decisions_at_the_same_moment_holds(people: dict[str, Client]) -> None:
    case = opened(people)
    path, body = f"/v1/onboarding/{case['id']}/decision", {"decision": "approve", "reason": "seen"}
    replies = people["ann"].together(people["ann"].send("POST", path, body) for _ in range(4))
    assert sorted(reply.status for reply in replies) == [200, 409, 409, 409]


def test_documents_come_later(people: dict[str, Client]) -> None:
    whole = FRESH()
    reply = people["submitter"].post("/v1/onboarding", {**whole, "documents": []})
    case = reply.json()
    assert (case["stage"], case["state"]) == ("submitted", "documents_missing")
    assert case["applicant"] == {"status": "more_needed", "missing": case["missing"]}
    path = f"/v1/onboarding/{case['id']}/documents"
    some = people["submitter"].post(path, {"documents": whole["documents"][:1]}).json()
    assert (some["state"], len(some["missing"])) == ("documents_missing", len(case["missing"]) - 1)
    rest = people["submitter"].post(path, {"documents": whole["documents"][1:]}).json()
    assert (rest["state"], rest["missing"]) == ("in_review", [])


def test_equal_requests_are_one(people: dict[str, Client]) -> None:
    body, headers = FRESH(), {"idempotency-key": "onb-1"}
    first = people["submitter"].post("/v1/onboarding", body, headers)
    again = people["submitter"].post("/v1/onboarding", body, headers)
    assert (again.body, again.headers["idempotent-replayed"]) == (first.body, "true")
    assert kind(people["submitter"].post("/v1/onboarding", {**body, "address": "x"}, headers)) == "key_reused"
    case, decision = first.json(), {"decision": "approve", "reason": "seen"}
    path = f"/v1/onboarding/{case['id']}/decision"
    approved = people["ann"].post(path, decision, headers)
    assert people["ann"].post(path, decision, headers).body == approved.body
    documents = {"documents": [document("bank_statement", issued_on="2026-11-20")]}
    added = people["submitter"].post(f"/v1/onboarding/{case['id']}/documents", documents, headers)
    assert people["submitter"].post(f"/v1/onboarding/{case['id']}/documents", documents, headers).body == added.body
    same = people["submitter"].post(f"/v1/onboarding/{case['id']}/documents", documents, {"idempotency-key": "onb-2"})
    assert same.json()["number"] == added.json()["number"]


def test_a_draft_is_kept_until_it_is_handed_in(people: dict[str, Client]) -> None:
    body = FRESH()
    case = people["submitter"].post("/v1/onboarding?draft=true", {**body, "documents": []}).json()
    assert (case["state"], case["applicant"]["status"]) == ("draft", "draft")
    kept = put(people["submitter"], case, body, "?draft=true").json()
    assert kept["state"] == "draft"
    assert put(people["submitter"], case, body).json()["state"] == "in_review"


def test_the_same_firm_twice_is_seen(people: dict[str, Client]) -> None:
    account = {"number": "TWICE", "holder": applied().name, "country": "FR"}
    first = opened(people, account=account)
    second = opened(people, account=account)
    same = [one for one in second["checks"] if one["check"] == "duplicates"]
    assert [(one["result"], one["why"], one["cases"]) for one in same] == [("flag", "same_account", [first["id"]])]
    decide(people["ann"], first, "reject")
    third = opened(people, account=account)
    black = [one for one in third["checks"] if one["check"] == "blacklist"]
    assert [(one["result"], one["cases"]) for one in black] == [("flag", [first["id"]])]
    assert third["high_risk"] is True


def test_the_list_is_narrowed_and_paged(people: dict[str, Client]) -> None:
    client = people["submitter"]
    opened(people)
    opened(people)
    page = client.get("/v1/onboarding?limit=1").json()
    assert (len(page["data"]), page["next"]) == (1, page["data"][0]["id"])
    assert client.get(f"/v1/onboarding?limit=1&after={page['next']}").json()["data"][0]["id"] > page["next"]
    listed = client.get("/v1/onboarding?state=in_review&stage=manual_review&country=FR&limit=200").json()["data"]
    assert listed
    assert {one["state"] for one in listed} == {"in_review"}
    assert client.get("/v1/onboarding?country=DE").json()["data"] == []
    assert client.get("/v1/onboarding?state=lost").status == 422


def test_what_is_not_there(people: dict[str, Client]) -> None:
    assert people["submitter"].get("/v1/onboarding/onb_none").status == 404
    assert decide(people["ann"], {"id": "onb_none"}, "approve").status == 404
    assert put(people["submitter"], {"id": "onb_none"}, FRESH()).status == 404


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"owners": [{"name": "A", "share": "100.01"}]}, ("/owners/0/share", "share_range")),
        ({"owners": [{"name": "A", "share": 33.3}]}, ("/owners/0/share", "float_refused")),
        ({"country": "ZZ"}, ("/country", "unknown_place")),
        ({"colour": "red"}, ("/colour", "unknown_field")),
        ({"account": {"number": "4111 1111 1111 1111", "holder": "A"}}, ("/account/number", "pan_refused")),
    ],
)
def test_a_bad_application_is_refused(
    people: dict[str, Client], changes: dict[str, Any], code: tuple[str, str]
) -> None:
    reply = people["submitter"].post("/v1/onboarding", {**FRESH(), **changes})
    assert reply.status == 422
    assert code in reply.codes()


def test_a_case_is_of_one_merchant(people: dict[str, Client]) -> None:
    case = opened(people)
    reply = put(people["submitter"], case, {**case["application"], "merchant": "m-other"})
    assert (reply.status, reply.codes()) == (422, {("/merchant", "not_allowed")})


def test_what_the_applicant_may_be_told_tips_nobody_off(people: dict[str, Client]) -> None:
    """AMLR Art. 73: wherever a case stands, and whyever."""
    exposed = [{**applied().directors[0].model_dump(mode="json", exclude_none=True), "politically_exposed": "family"}]  # type: ignore[index]
    told = []
    for steps in (["escalate"], ["request_information"], ["reject"], ["escalate", "reject"]):
        case = opened(people, directors=exposed)
        told.append(case["applicant"])
        for step in steps:
            told.append(decide(people["ann"], case, step).json()["applicant"])
    assert not any(AML_WORDS.search(str(one)) for one in told)
    assert {one["status"] for one in told} == {"under_review", "more_needed", "closed"}


def test_the_daily_sweep_moves_what_is_due_and_twice_moves_nothing(people: dict[str, Client], service: Service) -> None:
    documents = [document("identity_document", "Anne Martin", expires_on="2026-12-31")]
    rest = [one for one in FRESH()["documents"] if one["type"] != "identity_document"]
    case = opened(people, documents=[*rest, *documents])
    decide(people["ann"], case, "approve")
    decide(people["ann"], case, "activate", conditions=CONDITIONS)

    def swept(now: datetime) -> list[str]:
        return [case_id for case_id, _ in sweep(service.ledger, service.packs, now) if case_id == case["id"]]

    # In Paris the last day ends an hour before it does in Greenwich.
    midnight = datetime(2026, 12, 31, 23, 0, tzinfo=UTC)
    assert swept(midnight - timedelta(seconds=1)) == []
    assert swept(midnight) == [case["id"]]
    assert swept(midnight) == []
    found = people["submitter"].get(f"/v1/onboarding/{case['id']}").json()
    assert (found["state"], found["applicant"]["status"], found["trading"]) == (
        "info_requested",
        "more_needed",
        "limited",
    )
    assert swept(midnight + timedelta(days=31)) == [case["id"]]
    assert people["submitter"].get(f"/v1/onboarding/{case['id']}").json()["state"] == "suspended"
    assert service.ledger.verify().ok
