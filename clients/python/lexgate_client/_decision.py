"""The decision, and the one question that a checkout asks of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final, Literal, TypedDict

from pydantic import AwareDatetime

from lexgate_client._found import AppliedPack, AppliedRate, Finding, Missing, Obligation
from lexgate_client._model import Answer, Part
from lexgate_client._scalars import Instant, Money
from lexgate_client._tax_parts import TaxVerdict
from lexgate_client._verdicts import AmlVerdict, Collect, KycVerdict, MethodVerdict, ResidencyVerdict, ScaVerdict
from lexgate_client.errors import Problem

ALLOW: Final = "allow"
OUTCOMES: Final = (ALLOW, "challenge", "collect", "review", "block")
"""From the mildest to the strictest. A service that is younger than this client may know more: none of them is an allow here."""


class Decision(Answer):
    """One decision. Lexgate informs; it is not legal advice."""

    id: str
    reference: str | None
    legal_time: AwareDatetime
    evaluated_at: AwareDatetime
    outcome: str
    """One of OUTCOMES."""
    domains: list[str]
    """The domains that were assessed: each has its own part of the answer, the others none."""
    sca: ScaVerdict | None = None
    aml: AmlVerdict | None = None
    kyc: KycVerdict | None = None
    residency: ResidencyVerdict | None = None
    tax: TaxVerdict | None = None
    method: MethodVerdict | None = None
    obligations: list[Obligation]
    missing: list[Missing]
    findings: list[Finding]
    rulepacks: list[AppliedPack]
    fx: list[AppliedRate]
    message: str
    """One sentence for the payer, in the language asked for."""
    locale: str
    livemode: bool = True
    """False: of a test key, about no payment."""

    @property
    def may_proceed(self) -> bool:
        """Whether the payment may be made as it was stated. False for every other word, those that are not known here as well."""
        return self.outcome == ALLOW

    @property
    def needs_challenge(self) -> bool:
        """Whether the payer must be authenticated, and nothing else stands in the way: authenticate, then ask again."""
        return self.outcome == "challenge"

    @property
    def to_collect(self) -> tuple[Collect, ...]:
        """What to ask of the payer."""
        return tuple(one for part in (self.kyc, self.method) if part is not None for one in part.collect)

    def __bool__(self) -> bool:
        """A decision that blocks is there as well: `if decision:` would let everything pass."""
        raise TypeError("A decision is neither true nor false: ask `decision.may_proceed`")


class BatchLine(Part):
    """The answer to one line of a batch: a decision, or a problem."""

    number: int
    """From 1, in the order in which they were sent."""
    decision: Decision | None = None
    problem: Problem | None = None

    @property
    def may_proceed(self) -> bool:
        """False where there is no decision."""
        return self.decision is not None and self.decision.may_proceed


class ErasedDecision(Part):
    """What a list shows of a decision whose payer was erased. Nothing more of it can be read, and nothing goes ahead on it."""

    id: str
    at: AwareDatetime
    outcome: str
    release: str
    erased: Literal[True]

    @property
    def may_proceed(self) -> bool:
        """Never: nobody can say any more of which payment it speaks."""
        return False

    def __bool__(self) -> bool:
        """As of a decision."""
        raise TypeError("A decision is neither true nor false: ask `decision.may_proceed`")


AnyDecision: Any = Decision | ErasedDecision
"""As a list has them."""


class Summary(Part):
    """What a list shows of a decision."""

    id: str
    at: AwareDatetime
    outcome: str
    reference: str | None
    payer: str | None
    merchant: str | None
    amount: Decimal | None
    currency: str | None
    verdicts: dict[str, str]
    countries: dict[str, str]
    stated: dict[str, str]
    rulepacks: list[str]
    rules: list[str]
    release: str
    livemode: bool = True
    erased: bool = False
    """Whom it was about was erased: nothing but this can be read of it."""


class DecisionsWanted(TypedDict, total=False):
    """What a decision must be to be found. Whatever is not asked, does not matter."""

    outcome: str
    reference: str
    q: str
    """A part of the reference or of the id."""
    country: str
    role: Literal["payer", "payee", "issuer", "acquirer"]
    """Whose country it must be; default: anybody's."""
    jurisdiction: str
    rule: str
    """A rule that fired: `EEA/sca.low_value`."""
    verdict: Sequence[str]
    """`sca:required`; several: each of them."""
    currency: str
    amount_from: Money
    amount_to: Money
    since: Instant
    until: Instant
    payer: str
    merchant: str
    release: str


class Difference(Part):
    """Where two answers differ."""

    pointer: str
    was: Any
    now: Any


class Replay(Answer):
    """The same question again. Nothing of it is stored."""

    id: str
    identical: bool
    """The same bytes."""
    release: str
    legal_day: dt.date | None
    differences: list[Difference]
    decision: Decision


class ToldEvent(Answer):
    """An event that is on disk."""

    decision: str
    kind: str
    at: AwareDatetime
