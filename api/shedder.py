"""Preflights that are shed, refused before a task is made for them: under load they are most of what comes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from api.admission import request_id_of
from api.hot import PATH
from api.problems import MEDIA_TYPE
from api.service import Service
from api.shedding import Priority, overloaded

_TARGET: Final = PATH.encode()
_QUERY: Final = _TARGET + b"?"
_HEAD: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: " + MEDIA_TYPE.encode() + b"\r\ncontent-length: %d\r\n"
    b"x-request-id: %s\r\nretry-after: 1\r\n\r\n"
)


class Shedder:
    """What a connection asks of each request, as soon as its head is there. The answer is the one that the application gives."""

    __slots__ = ("_counted", "_problem", "_service")

    def __init__(self, service: Service) -> None:
        self._service, self._problem = service, overloaded()
        self._counted = service.metrics.problems.labels(self._problem.kind)

    def __call__(self, method: bytes, target: bytes, headers: Sequence[tuple[bytes, bytes]]) -> bytes | None:
        """The whole answer; None: it is for the application."""
        load = self._service.load
        if load.has_room(Priority.PREFLIGHT) or method != b"POST":
            return None
        if target != _TARGET and not target.startswith(_QUERY):
            return None
        load.shed[Priority.PREFLIGHT] += 1
        self._counted.inc()
        request_id = request_id_of(dict(headers))
        body = self._problem.body(PATH, request_id)
        return _HEAD % (len(body), request_id.encode()) + body
