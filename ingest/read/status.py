"""One status for an item, by one order of precedence. In doubt the one that is less law.

1. What is withdrawn, struck down or denied is withdrawn, whatever else is told of it; what is put off is postponed.
2. A measure against somebody in the title is enforcement. A consultation is one, be it about a law that is there.
3. What still has to be adopted is announced, whatever day it names.
4. Guidance that is finished is guidance, not law.
5. What is adopted is in force, scheduled or adopted by the day it applies from and the day it was published.

The title weighs before the first sentences, and these before the rest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from ingest.read.modality import FINAL, STRONG, WEAK, Mark, is_replacement
from ingest.read.model import Dated, DateRole, Span, Status
from ingest.read.sheet import Sheet

LEAD: Final = 500
"""Characters after the title that tell what the item is about; what follows is mostly background."""
_LAW: Final = (Status.ADOPTED, Status.IN_FORCE)
_AT_ONCE: Final = re.compile(
    r"immediate effect|immediately|(?:entered|came|has come|took) (?:into|effect)|now (?:in force|apply|applies)|"
    r"efecto inmediato|entró en vigor|effet immédiat|est entrée?s? en vigueur|sofortiger wirkung|ab sofort"
    r"|in kraft getreten|trat .{0,30}in kraft|efeito imediato|imediat|entrou em vigor|即日起|立即|已.{0,4}(?:施行|"
    r"生效)|dengan segera|telah berlaku|ngay lập tức|đã có hiệu lực|in force since"
)
_WILL: Final = re.compile(
    r"(?<![^\W_])(?:will|shall|is to|to be|wird|werden|sera|seront|será|serán|serão|akan|sẽ|zal|sarà)(?![^\W_])|将"
)


@dataclass(frozen=True, slots=True)
class Decided:
    """A status and the words that decided it; None where their absence did."""

    status: Status
    span: Span | None


@dataclass(frozen=True, slots=True)
class Grounds:
    """What else was read that bears on it."""

    effective: Dated | None
    changes: bool
    """Numbers take the place of others."""
    founded: bool
    """A law or a regulator is named."""
    cited: bool = True
    """A law is named."""


class _Zones:
    """Marks by where they stand: title 0, lead 1, the rest 2."""

    def __init__(self, sheet: Sheet, marks: tuple[Mark, ...]) -> None:
        self.sheet = sheet
        self._of: tuple[list[Mark], list[Mark], list[Mark]] = ([], [], [])
        lead = _lead_end(sheet)
        for one in marks:
            at = one.clause.span.start
            self._of[0 if at < sheet.title_end else 1 if at < lead else 2].append(one)

    def first(self, status: Status, zone: int, least: int = 1) -> Mark | None:
        return next((one for one in self._of[zone] if one.means is status and one.weight >= least), None)

    def best(self, statuses: tuple[Status, ...], zones: tuple[int, ...]) -> Mark | None:
        """The weightiest, the earliest of equals."""
        found = [one for zone in zones for one in self._of[zone] if one.means in statuses]
        return max(found, key=lambda one: one.weight, default=None)

    def opening_guidance(self) -> Mark | None:
        """Strong guidance before any law of the lead: `reminds that the act, in force since May, ...`."""
        found = self.first(Status.GUIDANCE, 1, STRONG)
        law = self.best(_LAW, (1,))
        before = found and law and found.clause.span.start < law.clause.span.start
        return found if before else None

    def weight(self, statuses: tuple[Status, ...], *zones: int) -> int:
        found = self.best(statuses, zones)
        return found.weight if found else 0


def _lead_end(sheet: Sheet) -> int:
    """Where the sentence ends in which the lead would end."""
    at = min(sheet.title_end + LEAD, len(sheet.low))
    return max(at, min(sheet.sentence_at(max(0, at - 1)).end, at + 200))


def decide(sheet: Sheet, marks: tuple[Mark, ...], grounds: Grounds) -> Decided:
    """The status of a text."""
    zones = _Zones(sheet, marks)
    stopped = _stopped(zones)
    if stopped is not None:
        return Decided(stopped.means or Status.WITHDRAWN, stopped.clause.span)
    for found in (_enforcement(zones), _consultation(zones)):
        if found is not None:
            return Decided(found.means or Status.GUIDANCE, found.clause.span)
    chosen = _made_or_meant(zones)
    if chosen is None and grounds.effective is not None:
        chosen = zones.best(_LAW, (0, 1))
    if chosen is None:
        return _unsaid(sheet, grounds)
    if chosen.means is Status.GUIDANCE and (law := _reminded(sheet, zones, chosen, grounds)):
        return Decided(Status.IN_FORCE_SCHEDULED, law.clause.span)
    if chosen.means in _LAW and _is_thin(sheet, zones, chosen, grounds):
        return Decided(Status.GUIDANCE, None)
    if chosen.means in _LAW:
        return Decided(_by_day(sheet, chosen, grounds.effective), chosen.clause.span)
    return Decided(chosen.means or Status.GUIDANCE, chosen.clause.span)


def _stopped(zones: _Zones) -> Mark | None:
    """What withdraws or postpones: in the title, in the lead, or in the rest where nothing above speaks of law made."""
    enforced = zones.first(Status.ENFORCEMENT, 0)
    for zone in (0, 1):
        for status in (Status.WITHDRAWN, Status.POSTPONED):
            found = zones.first(status, zone, STRONG)
            if found is None or (zone and enforced is not None):
                continue
            if status is Status.WITHDRAWN and zones.weight(_LAW, 0, 1) and is_replacement(zones.sheet, found.clause):
                continue
            if zone and zones.weight(_LAW, 0) == FINAL:
                continue
            return found
    if not zones.weight((*_LAW, Status.GUIDANCE, Status.ENFORCEMENT, Status.CONSULTATION), 0, 1):
        for status in (Status.WITHDRAWN, Status.POSTPONED):
            found = zones.first(status, 2, STRONG)
            if found is not None and not is_replacement(zones.sheet, found.clause):
                return found
    return None


_LISTS: Final = re.compile(
    r"\blist|designat|entr(?:y|ies)\b|sanction|\brate\b|名单|制裁|sanktion|sancion|\bliste?\b|\blista\b|daftar|danh sách"
)


_COUNTED: Final = re.compile(
    r"\b(?:caps?|limits?|ceilings?|thresholds?|rates?) of (?:up to )?(?:[A-Z]{3} ?|[€£$¥₦₹] ?)?\d"
)


def _is_thin(sheet: Sheet, zones: _Zones, chosen: Mark, grounds: Grounds) -> bool:
    """Whether all that speaks for law is a verb below the title: no day, no number, no law named, no list that is changed."""
    if chosen.weight == FINAL or grounds.effective is not None or grounds.changes or grounds.cited:
        return False
    if zones.weight(_LAW, 0) or _AT_ONCE.search(sheet.low, 0, sheet.title_end + 2 * LEAD):
        return False
    said = sheet.sentence_at(chosen.clause.span.start)
    of_law = _LISTS.search(sheet.low, said.start, said.end) or _COUNTED.search(sheet.plain, said.start, said.end)
    return of_law is None


_REMINDS: Final = re.compile(r"remind|recuerd|rappel|erinner|lembra|mengingatkan|nhắc|提醒|ricorda|herinner|przypomina")


def _reminded(sheet: Sheet, zones: _Zones, advice: Mark, grounds: Grounds) -> Mark | None:
    """Law of which a reminder says that it is made and that its day is still to come: that is news of law and no advice."""
    day, said = grounds.effective, sheet.low[advice.clause.span.start : advice.clause.span.end]
    if not _REMINDS.search(said) or day is None or not day.exact or not grounds.founded or sheet.published is None:
        return None
    law = zones.best(_LAW, (0, 1))
    ahead = day.day > sheet.published and law is not None and law.weight >= STRONG
    return law if ahead and not zones.weight((Status.ANNOUNCED,), 0, 1) else None


def _enforcement(zones: _Zones) -> Mark | None:
    """A measure in the title, or in the lead under a title that says nothing. A penalty that a law has is weaker than the law."""
    found = zones.first(Status.ENFORCEMENT, 0)
    if found is None and not zones.weight((*_LAW, Status.ANNOUNCED, Status.CONSULTATION, Status.GUIDANCE), 0):
        least = STRONG if zones.weight(_LAW, 1) >= STRONG else WEAK
        found = zones.first(Status.ENFORCEMENT, 1, least)
    return found


def _consultation(zones: _Zones) -> Mark | None:
    """Of the title, of the lead under a title that tells of no law made, of the rest where nothing else is said."""
    found = zones.first(Status.CONSULTATION, 0)
    if found is not None and zones.weight(_LAW, 0) < FINAL:
        return found
    if zones.weight(_LAW, 0) < STRONG and zones.weight(_LAW, 1) < FINAL:
        found = zones.first(Status.CONSULTATION, 1)
        if found is not None:
            return found
    if not zones.weight(_LAW, 0, 1) and not zones.weight((Status.GUIDANCE,), 0):
        return zones.first(Status.CONSULTATION, 2)
    return None


def _made_or_meant(zones: _Zones) -> Mark | None:
    """Between law that is made, a plan, and guidance."""
    meant, guidance = (Status.ANNOUNCED,), (Status.GUIDANCE,)
    title_law, title_meant = zones.weight(_LAW, 0), zones.weight(meant, 0)
    lead_law, lead_meant = zones.weight(_LAW, 1), zones.weight(meant, 1)
    law, plan = max(title_law, lead_law), max(title_meant, lead_meant)
    own = zones.best(guidance, (0,))
    if own is not None and own.weight >= STRONG and title_law < STRONG and title_meant < STRONG and lead_meant < STRONG:
        return own
    advice = own or (zones.best(guidance, (1,)) if law < STRONG and plan < STRONG else None)
    if advice is None and plan < STRONG and title_law < STRONG:
        advice = zones.opening_guidance()
    if plan == FINAL and title_law < FINAL:
        return zones.best(meant, (0, 1))
    if advice is not None and advice.weight >= STRONG and (law < FINAL or zones.opening_guidance() is advice):
        return advice if plan < STRONG else zones.best(meant, (0, 1))
    if law == FINAL and title_meant < STRONG:
        return zones.best(_LAW, (0, 1))
    if law == FINAL and plan < FINAL and title_law == FINAL:
        return zones.best(_LAW, (0,))
    if title_meant >= STRONG:
        return zones.best(meant, (0,)) if lead_law < FINAL else zones.best(_LAW, (1,))
    if title_law >= STRONG:
        return zones.best(_LAW, (0,)) if lead_meant < STRONG or lead_law >= STRONG else zones.best(meant, (1,))
    if lead_meant >= STRONG:
        return zones.best(meant, (1,))
    if lead_law >= STRONG:
        return zones.best(_LAW, (1,))
    rest = _of_the_rest(zones)
    if rest is not None and rest.means in _LAW and rest.weight >= STRONG and (advice is None or advice.weight < STRONG):
        return rest if plan < STRONG and not lead_meant else zones.best(meant, (0, 1))
    return zones.best(meant, (0, 1)) or advice or rest


def _of_the_rest(zones: _Zones) -> Mark | None:
    """The same below the lead: a plan before law, and law before guidance only where it is final."""
    meant, made, advice = (zones.best(statuses, (2,)) for statuses in ((Status.ANNOUNCED,), _LAW, (Status.GUIDANCE,)))
    if meant is not None and meant.weight >= STRONG and (made is None or made.weight < FINAL):
        return meant
    return (made if made is not None and made.weight >= STRONG else None) or meant or advice


def _by_day(sheet: Sheet, chosen: Mark, effective: Dated | None) -> Status:
    """Adopted law: in force, to be, or only adopted, by the day of publication. Without one of the two days: by its words."""
    at_once = _AT_ONCE.search(sheet.low, 0, sheet.title_end + 2 * LEAD) is not None
    if effective is None:
        return Status.IN_FORCE if at_once else Status.ADOPTED
    if sheet.published is None:
        past = at_once and chosen.means is Status.IN_FORCE
        return Status.IN_FORCE if past else Status.IN_FORCE_SCHEDULED if _WILL.search(sheet.low) else Status.ADOPTED
    return Status.IN_FORCE_SCHEDULED if _last_possible(effective) > sheet.published else Status.IN_FORCE


def _last_possible(effective: Dated) -> date:
    """Of a month that is told: a day late in it, so that law is not taken to bite before it does."""
    return effective.day if effective.exact else effective.day.replace(day=28)


def _unsaid(sheet: Sheet, grounds: Grounds) -> Decided:
    """No word says it. A day of application with a law or a regulator named is law; else it is a plan, or guidance."""
    day = grounds.effective
    if (
        day is not None
        and grounds.founded
        and sheet.published is not None
        and day.role in (DateRole.APPLIES, DateRole.IN_FORCE)
    ):
        late = _last_possible(day) > sheet.published
        return Decided(Status.IN_FORCE_SCHEDULED if late else Status.IN_FORCE, day.span)
    if grounds.changes or day is not None or _WILL.search(sheet.low, 0, _lead_end(sheet)):
        return Decided(Status.ANNOUNCED, None)
    return Decided(Status.GUIDANCE, None)
