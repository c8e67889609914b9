"""What happens on each day of a text, by the words around it in its own sentence. What they do not say is only mentioned."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from ingest.read.dates import Day
from ingest.read.model import Dated, DateRole, Span
from ingest.read.role_words import ROLE_OF, RoleRules, role_rules
from ingest.read.sheet import Sheet

_BEFORE, _AFTER = 110, 90
"""Characters at both sides of a day that are looked at."""
_OLDEST: Final = timedelta(days=366)
"""A day longer before the publication is history: it is not what the item tells."""
_PAST: Final = timedelta(days=31)
_SINCE: Final = re.compile(r"\b(?:since|seit(?: dem)?|depuis(?: le)?|sejak(?=.*telah)|desde hace) ?\Z")
_LATER_THAN: Final = re.compile(
    r"(?<!on or )(?<!on and )(?<![^\W_])(?:after|nach dem|après le|después del|depois de|após|setelah(?: tanggal)?|"
    r"sau ngày|dopo il|na) \Z"
)
"""What begins after a day does not begin on it."""
_UNIT_BEFORE: Final = re.compile(
    r"(?:days?|weeks?|months?|years?|tage?n?|monate?n?|jahre?n?|jours?|mois|ans?|días|meses|años|dias|anos|hari|bulan|tahun|ngày|tháng|năm)"
    r" (?:after|nach|après|después|depois|após|setelah|sau)\b[^.]{0,8}\Z"
)
_SAID: Final = re.compile(
    r"(?<![^\W_])(?:propos(?:ed|e[sd]?)|announc(?:ed|es)|present(?:ed|s)|tabled|introduced (?:in|to|before)|said|told|decided|met|meeting|"
    r"report(?:ed|s)|submitted|unveiled|presentó|presentad[oa]|anunci\w+|propuso|reuni\w+|annonc\w+|présent\w+|propos\w+|réuni\w+|"
    r"vorgestellt|angekündigt|vorgelegt|vorgeschlagen|sitzung|apresent\w+|propôs|reunião|mengumumkan|diumumkan|mengusulkan|rapat|"
    r"công bố|đề xuất|họp|annunciat\w+|presentat\w+)(?![^\W_])|宣布|提出|召开"
)
"""What is said on a day applies on another."""
_COMMENTS_RUN: Final = re.compile(r"\b(?:begin|start|open|run|launch)\w*\b[^.;]{0,16}\Z")
_DATA: Final = re.compile(
    r"\b(?:as at|statistics|figures|data|totals?|number of|balance|stood at|amounted|counted|registered|recorded|collected|at the end of|"
    r"estados? a|cifras|datos a|al cierre|stand|stichtag|zum ende|données|au total|encours|dados de|posição em|data per|per akhir|số liệu)\b[^.;]{0,60}\Z"
)
"""A day of figures."""
_OF_A_LAW: Final = re.compile(
    r"(?:\d/\d{2,4}(?:/[a-zđ-]{2,8})?|\b\d{4}/\d{1,5}|\b(?:act|law|regulation|directive|decree|circular|notice|"
    r"resolution|order|decision|ley|loi|lei|gesetz\w*|verordnung|richtlinie|règlement|décret"
    r"|arrêté|decreto|resolución|resolução|circulaire|council|rates?|undang-undang|"
    r"peraturan)(?: n[o°º]\.? ?[\d.,/-]+| [\d/.-]+)?)[^.;:]{0,24}[ ,(](?:of|du|de|del|da|do|vom|dated|tanggal|ngày|"
    r"van|dal|z dnia) ?\Z"
)
_ALSO: Final = re.compile(
    r"[^.;]{0,40}(?:,| and| or| y| e| et| und| dan| và|、|和)(?: (?:from|on|ab|am|el|le|em|por|the)| il)? ?\Z"
)
_EFFECTIVE: Final = (DateRole.IN_FORCE, DateRole.APPLIES)
_FUTURE: Final = (DateRole.IN_FORCE, DateRole.APPLIES, DateRole.CONSULTATION_UNTIL, DateRole.ENDS)
_HALF_CLAUSE: Final = 45
"""Characters from which a word is too far from a day to be surely of it."""
_BARE_YEAR, _LOOSE, _BEFORE_PREPOSITION, _RIGHT_BEHIND = 4, 12, 8, 8
_AT_THE_LATEST: Final = re.compile(
    r"(?<![^\W_])(?:by|before|no later than|not later than|spätestens|bis spätestens|au plus tard|d'ici|"
    r"a más tardar|antes del?|"
    r"paling lambat|chậm nhất|trước|entro|uiterlijk)\b[^.]{0,16}\Z"
)
_LONGER: Final = re.compile(
    r"exten[ds]|prorrog|prolong|proroge|proroga|verläng|perpanjang|gia hạn|延长|przedłuż|verlengd"
)
_TIME_LIMIT: Final = re.compile(
    r"deadline|\bdates?\b|compliance|timeline|plazo|frist|délai|prazo|batas waktu|thời hạn|期限|transit|"
    r"entrada e[nm] vigor|entrée en"
    r"|inkraft|implement|施行|实施|masa transisi|termin"
)
"""What is extended is a time to prepare, not a measure that would lapse."""
_COMPLY: Final = re.compile(
    r"compl(?:y|iance|iant)|implement|operativ|operational|transpos|adapt|in place|ready|cumpl|adecu|conform|umsetz|umzusetz|anpass|"
    r"anzupass|cumprir|adequar"
    r"|mematuhi|menyesuaikan|tuân thủ|合规|整改|adegu"
)
"""A last day for these is a first day of the rule; one for a return or a form is none."""
_EVENT: Final = re.compile(
    r"\b(?:webinars?|conferences?|seminars?|workshops?|registration opens|appoint(?:s|ed|ment)|vacanc(?:y|ies)|"
    r"applications? for the|take[sn]? place|training|holidays?"
    r"|clinics?|sessions?|forum|summit|roadshow|exhibition|meeting of|meets on|register by|hackathon|stand at|next meeting"
    r"|veranstaltung\w*|findet|seminario|conferencia|séminaire|colloque|nommée?|nombrad[oa]|nomead[oa]|diangkat|"
    r"bổ nhiệm)\b|研讨会|任命|会议召开"
)
"""What begins is no rule."""
_TO_A_LAST_DAY: Final = re.compile(
    r" ?(?:to|until|till|through|bis(?: zum)?|au|jusqu'au|auf(?: den)?|à|para(?: o| el)?|ke|menjadi|sang(?: ngày)?|"
    r"al|hasta(?: el)?|a|até|hingga|sampai(?: dengan)?|"
    r"đến(?: ngày)?|至|到|-|fino al|tot(?: en met)?|do) ?\Z"
)


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
    role: DateRole | None = None
    for at, one in enumerate(found):
        around = _around(sheet, found, at, role, told)
        role = _role(sheet.language, rules, around)
        kept = DateRole.MENTIONED if role in _EFFECTIVE and _EVENT.search(around.whole) else role
        if role in _EFFECTIVE and sheet.published is not None and one.day < sheet.published - _OLDEST:
            kept = DateRole.MENTIONED
        if (one.yearless and kept not in _FUTURE) or (one.near and kept is DateRole.MENTIONED):
            continue
        if not one.exact and kept is DateRole.MENTIONED and one.span.end - one.span.start <= _BARE_YEAR:
            continue
        day = one.day
        if kept is DateRole.APPLIES and one.exact and _LATER_THAN.search(around.left) and day < date.max:
            day += timedelta(days=1)
        made.append(Dated(one.span, day, kept, one.exact))
    return tuple(_without_past(made, sheet.published))


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
    law = _OF_A_LAW.search(left)
    if _LATER_THAN.search(left):
        return DateRole.APPLIES if _begins_after(rules, around) else DateRole.MENTIONED
    if law is not None and not rules.near.search(law[0]):
        return DateRole.MENTIONED
    if _SINCE.search(left):
        return _since(rules, around)
    if not around.ahead and _DATA.search(left) and not _is_effective(rules, left):
        return DateRole.MENTIONED
    if rules.moved.search(around.whole) and (moved := _moved(rules, around)):
        return moved
    if _was_meant(rules, left):
        return DateRole.MENTIONED
    if around.previous is not None and _TO_A_LAST_DAY.fullmatch(left) and rules.comments.search(around.whole):
        return DateRole.CONSULTATION_UNTIL
    if around.following is not None and _TO_A_LAST_DAY.fullmatch(around.following) and rules.comments.search(left):
        return DateRole.MENTIONED
    if around.previous in _EFFECTIVE and _TO_A_LAST_DAY.fullmatch(left):
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
    return bool(told and around.ahead and around.one.exact and not _UNIT_BEFORE.search(around.left))


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
    if around.following is not None and _TO_A_LAST_DAY.fullmatch(around.following):
        return DateRole.MENTIONED
    if rules.comments.search(around.left):
        return DateRole.CONSULTATION_UNTIL
    if _LONGER.search(around.whole) and not _TIME_LIMIT.search(around.whole):
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
    if _AT_THE_LATEST.search(around.left):
        return DateRole.APPLIES if _COMPLY.search(around.left) else DateRole.MENTIONED
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
    said = [word.end() for word in _SAID.finditer(left)]
    if said and not starts and not around.ahead and len(left) - said[-1] < (gap if gap is not None else _BEFORE):
        return DateRole.MENTIONED
    if rules.comments.search(left) and _COMMENTS_RUN.search(left):
        return DateRole.MENTIONED
    if around.previous not in (None, DateRole.MENTIONED) and not words and _ALSO.fullmatch(left):
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
    if len(set(told)) < 2:  # noqa: PLR2004
        return found
    return tuple(
        replace(one, role=DateRole.MENTIONED) if one.role in _EFFECTIVE and one.day < max(told) else one for one in found
    )


def without_effect(found: tuple[Dated, ...]) -> tuple[Dated, ...]:
    """The days of what will not be: none is a day of application any more."""
    return tuple(replace(one, role=DateRole.MENTIONED) if one.role in _EFFECTIVE else one for one in found)
