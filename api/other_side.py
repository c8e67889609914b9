"""The door of test mode: what comes with a test key is answered on the other side (`api.rehearsal`)."""

from __future__ import annotations

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.admission import request_id_of
from api.hot import send_problem
from api.problems import Problem
from api.staging import MODE
from engine.ledger.keys import TEST_PREFIX

_BEARER: Final = b"bearer"
_PREFIX: Final = TEST_PREFIX.encode()
ROOMS: Final = (
    "/v1/preflight", "/v1/decisions", "/v1/obligations", "/v1/tax", "/v1/merchants", "/v1/screenings", "/v1/keys",
    "/v1/session", "/v1/rulepacks", "/v1/law",
)  # fmt: skip
"""What there is in test mode. The law is made, people and cases are looked after, on the live side only."""


def is_test(scope: Scope) -> bool:
    """Whether a request comes with the secret of a test key."""
    for name, value in scope["headers"]:
        if name == b"authorization":
            scheme, _, token = value.partition(b" ")
            return scheme.lower() == _BEARER and token.strip(b" ").startswith(_PREFIX)
    return False


class OtherSide:
    """Answers what comes with a test key: every answer says `Lexgate-Mode: test`."""

    __slots__ = ("_inner",)

    def __init__(self, inner: ASGIApp) -> None:
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], MODE]
            await send(message)

        path = scope["path"]
        if any(path == room or path.startswith(f"{room}/") for room in ROOMS):
            await self._inner(scope, receive, marked)
            return
        problem = Problem("not_found", "This is not there in test mode.")
        await send_problem(problem, scope, request_id_of(dict(scope["headers"])), marked)
