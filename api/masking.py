"""Personal data masked, field by field, as the catalogue says: for exports, and for whoever does not work on persons.

Whoever reviews, screens or takes merchants on sees the person: without, a case could not be decided. Everybody else who may
read, auditors among them, sees masks. An export is masked for everybody until somebody who may asks for it whole, which the
chain tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Literal, NamedTuple

import orjson

from api.problems import Problem
from api.service import Service
from engine.catalogue import FIELDS, ROOT, Field, Node, Shown
from engine.ledger import ApiKey, Scope

OPEN: Final = frozenset({Scope.REVIEW, Scope.SCREEN, Scope.ONBOARD})
"""The scopes of those who work on persons."""
Personal = Literal["masked", "whole"]
MASK: Final = "…"
_SHORTEST: Final = 3
_OPEN_ENDED: Final = "open"
_PLAIN: Final = re.compile(r"[0-9.,\- ]{1,7}")
"""Too like any number: replaced only where it is the whole of a text."""


def sees_persons(key: ApiKey) -> bool:
    """Whether a caller is shown personal data as they are."""
    return not key.scopes.isdisjoint(OPEN)


def require_whole(service: Service, key: ApiKey, what: str, subject: str) -> None:
    """Let somebody have an export whole, and tell so in the chain first. Raises 403 for who does not work on persons."""
    if not sees_persons(key):
        raise Problem(
            "forbidden", "Personal data are shown whole to the scopes review, screen and onboard: ask for them masked."
        )
    service.ledger.people.show(service.clock(), key.id, {"what": what, "of": subject})


def masked(value: object, shown: Shown) -> str:
    """A value as it is shown.

    >>> masked("Jane Q. Doe", Shown.INITIAL), masked("DE89370400440532013000", Shown.LAST_FOUR)
    ('J… Q… D…', '…3000')
    >>> masked("1961-05-04", Shown.YEAR), masked("1234", Shown.LAST_FOUR), masked("a@b.example", Shown.HIDDEN)
    ('1961', '…', '…')
    """
    text = str(value)
    if shown is Shown.WHOLE:
        return text
    if shown is Shown.INITIAL:
        return " ".join(f"{word[0]}{MASK}" for word in text.split()) or MASK
    if shown is Shown.LAST_FOUR and len(text) >= 8:
        return MASK + text[-4:]
    if shown is Shown.YEAR and re.match(r"\d{4}-\d{2}-\d{2}", text):
        return text[:4]
    return MASK


class Stated(NamedTuple):
    """A personal value that somebody stated."""

    path: str
    value: str
    shown: Shown


def personal_in(body: bytes) -> tuple[Stated, ...]:
    """The personal values of a stored request. A body that is none says nothing."""
    try:
        tree = orjson.loads(body)
    except orjson.JSONDecodeError:
        return ()
    return tuple(_stated(tree, ROOT, ""))


def _stated(tree: Any, node: Node, prefix: str) -> Iterator[Stated]:
    if not isinstance(tree, dict):
        return
    for key, value in tree.items():
        path = f"{prefix}{key}"
        if key in node.facts:
            yield from _values(path, value, node.facts[key])
        elif key in node.parts:
            yield from _stated(value, node.parts[key], f"{path}.")
        elif key in node.lists and isinstance(value, list):
            for one in value:
                yield from _stated(one, node.lists[key], f"{path}.")


def _values(path: str, value: Any, fact: Field) -> Iterator[Stated]:
    if fact.shown is Shown.WHOLE or value is None or isinstance(value, bool):
        return
    if fact.kind == _OPEN_ENDED or isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else [value]:
            yield from _values(path, one, Field(path, "text", shown=fact.shown))
    else:
        yield Stated(path, str(value), fact.shown)


_NAMED: Final = {path: fact.shown for path, fact in FIELDS.items() if fact.shown is not Shown.WHOLE}
_OF_ELEMENTS: Final = frozenset(
    path
    for fact in FIELDS.values()
    for path, inner in fact.item.items()
    if inner.shown is not Shown.WHOLE
)  # fmt: skip
_WORDS: Final = re.compile(r"[a-z_][a-z_0-9]*(?:\.[a-z_][a-z_0-9]*)*")
_TOLD: Final = frozenset({"true", "false"})


class Masks:
    """What stands for the personal values of one request, wherever they come up again. `fields` names those that were masked."""

    def __init__(self, stated: Iterable[Stated]) -> None:
        self._found: set[str] = set()
        self._whole: dict[str, Stated] = {}
        parts: dict[str, Stated] = {}
        for one in stated:
            said = one.value.strip().casefold()
            if said:
                self._whole.setdefault(said, one)
            if len(said) >= _SHORTEST and not _PLAIN.fullmatch(said):
                parts.setdefault(said, one)
        # The longest first: a name within an address is masked with the address.
        ordered = sorted(parts, key=len, reverse=True)
        pattern = "|".join(map(re.escape, ordered))
        self._parts, self._pattern = parts, re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE) if parts else None

    @property
    def fields(self) -> list[str]:
        """Paths of the facts that were masked, sorted."""
        return sorted(self._found)

    def over(self, tree: Any) -> Any:
        """The same JSON with every personal value masked. Keys stay as they are."""
        if isinstance(tree, str):
            return self._text(tree)
        if isinstance(tree, Mapping):
            return {key: self.over(value) for key, value in self._rung(tree).items()}
        if isinstance(tree, list | tuple):
            return [self.over(one) for one in tree]
        return tree

    def _rung(self, tree: Mapping[str, Any]) -> Mapping[str, Any]:
        """A part of a condition that speaks of a personal fact: what it came to is not told, but for yes and no."""
        said, value = tree.get("expression"), tree.get("value")
        if not isinstance(said, str) or not isinstance(value, str) or value in _TOLD:
            return tree
        for path in _WORDS.findall(said):
            shown = _NAMED.get(path)
            if shown is None and path.partition(".")[2] not in _OF_ELEMENTS:
                continue
            self._found.add(path)
            return {**tree, "value": masked(value, shown if shown is not None and said == path else Shown.HIDDEN)}
        return tree

    def _text(self, text: str) -> str:
        whole = self._whole.get(text.strip().casefold())
        if whole is not None:
            return self._mask(whole, text)
        return text if self._pattern is None else self._pattern.sub(self._part, text)

    def _part(self, found: re.Match[str]) -> str:
        one = self._parts.get(found[0].casefold())
        return MASK if one is None else self._mask(one, found[0])

    def _mask(self, one: Stated, text: str) -> str:
        self._found.add(one.path)
        return masked(text.strip(), one.shown)


# -- applications of merchants ---------------------------------------------------------------------------------------------


def masked_case(told: dict[str, Any]) -> dict[str, Any]:
    """An onboarding case as it is shown to who does not work on persons; `masked` has a JSON pointer for each field."""
    pointers: list[str] = []
    application = dict(told["application"])
    stated: list[Stated] = []
    for name in ("directors", "owners"):
        if name in application:
            application[name] = _people(application[name], f"/application/{name}", pointers, stated)
    account = application.get("account")
    if account is not None:
        application["account"] = _account(account, pointers, stated)
    # Names come up again: among beneficial owners, in what is missing, in what was found.
    rest = {name: part for name, part in told.items() if name not in ("application", "masked")}
    masks = Masks(stated)
    return {**masks.over(rest), "application": masks.over(application), "masked": sorted(pointers)}


def _people(
    people: list[dict[str, Any]], where: str, pointers: list[str], stated: list[Stated]
) -> list[dict[str, Any]]:
    made = []
    for at, one in enumerate(people):
        here, kept = f"{where}/{at}", dict(one)
        if one.get("type", "individual") == "individual":
            kept["name"] = _put(one["name"], Shown.INITIAL, f"{here}/name", pointers, stated)
            if kept.pop("date_of_birth", None) is not None:
                pointers.append(f"{here}/date_of_birth")
            if "national_ids" in one:
                kept["national_ids"] = [
                    _number(number, f"{here}/national_ids/{n}/value", pointers, stated)
                    for n, number in enumerate(one["national_ids"])
                ]
        if "owners" in one:
            kept["owners"] = _people(one["owners"], f"{here}/owners", pointers, stated)
        made.append(kept)
    return made


def _number(number: dict[str, Any], where: str, pointers: list[str], stated: list[Stated]) -> dict[str, Any]:
    return {**number, "value": _put(number["value"], Shown.LAST_FOUR, where, pointers, stated)}


def _account(account: dict[str, Any], pointers: list[str], stated: list[Stated]) -> dict[str, Any]:
    kept = dict(account)
    for name, shown in (("iban", Shown.LAST_FOUR), ("number", Shown.LAST_FOUR), ("holder", Shown.INITIAL)):
        if name in account:
            value = _put(account[name], shown, f"/application/account/{name}", pointers, stated)
            # An IBAN has five letters at least.
            kept[name] = value.ljust(5, MASK)
    return kept


def _put(value: str, shown: Shown, where: str, pointers: list[str], stated: list[Stated]) -> str:
    pointers.append(where)
    stated.append(Stated(where, value, shown))
    return masked(value, shown)
