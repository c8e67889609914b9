"""The document of the interface: OpenAPI 3.1, every status told, and examples that were really answered."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import orjson
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api import (
    case_examples,
    change_examples,
    draft_examples,
    identity_examples,
    onboarding_examples,
    overview_examples,
    tax_examples,
    trial_examples,
)
from api.bundled import samples
from api.gate import SCHEME
from api.problems import MEDIA_TYPE, Fault, refused
from api.schemas import ProblemBody
from api.service import Service
from engine.decide import BUILT, decide
from engine.history import NullHistory
from engine.layouts import decode

DESCRIPTION: Final = """\
Payment law as data: one call before a payment, one true, cited and reproducible answer.

Everything a caller does not state is unknown, never false. Money is a decimal string in major units with its ISO 4217 code
beside it. Refusals are RFC 9457 problems with every fault at once. Lexgate informs; it is not legal advice.
"""

TAGS: Final = [
    {"name": "preflight", "description": "Ask before a payment is made."},
    {"name": "decisions", "description": "What was answered, why, and what became of it."},
    {
        "name": "obligations",
        "description": "What decisions asked somebody to do, by which day, and whether it is done.",
    },
    {"name": "tax", "description": "The life of a tax: calculated, charged, given back, declared."},
    {"name": "merchants", "description": "Who sells: seat, establishments, registrations. Every version is kept."},
    {
        "name": "onboarding",
        "description": "Merchants on their way into service: handed in, looked at, decided by somebody else.",
    },
    {"name": "lists", "description": "What names are held against: editions in force, their age, and what changed."},
    {"name": "screenings", "description": "What the lists say of somebody, scored and with reasons."},
    {
        "name": "cases",
        "description": "What was found after payments, gathered for a person; a report is decided by two. Never for the payer.",
    },
    {"name": "clearances", "description": "Why a match with a list is not meant: bound, dated, approved by another."},
    {"name": "rulepacks", "description": "The law as it is served, and every release of it that ever was."},
    {"name": "law", "description": "The law as people read it: in sentences, with its sources and its doubts."},
    {
        "name": "drafts",
        "description": "Changes to the law: written, checked, approved by others, put in force on their day, taken back.",
    },
    {
        "name": "changes",
        "description": "What regulators published and what it would change: read by a machine, worked on by persons, drafted.",
    },
    {
        "name": "trials",
        "description": "Releases tried before they are in force: in shadow, or as a canary that withdraws itself.",
    },
    {
        "name": "retention",
        "description": "How long records are kept: legal holds, and what no law asks for any more. Never for the payer.",
    },
    {
        "name": "identity",
        "description": "Who may come in: people, sessions, roles, keys. Every change and every refusal is in the chain.",
    },
    {"name": "administration", "description": "Webhooks and their log, sources that are watched, the chain verified."},
    {"name": "operations", "description": "For those who run the service."},
]

FIRST_SAMPLE: Final = "eu-low-value"
_EXAMPLE_ID: Final = "dec_01kavw3e5n7x2v8g4yq0m6tz1b"
_EXAMPLE_NOW: Final = datetime(2026, 11, 22, 9, 15, 1, tzinfo=UTC)
_BEARER: Final = "An API key, or the token of a session: `Authorization: Bearer lx_...`"
_OPEN: Final = ("/healthz", "/readyz", "/metrics")


def document(app: FastAPI, service: Service) -> dict[str, Any]:
    """The document of one service. Its example answer was decided under the release in force."""
    found = describe(app)
    answer = example_answer(service)
    for path, method in (("/v1/preflight", "post"), ("/v1/decisions/{decision_id}", "get")):
        found["paths"][path][method]["responses"]["200"]["content"]["application/json"]["example"] = answer
    for (path, method), example in {
        **tax_examples.answers(service),
        **onboarding_examples.answers(service),
        **case_examples.answers(),
        **change_examples.answers(),
        **draft_examples.answers(),
        **trial_examples.answers(),
        **overview_examples.answers(),
    }.items():
        found["paths"][path][method]["responses"]["200"]["content"]["application/json"]["example"] = example
    for (path, method, status), example in identity_examples.answers().items():
        found["paths"][path][method]["responses"][status]["content"]["application/json"]["example"] = example
    return found


def describe(app: FastAPI) -> dict[str, Any]:
    """The document, but for what takes a service to answer."""
    found = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version="3.1.0",
        description=app.description,
        routes=app.routes,
        tags=app.openapi_tags,
        license_info=app.license_info,
    )
    components = found.setdefault("components", {})
    components["securitySchemes"] = {SCHEME: {"type": "http", "scheme": "bearer", "description": _BEARER}}
    schema = ProblemBody.model_json_schema(ref_template="#/components/schemas/{model}")
    components["schemas"] |= {**schema.pop("$defs"), "ProblemBody": schema}
    _add_examples(found["paths"])
    _add_headers(found["paths"])
    return found


def _add_examples(paths: dict[str, Any]) -> None:
    preflight = paths["/v1/preflight"]["post"]
    requests = {path.stem: {"value": orjson.loads(path.read_bytes())} for path in sorted(samples().glob("*.json"))}
    preflight["requestBody"]["content"]["application/json"]["examples"] = requests
    for (path, method), example in {
        **tax_examples.requests(),
        **onboarding_examples.requests(),
        **case_examples.requests(),
        **change_examples.requests(),
        **draft_examples.requests(),
        **trial_examples.requests(),
        **identity_examples.requests(),
    }.items():
        paths[path][method]["requestBody"]["content"]["application/json"]["example"] = example
    fault = Fault(
        "/amount", "float_refused", 'A JSON float has already lost cents: send a decimal string, such as "25.00"'
    )
    problem = orjson.loads(refused(fault).body("/v1/preflight", "req_0c0ffee000000001"))
    preflight["responses"]["422"]["content"][MEDIA_TYPE]["example"] = problem


def example_answer(service: Service) -> dict[str, Any]:
    """What the first sample is answered today."""
    facts = decode((samples() / f"{FIRST_SAMPLE}.json").read_bytes())
    decided = decide(
        facts,
        service.packs,
        NullHistory(),
        rates=service.rates,
        decision_id=_EXAMPLE_ID,
        now=_EXAMPLE_NOW,
        locale="en",
        domains=BUILT,
    )
    return decided.body


def _add_headers(paths: dict[str, Any]) -> None:
    """Headers that every answer carries, or every answer of a kind."""
    request_id = {"description": "The caller's `X-Request-Id`, or a new one.", "schema": {"type": "string"}}
    release = {"description": "Digest of the release that decided.", "schema": {"type": "string"}}
    replayed = {"description": "`true` where a stored answer is given again.", "schema": {"const": "true"}}
    later = {"description": "Seconds.", "schema": {"type": "integer"}}
    for path, methods in paths.items():
        for operation in methods.values():
            for status, response in operation["responses"].items():
                headers = response.setdefault("headers", {})
                headers["X-Request-Id"] = request_id
                if path not in _OPEN and status == "200":
                    headers["Lexgate-Release"] = release
                    if "409" in operation["responses"]:
                        headers["Idempotent-Replayed"] = replayed
                if status in ("409", "429", "503"):
                    headers["Retry-After"] = later
