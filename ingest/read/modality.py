"""Clauses that say how far a change of law is: planned, asked about, made, put off, given up; and whether that is denied."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ingest.read.by_letter import by_letter
from ingest.read.cue_words import CUES
from ingest.read.denial_words import CORRECTS, NEGATIONS, NOT_YET
from ingest.read.model import Clause, Span, Status
from ingest.read.sheet import Sheet

FINAL, STRONG, WEAK = 3, 2, 1
_NEAR = 44
"""Characters before a word in which a negation is of it."""
_ADJACENT = 14
_BREAK: Final = re.compile(
    r"[,;:(，；：]|(?<![^\W_])(?:but|and|aber|und|pero|mais|mas|sino|dan|tetapi|nhưng|ma|maar|ale)(?![^\W_])"
)
_NO_DENIAL: Final = (
    r"(?! ?(?:later|earlier|more|less|fewer|only|exceed\w*|seulement|nur|sólo|solo|apenas|más|mais|plus|mehr|"
    r"weniger|menos|moins|lebih|hanya|chỉ|quá|vượt|superior|superar|exceder|dépass\w*|longer than"
    r"|tardar|oltre|meer dan|limited|doubt|matter|change to the))"
)
_TO_COME: Final = re.compile(
    r"(?<![^\W_])(?:will|won't|would|shall|never|cannot|jamais|nunca|nie|niemals|jamás)(?![^\W_])|不会|从未|将不"
)
_ABOUT_COMMENTS: Final = re.compile(
    r"consult|comment|respon|feedback|konsult|stellungnahme|comentari|contribu|observa|意见|tanggapan|masukan|ý kiến"
)
_REPLACED: Final = re.compile(
    r"[^.;\n]{0,50}\b(?:(?:is|are|be|been)? ?(?:and )?(?:replaced|superseded|substituted)|with effect (?:from|on)|"
    r"in (?:its|their) place|et remplacée?s?|und ersetzt|y sustitu\w+|e substitu\w+)\b"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A clause with its weight: final words weigh 3, strong ones 2, weak ones 1. `means`: its status, a denial considered."""

    clause: Clause
    weight: int
    means: Status | None
    """None: it says nothing, as a withdrawal that is denied."""


@dataclass(frozen=True, slots=True)
class _Rules:
    cues: re.Pattern[str]
    meaning: dict[str, tuple[Status | None, int]]
    negation: re.Pattern[str]
    not_yet: re.Pattern[str]
    corrects: re.Pattern[str]
    after: bool
    """A negation may follow its verb."""


@lru_cache(maxsize=16)
def _rules(language: str) -> _Rules:
    told = language if language in CUES else "en"
    han = told == "zh"
    edge, close = ("", "") if han else (r"(?<![^\W_])", r"(?:(?<=\s)|(?![^\W\d_]))")
    word_end = "" if han else r"(?![^\W_])"
    entries: dict[str, tuple[Status | None, int]] = {}
    named: list[tuple[str, str]] = []
    for at, (name, words) in enumerate(CUES[told]):
        weight = FINAL if name.startswith("!") else WEAK if name.startswith("?") else STRONG
        bare = name.lstrip("!?")
        entries[f"c{at}"] = (None if bare == "skip" else Status(bare), weight)
        named.append((f"c{at}", words))
    # In Chinese hardly two of them begin alike: nothing would be won.
    cues, names = ("|".join(f"(?P<{name}>{words})" for name, words in named), {}) if han else by_letter(named)
    meaning = {group: entries[name] for group, name in (names or {name: name for name, _ in named}).items()}
    return _Rules(
        re.compile(rf"{edge}(?:{cues}){close}"),
        meaning,
        re.compile(rf"{edge}(?:{NEGATIONS[told]}){word_end}{_NO_DENIAL}|n't\b"),
        re.compile(rf"{edge}(?:{NOT_YET[told]})"),
        re.compile(rf"{edge}(?:{CORRECTS[told]})"),
        told in ("de", "nl"),
    )


def marks(sheet: Sheet) -> tuple[Mark, ...]:
    """All clauses of a text, in order, each with what it means."""
    rules = _rules(sheet.language)
    found: list[Mark] = []
    for cue in rules.cues.finditer(sheet.low):
        status, weight = rules.meaning[str(cue.lastgroup)]
        if status is None:
            continue
        span = Span(cue.start(), cue.end() - (len(cue[0]) - len(cue[0].rstrip())))
        found.append(_mark(sheet, rules, status, weight, span))
    return tuple(found)


def _mark(sheet: Sheet, rules: _Rules, status: Status, weight: int, span: Span) -> Mark:
    if status is Status.POSTPONED and _ABOUT_COMMENTS.search(sheet.low, span.start, span.end + 12):
        status = Status.CONSULTATION
    sentence = sheet.sentence_at(span.start)
    left_from = max(sentence.start, span.start - _NEAR)
    left = sheet.low[left_from : span.start]
    breaks = list(_BREAK.finditer(left))
    if breaks:
        left = left[breaks[-1].end() :]
    own = (
        ""
        if status is Status.WITHDRAWN or (weight == FINAL and status is Status.ANNOUNCED)
        else sheet.low[span.start : span.end]
    )
    right = sheet.low[span.end : min(sentence.end, span.end + _NEAR)] if rules.after and own else ""
    right = _BREAK.split(right, maxsplit=1)[0]
    denial = next((word for piece in (left, own, right) for word in rules.negation.finditer(piece)), None)
    if denial is None:
        return Mark(Clause(span, status), weight, status)
    clause = Clause(span, status, negated=True)
    around = f"{left} {own} {right}"
    match status:
        case Status.ADOPTED | Status.IN_FORCE:
            if rules.not_yet.search(around):
                return Mark(clause, FINAL, Status.ANNOUNCED)
            if _TO_COME.search(around) or (sheet.language not in ("en", "zh", "und") and status is Status.IN_FORCE):
                return Mark(clause, STRONG, Status.WITHDRAWN)
            return Mark(clause, STRONG, Status.ANNOUNCED if status is Status.ADOPTED else None)
        case Status.ANNOUNCED if weight == STRONG and denial in list(rules.negation.finditer(left)):
            near = len(left) - denial.end() <= _ADJACENT
            return Mark(clause, STRONG, Status.WITHDRAWN if near else None)
    return Mark(clause, weight, None)


def is_replacement(sheet: Sheet, clause: Clause) -> bool:
    """Whether what is withdrawn is replaced in the same breath, or ceases on a day: law that is repealed, not a plan given up."""
    return _REPLACED.match(sheet.low, clause.span.end, min(len(sheet.low), clause.span.end + 120)) is not None


def corrects(sheet: Sheet) -> Span | None:
    """Words that say that an earlier publication is corrected, replaced or taken back, in the title or soon after it."""
    found = _rules(sheet.language).corrects.search(sheet.low, 0, sheet.title_end + 1_000)
    return Span(found.start(), found.end()) if found else None
