"""What a back-test found, as a section of a page of HTML: sentences first, tables after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any, Final

from engine.backtest.result import sentences
from engine.diffs.telling import Teller
from engine.words import Words

_RULES: Final = 20
"""Rules that are shown; those that speak of the most other payments first."""


def effect_section(effect: Mapping[str, Any], words: Words) -> Iterator[str]:
    """The section. `effect`: `state` and, once it is done, the `result` of the back-test."""
    teller = Teller(words)
    yield f'<section aria-labelledby="effect"><h2 id="effect">{escape(teller.heading("effect"))}</h2>'
    result = effect["result"]
    if result is None:
        yield f"<p>{escape(teller.heading('effect_' + effect['state']))}</p></section>"
        return
    yield f"<ul>{''.join(f'<li>{escape(one)}</li>' for one in sentences(result, words))}</ul>"
    was, now, payments = (teller.heading(key) for key in ("was", "now", "payments"))
    moved = [(one["was"], one["now"], one["payments"]) for one in result["outcomes"]]
    yield from _table(teller.heading("outcomes"), (was, now, payments), moved)
    spoken = sorted(
        (one for one in result["rules"] if one["gained"] or one["lost"]),
        key=lambda one: (-one["gained"] - one["lost"], one["rule"]),
    )
    names = (teller.heading("rule"), was, now, teller.heading("gained"), teller.heading("lost"))
    rows = [[one[key] for key in ("rule", "before", "after", "gained", "lost")] for one in spoken[:_RULES]]
    yield from _table(teller.heading("rules"), names, rows)
    for one in result["examples"]:
        yield from _examples(one, teller)
    yield "</section>"


def _examples(one: Mapping[str, Any], teller: Teller) -> Iterator[str]:
    caption = f"{teller.heading('examples')}: {one['of']}, {one['was']} → {one['now']}"
    names = (teller.heading("payment"), teller.heading("lost"), teller.heading("gained"))
    rows = [
        (
            f"{payment['payment']}: {payment['currency']} {payment['amount']}",
            *(", ".join(finding["rule"] for finding in payment[side]) for side in ("only_before", "only_after")),
        )
        for payment in one["payments"]
    ]
    yield from _table(caption, names, rows)


def _table(caption: str, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    rows = list(rows)
    if not rows:
        return
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    yield f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>"
    for row in rows:
        yield f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in row)}</tr>"
    yield "</tbody></table>"
