"""Rules written by hand: conditions with examples on either side, from which the embedded tests of each rule are made."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from scripts.tax_draft.draft import quoted

Given = dict[str, Any]
"""Facts of one question by their short names: `{"action": "store"}` for `data.action`."""


@dataclass(frozen=True, slots=True)
class Part:
    """One condition of a rule, with examples in which it holds and in which it does not."""

    text: str
    yes: tuple[Given, ...]
    no: tuple[Given, ...]


def one_of(name: str, *words: str, other: str) -> Part:
    """A fact is one of these words."""
    text = f'data.{name} == "{words[0]}"' if len(words) == 1 else f"data.{name} in [{', '.join(map(quoted, words))}]"
    return Part(text, ({name: words[0]},), ({name: other},))


def none_of(name: str, *words: str, other: str) -> Part:
    """A fact is none of these words."""
    text = (
        f'data.{name} != "{words[0]}"' if len(words) == 1 else f"data.{name} not in [{', '.join(map(quoted, words))}]"
    )
    return Part(text, ({name: other},), tuple({name: word} for word in words[:1]))


def classes(*words: str) -> Part:
    """The data are of one of these classes."""
    return one_of("data_class", *words, other="loyalty_points")


def roles(*words: str) -> Part:
    """The actor has one of these roles."""
    return one_of("actor_role", *words, other="charity")


def actions(*words: str) -> Part:
    """What is done is one of these."""
    other = next(word for word in ("transfer", "process", "store", "mirror") if word not in words)
    return one_of("action", *words, other=other)


def abroad(country: str, example: str = "SG") -> Part:
    """The region lies in another country."""
    return Part(f'data.region_country != "{country}"', ({"region_country": example},), ({"region_country": country},))


def outside(group: str, inside: str, example: str = "US") -> Part:
    """The region lies outside a group of countries."""
    text = f'not within(data.region_country, "{group}")'
    return Part(text, ({"region_country": example},), ({"region_country": inside},))


def inside(group: str, example: str, other: str = "US") -> Part:
    """The region lies in a group of countries."""
    return Part(f'within(data.region_country, "{group}")', ({"region_country": example},), ({"region_country": other},))


def flag(name: str) -> Part:
    """A yes."""
    return Part(f"data.{name}", ({name: True},), ({name: False},))


PERMITS = ("permit", "authorisation", "approval")
HELD = (
    one_of("mechanism.kind", *PERMITS, other="none"),
    Part(
        "(data.mechanism.approved or is_known(data.mechanism.ref))",
        ({"mechanism.approved": True}, {"mechanism.ref": "2026-17", "mechanism.approved": False}),
        ({"mechanism.approved": False},),
    ),
)
"""An authority's permit: that it was given, or its reference."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with what its tests are made of. `start` None: the day was not read."""

    id: str
    title: str
    parts: tuple[Part, ...]
    effect: str
    instrument: str
    at: str
    confidence: str
    start: str | None = None
    end: str | None = None
    unless: tuple[str, ...] = ()
    clear: Given = field(default_factory=dict)
    """Facts under which no exception holds."""
    excepted: tuple[Given, ...] = ()
    """Facts under which some exception does."""
    kind: str = "regulation"
    url: str = ""
    note: str = ""
    reading: tuple[str, str] | None = None
    more: tuple[tuple[str, Given, str], ...] = ()
    """Further tests: name, what differs from the example that fires, what is expected."""


def deny(name: str, ground: str = "place", *, lifted_by: tuple[str, ...] = (), oblige: str = "") -> str:
    """Not in this region, or form, or with this paperwork."""
    lifted = f", lifted_by: [{', '.join(lifted_by)}]" if lifted_by else ""
    return f"{{deny: {name}, ground: {ground}{lifted}{oblige}}}"


def local_copy(name: str, country: str, years: str = "") -> str:
    """A complete copy is kept in a country."""
    return f"{{local_copy: {name}, in: {quoted(country)}{f', years: {years}' if years else ''}}}"


def mechanism(name: str, *kinds: str, evidence: tuple[str, ...] = ()) -> str:
    """Allowed with something in place."""
    kept = f", evidence: [{', '.join(evidence)}]" if evidence else ""
    return f"{{mechanism: {name}, mechanisms: [{', '.join(kinds)}]{kept}}}"


def oblige(what: str, who: str, within: str = "") -> str:
    """A duty and nothing else."""
    return f"{{oblige: [{{what: {what}, who: {who}{f', within: {within}' if within else ''}}}]}}"


def with_permit(rule: Rule) -> tuple[Rule, Rule]:
    """A prohibition that an authority's permit lifts: the permit, and the rule but for it."""
    name = rule.effect.partition(": ")[2].partition(",")[0]
    permit = replace(
        rule,
        id=f"{rule.id}.permit",
        title=f"{rule.title}: with the authority's permit",
        parts=(*rule.parts, *HELD),
        effect=mechanism(name, "permit", evidence=("permit",)),
        unless=rule.unless,
        more=(),
    )
    held = {**HELD[0].yes[0], **HELD[1].yes[0]}
    but = replace(
        rule,
        unless=(*rule.unless, permit.id),
        clear={**rule.clear, "mechanism.kind": "none"},
        excepted=(*rule.excepted, held),
    )
    return permit, but


# -- writing ---------------------------------------------------------------------------------------------------------------


def rule_lines(rule: Rule, source: str) -> list[str]:
    """The rule as YAML, not yet in canonical form."""
    out = [
        f"  - id: {rule.id}",
        f"    title: {quoted(rule.title)}",
        f"    basis: {'statute' if rule.kind == 'regulation' else 'guidance'}",
        f"    cite: {{source: {source}, at: {quoted(rule.at)}}}" if rule.at else f"    cite: {{source: {source}}}",
        f"    confidence: {rule.confidence}",
    ]
    end = f', to: "{rule.end}"' if rule.end else ""
    start = f'"{rule.start}"' if rule.start else "unread"
    out.append(f"    applies: {{by: payment_date, from: {start}{end}}}")
    out.append(f"    when: {quoted_plain(' and '.join(part.text for part in rule.parts))}")
    if rule.unless:
        out.append(f"    unless: [{', '.join(rule.unless)}]")
    out.append(f"    effect: {rule.effect}")
    out.append(f"    message: {_message(rule.effect)}")
    if rule.reading:
        chosen, other = rule.reading
        out.append(f"    reading: {{chosen: {quoted(chosen)}, alternative: {quoted(other)}, by: house}}")
    if rule.note:
        out.append(f"    note: {quoted(rule.note)}")
    if rule.url:
        out.append(f"    evidence: {quoted(f'<{rule.url}>')}")
    out.append("    tests:")
    return out


_SAID = {
    "place": "place", "form": "form", "mechanism_missing": "paperwork", "retention_over": "retention",
}  # fmt: skip


def _message(effect: str) -> str:
    """The sentence in other languages; the title is the English one."""
    kind = effect.lstrip("{").partition(":")[0]
    if kind == "deny":
        return "residency.rule." + next(said for ground, said in _SAID.items() if f"ground: {ground}" in effect)
    return "residency.rule." + {"local_copy": "copy", "mechanism": "mechanism", "allow": "allow", "flag": "allow"}.get(
        kind, "duty"
    )


def quoted_plain(text: str) -> str:
    """A condition, which has double quotes of its own."""
    return "'" + text.replace("'", "''") + "'"


@dataclass(slots=True)
class Example:
    """An embedded test in the making."""

    name: str
    given: Given
    expect: str
    on: str = ""
    missing: tuple[str, ...] = ()

    def line(self) -> str:
        """As YAML."""
        facts = ", ".join(f"data.{name}: {_value(value)}" for name, value in self.given.items())
        on = f'on: "{self.on}", ' if self.on else ""
        expect = (
            f"{{unknown: [{', '.join(self.missing)}]}}" if self.expect == "unknown" and self.missing else self.expect
        )
        return f"      - {{name: {quoted(self.name)}, {on}given: {{{facts}}}, expect: {expect}}}"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, tuple):
        return f"[{', '.join(map(str, value))}]"
    return quoted(str(value))


def examples(rule: Rule) -> list[Example]:
    """Fires, is silent for each condition, cannot tell for each fact that is not stated, and both sides of its dates."""
    base: Given = dict(rule.clear)
    for part in rule.parts:
        base |= part.yes[0]
    day = _within(rule)
    found = [Example("all of it", base, "fires", day)]
    for part in rule.parts:
        found += [Example(_said("", more), {**_less(base, part), **more}, "fires", day) for more in part.yes[1:]]
        found += [Example(_said("", more), {**_less(base, part), **more}, "silent", day) for more in part.no]
        name = f"not stated: {', '.join(part.yes[0])}"
        if all(one.name != name for one in found):
            found.append(Example(name, _less(base, part), "unknown", day))
    found += [Example(_said("except ", more), {**base, **more}, "silent", day) for more in rule.excepted]
    if rule.clear:
        found.append(
            Example(
                "nothing known of an exception", {k: v for k, v in base.items() if k not in rule.clear}, "unknown", day
            )
        )
    found.append(Example("nothing stated", {}, "unknown", day))
    found += [Example(name, {**base, **more}, expect, day) for name, more, expect in rule.more]
    if rule.start:
        found.append(Example("the first day", base, "fires", rule.start))
        found.append(Example("the day before", base, "silent", _step(rule.start, -1)))
    if rule.end:
        found.append(Example("the last day", base, "fires", _step(rule.end, -1)))
        found.append(Example("the day after", base, "silent", rule.end))
    return found


def _within(rule: Rule) -> str:
    """A day to test on: none where the day of verification is one."""
    if rule.end and rule.end <= "2026-11-22":
        return _step(rule.end, -1)
    return rule.start if rule.start and rule.start > "2026-11-22" else ""


def _less(base: Given, part: Part) -> Given:
    gone = {name for given in (*part.yes, *part.no) for name in given}
    return {name: value for name, value in base.items() if name not in gone}


def _said(prefix: str, given: Given) -> str:
    return prefix + ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in given.items())


def _step(day: str, by: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=by)).isoformat()
