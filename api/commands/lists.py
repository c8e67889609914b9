"""`lexgate lists`: the lists that names are held against."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.markup import escape
from rich.table import Table

from api import list_files
from api.commands.console import FOUND, Json, err, give_up, out, progress, say, show_json
from api.commands.ledger import opened, settings
from api.ids import DecisionIds
from api.list_views import listed
from api.screening_lists import Acceptance, Loaded, Refused, Tell, Unchanged, difference, load, refuse
from api.service import utc_now
from engine.alerts import Alert
from engine.ledger import Ledger, LedgerError, Occasion, StoredEdition, Told
from engine.screening.lists.errors import ListError, UnknownList
from engine.screening.lists.limits import Limits
from engine.screening.lists.registry import ListPolicy, policy

app = typer.Typer(no_args_is_help=True, help="Lists that names are held against: sanctions and export control.")

Where = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="FILE|URL", help="The publisher's file, plain, .gz or .zip; OFAC's four flat files together."
    ),
]
Code = Annotated[str, typer.Option("--list", metavar="CODE", help="Which list it is: OFAC-SDN, UN-SC, EU-FSF ...")]
Source = Annotated[
    str | None, typer.Option(metavar="TEXT", help="Where the file is from; default: its address or name.")
]
FormatCode = Annotated[
    str | None, typer.Option("--format", metavar="FORMAT", help="Default: told by the file's beginning.")
]
Accept = Annotated[
    bool,
    typer.Option("--accept-shrink", help="Put a smaller or older edition to use all the same; with --by and --reason."),
]
By = Annotated[str | None, typer.Option(metavar="NAME", help="The person who accepts it.")]
Reason = Annotated[str | None, typer.Option(metavar="TEXT", help="Why it is accepted.")]
Again = Annotated[bool, typer.Option("--again", help="Read a file once more that is in force already.")]
From = Annotated[
    str | None, typer.Option("--from", metavar="DIGEST", help="The older edition; default: the one before.")
]
To = Annotated[str | None, typer.Option("--to", metavar="DIGEST", help="The newer edition; default: the one in force.")]


@app.callback()
def lists() -> None:
    """Lists that names are held against: sanctions and export control."""


@app.command("load")
def load_(
    where: Where = None,
    code: Code = "",
    source: Source = None,
    format_code: FormatCode = None,
    accept: Accept = False,
    by: By = None,
    reason: Reason = None,
    again: Again = False,
    json: Json = False,
) -> None:
    """Load a list into the ledger: the whole file or nothing. Ends with 1 where the file was refused.

    Without FILE or URL the publisher's own address is asked. A running service uses the new edition within moments.
    """
    wanted = _policy(code)
    acceptance = _acceptance(accept, by, reason)
    chosen = settings()
    with opened() as ledger, progress("Loading", quiet=json) as step:
        step(0, 2)
        try:
            delivery = _delivered(where or [wanted.source], source)
        except ListError as error:
            told = ", ".join(map(_shown, where or [wanted.source]))
            alarm = _to_cases(ledger)
            _end(refuse(ledger, wanted, error, source=source or told, digest=None, at=utc_now(), tell=alarm), json=json)
        step(1, 2)
        limits = Limits(file_bytes=chosen.list_max_bytes)
        try:
            done = load(
                ledger,
                delivery,
                wanted,
                at=utc_now(),
                limits=limits,
                acceptance=acceptance,
                format_code=format_code,
                keep_file=chosen.list_keep_files,
                again=again,
                tell=_to_cases(ledger),
            )
        except LedgerError as error:
            give_up(str(error))
        step(2, 2)
    _end(done, json=json)


@app.command("list")
def list_(json: Json = False) -> None:
    """The edition in force of each list, how old it is, and which lists are missing."""
    chosen = settings()
    with opened() as ledger:
        found = listed(ledger, chosen.required_lists, chosen.stale_days, utc_now())
    if json:
        show_json({"data": [one.model_dump(mode="json") for one in found]})
        return
    table = Table("list", "published", "loaded", "age", "entries", "refused", "state", box=None, pad_edge=False)
    for one in found:
        edition = one.edition
        cells = (
            (one.code, "", "", "", "", str(one.refused), "missing" if one.required else "not loaded")
            if edition is None
            else (
                one.code,
                edition.published.date().isoformat() if edition.published else "not told",
                edition.loaded_at.date().isoformat(),
                f"{one.age_days} d of {one.stale_after_days}",
                str(edition.entries),
                str(one.refused),
                "stale" if one.stale else "in force",
            )
        )
        table.add_row(*map(escape, cells))
    out.print(table)


@app.command("diff")
def diff(
    code: Annotated[str, typer.Argument(metavar="CODE", help="The list.")],
    older: From = None,
    newer: To = None,
    json: Json = False,
) -> None:
    """Which entries came, went and changed from one edition to another."""
    with opened() as ledger:
        first, last = _two(ledger, _policy(code).code, older, newer)
        found = difference(ledger, first, last)
    parts = {"added": found.added, "removed": found.removed, "changed": found.changed}
    if json:
        show_json({"list": code, "from": first.digest, "to": last.digest, **parts})
        return
    say(f"{code}: {len(found.added)} added, {len(found.removed)} removed, {len(found.changed)} changed")
    for name, keys in parts.items():
        for key in keys:
            say(f"  {name:8} {key}")


@app.command("refused")
def refused(
    code: Annotated[str | None, typer.Argument(metavar="CODE", help="One list; default: all.")] = None,
    json: Json = False,
) -> None:
    """Loads that were refused, the last one first."""
    with opened() as ledger:
        found = ledger.lists.refusals(None if code is None else _policy(code).code)
    if json:
        show_json({"data": [_refusal(one) for one in found]})
        return
    table = Table("at", "list", "why", "reason", "source", box=None, pad_edge=False)
    for one in found:
        table.add_row(*map(escape, (one.at.isoformat(timespec="seconds"), one.list, one.code, one.reason, one.source)))
    out.print(table)


def _to_cases(ledger: Ledger) -> Tell:
    """Hands an alert to the ledger, where it opens a case, under the law last in force there."""

    def tell(alert: Alert) -> None:
        now = utc_now()
        holds = ledger.activations.now(now)
        ledger.alerts.tell([Told(alert)], Occasion(now, holds.release if holds else "", DecisionIds(kind="case_")))

    return tell


def _refusal(one: Any) -> dict[str, Any]:
    return {
        "list": one.list,
        "at": one.at.isoformat(),
        "code": one.code,
        "reason": one.reason,
        "source": one.source,
        "digest": one.digest,
        "kept": one.kept,
    }


def _policy(code: str) -> ListPolicy:
    try:
        return policy(code, settings().stale_days)
    except UnknownList as error:
        give_up(str(error))


def _acceptance(accept: bool, by: str | None, reason: str | None) -> Acceptance | None:
    if not accept:
        if by or reason:
            give_up("--by and --reason go with --accept-shrink.")
        return None
    try:
        return Acceptance(by or "", reason or "")
    except ValueError:
        give_up("--accept-shrink needs --by NAME and --reason TEXT: a person takes it upon himself.")


def _delivered(where: list[str], source: str | None) -> list_files.Delivery:
    chosen = settings()
    addresses = [one for one in where if list_files.is_address(one)]
    if addresses and len(where) > 1:
        give_up("One address, or files: not both, and not several addresses.")
    if addresses:
        seconds = chosen.list_timeout_seconds
        return list_files.from_web(addresses[0], limit=chosen.list_max_bytes, seconds=seconds, source=source)
    try:
        return list_files.from_disk([Path(one) for one in where], limit=chosen.list_max_bytes, source=source)
    except OSError as error:
        give_up(f"{error.filename}: {error.strerror}")


def _shown(where: str) -> str:
    return list_files.shown(where) if list_files.is_address(where) else Path(where).name


def _two(ledger: Ledger, code: str, older: str | None, newer: str | None) -> tuple[StoredEdition, StoredEdition]:
    editions = ledger.lists.editions(code, limit=1000)
    last = _one(editions, newer) if newer else next(iter(editions), None)
    if last is None:
        give_up(f"{code}: there is no such edition." if newer else f"{code} was never loaded.")
    before = [one for one in editions if one.seq < last.seq]
    first = _one(editions, older) if older else next(iter(before), None)
    if first is None:
        give_up(f"{code}: there is no such edition." if older else f"{code} has one edition only.")
    return first, last


def _one(editions: tuple[StoredEdition, ...], digest: str) -> StoredEdition | None:
    return next((one for one in editions if one.digest.startswith(digest)), None)


def _end(done: Loaded | Unchanged | Refused, *, json: bool) -> None:
    match done:
        case Loaded(edition, found):
            counted = f"{len(found.added)} added, {len(found.removed)} removed, {len(found.changed)} changed"
            told = f"{edition.list}: {edition.entries} entries; {counted}"
            _tell(told, json=json, state="loaded", edition=edition)
        case Unchanged(edition):
            told = (
                f"{edition.list}: the file in force since {edition.loaded_at.isoformat(timespec='seconds')}, unchanged"
            )
            _tell(told, json=json, state="unchanged", edition=edition)
        case Refused(code, reason, kept, alert):
            _log(alert, code, kept)
            if json:
                show_json(
                    {
                        "state": "refused",
                        "code": code,
                        "reason": reason,
                        "kept": kept and kept.digest,
                        "alert": alert.id,
                    }
                )
            else:
                err.print(f"lexgate: {alert.summary} [{code}]", markup=False, style="red", soft_wrap=True)
            raise typer.Exit(FOUND)


def _log(alert: Alert, code: str, kept: StoredEdition | None) -> None:
    """The alarm as one line for machines that read logs, whatever is said on standard output."""
    said = {"event": "list_refused", "level": "error", "list": alert.subject, "code": code, "alert": alert.id}
    line = {**said, "kept": None if kept is None else kept.digest, "timestamp": alert.occurred_at.isoformat()}
    sys.stderr.write(orjson.dumps(line).decode() + "\n")


def _tell(told: str, *, json: bool, state: str, edition: StoredEdition) -> None:
    if not json:
        say(told)
        return
    show_json(
        {
            "state": state,
            "list": edition.list,
            "digest": edition.digest,
            "entries": edition.entries,
            "added": edition.added,
            "removed": edition.removed,
            "changed": edition.changed,
        }
    )
