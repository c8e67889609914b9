"""`python -m ingest.feeds.caged FD`: reads documents, one after the other, in a process that may die of them.

A document and how it is read come over a pipe, its items go back as JSON: nothing in here can make the parent run anything.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
import traceback
from dataclasses import asdict
from datetime import datetime
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Final

import orjson

from ingest.feeds.items import Item
from ingest.feeds.links import Links, WholePage
from ingest.feeds.pages import Listing
from ingest.feeds.plain import tidy
from ingest.feeds.reading import Adapter, Read, Unreadable, read
from ingest.feeds.records import Records

FORMS: Final = {form.__name__: form for form in (Listing, Links, WholePage, Records)}
"""Adapters by the name that they have in a question."""


def serve(pipe: Connection) -> None:
    """Answer documents until the pipe is closed."""
    pipe.send_bytes(b'"ready"')
    while True:
        try:
            asked, body = json.loads(pipe.recv_bytes()), pipe.recv_bytes()
        except EOFError:
            return
        # Also where the parent is gone, or cannot end it: the signal's own action ends the process in the middle of any loop.
        signal.setitimer(signal.ITIMER_REAL, asked["seconds"])
        answer = orjson.dumps(_answer(asked, body))
        signal.setitimer(signal.ITIMER_REAL, 0)
        pipe.send_bytes(answer)


def _answer(asked: dict[str, Any], body: bytes) -> dict[str, Any]:
    try:
        found = read(
            body, url=asked["url"], content_type=asked["content_type"], adapter=adapter_of(asked["adapter"]),
            language=asked["language"],
        )  # fmt: skip
    except Unreadable as error:
        return {"unreadable": error.code, "why": tidy(str(error))}
    return {
        "items": [asdict(one) for one in found.items],
        "left_out": found.left_out,
        "faults": list(map(tidy, found.faults)),
    }


def told_adapter(adapter: Adapter | None) -> dict[str, Any] | None:
    """An adapter as it is asked for."""
    return None if adapter is None else {"form": type(adapter).__name__, **asdict(adapter)}


def adapter_of(told: dict[str, Any] | None) -> Adapter | None:
    """The inverse of `told_adapter`."""
    if told is None:
        return None
    found: Adapter = FORMS[told["form"]](**{name: value for name, value in told.items() if name != "form"})
    return found


def read_of(answer: dict[str, Any]) -> Read:
    """What a process answered. Raises Unreadable where it said so; KeyError, TypeError and ValueError for what is no answer."""
    if "unreadable" in answer:
        raise Unreadable(str(answer["unreadable"]), str(answer["why"]))
    return Read(tuple(map(_item, answer["items"])), int(answer["left_out"]), tuple(map(str, answer["faults"])))


def _item(told: dict[str, Any]) -> Item:
    dated = {name: _instant(told[name]) for name in ("published_at", "updated_at")}
    return Item(**{**told, **dated})


def _instant(told: str | None) -> datetime | None:
    return None if told is None else datetime.fromisoformat(told)


def confine(most_memory: int) -> None:
    """No more memory than it is given, no file of any length, no dump where it crashes."""
    resource.setrlimit(resource.RLIMIT_AS, (most_memory, most_memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(arguments: list[str]) -> None:
    """`FD BYTES`: the pipe, and how much memory there is."""
    pipe = Connection(int(arguments[0]))

    def crashed(kind: type[BaseException], _error: BaseException, trace: TracebackType | None) -> None:
        """Where it broke, never the message: that may quote the document."""
        frames = traceback.extract_tb(trace)
        place = f"{frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else "nowhere"
        pipe.send_bytes(orjson.dumps({"crashed": f"{kind.__name__} at {place}"}))

    sys.excepthook = crashed
    confine(int(arguments[1]))
    serve(pipe)


if __name__ == "__main__":
    main(sys.argv[1:])
