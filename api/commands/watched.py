"""What lists and scenarios said before a payment, as a tree on the console."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from rich.tree import Tree

MARKS: Final = {True: "fires", False: "silent", None: "unknown"}


def screening_ladder(screening: Mapping[str, Any]) -> Tree:
    """Who was looked for on which lists, and each reason of each match."""
    tree = Tree(f"screening: {screening.get('verdict', 'not performed')} ({_why(screening)})", highlight=False)
    for listed in screening.get("lists", ()):
        stale = ", stale" if listed["stale"] else ""
        tree.add(
            f"list {listed['list']}: {listed['digest'][:12]}, {listed['age_days']} days old{stale}", highlight=False
        )
    for party in screening.get("parties", ()):
        branch = tree.add(f"{party['pointer']}: {party['verdict']} ({_why(party)})", highlight=False)
        for match in party["matches"]:
            cleared = f", cleared by {match['cleared_by']}" if match["cleared_by"] else ""
            entry = match["entry"]
            score = branch.add(
                f"{match['band']}  {entry['id']} {entry['name']}: {match['score']}{cleared}", highlight=False
            )
            for reason in match["features"]:
                score.add(
                    f"{reason['weight']}  {reason['code']}: {reason['queried']} / {reason['listed']}", highlight=False
                )
    return tree


def scenarios_ladder(scenarios: list[dict[str, Any]]) -> Tree:
    """Each scenario that was asked; of what is not silent, by which numbers."""
    tree = Tree(f"scenarios: {len(scenarios)} asked", highlight=False)
    for one in sorted(scenarios, key=lambda one: (one["fired"] is not True, one["fired"] is None)):
        branch = tree.add(f"{MARKS[one['fired']]}  {one['scenario']}: {one['title']}", highlight=False)
        if one["fired"] is False:
            continue
        for number in (*one["parameters"], *one["measures"]):
            branch.add(f"{number['label']} = {_known(number['value'])}", highlight=False)
        for expression, value in (one["because"] or {}).items():
            branch.add(f"{expression} = {_known(value)}", highlight=False)
        for event in one["events"]:
            branch.add(f"{event['name']} = {_known(event['payment'])}: {event['condition']}", highlight=False)
        for name in one["missing"]:
            branch.add(f"would help: {name}", highlight=False)
    return tree


def _why(told: Mapping[str, Any]) -> str:
    return "; ".join(" ".join((reason["code"], *reason["of"])) for reason in told["reasons"])


def _known(value: str | None) -> str:
    return "unknown" if value is None else value
