"""`lexgate drafts`: changes to the law from the console, under the same four eyes as over HTTP."""

from __future__ import annotations

import re
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.table import Table

from api.commands.console import FOUND, Json, give_up, out, say, show_json
from api.commands.lawmaking import Key, Why, person, reader
from api.draft_schemas import FILE_PATTERN
from api.draft_views import check_body, draft_body, summary_of
from api.drafting import Desk, etag_of
from api.ids import DecisionIds
from api.upgrading import conflicts_of, rebase
from engine.drafting import Draft, DraftState, DraftStep, sent_back, submitted
from engine.ledger import Along, Scope
from engine.wire import read_instant
from engine.words import FALLBACK, Words

app = typer.Typer(no_args_is_help=True, help="Changes to the law: written, checked, approved by others, put in force.")

DraftId = Annotated[str, typer.Argument(metavar="ID", help="drf_..., as `lexgate drafts list` shows it.")]
InState = Annotated[DraftState | None, typer.Option("--state", help="Only drafts in this state.")]
Limit = Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")]
FilePath = Annotated[str, typer.Argument(metavar="PATH", help="A file of the release: EEA/sca/limits.yaml.")]
Content = Annotated[str, typer.Option("--content", help="Digest of what you looked at, as `show` tells it.")]
COLUMNS: Final = ("id", "state", "title", "author", "active_from", "updated_at")


@app.command("list")
def listed(state: InState = None, limit: Limit = 50, json: Json = False) -> None:
    """Drafts in the order in which they were opened."""
    with reader() as desk:
        found = [summary_of(desk, one) for one in desk.ledger.drafts.page(state=state, limit=limit, after=None).data]
    if json:
        show_json({"drafts": found})
        return
    table = Table(*(name.replace("_", " ") for name in COLUMNS), box=None, pad_edge=False)
    for one in found:
        table.add_row(*("" if one[name] is None else str(one[name]) for name in COLUMNS))
    out.print(table)


@app.command("show")
def show(draft_id: DraftId, json: Json = False) -> None:
    """A draft as it stands, and the files it changes."""
    with reader() as desk:
        _tell(desk, _draft(desk, draft_id), json=json)


@app.command("read")
def read(draft_id: DraftId, path: FilePath, json: Json = False) -> None:
    """A file as the draft has it; with --json also the tag to write it back under."""
    with reader() as desk:
        text = desk.files_of(_draft(desk, draft_id)).get(path)
    if text is None:
        give_up(f"there is no file {path}")
    if json:
        show_json({"path": path, "text": text, "etag": etag_of(text)})
        return
    sys.stdout.write(text)


@app.command("open")
def open_draft(
    title: Annotated[str, typer.Option("--title", help="What changes, in a few words.")],
    key: Key,
    base: Annotated[str | None, typer.Option("--base", help="A release; default: the one in force.")] = None,
    json: Json = False,
) -> None:
    """Begin a change to the law."""
    if not 1 <= len(title.strip()) <= 200 or not title.isprintable():
        give_up("a title is one line of up to 200 characters")
    with person(key, Scope.EDIT) as desk:
        try:
            step = desk.open(DecisionIds(kind="drf_")(), title.strip(), base)
        except LookupError:
            give_up(f"there is no release {base}")
        _take(desk, step, json=json)


@app.command("write")
def write(
    draft_id: DraftId,
    path: FilePath,
    key: Key,
    source: Annotated[Path, typer.Option("--file", help="The whole file, or - for standard input.")] = Path("-"),
    etag: Annotated[
        str | None, typer.Option("--etag", help="The tag of what you read, as `read --json` tells it.")
    ] = None,
    json: Json = False,
) -> None:
    """A file of the draft, whole. Over what another person wrote in the draft only under the tag of what you read."""
    if not re.fullmatch(FILE_PATTERN, path):
        give_up(f"{path} is no path of a file of a release")
    text = _text(source)
    with person(key, Scope.EDIT) as desk:
        draft = _draft(desk, draft_id)
        now, last = desk.files_of(draft).get(path), desk.written(draft).get(path)
        if etag is None and last is not None and last.editor != desk.actor:
            give_up(f"{last.editor} has written {path} in this draft: read it, and say --etag {etag_of(now)}")
        if etag is not None and etag != etag_of(now):
            give_up(f"{path} is not what was read: read it again and merge")
        if text == now:
            _tell(desk, draft, json=json)
            return
        _take(desk, desk.edit(draft, path, text), json=json)


def _text(source: Path) -> str:
    try:
        raw = sys.stdin.buffer.read() if str(source) == "-" else source.read_bytes()
        return raw.decode("utf-8").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        give_up(f"{source} cannot be read: {error}")


@app.command("check")
def check(draft_id: DraftId, key: Key, json: Json = False) -> None:
    """Lint, embedded tests and cases of what changes. Ends with 1 where anything is refused."""
    with person(key, Scope.EDIT) as desk:
        draft = _draft(desk, draft_id)
        found = desk.check(draft)
        step = desk.keep_check(draft, found) if draft.state in (DraftState.DRAFT, DraftState.CHECKED) else None
        if step is not None:
            desk.ledger.drafts.store(step, desk.now)
            draft = step.draft
        body = check_body(found, draft_body(desk, draft, desk.written(draft)))
    if json:
        show_json(body)
    else:
        for one in found.problems:
            say(str(one))
        say(f"{draft.id}: {draft.state}, {len(found.changes)} changes, {len(found.problems)} remarks")
    if found.outcome is None:
        raise typer.Exit(FOUND)


@app.command("rebase")
def bring_up_to_date(
    draft_id: DraftId,
    key: Key,
    onto: Annotated[str | None, typer.Option("--onto", help="A release; default: the one in force.")] = None,
    json: Json = False,
) -> None:
    """The same changes upon the release in force. What cannot be settled stands marked in the files."""
    with person(key, Scope.EDIT) as desk:
        wanted = onto or desk.laws.held
        if desk.laws.files_of(wanted) is None:
            give_up(f"there is no release {wanted}")
        _take(desk, rebase(desk, _draft(desk, draft_id), wanted), json=json)


@app.command("conflicts")
def conflicts(draft_id: DraftId, json: Json = False) -> None:
    """What the last merge of a draft could not settle. Ends with 1 while any of it stands."""
    with reader() as desk:
        found = conflicts_of(desk, _draft(desk, draft_id), Words(FALLBACK, {}))
    if json:
        show_json({"conflicts": found})
    else:
        for one in found:
            say(f"{one['number']} {'stands' if one['stands'] else 'settled'}: {one['said']}")
    if any(one["stands"] for one in found):
        raise typer.Exit(FOUND)


@app.command("submit")
def submit(draft_id: DraftId, key: Key, reason: Why, json: Json = False) -> None:
    """Hand a checked draft to those who approve."""
    with person(key, Scope.EDIT) as desk:
        _take(desk, submitted(_draft(desk, draft_id), desk.actor, desk.now, reason), json=json)


@app.command("approve")
def approve(draft_id: DraftId, key: Key, content: Content, reason: Why, json: Json = False) -> None:
    """Agree with what you looked at. Never by anybody who wrote any of it."""
    with person(key, Scope.APPROVE) as desk:
        _take(desk, desk.approve(_draft(desk, draft_id), content, reason, None), json=json)


@app.command("send-back")
def send_back(draft_id: DraftId, key: Key, reason: Why, json: Json = False) -> None:
    """Not like this: to its author."""
    with person(key, Scope.APPROVE) as desk:
        _take(desk, sent_back(_draft(desk, draft_id), desk.actor, desk.now, reason), json=json)


@app.command("schedule")
def schedule(
    draft_id: DraftId,
    active_from: Annotated[str, typer.Argument(metavar="INSTANT", help="2026-12-01T00:00:00+01:00")],
    key: Key,
    reason: Why,
    json: Json = False,
) -> None:
    """Put an approved draft in force from an instant on."""
    with person(key, Scope.APPROVE) as desk:
        _take(desk, desk.schedule(_draft(desk, draft_id), _instant(active_from), reason), json=json)


@app.command("publish")
def publish(draft_id: DraftId, key: Key, reason: Why, json: Json = False) -> None:
    """Put an approved draft in force now. Every process that serves answers by it within a second."""
    with person(key, Scope.APPROVE) as desk:
        _take(desk, desk.schedule(_draft(desk, draft_id), desk.now, reason), json=json)


@app.command("withdraw")
def withdraw(draft_id: DraftId, key: Key, reason: Why, json: Json = False) -> None:
    """Give a draft up, or take it out of the schedule before it bites."""
    with person(key, Scope.EDIT) as desk:
        _take(desk, desk.withdraw(_draft(desk, draft_id), reason), json=json)


def _instant(text: str) -> datetime:
    try:
        return read_instant(text)
    except ValueError:
        give_up(f"{text} is no instant with its offset from UTC, as 2026-12-01T00:00:00+01:00")


def _draft(desk: Desk, draft_id: str) -> Draft:
    draft = desk.ledger.drafts.one(draft_id)
    if draft is None:
        give_up(f"there is no draft {draft_id}")
    return draft


def _take(desk: Desk, taken: DraftStep | tuple[DraftStep, Along], *, json: bool) -> None:
    step, along = taken if isinstance(taken, tuple) else (taken, None)
    desk.ledger.drafts.store(step, desk.now, along)
    _tell(Desk(desk.laws, desk.actor), step.draft, json=json)


def _tell(desk: Desk, draft: Draft, *, json: bool) -> None:
    body: dict[str, Any] = draft_body(desk, draft, desk.written(draft))
    if json:
        show_json(body)
        return
    since = "" if draft.active_from is None else f" from {draft.active_from.isoformat()}"
    say(f"{body['id']} {body['title']}: {body['state']}{since}")
    if body["content"] is not None:
        voices = f"{len(body['approvals'])} of {body['required']} approvals"
        say(f"becomes {body['content']}, {voices}; domains: {', '.join(body['domains']) or 'none'}")
    for one in body["files"]:
        say(f"{one['change']} {one['path']} by {one['editor']}")
    say(f"possible: {', '.join(body['possible']) or 'nothing any more'}")
