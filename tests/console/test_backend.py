"""What a browser sends into a path names a thing, and never another route of the interface."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from api.console.backend import Backend, Refused


def _asked(path: str) -> list[str]:
    """The addresses that were asked for."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200, json={})

    async def ask() -> None:
        async with httpx.AsyncClient(
            transport=httpx.MockTransport(answer), base_url="http://lexgate.internal"
        ) as client:
            await Backend(client).ask("GET", path, query={"limit": 1})

    asyncio.run(ask())
    return asked


@pytest.mark.parametrize(
    "part",
    [
        "..", ".", "../keys", "x/../../keys", "%2e%2e", "%2E%2E/keys", "x?limit=200", "x#y", "x\\y", "x y", "x\r\ny", "x\0",
        "\x7f", "", "x//y", "a" * 70_000,
    ],
)  # fmt: skip
def test_what_is_no_plain_path_is_not_asked_for(part: str) -> None:
    with pytest.raises(Refused) as refused:
        _asked(f"/v1/drafts/{part}")
    assert refused.value.status == 404


@pytest.mark.parametrize("part", ["drf_1", "drf_1/files/EEA/sca/limits.yaml", "m%2F1", "dec_1.001", "Ä", "..x", "x..y"])
def test_what_is_one_is(part: str) -> None:
    (address,) = _asked(f"/v1/drafts/{part}")
    assert address.startswith("http://lexgate.internal/v1/drafts/")
    assert address.endswith("?limit=1")
