"""A back-test as a page of Markdown: sentences first, tables after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any


def markdown(body: Mapping[str, Any]) -> str:
    """The page of a body as `result` gives it."""
    return "\n".join(_page(body)) + "\n"


def _page(body: Mapping[str, Any]) -> Iterator[str]:
    yield "# Back-test"
    yield ""
    yield f"From `{body['was']['digest']}` ({body['was']['version']}) to `{body['now']['digest']}` ({body['now']['version']}),"
    yield f"over {body['source']['kind']} `{body['source']['name']}`, of {', '.join(body['domains'])}."
    yield ""
    yield from (f"- {sentence}" for sentence in body["sentences"])
    yield from _matrix("Outcomes", body["outcomes"])
    for domain, moved in body["verdicts"].items():
        yield from _matrix(f"Verdicts of {domain}", [one for one in moved if one["was"] != one["now"]])
    rules = [[one[key] for key in _RULE] for one in body["rules"] if one["gained"] or one["lost"]]
    yield from _table("Rules that speak of other payments than before", _RULE, rules)
    countries = [[one[key] for key in _COUNTRY] for one in body["countries"] if one["stricter"] or one["milder"]]
    yield from _table("Countries with payments that are answered otherwise", _COUNTRY, countries)
    ways = ("stricter", "milder")
    money = [
        [one["currency"], *(one[way][key] for way in ways for key in ("payments", "amount"))] for one in body["money"]
    ]
    yield from _table("Money", ("currency", "stricter", "amount", "milder", "amount"), money)
    yield from _table("Tax", _TAX, [[one[key] for key in _TAX] for one in body["tax"]])
    labels = body["labels"] or {}
    told = [[when, *(one[key] for key in _LABEL)] for when in ("was", "now") for one in labels.get(when, ())]
    yield from _table("Against what payments turned out to be", ("release", *_LABEL), told)
    left = [[one["payment"], one["reason"], one["detail"]] for one in body["left_out_payments"]]
    yield from _table("Not evaluated", ("payment", "reason", "detail"), left)
    yield from _examples(body["examples"])


_RULE = ("rule", "domain", "before", "after", "gained", "lost")
_COUNTRY = ("country", "payments", "stricter", "milder")
_TAX = ("country", "currency", "payments", "before", "after", "difference")
_LABEL = ("outcome", "payments", "bad", "precision", "recall")


def _matrix(title: str, moved: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    yield from _table(title, ("was", "now", "payments"), [[one["was"], one["now"], one["payments"]] for one in moved])


def _table(title: str, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    rows = list(rows)
    if not rows:
        return
    yield from ("", f"## {title}", "", _row(names), _row(["---"] * len(names)))
    yield from map(_row, rows)


def _row(cells: Iterable[Any]) -> str:
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _cell(value: Any) -> str:
    return "" if value is None else str(value).replace("|", "\\|").replace("\n", " ")


def _examples(examples: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for one in examples:
        yield from ("", f"## Examples: {one['of']} from {one['was']} to {one['now']}", "")
        for payment in one["payments"]:
            gone = ", ".join(finding["rule"] for finding in payment["only_before"]) or "none"
            new = ", ".join(finding["rule"] for finding in payment["only_after"]) or "none"
            yield (
                f"- {_cell(payment['payment'])}, {payment['amount']} {payment['currency']}: "
                f"{payment['was']['outcome']} → {payment['now']['outcome']}; no longer: {gone}; new: {new}"
            )
