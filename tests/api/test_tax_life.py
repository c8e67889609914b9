"""The life of a tax over HTTP: calculated, committed once, given back and never more than that."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from engine.ledger import Scope
from engine.packs import PackSet
from tests.api.taxes import Shop, book, lone_shop, shop, small_law
from tests.tax.smalllaw import packs

__all__ = ["lone_shop", "shop", "small_law"]


def test_a_german_book_to_france_is_taxed_in_france_to_the_cent(shop: Shop) -> None:
    """The contract's own example: 24.90 with 5.5 percent in it."""
    found = shop.calculate(book()).json()
    tax = found["tax"]
    assert (tax["verdict"], tax["total"], tax["currency"], tax["inclusive"]) == ("determined", "1.30", "EUR", True)
    (line,) = tax["lines"]
    (component,) = line["components"]
    assert (line["country"], line["treatment"], line["scheme"]) == ("FR", "reduced", "oss")
    assert (component["name"], component["rate_percent"]) == ("TVA", "5.5")
    assert (component["taxable_amount"], component["amount"]) == ("23.60", "1.30")
    assert found["id"].startswith("calc_")
    assert found["valid_until"] == "2027-02-20T09:15:00+00:00"


def test_a_whole_transaction_is_taken_as_well(shop: Shop) -> None:
    question = book(amount="24.90", payment={"instrument": "card", "channel": "remote"})
    assert shop.calculate(question).json()["tax"]["total"] == "1.30"


def test_an_amount_without_lines_is_one_line(shop: Shop) -> None:
    question = {key: value for key, value in book().items() if key != "lines"}
    reply = shop.calculate({**question, "amount": "24.90"})
    assert (reply.status, reply.json()["tax"]["verdict"]) == (200, "undecided")
    assert [line["id"] for line in reply.json()["tax"]["lines"]] == ["1"]


@pytest.mark.parametrize(
    ("question", "fault"),
    [
        ({"currency": "EUR"}, ("", "amount_missing")),
        ({"currency": "EUR", "lines": [{"id": "1"}]}, ("", "amount_missing")),
        ({"amount": "1.00"}, ("/currency", "missing")),
        ({"amount": 1.5, "currency": "EUR"}, ("/amount", "float_refused")),
        ({"currency": "JPY", "lines": [{"amount": "1.5"}]}, ("/lines/0/amount", "too_many_decimals")),
        ({"amount": "1.00", "currency": "EUR", "colour": "red"}, ("/colour", "unknown_field")),
        ({"amount": "1.00", "currency": "EUR", "payer": {"country": "ZZ"}}, ("/payer/country", "unknown_place")),
        ({"amount": "1.00", "currency": "EUR", "payment": {"instrument": "card", "card": {"cvv": "123"}}},
         ("/payment/card/cvv", "cvv_refused")),
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_is_refused_and_nothing_is_stored(
    shop: Shop, question: dict[str, Any], fault: tuple[str, str]
) -> None:
    before = shop.service.ledger.verify().rows
    reply = shop.calculate(question)
    assert (reply.status, reply.codes()) == (422, {fault})
    assert shop.service.ledger.verify().rows == before


def test_a_calculation_is_given_again_as_it_was(shop: Shop) -> None:
    reply = shop.calculate(book())
    again = shop.client.get(f"/v1/tax/calculations/{reply.json()['id']}")
    assert again.body == reply.body
    assert again.headers["lexgate-release"] == shop.service.packs.release.digest


def test_a_sale_that_is_no_sale_has_no_tax(shop: Shop) -> None:
    reply = shop.calculate(book(kind="refund"))
    assert reply.json()["tax"]["verdict"] == "not_applicable"
    assert shop.commit(reply.json()["id"]).status == 409


# -- committed --------------------------------------------------------------------------------------------------------


def test_a_calculation_is_committed_and_shown(shop: Shop) -> None:
    calculation = shop.calculate(book()).json()
    reply = shop.commit(calculation["id"], "invoice-7")
    found = reply.json()
    assert reply.status == 200
    assert found["id"].startswith("tax_")
    assert (found["calculation"], found["reference"], found["date"]) == (calculation["id"], "invoice-7", "2026-11-22")
    assert found["charged"] == found["remaining"] == {"net": "23.60", "tax": "1.30", "gross": "24.90"}
    assert found["tax"] == calculation["tax"]
    assert shop.get(f"/v1/tax/transactions/{found['id']}") == found


def test_without_a_reference_it_is_the_calculations(shop: Shop) -> None:
    assert shop.sell(book(reference="ord-77"))["reference"] == "ord-77"


def test_a_calculation_is_committed_once(shop: Shop) -> None:
    calculation = shop.calculate(book()).json()["id"]
    first = shop.commit(calculation).json()["id"]
    again = shop.commit(calculation)
    assert (again.status, again.json()["type"]) == (409, "urn:lexgate:problem:already_committed")
    assert first in again.json()["detail"]


@pytest.mark.parametrize(
    ("when", "status"),
    [("2027-02-20T09:15:00+00:00", 200), ("2027-02-20T09:15:01+00:00", 409)],
    ids=["day 90", "after"],
)
def test_a_calculation_is_valid_for_ninety_days(lone_shop: Shop, when: str, status: int) -> None:
    calculation = lone_shop.calculate(book()).json()["id"]
    with lone_shop.at(when):
        reply = lone_shop.commit(calculation)
    assert reply.status == status
    assert status == 200 or reply.json()["type"] == "urn:lexgate:problem:expired"


def test_what_is_undecided_cannot_be_committed_and_says_where_to_look(shop: Shop) -> None:
    question = book()
    del question["lines"][0]["ship_to"]
    calculation = shop.calculate(question).json()
    assert (calculation["tax"]["verdict"], calculation["tax"]["total"]) == ("undecided", None)
    assert [one["field"] for one in calculation["missing"]] == ["lines.ship_to.country"]
    reply = shop.commit(calculation["id"])
    assert (reply.status, reply.json()["type"]) == (409, "urn:lexgate:problem:undecided")
    assert "missing" in reply.json()["detail"]


@pytest.mark.parametrize("path", ["calculations/calc_x", "transactions/tax_x"])
def test_what_is_not_there_is_404(shop: Shop, path: str) -> None:
    assert shop.client.get(f"/v1/tax/{path}").status == 404


def test_a_calculation_that_never_was_cannot_be_committed(shop: Shop) -> None:
    assert shop.commit("calc_unknown").status == 404


# -- given back -------------------------------------------------------------------------------------------------------


def test_a_full_reversal_gives_everything_back(shop: Shop) -> None:
    sold = shop.sell(book())
    found = shop.back(sold["id"])(mode="full", reference="credit-1").json()
    assert found["id"].startswith("rev_")
    assert found["given_back"] == sold["charged"]
    assert found["remaining"] == {"net": "0.00", "tax": "0.00", "gross": "0.00"}
    assert (found["mode"], found["reference"], found["original_date"]) == ("full", "credit-1", "2026-11-22")
    (line,) = found["lines"]
    assert line["components"] == [
        {"name": "TVA", "jurisdiction": "FR", "rate_percent": "5.5", "taxable_amount": "23.60", "amount": "1.30"}
    ]


def test_partial_reversals_add_up_to_the_whole_and_the_transaction_shows_them(shop: Shop) -> None:
    sold = shop.sell(book())
    taxes = [shop.back(sold["id"])(mode="partial", amount="8.30").json()["given_back"]["tax"] for _ in range(3)]
    assert taxes == ["0.43", "0.44", "0.43"]
    found = shop.get(f"/v1/tax/transactions/{sold['id']}")
    assert found["given_back"] == sold["charged"]
    assert found["remaining"]["gross"] == "0.00"
    assert [one["given_back"]["tax"] for one in found["reversals"]] == taxes


def test_lines_go_back_by_units_and_by_amount(shop: Shop) -> None:
    lines = book()["lines"]
    question = book(
        lines=[{**lines[0], "quantity": "2"}, {**lines[0], "id": "2", "category": "standard", "amount": "12.00"}]
    )
    sold = shop.sell(question)
    found = shop.back(sold["id"])(
        mode="partial", lines=[{"id": "1", "quantity": "1"}, {"id": "2", "amount": "6.00"}]
    ).json()
    assert [(line["id"], line["quantity"], line["gross"], line["tax"]) for line in found["lines"]] == [
        ("1", "1", "12.45", "0.65"),
        ("2", None, "6.00", "1.00"),
    ]


def test_an_amount_without_tax_goes_back_with_the_tax_on_top(shop: Shop) -> None:
    sold = shop.sell(
        book(lines=[{**book()["lines"][0], "category": "standard", "amount": "10.00", "tax_inclusive": False}])
    )
    found = shop.back(sold["id"])(mode="partial", amount="5.00", tax_inclusive=False).json()
    assert found["given_back"] == {"net": "5.00", "tax": "1.00", "gross": "6.00"}


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"mode": "partial", "amount": "24.91"}, ("/amount", "more_than_charged")),
        ({"mode": "partial", "amount": "0.00"}, ("/amount", "too_small")),
        ({"mode": "partial", "amount": "1.001"}, ("/amount", "too_many_decimals")),
        ({"mode": "partial", "lines": [{"id": "1", "amount": "24.91"}]}, ("/lines/0/amount", "more_than_charged")),
        ({"mode": "partial", "lines": [{"id": "9"}]}, ("/lines/0/id", "unknown_line")),
        ({"mode": "partial", "lines": [{"id": "1"}, {"id": "1"}]}, ("/lines/1/id", "line_twice")),
        ({"mode": "partial", "lines": [{"id": "1", "quantity": "1"}]}, ("/lines/0/quantity", "quantity_unknown")),
        ({"mode": "partial"}, ("", "mode_conflict")),
        ({"mode": "partial", "amount": "1.00", "lines": [{"id": "1"}]}, ("", "mode_conflict")),
        ({"mode": "full", "amount": "1.00"}, ("", "mode_conflict")),
        ({"mode": "some"}, ("/mode", "not_allowed")),
        ({}, ("/mode", "missing")),
        ({"mode": "full", "at": "2026-11-21T10:00:00+01:00"}, ("/at", "before_the_sale")),
    ],
)
def test_a_reversal_that_cannot_be_is_refused_where_it_is_wrong(
    shop: Shop, body: dict[str, Any], fault: tuple[str, str]
) -> None:
    sold = shop.sell(book())
    reply = shop.back(sold["id"])(**body)
    assert (reply.status, reply.codes()) == (422, {fault})
    assert shop.get(f"/v1/tax/transactions/{sold['id']}")["reversals"] == []


def test_what_went_back_does_not_go_back_again(shop: Shop) -> None:
    sold = shop.sell(book())
    assert shop.back(sold["id"])(mode="full").status == 200
    reply = shop.back(sold["id"])(mode="full")
    assert (reply.status, reply.codes()) == (422, {("/mode", "nothing_left")})


def test_a_reversal_of_nothing_is_404(shop: Shop) -> None:
    assert shop.back("tax_unknown")(mode="full").status == 404


def test_two_reversals_at_once_never_give_back_the_same_money(shop: Shop) -> None:
    sold = shop.sell(book())
    path = f"/v1/tax/transactions/{sold['id']}/reversals"
    replies = shop.client.together(
        shop.client.send("POST", path, {"mode": "partial", "amount": "10.00", "reference": str(n)}) for n in range(5)
    )
    assert sorted(reply.status for reply in replies) == [200, 200, 422, 422, 422]
    assert shop.get(f"/v1/tax/transactions/{sold['id']}")["given_back"]["gross"] == "20.00"


def test_the_rate_of_the_sale_stands_after_the_law_has_changed(shop: Shop) -> None:
    """Finland went from 24 to 25.5 percent on 1 September 2024."""
    line = {**book(to="FI")["lines"][0], "category": "standard", "amount": "124.00"}
    with shop.at("2024-08-31T12:00:00+00:00"):
        sold = shop.sell(book(to="FI", occurred_at="2024-08-31T12:00:00+03:00", lines=[line]))
    assert sold["charged"]["tax"] == "24.00"
    found = shop.back(sold["id"])(mode="partial", amount="62.00").json()
    assert found["given_back"]["tax"] == "12.00"
    assert found["lines"][0]["components"][0]["rate_percent"] == "24"


def test_a_reversal_says_which_return_it_corrects(shop: Shop) -> None:
    sold = shop.sell(book())
    found = shop.back(sold["id"])(mode="full", at="2027-01-15T12:00:00+01:00").json()
    assert found["declared"] == [{"scheme": "oss", "original_period": "2026-Q4", "declared_in": "2027-Q1"}]


@pytest.mark.parametrize(
    ("currency", "amount", "part", "taxes"),
    [("JPY", "1000", "333", ["30", "31", "30"]), ("KWD", "10.000", "3.333", ["0.159", "0.158", "0.159"])],
)
def test_currencies_without_and_with_three_decimals(
    shop: Shop, currency: str, amount: str, part: str, taxes: list[str]
) -> None:
    place = {"JPY": "JP", "KWD": "KW"}[currency]
    line = {"id": "1", "kind": "goods", "category": "standard", "amount": amount, "tax_inclusive": True,
            "ship_from": {"country": place}, "ship_to": {"country": place}}  # fmt: skip
    sold = shop.sell(book(currency=currency, payee={"country": place}, payer={"country": place}, lines=[line]))
    found = [shop.back(sold["id"])(mode="partial", amount=part).json()["given_back"]["tax"] for _ in range(2)]
    found.append(shop.back(sold["id"])(mode="full").json()["given_back"]["tax"])
    assert found == taxes


# -- once -------------------------------------------------------------------------------------------------------------


def test_the_same_key_and_question_is_one_calculation(shop: Shop) -> None:
    first = shop.calculate(book(), idempotency_key="calc-1")
    again = shop.calculate(book(), idempotency_key="calc-1")
    assert again.body == first.body
    assert again.headers["idempotent-replayed"] == "true"
    assert shop.calculate(book(amount="1.00"), idempotency_key="calc-1").json()["type"].endswith("key_reused")


def test_the_same_key_commits_once_even_after_the_calculation_has_expired(lone_shop: Shop) -> None:
    calculation = lone_shop.calculate(book()).json()["id"]
    first = lone_shop.commit(calculation, idempotency_key="commit-1")
    with lone_shop.at("2027-06-01T00:00:00+00:00"):
        again = lone_shop.commit(calculation, idempotency_key="commit-1")
    assert (again.status, again.body) == (200, first.body)
    assert again.headers["idempotent-replayed"] == "true"
    other = lone_shop.calculate(book()).json()["id"]
    assert lone_shop.commit(other, idempotency_key="commit-1").json()["type"].endswith("key_reused")


def test_the_same_refund_asked_twice_goes_back_once(shop: Shop) -> None:
    sold = shop.sell(book())
    first = shop.back(sold["id"], idempotency_key="back-1")(mode="full")
    again = shop.back(sold["id"], idempotency_key="back-1")(mode="full")
    assert (again.status, again.body) == (200, first.body)
    assert len(shop.get(f"/v1/tax/transactions/{sold['id']}")["reversals"]) == 1


def test_a_key_of_one_transaction_is_not_one_of_another(shop: Shop) -> None:
    one, other = shop.sell(book()), shop.sell(book())
    assert shop.back(one["id"], idempotency_key="back-2")(mode="full").status == 200
    assert shop.back(other["id"], idempotency_key="back-2")(mode="full").json()["type"].endswith("key_reused")


def test_a_refused_request_leaves_its_key_free(shop: Shop) -> None:
    sold = shop.sell(book())
    assert shop.back(sold["id"], idempotency_key="back-3")(mode="partial", amount="99.00").status == 422
    assert shop.back(sold["id"], idempotency_key="back-3")(mode="partial", amount="9.00").status == 200


def test_while_the_first_is_running_the_second_is_409(shop: Shop) -> None:
    (key,) = [one for one in shop.service.ledger.keys.list() if one.name == "test"]
    shop.service.running.add((f"{key.id} /v1/tax/calculations", "busy"))
    reply = shop.calculate(book(), idempotency_key="busy")
    shop.service.running.clear()
    assert (reply.status, reply.json()["type"]) == (409, "urn:lexgate:problem:still_running")
    assert reply.headers["retry-after"] == "1"


# -- who may ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("POST", "/v1/tax/calculations", Scope.TAX),
        ("GET", "/v1/tax/calculations/x", Scope.TAX),
        ("POST", "/v1/tax/calculations/x/replay", Scope.TAX),
        ("POST", "/v1/tax/transactions", Scope.TAX),
        ("GET", "/v1/tax/transactions/x", Scope.TAX),
        ("POST", "/v1/tax/transactions/x/reversals", Scope.TAX),
        ("GET", "/v1/tax/rates?country=FR", Scope.TAX),
        ("GET", "/v1/tax/thresholds?merchant=m", Scope.TAX),
        ("GET", "/v1/tax/returns?merchant=m&scheme=oss&period=2026-Q4", Scope.TAX),
        ("GET", "/v1/merchants", Scope.READ),
        ("GET", "/v1/merchants/x", Scope.READ),
        ("PUT", "/v1/merchants/x", Scope.EDIT),
    ],
)
def test_each_route_wants_its_own_scope(shop: Shop, method: str, path: str, scope: Scope) -> None:
    others = [one for one in Scope if one is not scope]
    secret = f"lx_{method}_{path.replace('/', '_')[:60]}".replace("?", "_").replace("=", "_").replace("&", "_")
    shop.service.ledger.keys.create(others, "narrow", secret)
    headers = {"content-type": "application/json", "authorization": f"Bearer {secret}"}
    reply = shop.client.request(method, path, {}, headers)
    assert (reply.status, scope.value in reply.headers["www-authenticate"]) == (403, True)
    assert shop.client.request(method, path, {}, {**headers, "authorization": "Bearer lx_no"}).status == 401


# -- again, under another law -----------------------------------------------------------------------------------------


def test_a_calculation_done_again_is_the_same_byte_for_byte(shop: Shop) -> None:
    calculation = shop.calculate(book(currency="USD")).json()
    found = shop.client.post(f"/v1/tax/calculations/{calculation['id']}/replay").json()
    assert (found["identical"], found["differences"]) == (True, [])
    assert orjson.dumps(found["calculation"]) == orjson.dumps(calculation)


def test_under_a_release_with_another_rate_the_difference_is_named(shop: Shop, small_law: PackSet) -> None:
    line = {**book(to="DE")["lines"][0], "category": "standard", "amount": "119.00"}
    calculation = shop.calculate(book(to="DE", lines=[line])).json()
    assert calculation["tax"]["total"] == "19.00"
    changed = packs("20")
    shop.service.ledger.remember_release(changed.release, shop.clock())
    path = f"/v1/tax/calculations/{calculation['id']}/replay"
    found = shop.client.post(f"{path}?release={changed.release.digest}").json()
    by_pointer = {one["pointer"]: (one["was"], one["now"]) for one in found["differences"]}
    assert not found["identical"]
    assert by_pointer["/tax/total"] == ("19.00", "19.83")
    assert by_pointer["/tax/lines/0/components/0/rate_percent"] == ("19", "20")
    assert shop.client.post(path).json()["identical"]
    assert shop.get(f"/v1/tax/calculations/{calculation['id']}") == calculation


def test_under_the_law_of_another_day(shop: Shop) -> None:
    line = {**book(to="FI")["lines"][0], "category": "standard", "amount": "125.50"}
    calculation = shop.calculate(book(to="FI", lines=[line])).json()
    assert calculation["tax"]["total"] == "25.50"
    found = shop.client.post(f"/v1/tax/calculations/{calculation['id']}/replay?legal_time=2024-08-31").json()
    assert (found["legal_day"], found["calculation"]["tax"]["total"]) == ("2024-08-31", "24.29")


def test_a_release_that_never_was_in_force_is_404(shop: Shop) -> None:
    calculation = shop.calculate(book()).json()["id"]
    path = f"/v1/tax/calculations/{calculation}/replay?release="
    assert shop.client.post(path + "sha256:" + "0" * 64).status == 404
    assert shop.client.post(path + "latest").status == 404


def test_a_profile_that_changed_since_does_not_change_the_calculation(shop: Shop) -> None:
    """The merchant moved from Germany to Italy: the old calculation keeps the profile that it used."""
    merchant = shop.merchant()
    question = book(merchant, to="IT", kind="sale")
    question["lines"] = [
        {"id": "1", "kind": "digital", "category": "standard", "amount": "12.20", "tax_inclusive": True}
    ]
    calculation = shop.calculate(question).json()
    assert calculation["tax"]["lines"][0]["scheme"] == "oss"
    assert calculation["profile_version"] == 1
    shop.put(merchant, {"country": "IT"})
    assert shop.client.post(f"/v1/tax/calculations/{calculation['id']}/replay").json()["identical"]
    fresh = shop.calculate(question).json()
    assert (fresh["profile_version"], fresh["tax"]["lines"][0]["scheme"]) == (2, "domestic")


def test_the_whole_life_is_in_the_chain(shop: Shop) -> None:
    merchant = shop.merchant()
    sold = shop.sell(book(merchant))
    shop.back(sold["id"])(mode="partial", amount="1.00")
    report = shop.service.ledger.verify()
    assert report.ok, report.first_bad
