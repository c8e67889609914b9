"""All packs of one release, compiled on demand and remembered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from engine.language.errors import did_you_mean
from engine.packs.compile import Compiled, compile_domain
from engine.packs.demotions import PATH as DEMOTED
from engine.packs.demotions import Demotion, read_demotions, rules_of
from engine.packs.fields import Notes
from engine.packs.layers import WORLD, Layers
from engine.packs.model import Pack, Rule
from engine.packs.problems import PackError, Problem, Spot
from engine.packs.read import PACK_FILE, read_pack
from engine.packs.regions import FOLDER as REGIONS
from engine.packs.regions import read_regions
from engine.packs.release import Release, pack_digest, seal, unseal
from engine.packs.scenario import Scenario
from engine.packs.yaml import Mapping as YamlMapping
from engine.packs.yaml import Scalar, Sequence, YamlNode, read_yaml
from engine.words import FALLBACK, Words, choose, read_catalogue

_REMEMBERED: Final = 20_000


class LawsOfPlace(dict[str, Compiled]):
    """The laws of one place on one day, by domain: each is there when it is asked for."""

    __slots__ = ("_day", "_packs", "_place")

    def __init__(self, packs: PackSet, place: str, day: date):
        self._packs, self._place, self._day = packs, place, day

    def __missing__(self, domain: str) -> Compiled:
        found = self[domain] = self._packs.compiled(self._place, domain, self._day)
        return found


class PackSet:
    """A release in memory. Immutable but for its caches."""

    def __init__(
        self,
        packs: Mapping[str, Pack],
        files: Mapping[str, str],
        release: Release,
        demotions: tuple[Demotion, ...] = (),
    ):
        self.packs = packs
        self.files = files
        self.release = release
        self.demotions = demotions
        """The rules that are held back. The packs are the law as it is written all the same: decisions look at both."""
        self.layers = Layers(packs)
        self.folders = by_folder(pack_files(files))
        """Folder -> its pack files, by their whole paths."""
        self.digests = {code: pack_digest(code, self.folders[code]) for code in packs}
        self._compiled: dict[tuple[tuple[str, ...], str, date], Compiled] = {}
        self._asked: dict[tuple[str, date], LawsOfPlace] = {}
        self._words: dict[str | None, Words] = {}
        self.derived: dict[str, Any] = {}
        """What domains work out of a release once and keep."""
        self.regions = read_regions(files)
        self.languages = tuple(sorted({FALLBACK, *self.messages}))

    def law(self, place: str, domain: str, day: date) -> Compiled:
        """The compiled law of one domain at a place on a day."""
        return self.laws(place, day)[domain]

    def laws(self, place: str, day: date) -> LawsOfPlace:
        """The compiled laws of a place on a day, by domain."""
        key = (place, day)
        found = self._asked.get(key)
        if found is None:
            if len(self._asked) > _REMEMBERED:
                self._asked.clear()
            found = self._asked[key] = LawsOfPlace(self, place, day)
        return found

    def compiled(self, place: str, domain: str, day: date) -> Compiled:
        """The same law compiled, which every place and day share for which it reads alike. Whoever has law made otherwise
        does it here."""
        chain = self.layers.speaking(place, domain, day)
        key = (chain, domain, self.layers.segment(chain, domain, day))
        if key not in self._compiled:
            self._compiled[key] = compile_domain(self.layers, chain, domain, day)
        return self._compiled[key]

    def scenario(self, code: str, scenario: str) -> tuple[Scenario, Pack] | None:
        """A scenario by its id and the pack that declares it; None where this release has none of that name."""
        pack = self.packs.get(code)
        domains = () if pack is None else pack.domains.values()
        return next(
            ((one, pack) for domain in domains for one in domain.scenarios if one.id == scenario and pack), None
        )

    def words(self, wanted: str | None) -> Words:
        """The sentences of the wanted language, or of the nearest one there is."""
        found = self._words.get(wanted)
        if found is not None:
            return found
        locale = choose(wanted, self.languages)
        if len(self._words) > _REMEMBERED:
            self._words.clear()
        if locale not in self._words:
            text = self.messages.get(locale, "")
            self._words[locale] = Words(locale, read_catalogue(text, locale) if text else {})
        self._words[wanted] = self._words[locale]
        return self._words[locale]

    @cached_property
    def held_back(self) -> Mapping[str, Mapping[str, Demotion]]:
        """By domain: pack and rule (`DE/aml.house_cash`) of each rule that is held back, and the demotion."""
        found: dict[str, dict[str, Demotion]] = {}
        for one in self.demotions:
            domain, _ = dict(rules_of(self.packs[one.pack]))[one.rule]
            found.setdefault(domain, {})[one.id] = one
        return found

    @cached_property
    def silenced(self) -> PackSet:
        """The same law with the rules that are held back saying nothing. Their conditions stay: other rules may except them."""
        packs = dict(self.packs)
        for one in self.demotions:
            packs[one.pack] = _without(packs[one.pack], one.rule)
        made = PackSet(packs, self.files, self.release)
        made._take_over(self)
        return made

    @property
    def messages(self) -> dict[str, str]:
        """Language -> text of its message catalogue."""
        return {
            path.removeprefix("messages/").removesuffix(".po"): text
            for path, text in self.files.items()
            if path.startswith("messages/") and path.endswith(".po")
        }

    @classmethod
    def from_canonical(cls, canonical: bytes, near: PackSet | None = None) -> PackSet:
        """The packs of a stored release. Raises PackError or ValueError."""
        files, version = unseal(canonical)
        return cls.of(files, version, near)

    @classmethod
    def of(cls, files: Mapping[str, str], version: str | None = None, near: PackSet | None = None) -> PackSet:
        """The packs of these files; without a version, of the newest pack's. Raises PackError with every error found.

        `near`: a release that is loaded already. What it reads alike is taken from it, and what was compiled of that too.
        """
        packs, notes = read_packs(files, near)
        demotions = read_demotions(files, packs, notes)
        _raise(notes)
        newest = max((pack.version for pack in packs.values()), default="0")
        made = cls(packs, files, seal(files, version or newest), demotions)
        if near is not None:
            made._take_over(near)
        return made

    def _take_over(self, near: PackSet) -> None:
        """What was compiled of packs that are the same objects here; sentences and the members of groups are part of it."""
        same = self.messages == near.messages and _memberships(self.packs) == _memberships(near.packs)
        if same:
            kept = {code for code, pack in self.packs.items() if near.packs.get(code) is pack}
            self._compiled.update((key, law) for key, law in list(near._compiled.items()) if kept.issuperset(key[0]))


def read_files(root: Path) -> dict[str, str]:
    """The text of every pack, message file and table of regions under a folder. Raises PackError for what is not UTF-8."""
    files: dict[str, str] = {}
    tables = root.glob(f"{REGIONS}*.csv")
    for path in sorted([*root.glob("*/*.yaml"), *root.glob("*/*/*.yaml"), *root.glob("messages/*.po"), *tables]):
        name = path.relative_to(root).as_posix()
        try:
            files[name] = path.read_bytes().decode("utf-8").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            raise PackError([Problem("yaml-encoding", Spot(name, 1, 1), f"Not UTF-8 at byte {error.start}.")]) from None
    return files


def read_packs(files: Mapping[str, str], near: PackSet | None = None) -> tuple[dict[str, Pack], Notes]:
    """Every pack that can be read, parents before children, and every problem.

    A pack that `near` has of the same files, above which nothing differs either, is taken from there; it had no error, and its
    warnings are not told again.
    """
    notes = Notes()
    folders = by_folder(pack_files(files))
    tops = {code: _top(code, own, near) for code, own in folders.items() if f"{code}/{PACK_FILE}" in own}
    for folder, own in folders.items():
        for path in own if folder not in tops else ():
            notes.add("pack-missing", Spot(path, 1, 1), f"The folder {folder} has no {PACK_FILE}.")
    groups = frozenset(code for code, top in tops.items() if _has_members(top))
    packs: dict[str, Pack] = {}
    extends = {code: _extends(top) for code, top in tops.items()}
    known = _unchanged(folders, groups, near)
    for code in _parents_first(extends, tops, notes):
        lineage = _lineage(code, extends)
        parents = {name: packs[name] for name in lineage if name in packs}
        if code in known and all(packs.get(name) is known.get(name) for name in lineage):
            packs[code] = known[code]
            continue
        top = tops[code]
        manifest = _opened(code, folders[code]) if isinstance(top, Pack) else top
        if isinstance(manifest, PackError):
            notes.problems.extend(manifest.problems)
            continue
        pack = read_pack(code, manifest, folders[code], parents, groups, notes)
        if pack is not None:
            packs[code] = pack
    return packs, notes


def read_one(code: str, files: Mapping[str, str], near: PackSet, notes: Notes) -> Pack | None:
    """One pack of these files anew, beside the others as `near` has them: what a file says while it is written.

    Problems go to `notes`; None where its manifest says too little.
    """
    own = by_folder(pack_files(files))[code]
    manifest = _opened(code, own)
    if isinstance(manifest, PackError):
        notes.problems.extend(manifest.problems)
        return None
    extends = {name: pack.extends for name, pack in near.packs.items()} | {code: _extends(manifest)}
    for parent in extends[code]:
        if parent not in near.packs or code in _lineage_of(parent, extends):
            notes.add("extends-unknown", _extends_spot(manifest, code, parent), f"The pack cannot extend {parent}.")
            return None
    parents = {name: near.packs[name] for name in _lineage(code, extends) if name in near.packs}
    groups = frozenset(name for name, pack in near.packs.items() if name != code and pack.members)
    return read_pack(code, manifest, own, parents, groups | ({code} if _has_members(manifest) else set()), notes)


def _lineage_of(code: str, extends: Mapping[str, tuple[str, ...]]) -> set[str]:
    """A pack and everything it extends, in circles too."""
    found, waiting = {code}, [code]
    while waiting:
        new = set(extends.get(waiting.pop(), ())) - found
        found |= new
        waiting.extend(new)
    return found


def load_packs(root: Path, *, version: str | None = None) -> PackSet:
    """The packs under a folder. Raises PackError with every error found; warnings are the linter's business."""
    return PackSet.of(read_files(root), version)


def _raise(notes: Notes) -> None:
    errors = [problem for problem in notes.problems if problem.severity == "error"]
    if errors:
        raise PackError(errors)


Top = YamlNode | PackError | Pack
"""The root of a manifest, or why it cannot be read; or the pack itself, where its manifest is known. Each is parsed once: parsing
is nearly all the time that loading takes."""


def _unchanged(
    folders: Mapping[str, Mapping[str, str]], groups: frozenset[str], near: PackSet | None
) -> dict[str, Pack]:
    """The packs of `near` whose own files are the same here, where conditions may name the same groups."""
    if near is None or groups != frozenset(code for code, pack in near.packs.items() if pack.members):
        return {}
    before = near.folders
    return {code: pack for code, pack in near.packs.items() if folders.get(code) == before.get(code)}


def _without(pack: Pack, rule: str) -> Pack:
    """The pack with one rule naming a condition only."""
    domain, _ = dict(rules_of(pack))[rule]
    part = pack.domains[domain]
    rules = tuple(_silent(one) if one.id == rule else one for one in part.rules)
    return replace(pack, domains={**pack.domains, domain: replace(part, rules=rules)})


def _silent(rule: Rule) -> Rule:
    """Details stay: they tell whose payments the rule speaks of."""
    effect = replace(rule.effect, kind="flag", name="held_back", oblige=(), outcome=None, always=False)
    return replace(rule, effect=effect)


def _memberships(packs: Mapping[str, Pack]) -> list[tuple[str, object, object]]:
    return [(code, pack.members, pack.list_for) for code, pack in sorted(packs.items()) if pack.members]


def pack_files(files: Mapping[str, str]) -> dict[str, str]:
    """Those files that belong to packs."""
    return {path: text for path, text in files.items() if path.endswith(".yaml") and path != DEMOTED}


def by_folder(files: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Folder -> its files, by their whole paths."""
    found: dict[str, dict[str, str]] = {}
    for path, text in files.items():
        found.setdefault(path.partition("/")[0], {})[path] = text
    return found


def _top(code: str, own: Mapping[str, str], near: PackSet | None) -> Top:
    if near is not None and near.folders.get(code) == own:
        return near.packs[code]
    return _opened(code, own)


def _opened(code: str, own: Mapping[str, str]) -> YamlNode | PackError:
    path = f"{code}/{PACK_FILE}"
    try:
        return read_yaml(own[path], path)
    except PackError as error:
        return error


def _value(top: Top, key: str) -> YamlNode | None:
    entries = top.entries if isinstance(top, YamlMapping) else ()
    return next((value for name, value in entries if name.text == key), None)


def _extends(top: Top) -> tuple[str, ...]:
    if isinstance(top, Pack):
        return top.extends
    node = _value(top, "extends")
    return tuple(item.text for item in node.items if isinstance(item, Scalar)) if isinstance(node, Sequence) else ()


def _extends_spot(top: Top, code: str, parent: str | None = None) -> Spot:
    """Where a pack names a parent, or its parents."""
    node = _value(top, "extends")
    if not isinstance(node, Sequence):
        return Spot(f"{code}/{PACK_FILE}", 1, 1)
    return next((item.spot for item in node.items if isinstance(item, Scalar) and item.text == parent), node.spot)


def _has_members(top: Top) -> bool:
    if isinstance(top, Pack):
        return bool(top.members)
    node = _value(top, "members")
    return isinstance(node, Sequence) and bool(node.items)


def _lineage(code: str, extends: Mapping[str, tuple[str, ...]]) -> list[str]:
    found: list[str] = [WORLD] if WORLD in extends and code != WORLD else []
    for parent in extends.get(code, ()):
        found.extend(item for item in [*_lineage(parent, extends), parent] if item not in found)
    return found


def _parents_first(extends: Mapping[str, tuple[str, ...]], tops: Mapping[str, Top], notes: Notes) -> list[str]:
    order: list[str] = []
    waiting = sorted(extends, key=lambda code: (code != WORLD, code))
    for code in waiting:
        for parent in extends[code]:
            if parent not in extends:
                spot = _extends_spot(tops[code], code, parent)
                hint = did_you_mean(parent, extends) or ""
                notes.add("extends-unknown", spot, f"The pack extends {parent}, which does not exist.", hint)
    while waiting:
        ready = [code for code in waiting if all(p in order or p not in extends for p in extends[code])]
        if not ready:
            for code in waiting:
                spot = _extends_spot(tops[code], code)
                notes.add("extends-circle", spot, "Packs extend each other in a circle.")
            break
        order.extend(ready)
        waiting = [code for code in waiting if code not in ready]
    return order
