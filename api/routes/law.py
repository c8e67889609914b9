"""The law as people read it: sentences beside expressions, values by their days, sources, doubts, and two places side by side."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Depends, Header, Path, Query, Response

from api.answers import json_answer
from api.gate import Serving, needs
from api.languages import best_language
from api.lawbook.comparing import compared
from api.lawbook.history import history
from api.lawbook.reading import Known, day_of, known_on, law_told, namer, place_of
from api.lawbook.schemas import BesideBody, GridNamePage, GridPage, HistoryBody, JurisdictionPage, LawBody
from api.lawbook.tables import RATES, Wanted, jurisdictions, lines, names
from api.problems import Fault, Problem
from api.routes.decisions import Day
from api.schemas import READS, problems
from engine.ledger import Scope
from engine.packs.model import DOMAINS
from engine.prose import LEXICONS

router = APIRouter(route_class=needs(Scope.READ), tags=["law"])

_CODE = r"^[A-Z]{2,12}(-[A-Z0-9]{1,7}){0,2}$"
Jurisdiction = Annotated[str, Path(pattern=_CODE, description="A country, a part of one, or a group.", examples=["FR"])]
At = Annotated[Day | None, Query(description="As of this day; default: today there.")]
KnownOn = Annotated[
    Day | None, Query(alias="known", description="As it was known at the end of this day (UTC); default: now.")
]
DomainName = Literal["sca", "aml", "kyc", "residency", "methods", "tax"]
InDomain = Annotated[list[DomainName] | None, Query(description="Only these domains; default: all.")]
OneDomain = Annotated[DomainName | None, Query(description="Only this domain.")]
_ParameterName = Annotated[
    str, Path(alias="name", pattern=r"^[a-z][a-z0-9_]{0,119}$", examples=["low_value_single_max"])
]
Many = Annotated[int, Query(ge=1, le=2000, description="How many at most.")]
AfterLine = Annotated[str | None, Query(pattern=r"^[0-9]{1,9}$", description="`next` of the page before.")]


def _language(
    accept_language: Annotated[
        str | None, Header(alias="Accept-Language", description="Language of the sentences: en or zh.")
    ] = None,
) -> str:
    wanted = accept_language.encode("latin-1", "replace") if accept_language else None
    return best_language(wanted, tuple(LEXICONS)) or "en"


Language = Annotated[str, Depends(_language)]


@router.get(
    "/v1/law", response_model=JurisdictionPage, responses={**READS, **problems(404, 422)}, summary="List jurisdictions"
)
def listed(
    service: Serving,
    language: Language,
    at: At = None,
    known: KnownOn = None,
    limit: Many = 2000,
    after: AfterLine = None,
) -> Response:
    """Every country there is, with how much is told of each domain and how surely, and every group that has law."""
    law = known_on(service, known)
    day = at or law.today
    head = {"at": day.isoformat(), "release": law.packs.release.digest, "language": language}
    return json_answer(orjson.dumps({**head, **_paged(jurisdictions(law, day, language), limit, after)}))


@router.get(
    "/v1/law/compare", response_model=BesideBody, responses={**READS, **problems(404, 422)},
    summary="Show the law of two places side by side",
)  # fmt: skip
def beside(
    service: Serving,
    language: Language,
    a: Annotated[str, Query(pattern=_CODE, description="One place.")],
    b: Annotated[str, Query(pattern=_CODE, description="The other place.")],
    at: At = None,
    known: KnownOn = None,
    domain: InDomain = None,
) -> Response:
    """Rules, parameters and rates, each beside its like of the other place: the same, different, or only there. Rules are each
    other's like where the same follows from them."""
    law = known_on(service, known)
    codes = [place_of(law, code) for code in (a, b)]
    days = tuple(day_of(law, service, code, at) for code in codes)
    found = (compared(law, codes[0], codes[1], name, (days[0], days[1]), language) for name in _domains(domain))
    body = {
        "a": _named(law, codes[0], language),
        "b": _named(law, codes[1], language),
        "at": (at or law.today).isoformat(),
        "known": law.on.isoformat(),
        "release": law.told,
        "language": language,
        "domains": [one for one in found if one is not None],
    }
    return json_answer(orjson.dumps(body))


@router.get(
    "/v1/law/grid", response_model=GridPage, responses={**READS, **problems(404, 422)},
    summary="Show one parameter, or one kind of rate, everywhere",
)  # fmt: skip
def grid(
    service: Serving,
    language: Language,
    parameter: Annotated[
        str | None, Query(pattern=r"^[a-z][a-z0-9_]{0,119}$", description="The name of a parameter.")
    ] = None,
    table: Annotated[Literal["rates"] | None, Query(description="In its place: rates of tax.")] = None,
    category: Annotated[str, Query(pattern=r"^[a-z][a-z0-9_]{0,59}$", description="Which rates.")] = "standard",
    domain: OneDomain = None,
    at: At = None,
    known: KnownOn = None,
    limit: Many = 2000,
    after: AfterLine = None,
) -> Response:
    """One line a dated value, of every pack that has one, by the names of the places."""
    if (parameter is None) == (table is None):
        fault = Fault("", "missing", "Name a parameter or a table, and not both", parameter="parameter")
        raise Problem("parameters_refused", "1 fault.", faults=[fault])
    law = known_on(service, known)
    day = at or law.today
    wanted = Wanted(parameter, category if table == RATES else None, domain)
    head = {"at": day.isoformat(), "release": law.packs.release.digest, "language": language}
    return json_answer(orjson.dumps({**head, **_paged(lines(law, wanted, day, language), limit, after)}))


@router.get(
    "/v1/law/parameters", response_model=GridNamePage, responses={**READS, **problems(404, 422)},
    summary="List what can be shown everywhere",
)  # fmt: skip
def named(
    service: Serving, language: Language, domain: OneDomain = None, known: KnownOn = None, limit: Many = 2000,
    after: AfterLine = None,
) -> Response:  # fmt: skip
    """Figures that several packs set, and kinds of rates (`rates:standard`): what most packs have first, by domains."""
    found = [one for one in names(known_on(service, known), language) if domain in (None, one["domain"])]
    return json_answer(orjson.dumps(_paged(found, limit, after)))


@router.get(
    "/v1/law/{jurisdiction}", response_model=LawBody, responses={**READS, **problems(404, 422)},
    summary="Read the law of a place",
)  # fmt: skip
def shown(
    jurisdiction: Jurisdiction,
    service: Serving,
    language: Language,
    at: At = None,
    known: KnownOn = None,
    domain: InDomain = None,
) -> Response:
    """What is in force there on a day, as it was known on a day: rules as clauses beside their expressions, parameters with all
    their values, rates; each with its source, how sure it is, who last checked it, and the pack and line it stands in."""
    law = known_on(service, known)
    code = place_of(law, jurisdiction)
    day = day_of(law, service, code, at)
    told = law_told(law, code, day, language, _domains(domain))
    return json_answer(orjson.dumps(told), law.packs.release.digest)


@router.get(
    "/v1/law/{jurisdiction}/parameters/{name}/history", response_model=HistoryBody,
    responses={**READS, **problems(404, 422)}, summary="Show the history of a parameter",
)  # fmt: skip
def past(
    jurisdiction: Jurisdiction,
    parameter: _ParameterName,
    service: Serving,
    language: Language,
    at: At = None,
    known: KnownOn = None,
) -> Response:
    """Its values by their days, in every pack of the place that sets it; and what earlier releases said of them."""
    law = known_on(service, known)
    code = place_of(law, jurisdiction)
    day = day_of(law, service, code, at)
    body = {
        **_named(law, code, language),
        "parameter": parameter,
        "at": day.isoformat(),
        "language": language,
        "layers": history(service, law, code, parameter, day, language),
    }
    return json_answer(orjson.dumps(body))


def _domains(wanted: list[DomainName] | None) -> tuple[str, ...]:
    """In the order in which the law is told."""
    return tuple(name for name in DOMAINS if wanted is None or name in wanted)


def _named(law: Known, code: str, language: str) -> dict[str, Any]:
    return {"jurisdiction": code, "name": namer(law.packs, language).place(code)}


def _paged(found: list[dict[str, Any]], limit: int, after: str | None) -> dict[str, Any]:
    start = int(after or 0)
    end = start + limit
    return {"data": found[start:end], "next": str(end) if end < len(found) else None}
