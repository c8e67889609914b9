"""Lists of the answer that are worded once for many payments: why rules fired, with the values that made them fire."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from engine.language.why import Explanation
from engine.packs.model import Basis, Cite, Pack
from engine.regimes.forms import Blank, Tell
from engine.regimes.ruling import Line, Spoken
from engine.words import Words


class Wording:
    """Words entries in one language: whole where they always read alike, else with a blank."""

    def __init__(self, words: Words):
        self._words = words
        self.entries: list[Any] = []
        self.blanks: list[Blank] = []

    def _whole(self, entry: dict[str, Any]) -> None:
        self.entries.append(entry)

    def _blank(self, side: int, line: Line, tell: Tell) -> None:
        self.blanks.append(Blank(len(self.entries), side, tell, line.paths))
        self.entries.append(None)


class Findings(Wording):
    """Why rules fired."""

    def all_of(self, lines: Iterable[Line], domain: str, spoken: Spoken, side: int) -> None:
        """Every one of these rules, which fired under the law of this side."""
        for line in lines:
            self._fired(self._static(domain, line), spoken.of("held", line), line, side)

    def _fired(self, static: dict[str, Any], said: Explanation, line: Line, side: int) -> None:
        tell = said.tell
        if said.always is not None:
            self._whole(_finding(static, said.always))
        else:
            self._blank(side, line, lambda facts, moment: _finding(static, tell(facts, moment)))

    def _static(self, domain: str, line: Line) -> dict[str, Any]:
        """All of a finding but its values."""
        rule, pack, words = line.active.rule, line.active.pack, self._words
        known = line.static.get(words.locale)
        if known is None:
            known = line.static[words.locale] = {
                "rule": rule.id,
                "pack": pack.jurisdiction,
                "domain": domain,
                "effect": rule.effect.kind,
                "name": rule.effect.name,
                "message": words.say(rule.message, rule.title),
                "law": law_of(rule.cite, pack, rule.basis),
                "confidence": rule.confidence.value,
            }
        return known


def _finding(static: dict[str, Any], reasons: Sequence[Any]) -> dict[str, Any]:
    return {**static, "because": {reason[1]: reason[2] for reason in reasons}}


def law_of(cite: Cite | None, pack: Pack, basis: Basis) -> dict[str, Any]:
    """The provision behind a rule or a number, as an answer names it."""
    source = pack.sources.get(cite.source) if cite else None
    return {
        "instrument": source.title if source else None,
        "provision": cite.at if cite else None,
        "url": source.url if source else None,
        "basis": basis.value,
    }
