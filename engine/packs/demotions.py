"""Rules that a release holds back: where one of them would stop a payment, a person looks at the payment instead.

They stand in one file beside the packs, so that they are a part of the release like all else: addressed by its digest, compared,
merged, signed, carried and replayed with it. The packs themselves stay as the law is written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from engine.language.errors import did_you_mean
from engine.packs.fields import Keys, Notes, Stop, each
from engine.packs.format import formatted
from engine.packs.model import Pack, Rule
from engine.packs.problems import PackError, Spot
from engine.packs.yaml import YamlNode, read_yaml

PATH: Final = "house/demoted.yaml"
"""The file, where there is one."""
STOPS: Final[Mapping[str, frozenset[str]]] = {
    "sca": frozenset({"require"}),
    "aml": frozenset({"block"}),
    "kyc": frozenset({"level", "collect", "limit", "owners", "age", "refuse"}),
    "methods": frozenset({"collect", "check", "limit", "refuse"}),
}
"""By domain, the effects by which a rule stops a payment, or turns it back to the payer: what may be held back. A residency rule
never does more than a review; a report, a record or an obligation stops nothing; tax is a table."""
_NUMBERS: Final = ("stopped", "asked", "stopped_before", "asked_before")
_HEAD: Final = (
    "# Rules that stop no payment: where one would, a person looks at it. Lifted by a draft without the entry.\n"
)
_NOWHERE: Final = Spot(PATH, 1, 1)


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a breaker counted. `window`: ISO 8601 duration of the last two of these."""

    stopped: int
    """Payments that the rule stopped within the window."""
    asked: int
    """Payments within the window that its pack was applied to."""
    stopped_before: int
    """The same of the longer time before."""
    asked_before: int
    window: str


@dataclass(frozen=True, slots=True)
class Demotion:
    """A rule that is held back, since when, and why."""

    pack: str
    rule: str
    since: datetime
    """Aware."""
    why: str
    """One line."""
    numbers: Numbers | None = None
    """None: a person has held it back."""
    spot: Spot = field(default=_NOWHERE, compare=False)

    @property
    def id(self) -> str:
        """`DE/aml.house_cash`."""
        return f"{self.pack}/{self.rule}"


def read_demotions(files: Mapping[str, str], packs: Mapping[str, Pack], notes: Notes) -> tuple[Demotion, ...]:
    """What these files hold back, by pack and rule. Every fault is noted; what has one is left out."""
    text = files.get(PATH)
    if text is None:
        return ()
    found = _read(text, notes)
    for one in found:
        _known(one, packs, notes)
    twice = {one.id: one for one in found}
    for one in found:
        if twice[one.id] is not one:
            notes.add("duplicate-id", one.spot, f"{one.id} stands twice.", f"See {twice[one.id].spot}.")
    return tuple(sorted(twice.values(), key=lambda one: one.id))


def _read(text: str, notes: Notes) -> list[Demotion]:
    try:
        keys = Keys(read_yaml(text, PATH), notes, "The list of demotions")
        items = keys.items("demoted")
    except PackError as error:
        notes.problems.extend(error.problems)
        return []
    except Stop:
        return []
    if not items:
        notes.add("demoted-empty", keys.spot, "The list of demotions is empty.", "Take the file out.")
    found = each(items, lambda node: _one(node, notes))
    keys.done()
    return found


def _one(node: YamlNode, notes: Notes) -> Demotion:
    keys = Keys(node, notes, "A demotion")
    spot = keys.where("id")
    pack, slash, rule = keys.text("id").partition("/")
    if not (pack and slash and rule):
        raise notes.stop("value", spot, "`id` names a pack and a rule.", "Write it as DE/aml.house_cash.")
    since, why = _instant(keys, notes), keys.text("why")
    numbers = None
    if any(keys.has(name) for name in (*_NUMBERS, "window")):
        stopped, asked, stopped_before, asked_before = (_count(keys, name, notes) for name in _NUMBERS)
        numbers = Numbers(stopped, asked, stopped_before, asked_before, keys.text("window"))
    keys.done()
    return Demotion(pack, rule, since, why, numbers, keys.spot)


def _instant(keys: Keys, notes: Notes) -> datetime:
    spot, text = keys.where("since"), keys.text("since")
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise notes.stop("value", spot, f"{text!r} is no instant.", 'Write it as "2026-11-27T10:15:00+00:00".')
    return found


def _count(keys: Keys, name: str, notes: Notes) -> int:
    spot, text = keys.where(name), keys.text(name)
    if not (text.isascii() and text.isdecimal()):
        raise notes.stop("value", spot, f"`{name}` is a whole number, not {text!r}.")
    return int(text)


def _known(one: Demotion, packs: Mapping[str, Pack], notes: Notes) -> None:
    """The rule is there, and stops payments."""
    pack = packs.get(one.pack)
    if pack is None:
        hint = did_you_mean(one.pack, packs) or "Take the entry out."
        notes.add("demoted-unknown", one.spot, f"There is no pack {one.pack} in this release.", hint)
        return
    rules = dict(rules_of(pack))
    if one.rule not in rules:
        hint = did_you_mean(one.rule, rules) or "Take the entry out."
        notes.add("demoted-unknown", one.spot, f"The pack {one.pack} has no rule {one.rule}.", hint)
        return
    domain, rule = rules[one.rule]
    if not may_stop(domain, rule):
        said = f"{one.id} stops no payment ({domain}: {rule.effect.kind}): there is nothing to hold back."
        notes.add("demoted-harmless", one.spot, said, "Take the entry out.")


def rules_of(pack: Pack) -> Iterable[tuple[str, tuple[str, Rule]]]:
    """Id -> domain and rule, of every rule of a pack."""
    return ((rule.id, (domain.name, rule)) for domain in pack.domains.values() for rule in domain.rules)


def may_stop(domain: str, rule: Rule) -> bool:
    """Whether a rule may stop a payment, so that it can be held back."""
    return rule.effect.kind in STOPS.get(domain, ())


# -- writing ------------------------------------------------------------------------------------------------------------


def demote(files: Mapping[str, str], one: Demotion) -> dict[str, str]:
    """The files with one rule more that is held back: its entry stands last."""
    before = files.get(PATH)
    text = f"{_HEAD}demoted:\n" if before is None else before.rstrip("\n") + "\n"
    return {**files, PATH: text + _entry(one)}


def restored(files: Mapping[str, str], one: Demotion) -> tuple[dict[str, str], ...]:
    """What `demote` may have made these files of: without the file at all, or with the file as it was without the last entry.
    Nothing where the last entry is another."""
    text, entry = files.get(PATH, ""), _entry(one)
    if not text.endswith(entry):
        return ()
    rest = {path: other for path, other in files.items() if path != PATH}
    shorter = text.removesuffix(entry)
    return rest, {**rest, PATH: shorter}, {**rest, PATH: shorter.rstrip("\n")}


def last_of(files: Mapping[str, str], pack: str, rule: str) -> Demotion | None:
    """The entry of one rule, without looking at the packs."""
    return next((one for one in _read(files.get(PATH, ""), Notes()) if (one.pack, one.rule) == (pack, rule)), None)


def _entry(one: Demotion) -> str:
    """In the canonical form, so that the same demotion is the same bytes."""
    lines = [f"  - id: {one.id}", f"    since: {_quoted(one.since.isoformat())}", f"    why: {_quoted(one.why)}"]
    if one.numbers is not None:
        lines += [f"    {name}: {getattr(one.numbers, name)}" for name in _NUMBERS]
        lines.append(f"    window: {one.numbers.window}")
    return formatted("demoted:\n" + "\n".join(lines) + "\n").partition("\n")[2]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
