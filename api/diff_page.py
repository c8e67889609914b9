"""The comparison of two releases as one page of HTML: no script, nothing loaded from anywhere, readable without colour."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from html import escape
from itertools import groupby
from typing import Any, Final

import orjson
from fastapi import Response

from api.effect_page import effect_section
from engine.diffs import Comparison, Verdict
from engine.diffs.body import body_of
from engine.diffs.telling import Teller
from engine.words import Words

POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Of the page, as a header says it."""
_STYLE: Final = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
code, pre { font: 14px/1.45 ui-monospace, monospace; overflow-wrap: anywhere; }
pre { overflow-x: auto; padding: .75rem; border: 1px solid; white-space: pre-wrap; }
summary { cursor: pointer; padding: .25rem 0; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .25rem .5rem; border-bottom: 1px solid; }
article { border-top: 1px solid; margin-top: 1rem; padding-top: .5rem; }
.verdict { border: 2px solid; padding: 0 .4rem; font-weight: 600; }
.counterexample .verdict { border-style: double; border-width: 4px; }
.not_decided .verdict { border-style: dashed; }
"""
_SHOWN: Final = 12
"""Differences of one answer that are shown."""


def page(found: Comparison, words: Words, effect: Mapping[str, Any] | None = None) -> str:
    """The page, in the language of the words; with what past payments would have been answered, where that is known."""
    body, teller = body_of(found, words), Teller(words)
    title = escape(teller.heading("title"))
    parts = [
        f'<!doctype html><html lang="{escape(words.locale)}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title><style>{_STYLE}</style></head><body><main><h1>{title}</h1>",
        f"<p><code>{escape(found.was)}</code> &rarr; <code>{escape(found.now)}</code></p>",
        f"<ul>{_items(body['said'])}</ul>",
        *_changes(body["changes"], teller),
        *_meanings(body["meanings"], teller),
        *(effect_section(effect, words) if effect is not None else ()),
        "</main></body></html>",
    ]
    return "".join(parts)


def in_form(wanted: str | None, words: Words, people: Callable[[], str], machines: Callable[[], Any]) -> Response:
    """What differs as whoever asks wants it: `text/html` for people, else JSON; in the language of the words."""
    headers = {"content-language": words.locale, "vary": "Accept, Accept-Language"}
    if wanted and "text/html" in wanted:
        return Response(people(), media_type="text/html", headers={**headers, "content-security-policy": POLICY})
    return Response(orjson.dumps(machines()), media_type="application/json", headers=headers)


def _items(sentences: Iterable[str]) -> str:
    return "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)


def _changes(changes: list[dict[str, Any]], teller: Teller) -> Iterator[str]:
    if not changes:
        return
    yield f'<section aria-labelledby="text"><h2 id="text">{escape(teller.heading("text"))}</h2>'
    for pack, found in groupby(changes, key=lambda change: change["pack"]):
        yield f"<h3>{escape(pack)}</h3><ul>"
        for change in found:
            yield f"<li>{escape(change['said'])} <code>{escape(change['path'])}</code>{_source(change['cite'])}</li>"
        yield "</ul>"
    yield "</section>"


def _source(cite: dict[str, str | None] | None) -> str:
    url = cite["url"] if cite else None
    if not url or not url.startswith("https://"):
        return ""
    return f' <a href="{escape(url)}" rel="noreferrer">{escape(str(cite and cite["source"]))}</a>'


def _meanings(meanings: list[dict[str, Any]], teller: Teller) -> Iterator[str]:
    if not meanings:
        return
    yield f'<section aria-labelledby="meaning"><h2 id="meaning">{escape(teller.heading("meaning"))}</h2>'
    for at, meaning in enumerate(meanings):
        verdict = escape(teller.heading(meaning["verdict"]))
        yield (
            f'<article class="{meaning["verdict"]}" aria-labelledby="m{at}"><h3 id="m{at}">'
            f'<span class="verdict">{verdict}</span> {escape(meaning["name"])}</h3><p>{escape(meaning["said"])}</p>'
        )
        if meaning["verdict"] == Verdict.COUNTEREXAMPLE and meaning["example"]:
            yield from _example(meaning["example"], teller)
        yield "</article>"
    yield "</section>"


def _example(example: dict[str, Any], teller: Teller) -> Iterator[str]:
    was, now = escape(teller.heading("was")), escape(teller.heading("now"))
    yield f"<table><caption>{escape(teller.heading('differences'))}</caption>"
    yield f'<thead><tr><th scope="col"></th><th scope="col">{was}</th><th scope="col">{now}</th></tr></thead><tbody>'
    for one in example["differences"][:_SHOWN]:
        sides = "".join(f"<td><code>{escape(_json(one[side]))}</code></td>" for side in ("was", "now"))
        yield f'<tr><th scope="row"><code>{escape(one["pointer"])}</code></th>{sides}</tr>'
    yield "</tbody></table>"
    sent = {"transaction": example["transaction"], **({"past": example["past"]} if example["past"] else {})}
    written = orjson.dumps(sent, option=orjson.OPT_INDENT_2).decode()
    yield f"<details><summary>{escape(teller.heading('payment'))}</summary><pre>{escape(written)}</pre></details>"


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
