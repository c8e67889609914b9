"""`features:` of a domain file: what its conditions may ask of the past, by name."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from datetime import time
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.catalogue import FIELDS, OBJECTS
from engine.history import COLUMNS, FeatureForm, Of
from engine.language.errors import did_you_mean
from engine.language.scope import CLOCK
from engine.money import DIGITS
from engine.packs.feature import AMOUNTS, Feature
from engine.packs.fields import Keys, Notes, Stop
from engine.packs.records import read_cite
from engine.packs.yaml import Scalar, Sequence, YamlNode
from engine.windows import Window, WindowKind

SAME: Final = "same"
MOST_SAME: Final = 2
"""Columns that may be asked to be the present payment's own: each doubles the places where past payments are looked up."""
LONGEST_HOURS: Final = 24 * 366 * 5
LONGEST_DAYS: Final = 366 * 20

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
_TIME: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_BY_PATH: Final = {path: column for column, path in COLUMNS.items()}
_WEEK: Final = {name: at for at, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))}
_KEYS: Final[Mapping[WindowKind, tuple[str, ...]]] = {
    WindowKind.ROLLING: ("hours",),
    WindowKind.LINKED: ("days",),
    WindowKind.BUSINESS_DAY: ("cutoff", "weekend", "zone"),
    WindowKind.CALENDAR_DAY: ("zone",),
    WindowKind.CALENDAR_MONTH: ("zone",),
    WindowKind.CALENDAR_YEAR: ("zone",),
}


def read_features(keys: Keys, notes: Notes, zone: str, taken: Container[str], faulty: set[str]) -> dict[str, Feature]:
    """The features of one file, by name. `zone`: the pack's own; `taken`: names that mean something already. The names of those
    that cannot be read go to `faulty`."""
    found: dict[str, Feature] = {}
    for key, node in keys.entries("features"):
        try:
            _free(key, notes, taken, found)
            found[key.text] = _feature(key, node, notes, zone)
        except Stop:
            faulty.add(key.text)
    return found


def _free(key: Scalar, notes: Notes, taken: Container[str], found: Container[str]) -> None:
    name = key.text
    if not _NAME.fullmatch(name):
        raise notes.stop("identifier", key.spot, f"{name!r} is not an identifier.", "Use lower case, digits and _.")
    if name in taken or name in found or name in FIELDS or name in OBJECTS or name in CLOCK:
        raise notes.stop("feature-taken", key.spot, f"{name} is the name of a fact, a parameter or another feature.")


def _feature(key: Scalar, node: YamlNode, notes: Notes, zone: str) -> Feature:
    keys = Keys(node, notes, f"The feature {key.text}")
    of = keys.one_of("of", Of)
    column = _measured(keys, notes, of)
    unit = _unit(keys, notes, of)
    where, same = _where(keys, notes)
    own = _own(keys, notes)
    if own and of is Of.DISTINCT:
        message = f"{keys.said} counts different values: whether the present payment's is one of them, nobody can say."
        raise notes.stop("feature-field", keys.where("own"), message, "own: excluded.")
    form = FeatureForm(of, column, where, _key(keys, notes), same)
    feature = Feature(
        key.text, keys.text("label", key.text.replace("_", " ")), form, unit,
        _window(keys.need("window"), notes, zone), own, read_cite(keys, notes), keys.text("note", ""), key.spot,
    )  # fmt: skip
    keys.done()
    return feature


def _measured(keys: Keys, notes: Notes, of: Of) -> str | None:
    """`field`: the amount, or of `distinct` a column."""
    if of is Of.COUNT:
        return None
    text = keys.text("field", "amount" if of in AMOUNTS else None)
    if of is Of.DISTINCT:
        return _column(text, keys, "field", notes)
    if text != "amount":
        raise notes.stop(
            "feature-field", keys.where("field"), f"The {of} of {text} has no meaning.", "`field: amount`."
        )
    return None


def _unit(keys: Keys, notes: Notes, of: Of) -> str | None:
    unit = keys.maybe("unit")
    if of in AMOUNTS and unit not in DIGITS:
        raise notes.stop("unit-missing", keys.where("unit"), f"{keys.said} needs its unit.", "A currency.")
    if of not in AMOUNTS and unit is not None:
        raise notes.stop("feature-field", keys.where("unit"), f"{keys.said} is a number and has no unit.")
    return unit


def _column(name: str, keys: Keys, key: str, notes: Notes) -> str:
    if name not in COLUMNS:
        hint = did_you_mean(name, COLUMNS) or f"Known: {', '.join(COLUMNS)}."
        raise notes.stop("feature-column", keys.where(key), f"Past payments have no column {name}.", hint)
    return name


def _where(keys: Keys, notes: Notes) -> tuple[tuple[tuple[str, tuple[str, ...]], ...], tuple[str, ...]]:
    """Columns with their values, and those that must be as the present payment has them."""
    where: dict[str, tuple[str, ...]] = {}
    same: list[str] = []
    for key, node in keys.entries("where"):
        column = _column(key.text, keys, "where", notes)
        if isinstance(node, Scalar) and node.text == SAME:
            same.append(column)
        else:
            where[column] = _values(column, node, notes)
    if len(same) > MOST_SAME:
        message = f"{keys.said} compares {len(same)} columns with the present payment: at most {MOST_SAME} can be."
        raise notes.stop("feature-column", keys.where("where"), message)
    return tuple(sorted(where.items())), tuple(sorted(same))


def _values(column: str, node: YamlNode, notes: Notes) -> tuple[str, ...]:
    items = node.items if isinstance(node, Sequence) else (node,)
    values = [item.text for item in items if isinstance(item, Scalar)]
    if not values or len(values) != len(items):
        raise notes.stop("feature-column", node.spot, f"{column} has one value here, a list of values, or is `same`.")
    known = FIELDS[COLUMNS[column]].values
    for value in values if known else ():
        if known and value not in known:
            hint = did_you_mean(value, known) or f"Known: {', '.join(sorted(known))}."
            raise notes.stop("enum-value", node.spot, f"{COLUMNS[column]} is never {value!r}.", hint)
    return tuple(sorted(set(values)))


def _key(keys: Keys, notes: Notes) -> tuple[str, ...]:
    """`key`: the facts that say whose past is meant."""
    node = keys.need("key")
    items = node.items if isinstance(node, Sequence) else (node,)
    paths = [item.text for item in items if isinstance(item, Scalar)]
    for path in paths:
        if path not in _BY_PATH:
            hint = did_you_mean(path, _BY_PATH) or f"Known: {', '.join(_BY_PATH)}."
            raise notes.stop("feature-column", node.spot, f"Nobody's past is kept by {path}.", hint)
    if not paths or len(paths) != len(set(paths)):
        raise notes.stop("feature-column", node.spot, "`key` is a fact, or a list of different facts.")
    return tuple(sorted(_BY_PATH[path] for path in paths))


def _own(keys: Keys, notes: Notes) -> bool:
    text = keys.text("own", "excluded")
    if text not in ("excluded", "included"):
        raise notes.stop("value", keys.where("own"), f"`own` is never {text!r}.", "excluded or included.")
    return text == "included"


def _window(node: YamlNode, notes: Notes, zone: str) -> Window:
    keys = Keys(node, notes, "A window")
    kind = keys.one_of("kind", WindowKind)
    said = _KEYS[kind]
    hours = _number(keys, "hours", LONGEST_HOURS, notes) if "hours" in said else 0
    days = _number(keys, "days", LONGEST_DAYS, notes) if "days" in said else 0
    cutoff = _cutoff(keys, notes) if "cutoff" in said else time(0)
    weekend = _weekend(keys, notes) if "weekend" in said else (5, 6)
    if "zone" in said:
        zone = keys.text("zone", zone)
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise notes.stop("feature-window", keys.where("zone"), f"{zone!r} is not a time zone.") from None
    keys.done()
    return Window(kind, hours, days, cutoff, weekend, zone if "zone" in said else "UTC")


def _number(keys: Keys, key: str, most: int, notes: Notes) -> int:
    text = keys.text(key)
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= most):
        raise notes.stop("feature-window", keys.where(key), f"`{key}` is a whole number from 1 to {most}.")
    return int(text)


def _cutoff(keys: Keys, notes: Notes) -> time:
    text = keys.text("cutoff")
    if not _TIME.fullmatch(text):
        raise notes.stop("feature-window", keys.where("cutoff"), f"{text!r} is not a time of day.", 'Write "17:00".')
    return time.fromisoformat(text)


def _weekend(keys: Keys, notes: Notes) -> tuple[int, ...]:
    if not keys.has("weekend"):
        return (5, 6)
    words = keys.words("weekend")
    if any(word not in _WEEK for word in words) or len(set(words)) > len(_WEEK) - 1:
        raise notes.stop(
            "feature-window", keys.where("weekend"), f"Days are {', '.join(_WEEK)}; one must be left to work."
        )
    return tuple(sorted({_WEEK[word] for word in words}))
