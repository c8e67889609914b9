"""Screenings over HTTP: matches with reasons, lists with ages, and never clear by want of a list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from api.screening import Loaded, settled
from api.screening_schemas import ScreeningBody, ScreeningPage
from api.service import Service
from engine.ledger import Scope
from engine.screening.model import Band, Screened
from tests.api.client import Client
from tests.api.screenings import MONA, NOW, Careless, Lists, edition, screens_with
from tests.monitoring.watching import Register


@pytest.fixture
def lists() -> Lists:
    return Lists()


@pytest.fixture
def service(open_service: Callable[..., Service], lists: Lists) -> Service:
    made = open_service()
    made.clock = lambda: NOW
    screens_with(made, lists)
    return made


@pytest.fixture
def client(service: Service, make_client: Callable[..., Client]) -> Client:
    return make_client(service)


def asked(client: Client, body: Any = None, **headers: str) -> dict[str, Any]:
    reply = client.post("/v1/screenings", MONA if body is None else body, headers)
    assert reply.status == 200, reply.body
    found: dict[str, Any] = reply.json()
    ScreeningBody.model_validate(found)
    return found


def test_a_match_comes_with_its_reasons_and_the_list_with_its_age(client: Client) -> None:
    found = asked(client)
    assert (found["verdict"], found["subject"], found["query"]) == (
        "review",
        "c-7",
        {"name": "Mona Listed", "country": "FR"},
    )
    (match,) = found["matches"]
    assert (match["entry"]["id"], match["score"], match["band"]) == ("UN-SC:1", "0.9000", "possible")
    assert match["features"] == [
        {"code": "name", "weight": "0.9000", "queried": "Mona Listed", "listed": "Mona Listed"}
    ]
    assert [(one["list"], one["stale"]) for one in found["lists"]] == [("UN-SC", False)]
    assert [one["code"] for one in found["reasons"]] == ["match_possible"]


def test_whom_no_list_means_is_clear(client: Client) -> None:
    found = asked(client, {"name": "Nobody"})
    assert (found["verdict"], [one["code"] for one in found["reasons"]]) == ("clear", ["no_match"])


def test_what_was_answered_is_stored_and_shown_byte_for_byte(client: Client, service: Service) -> None:
    reply = client.post("/v1/screenings", MONA)
    assert client.get(f"/v1/screenings/{reply.json()['id']}").body == reply.body
    assert client.get("/v1/screenings/scr_0").status == 404
    assert service.ledger.verify().ok


def test_the_same_request_is_answered_the_same_again(client: Client) -> None:
    headers = {"idempotency-key": "k-1"}
    first, again = (client.post("/v1/screenings", MONA, headers) for _ in range(2))
    assert (again.body, again.headers["idempotent-replayed"]) == (first.body, "true")
    assert client.post("/v1/screenings", {"name": "Other"}, headers).status == 422


@pytest.mark.parametrize(
    ("required", "missing", "codes"),
    [((), [], ["no_lists"]), (("UN-SC", "EU-FSF"), ["UN-SC", "EU-FSF"], ["no_lists", "list_missing", "list_missing"])],
)
def test_without_lists_nothing_is_clear(
    client: Client, service: Service, lists: Lists, required: tuple[str, ...], missing: list[str], codes: list[str]
) -> None:
    lists.loaded = False
    screens_with(service, lists, *required)
    found = asked(client, {"name": "Nobody"})
    assert (found["verdict"], found["missing"], [one["code"] for one in found["reasons"]]) == ("review", missing, codes)
    assert found["reasons"][0]["message"] == "Nothing was screened: no list is loaded."


@pytest.mark.parametrize(
    ("found", "required", "verdict"),
    [
        ({}, (), "clear"),
        ({}, ("EU-FSF",), "review"),
        ({"stale": ("UN-SC",)}, (), "review"),
        ({"missing": ("EU-FSF",)}, (), "review"),
        ({"editions": ()}, (), "review"),
        ({"matches": (Register({"1": "A"}).match("1"),)}, (), "review"),
        ({"matches": (Register({"1": "A"}, band=Band.CONFIRMED).match("1"),)}, (), "hit"),
        ({"matches": (Register({"1": "A"}, band=Band.CONFIRMED).match("1"),), "stale": ("UN-SC",)}, (), "hit"),
        ({"matches": (Register({"1": "A"}, band=Band.CLEAR).match("1"),)}, (), "clear"),
    ],
)
def test_a_careless_screener_clears_nothing(
    client: Client, service: Service, found: dict[str, Any], required: tuple[str, ...], verdict: str
) -> None:
    screens_with(service, lambda: Loaded(Careless(**found), "x"), *required)
    assert asked(client)["verdict"] == verdict


def test_a_screeners_own_doubt_stays() -> None:
    assert settled(Screened("review", (), (edition(),))).verdict == "review"
    assert settled(Screened("hit", (), (edition(),))).verdict == "hit"


def test_every_fault_is_told_at_once(client: Client) -> None:
    body = {
        "name": "", "birth_date": "1961-13", "country": "ZZ", "gender": "x", "kind": "robot", "colour": "red",
        "ids": [{"type": "shoe", "value": ""}],
    }  # fmt: skip
    reply = client.post("/v1/screenings", body)
    assert (reply.status, reply.headers["content-type"]) == (422, "application/problem+json")
    assert {pointer for pointer, _ in reply.codes()} == {
        "/name", "/birth_date", "/country", "/gender", "/kind", "/colour", "/ids/0/type", "/ids/0/value",
    }  # fmt: skip


@pytest.mark.parametrize("body", [{}, {"country": "FR"}, {"ids": []}])
def test_nobody_can_be_looked_for_without_a_name_or_a_number(client: Client, body: dict[str, Any]) -> None:
    reply = client.post("/v1/screenings", body)
    assert (reply.status, {code for _, code in reply.codes()}) == (422, {"name_missing"})


@pytest.mark.parametrize(
    ("said", "status"),
    [("1961", 200), ("1961-02", 200), ("1961-02-28", 200), ("1961-02-29", 422), ("61", 422), (1961, 422)],
)
def test_a_birth_date_is_a_day_a_month_or_a_year(client: Client, said: object, status: int) -> None:
    assert client.post("/v1/screenings", {"name": "A", "birth_date": said}).status == status


def test_identity_numbers_are_let_in_and_card_numbers_are_not(client: Client) -> None:
    national = {"ids": [{"type": "national_id", "value": "1234567890123", "country": "TH"}]}
    assert client.post("/v1/screenings", national).status == 200
    assert client.post("/v1/screenings", {"name": "4111 1111 1111 1111"}).status == 422


@pytest.mark.parametrize("scope", [one for one in Scope if one not in (Scope.SCREEN, Scope.REVIEW)])
def test_only_who_may_screen_or_review_sees_a_screening(
    client: Client, service: Service, make_client: Callable[..., Client], scope: Scope
) -> None:
    found = asked(client)
    _, secret = service.ledger.keys.create([scope], scope.value)
    other = make_client(service, secret=secret)
    assert other.post("/v1/screenings", MONA).status == 403
    assert other.get(f"/v1/screenings/{found['id']}").status == 403
    assert other.get("/v1/screenings").status == 403


def test_who_reviews_sees_a_screening_and_makes_none(
    client: Client, service: Service, make_client: Callable[..., Client]
) -> None:
    found = asked(client)
    _, secret = service.ledger.keys.create([Scope.REVIEW], "reviewer")
    reviewer = make_client(service, secret=secret)
    assert reviewer.get(f"/v1/screenings/{found['id']}").json() == found
    assert reviewer.post("/v1/screenings", MONA).status == 403


def test_screenings_are_listed_the_last_one_first_and_by_subject(client: Client) -> None:
    first = asked(client, {**MONA, "subject": "list-1"})
    asked(client, {"name": "Nobody Atall", "subject": "list-2"})
    last = asked(client, {**MONA, "subject": "list-1"})
    page = client.get("/v1/screenings?subject=list-1").json()
    ScreeningPage.model_validate(page)
    assert [one["id"] for one in page["data"]] == [last["id"], first["id"]]
    assert (page["data"][0]["name"], page["data"][0]["matches"], page["data"][0]["best"]) == (
        "Mona Listed",
        1,
        "0.9000",
    )
    whole = client.get("/v1/screenings?limit=1").json()
    assert (whole["data"][0]["id"], whole["next"]) == (last["id"], last["id"])
    (after,) = client.get(f"/v1/screenings?limit=1&after={last['id']}").json()["data"]
    assert (after["subject"], after["matches"], after["best"]) == ("list-2", 0, None)
    assert client.get("/v1/screenings?subject=list-1&verdict=clear").json()["data"] == []
