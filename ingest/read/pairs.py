"""Old number and new number: which takes the place of which, of what, and where only the new one is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from ingest.read import change_words as said
from ingest.read.model import Pair, Quantity, Span, Unit
from ingest.read.pair_words import PairRules, pair_rules
from ingest.read.quantities import Bare
from ingest.read.sheet import Sheet
from ingest.read.subject_words import tells_of_another_subject

_LEFT, _GAP, _NEAR_GAP = 90, 130, 60
"""Characters before a number and between two that are looked at."""


@dataclass(frozen=True, slots=True)
class _Found:
    """Two numbers by their place in the row of a sentence; `old` None where only the new one is told."""

    old: int | None
    new: int


Number = Quantity | Bare
_MOST_PER_CENT: Final = 100
"""A bare number above it is a year or a count, and no rate beside one."""


def pairs(sheet: Sheet, numbers: tuple[Quantity, ...], bare: tuple[Bare, ...]) -> tuple[Pair, ...]:
    """Each number that takes the place of another, or is newly set. In order; the same change told twice is given once."""
    rules = pair_rules(sheet.language)
    found: list[Pair] = []
    last: tuple[Span, list[Number], list[Pair]] | None = None
    for sentence, row in _rows(sheet, numbers, bare):
        made = _of_sentence(sheet, sentence, row, rules)
        if last is not None and last[0].end >= sentence.start - 1:
            joined = _across(sheet, *last, sentence, row)
            if joined is not None:
                found = [one for one in found if one.new != joined.new or one.old is not None]
                made = [one for one in made if one.old is not None]
                found.append(joined)
        found += made
        last = (sentence, row, made)
    return tuple(_once(found))


def _across(
    sheet: Sheet, above: Span, first: list[Number], made: list[Pair], sentence: Span, second: list[Number]
) -> Pair | None:
    """A change told in two sentences, `It will be 22 %. It is now 20 %.`, or two lines, `until May: 20 %`, `from May: 22 %`."""
    one, other = first[-1], second[0]
    if not isinstance(one, Quantity) or not isinstance(other, Quantity) or not _alike(one, other):
        return None
    span = Span(one.span.start, other.span.end)
    single = next((pair for pair in made if pair.old is None and pair.new == one), None)
    if single is not None and said.ITS_OLD.match(sheet.low[sentence.start : other.span.start]):
        return Pair(span, other, one, single.about)
    if (
        len(first) > 1
        or len(second) > 1
        or any(pair.old is not None for pair in made)
        or "\n" not in sheet.plain[one.span.end : other.span.start]
    ):
        return None
    upper, lower = sheet.low[above.start : one.span.start], sheet.low[sentence.start : other.span.start]
    same = upper.split()[:1] == lower.split()[:1] or len(upper) < _LEFT > len(lower)
    if same and said.LINE_UNTIL.search(upper) and said.LINE_FROM.search(lower) and not said.LINE_FROM.search(upper):
        return Pair(span, one, other, "")
    return None


def _rows(sheet: Sheet, numbers: tuple[Quantity, ...], bare: tuple[Bare, ...]) -> Iterator[tuple[Span, list[Number]]]:
    """The numbers of each sentence that has one with a unit."""
    rows: dict[Span, list[Number]] = {}
    everything: list[Number] = [*numbers, *bare]
    for one in sorted(everything, key=lambda one: one.span.start):
        rows.setdefault(sheet.sentence_at(one.span.start), []).append(one)
    for sentence, row in rows.items():
        if any(isinstance(one, Quantity) for one in row):
            yield sentence, row


def _of_sentence(sheet: Sheet, sentence: Span, row: list[Number], rules: PairRules) -> list[Pair]:
    changes = rules.change.search(sheet.low, sentence.start, sentence.end) is not None
    found: list[_Found] = []
    used: set[int] = set()
    if changes:
        for crossed in _crossed(sheet, row, rules, sentence):
            found.append(crossed)
            used |= {crossed.new, crossed.old or 0}
    for at in range(len(row) - 1):
        if at in used or at + 1 in used or not _alike(row[at], row[at + 1]):
            continue
        both = _two(sheet, sentence, row, at, rules, changes=changes)
        if both is not None:
            found.append(both)
            used |= {at, at + 1}
            if both.new == at + 1 and at + 2 < len(row) and _is_next_step(sheet, row, at + 1, rules):
                found.append(_Found(at + 1, at + 2))
                used.add(at + 2)
            if both.new == at + 1 and at and at - 1 not in used and _is_beside(sheet, row, at - 1):
                found.append(_Found(at - 1, at + 1))
                used.add(at - 1)
    alone: set[int] = set()
    for at, one in enumerate(row):
        if at in used or not isinstance(one, Quantity):
            continue
        if _is_set(sheet, sentence, row, at, rules) or (at - 1 in alone and _is_also_set(sheet, row, at)):
            found.append(_Found(None, at))
            alone.add(at)
    made: list[Pair] = []
    floor = sentence.start
    last: int | None = None
    for each in sorted(found, key=lambda one: (one.new, -1 if one.old is None else one.old)):
        pair = _pair(sheet, sentence, row, each, rules, floor)
        made.append(replace(pair, about=made[-1].about) if each.new == last else pair)
        last = each.new
        floor = max(floor, pair.span.end)
    return made


def _alike(one: Number, other: Number) -> bool:
    """Whether one can take the place of the other: the same unit, or one of them has none of its own."""
    match one, other:
        case Quantity(), Quantity():
            return one.unit is other.unit and one.currency == other.currency
        case (Bare() as bare, Quantity(unit=Unit.PERCENT)) | (Quantity(unit=Unit.PERCENT), Bare() as bare):
            return bare.value <= _MOST_PER_CENT
        case Bare(), Bare():
            return False
    return True


def _left(sheet: Sheet, sentence: Span, row: list[Number], at: int) -> str:
    end = row[at].span.start
    floor = row[at - 1].span.end if at else sentence.start
    return sheet.low[max(floor, sentence.start, end - _LEFT) : end]


def _gap(sheet: Sheet, one: Number, other: Number) -> str:
    """Between two numbers; what stands in brackets with nothing to say is left out."""
    between = said.A_DAY.sub("", said.OR_MORE.sub(" ", sheet.low[one.span.end : other.span.start], count=1)).replace(
        "  ", " "
    )
    between = between.removeprefix("'").removesuffix("'")
    return re.sub(r"\A\)|\([^()\d]{0,60}\) ?", " ", between) if "(" in between or ")" in between else between


def _is_beside(sheet: Sheet, row: list[Number], at: int) -> bool:
    """Whether two numbers are joined by `and`: what takes the place of one takes that of both."""
    one, other = row[at], row[at + 1]
    return _alike(one, other) and said.AND.fullmatch(_gap(sheet, one, other)) is not None


def _is_next_step(sheet: Sheet, row: list[Number], at: int, rules: PairRules) -> bool:
    """`from 7.5 % to 5 % in 2026 and to 2.5 % in 2027`."""
    gap = _gap(sheet, row[at], row[at + 1])
    return (
        len(gap) <= _LEFT
        and isinstance(row[at + 1], Quantity)
        and _alike(row[at], row[at + 1])
        and said.THEN.search(gap) is not None
        and rules.after_target.search(gap) is not None
    )


def _is_also_set(sheet: Sheet, row: list[Number], at: int) -> bool:
    """`at 0.2 % for debit cards and 0.3 % for credit cards`."""
    one, other = row[at - 1], row[at]
    return _alike(one, other) and said.FOR_AND.fullmatch(_gap(sheet, one, other)) is not None


def _crossed(sheet: Sheet, row: list[Number], rules: PairRules, sentence: Span) -> Iterator[_Found]:
    """`from 5 % and 12 % to 6 % and 14 %`: the first with the third, the second with the fourth."""
    for at in range(len(row) - 3):
        one, two, three, four = row[at : at + 4]
        if not (_alike(one, three) and _alike(two, four) and isinstance(four, Quantity)):
            continue
        first, middle, last = _gap(sheet, one, two), _gap(sheet, two, three), _gap(sheet, three, four)
        if max(map(len, (first, middle, last))) > 40 or not (
            said.AND.fullmatch(first.strip(" ") and first) and said.AND.fullmatch(last)
        ):
            continue
        if rules.origin.search(_left(sheet, sentence, row, at)) and rules.target.match(middle):
            yield _Found(at, at + 2)
            yield _Found(at + 1, at + 3)
            return


def _two(sheet: Sheet, sentence: Span, row: list[Number], at: int, rules: PairRules, *, changes: bool) -> _Found | None:
    """Whether two numbers side by side are old and new, and which is which."""
    one, other = row[at], row[at + 1]
    gap = _gap(sheet, one, other)
    if len(gap) > _GAP:
        return None
    left = _left(sheet, sentence, row, at)
    if said.YEAR_EARLIER.match(sheet.low, other.span.end):
        return None
    if said.RANGING.search(left) or _is_of_something_else(sheet, sentence, row, at):
        return None
    forward = isinstance(other, Quantity) or _is_nil(sheet, other)
    backward = isinstance(one, Quantity)
    if changes and forward and rules.origin.search(left) and rules.target.match(gap):
        return _Found(at, at + 1)
    if forward and re.fullmatch(r"\W{0,3}(?:->|→|⇒|=>)\W{0,3}", gap):
        return _Found(at, at + 1)
    if forward and said.NOW.search(left) and (rules.target.match(gap) or said.WILL_BE.match(gap)):
        return _Found(at, at + 1)
    if backward and (rules.instead.match(gap) or ("," in gap and rules.instead.match(gap[gap.rfind(",") :]))):
        return _Found(at + 1, at)
    if forward and (said.FIRST_INSTEAD.search(left) or said.BECOMES.fullmatch(gap) or said.IN_SUFFIX.fullmatch(gap)):
        return _Found(at, at + 1)
    if forward and _is_old_and_new(sheet, row, at, left, gap):
        return _Found(at, at + 1)
    if backward and gap.strip() == "(" and said.BEFORE_BRACKET.match(sheet.low, other.span.end):
        return _Found(at + 1, at)
    if backward and isinstance(other, Quantity) and gap[:1] in (";", ",") and said.ITS_OLD.match(gap[1:]):
        return _Found(at + 1, at)
    if backward and changes and rules.after_target.search(left) and rules.back.match(gap):
        return _Found(at + 1, at)
    if backward and isinstance(other, Quantity) and said.UNTIL_NOW.search(gap):
        return _Found(at + 1, at)
    former = rules.formerly.match(gap) or (rules.formerly.search(gap) if changes and len(gap) <= _NEAR_GAP else None)
    if backward and former and not said.NOW.search(left):
        return _Found(at + 1, at)
    if forward and changes and _goes_to(rules, gap):
        return _Found(at, at + 1)
    if forward and rules.replaced.match(gap) and said.REPLACED.search(sheet.low, sentence.start, sentence.end):
        return _Found(at, at + 1)
    return None


_HEAD_OF_TABLE: Final = 400
"""Characters before a row in which its head may stand."""


def _is_old_and_new(sheet: Sheet, row: list[Number], at: int, left: str, gap: str) -> bool:
    """`old EUR 50, new EUR 100`, or two cells under a head that says which column is which."""
    if said.LEFT_OLD.search(left) and said.RIGHT_NEW.fullmatch(gap):
        return True
    start = row[at].span.start
    return bool(said.CELLS.fullmatch(gap) and said.HEADER.search(sheet.low, max(0, start - _HEAD_OF_TABLE), start))


def _is_nil(sheet: Sheet, one: Number) -> bool:
    """`from £135 to nil`: a zero without a unit takes that of the number before it."""
    return isinstance(one, Bare) and not one.value and not sheet.plain[one.span.start : one.span.end].isdecimal()


def _is_of_something_else(sheet: Sheet, sentence: Span, row: list[Number], at: int) -> bool:
    """Whether the clause of two numbers tells of wages, of income tax, of a total."""
    start = max(sentence.start, row[at - 1].span.end if at else sentence.start, row[at].span.start - _LEFT)
    words = sheet.low[start : row[at].span.start]
    return said.NOT_LAW_NUMBER.search(words) is not None and tells_of_another_subject(words + " pension")


def _goes_to(rules: PairRules, gap: str) -> bool:
    """`14 per cent will decrease to`: a verb of change and a preposition, without another day or clause between."""
    if said.ELSEWHERE.search(gap):
        return False
    return rules.change.search(gap) is not None and rules.after_target.search(gap) is not None


def _is_set(sheet: Sheet, sentence: Span, row: list[Number], at: int, rules: PairRules) -> bool:
    """Whether a verb of setting stands before a number: the new one is told, the old one is not."""
    one = row[at]
    assert isinstance(one, Quantity), "INVARIANT: only what has a unit is set"
    before = sheet.low[max(sentence.start, one.span.start - 120) : one.span.start]
    if said.FINED.search(before):
        return False
    after = sheet.low[one.span.end : one.span.end + 30]
    if said.FINED.search(after):
        return False
    clause = said.CLAUSES.split(before)[-1]
    if said.NOT_LAW_NUMBER.search(clause + after) or not said.MEASURE.search(clause + after):
        return False
    if rules.setting.search(before):
        if said.IS.search(before) and not said.IN_TIME.search(sheet.low, sentence.start, sentence.end):
            return False
        return one.unit not in (Unit.DAYS, Unit.MONTHS, Unit.YEARS) or rules.change.search(before) is not None
    if one.unit is not Unit.AMOUNT:
        return False
    if said.OR_MORE.match(after) and said.PROHIBITS.search(sheet.low, sentence.start, one.span.start):
        return True
    if not said.BOUND.search(before):
        return False
    return said.NEW_DUTY.search(sheet.low, sentence.start, sentence.end) is not None


def _pair(sheet: Sheet, sentence: Span, row: list[Number], found: _Found, rules: PairRules, floor: int) -> Pair:
    new, old = row[found.new], None if found.old is None else row[found.old]
    kind = new if isinstance(new, Quantity) else old
    assert isinstance(kind, Quantity), "INVARIANT: one of the two has a unit"
    told = tuple(one for one in (old, new) if one is not None)
    span = Span(min(one.span.start for one in told), max(one.span.end for one in told))
    return Pair(
        span,
        None if old is None else _with_unit(old, kind),
        _with_unit(new, kind),
        _about(sheet, sentence, span, rules, floor),
    )


def _with_unit(one: Number, kind: Quantity) -> Quantity:
    return one if isinstance(one, Quantity) else Quantity(one.span, one.value, kind.unit, kind.currency)


def _about(sheet: Sheet, sentence: Span, span: Span, rules: PairRules, floor: int) -> str:
    """The words that say of what: between the verb and its number, else before the verb, else after the numbers."""
    start = max(floor if floor < span.start else sentence.start, sentence.start, span.start - 200)
    zone = sheet.low[start : span.start]
    verbs = list(rules.change.finditer(zone))
    for verb in reversed(verbs):
        between = _trimmed(sheet, start + verb.end(), span.start, last_clause=False)
        if _tells(between, sheet.language) and not any(one.isdecimal() for one in between):
            return between
        before = _trimmed(sheet, start, start + verb.start(), last_clause=True)
        if _tells(before, sheet.language):
            return before
    if not verbs:
        before = _trimmed(sheet, start, span.start, last_clause=True)
        if _tells(before, sheet.language):
            return before
    tail = said.TAIL.match(sheet.low, span.end, min(sentence.end, span.end + 90))
    return sheet.plain[tail.start("what") : tail.end("what")].strip() if tail else ""


def _trimmed(sheet: Sheet, start: int, end: int, *, last_clause: bool) -> str:
    piece = sheet.plain[start:end]
    if last_clause:
        shortened = said.HELPERS.sub("", piece).rstrip(" ,:-")
        cuts = [cut.end() for cut in said.CLAUSE.finditer(shortened)]
        piece = shortened[cuts[-1] :] if cuts else shortened
    else:
        piece = said.LAW.split(said.CLAUSE.split(piece, maxsplit=1)[0], maxsplit=1)[0]
    piece = said.HELPERS.sub("", piece)
    return said.TRAIL.sub("", said.HEAD.sub("", piece))[:160]


def _tells(words: str, language: str) -> bool:
    letters = sum(one.isalpha() for one in words)
    return letters >= (2 if language == "zh" else 3)


def _once(found: list[Pair]) -> Iterator[Pair]:
    """The same change told again is left out, and a new number alone where its old one is told elsewhere."""
    full = {(one.new.value, one.new.unit, one.new.currency) for one in found if one.old is not None}
    best: dict[object, Pair] = {}
    for one in found:
        new = (one.new.value, one.new.unit, one.new.currency)
        if one.old is None and new in full:
            continue
        key = (None if one.old is None else one.old.value, *new)
        before = best.get(key)
        if before is None:
            best[key] = one
        elif not before.about and one.about:
            best[key] = replace(before, about=one.about)
    yield from best.values()
