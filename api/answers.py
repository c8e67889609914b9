"""Bodies that are JSON already, and the headers that go with them."""

from __future__ import annotations

from typing import Final

from fastapi import Response

from api.once import Given

_JSON: Final = "application/json"


def json_answer(body: bytes, release: str | None = None) -> Response:
    """Bytes of JSON; `release` is the law that was applied, where it may be another than today's."""
    return Response(body, media_type=_JSON, headers={"lexgate-release": release} if release else None)


def given_answer(given: Given) -> Response:
    """The answer of a write that may have been made before."""
    headers = {"idempotent-replayed": "true"} if given.replayed else {}
    if given.release is not None:
        headers["lexgate-release"] = given.release
    return Response(given.body, media_type=_JSON, headers=headers)
