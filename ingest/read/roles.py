"""What happens on each day of a text, by the words around it in its own sentence. What they do not say is only mentioned."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from ingest.read import day_words as said
from ingest.read.dates import Day
from ingest.read.model import Dated, DateRole, Span
from ingest.read.role_words import ROLE_OF, RoleRules, role_rules
from ingest.read.sheet import Sheet

_BEFORE, _AFTER = 110, 90
"""Characters at both sides of a day that are looked at."""
_OLDEST: Final = timedelta(days=366)
"""A day longer before the publication is history: it is not what the item tells."""
_PAST: Final = timedelta(days=31)
_EFFECTIVE: Final = (DateRole.IN_FORCE, DateRole.APPLIES)
_FUTURE: Final = (DateRole.IN_FORCE, DateRole.APPLIES, DateRole.CONSULTATION_UNTIL, DateRole.ENDS)
_HALF_CLAUSE: Final = 45
"""Characters from which a word is too far from a day to be surely of it."""
_BARE_YEAR, _LOOSE, _BEFORE_PREPOSITION, _RIGHT_BEHIND = 4, 12, 8, 8


@dataclass(frozen=True, slots=True)
class _Around:
    """A day and the words around it, in its sentence and not beyond the days at its sides."""

    one: Day
    left: str
    right: str
    whole: str
    previous: DateRole | None
    """The role of the day before it in the same sentence."""
    following: str | None
    """The words up to the next day of the same sentence."""
    changed: bool
    """In the sentence a number takes the place of another."""
    ahead: bool
    """The day is later than the publication."""
    unknown: bool
    """The day of publication is not told."""


def dated(sheet: Sheet, found: tuple[Day, ...], changed: Iterable[Span] = ()) -> tuple[Dated, ...]:
    """Each day with its role. `changed`: where numbers take the place of others; a day beside one is when they do.

    A day without a year is given only where it lies ahead by its role.
    """
    rules = role_rules(sheet.language)
    told = {sheet.sentence_at(one.start) for one in changed}
    made: list[Dated] = []
    windows: set[Span] = set()
    role: DateRole | None = None
    for at, one in enumerate(found):
        around = _around(sheet, found, at, role, told)
        role = _role(sheet.language, rules, around)
        kept = DateRole.MENTIONED if role in _EFFECTIVE and _is_an_event(rules, around) else role
        if role in _EFFECTIVE and sheet.published is not None and one.day < sheet.published - _OLDEST:
            kept = DateRole.MENTIONED
        if (one.yearless and kept not in _FUTURE) or (one.near and kept is DateRole.MENTIONED):
            continue
        if not one.exact and kept is DateRole.MENTIONED and one.span.end - one.span.start <= _BARE_YEAR:
            continue
        day = one.day
        if kept is DateRole.APPLIES and one.exact and said.LATER_THAN.search(around.left) and day < date.max:
            day += timedelta(days=1)
        made.append(Dated(one.span, day, kept, one.exact))
        if around.following is not None and said.TO_A_LAST_DAY.fullmatch(around.following):
            windows.add(one.span)
    return tuple(_without_windows(_without_past(made, sheet.published), windows))


def _is_an_event(rules: RoleRules, around: _Around) -> bool:
    """Whether what happens is a meeting or an appointment; not where the day stands right behind `enters into force`."""
    if said.EVENT.search(around.whole) is None:
        return False
    words = list(rules.near.finditer(around.left))
    right_behind = bool(words) and len(around.left) - words[-1].end() <= _LOOSE
    return not (right_behind and words[-1].lastgroup == DateRole.IN_FORCE)


def _without_windows(made: list[Dated], windows: set[Span]) -> list[Dated]:
    """What runs from one day to another, as a pilot or a window of applications, gives way to a day that has no end."""
    if not any(one.role in _EFFECTIVE and one.exact and one.span not in windows for one in made):
        return made
    return [
        replace(one, role=DateRole.MENTIONED) if one.role in _EFFECTIVE and one.span in windows else one for one in made
    ]


def _without_past(made: list[Dated], published: date | None) -> list[Dated]:
    """Where a day of application lies ahead, those long past are of the law as it was."""
    if published is None or not any(one.role in _EFFECTIVE and one.day >= published for one in made):
        return made
    return [
        replace(one, role=DateRole.MENTIONED) if one.role in _EFFECTIVE and one.day < published - _PAST else one
        for one in made
    ]


def _around(sheet: Sheet, found: tuple[Day, ...], at: int, role: DateRole | None, told: set[Span]) -> _Around:
    one = found[at]
    sentence = sheet.sentence_at(one.span.start)
    floor, end = max(sentence.start, one.span.start - _BEFORE), min(sentence.end, one.span.end + _AFTER)
    previous = None
    if at and found[at - 1].span.end > sentence.start:
        previous, floor = role, max(floor, found[at - 1].span.end)
    following = None
    if at + 1 < len(found) and found[at + 1].span.start < sentence.end:
        following = sheet.low[one.span.end : found[at + 1].span.start]
        end = max(one.span.end, min(end, found[at + 1].span.start))
    return _Around(
        one,
        sheet.low[floor : one.span.start],
        sheet.low[one.span.end : end],
        sheet.low[max(sentence.start, one.span.start - 2 * _BEFORE) : min(sentence.end, one.span.end + _AFTER)],
        previous,
        following,
        sentence in told,
        sheet.published is not None and one.day > sheet.published,
        sheet.published is None,
    )


def _role(language: str, rules: RoleRules, around: _Around) -> DateRole:
    """Of one day: by the words at its edge, then by the nearest verb, then by the change that stands beside it."""
    left, right = around.left, around.right
    law = said.OF_A_LAW.search(left)
    if said.LATER_THAN.search(left):
        return DateRole.APPLIES if _begins_after(rules, around) else DateRole.MENTIONED
    if law is not None and not rules.near.search(law[0]):
        return DateRole.MENTIONED
    if said.SINCE.search(left):
        return _since(rules, around)
    if not around.ahead and said.DATA.search(left) and not _is_effective(rules, left):
        return DateRole.MENTIONED
    if said.NOT_ON.search(left):
        return DateRole.MENTIONED
    if rules.moved.search(around.whole) and (moved := _moved(rules, around)):
        return moved
    if _was_meant(rules, left):
        return DateRole.MENTIONED
    if around.previous is not None and said.TO_A_LAST_DAY.fullmatch(left) and rules.comments.search(around.whole):
        return DateRole.CONSULTATION_UNTIL
    if around.following is not None and said.TO_A_LAST_DAY.fullmatch(around.following) and rules.comments.search(left):
        return DateRole.MENTIONED
    if around.previous in _EFFECTIVE and said.TO_A_LAST_DAY.fullmatch(left):
        return DateRole.ENDS
    if rules.until.search(left) or (language == "zh" and right.startswith(("前", "止"))):
        return _limit(rules, around)
    return _by_verb(language, rules, around)


def _is_effective(rules: RoleRules, words: str) -> bool:
    """Whether the last word of role in them is one of beginning."""
    last = next((str(word.lastgroup) for word in reversed(list(rules.near.finditer(words)))), "")
    return last in ("in_force", "applies")


def _begins_after(rules: RoleRules, around: _Around) -> bool:
    """`after 31 December 2026` of a day that lies ahead, where something then applies: it does from the day after."""
    told = rules.near.search(around.left) or rules.near.search(around.right) or around.changed
    return bool(told and around.ahead and around.one.exact and not said.UNIT_BEFORE.search(around.left))


def _since(rules: RoleRules, around: _Around) -> DateRole:
    """Law that has lately begun: `Since 30 June due diligence is required`. Where no word of law is near it is history."""
    if _is_effective(rules, around.left) or (not rules.near.search(around.left) and _is_effective(rules, around.right)):
        return DateRole.IN_FORCE
    return DateRole.MENTIONED


def _was_meant(rules: RoleRules, left: str) -> bool:
    """Whether the day was planned and is not any more; a denial near it counts as well."""
    words = list(rules.formerly.finditer(left))
    return bool(words) and len(left) - words[-1].end() < _HALF_CLAUSE


def _moved(rules: RoleRules, around: _Around) -> DateRole | None:
    """Of a day in a sentence that puts something off: the new day applies, the old one is history."""
    if around.following is not None and said.TO_A_LAST_DAY.fullmatch(around.following):
        return DateRole.MENTIONED
    if rules.comments.search(around.left):
        return DateRole.CONSULTATION_UNTIL
    if said.LONGER.search(around.whole) and not said.TIME_LIMIT.search(around.whole):
        return DateRole.ENDS if rules.until.search(around.left) else None
    if _was_meant(rules, around.left):
        return DateRole.MENTIONED
    return DateRole.APPLIES if rules.moved_to.search(around.left) else None


def _limit(rules: RoleRules, around: _Around) -> DateRole:
    """Of a last day: for comments, of what lapses, or the one by which a duty must be met."""
    if rules.comments.search(around.whole):
        return DateRole.CONSULTATION_UNTIL
    if around.previous in _EFFECTIVE:
        return DateRole.ENDS
    before = [str(word.lastgroup) for word in rules.near.finditer(around.left)]
    behind = rules.near.search(around.right)
    if said.AT_THE_LATEST.search(around.left):
        return DateRole.APPLIES if said.COMPLY.search(around.left) else DateRole.MENTIONED
    if {"in_force", "applies", "ends"} & set(before) or behind is not None:
        return DateRole.ENDS
    return DateRole.MENTIONED


def _by_verb(language: str, rules: RoleRules, around: _Around) -> DateRole:
    """By the nearest word that says what happens; a first day or a day of change where no word says it."""
    one, left, right = around.one, around.left, around.right
    starts = rules.start.search(left) is not None or (language == "zh" and right.startswith("起"))
    on = rules.on.search(left) is not None
    words = list(rules.near.finditer(left))
    gap = len(left) - words[-1].end() if words else None
    behind = rules.near.search(right)
    spoken = [word.end() for word in said.SAID.finditer(left)]
    if spoken and not starts and not around.ahead and len(left) - spoken[-1] <= (gap if gap is not None else _BEFORE):
        return DateRole.MENTIONED
    if rules.comments.search(left) and said.COMMENTS_RUN.search(left):
        return DateRole.MENTIONED
    if around.previous not in (None, DateRole.MENTIONED) and not words and said.ALSO.fullmatch(left):
        return around.previous or DateRole.MENTIONED
    role = _nearest(language, words[-1] if words else None, gap, behind)
    if starts and role in (None, DateRole.PUBLISHED, DateRole.ADOPTED):
        if role and gap is not None and gap < _BEFORE_PREPOSITION:
            return role
        return DateRole.APPLIES if around.ahead or around.changed or one.near or around.unknown else DateRole.MENTIONED
    if role is DateRole.APPLIES and not (starts or on or one.near or behind) and one.exact and (gap or 0) > _LOOSE:
        return DateRole.APPLIES if around.changed else DateRole.MENTIONED
    if around.ahead and role in (DateRole.ADOPTED, DateRole.PUBLISHED) and (gap or 0) > _LOOSE:
        return DateRole.APPLIES if around.changed and on and not one.yearless else DateRole.MENTIONED
    if role is not None:
        return role
    beside = around.changed and (on or one.near or not left.strip())
    return DateRole.APPLIES if beside and (around.ahead or one.near or around.unknown) else DateRole.MENTIONED


def _nearest(
    language: str, word: re.Match[str] | None, gap: int | None, behind: re.Match[str] | None
) -> DateRole | None:
    """The role of the nearer of the words at both sides; one before the day counts as nearer, but in German and Chinese."""
    handicap = 0 if language in ("de", "zh", "nl") else 20
    if behind is not None and language == "de" and behind.lastgroup == "in_force":
        return DateRole.IN_FORCE
    if behind is not None and language == "zh" and behind.start() < _RIGHT_BEHIND:
        return ROLE_OF[str(behind.lastgroup)]
    if word is not None and gap is not None and (behind is None or gap <= behind.start() + handicap):
        return ROLE_OF[str(word.lastgroup)] if gap <= _BEFORE - 30 else None
    return ROLE_OF[str(behind.lastgroup)] if behind is not None and behind.start() <= _AFTER - 10 else None


def moved_only(found: tuple[Dated, ...]) -> tuple[Dated, ...]:
    """The days of what is put off: of several exact days of application the last is the new one, the others were meant before."""
    told = [one.day for one in found if one.role in _EFFECTIVE and one.exact]
    if len(set(told)) < 2:
        return found
    return tuple(
        replace(one, role=DateRole.MENTIONED) if one.role in _EFFECTIVE and one.day < max(told) else one
        for one in found
    )


def ahead_only(found: tuple[Dated, ...], published: date | None) -> tuple[Dated, ...]:
    """The days of what is no law itself, guidance: those that have come are of the law that it explains."""
    return tuple(
        replace(one, role=DateRole.MENTIONED)
        if one.role in _EFFECTIVE and published is not None and one.day <= published
        else one
        for one in found
    )


def without_effect(found: tuple[Dated, ...]) -> tuple[Dated, ...]:
    """The days of what will not be, or of a measure against one: none is a day from which others must follow anything."""
    return tuple(replace(one, role=DateRole.MENTIONED) if one.role in _EFFECTIVE else one for one in found)
