"""The document of the interface shows what is really answered about tax."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter

from api import tax_schemas
from api.app import plain_app
from engine.decision import TaxVerdict
from tests.api.taxes import Shop, book, shop, small_law

__all__ = ["shop", "small_law"]

LIFE = "/v1/tax/transactions/{transaction_id}"


@pytest.fixture(scope="module")
def paths(shop: Shop) -> dict[str, Any]:
    """The document of a service under the small law."""
    found: dict[str, Any] = plain_app(shop.service).openapi()["paths"]
    return found


def example(paths: dict[str, Any], path: str, method: str) -> Any:
    return paths[path][method]["responses"]["200"]["content"]["application/json"]["example"]


@pytest.mark.parametrize(
    ("path", "method", "model"),
    [
        ("/v1/tax/calculations", "post", tax_schemas.CalculationBody),
        ("/v1/tax/calculations/{calculation_id}", "get", tax_schemas.CalculationBody),
        ("/v1/tax/calculations/{calculation_id}/replay", "post", tax_schemas.RecalculationBody),
        ("/v1/tax/transactions", "post", tax_schemas.TransactionBody),
        (LIFE, "get", tax_schemas.TransactionBody),
        (f"{LIFE}/reversals", "post", tax_schemas.ReversalBody),
        ("/v1/tax/rates", "get", tax_schemas.RatesBody),
        ("/v1/tax/thresholds", "get", tax_schemas.ThresholdsBody),
        ("/v1/merchants", "get", tax_schemas.MerchantPage),
        ("/v1/merchants/{merchant_id}", "get", tax_schemas.MerchantBody),
        ("/v1/merchants/{merchant_id}", "put", tax_schemas.MerchantBody),
    ],
)
def test_every_route_shows_an_answer_of_its_own_form(paths: dict[str, Any], path: str, method: str, model: Any) -> None:
    TypeAdapter(model).validate_python(example(paths, path, method))


def test_the_examples_tell_one_story(paths: dict[str, Any]) -> None:
    calculation = example(paths, "/v1/tax/calculations", "post")
    transaction = example(paths, "/v1/tax/transactions", "post")
    back = example(paths, f"{LIFE}/reversals", "post")
    returned = example(paths, "/v1/tax/returns", "get")
    assert (calculation["tax"]["total"], transaction["calculation"]) == ("1.30", calculation["id"])
    assert (back["transaction"], back["given_back"]["tax"]) == (transaction["id"], "0.65")
    assert (returned["total"], returned["reconciliation"][0]["difference"]) == ("0.65", "0.00")
    assert example(paths, "/v1/tax/thresholds", "get")["data"][0]["total"]["amount"] == "11.80"


@pytest.mark.parametrize(
    ("path", "method", "model"),
    [
        ("/v1/tax/calculations", "post", tax_schemas.TaxQuestion),
        ("/v1/tax/transactions", "post", tax_schemas.Commit),
        (f"{LIFE}/reversals", "post", tax_schemas.ReversalQuestion),
        ("/v1/merchants/{merchant_id}", "put", tax_schemas.Profile),
    ],
)
def test_every_question_shown_is_one_that_is_taken(paths: dict[str, Any], path: str, method: str, model: Any) -> None:
    asked = paths[path][method]["requestBody"]["content"]["application/json"]["example"]
    TypeAdapter(model).validate_python(asked)


@pytest.mark.parametrize(
    ("path", "method", "statuses"),
    [
        ("/v1/tax/calculations", "post", {"401", "403", "408", "409", "410", "413", "415", "422", "429", "503"}),
        ("/v1/tax/transactions", "post", {"401", "403", "404", "408", "409", "410", "413", "415", "422", "429", "503"}),
        (f"{LIFE}/reversals", "post", {"401", "403", "404", "408", "409", "410", "413", "415", "422", "429", "503"}),
        (LIFE, "get", {"401", "403", "404", "410", "422", "429", "503"}),
        ("/v1/tax/rates", "get", {"401", "403", "404", "422", "429", "503"}),
        ("/v1/tax/returns", "get", {"401", "403", "404", "422", "429", "503"}),
        ("/v1/merchants/{merchant_id}", "put", {"401", "403", "408", "413", "415", "422", "429", "503"}),
    ],
)
def test_every_refusal_is_told(paths: dict[str, Any], path: str, method: str, statuses: set[str]) -> None:
    assert set(paths[path][method]["responses"]) == {"200"} | statuses


def test_a_return_is_told_in_both_forms(paths: dict[str, Any]) -> None:
    assert set(paths["/v1/tax/returns"]["get"]["responses"]["200"]["content"]) == {"application/json", "text/csv"}


def test_answers_are_of_the_form_that_the_document_tells(shop: Shop) -> None:
    merchant = shop.merchant()
    sold = shop.sell(book(merchant))
    back = shop.back(sold["id"])(mode="partial", amount="1.00").json()
    tax_schemas.TransactionBody.model_validate(shop.get(f"/v1/tax/transactions/{sold['id']}"))
    tax_schemas.ReversalBody.model_validate(back)
    tax_schemas.ThresholdsBody.model_validate(shop.get(f"/v1/tax/thresholds?merchant={merchant}"))
    tax_schemas.RatesBody.model_validate(shop.get("/v1/tax/rates?country=FR"))
    TaxVerdict.model_validate(sold["tax"])
