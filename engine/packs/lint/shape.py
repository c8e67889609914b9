"""Form and identity: canonical files, names that mean one thing, ids that are never used again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.catalogue import ALL_OBJECTS, NAMED
from engine.language.scope import CLOCK
from engine.language.tree import Expr, Let, past_used, walk
from engine.packs import format as canonical
from engine.packs.feature import Feature
from engine.packs.lint.view import View
from engine.packs.model import DOMAINS, Domain, Pack, Rule
from engine.packs.packset import by_folder, pack_files
from engine.packs.problems import PackError, Spot
from engine.packs.read import PACK_FILE, domain_files
from engine.packs.yaml import Mapping, Scalar, Sequence

RESERVED: Final = frozenset({"true", "false"})


def form(view: View) -> None:
    """Every readable file in its canonical form."""
    known = view.packs.keys() - view.focus
    for path, text in view.files.items():
        if path.endswith(".yaml") and path.partition("/")[0] not in known:
            try:
                view.found.extend(canonical.check(text, path))
            except PackError:
                continue


def unread(view: View) -> None:
    """No file of a pack that nobody reads: a rule in it would decide nothing, without a word."""
    for folder, own in by_folder(pack_files(view.files)).items():
        read = {f"{folder}/{PACK_FILE}", *(path for name in DOMAINS for path in domain_files(folder, name, own))}
        for path in sorted(own.keys() - read) if f"{folder}/{PACK_FILE}" in own else ():
            view.report("file-unread", Spot(path, 1, 1), f"No domain of {folder} reads the file {path}.")


def identity(view: View) -> None:
    """Rule ids unique in every chain, test names in every rule."""
    for chain in view.chains:
        for domain in sorted({name for code in chain for name in view.packs[code].domains}):
            _unique(view, view.rules(chain, domain))
    for _, part in view.domains():
        for rule in part.rules:
            names: dict[str, Spot] = {}
            for test in rule.tests:
                if test.name in names:
                    message = f"The rule {rule.id} has two tests called {test.name!r}."
                    view.report("duplicate-id", test.spot, message, f"See {names[test.name]}.")
                names.setdefault(test.name, test.spot)


def _unique(view: View, rules: Iterable[tuple[Pack, Rule]]) -> None:
    first: dict[str, tuple[Pack, Rule]] = {}
    for pack, rule in rules:
        if rule.id in first:
            owner, other = first[rule.id]
            said = (
                "stands twice" if owner is pack else f"is already a rule of {owner.jurisdiction}, which holds here too"
            )
            view.report("duplicate-id", view.at(rule.spot, "id"), f"The rule {rule.id} {said}.", f"See {other.spot}.")
        first.setdefault(rule.id, (pack, rule))


def retired(view: View) -> None:
    """Nothing under a name that was given up."""
    for pack, part in view.domains():
        gone = {
            item.text for top in view.tops(pack, part) for item in _items(top, "retired") if isinstance(item, Scalar)
        }
        used = {rule.id: view.at(rule.spot, "id") for rule in part.rules}
        used |= {name: parameter.spot for name, parameter in part.parameters.items()}
        used |= {name: feature.spot for name, feature in part.features.items()}
        used |= {scenario.id: view.at(scenario.spot, "id") for scenario in part.scenarios}
        used |= {name: let.spot for name, let in part.lets.items()}
        used |= {record.id: view.at(record.spot, "id") for record in part.rates}
        used |= {record.id: view.at(record.spot, "id") for record in part.territories}
        for name in sorted(gone & used.keys()):
            view.report("retired-id", used[name], f"{name} was given up and is used again.")


def _items(top: Mapping, key: str) -> Iterator[object]:
    for name, value in top.entries:
        if name.text == key and isinstance(value, Sequence):
            yield from value.items


def names(view: View) -> None:
    """Parameters and lets hide nothing."""
    for pack, part in view.domains():
        parents = [view.packs[code].domains.get(part.name) for code in view.chain(pack)[:-1]]
        inherited = {name for parent in parents if parent for name in parent.lets}
        for name, parameter in part.parameters.items():
            _taken(view, name, parameter.spot, "parameter", inherited)
        seen: dict[str, Spot] = {}
        for name, spot in _lets(view, pack, part):
            if name in seen:
                view.report("name-taken", spot, f"The let {name} stands twice.", f"See {seen[name]}.")
            seen.setdefault(name, spot)
            own = inherited | {key for parent in [*parents, part] if parent for key in parent.parameters}
            _taken(view, name, spot, "let", own)


def _lets(view: View, pack: Pack, part: Domain) -> Iterator[tuple[str, Spot]]:
    for top in view.tops(pack, part):
        for key, value in top.entries:
            if key.text == "lets" and isinstance(value, Mapping):
                yield from ((name.text, name.spot) for name, _ in value.entries)


def _taken(view: View, name: str, spot: Spot, said: str, others: set[str]) -> None:
    if name in NAMED or name in ALL_OBJECTS or name in CLOCK or name in RESERVED:
        view.report("name-taken", spot, f"The {said} {name} has the name of a fact.")
    elif name in others:
        view.report("name-taken", spot, f"The {said} {name} has the name of another parameter or let.")


def used_lets(view: View) -> None:
    """Every let used by some rule or let of the pack, or of one that extends it."""
    used = {
        (part.name, name)
        for pack in view.packs.values()
        for part in pack.domains.values()
        for body in [*(rule.when for rule in part.rules), *(let.body for let in part.lets.values())]
        for name in _named(body)
    }
    for pack, part in view.domains():
        if pack.jurisdiction in view.doubted:
            continue
        for let in part.lets.values():
            if (part.name, let.name) not in used:
                view.report("let-unused", let.spot, f"Nothing uses the let {let.name}.")


def _named(body: Expr) -> Iterator[str]:
    return (node.name for node in walk(body) if isinstance(node, Let))


def zones(view: View) -> None:
    """Time zones exist."""
    for pack in view.reviewed():
        _zone(view, pack.time_zone, view.at(pack.spot, "time_zone"))
        for member in pack.members:
            if member.time_zone:
                _zone(view, member.time_zone, view.at(member.spot, "time_zone"))


def _zone(view: View, name: str, spot: Spot) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        view.report("time-zone", spot, f"{name!r} is not a time zone.")


def used_features(view: View) -> None:
    """Every feature asked for by some rule or let of the pack, or of one that extends it."""
    used = {
        (part.name, name)
        for pack in view.packs.values()
        for part in pack.domains.values()
        for body in [*(rule.when for rule in part.rules), *(let.body for let in part.lets.values())]
        for name in past_used(body)
    }
    used |= {
        (part.name, str(rule.effect.details["past"]))
        for pack in view.packs.values()
        for part in pack.domains.values()
        for rule in part.rules
        if "past" in rule.effect.details
    }
    used |= {
        (part.name, name)
        for _, part in view.domains()
        for scenario in part.scenarios
        for name in (past_used(scenario.counted) if scenario.counted else ())
    }
    for pack, part in view.domains():
        for feature in part.features.values() if pack.jurisdiction not in view.doubted else ():
            if (part.name, feature.name) not in used:
                view.report("feature-unused", feature.spot, f"Nothing asks for the feature {feature.name}.")


def one_feature(view: View) -> None:
    """Packs that speak for one place mean the same by a name."""
    for chain in view.chains:
        for domain in sorted({name for code in chain for name in view.packs[code].domains}):
            first: dict[str, Feature] = {}
            for code in chain:
                part = view.packs[code].domains.get(domain)
                for name, feature in part.features.items() if part else ():
                    if name in first:
                        message = f"{name} is a feature of another pack that holds here too."
                        view.report("feature-taken", feature.spot, message, f"See {first[name].spot}.")
                    first.setdefault(name, feature)


CHECKS: Final[tuple[Callable[[View], None], ...]] = (
    form,
    unread,
    identity,
    retired,
    names,
    used_lets,
    used_features,
    one_feature,
    zones,
)
"""The checks of this module, in their order."""
