"""Which domains a caller asks for: `?domains=sca,tax`. Without the word, all that this release decides."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Final

from fastapi import Query
from starlette.datastructures import QueryParams
from starlette.types import Scope

from api.problems import Fault, Problem
from engine.decide import BUILT

NAME: Final = "domains"

Domains = Annotated[
    str | None,
    Query(
        description=f"The domains to decide, separated by commas: {', '.join(BUILT)}. Default: all of them.",
        examples=[",".join(BUILT)],
    ),
]
"""The parameter as FastAPI documents it; `chosen` reads it, so that the hot route and its twin refuse alike."""


@lru_cache(maxsize=64)
def chosen(text: str | None) -> tuple[str, ...]:
    """The domains named, each once and in the order of the answer. Raises 422 for a word that is no domain."""
    if text is None:
        return BUILT
    words = set(text.split(","))
    if not words <= set(BUILT):
        message = f"One or more of {', '.join(BUILT)}, separated by commas, is wanted"
        raise Problem("parameters_refused", "1 fault.", faults=[Fault("", "not_allowed", message, parameter=NAME)])
    return tuple(domain for domain in BUILT if domain in words)


def domains_of(scope: Scope) -> str | None:
    """What a plain ASGI request says of domains, as FastAPI would read it: the last of several."""
    query = scope["query_string"]
    return _named(query) if query else None


@lru_cache(maxsize=256)
def _named(query: bytes) -> str | None:
    """Callers send the same few queries again and again."""
    return QueryParams(query).get(NAME)
