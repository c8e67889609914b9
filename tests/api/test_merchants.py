"""Stored merchants: every version kept, and what a caller does not state is taken from the latest."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.taxes import Shop, book, shop, small_law

__all__ = ["shop", "small_law"]

PROFILE = {
    "name": "Books & more", "type": "organisation", "country": "DE", "postal_code": "10115",
    "establishments": [{"country": "FR", "since": "2024-01-01"}],
    "registrations": [{"jurisdiction": "DE", "scheme": "oss", "number": "DE123", "since": "2021-07-01"}],
    "facts": {"small_business": False},
}  # fmt: skip


def test_a_profile_is_kept_and_shown(shop: Shop) -> None:
    reply = shop.put("kept", PROFILE)
    assert (reply.status, reply.json()["version"]) == (200, 1)
    assert shop.get("/v1/merchants/kept") == reply.json() == {
        "id": "kept", "version": 1, "updated_at": "2026-11-22T09:15:00+00:00", **PROFILE,
    }  # fmt: skip


def test_every_change_is_a_version_and_the_same_again_is_none(shop: Shop) -> None:
    shop.put("versions", PROFILE)
    assert shop.put("versions", PROFILE).json()["version"] == 1
    assert shop.put("versions", {"country": "IT"}).json()["version"] == 2
    assert shop.get("/v1/merchants/versions")["country"] == "IT"
    assert "registrations" not in shop.get("/v1/merchants/versions")
    assert shop.get("/v1/merchants/versions?version=1")["country"] == "DE"
    assert shop.client.get("/v1/merchants/versions?version=3").status == 404


def test_the_order_in_which_fields_are_written_makes_no_version(shop: Shop) -> None:
    shop.put("order", PROFILE)
    assert shop.put("order", dict(reversed(PROFILE.items()))).json()["version"] == 1


def test_merchants_are_listed_page_by_page(shop: Shop) -> None:
    for name in ("zz-1", "zz-3", "zz-2"):
        shop.put(name, {"country": "DE"})
    page = shop.get("/v1/merchants?limit=2&after=zz")
    assert [one["id"] for one in page["data"]] == ["zz-1", "zz-2"]
    last = shop.get(f"/v1/merchants?limit=2&after={page['next']}")
    assert ([one["id"] for one in last["data"]], last["next"]) == (["zz-3"], None)


@pytest.mark.parametrize(
    ("profile", "fault"),
    [
        ({"colour": "red"}, ("/colour", "unknown_field")),
        ({"country": "ZZ"}, ("/country", "unknown_place")),
        ({"establishments": [{"region": "DE-BE"}]}, ("/establishments/0/country", "missing")),
        ({"registrations": [{"jurisdiction": "DE", "since": "2026-02-30"}]}, ("/registrations/0/since", "date_range")),
        ({"registrations": [{"scheme": "oss"}]}, ("/registrations/0/jurisdiction", "missing")),
        ({"facts": {"total": 1.5}}, ("/facts", "float_refused")),
        ({"name": "4111 1111 1111 1111"}, ("/name", "pan_refused")),
    ],
)
def test_a_profile_that_cannot_be(shop: Shop, profile: dict[str, Any], fault: tuple[str, str]) -> None:
    reply = shop.put("bad", profile)
    assert (reply.status, reply.codes()) == (422, {fault})
    assert shop.client.get("/v1/merchants/bad").status == 404


@pytest.mark.parametrize("name", ["has space", "-dash", "x" * 65, "umläut"])
def test_an_id_that_cannot_stand_in_a_path(shop: Shop, name: str) -> None:
    assert shop.put(name, {"country": "DE"}).status == 422


# -- used --------------------------------------------------------------------------------------------------------------


def test_a_calculation_takes_from_the_profile_what_is_not_stated(shop: Shop) -> None:
    merchant = shop.merchant()
    question = book(merchant)
    del question["lines"][0]["ship_from"]
    question["lines"][0] |= {"kind": "digital", "category": "standard"}
    found = shop.calculate(question).json()
    assert (found["merchant"], found["profile_version"]) == (merchant, 1)
    assert found["tax"]["lines"][0]["scheme"] == "oss", "from Germany, the profile's seat"


def test_what_is_stated_stands_over_the_profile(shop: Shop) -> None:
    question = book(shop.merchant(), to="IT")
    question["lines"] = [
        {"id": "1", "kind": "digital", "category": "standard", "amount": "10.00", "tax_inclusive": True}
    ]
    question["payee"] |= {"country": "IT"}
    assert shop.calculate(question).json()["tax"]["lines"][0]["scheme"] == "domestic"


def test_a_preflight_takes_from_the_profile_too_and_is_replayed_with_it(shop: Shop) -> None:
    merchant = shop.merchant()
    payment = {"instrument": "card", "channel": "remote", "issuer_country": "FR"}
    question = book(merchant, amount="24.90") | {"amount": "24.90", "payment": payment}
    reply = shop.client.post("/v1/preflight?domains=tax", question)
    assert reply.status == 200, reply.json()
    decision = reply.json()
    assert decision["tax"]["total"] == "1.30"
    shop.put(merchant, {"country": "IT"})
    replayed = shop.client.post(f"/v1/decisions/{decision['id']}/replay").json()
    assert replayed["identical"], replayed["differences"]


def test_a_merchant_that_is_not_stored_is_no_error_but_unknown(shop: Shop) -> None:
    question = book("never-stored")
    found = shop.calculate(question).json()
    assert (found["profile_version"], found["tax"]["verdict"]) == (None, "undecided")
    assert "payee.country" in [one["field"] for one in found["missing"]]


def test_a_changed_profile_holds_at_once_here(shop: Shop) -> None:
    merchant = shop.merchant()
    question = book(merchant, to="IT")
    question["lines"] = [
        {"id": "1", "kind": "digital", "category": "standard", "amount": "10.00", "tax_inclusive": True}
    ]
    assert shop.calculate(question).json()["tax"]["lines"][0]["scheme"] == "oss"
    shop.put(merchant, {"country": "IT"})
    assert shop.calculate(question).json()["tax"]["lines"][0]["scheme"] == "domestic"


def test_a_profile_is_remembered_for_moments_only(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process changed it: this one sees it five seconds later."""
    now = [10**12]
    monkeypatch.setattr("api.merchants.time.monotonic_ns", lambda: now[0])
    profiles = shop.service.profiles
    shop.put("moments", {"country": "DE"})
    assert (profiles("moments") or {})["country"] == "DE"
    shop.service.ledger.merchants.put("moments", b'{"country":"IT"}', shop.clock(), "key_x")
    assert (profiles("moments") or {})["country"] == "DE"
    now[0] += 5 * 10**9 + 1
    assert (profiles("moments") or {})["country"] == "IT"


def test_profiles_are_in_the_chain(shop: Shop) -> None:
    shop.merchant()
    assert shop.service.ledger.verify().ok
