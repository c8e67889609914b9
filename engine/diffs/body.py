"""A comparison as JSON, and as Markdown for a terminal or a review."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.diffs.model import Change, Comparison, Counterexample, Meaning, Verdict
from engine.diffs.telling import Teller
from engine.words import Words


def body_of(found: Comparison, words: Words) -> dict[str, Any]:
    """Everything, JSON-ready. Days are ISO 8601; `said` are sentences in the language of the words."""
    teller = Teller(words)
    return {
        "was": found.was,
        "now": found.now,
        "touches_statute": found.touches_statute,
        "text_only": found.text_only,
        "domains": sorted(found.domains),
        "changes": [_change(one, teller) for one in found.changes],
        "meanings": [_meaning(one, teller) for one in found.meanings],
        "reformatted": list(found.reformatted),
        "said": list(teller.summary(found)),
        "locale": words.locale,
    }


def _change(change: Change, teller: Teller) -> dict[str, Any]:
    return {
        "what": change.kind.value,
        "change": change.act.value,
        "pack": change.pack,
        "domain": change.domain,
        "name": change.name,
        "path": change.path,
        "label": change.label,
        "was": change.before,
        "now": change.after,
        "fields": list(change.fields),
        "unit": change.unit,
        "cite": None if change.cite is None else dict(change.cite),
        "basis": change.basis,
        "effective": change.effective.isoformat() if change.effective else None,
        "statute": change.statute,
        "bears": change.bears,
        "file": change.file,
        "was_file": change.was_file,
        "said": teller.change(change),
    }


def _meaning(meaning: Meaning, teller: Teller) -> dict[str, Any]:
    return {
        "what": meaning.kind.value,
        "pack": meaning.pack,
        "domain": meaning.domain,
        "name": meaning.name,
        "label": meaning.label,
        "verdict": meaning.verdict.value,
        "why": meaning.why.value,
        "from": meaning.start.isoformat() if meaning.start else None,
        "to": meaning.end.isoformat() if meaning.end else None,
        "places": list(meaning.places),
        "equal_before": meaning.equal_before,
        "because": list(meaning.because),
        "within": meaning.within,
        "example": None if meaning.example is None else _example(meaning.example),
        "said": teller.meaning(meaning),
    }


def _example(example: Counterexample) -> dict[str, Any]:
    return {
        "transaction": dict(example.transaction),
        "domains": list(example.domains),
        "past": [dict(one) for one in example.past],
        "known": dict(example.known),
        "was": dict(example.was),
        "now": dict(example.now),
        "differences": [dict(one) for one in example.differences],
        "findings": {"was": list(example.findings_was), "now": list(example.findings_now)},
        "day_before": example.day_before,
    }


def markdown(found: Comparison, words: Words) -> str:
    """The same for people: a summary, the changes pack by pack, and what they mean."""
    return "\n".join(_lines(found, Teller(words))) + "\n"


def _lines(found: Comparison, teller: Teller) -> Iterator[str]:
    yield f"# {teller.heading('title')}"
    yield ""
    yield from (f"- {line}" for line in teller.summary(found))
    if found.changes:
        yield from ("", f"## {teller.heading('text')}")
    pack = ""
    for change in found.changes:
        if change.pack != pack:
            pack = change.pack
            yield from ("", f"### {pack}", "")
        yield f"- {teller.change(change)} `{change.path}`"
    if found.meanings:
        yield from ("", f"## {teller.heading('meaning')}", "")
    for meaning in found.meanings:
        yield f"- **{teller.heading(meaning.verdict)}** {teller.meaning(meaning)}"
        if meaning.verdict is Verdict.COUNTEREXAMPLE and meaning.example is not None:
            for one in meaning.example.differences[:6]:
                yield f"  - `{one['pointer']}`: {_brief(one['was'])} -> {_brief(one['now'])}"


def _brief(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 80 else f"{text[:79]}…"
