"""The forms of the editor as edits of the interface: which button was pressed, and what stands in the fields beside it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from api.console.forms import Form
from api.console.vocabulary import N_


class NotMeant(ValueError):
    """What stands in the fields is no change that could be asked for. `field`: where."""

    def __init__(self, why: str, field: str = "") -> None:
        self.field = field
        super().__init__(why)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a file: `parameter`, `rule`, `rate` or `pack`, and its name."""

    kind: str = ""
    name: str = ""

    @classmethod
    def read(cls, text: str) -> Entry:
        """Of `rule:sca.low_value`."""
        kind, _, name = text.partition(":")
        return cls(kind, name) if kind in KINDS and name else cls()

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}" if self.kind else ""


KINDS: Final = ("parameter", "rule", "rate")
Edits = list[dict[str, Any]]


def edits_of(button: str, form: Form, entry: Entry, say: Callable[[str], str]) -> Edits:
    """What a button asks for, one edit after the other; none where nothing differs. Raises NotMeant."""
    kind, _, at = button.partition(":")
    return _HANDS[kind](form, entry, at, say)


def _set_value(form: Form, entry: Entry, at: str, say: Callable[[str], str]) -> Edits:
    was, day, value = form.get(f"was-{at}"), form.get(f"day-{at}"), form.get(f"value-{at}")
    if not value:
        raise NotMeant(
            say(N_("Write the value; a value that ends without another one is written in the text as null.")),
            f"value-{at}",
        )
    found: Edits = []
    if day and day != was:
        found.append({"kind": "move_value", "parameter": entry.name, "from": was, "to": day})
    if value != form.get(f"held-{at}"):
        found.append({"kind": "set_value", "parameter": entry.name, "from": day or was, "value": value})
    return found


def _add_value(form: Form, entry: Entry, at: str, say: Callable[[str], str]) -> Edits:
    if not form.get("new-from") or not form.get("new-value"):
        raise NotMeant(say(N_("A new value has a day from which it holds, and a value.")), "new-from")
    return [{
        "kind": "add_value", "parameter": entry.name, "from": form.get("new-from"), "value": form.get("new-value"), **_said(form),
    }]  # fmt: skip


def _said(form: Form) -> dict[str, str]:
    return {
        name: text for name in ("source", "at", "confidence", "note") if (text := form.get(f"new-{name}"))
    }  # fmt: skip


def _remove_value(form: Form, entry: Entry, at: str, say: Callable[[str], str]) -> Edits:
    return [{"kind": "remove_value", "parameter": entry.name, "from": form.get(f"was-{at}")}]


def _set_condition(form: Form, entry: Entry, at: str, say: Callable[[str], str]) -> Edits:
    when = " ".join(form.raw("when").split())
    if not when:
        raise NotMeant(say(N_("A rule has a condition.")), "when")
    return [{"kind": "set_condition", "rule": entry.name, "when": when}]


def _set_period(form: Form, entry: Entry, at: str, say: Callable[[str], str]) -> Edits:
    start = form.get("start") or form.get("was-start")
    return [
        {"kind": "set_period", "rule": entry.name, "from": start, **({"to": end} if (end := form.get("end")) else {})}
    ]


def _set_words(form: Form, entry: Entry, at: str, say: Callable[[str], str]) -> Edits:
    """Of the words of an entry those that differ from what they were."""
    return [
        {"kind": "set_text", "of": entry.kind, "name": entry.name, "key": key, "text": form.get(f"text-{key}")}
        for key in ("title", "label", "note", "basis", "confidence")
        if f"text-{key}" in form and form.get(f"text-{key}") != form.get(f"was-{key}")
    ]


def _set_cite(form: Form, entry: Entry, at: str, say: Callable[[str], str]) -> Edits:
    if not form.get("cite-source") or not form.get("cite-at"):
        raise NotMeant(say(N_("A citation is a source and the provision of it.")), "cite-at")
    return [{
        "kind": "set_cite", "of": entry.kind, "name": entry.name, "source": form.get("cite-source"), "at": form.get("cite-at"),
    }]  # fmt: skip


def _put_test(form: Form, entry: Entry, at: str, say: Callable[[str], str]) -> Edits:
    if not form.get("test-name"):
        raise NotMeant(say(N_("A test has a name.")), "test-name")
    try:
        given = json.loads(form.get("test-given") or "{}")
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise NotMeant(say(N_("Facts are written as JSON, in curly brackets.")), "test-given")
    missing = form.get("test-missing").replace(",", " ").split()
    day = form.get("test-on")
    return [{
        "kind": "put_test", "rule": entry.name, "name": form.get("test-name"), "given": given, **({"on": day} if day else {}),
        "expect": form.get("test-expect", "fires"), "missing": missing,
    }]  # fmt: skip


def _remove_test(form: Form, entry: Entry, at: str, say: Callable[[str], str]) -> Edits:
    return [{"kind": "remove_test", "rule": entry.name, "name": form.get(f"test-{at}")}]


def _set_percent(form: Form, entry: Entry, at: str, say: Callable[[str], str]) -> Edits:
    return [{"kind": "set_percent", "rate": entry.name, "percent": form.get("percent")}]


def _add_rate(form: Form, entry: Entry, at: str, say: Callable[[str], str]) -> Edits:
    if not form.get("new-from") or not form.get("new-percent"):
        raise NotMeant(say(N_("A new rate has a day from which it holds, and a percentage.")), "new-from")
    return [{
        "kind": "add_rate", "rate": entry.name, "from": form.get("new-from"), "percent": form.get("new-percent"), **_said(form),
    }]  # fmt: skip


def _add_source(form: Form, entry: Entry, at: str, say: Callable[[str], str]) -> Edits:
    if not form.get("source-name") or not form.get("source-title"):
        raise NotMeant(say(N_("A source has a short name and a title.")), "source-name")
    named = {"url": form.get("source-url"), "applies": form.get("source-applies")}
    return [{
        "kind": "add_source", "name": form.get("source-name"), "title": form.get("source-title"),
        **{name: text for name, text in named.items() if text},
    }]  # fmt: skip


_HANDS: Final[Mapping[str, Callable[[Form, Entry, str, Callable[[str], str]], Edits]]] = {
    "set-value": _set_value, "add-value": _add_value, "remove-value": _remove_value, "set-condition": _set_condition,
    "set-period": _set_period, "set-words": _set_words, "set-cite": _set_cite, "put-test": _put_test,
    "remove-test": _remove_test, "set-percent": _set_percent, "add-rate": _add_rate, "add-source": _add_source,
}  # fmt: skip
BUTTONS: Final = frozenset(_HANDS)
"""Buttons that change the text."""
