"""How the money moves, as a caller states it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, Required, TypedDict

from lexgate_client._scalars import Day, Instant, Money, Number

Signal = Literal[
    "abnormal_behaviour",
    "unusual_device",
    "malware",
    "known_fraud_scenario",
    "abnormal_location",
    "high_risk_payee_location",
]
Factor = Literal["knowledge", "possession", "inherence"]


class Mandate(TypedDict, total=False):
    """The payer's standing consent behind payments that the payee, or the payer's own bank, starts later."""

    id: str
    authenticated: bool
    """The payer passed strong authentication when the mandate was set up."""
    form: Literal["remote", "paper"]
    first: bool
    """The present payment is the first of the series."""
    same_amount: bool
    same_payee: bool
    max_amount: Money
    """The ceiling that the payer set for each payment, or the fixed amount that it authorised; in the transaction's currency."""
    category: str
    created_at: Day | Instant
    valid_until: Day | Instant
    notice_sent_at: Instant
    being_set_up: bool
    """The present call sets the mandate up or changes it."""


class SinceAuthenticated(TypedDict, total=False):
    """Executed, unauthenticated payments of this instrument and channel since the payer last passed SCA; not this one."""

    amount: Money
    currency: str
    count: int
    policy: Literal["amount", "count"]
    """Which of the two counters the payment service provider chose (EBA Q&A 2018_4225)."""


class FraudRate(TypedDict, total=False):
    """Fraud rate of `asked_by` for this type of payment over the reference period (Art. 19 RTS)."""

    bps: Number
    reference_date: Day
    suspended_bands: Sequence[Number]
    """Threshold values whose use has ceased under Art. 20 RTS."""


class Risk(TypedDict, total=False):
    """What the transaction monitoring found (Art. 2 and 18 RTS)."""

    level: Literal["low", "high"]
    signals: Sequence[Signal]


class Terminal(TypedDict, total=False):
    """The point of sale."""

    attended: bool
    purpose: str
    """transport_fare, parking, vending, toll, ..."""


class Authentication(TypedDict, total=False):
    """An authentication of the payer that has already been tried for this payment."""

    done: bool
    method: str
    factors: Sequence[Factor]
    dynamic_linking: bool
    at: Instant


class Device(TypedDict, total=False):
    """The payer's device."""

    registered: bool
    verified: Literal["none", "pin", "biometric"]
    kind: str


class Limits(TypedDict, total=False):
    """Limits and running totals that only the caller knows, in the transaction's currency."""

    issuer_contactless: Money
    user_threshold: Money
    day_total: Money
    """Total already moved today, the present payment not included."""
    night_total: Money
    week_total: Money
    month_total: Money


class Card(TypedDict, total=False):
    """What may be said of a card: never its full number, never its security code."""

    bin: str
    last4: str
    brand: str
    funding: Literal["credit", "debit", "prepaid"]
    product: str
    expiry: str
    issued_at: Day


class Account(TypedDict, total=False):
    """The payer's account."""

    iban: str
    bic: str
    alias: str
    alias_type: str


class Payment(TypedDict, total=False):
    """How the money moves."""

    instrument: Required[Literal["card", "credit_transfer", "direct_debit", "e_money", "cash", "crypto", "voucher"]]
    method: str
    """The scheme or local tool: visa, mastercard, sepa_debit, pix, upi, ..."""
    channel: Literal["remote", "contactless", "chip", "unattended_terminal", "mail_telephone"]
    initiator: Literal["payer", "payee"]
    """payee: initiated by the merchant under a mandate."""
    issuer_country: str
    """Place of the payer's payment service provider."""
    acquirer_country: str
    """Place of the payee's payment service provider."""
    mandate: Mandate
    since_authenticated: SinceAuthenticated
    fraud_rate: FraudRate
    risk: Risk
    terminal: Terminal
    anonymous_prepaid: bool
    corporate_process: bool
    trusted_beneficiary: bool
    own_account: bool
    offline: bool
    authentication: Authentication
    device: Device
    limits: Limits
    card: Card
    account: Account
    installments: int
    balance: Money
    """Balance or running total of a small-value instrument, the present payment not included."""
    facts: Mapping[str, object]
