"""Two places side by side: which entries they share, which differ, and which only one of them has."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from api.lawbook.reading import Known, chain_of, domain_told

Entry = dict[str, Any]
_RULE: Final = ("sentence", "applies_to", "unless")
"""What makes two rules differ, beside what follows from them."""


def compared(
    known: Known, a: str, b: str, domain: str, days: tuple[date, date], language: str
) -> dict[str, Any] | None:
    """One domain of two places, each on its own day. None: neither has any such law."""
    sides = [_side(known, place, domain, day, language) for place, day in zip((a, b), days, strict=True)]
    if not any(sides):
        return None
    one, other = sides
    rules = _rows(_keyed(one["rules"], _rule_key), _keyed(other["rules"], _rule_key), _title, _same_rule)
    parameters = _rows(
        {entry["name"]: entry for entry in one["parameters"]},
        {entry["name"]: entry for entry in other["parameters"]},
        lambda entry: str(entry["said"]),
        lambda left, right: left["value"]["text"] == right["value"]["text"],
    )
    rates = _rows(
        _keyed(one["rates"], _rate_key), _keyed(other["rates"], _rate_key), lambda entry: str(entry["said"]), _same_rate
    )
    alike = sum(row["same"] for row in (*rules, *parameters, *rates))
    different = len(rules) + len(parameters) + len(rates) - alike
    return {
        "domain": domain, "rules": rules, "parameters": parameters, "rates": rates, "different": different, "alike": alike,
    }  # fmt: skip


_EMPTY: Final[Entry] = {"rules": [], "parameters": [], "rates": []}


def _side(known: Known, place: str, domain: str, day: date, language: str) -> Entry:
    chain = chain_of(known.packs, place, domain, day)
    if not any(domain in known.packs.packs[code].domains for code in chain):
        return _EMPTY
    return domain_told(known, place, domain, day, language)


def _keyed(entries: list[Entry], key: Callable[[Entry], str]) -> dict[str, Entry]:
    """By what they are about; a second one about the same thing gets a number."""
    found: dict[str, Entry] = {}
    for entry in entries:
        name, count = key(entry), 2
        unique = name
        while unique in found:
            unique, count = f"{name} ({count})", count + 1
        found[unique] = entry
    return found


def _rule_key(entry: Entry) -> str:
    """Rules of a common pack by their ids; of different ones by what follows from them."""
    return f"{entry['effect']} {entry['effect_name']}"


def _rate_key(entry: Entry) -> str:
    return " ".join(str(entry[name]) for name in ("component", "category", "kind"))


def _title(entry: Entry) -> str:
    return str(entry["title"])


def _same_rule(left: Entry, right: Entry) -> bool:
    return all(left[name] == right[name] for name in _RULE) and _said(left["then"]) == _said(right["then"])


def _said(clause: Entry) -> list[str]:
    return [clause["text"], *(said for child in clause["children"] for said in _said(child))]


def _same_rate(left: Entry, right: Entry) -> bool:
    return all(left[name] == right[name] for name in ("percent", "text", "condition"))


def _rows(
    left: dict[str, Entry],
    right: dict[str, Entry],
    title: Callable[[Entry], str],
    same: Callable[[Entry, Entry], bool],
) -> list[dict[str, Any]]:
    """What differs first, then what only one has, then what is the same; each by its key."""
    found = []
    for key in sorted({**left, **right}):
        a, b = left.get(key), right.get(key)
        alike = a is not None and b is not None and same(a, b)
        found.append({"key": key, "title": title(a or b or {}), "same": alike, "a": a, "b": b})
    return sorted(found, key=lambda row: (row["same"], row["a"] is None or row["b"] is None))
