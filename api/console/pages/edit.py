"""The editor: a file of a draft as a form and as its text, one source; what the checker says of it, its lines of time, its tests,
and what a payment would get."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from starlette.responses import Response

from api.console.backend import Answer, Refused
from api.console.edit_forms import BUTTONS, KINDS, Entry, NotMeant, edits_of
from api.console.lines_apart import differing
from api.console.naming import names_of
from api.console.page import Page
from api.console.pages.drafts import OPEN, STATES
from api.console.payments import PAYMENTS, payment_for
from api.console.routing import Route
from api.console.text_merging import merged
from api.console.time_lines import drawn


@dataclass(slots=True)
class Sheet:
    """A file before somebody, with what is typed and what was found out about it."""

    draft: dict[str, Any]
    path: str
    text: str
    etag: str
    """Of what was read; empty: the file is new."""
    entry: Entry = field(default_factory=Entry)
    kept: str = ""
    """The text as the draft has it."""
    problems: list[dict[str, Any]] | None = None
    ran: dict[str, Any] | None = None
    tried: dict[str, Any] | None = None
    payment: str = ""
    said: list[tuple[str, str]] = field(default_factory=list)
    """Notices: tone and sentence."""
    fault: NotMeant | None = None
    checked_all: bool = False
    """Whether `problems` are those of every check."""
    rewritten: bool = False
    """Whether a form has changed the text."""

    @property
    def base(self) -> str:
        """Of the addresses of the draft."""
        return f"/drafts/{self.draft['id']}"

    @property
    def editable(self) -> bool:
        """Whether the draft is still written in."""
        return self.draft["state"] in OPEN


async def shown(page: Page) -> Response:
    """The file as the draft has it."""
    sheet = await _opened(page)
    entry = next((Entry(kind, page.query(kind)) for kind in KINDS if page.query(kind)), Entry())
    sheet.entry, sheet.payment = entry, payment_for(sheet.path)
    if page.query("saved"):
        sheet.said.append(("good", page._("Saved in the draft. Nothing is in force by it.")))
    return await _rendered(page, sheet)


async def _opened(page: Page) -> Sheet:
    draft = await page.api.get(f"/v1/drafts/{page.path['id']}")
    path = page.path["path"]
    answer = await page.api.ask("GET", f"/v1/drafts/{draft['id']}/files/{path}", allow=(404,))
    if not answer.ok and not path.endswith(".yaml"):
        raise Refused(404)
    text = answer.json()["text"] if answer.ok else ""
    return Sheet(draft, path, text, answer.etag or "" if answer.ok else "", kept=text)


async def _rendered(page: Page, sheet: Sheet, status: int = 200) -> Response:
    asked = {"path": sheet.path, "text": sheet.text}
    outline = await page.api.post(f"/v1{sheet.base}/outline", asked)
    if sheet.problems is None:
        sheet.problems = (await page.api.post(f"/v1{sheet.base}/lint", {**asked, "depth": "reading"}))["problems"]
    if not sheet.entry.kind:
        sheet.entry = _first(outline, page.query("line"))
    entries = {kind: {_named(one, kind): one for one in outline[f"{kind}s"]} for kind in KINDS}
    row = next((one for one in outline["timeline"] if _is(one, sheet.entry)), None)
    values = {
        "sheet": sheet, "outline": outline, "entries": entries, "chosen": entries.get(sheet.entry.kind, {}).get(sheet.entry.name),
        "states": STATES, "row": None if row is None else drawn(row, datetime.now(UTC).date()),
        "samples": [(name, page._(said)) for name, said in PAYMENTS.items()], "checked_all": sheet.checked_all,
        "chosen_value": _newest(entries, sheet.entry),
        "faulty": _faulty(sheet, entries), "line": page.query("line"),
    }  # fmt: skip
    if page.fragment:
        return page.render("edit/work.html", status, **values)
    return page.render("edit/edit.html", status, section="edit", **values)


def _newest(entries: dict[str, dict[str, Any]], entry: Entry) -> str:
    """The first day of the newest value of a number that has changed; empty where it has not."""
    chosen = entries.get(entry.kind, {}).get(entry.name)
    values = chosen["values"] if chosen is not None and entry.kind == "parameter" else []
    return str(values[-1]["start"]) if len(values) > 1 and values[-1]["state"] == "value" else ""


def _named(one: dict[str, Any], kind: str) -> str:
    return str(one["name"] if kind == "parameter" else one["id"])


def _is(row: dict[str, Any], entry: Entry) -> bool:
    if entry.kind == "rate":
        return bool(row["kind"] == "rate" and row["name"] == entry.name)
    return bool((row["kind"], row["name"]) == (entry.kind, entry.name))


def _first(outline: dict[str, Any], line: str) -> Entry:
    """The entry that stands on a line, or the first there is."""
    found = [(one["lines"], Entry(kind, _named(one, kind))) for kind in KINDS for one in outline[f"{kind}s"]]
    if line.isdecimal():
        on = [entry for lines, entry in found if lines["first"] <= int(line) <= lines["last"]]
        return on[0] if on else Entry()
    return min(found, key=lambda one: int(one[0]["first"]))[1] if found else Entry()


def _faulty(sheet: Sheet, entries: dict[str, dict[str, Any]]) -> dict[str, int]:
    """Entry -> how many problems stand in its lines."""
    found: dict[str, int] = {}
    for kind, named in entries.items():
        for name, one in named.items():
            lines = one["lines"]
            count = sum(
                1 for problem in sheet.problems or ()
                if problem["file"] == sheet.path and lines["first"] <= problem["line"] <= lines["last"]
            )  # fmt: skip
            if count:
                found[f"{kind}:{name}"] = count
    return found


# -- what is sent --------------------------------------------------------------------------------------------------------


async def sent(page: Page) -> Response:
    """A button of the editor. Only `save` keeps anything; what is typed comes back whatever happens."""
    button = page.form.get("do", "check")
    sheet = await _opened(page)
    if "text" in page.form:
        sheet.text, sheet.etag = page.form.raw("text"), page.form.get("etag")
    sheet.entry = Entry.read(page.form.get("entry"))
    sheet.payment = page.form.raw("payment") or payment_for(sheet.path)
    kind, _, at = button.partition(":")
    if kind == "save":
        return await _saved(page, sheet)
    if kind == "open":
        sheet.entry = Entry.read(at)
    elif kind == "check":
        await _checked(page, sheet)
    elif kind == "tests":
        await _ran(page, sheet)
    elif kind == "try":
        await _tried(page, sheet)
    elif kind == "sample":
        sheet.payment = payment_for(sheet.path, page.form.get("sample"))
    elif kind in ("raise-version", "add-tests"):
        return await _kept_by(page, sheet, kind, at)
    elif kind in BUTTONS:
        await _rewritten(page, sheet, button)
    return await _rendered(page, sheet)


async def _saved(page: Page, sheet: Sheet) -> Response:
    headers = {"if-match": sheet.etag} if sheet.etag else {"if-none-match": "*"}
    path = f"/v1{sheet.base}/files/{sheet.path}"
    answer = await page.api.ask("PUT", path, body={"text": sheet.text}, headers=headers, allow=(409, 412, 422))
    if answer.ok:
        entry = {sheet.entry.kind: sheet.entry.name} if sheet.entry.kind else {}
        return page.go(f"{sheet.base}/edit/{sheet.path}", saved=1, **entry)
    if answer.status == 412 or (answer.status == 409 and sheet.editable):
        return await _conflict(page, sheet)
    sheet.said.append(("bad", _why(answer)))
    return await _rendered(page, sheet, answer.status)


def _why(answer: Answer) -> str:
    found = answer.json()
    faults = "; ".join(one["message"] for one in found.get("errors") or ())
    return f"{found.get('detail') or found.get('title')} {faults}".strip()


async def _checked(page: Page, sheet: Sheet) -> None:
    asked = {"path": sheet.path, "text": sheet.text, "depth": "checks"}
    sheet.problems = (await page.api.post(f"/v1{sheet.base}/lint", asked))["problems"]
    sheet.checked_all = True
    if not sheet.problems:
        sheet.said.append(("good", page._("The checker has nothing to say of this file and its pack.")))


async def _ran(page: Page, sheet: Sheet) -> None:
    rule = {"rule": sheet.entry.name} if sheet.entry.kind == "rule" else {}
    answer = await page.api.ask(
        "POST", f"/v1{sheet.base}/tests", body={"path": sheet.path, "text": sheet.text, **rule}, allow=(409, 422)
    )
    if answer.ok:
        sheet.ran = answer.json()
    else:
        sheet.said.append(("bad", _why(answer)))


async def _tried(page: Page, sheet: Sheet) -> None:
    """Under the draft as it is kept: what is not saved is no part of it."""
    try:
        transaction = json.loads(sheet.payment)
    except ValueError:
        sheet.fault = NotMeant(page._("This is not JSON."), "payment")
        return
    day = {"day": page.form.get("day")} if page.form.get("day") else {}
    body = {"transaction": transaction, **day, **({"domains": asks} if (asks := page.form.get("asks")) else {})}
    answer = await page.api.ask("POST", f"/v1{sheet.base}/try", body=body, allow=(409, 422))
    if answer.ok:
        sheet.tried = answer.json()
        if sheet.text != sheet.kept:
            sheet.said.append(
                ("warn", page._("What is not saved yet is not part of this answer: save, then try again."))
            )
    else:
        sheet.fault = NotMeant(_why(answer), "payment")


async def _rewritten(page: Page, sheet: Sheet, button: str) -> None:
    """The text as a form changes it. Nothing is kept."""
    before = sheet.text
    try:
        for edit in edits_of(button, page.form, sheet.entry, page._):
            asked = {"path": sheet.path, "edit": edit, "text": sheet.text}
            answer = await page.api.ask("POST", f"/v1{sheet.base}/edits", body=asked, allow=(422,))
            if not answer.ok:
                raise NotMeant(_why(answer))
            sheet.text = answer.json()["text"]
    except NotMeant as fault:
        sheet.text, sheet.fault = before, fault
        return
    sheet.rewritten = sheet.text != before
    said = page._("Changed in the text. Save to keep it.") if sheet.rewritten else page._("That changes nothing.")
    sheet.said.append(("good" if sheet.rewritten else "info", said))


async def _kept_by(page: Page, sheet: Sheet, kind: str, at: str) -> Response:
    """An edit of the draft's files as they are kept: the version of the pack, tests in several files."""
    path = f"{sheet.path.partition('/')[0]}/pack.yaml" if kind == "raise-version" else sheet.path
    if sheet.text != sheet.kept:
        saved = await page.api.ask(
            "PUT", f"/v1{sheet.base}/files/{sheet.path}", body={"text": sheet.text}, headers={"if-match": sheet.etag},
            allow=(409, 412, 422),
        )  # fmt: skip
        if not saved.ok:
            return await _conflict(page, sheet) if saved.status == 412 else await _refused(page, sheet, saved)
    read = await page.api.ask("GET", f"/v1{sheet.base}/files/{path}")
    edit = (
        {"kind": "raise_version"}
        if kind == "raise-version"
        else {"kind": "add_tests", "parameter": sheet.entry.name, "from": at}
    )
    answer = await page.api.ask(
        "POST", f"/v1{sheet.base}/edits", body={"path": path, "edit": edit}, headers={"if-match": read.etag or ""},
        allow=(409, 412, 422),
    )  # fmt: skip
    sheet = await _again(page, sheet)
    if not answer.ok:
        return await _refused(page, sheet, answer)
    made = answer.json()
    if kind == "raise-version":
        sheet.said.append(("good", page._("%(path)s has its next version, and is saved.", path=path)))
    else:
        files = ", ".join(made["also"]) or path
        told = page._("Tests for both days are saved in %(files)s (%(rules)s). Look whether the law means it so.", files=files,
                      rules="; ".join(made["notes"]))  # fmt: skip
        sheet.said.append(("good", told))
    await _checked(page, sheet)
    return await _rendered(page, sheet)


async def _again(page: Page, sheet: Sheet) -> Sheet:
    """The same file as it is kept now."""
    found = await _opened(page)
    found.entry, found.payment, found.rewritten = sheet.entry, sheet.payment, found.text != sheet.text
    return found


async def _refused(page: Page, sheet: Sheet, answer: Answer) -> Response:
    sheet.said.append(("bad", _why(answer)))
    return await _rendered(page, sheet, answer.status)


async def linted(page: Page) -> Response:
    """What the checker says of what is typed, as a part of the page: `depth` reading, or checks."""
    text, depth = page.form.raw("text"), "checks" if page.form.get("depth") == "checks" else "reading"
    draft_id, path = page.path["id"], page.path["path"]
    found = await page.api.post(f"/v1/drafts/{draft_id}/lint", {"path": path, "text": text, "depth": depth})
    sheet = Sheet({"id": draft_id, "state": "draft"}, path, text, "", Entry.read(page.form.get("entry")))
    sheet.problems, sheet.checked_all = found["problems"], depth == "checks"
    newest = page.form.get("newest")
    return page.render(
        "edit/problems.html", sheet=sheet, checked_all=sheet.checked_all, chosen_value=newest,
    )  # fmt: skip


# -- two at once ---------------------------------------------------------------------------------------------------------


async def _conflict(page: Page, sheet: Sheet) -> Response:
    """Somebody has written the file meanwhile: both texts, and one of both where they touched different lines."""
    theirs = await page.api.ask("GET", f"/v1{sheet.base}/files/{sheet.path}", allow=(404,))
    other = theirs.json() if theirs.ok else {"text": "", "base_text": None}
    versions = (await page.api.get(f"/v1{sheet.base}/versions/{sheet.path}"))["versions"]
    read = next((one["text"] for one in reversed(versions) if one["etag"] == sheet.etag), other["base_text"])
    both = merged(read or "", sheet.text, other["text"])
    writer = versions[-1]["editor"] if versions else ""
    names = await names_of(page, (writer,))
    answer = page.render(
        "edit/conflict.html", 412, section="edit", sheet=sheet, theirs=other["text"], etag=theirs.etag or "", both=both,
        who=names(writer), changes=differing(read or "", other["text"]).lines, own=differing(read or "", sheet.text).lines,
    )  # fmt: skip
    if page.fragment:
        answer.headers["hx-retarget"], answer.headers["hx-reswap"] = "body", "outerHTML"
    return answer


ROUTES: Final = (
    Route("GET", "/drafts/{id}/edit/{path:path}", shown, ("read",)),
    Route("POST", "/drafts/{id}/edit/{path:path}", sent, ("edit",)),
    Route("POST", "/drafts/{id}/lint/{path:path}", linted, ("read",)),
)
