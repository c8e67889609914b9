"""Cases over HTTP: claimed and decided by one, approved by another, and none of it for the payer."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
import pytest

from api import case_examples
from api.app import bare_app
from api.case_schemas import (
    AlertBody,
    AlertCaseBody,
    AlertCasePage,
    AlertPage,
    CasePaymentPage,
    CaseTotalsBody,
    ClearanceBody,
    ClearancePage,
)
from api.openapi import describe
from api.screening_schemas import ScreeningBody, ScreeningPage
from api.service import Service
from engine.alerts import Alert
from engine.ledger import Occasion, Scope, Told
from tests.api.client import Client, Reply
from tests.api.conftest import sample
from tests.api.screenings import MONA, NOW, Lists, screens_with
from tests.ledger.alerting import alert, match

SUBJECTS = iter(f"subject-{number}" for number in range(10_000))


@pytest.fixture(scope="module")
def service(open_service: Callable[..., Service]) -> Service:
    made = open_service()
    made.clock = lambda: NOW
    screens_with(made, Lists())
    return made


@pytest.fixture(scope="module")
def people(service: Service, make_client: Callable[..., Client]) -> dict[str, Client]:
    """Two officers, and somebody who may only read."""
    found = {}
    for name, scopes in (("ann", [Scope.REVIEW]), ("ben", [Scope.REVIEW]), ("reader", [Scope.READ, Scope.DECIDE])):
        _, secret = service.ledger.keys.create(scopes, name)
        found[name] = make_client(service, secret=secret)
    return found


def opened(service: Service, *told: Alert | Told, **changes: Any) -> dict[str, Any]:
    """A case of a subject that no other test speaks of."""
    subject = next(SUBJECTS)
    found = told or (alert(subject=subject, **changes),)
    occasion = Occasion(NOW, service.packs.release.digest, service.monitor().new_case)
    service.ledger.alerts.tell([one if isinstance(one, Told) else Told(one) for one in found], occasion)
    first = found[0].alert if isinstance(found[0], Told) else found[0]
    stored = service.ledger.alerts.one(first.id)
    assert stored is not None
    return {"id": stored.case_id, "subject": first.subject}


def act(client: Client, case: dict[str, Any], what: str, query: str = "", **body: Any) -> Reply:
    return client.post(f"/v1/cases/{case['id']}/{what}{query}", body)


def claimed(people: dict[str, Client], case: dict[str, Any], who: str = "ann") -> dict[str, Any]:
    reply = act(people[who], case, "claim")
    assert reply.status == 200, reply.body
    found: dict[str, Any] = reply.json()
    return found


def kind(reply: Reply) -> str:
    return str(reply.json()["type"].rpartition(":")[2])


def test_a_report_takes_two_persons(service: Service, people: dict[str, Client]) -> None:
    case = claimed(people, opened(service))
    proposed = act(people["ann"], case, "decision", decision="report", reason="Structured.").json()
    assert (proposed["state"], proposed["decision"], proposed["possible"]) == (
        "proposed",
        "report",
        ["note", "approve"],
    )
    own = act(people["ann"], case, "approval", approve=True, reason="Fine.")
    assert (own.status, kind(own)) == (409, "another_person")
    done = act(people["ben"], case, "approval", approve=True, reason="Agreed.").json()
    assert (done["state"], done["decision"]) == ("decided", "report")
    assert done["decided_by"] not in (None, done["proposed_by"])
    assert [one["event"] for one in done["history"]] == ["opened", "claimed", "proposed", "approved"]
    assert all(one["release"].startswith("sha256:") and one["actor"] for one in done["history"])
    AlertCaseBody.model_validate(done)
    assert people["ben"].get(f"/v1/cases/{case['id']}").json() == done
    assert service.ledger.verify().ok


@pytest.mark.parametrize("decision", ["false_positive", "explained", "monitor"])
def test_what_is_not_grave_is_decided_by_one(service: Service, people: dict[str, Client], decision: str) -> None:
    case = claimed(people, opened(service))
    done = act(people["ann"], case, "decision", decision=decision, reason="Seen.").json()
    assert (done["state"], done["decision"]) == ("decided", decision)
    again = act(people["ben"], case, "reopen", reason="Doubts.").json()
    assert (again["state"], again["claimed_by"], again["decision"]) == ("open", None, None)


def test_a_high_one_is_neither_cleared_nor_confirmed_by_one(service: Service, people: dict[str, Client]) -> None:
    for decision in ("false_positive", "confirm_match"):
        case = claimed(people, opened(service, match(subject=next(SUBJECTS), severity="high")))
        reply = act(people["ann"], case, "decision", decision=decision, reason="Seen.").json()
        assert reply["state"] == "proposed"


def test_a_report_is_due_when_the_law_of_the_payment_says(
    service: Service, people: dict[str, Client], client: Client
) -> None:
    """31 CFR 1020.320: thirty days from the suspicion, which is formed when the report is proposed."""
    body = {
        "amount": "9500.00", "currency": "USD", "payment": {"instrument": "credit_transfer", "issuer_country": "US"},
        "obliged_entity": {"role": "bank", "country": "US"}, "payer": {"id": "c-7", "country": "US", "type": "individual"},
    }  # fmt: skip
    decision = client.post("/v1/preflight?domains=aml", body).json()
    case = claimed(people, opened(service, alert(subject=next(SUBJECTS), evidence=(decision["id"],))))
    proposed = act(people["ann"], case, "decision", decision="report", reason="Structured.").json()
    (report,) = proposed["history"][-1]["details"]["reports"]
    assert (report["code"], report["authority"], report["due"]) == ("SAR", "FinCEN", "2026-12-26")
    assert (proposed["due_at"], proposed["overdue"]) == ("2026-12-27T00:00:00+00:00", False)


def test_new_evidence_takes_a_proposal_back(service: Service, people: dict[str, Client]) -> None:
    case = claimed(people, opened(service))
    seen = act(people["ann"], case, "decision", decision="report", reason="Structured.").json()
    opened(service, alert("scenario.other", seen["subject"]))
    late = act(people["ben"], case, "approval", f"?number={seen['number']}", approve=True, reason="Agreed.")
    assert (late.status, kind(late)) == (409, "case_moved")
    blind = act(people["ben"], case, "approval", approve=True, reason="Agreed.")
    assert (blind.status, kind(blind)) == (409, "not_possible")


def test_who_approves_is_shown_what_came_since_it_was_proposed(service: Service, people: dict[str, Client]) -> None:
    case = claimed(people, opened(service, alert(subject=next(SUBJECTS), evidence=("dec_1", "dec_2"))))
    seen = act(people["ann"], case, "decision", decision="report", reason="Structured.").json()
    assert seen["since_proposed"] == []
    opened(service, alert(subject=seen["subject"], evidence=("dec_1", "dec_2")))
    grown = alert(subject=seen["subject"], evidence=("dec_2", "dec_3"))
    service.ledger.alerts.tell([Told(grown)], Occasion(NOW, service.packs.release.digest, service.monitor().new_case))
    late = act(people["ben"], case, "approval", f"?number={seen['number']}", approve=True, reason="Agreed.")
    assert (late.status, kind(late)) == (409, "case_moved")
    shown = people["ben"].get(f"/v1/cases/{case['id']}").json()
    assert (shown["state"], shown["proposed_by"]) == ("proposed", seen["proposed_by"])
    (later,) = shown["since_proposed"]
    assert (later["alert"], later["evidence"]) == (shown["evidence"][0]["id"], ["dec_3"])
    AlertCaseBody.model_validate(shown)
    done = act(people["ben"], case, "approval", f"?number={shown['number']}", approve=True, reason="Agreed.").json()
    assert (done["state"], len(done["since_proposed"])) == ("decided", 1)


def test_a_case_of_another_is_left_or_taken_over_with_a_reason(service: Service, people: dict[str, Client]) -> None:
    case = claimed(people, opened(service))
    assert kind(act(people["ben"], case, "decision", decision="monitor", reason="r")) == "another_person"
    assert kind(act(people["ben"], case, "claim")) == "another_person"
    assert act(people["ben"], case, "claim", reason="Ann is on leave.").json()["history"][-1]["event"] == "taken_over"
    noted = act(people["ann"], case, "notes", text="Call me about it.").json()
    assert (noted["state"], noted["history"][-1]["reason"]) == ("claimed", "Call me about it.")


def test_the_same_request_is_answered_the_same_again(service: Service, people: dict[str, Client]) -> None:
    case, headers = opened(service), {"idempotency-key": "k-1"}
    path = f"/v1/cases/{case['id']}/claim"
    first, again = (people["ann"].post(path, {}, headers) for _ in range(2))
    assert (again.body, again.headers["idempotent-replayed"]) == (first.body, "true")
    assert people["ann"].post(path, {"reason": "other"}, headers).status == 422
    elsewhere = people["ann"].post(f"/v1/cases/{case['id']}/notes", {"text": "x"}, headers)
    assert elsewhere.status == 200, "a key belongs to one route"


@pytest.mark.parametrize(
    ("what", "body", "pointer"),
    [
        ("decision", {"decision": "delisted", "reason": "r"}, "/decision"),
        ("decision", {"decision": "report"}, "/reason"),
        ("decision", {"decision": "report", "reason": "  "}, "/reason"),
        ("approval", {"approve": "yes", "reason": "r"}, "/approve"),
        ("notes", {"text": "a\0b"}, "/text"),
        ("claim", {"by": "me"}, "/by"),
    ],
)
def test_a_body_that_is_not_wanted_moves_nothing(
    service: Service, people: dict[str, Client], what: str, body: dict[str, Any], pointer: str
) -> None:
    case = opened(service)
    reply = act(people["ann"], case, what, **body)
    assert reply.status == 422
    assert {one for one, _ in reply.codes()} == {pointer}
    assert people["ann"].get(f"/v1/cases/{case['id']}").json()["number"] == 1


def test_lists_are_paged_and_narrowed(service: Service, people: dict[str, Client]) -> None:
    case = opened(service, severity="high")
    found = people["ann"].get(f"/v1/cases?subject={case['subject']}&severity=high&state=open").json()
    AlertCasePage.model_validate(found)
    assert [one["id"] for one in found["data"]] == [case["id"]]
    opened(service)
    first = people["ann"].get("/v1/cases?limit=1").json()
    second = people["ann"].get(f"/v1/cases?limit=1&after={first['next']}").json()
    assert first["data"][0]["id"] < second["data"][0]["id"]
    alerts = people["ann"].get(f"/v1/alerts?subject={case['subject']}").json()
    AlertPage.model_validate(alerts)
    (told,) = alerts["data"]
    assert people["ann"].get(f"/v1/alerts/{told['id']}").json() == told
    assert people["ann"].get("/v1/cases?state=lost").status == 422
    assert people["ann"].get("/v1/cases/case_0").status == people["ann"].get(f"/v1/alerts/al_{'0' * 32}").status == 404


PATHS = (
    "/v1/cases",
    "/v1/cases/case_0",
    "/v1/alerts",
    f"/v1/alerts/al_{'0' * 32}",
    "/v1/clearances",
    "/v1/clearances/clr_0",
)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("scope", [one for one in Scope if one is not Scope.REVIEW])
def test_only_who_reviews_sees_anything(
    service: Service, make_client: Callable[..., Client], path: str, scope: Scope
) -> None:
    """Whoever asks for decisions on behalf of a merchant must not learn what is suspected."""
    _, secret = service.ledger.keys.create([scope], scope.value)
    other = make_client(service, secret=secret)
    assert other.get(path).status == 403


def test_nobody_is_tipped_off(service: Service, people: dict[str, Client], client: Client) -> None:
    """The answer about a payer is the same, byte for byte but for ids and times, whether or not a case about them stands."""
    payment = sample("eu-low-value") | {"locale": "en"}
    payment["payer"] = {**payment["payer"], "id": next(SUBJECTS)}

    def answer() -> dict[str, Any]:
        found: dict[str, Any] = client.post("/v1/preflight?domains=sca,aml", payment).json()
        return {name: value for name, value in found.items() if name not in {"id", "evaluated_at"}}

    before = answer()
    case = opened(service, alert(subject=payment["payer"]["id"], severity="high"))
    act(people["ann"], case, "claim")
    after = answer()
    assert after == before
    for word in (b"case_", b"al_", b"alert", b"scenario.pass"):
        assert word not in orjson.dumps(after["message"])
    decision = client.post("/v1/preflight?domains=sca", payment).json()["id"]
    shown = (
        people["reader"].get(f"/v1/decisions/{decision}").body
        + people["reader"].get(f"/v1/decisions/{decision}/explanation").body
    )
    assert case["id"].encode() not in shown


# -- clearances ---------------------------------------------------------------------------------------------------------


def _clearance(client: Client, people: dict[str, Client], **changes: Any) -> Reply:
    screening = client.post("/v1/screenings", {**MONA, "subject": next(SUBJECTS)}).json()
    body = {
        "screening": screening["id"], "entry": "UN-SC:1", "reason": "Born in another year.",
        "expires_at": (NOW + timedelta(days=180)).isoformat(),
    }  # fmt: skip
    return people["ann"].post("/v1/clearances", body | changes)


def test_a_clearance_takes_a_match_away_once_another_person_agrees(client: Client, people: dict[str, Client]) -> None:
    made = _clearance(client, people).json()
    ClearanceBody.model_validate(made)
    question = {**MONA, "subject": made["subject"]}
    assert (made["holds"], made["features"]) == (False, ["name:Mona Listed:Mona Listed"])
    assert client.post("/v1/screenings", question).json()["verdict"] == "review"
    path = f"/v1/clearances/{made['id']}"
    own = people["ann"].post(f"{path}/approval", {"reason": "Fine."})
    assert (own.status, kind(own)) == (409, "another_person")
    assert people["ben"].post(f"{path}/approval", {"reason": "Passport seen."}).json()["holds"] is True
    cleared = client.post("/v1/screenings", question).json()
    assert (cleared["verdict"], cleared["matches"][0]["cleared_by"]) == ("clear", made["id"])
    for other in ({**question, "country": "DE"}, {**question, "subject": "c-x"}, MONA):
        assert client.post("/v1/screenings", other).json()["verdict"] == "review"
    assert people["ann"].post(f"{path}/revoke", {"reason": "Forged."}).json()["holds"] is False
    assert client.post("/v1/screenings", question).json()["verdict"] == "review"
    assert kind(people["ben"].post(f"{path}/approval", {"reason": "Again."})) == "not_possible"


def test_clearances_are_listed_and_shown(client: Client, people: dict[str, Client]) -> None:
    made = _clearance(client, people).json()
    found = people["ben"].get(f"/v1/clearances?subject={made['subject']}").json()
    ClearancePage.model_validate(found)
    assert found == {"data": [made], "next": None}
    assert people["ben"].get(f"/v1/clearances/{made['id']}").json() == made
    assert people["ben"].post("/v1/clearances/clr_0/approval", {"reason": "r"}).status == 404


def test_only_a_match_of_a_screening_with_a_subject_is_cleared_and_not_for_ever(
    client: Client, people: dict[str, Client]
) -> None:
    reply = _clearance(client, people, screening="scr_0", expires_at=NOW.isoformat())
    assert reply.codes() == {("/screening", "not_known"), ("/expires_at", "instant_range")}
    nobodys = client.post("/v1/screenings", {"name": "Mona Listed"}).json()["id"]
    reply = _clearance(
        client, people, screening=nobodys, entry="UN-SC:9", expires_at=(NOW + timedelta(days=367)).isoformat()
    )
    assert reply.codes() == {
        ("/screening", "subject_missing"), ("/entry", "not_known"), ("/expires_at", "instant_range"),
    }  # fmt: skip


# -- given back, counted, and what was paid -----------------------------------------------------------------------------


def test_a_case_is_given_back_by_whoever_has_it(service: Service, people: dict[str, Client]) -> None:
    case = claimed(people, opened(service))
    assert "release" in case["possible"]
    assert kind(act(people["ben"], case, "release", reason="Mine.")) == "another_person"
    back = act(people["ann"], case, "release", reason="On leave.").json()
    assert (back["state"], back["claimed_by"], back["history"][-1]["event"]) == ("open", None, "released")
    assert kind(act(people["ann"], case, "release", reason="Again.")) == "not_possible"
    assert act(people["ben"], case, "claim").status == 200
    assert service.ledger.verify().ok


def test_cases_are_counted_for_whoever_asks(service: Service, people: dict[str, Client]) -> None:
    before = {who: people[who].get("/v1/cases/totals").json() for who in ("ann", "ben")}
    case = claimed(people, opened(service, severity="high"))
    act(people["ann"], case, "decision", decision="report", reason="Structured.")
    opened(service)
    after = {who: people[who].get("/v1/cases/totals").json() for who in ("ann", "ben")}
    more = {who: {name: after[who][name] - before[who][name] for name in after[who]} for who in after}
    nothing = dict.fromkeys(after["ann"], 0)
    assert more["ann"] == {**nothing, "open": 1, "proposed": 1, "high": 1, "mine": 1}
    assert more["ben"] == {**nothing, "open": 1, "proposed": 1, "high": 1, "to_approve": 1}
    assert people["reader"].get("/v1/cases/totals").status == 403


def test_cases_are_listed_by_several_states_and_from_either_end(service: Service, people: dict[str, Client]) -> None:
    case = claimed(people, opened(service))
    ann = people["ann"]
    newest = ann.get("/v1/cases?state=open&state=claimed&order=newest&limit=1").json()["data"]
    assert [one["id"] for one in newest] == [case["id"]]
    assert ann.get(f"/v1/cases?subject={case['subject']}&state=decided&state=open").json()["data"] == []
    assert ann.get(f"/v1/cases?subject={case['subject']}&overdue=true").json()["data"] == []


def test_the_payments_in_evidence_are_shown_in_their_order(
    service: Service, people: dict[str, Client], client: Client
) -> None:
    made = [client.post("/v1/preflight?domains=aml", sample("eu-low-value")).json() for _ in range(2)]
    found = opened(service, alert(subject=next(SUBJECTS), evidence=(*(one["id"] for one in made), "dec_unknown")))
    path = f"/v1/cases/{found['id']}/payments"
    page = people["ann"].get(path).json()
    CasePaymentPage.model_validate(page)
    first, second, lost = page["data"]
    assert [first["decision"], second["decision"]] == [one["id"] for one in made]
    assert (first["amount"], first["currency"], first["outcome"]) == ("24.90", "EUR", made[0]["outcome"])
    assert (lost["readable"], lost["amount"], lost["decision"]) == (False, None, "dec_unknown")
    assert (
        first["alerts"]
        == second["alerts"]
        == lost["alerts"]
        == [people["ann"].get(f"/v1/cases/{found['id']}").json()["evidence"][0]["id"]]
    )
    part = people["ann"].get(f"{path}?limit=2").json()
    assert (len(part["data"]), part["next"]) == (2, made[1]["id"])
    rest = people["ann"].get(f"{path}?after={part['next']}").json()
    assert ([one["decision"] for one in rest["data"]], rest["next"]) == (["dec_unknown"], None)
    assert people["reader"].get(path).status == 403


def test_clearances_are_listed_by_where_they_stand(people: dict[str, Client], client: Client) -> None:
    made = client.post("/v1/screenings", {**MONA, "subject": "standing"}).json()["id"]
    one = _clearance(client, people, screening=made, expires_at=(NOW + timedelta(days=3)).isoformat()).json()

    def states() -> dict[str, bool]:
        ask = people["ben"].get
        names = ("proposed", "holding", "lapsed", "revoked")
        return {
            name: any(
                each["id"] == one["id"] for each in ask(f"/v1/clearances?subject=standing&state={name}").json()["data"]
            )
            for name in names
        }

    assert [name for name, there in states().items() if there] == [one["state"]] == ["proposed"]
    people["ben"].post(f"/v1/clearances/{one['id']}/approval", {"reason": "Seen."})
    assert [name for name, there in states().items() if there] == ["holding"]
    people["ben"].post(f"/v1/clearances/{one['id']}/revoke", {"reason": "Doubt."})
    assert [name for name, there in states().items() if there] == ["revoked"]


# -- the document -------------------------------------------------------------------------------------------------------

MODELS: dict[str, Any] = {
    "/v1/screenings": ScreeningBody, "/v1/screenings/{screening_id}": ScreeningBody, "/v1/alerts": AlertPage,
    "/v1/alerts/{alert_id}": AlertBody, "/v1/cases": AlertCasePage, "/v1/clearances": ClearancePage,
    "/v1/cases/totals": CaseTotalsBody, "/v1/cases/{case_id}/payments": CasePaymentPage,
}  # fmt: skip


@pytest.mark.parametrize(("path", "method"), sorted(case_examples.answers()))
def test_the_examples_are_of_their_models(path: str, method: str) -> None:
    example = case_examples.answers()[path, method]
    model = MODELS.get(path, AlertCaseBody if path.startswith("/v1/cases") else ClearanceBody)
    if (path, method) == ("/v1/clearances", "post"):
        model = ClearanceBody
    if (path, method) == ("/v1/screenings", "get"):
        model = ScreeningPage
    model.model_validate(example)


def test_every_route_of_the_room_has_its_examples() -> None:
    rooms = ("/v1/screenings", "/v1/alerts", "/v1/cases", "/v1/clearances")
    paths = describe(bare_app())["paths"]
    routes = {(path, method) for path, methods in paths.items() if path.startswith(rooms) for method in methods}
    assert routes == set(case_examples.answers())
    assert {route for route in routes if route[1] == "post"} == set(case_examples.requests())


def test_what_is_counted_is_told(service: Service, people: dict[str, Client], client: Client) -> None:
    opened(service)
    worker = service.monitor()
    worker.evaluate_graphs = lambda _events: ()
    worker.run_once()
    text = client.get("/metrics").body.decode()
    assert 'lexgate_alerts_total{kind="scenario",severity="medium"}' in text
    assert 'lexgate_cases{state="open"}' in text
    assert 'lexgate_monitor_lag_rows{consumer="intake"} 0.0' in text
    assert 'lexgate_monitor_lag_seconds{consumer="scenarios"}' in text
    assert re.search(r"lexgate_monitor_graphs_timestamp_seconds \d", text)
