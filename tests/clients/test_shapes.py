"""The types of the Python client are those of the OpenAPI document: no field is missing, none is made up."""

from __future__ import annotations

from functools import cache
from typing import Any, get_type_hints

import pytest
from pydantic import BaseModel

from api.app import bare_app
from api.openapi import describe
from api.problems import _TITLES as PROBLEMS
from lexgate_client import (
    _beside,
    _data_question,
    _decision,
    _found,
    _party,
    _payment,
    _screened,
    _tax,
    _tax_parts,
    _transaction,
    _verdicts,
    errors,
)
from lexgate_client._model import Answer, Meta, Part

OTHER_NAMES = {
    "Decision": "DecisionBody", "Summary": "DecisionSummary", "Replay": "ReplayBody", "ToldEvent": "EventBody",
    "Calculation": "CalculationBody", "ReversedLine": "ReversedLineBody", "Reversal": "ReversalBody",
    "TaxTransaction": "TransactionBody", "Rate": "RateBody", "Rates": "RatesBody", "Thresholds": "ThresholdsBody",
    "TaxNumberFound": "IdAnswer", "TaxNumber": "IdQuestion", "ScreeningReason": "ReasonBody", "Screened": "ScreeningBody",
    "ScreeningMatch": "MatchBody", "Merchant": "MerchantBody", "Key": "KeyBody", "KeyRate": "RateBody", "Problem": "ProblemBody",
    "Fault": "FaultBody",
}  # fmt: skip
OWN = {"BatchLine", "Page", "DecisionsWanted", "Answer", "Part"}
PARTLY = {
    "ErasedDecision": "DecisionSummary",
    "Change": "api__change_schemas__ChangeBody",
    "TaxQuestion": "TaxQuestion",
}
"""Some of the fields; the others are reached as well."""
ONLY_HERE = {"DecisionBody": {"livemode"}, "DecisionSummary": {"livemode"}}
MODULES = (
    _beside, _data_question, _decision, _found, _party, _payment, _screened, _tax, _tax_parts, _transaction, _verdicts, errors,
)  # fmt: skip


@cache
def schemas() -> dict[str, Any]:
    found: dict[str, Any] = describe(bare_app())["components"]["schemas"]
    return found


def shapes() -> dict[str, set[str]]:
    """Every type of the client that goes over the wire, with its fields as the wire names them."""
    found: dict[str, set[str]] = {}
    for module in MODULES:
        for name, one in vars(module).items():
            if not isinstance(one, type) or one.__module__ != module.__name__ or name in OWN or name.startswith("_"):
                continue
            if issubclass(one, BaseModel):
                found[name] = {field.alias or key for key, field in one.model_fields.items()}
            elif issubclass(one, dict):
                found[name] = set(get_type_hints(one))
    return found


SHAPES = shapes()


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_a_type_has_the_fields_of_the_document(name: str) -> None:
    if name in PARTLY:
        assert SHAPES[name] <= set(schemas()[PARTLY[name]]["properties"])
        return
    wire = OTHER_NAMES.get(name, name)
    # The document tells two types of one name apart by their modules, and what is read from what is written.
    fitting = [
        one
        for one in schemas()
        if wire in (one, one.rpartition("__")[2], one.removesuffix("-Input").removesuffix("-Output"))
    ]
    wanted = [set(schemas()[one]["properties"]) for one in fitting]
    assert wanted, f"{wire} is not in the document"
    assert any(SHAPES[name] - ONLY_HERE.get(wire, set()) == one - ONLY_HERE.get(wire, set()) for one in wanted), (
        wire,
        wanted,
    )


def test_all_were_looked_at() -> None:
    assert len(SHAPES) > 80
    assert {"Transaction", "Decision", "Party", "Line", "TaxLine", "Calculation", "Reversal"} <= set(SHAPES)


@pytest.mark.parametrize("kind", sorted(PROBLEMS))
def test_a_problem_has_a_type_of_its_status(kind: str) -> None:
    status, title = PROBLEMS[kind]
    told = {"type": f"urn:lexgate:problem:{kind}", "title": title, "status": status, "detail": ""}
    found = errors.refusal(told, Meta(status, None))
    assert (found.kind, found.status) == (kind, status)
    assert isinstance(found, errors.BY_STATUS[status])
    assert type(found) is not errors.Refused


def test_answers_are_frozen_and_take_what_is_younger() -> None:
    assert Part.model_config["frozen"]
    assert Part.model_config["extra"] == "allow"
    with pytest.raises(RuntimeError, match="answer of its own"):
        _ = Answer().meta
