"""What a caller states: the Transaction of the contract, defined once for the wire, the documentation and the rules.

Everything is optional but `amount`, `currency`, `payment.instrument` and one country. A field that is not stated is
unknown, never false.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from engine.data_question import DataQuestion
from engine.money import DIGITS
from engine.sums import repeated
from engine.wire import (
    Amount,
    BasisPoints,
    Count,
    CurrencyCode,
    Day,
    DayOrInstant,
    Fact,
    Flag,
    Identifier,
    Instant,
    Open,
    OwnAmount,
    Place,
    Ratio,
    Stated,
    Text,
    Token,
    is_stored,
    part_of,
)

Signal = Literal[
    "abnormal_behaviour",
    "unusual_device",
    "malware",
    "known_fraud_scenario",
    "abnormal_location",
    "high_risk_payee_location",
]
"""The six signs of Art. 18(2)(c) RTS."""

Factor = Literal["knowledge", "possession", "inherence"]


class Mandate(Stated):
    """The payer's standing consent behind payments that the payee, or the payer's own bank, starts later."""

    id: Identifier | None = None
    authenticated: Flag | None = None
    """The payer passed strong authentication when the mandate was set up."""
    form: Literal["remote", "paper"] | None = None
    first: Flag | None = None
    """The present payment is the first of the series."""
    same_amount: Flag | None = None
    same_payee: Flag | None = None
    max_amount: Amount | None = None
    """The ceiling that the payer set for each payment, or the fixed amount that it authorised; in the transaction's currency."""
    category: Token | None = None
    created_at: DayOrInstant | None = None
    valid_until: DayOrInstant | None = None
    notice_sent_at: Instant | None = None
    being_set_up: Annotated[bool, Field(strict=True), Fact("bool", silent=False)] | None = None
    """The present call sets the mandate up or changes it."""


class SinceAuthenticated(Stated):
    """Executed, unauthenticated payments of this instrument and channel since the payer last passed SCA; not this one."""

    amount: OwnAmount | None = None
    currency: CurrencyCode | None = None
    count: Count | None = None
    policy: Literal["amount", "count"] | None = None
    """Which of the two counters the payment service provider chose (EBA Q&A 2018_4225)."""


class FraudRate(Stated):
    """Fraud rate of `asked_by` for this type of payment over the reference period (Art. 19 RTS)."""

    bps: BasisPoints | None = None
    reference_date: Day | None = None
    suspended_bands: Annotated[list[Ratio], Fact("list:decimal", silent=())] | None = None
    """Threshold values whose use has ceased under Art. 20 RTS."""


class Risk(Stated):
    """What the transaction monitoring found (Art. 2 and 18 RTS)."""

    level: Literal["low", "high"] | None = None
    signals: Annotated[list[Signal], Fact("list:token", silent=())] | None = None


class Terminal(Stated):
    """The point of sale."""

    attended: Flag | None = None
    purpose: Token | None = None
    """transport_fare, parking, vending, toll, ..."""


class Authentication(Stated):
    """An authentication of the payer that has already been tried for this payment."""

    done: Flag | None = None
    method: Token | None = None
    factors: Annotated[list[Factor], Fact("list:token")] | None = None
    dynamic_linking: Flag | None = None
    at: Instant | None = None


class Device(Stated):
    """The payer's device."""

    registered: Flag | None = None
    verified: Literal["none", "pin", "biometric"] | None = None
    kind: Token | None = None


class Limits(Stated):
    """Limits and running totals that only the caller knows, in the transaction's currency."""

    issuer_contactless: Amount | None = None
    user_threshold: Amount | None = None
    day_total: Amount | None = None
    """Total already moved today, the present payment not included."""
    night_total: Amount | None = None
    week_total: Amount | None = None
    month_total: Amount | None = None


class Card(Stated):
    """What may be said of a card: never its full number, never its security code."""

    bin: Annotated[str, Field(strict=True, pattern=r"^\d{6}(\d{2})?$"), Fact("text")] | None = None
    last4: Annotated[str, Field(strict=True, pattern=r"^\d{4}$"), Fact("text")] | None = None
    brand: Token | None = None
    funding: Literal["credit", "debit", "prepaid"] | None = None
    product: Token | None = None
    expiry: Annotated[str, Field(strict=True, pattern=r"^\d{4}-(0[1-9]|1[0-2])$"), Fact("text")] | None = None
    issued_at: Day | None = None


class Account(Stated):
    """The payer's account."""

    iban: Identifier | None = None
    bic: Identifier | None = None
    alias: Identifier | None = None
    alias_type: Token | None = None


class Payment(Stated):
    """How the money moves."""

    instrument: Literal["card", "credit_transfer", "direct_debit", "e_money", "cash", "crypto", "voucher"]
    method: Token | None = None
    """The scheme or local tool: visa, mastercard, sepa_debit, pix, upi, ..."""
    channel: Literal["remote", "contactless", "chip", "unattended_terminal", "mail_telephone"] | None = None
    initiator: Literal["payer", "payee"] | None = None
    """payee: initiated by the merchant under a mandate."""
    issuer_country: Place | None = None
    """Place of the payer's payment service provider."""
    acquirer_country: Place | None = None
    """Place of the payee's payment service provider."""
    mandate: Mandate | None = None
    since_authenticated: SinceAuthenticated | None = None
    fraud_rate: FraudRate | None = None
    risk: Risk | None = None
    terminal: Terminal | None = None
    anonymous_prepaid: Flag | None = None
    corporate_process: Flag | None = None
    trusted_beneficiary: Flag | None = None
    own_account: Flag | None = None
    offline: Flag | None = None
    authentication: Authentication | None = None
    device: Device | None = None
    limits: Limits | None = None
    card: Card | None = None
    account: Account | None = None
    installments: Count | None = None
    balance: Amount | None = None
    """Balance or running total of a small-value instrument, the present payment not included."""
    facts: Open | None = None


class ObligedEntity(Stated):
    """Who asks, in the eyes of anti-money-laundering law."""

    role: Annotated[Token, Fact("token", silent="merchant")] | None = None
    """bank, payment_institution, e_money_institution, money_remitter, crypto_provider, goods_trader, precious_metals_dealer,
    car_dealer, casino, ... Silence: a merchant, whom most duties of this law do not reach."""
    country: Place | None = None


class Linked(Stated):
    """An operation known to belong together with the present one."""

    at: Instant | None = None
    amount: OwnAmount | None = None
    currency: CurrencyCode | None = None
    instrument: Token | None = None
    direction: Literal["in", "out"] | None = None
    conductor: Identifier | None = None
    beneficiary: Identifier | None = None


class Phone(Stated):
    """A telephone number."""

    number: Identifier | None = None
    verified: Flag | None = None


class TaxId(Stated):
    """A tax identification number."""

    country: Place | None = None
    value: Identifier | None = None
    verified: Flag | None = None


class NationalId(Stated):
    """A national identity number."""

    country: Place | None = None
    type: Token | None = None
    value: Identifier | None = None


class Identity(Stated):
    """How far the customer has been identified."""

    level: Literal["none", "basic", "verified", "enhanced"] | None = None
    verified_at: DayOrInstant | None = None
    documents: Annotated[list[Token], Fact("list:token")] | None = None


class PartyAccount(Stated):
    """The party's own account at its payment service provider, or a reference that stands for one."""

    iban: Identifier | None = None
    number: Identifier | None = None


class Owner(Stated):
    """A beneficial owner."""

    share: Ratio | None = None
    name: Text | None = None
    country: Place | None = None
    listed: Flag | None = None
    """Its shares are traded on a regulated market: nobody behind it is looked for."""
    sanctioned: Flag | None = None
    """The caller knows that a list of sanctions names this owner, whatever the lists say that are loaded here."""
    controls: Flag | None = None
    """Steers the party otherwise than by its share: by votes, by whom it appoints, by contract."""
    date_of_birth: Day | None = None
    address: Text | None = None
    verified: Flag | None = None


class Totals(Stated):
    """What a wallet tier counts, when history does not know it; in the transaction's currency, the present payment not included.
    Days, months and years are those of the calendar where the law holds."""

    model_config = ConfigDict(extra="allow", frozen=True, use_attribute_docstrings=True)

    balance: Amount | None = None
    spent_today: Amount | None = None
    """Out of the wallet in any way."""
    spent_month: Amount | None = None
    spent_year: Amount | None = None
    received_today: Amount | None = None
    """Into the wallet in any way."""
    received_month: Amount | None = None
    received_year: Amount | None = None
    loaded_today: Amount | None = None
    """Paid in by the holder: cash at an agent, or from an account."""
    loaded_month: Amount | None = None
    loaded_year: Amount | None = None
    withdrawn_today: Amount | None = None
    """Taken out as cash."""
    withdrawn_month: Amount | None = None
    transferred_today: Amount | None = None
    """Sent to other people."""
    transferred_month: Amount | None = None
    moved_today: Amount | None = None
    """In and out together."""
    moved_month: Amount | None = None
    moved_year: Amount | None = None
    spent_lifetime: Amount | None = None


class Evidence(Stated):
    """Where the customer is."""

    billing_country: Place | None = None
    ip_country: Place | None = None
    bank_country: Place | None = None
    sim_country: Place | None = None
    other_country: Place | None = None


class Registration(Stated):
    """A registration for tax."""

    jurisdiction: Place | Token | None = None
    scheme: Token | None = None
    number: Identifier | None = None
    since: Day | None = None


class Party(Stated):
    """The payer or the payee."""

    id: Identifier | None = None
    merchant: Identifier | None = None
    type: Literal["individual", "organisation"] | None = None
    name: Text | None = None
    country: Place | None = None
    region: Text | None = None
    """ISO 3166-2 in full, or without its country beside it: `US-CA` or `CA`. It lies in `country`."""
    postal_code: Text | None = None
    address: Text | None = None
    date_of_birth: Day | None = None
    place_of_birth: Text | None = None
    nationality: Place | None = None
    email: Text | None = None
    phone: Phone | None = None
    tax_ids: list[TaxId] | None = None
    national_ids: list[NationalId] | None = None
    identity: Identity | None = None
    account: PartyAccount | None = None
    lei: Identifier | None = None
    """Legal Entity Identifier, ISO 17442."""
    government_controlled: Annotated[bool, Field(strict=True), Fact("bool", silent=False)] | None = None
    """The address lies where the government of its country is in control. Silence, in a region that is partly occupied: it is
    not known to."""
    politically_exposed: Literal["none", "domestic", "foreign", "family", "former"] | None = None
    exposed_until: Day | None = None
    """The last day in the office, of somebody who was politically exposed."""
    risk: Literal["low", "medium", "high"] | None = None
    opened_at: DayOrInstant | None = None
    monthly_income: Amount | None = None
    expected_daily_cash: Amount | None = None
    owners: list[Owner] | None = None
    last_review: Day | None = None
    edd: Flag | None = None
    balance: Amount | None = None
    totals: Totals | None = None
    wallet_tier: Token | None = None
    evidence: Evidence | None = None
    registrations: list[Registration] | None = None
    industry: Identifier | None = None
    facts: Open | None = None

    _part = field_validator("region")(part_of("country"))


class Address(Stated):
    """Where goods start or arrive."""

    country: Place | None = None
    region: Text | None = None
    """ISO 3166-2 in full, or without its country beside it: `US-CA` or `CA`. It lies in `country`."""
    postal_code: Text | None = None

    _part = field_validator("region")(part_of("country"))


class Origin(Stated):
    """Where goods were made."""

    country: Place | None = None


class Line(Stated):
    """One line of the basket."""

    id: Identifier | None = None
    kind: Literal["goods", "digital", "service", "transport", "accommodation", "event", "immovable_property"] | None = (
        None
    )
    category: Token | None = None
    quantity: Ratio | None = None
    unit_amount: Amount | None = None
    amount: Amount | None = None
    discount: Amount | None = None
    tax_inclusive: Flag | None = None
    ship_from: Address | None = None
    ship_to: Address | None = None
    supplied_at: Address | None = None
    origin: Origin | None = None
    consignment_value: Amount | None = None
    marketplace: Flag | None = None
    facts: Open | None = None


class Crypto(Stated):
    """A transfer of crypto-assets."""

    asset: Identifier | None = None
    originator_wallet_hosted: Flag | None = None
    beneficiary_wallet_hosted: Flag | None = None
    originator_wallet: Identifier | None = None
    """Address of the originator's wallet, or the account that stands for it."""
    beneficiary_wallet: Identifier | None = None
    wallet_ownership_verified: Flag | None = None
    """That the self-hosted address belongs to the customer was verified."""


class Transaction(Stated):
    """One payment, as its caller knows it before it is authorised."""

    reference: Identifier | None = None
    """The caller's own id of this attempt."""
    occurred_at: Instant | None = None
    """Chooses the law in force, by each jurisdiction's own local date. Default: now."""
    kind: Literal["sale", "refund", "payout", "transfer", "deposit", "withdrawal"] = "sale"
    amount: Amount
    """Decimal string in major units. A JSON float is refused."""
    currency: CurrencyCode
    locale: (
        Annotated[str, Field(strict=True, pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$"), Fact("text")] | None
    ) = None
    asked_by: Literal["merchant", "acquirer", "issuer"] = "merchant"
    """Whose decision this is: who may use an exemption depends on it."""
    payment: Payment
    obliged_entity: ObligedEntity | None = None
    relationship: Literal["occasional", "new", "established"] | None = None
    customer: Literal["payer", "payee"] | None = None
    """Whom `relationship` speaks of. Default: the payer."""
    suspicion: Annotated[bool, Field(strict=True), Fact("bool", silent=False)] | None = None
    unusual: Annotated[bool, Field(strict=True), Fact("bool", silent=False)] | None = None
    linked: list[Linked] | None = None
    direction: Literal["in", "out"] | None = None
    payer: Party | None = None
    payee: Party | None = None
    lines: Annotated[list[Line], Field(max_length=1000)] | None = None
    """What is sold. Ids are there once. Where the lines do not come to `amount`, a finding says so; what is paid by other means
    stands under `facts.paid_otherwise`."""
    data: Annotated[list[DataQuestion], Field(max_length=200)] | None = None
    crypto: Crypto | None = None
    facts: Open | None = None

    @field_validator("lines")
    @classmethod
    def _named_once(cls, lines: list[Line] | None, info: ValidationInfo) -> list[Line] | None:
        found = [] if lines is None or is_stored(info) else list(repeated([line.id for line in lines]))
        if found:
            raise PydanticCustomError("disagreements", "Two lines have the same id", {"found": found})
        return lines

    @model_validator(mode="after")
    def _minor_units(self) -> Self:
        wrong = [
            {"pointer": pointer, "currency": currency or ""}
            for pointer, amount, currency in amounts_of(self, self.currency, "")
            if currency is None or too_fine(amount, currency)
        ]
        if wrong:
            raise PydanticCustomError(
                "amounts_refused",
                "An amount needs its currency beside it and no more decimals than that currency has",
                {"amounts": wrong},
            )
        return self

    @model_validator(mode="after")
    def _one_country(self) -> Self:
        payment = self.payment
        stated = (
            payment.issuer_country,
            payment.acquirer_country,
            self.payer and self.payer.country,
            self.payee and self.payee.country,
            self.obliged_entity and self.obliged_entity.country,
            payment.account and payment.account.iban,
        )
        if any(stated):
            return self
        raise PydanticCustomError(
            "country_missing", "At least one country is needed: of a party or of its payment service provider"
        )


def too_fine(amount: Decimal, currency: str) -> bool:
    """Whether an amount is written with more decimals than its currency's minor unit has."""
    exponent = amount.as_tuple().exponent
    return isinstance(exponent, int) and -exponent > DIGITS[currency]


def amounts_of(model: BaseModel, currency: str, pointer: str) -> Iterator[tuple[str, Decimal, str | None]]:
    """Every stated amount below a model, with its JSON pointer and its currency (None: stated without one)."""
    own, plain, nested = _levels(type(model))
    for key in plain:
        amount = getattr(model, key)
        if amount is not None:
            yield f"{pointer}/{key}", amount, getattr(model, "currency", None) if own else currency
    for key in nested:
        inner = getattr(model, key)
        if isinstance(inner, BaseModel):
            yield from amounts_of(inner, currency, f"{pointer}/{key}")
        elif isinstance(inner, list):
            for index, item in enumerate(inner):
                if isinstance(item, BaseModel):
                    yield from amounts_of(item, currency, f"{pointer}/{key}/{index}")


@cache
def _levels(model: type[BaseModel]) -> tuple[bool, tuple[str, ...], tuple[str, ...]]:
    """Of one level: whether amounts have their own currency beside them, which fields are amounts, which go deeper."""
    said = {key: f"{info.annotation!r} {info.metadata!r}" for key, info in model.model_fields.items()}
    plain = tuple(key for key, text in said.items() if "kind='money'" in text)
    own = any("unit='.currency'" in text for text in said.values())
    nested = tuple(key for key, text in said.items() if "engine.transaction." in text)
    return own, plain, nested
