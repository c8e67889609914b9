"""The sources that are watched: how each was last asked, and those of the house's own."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Query, Response

from api.administration_schemas import FeedBody, FeedPage, FeedWanted
from api.answers import given_answer, json_answer
from api.bundled import directory_file
from api.gate import Entered, Serving, needs
from api.once import given_before, given_by, once_of
from api.problems import Fault, Problem, refused
from api.schemas import READS, WRITES, problems
from api.service import Service
from api.twin import IdempotencyKey
from engine.ledger import FeedState, Scope
from ingest.directory import DirectoryRefused, Source, read_directory
from ingest.own_feeds import add, own_sources, together

reading = APIRouter(route_class=needs(Scope.READ), tags=["administration"])
ruling = APIRouter(route_class=needs(Scope.ADMIN), tags=["administration"])

After = Annotated[str | None, Query(pattern=r"^\d{1,6}$", description="`next` of the page before.")]
Which = Annotated[
    str | None, Query(pattern=r"^(never|fresh|silent|failing|moved|own)$", description="Only those in this state.")
]
Most = Annotated[int, Query(ge=1, le=1000, description="How many at most.")]
_ORDER: Final = {"failing": 0, "moved": 1, "silent": 2, "never": 3, "fresh": 4}


@reading.get("/v1/feeds", response_model=FeedPage, responses={**READS, **problems(422)}, summary="List sources")
def listed(service: Serving, state: Which = None, limit: Most = 100, after: After = None) -> Response:
    """Those that are watched, those that need somebody first: failing, moved, silent for longer than is usual."""
    own = _own(service)
    known = {one.source: one for one in service.ledger.feeds.states()}
    now, mine = service.clock(), {one.id for one in own}
    found = [
        _feed(one, known.get(one.id), now, one.id in mine) for one in together(_shipped(), own).values() if one.watch
    ]
    found = [one for one in found if state is None or one["state"] == state or (state == "own" and one["own"])]
    found.sort(key=lambda one: (_ORDER[one["state"]], -one["failures"], one["id"]))
    begin = int(after or 0)
    more = str(begin + limit) if begin + limit < len(found) else None
    return json_answer(orjson.dumps({"data": found[begin : begin + limit], "next": more}))


@ruling.post("/v1/feeds", response_model=FeedBody, status_code=201, responses=WRITES, summary="Watch another source")
def added(asked: FeedWanted, service: Serving, admitted: Entered, _once: IdempotencyKey = None) -> Response:
    """Adds a line to the house's own table, which the ingester reads at its next look. What came with the software stays."""
    once = once_of(admitted)
    given = given_before(service.ledger, once)
    if given is not None:
        return given_answer(given)
    line = {
        "id": asked.id, "jurisdiction": asked.jurisdiction, "regulator": asked.regulator, "topics": ";".join(asked.topics),
        "url": asked.url, "form": asked.form, "language": asked.language, "watch": "yes", "noise": "", "confidence": "A",
        "found_in": "the house", "note": asked.note, "every_hours": str(asked.every_hours),
        "silent_days": str(asked.silent_days), "how": asked.how,
    }  # fmt: skip
    try:
        made = add(service.settings.own_feeds, line, _shipped())
    except DirectoryRefused as error:
        raise refused(*(Fault("", "source_refused", one) for one in error.faults)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise Problem("not_possible", "The table of the house's own sources cannot be written here.") from error
    answer = orjson.dumps(_feed(made, None, service.clock(), True))
    said = orjson.dumps({"actor": admitted.key.id, "url": asked.url})
    service.ledger.writer.run(lambda batch: batch.note("source.added", made.id, batch.now, said))
    if once is not None:
        service.ledger.writer.run(lambda batch: batch.claim(once, answer))
    found = given_answer(given_by(None, answer))
    found.status_code = 201
    return found


@cache
def _shipped() -> tuple[Source, ...]:
    return read_directory(directory_file().read_text(encoding="utf-8"))


def _own(service: Service) -> tuple[Source, ...]:
    try:
        return own_sources(service.settings.own_feeds)
    except (DirectoryRefused, OSError, UnicodeDecodeError) as error:
        raise Problem(
            "not_possible", "The table of the house's own sources cannot be read: an operator must look."
        ) from error


def _feed(source: Source, state: FeedState | None, now: datetime, own: bool) -> dict[str, Any]:
    told = {
        "id": source.id, "jurisdiction": source.jurisdiction, "regulator": source.regulator, "url": source.url,
        "form": source.form.value, "topics": list(source.topics), "own": own, "state": _state(source, state, now),
    }  # fmt: skip
    if state is None:
        return {
            **told,
            "answered_at": None,
            "new_at": None,
            "next_at": None,
            "failures": 0,
            "fault": "",
            "moved_to": "",
        }
    return {
        **told, "answered_at": _said(state.answered_at), "new_at": _said(state.new_at), "next_at": _said(state.next_at),
        "failures": state.failures, "fault": state.fault, "moved_to": state.moved_to,
    }  # fmt: skip


def _state(source: Source, state: FeedState | None, now: datetime) -> str:
    if state is None or state.tried_at is None:
        return "never"
    if state.failures:
        return "failing"
    if state.moved_to:
        return "moved"
    return "silent" if now - (state.new_at or state.known_at) > source.manners.silent_after else "fresh"


def _said(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
