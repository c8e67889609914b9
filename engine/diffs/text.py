"""The text of two releases compared by stable ids: what came, ended, changed or stands elsewhere."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any, Final

from engine.diffs.model import Act, Change, Kind
from engine.diffs.plain import differing
from engine.diffs.records import Key, Record, records
from engine.packs.demotions import PATH as DEMOTED
from engine.packs.demotions import Demotion, rules_of
from engine.packs.model import Basis, Pack
from engine.packs.packset import PackSet
from engine.words import read_catalogue

_WANDERS: Final = frozenset({Kind.RULE, Kind.SCENARIO, Kind.PARAMETER, Kind.RATE, Kind.FEATURE, Kind.TERM})
"""What may be found again in another pack or domain under the same id."""
_ORDERED: Final = frozenset({Kind.RULE, Kind.RATE, Kind.SCENARIO, Kind.TERRITORY})
"""What stands in lists whose order people see."""

Found = dict[Key, Record]


def text_changes(was: PackSet, now: PackSet, only: frozenset[str] | None = None) -> tuple[Change, ...]:
    """Every change between two releases, by pack, domain and id; `only`: in these packs and in no messages.

    Packs with equal digests are not looked into.
    """
    old: Found = {}
    new: Found = {}
    for code in sorted(was.packs.keys() | now.packs.keys()):
        if (only is None or code in only) and was.digests.get(code) != now.digests.get(code):
            old |= records(was.packs[code]) if code in was.packs else {}
            new |= records(now.packs[code]) if code in now.packs else {}
    found = [*_Compared(was, now, old, new).changes()]
    found += _demotions(was, now, only)
    if only is None:
        found += [*_regions(was, now), *_messages(was, now)]
    return tuple(found)


def reformatted(was: PackSet, now: PackSet, changes: Iterable[Change]) -> tuple[str, ...]:
    """Files that differ though nothing in them changed."""
    told = {change.file for change in changes} | {change.was_file for change in changes}
    both = was.files.keys() & now.files.keys()
    return tuple(path for path in sorted(both) if was.files[path] != now.files[path] and path not in told)


class _Compared:
    """The records of the packs that differ."""

    def __init__(self, was: PackSet, now: PackSet, old: Found, new: Found):
        self._was, self._now, self._old, self._new = was, now, old, new
        self._shuffled = _shuffled(old, new)

    def changes(self) -> Iterator[Change]:
        """In the order of packs, domains and kinds."""
        gone = {key: record for key, record in self._old.items() if key not in self._new}
        came = {key: record for key, record in self._new.items() if key not in self._old}
        wandered = {**_wandered(gone, came), **_redated(gone, came)}
        left = set(wandered.values())
        order = {kind: at for at, kind in enumerate(Kind)}
        for key in sorted({*self._old, *self._new}, key=lambda k: (k[1], k[2] or "", order[k[0]], k[3])):
            if key in left:
                continue
            before = self._old.get(wandered.get(key, key))
            yield from self._change(before, self._new.get(key))

    def _change(self, before: Record | None, after: Record | None) -> Iterator[Change]:
        if before is not None and after is not None:
            yield from self._both(before, after)
        elif after is not None:
            yield self._told(Act.ADDED, None, after)
        elif before is not None:
            yield self._told(Act.REMOVED, before, None)

    def _both(self, before: Record, after: Record) -> Iterator[Change]:
        elsewhere = before.file != after.file or before.key[1:3] != after.key[1:3] or after.key in self._shuffled
        if elsewhere and after.key[0] not in (Kind.TEST, Kind.CASE, Kind.VALUE, Kind.DOMAIN):
            yield self._told(Act.MOVED, before, after)
        if before.data != after.data or before.unit != after.unit:
            ended = after.end is not None and (before.end is None or after.end < before.end)
            rest = {name: value for name, value in after.law.items() if name != "end"}
            alone = rest == {name: value for name, value in before.law.items() if name != "end"}
            yield self._told(Act.ENDED if ended and alone else Act.CHANGED, before, after)

    def _told(self, act: Act, before: Record | None, after: Record | None) -> Change:
        one = after or before
        assert one is not None
        kind, pack, domain, name = one.key
        both = before is not None and after is not None
        leaves = tuple(differing(before.data, after.data)) if before and after and act is not Act.MOVED else ()
        sides = [
            record.data if record else self._held(one, side)
            for record, side in ((before, self._old), (after, self._new))
        ]
        bears = one.bears and (not both or _bears(act, before, after))
        statute = (one.statute or (before is not None and before.statute)) and _weighs(act, kind, leaves, bears)
        basis, cite = one.basis.value if one.basis else None, self._cited(one)
        touches = self._touched(one) if bears else frozenset[str]()
        was_file = before.file if before and before.file != one.file else None
        return Change(
            kind, act, pack, domain, name, one.path, one.label, sides[0], sides[1], leaves, cite, basis,
            _effective(act, before, after), statute, bears, touches, one.file, was_file, one.unit,
        )  # fmt: skip

    @staticmethod
    def _held(one: Record, side: Found) -> dict[str, Any] | None:
        """Of a dated value that a release does not have: the one that it has on that day, if any."""
        if one.key[0] is not Kind.VALUE or not one.bears:
            return None
        name = one.key[3].partition("[")[0]
        others = (record for key, record in side.items() if key[:3] == one.key[:3] and key[3].partition("[")[0] == name)
        day = one.start or date.min
        held = [record for record in others if record.bears and (record.start or date.min) <= day]
        return max(held, key=lambda record: record.start or date.min).data if held else None

    def _cited(self, record: Record) -> dict[str, str | None] | None:
        if record.cite is None:
            return None
        pack = (self._now if record.key in self._new else self._was).packs[record.key[1]]
        source = pack.sources.get(record.cite.source)
        title, url = (source.title, source.url) if source else (None, None)
        return {"source": record.cite.source, "at": record.cite.at, "title": title, "url": url}

    def _touched(self, record: Record) -> frozenset[str]:
        if record.key[2] is not None:
            return frozenset((record.key[2],))
        pair = [packs.packs.get(record.key[1]) for packs in (self._was, self._now)]
        return frozenset(name for pack in pair if pack is not None for name in _spoken(pack))


def _spoken(pack: Pack) -> Iterable[str]:
    return {*pack.domains, *pack.list_for, *pack.on_unknown}


def _bears(act: Act, before: Record | None, after: Record | None) -> bool:
    """Whether a decision may turn on the difference. Another file or order is none; another pack is."""
    assert before is not None
    assert after is not None
    if act is Act.MOVED:
        return before.key[1:3] != after.key[1:3]
    return before.law != after.law or before.unit != after.unit


def _weighs(act: Act, kind: Kind, leaves: tuple[str, ...], bears: bool) -> bool:
    """Whether a change of a statute's record is one of the statute: of what it says, or of which provision says it."""
    cited = any(leaf.partition(".")[0] in ("cite", "basis") for leaf in leaves)
    return bears or cited or kind is Kind.SOURCE or (kind is Kind.VALUE and act is not Act.MOVED and not leaves)


def _effective(act: Act, before: Record | None, after: Record | None) -> date | None:
    one = after or before
    assert one is not None
    if act is Act.ENDED or (
        act is Act.CHANGED and before and after and before.start == after.start and before.end != after.end
    ):
        days = [record.end for record in (before, after) if record and record.end]
        return min(days, default=one.start)
    if before and after and before.start != after.start:
        known = [record.start for record in (before, after) if record.start]
        return min(known) if len(known) == 2 else None
    return one.start


# -- moves -----------------------------------------------------------------------------------------------------------------------


def _wandered(gone: Found, came: Found) -> dict[Key, Key]:
    """New key -> old key of what is in another pack or domain now: the same id there, and nowhere else."""
    found: dict[Key, Key] = {}
    by_id: dict[tuple[Kind, str], list[Key]] = defaultdict(list)
    for key in gone:
        by_id[key[0], key[3]].append(key)
    for key, record in came.items():
        homes = by_id.get((key[0], key[3]), [])
        alike = [other for other in came if (other[0], other[3]) == (key[0], key[3])]
        if key[0] in _WANDERS and len(homes) == len(alike) == 1 and gone[homes[0]].law == record.law:
            found[key] = homes[0]
    return found


def _redated(gone: Found, came: Found) -> dict[Key, Key]:
    """New key -> old key of a parameter's value, or a membership, whose first day alone is another."""
    found: dict[Key, Key] = {}
    for key, record in came.items():
        if key[0] not in (Kind.VALUE, Kind.MEMBER) or not record.bears:
            continue
        same = [other for other in gone if other[:3] == key[:3] and _undated(gone[other]) == _undated(record)]
        if len(same) == 1 and same[0] not in found.values():
            found[key] = same[0]
    return found


def _undated(record: Record) -> tuple[str, Mapping[str, Any]]:
    dateless = {name: value for name, value in record.law.items() if name not in ("from", "start")}
    return record.path.rpartition("[")[0] + record.label, dateless


def _shuffled(old: Found, new: Found) -> frozenset[Key]:
    """What stands in another order among its neighbours of the same file: the fewest that must be taken out to leave the rest in
    order."""
    groups: dict[tuple[str, Kind], list[Key]] = defaultdict(list)
    for key, record in new.items():
        if key in old and key[0] in _ORDERED and old[key].file == record.file:
            groups[record.file, key[0]].append(key)
    moved: set[Key] = set()
    for keys in groups.values():
        keys.sort(key=lambda key: new[key].line)
        kept = _longest_rise([old[key].line for key in keys])
        moved.update(key for at, key in enumerate(keys) if at not in kept)
    return frozenset(moved)


def _longest_rise(numbers: list[int]) -> frozenset[int]:
    """The positions of a longest rising run within a list.

    >>> sorted(_longest_rise([1, 5, 2, 3]))
    [0, 2, 3]
    """
    ends: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for position, number in enumerate(numbers):
        place = bisect_left(ends, number)
        before.append(at[place - 1] if place else -1)
        ends[place : place + 1] = [number]
        at[place : place + 1] = [position]
    found, position = set(), at[-1] if at else -1
    while position >= 0:
        found.add(position)
        position = before[position]
    return frozenset(found)


# -- beside the packs ------------------------------------------------------------------------------------------------------------


def _demotions(was: PackSet, now: PackSet, only: frozenset[str] | None) -> Iterator[Change]:
    """Rules that are held back under one release alone, or for another reason."""
    old, new = ({one.id: one for one in packs.demotions} for packs in (was, now))
    for name in sorted(old.keys() | new.keys()):
        before, after = old.get(name), new.get(name)
        one = after or before
        if one is None or before == after or (only is not None and one.pack not in only):
            continue
        domain, rule = dict(rules_of((now if after else was).packs[one.pack]))[one.rule]
        act = Act.CHANGED if before and after else Act.ADDED if after else Act.REMOVED
        was_said, is_said = (_plain(side) if side else None for side in (before, after))
        leaves = tuple(differing(was_said, is_said)) if was_said and is_said else ()
        bears = act is not Act.CHANGED
        yield Change(
            Kind.DEMOTION, act, one.pack, domain, one.rule, f"demoted[{one.rule}]", rule.title, was_said, is_said, leaves, None,
            rule.basis.value, None, bears and rule.basis is Basis.STATUTE, bears,
            frozenset({domain}) if bears else frozenset(), DEMOTED,
        )  # fmt: skip


def _plain(one: Demotion) -> dict[str, Any]:
    numbers = None if one.numbers is None else asdict(one.numbers)
    return {"since": one.since.isoformat(), "why": one.why, "numbers": numbers}


def _regions(was: PackSet, now: PackSet) -> Iterator[Change]:
    old, new = ({row.name: asdict(row) for row in packs.regions.rows} for packs in (was, now))
    for name in sorted(old.keys() | new.keys()):
        before, after = old.get(name), new.get(name)
        if before == after:
            continue
        act = Act.CHANGED if before and after else Act.ADDED if after else Act.REMOVED
        provider = name.partition(":")[0]
        leaves = tuple(differing(before, after)) if before and after else ()
        bears = not leaves or bool({*leaves} - {"note", "source", "as_of", "confidence", "city"})
        yield Change(
            Kind.REGION, act, "regions", "residency", name, f"regions[{name}]", name, before, after, leaves, None, None, None,
            False, bears, frozenset({"residency"}) if bears else frozenset(), f"regions/{provider}.csv",
        )  # fmt: skip


def _messages(was: PackSet, now: PackSet) -> Iterator[Change]:
    old, new = was.messages, now.messages
    for language in sorted(old.keys() | new.keys()):
        if old.get(language) == new.get(language):
            continue
        sides = [read_catalogue(texts[language], language) if texts.get(language) else {} for texts in (old, new)]
        for key in sorted(sides[0].keys() | sides[1].keys()):
            before, after = sides[0].get(key), sides[1].get(key)
            if before != after:
                act = Act.CHANGED if before and after else Act.ADDED if after else Act.REMOVED
                yield Change(
                    Kind.MESSAGE, act, "messages", None, key, f"messages.{language}[{key}]", key, before, after, (), None,
                    None, None, False, False, frozenset(), f"messages/{language}.po",
                )  # fmt: skip
