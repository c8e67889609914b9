"""How each kind of change is written into its file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from engine.packs import rewriting
from engine.packs.lines import EditRefused, File, Raw, flow, items_of, key_node, key_of, scalar_of, text_of
from engine.packs.yaml import Mapping, Scalar, YamlNode
from ingest.impact.localised import CLASSES, PAYMENT
from ingest.impact.model import Proposal
from ingest.impact.sourcing import Sourced
from ingest.link.target import Target

_PLAIN: Final = frozenset({"int", "token", "bool"})
_ABROAD: Final = "IE"
_ELSEWHERE: Final = "SG"


# -- values of parameters ----------------------------------------------------------------------------------------------------


def add_value(file: File, target: Target, proposal: Proposal, sourced: Sourced, day: date) -> None:
    """A dated value, in its place among the others."""
    kind = text_of(rewriting.parameter_in(file, target.name), "type")
    value: object = Raw(proposal.new) if kind in _PLAIN else proposal.new
    rewriting.add_value(file, target.name, day, {"value": value, **sourced.as_keys()})


def move_value(file: File, target: Target, was: date, now: date, evidence: str) -> None:
    """A value that begins on another day, with who says so in its note; the values stay in the order of time."""
    value = rewriting.movable(file, target.name, was, now)
    _noted(file, value, f"moved from {was} to {now}: {evidence}")
    file.put(scalar_of(value, "from"), flow(now.isoformat()))


def _noted(file: File, line: YamlNode, said: str) -> None:
    """Something more in the note of a line; what stands before it on the line is changed afterwards, or it would be missed."""
    note = key_of(line, "note")
    if isinstance(note, Scalar):
        file.put(note, flow(f"{note.text}; {said}"))
    else:
        file.beside(scalar_of(line, "from"), "note", flow(said))


# -- lines of rates ----------------------------------------------------------------------------------------------------------


def add_rate(file: File, target: Target, proposal: Proposal, sourced: Sourced, day: date) -> None:
    """The line in force ends where the new one begins."""
    rewriting.add_rate(file, (*target.lines, target.name), day, proposal.new, sourced.as_keys())


# -- members of lists --------------------------------------------------------------------------------------------------------


def add_members(file: File, proposal: Proposal, sourced: Sourced, day: date) -> None:
    """Each place by its code among the others."""
    members = items_of(key_of(file.root, "members"))
    if not members:
        raise EditRefused(f"{file.path} has no members to add to.")
    for place in sorted(proposal.places):
        before = [one for one in members if text_of(one, "place") <= place]
        item = flow({"place": place, "from": day.isoformat(), **sourced.as_keys()})
        lead = " " * (members[0].spot.column - 3)
        file.after(file.end_of(before[-1]) if before else members[0].spot.line - 1, [f"{lead}- {item}"])


def remove_members(file: File, proposal: Proposal, evidence: str, day: date) -> None:
    """The first day outside, in the line of each place that is on the list, and in its note who says so."""
    members = items_of(key_of(file.root, "members"))
    for place in proposal.places:
        open_ones = [one for one in members if text_of(one, "place") == place and not text_of(one, "to")]
        if not open_ones:
            raise EditRefused(f"{place} is not on the list of {file.path}.")
        _noted(file, open_ones[-1], f"off it from {day}: {evidence}")
        file.beside(scalar_of(open_ones[-1], "from"), "to", flow(day.isoformat()))


# -- data that must stay -----------------------------------------------------------------------------------------------------


def localise(file: File, target: Target, proposal: Proposal, sourced: Sourced, day: date) -> int:
    """The row of the register, and the rule that denies other places; how many tests it was given."""
    parameters = key_of(file.root, "parameters")
    if not isinstance(parameters, Mapping):
        raise EditRefused(f"{file.path} has no parameters to add to.")
    if key_of(parameters, target.name) is not None:
        add_value(file, target, proposal, sourced, day)
    else:
        _row(file, parameters, target, proposal, sourced, day)
    return _rule(file, target.place, sourced, day) if target.name == PAYMENT else 0


def _row(file: File, parameters: Mapping, target: Target, proposal: Proposal, sourced: Sourced, day: date) -> None:
    names = [key for key, _ in parameters.entries]
    before = [key for key in names if key.text < target.name]
    lead = file.lead(names[0])
    keys = {"type": Raw("token"), "label": target.label, "basis": Raw("statute"), **sourced.as_keys()}
    lines = [f"{lead}{target.name}:", *(f"{lead}  {key}: {flow(value)}" for key, value in keys.items())]
    lines += [f"{lead}  values:", f"{lead}    - {flow({'from': day.isoformat(), 'value': Raw(proposal.new)})}"]
    file.after(file.end_of(before[-1]) if before else names[0].spot.line - 1, lines)


def _rule(file: File, country: str, sourced: Sourced, day: date) -> int:
    """A rule in the form that packs have of such duties, with tests of each of its conditions and of both days."""
    rules = items_of(key_of(file.root, "rules"))
    taken = {text_of(one, "id") for one in rules}
    identity = next(
        one
        for one in (f"{country.lower()}.payment_data", f"{country.lower()}.payment_data_{day:%Y%m%d}")
        if one not in taken
    )
    classes = ", ".join(f'"{one}"' for one in CLASSES)
    when = (
        f'data.data_class in [{classes}] and data.action in ["store", "mirror"] and data.region_country != "{country}"'
    )
    head: dict[str, object] = {
        "title": "payment data are stored in the country", "basis": Raw("statute"), "cite": sourced.cite,
        "confidence": sourced.confidence, "applies": {"by": Raw("payment_date"), "from": day.isoformat()}, "when": when,
        "effect": {"deny": Raw("localisation"), "ground": Raw("place")}, "message": Raw("residency.rule.place"),
        "note": sourced.note, "evidence": sourced.evidence,
    }  # fmt: skip
    lead = "  " if not rules else " " * (rules[0].spot.column - 3)
    lines = [
        f"{lead}- id: {identity}",
        *(f"{lead}  {key}: {flow(value)}" for key, value in head.items()),
        f"{lead}  tests:",
    ]
    tests = list(_tests(country, day))
    lines += [f"{lead}    - {flow(test)}" for test in tests]
    last = file.root.entries[-1][0]
    if rules:
        file.after(file.end_of(rules[-1]), lines)
    elif key_node(file.root, "rules") is None:
        file.after(file.end_of(last), ["rules:", *lines])
    else:
        raise EditRefused(f"{file.path} has an empty list of rules.")
    return len(tests)


def _tests(country: str, day: date) -> Iterator[dict[str, object]]:
    abroad = _ABROAD if country != _ABROAD else _ELSEWHERE
    on, eve = day.isoformat(), date.fromordinal(day.toordinal() - 1).isoformat()
    whole: dict[str, object] = {"data.data_class": CLASSES[0], "data.action": "store", "data.region_country": abroad}
    yield {"name": "the day it begins", "on": on, "given": whole, "expect": "fires"}
    yield {"name": "the day before", "on": eve, "given": whole, "expect": "silent"}
    for key, other in (
        ("data.data_class", "loyalty_points"),
        ("data.action", "transfer"),
        ("data.region_country", country),
    ):
        rest = {name: value for name, value in whole.items() if name != key}
        short = key.removeprefix("data.")
        yield {
            "name": f"{short.replace('_', ' ')} {other}",
            "on": on,
            "given": {**rest, key: other},
            "expect": "silent",
        }
        yield {"name": f"not stated: {short}", "on": on, "given": rest, "expect": {"unknown": [key]}}


__all__ = ["add_members", "add_rate", "add_value", "localise", "move_value", "remove_members"]
