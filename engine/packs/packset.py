"""All packs of one release, compiled on demand and remembered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from engine.language.errors import did_you_mean
from engine.packs.compile import Compiled, compile_domain
from engine.packs.fields import Notes
from engine.packs.layers import WORLD, Layers
from engine.packs.model import Pack
from engine.packs.problems import PackError, Problem, Spot
from engine.packs.read import PACK_FILE, read_pack
from engine.packs.regions import FOLDER as REGIONS
from engine.packs.regions import read_regions
from engine.packs.release import Release, pack_digest, seal, unseal
from engine.packs.yaml import Mapping as YamlMapping
from engine.packs.yaml import Scalar, Sequence, YamlNode, read_yaml
from engine.words import FALLBACK, Words, choose, read_catalogue

_REMEMBERED: Final = 20_000


class PackSet:
    """A release in memory. Immutable but for its caches."""

    def __init__(self, packs: Mapping[str, Pack], files: Mapping[str, str], release: Release):
        self.packs = packs
        self.files = files
        self.release = release
        self.layers = Layers(packs)
        folders = by_folder(files)
        self.digests = {code: pack_digest(code, folders[code]) for code in packs}
        self._compiled: dict[tuple[tuple[str, ...], str, date], Compiled] = {}
        self._asked: dict[tuple[str, str, date], Compiled] = {}
        self._words: dict[str | None, Words] = {}
        self.derived: dict[str, Any] = {}
        """What domains work out of a release once and keep."""
        self.regions = read_regions(files)
        self.languages = tuple(sorted({FALLBACK, *self.messages}))

    def law(self, place: str, domain: str, day: date) -> Compiled:
        """The compiled law of one domain at a place on a day."""
        key = (place, domain, day)
        found = self._asked.get(key)
        if found is None:
            if len(self._asked) > _REMEMBERED:
                self._asked.clear()
            found = self._asked[key] = self._compile(self.layers.speaking(place, domain, day), domain, day)
        return found

    def _compile(self, chain: tuple[str, ...], domain: str, day: date) -> Compiled:
        key = (chain, domain, self.layers.segment(chain, domain, day))
        if key not in self._compiled:
            self._compiled[key] = compile_domain(self.layers, chain, domain, day)
        return self._compiled[key]

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

    @property
    def messages(self) -> dict[str, str]:
        """Language -> text of its message catalogue."""
        return {
            path.removeprefix("messages/").removesuffix(".po"): text
            for path, text in self.files.items()
            if path.startswith("messages/") and path.endswith(".po")
        }

    @classmethod
    def from_canonical(cls, canonical: bytes) -> PackSet:
        """The packs of a stored release. Raises PackError or ValueError."""
        files, version = unseal(canonical)
        packs, notes = read_packs(files)
        _raise(notes)
        return cls(packs, files, seal(files, version))


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


def read_packs(files: Mapping[str, str]) -> tuple[dict[str, Pack], Notes]:
    """Every pack that can be read, parents before children, and every problem."""
    notes = Notes()
    folders = by_folder({path: text for path, text in files.items() if path.endswith(".yaml")})
    tops = {code: _top(code, own) for code, own in folders.items() if f"{code}/{PACK_FILE}" in own}
    for folder, own in folders.items():
        for path in own if folder not in tops else ():
            notes.add("pack-missing", Spot(path, 1, 1), f"The folder {folder} has no {PACK_FILE}.")
    groups = frozenset(code for code, top in tops.items() if _has_members(top))
    packs: dict[str, Pack] = {}
    extends = {code: _extends(top) for code, top in tops.items()}
    for code in _parents_first(extends, tops, notes):
        lineage = _lineage(code, extends)
        parents = {name: packs[name] for name in lineage if name in packs}
        top = tops[code]
        if isinstance(top, PackError):
            notes.problems.extend(top.problems)
            continue
        pack = read_pack(code, top, folders[code], parents, groups, notes)
        if pack is not None:
            packs[code] = pack
    return packs, notes


def load_packs(root: Path, *, version: str | None = None) -> PackSet:
    """The packs under a folder. Raises PackError with every error found; warnings are the linter's business."""
    files = read_files(root)
    packs, notes = read_packs(files)
    _raise(notes)
    newest = max((pack.version for pack in packs.values()), default="0")
    return PackSet(packs, files, seal(files, version or newest))


def _raise(notes: Notes) -> None:
    errors = [problem for problem in notes.problems if problem.severity == "error"]
    if errors:
        raise PackError(errors)


Top = YamlNode | PackError
"""The root of a manifest, or why it cannot be read. Each is parsed once: parsing is nearly all the time that loading takes."""


def by_folder(files: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Folder -> its files, by their whole paths."""
    found: dict[str, dict[str, str]] = {}
    for path, text in files.items():
        found.setdefault(path.partition("/")[0], {})[path] = text
    return found


def _top(code: str, own: Mapping[str, str]) -> Top:
    path = f"{code}/{PACK_FILE}"
    try:
        return read_yaml(own[path], path)
    except PackError as error:
        return error


def _value(top: Top, key: str) -> YamlNode | None:
    entries = top.entries if isinstance(top, YamlMapping) else ()
    return next((value for name, value in entries if name.text == key), None)


def _extends(top: Top) -> tuple[str, ...]:
    node = _value(top, "extends")
    return tuple(item.text for item in node.items if isinstance(item, Scalar)) if isinstance(node, Sequence) else ()


def _extends_spot(top: Top, code: str, parent: str | None = None) -> Spot:
    """Where a pack names a parent, or its parents."""
    node = _value(top, "extends")
    if not isinstance(node, Sequence):
        return Spot(f"{code}/{PACK_FILE}", 1, 1)
    return next((item.spot for item in node.items if isinstance(item, Scalar) and item.text == parent), node.spot)


def _has_members(top: Top) -> bool:
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
