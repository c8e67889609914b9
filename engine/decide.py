"""One transaction in, one decision out. Pure: the clock, the history, the rates and the release are handed in.

A transaction flows one way: facts -> history added -> the law of the two payment service providers' places -> statuses of
rules -> a verdict a place -> the strictest verdict -> the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

from engine.asked import Asked, Conversion, Lookout, Part, asked_once
from engine.authentication import authentication
from engine.decision import Decision
from engine.demoting import part_of
from engine.facts import Facts
from engine.features import AskedOnce
from engine.history import History
from engine.joined import Joined
from engine.local_times import LocalTimes
from engine.money import RateTable
from engine.packs.packset import PackSet
from engine.regimes import aml, kyc, methods, residency
from engine.regimes.sca_answer import DOMAIN
from engine.tax import told
from engine.tax.recorder import Totals, nothing_recorded
from engine.tax.registers import UNASKED, Registers
from engine.tax.remembered import Question, answered
from engine.tax.sale import Profiles, unknown_merchant

PARTS: Final[Mapping[str, Callable[[Asked], Part]]] = {
    "aml": aml.part,
    "kyc": kyc.part,
    "residency": residency.part,
    "methods": methods.part,
}
"""The domains of which each gives a part of its own; it may look at what those before it said."""
BUILT: Final = (DOMAIN, "aml", "kyc", "residency", told.DOMAIN, "methods")
"""The domains that this release decides, in the order of the answer."""
NOTHING_KEPT: Final[Mapping[str, Any]] = {}
ONLY_SCA: Final = (DOMAIN,)


def decide(  # noqa: PLR0913  one question with all that it hangs on, so that nothing is read from elsewhere
    facts: Facts,
    packs: PackSet,
    history: History,
    *,
    rates: RateTable,
    decision_id: str,
    now: datetime,
    locale: str | None = None,
    legal_day: date | None = None,
    domains: tuple[str, ...] = ONLY_SCA,
    profiles: Profiles = unknown_merchant,
    registers: Registers = UNASKED,
    totals: Totals = nothing_recorded,
    kept: Mapping[str, Any] = NOTHING_KEPT,
    lookout: Lookout | None = None,
) -> Decision:
    """Decide on the domains asked for, of BUILT and in its order: strong customer authentication, tax, or both.

    `legal_day` asks under the law of another day, in every jurisdiction. `profiles` knows stored merchants, `registers` the word
    of registers on the customer's tax numbers, `totals` what is recorded of the merchants' sales; tax asks them. `kept` are the
    inputs of the decision that is being repeated, `lookout` looks at lists and scenarios. The same arguments give the same bytes.
    """
    occurred = facts.get("occurred_at")
    if occurred is None:
        occurred, facts = now, Facts({**facts, "occurred_at": now})
    words = packs.words(facts.get("locale") or locale)
    conversion = Conversion(rates, legal_day or occurred.date())
    alone = domains == ONLY_SCA  # nearly every payment: nothing of the other domains is even prepared
    if not alone:
        history = AskedOnce(history)
        if "payee.merchant" in facts:
            profiles = asked_once(profiles)
    before: dict[str, Part] = {}
    asked = Asked(
        facts,
        packs,
        words,
        occurred,
        legal_day,
        decision_id,
        now.isoformat(),
        conversion,
        history,
        profiles,
        {},
        LocalTimes(occurred),
        NOTHING_KEPT,
        lookout,
        before,
    )
    joined = Joined(asked)
    if DOMAIN in domains:
        joined.authentication(authentication(asked))
    if alone:
        return joined.decision()
    joined.also(domains)
    held = packs.held_back
    for domain in domains:
        if domain == told.DOMAIN:
            _tax(joined, asked, rates, registers, totals)
        elif domain in PARTS:
            again = asked._replace(kept=kept[domain]) if kept and kept.get(domain) else asked
            part = PARTS[domain](again) if domain not in held else part_of(domain, again, PARTS[domain])
            before[domain] = part
            joined.part(domain, part)
    if conversion.used:
        joined.converted(conversion.used)
    return joined.decision()


def _tax(joined: Joined, asked: Asked, rates: RateTable, registers: Registers, totals: Totals) -> None:
    """Add the tax of the sale, if it is one."""
    facts, words = asked.facts, asked.words
    question = Question(facts, asked.packs, words, asked.times, asked.legal_day, rates, registers, totals)
    found, profile, recorder = answered(question, asked.profiles)
    joined.tax(found, profile, registers, facts["currency"])
    if found is None:
        return
    joined.remark(told.unexplained(facts, found.tax, words))
    joined.exchanged(found.rates, rates)
    if recorder is not None:
        joined.recorded(recorder, asked.evaluated)
