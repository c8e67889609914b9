"""A return is filed once, kept as it was, and decides from then on where corrections go."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import orjson
import pytest

from tests.api.client import Reply
from tests.api.taxes import Shop, book, lone_shop, small_law

__all__ = ["lone_shop", "small_law"]

IN_JANUARY = "2027-01-05T09:00:00+00:00"
AFTER_DUE = "2027-02-01T00:00:00+00:00"


def file(shop: Shop, merchant: str, label: str = "2026-Q4", key: str | None = None, **more: Any) -> Reply:
    body = {"merchant": merchant, "scheme": "oss", "period": label, **more}
    return shop.client.post("/v1/tax/returns", body, {"Idempotency-Key": key} if key else {})


def drawn(shop: Shop, merchant: str, label: str = "2026-Q4", scheme: str = "oss", more: str = "") -> Any:
    return shop.get(f"/v1/tax/returns?merchant={merchant}&scheme={scheme}&period={label}{more}")


def test_a_return_is_kept_as_it_was_filed(lone_shop: Shop) -> None:
    shop = lone_shop
    merchant = shop.merchant()
    sold = shop.sell(book(merchant))
    with shop.at(IN_JANUARY):
        shown = drawn(shop, merchant)
        reply = file(shop, merchant, reference="OSS-4711", key="q4")
        assert reply.status == 200, reply.json()
        found = reply.json()
        assert (found["return"], found["return"]["filed"]) == (shown, None)
        assert (found["documents"], found["version"], found["corrects"]) == ([sold["id"]], 1, None)
        body = orjson.dumps(found["return"], option=orjson.OPT_SORT_KEYS) + b"\0" + orjson.dumps(found["documents"])
        assert found["digest"] == "sha256:" + sha256(body).hexdigest()
        assert file(shop, merchant, reference="OSS-4711", key="q4").body == reply.body
        kept = shop.client.get(f"/v1/tax/returns/filed/{found['id']}")
        assert kept.body == reply.body
        table = shop.client.get(f"/v1/tax/returns/filed/{found['id']}?format=csv")
        assert table.headers["content-type"].startswith("text/csv")
        (listed,) = shop.get(f"/v1/tax/returns/filed?merchant={merchant}")["data"]
        assert listed == {key: value for key, value in found.items() if key not in ("documents", "return")}
        again = drawn(shop, merchant)
        assert again["filed"] == {"id": found["id"], "version": 1, "filed_on": "2027-01-05"}
        assert {**again, "filed": None} == shown
    assert shop.service.ledger.verify().ok


def test_a_sale_told_after_an_early_filing_is_a_correction_in_the_next_return(lone_shop: Shop) -> None:
    """Filed on 5 January, due on 31 January; told on 6 January: the return of the quarter is closed all the same."""
    shop = lone_shop
    merchant = shop.merchant()
    shop.sell(book(merchant, amount="105.50"))
    with shop.at(IN_JANUARY):
        assert file(shop, merchant).status == 200
    with shop.at("2027-01-06T09:00:00+00:00"):
        shop.sell(book(merchant, amount="211.00"))
        assert drawn(shop, merchant)["total"] == "5.50"
        following = drawn(shop, merchant, "2027-Q1")
        assert following["rows"] == []
        (correction,) = following["corrections"]
        assert (correction["country"], correction["original_period"], correction["vat_amount"]) == (
            "FR",
            "2026-Q4",
            "11.00",
        )
        assert [one["difference"] for one in following["reconciliation"]] == ["0.00"]


def test_without_a_filing_it_would_still_be_in_its_own_quarter(lone_shop: Shop) -> None:
    shop = lone_shop
    merchant = shop.merchant()
    with shop.at("2027-01-06T09:00:00+00:00"):
        shop.sell(book(merchant, amount="211.00"))
        assert (drawn(shop, merchant)["total"], drawn(shop, merchant, "2027-Q1")["corrections"]) == ("11.00", [])


def test_a_refund_says_into_which_return_it_goes_by_what_was_filed(lone_shop: Shop) -> None:
    shop = lone_shop
    merchant = shop.merchant()
    sold = shop.sell(book(merchant, amount="105.50"))
    with shop.at(IN_JANUARY):
        assert file(shop, merchant).status == 200
        told = shop.back(sold["id"])(mode="partial", amount="10.55", at="2026-12-30T12:00:00+01:00").json()
        assert told["declared"] == [{"scheme": "oss", "original_period": "2026-Q4", "declared_in": "2027-Q1"}]
        assert [one["vat_amount"] for one in drawn(shop, merchant, "2027-Q1")["corrections"]] == ["-0.55"]


def test_a_return_is_filed_once(lone_shop: Shop) -> None:
    shop = lone_shop
    merchant = shop.merchant()
    shop.sell(book(merchant))
    with shop.at(IN_JANUARY):
        first = file(shop, merchant).json()
        again = file(shop, merchant)
        assert (again.status, again.json()["type"]) == (409, "urn:lexgate:problem:already_filed")
        assert first["id"] in again.json()["detail"]


def test_a_corrected_return_takes_its_place_until_it_is_due(lone_shop: Shop) -> None:
    shop = lone_shop
    merchant = shop.merchant()
    shop.sell(book(merchant, amount="105.50"))
    with shop.at(IN_JANUARY):
        first = file(shop, merchant).json()
        shop.sell(book(merchant, amount="211.00"))
        wrong = file(shop, merchant, corrects="ret_other")
        assert (wrong.status, wrong.codes()) == (422, {("/corrects", "not_the_last")})
        second = file(shop, merchant, corrects=first["id"]).json()
        assert (second["version"], second["return"]["total"], len(second["documents"])) == (2, "16.50", 2)
        assert file(shop, merchant, corrects=first["id"]).status == 422, "it is not the last one any more"
        assert drawn(shop, merchant)["total"] == "16.50"
        assert drawn(shop, merchant, "2027-Q1")["corrections"] == []
        listed = shop.get(f"/v1/tax/returns/filed?merchant={merchant}&limit=1")
        assert [one["version"] for one in listed["data"]] == [1]
        (last,) = shop.get(f"/v1/tax/returns/filed?merchant={merchant}&limit=1&after={listed['next']}")["data"]
        assert last["id"] == second["id"]
    with shop.at(AFTER_DUE):
        late = file(shop, merchant, corrects=second["id"])
        assert (late.status, late.json()["type"]) == (409, "urn:lexgate:problem:too_late")


def test_a_period_that_is_not_over_cannot_be_filed(lone_shop: Shop) -> None:
    shop = lone_shop
    merchant = shop.merchant()
    shop.sell(book(merchant))
    with shop.at("2026-12-31T23:59:59+00:00"):
        assert file(shop, merchant).json()["type"] == "urn:lexgate:problem:not_over"
    with shop.at("2027-01-01T00:00:00+00:00"):
        assert file(shop, merchant).status == 200


def test_a_return_that_waits_for_a_rate_cannot_be_filed(lone_shop: Shop) -> None:
    shop = lone_shop
    merchant = shop.merchant()
    shop.sell(book(merchant, currency="CHF"))
    with shop.at(IN_JANUARY):
        assert file(shop, merchant).json()["type"] == "urn:lexgate:problem:undecided"


def test_a_british_return_is_filed_with_all_its_boxes_or_not_at_all(lone_shop: Shop) -> None:
    shop = lone_shop
    merchant = shop.merchant(country="GB", registrations=[{"jurisdiction": "GB", "number": "GB1"}])
    question = book(merchant, currency="GBP", amount="120.00", to="GB")
    question["lines"][0] |= {"category": "standard", "ship_from": {"country": "GB"}}
    shop.sell(question)
    with shop.at(IN_JANUARY):
        open_boxes = file(shop, merchant, scheme="uk")
        assert open_boxes.json()["type"] == "urn:lexgate:problem:undecided"
        assert "Boxes 2, 3, 4, 5, 7, 9" in open_boxes.json()["detail"]
        stated = {"input_tax": "5.00", "purchases": "25.00", "acquisition_tax": "0", "acquisitions": "0"}
        reply = file(shop, merchant, scheme="uk", **stated)
        assert reply.json()["return"]["boxes"] == {
            "1": "20.00", "2": "0.00", "3": "20.00", "4": "5.00", "5": "15.00", "6": "100", "7": "25", "8": "0", "9": "0",
        }  # fmt: skip
        across = file(shop, merchant, "2026-12..2027-02", scheme="uk", **stated)
        assert across.json()["type"] == "urn:lexgate:problem:already_filed"
        shown = drawn(shop, merchant, scheme="uk", more="&input_tax=5.00&acquisition_tax=0")
        assert (shown["boxes"]["5"], shown["net"]) == ("15.00", "pay")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"merchant": "never-heard-of"}, 404),
        ({"period": "2026-13"}, 422),
        ({"period": "2026-11"}, 422),
        ({"scheme": "moss"}, 422),
        ({"input_tax": "1.00"}, 422),
        ({"surprise": 1}, 422),
    ],
)
def test_what_cannot_be_filed(lone_shop: Shop, body: dict[str, Any], status: int) -> None:
    merchant = lone_shop.merchant()
    with lone_shop.at(IN_JANUARY):
        whole = {"merchant": merchant, "scheme": "oss", "period": "2026-Q4", **body}
        assert lone_shop.client.post("/v1/tax/returns", whole).status == status
    assert lone_shop.client.get("/v1/tax/returns/filed/ret_none").status == 404
    query = f"merchant={merchant}&scheme=oss&period=2026-Q4&purchases=1"
    assert lone_shop.client.get(f"/v1/tax/returns?{query}").status == 422


def test_two_hands_that_file_at_once_file_one_return(lone_shop: Shop) -> None:
    shop = lone_shop
    merchant = shop.merchant()
    shop.sell(book(merchant))
    with shop.at(IN_JANUARY):
        body = {"merchant": merchant, "scheme": "oss", "period": "2026-Q4"}
        calls = (shop.client.send("POST", "/v1/tax/returns", body) for _ in range(6))
        found = [reply.status for reply in shop.client.together(calls)]
    assert sorted(found) == [200, *[409] * 5]
    assert shop.service.ledger.verify().ok
