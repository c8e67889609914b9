"""Examples of changes for the document of the interface. Publisher, publication and persons are invented."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from api.change_views import made, summary_of
from api.draft_examples import BASE, CONTENT, DRAFT
from api.draft_examples import answers as drafts
from engine.changes import ChangeState, Evidence, LawChange, Read, assigned, drafted, found, possible

NOW: Final = datetime(2026, 11, 26, 9, 15, 1, tzinfo=UTC)
ANN: Final = "key_0c0ffee00000"
_NAME: Final = "chg_000000000042"
_SENTENCE: Final = "The rate on take-away meals rises from 6 % to 12 % on 1 March 2027."
_TITLE: Final = "Take-away meals: 12 % from March"
_TEXT: Final = f"{_TITLE}\n{_SENTENCE}"
_READ: Final = Read(
    _TITLE, "in_force_scheduled", "BE", ("tax",), "rate", date(2027, 3, 1), draftable=True,
    evidence=(Evidence("6 % -> 12 %", _SENTENCE), Evidence("from 2027-03-01", _SENTENCE)),
)  # fmt: skip
_FOUND: Final = LawChange(
    _NAME,
    1,
    ChangeState.NEW,
    42,
    43,
    "be-fin-1",
    "FPS Finance",
    _READ,
    "C",
    NOW - timedelta(hours=2),
    NOW - timedelta(hours=2),
)


def requests() -> dict[tuple[str, str], Any]:
    """What is asked, by path and method."""
    change = "/v1/changes/{change_id}"
    return {
        (f"{change}/assign", "post"): {"assignee": ANN},
        (f"{change}/comment", "post"): {"reason": "The royal decree is in the gazette of 20 November."},
        (f"{change}/dismiss", "post"): {"reason": "In the pack since the release of 21 November."},
        (f"{change}/merge", "post"): {"into": "chg_000000000040", "reason": "The same decree, told by the gazette."},
        (f"{change}/reopen", "post"): {"reason": "The decree was published again with another day."},
        (f"{change}/draft", "post"): {"title": "Belgium: take-away meals at 12 %"},
    }


def answers() -> dict[tuple[str, str], Any]:
    """What is answered, by path and method."""
    change = "/v1/changes/{change_id}"
    first = found(_FOUND, {"reading": 43, "corrects": None})
    taken = assigned(_FOUND, ANN, NOW, ANN, "")
    written = drafted(taken.change, ANN, NOW, DRAFT)
    begun = made(first, _FOUND.opened_at, BASE)
    whole = _whole(taken.change, [begun, made(taken, NOW, BASE)])
    done = _whole(written.change, [begun, made(taken, NOW, BASE), made(written, NOW, BASE)])
    draft = drafts()["/v1/drafts/{draft_id}", "get"]
    return {
        ("/v1/changes", "get"): {"data": [summary_of(taken.change)], "next": None},
        (change, "get"): whole,
        **{(f"{change}/{step}", "post"): whole for step in ("assign", "comment", "dismiss", "merge", "reopen")},
        (f"{change}/draft", "post"): {"change": done, "draft": draft, "ok": True, "problems": []},
    }


def _whole(change: LawChange, history: list[dict[str, Any]]) -> dict[str, Any]:
    start = _TEXT.index("from 6 %")
    end = start + len("from 6 % to 12 %")
    return {
        **summary_of(change),
        "possible": possible(change),
        "undraftable": [],
        "evidence": [{"says": one.says, "sentence": one.sentence} for one in _READ.evidence],
        "text": _TEXT,
        "spans": [{"start": start, "end": end, "what": "pair", "quote": _TEXT[start:end]}],
        "publications": [
            {
                "change": _NAME, "item": 42, "source": "be-fin-1", "publisher": "FPS Finance",
                "link": "https://law.example/42", "published_at": "2026-11-26T06:00:00+00:00",
                "kept_at": "2026-11-26T07:15:00+00:00", "digest": BASE,
                "document": CONTENT,
            }
        ],
        "reading": {"language": "en", "status": _READ.status, "change": "rate"},
        "links": [{"target": {"place": "BE", "domain": "tax", "name": "restaurant"}, "score": 0.93, "reasons": []}],
        "proposals": [{"target": "BE/tax.yaml", "old": "6", "new": "12", "effective": "2027-03-01"}],
        "impact": None,
        "readings": [
            {"number": 43, "reader": "rules-1 classes-1", "release": BASE, "at": "2026-11-26T07:15:02+00:00", "relevance": 0.97}
        ],
        "history": history,
    }  # fmt: skip
