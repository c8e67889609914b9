"""The Union's register of VAT numbers over the network (VIES, Regulation (EU) No 904/2010, Art. 31).

VIES asks the register of the Member State, and that is often out. What is no answer is never taken for one: a number that could
not be looked up keeps its form and nothing more, and the policy that the operator declared is named beside it.
"""

from __future__ import annotations

import asyncio
import random
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import httpx
import orjson

from api.settings import Settings
from engine.ledger import Consultation, Consultations

SOURCE: Final = "VIES"
Number = tuple[str, str]
"""Prefix and the rest: ("EL", "094259216")."""

_BRUSSELS: Final = ZoneInfo("Europe/Brussels")
_LARGEST: Final = 65_536
_REMEMBERED: Final = 10_000
_AT_ONCE: Final = 4
"""Questions under way to one Member State: more are answered MS_MAX_CONCURRENT_REQ."""
_DENIED: Final = timedelta(minutes=15)
"""How long a denial is given again: a number may have been given out a moment ago."""
_FIRST_WAIT, _LONGEST_WAIT = 0.25, 2.0

_AGAIN: Final = frozenset((
    "GLOBAL_MAX_CONCURRENT_REQ", "GLOBAL_MAX_CONCURRENT_REQ_TIME", "MS_MAX_CONCURRENT_REQ", "MS_MAX_CONCURRENT_REQ_TIME",
    "SERVER_BUSY", "SERVICE_UNAVAILABLE", "TIMEOUT", "http_429", "http_500", "http_502", "http_503", "http_504", "network",
    "bad_answer",
))  # fmt: skip
"""Worth another try within the same question."""
_RESTS: Final = {
    "MS_UNAVAILABLE": timedelta(minutes=1),
    "MS_MAX_CONCURRENT_REQ": timedelta(seconds=10),
    "MS_MAX_CONCURRENT_REQ_TIME": timedelta(seconds=10),
}
"""How long a Member State is left alone after that."""
_RESTS_ALL: Final = {"VAT_BLOCKED": timedelta(minutes=10), "IP_BLOCKED": timedelta(minutes=10)}
"""How long VIES itself is."""
_EVERYBODY: Final = "*"


def opened(settings: Settings, consultations: Consultations, clock: Callable[[], datetime]) -> Vies | None:
    """VIES as the settings have it; None where it is off."""
    if settings.vies == "off":
        return None
    limits = httpx.Timeout(settings.vies_timeout_seconds, connect=min(3, settings.vies_timeout_seconds))
    return Vies(
        httpx.AsyncClient(timeout=limits, headers={"accept": "application/json"}),
        settings.vies_url.rstrip("/"),
        clock,
        consultations,
        settings.vies_attempts,
        settings.vies_timeout_seconds,
        timedelta(hours=settings.vies_remember_hours),
    )


@dataclass(frozen=True, slots=True)
class Unanswered:
    """VIES said nothing of the number. `code`: its own, or network, timeout, http_503, bad_answer."""

    code: str
    again_after: datetime
    """Before then asking again is of no use."""


@dataclass(slots=True)
class Vies:
    """Asks VIES, at most so often and so long, and remembers answers and outages.

    `chance` gives numbers from 0 to 1 for the jitter of waits; `sleep` waits. One object lives on one event loop.
    """

    client: httpx.AsyncClient
    url: str
    clock: Callable[[], datetime]
    consultations: Consultations
    attempts: int = 3
    timeout_seconds: int = 8
    remember: timedelta = timedelta(hours=24)
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.random
    _known: OrderedDict[tuple[str, str | None], Consultation] = field(default_factory=OrderedDict)
    _resting: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    _gates: dict[str, asyncio.Semaphore] = field(default_factory=dict)

    async def ask(self, number: Number, own: Number | None = None) -> Consultation | Unanswered:
        """Whether a number is valid today. `own`: who asks; VIES then gives a consultation number, which is the proof.

        Raises LedgerError where a fresh answer cannot be kept.
        """
        key = "".join(number), "".join(own) if own else None
        async with self._gates.setdefault(number[0], asyncio.Semaphore(_AT_ONCE)):
            known = await self._remembered(*key)
            if known is not None:
                return known
            resting = self._rests(number[0])
            if resting is not None:
                return resting
            told = await self._asked(number, own)
            if isinstance(told, Unanswered):
                return told
            valid, consultation_number = told
            answer = Consultation(*key, valid, self.clock(), SOURCE, consultation_number)
            await self.consultations.keep(answer)
            self._keep(answer)
            return answer

    # -- memory ---------------------------------------------------------------------------------------------------------

    async def _remembered(self, number: str, own: str | None) -> Consultation | None:
        known = self._known.get((number, own))
        if known is not None and self._holds(known):
            return known
        since = self.clock() - self.remember
        stored = await asyncio.to_thread(self.consultations.latest, number, own, since)
        if stored is None or not self._holds(stored):
            return None
        self._keep(stored)
        return stored

    def _holds(self, answer: Consultation) -> bool:
        now = self.clock()
        age = now - answer.at
        same_day = now.astimezone(_BRUSSELS).date() == answer.at.astimezone(_BRUSSELS).date()
        return same_day and timedelta(0) <= age < (self.remember if answer.valid else min(_DENIED, self.remember))

    def _keep(self, answer: Consultation) -> None:
        self._known[answer.number, answer.own] = answer
        self._known.move_to_end((answer.number, answer.own))
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)

    def _rests(self, prefix: str) -> Unanswered | None:
        for whose in (_EVERYBODY, prefix):
            until, code = self._resting.get(whose, (None, ""))
            if until is not None and self.clock() < until:
                return Unanswered(code, until)
        return None

    # -- asking ---------------------------------------------------------------------------------------------------------

    async def _asked(self, number: Number, own: Number | None) -> tuple[bool, str | None] | Unanswered:
        code = "timeout"
        try:
            async with asyncio.timeout(self.timeout_seconds):
                for attempt in range(self.attempts):
                    if attempt:
                        await self.sleep(self.chance() * min(_LONGEST_WAIT, _FIRST_WAIT * 2**attempt))
                    told = await self._once(number, own)
                    if not isinstance(told, str):
                        return told
                    code = told
                    if code not in _AGAIN:
                        break
        except TimeoutError:
            pass
        return self._unanswered(number[0], code)

    def _unanswered(self, prefix: str, code: str) -> Unanswered:
        now = self.clock()
        if code in _RESTS_ALL:
            until = now + _RESTS_ALL[code]
            self._resting[_EVERYBODY] = until, code
        else:
            until = now + _RESTS.get(code, timedelta(0))
            self._resting[prefix] = until, code
        return Unanswered(code, until)

    async def _once(self, number: Number, own: Number | None) -> tuple[bool, str | None] | str:
        """One question: validity and consultation number, or the code of why there is no answer."""
        body = {"countryCode": number[0], "vatNumber": number[1]}
        if own is not None:
            body |= {"requesterMemberStateCode": own[0], "requesterNumber": own[1]}
        try:
            async with self.client.stream("POST", f"{self.url}/check-vat-number", json=body) as response:
                content = b""
                async for part in response.aiter_bytes():
                    content += part
                    if len(content) > _LARGEST:
                        return "bad_answer"
        except (httpx.HTTPError, httpx.StreamError):
            return "network"
        return _read(response.status_code, content, number)


def _read(status: int, content: bytes, number: Number) -> tuple[bool, str | None] | str:
    """What an answer says. Anything but a plain yes or no about the very number is none."""
    try:
        told: Any = orjson.loads(content)
    except orjson.JSONDecodeError:
        told = None
    if not isinstance(told, dict):
        return "bad_answer" if status == 200 else f"http_{status}"
    code = _code(told)
    if code is not None:
        return code
    if status != 200:
        return f"http_{status}"
    valid, own_word = told.get("valid"), told.get("requestIdentifier")
    asked = (told.get("countryCode", number[0]), str(told.get("vatNumber", number[1])).replace(" ", ""))
    if not isinstance(valid, bool) or asked != number:
        return "bad_answer"
    return valid, own_word if isinstance(own_word, str) and own_word else None


def _code(told: dict[str, Any]) -> str | None:
    """The code of a refusal. VIES sends them in several shapes, with any status, beside a `valid: false` that means nothing."""
    wrappers = told.get("errorWrappers")
    first = wrappers[0] if isinstance(wrappers, list) and wrappers else None
    code = first.get("error") if isinstance(first, dict) else told.get("userError")
    if isinstance(code, str) and code not in ("", "VALID", "INVALID"):
        return code if code.isascii() and code.replace("_", "").isalnum() and len(code) <= 64 else "bad_answer"
    return "bad_answer" if wrappers or told.get("actionSucceed") is False else None
