"""What a caller states: the Transaction of the contract. A field that is not there is unknown, never false."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, Required, TypedDict

from lexgate_client._data_question import DataQuestion
from lexgate_client._party import Party
from lexgate_client._payment import Payment
from lexgate_client._scalars import Instant, Money, Number


class ObligedEntity(TypedDict, total=False):
    """Who asks, in the eyes of anti-money-laundering law."""

    role: str
    """bank, payment_institution, e_money_institution, money_remitter, crypto_provider, goods_trader, precious_metals_dealer,
    car_dealer, casino, ... Silence: a merchant, whom most duties of this law do not reach."""
    country: str


class Linked(TypedDict, total=False):
    """An operation known to belong together with the present one."""

    at: Instant
    amount: Money
    currency: str
    instrument: str
    direction: Literal["in", "out"]
    conductor: str
    beneficiary: str


class Address(TypedDict, total=False):
    """Where goods start or arrive."""

    country: str
    region: str
    """ISO 3166-2 in full, or without its country beside it: `US-CA` or `CA`. It lies in `country`."""
    postal_code: str


class Origin(TypedDict, total=False):
    """Where goods were made."""

    country: str


class Line(TypedDict, total=False):
    """One line of the basket."""

    id: str
    kind: Literal["goods", "digital", "service", "transport", "accommodation", "event", "immovable_property"]
    category: str
    quantity: Number
    unit_amount: Money
    amount: Money
    discount: Money
    tax_inclusive: bool
    ship_from: Address
    ship_to: Address
    supplied_at: Address
    origin: Origin
    consignment_value: Money
    marketplace: bool
    facts: Mapping[str, object]


class Crypto(TypedDict, total=False):
    """A transfer of crypto-assets."""

    asset: str
    originator_wallet_hosted: bool
    beneficiary_wallet_hosted: bool
    originator_wallet: str
    """Address of the originator's wallet, or the account that stands for it."""
    beneficiary_wallet: str
    wallet_ownership_verified: bool
    """That the self-hosted address belongs to the customer was verified."""


class Transaction(TypedDict, total=False):
    """One payment, as its caller knows it before it is authorised."""

    reference: str
    """The caller's own id of this attempt."""
    occurred_at: Instant
    """Chooses the law in force, by each jurisdiction's own local date. Default: now."""
    kind: Literal["sale", "refund", "payout", "transfer", "deposit", "withdrawal"]
    amount: Required[Money]
    """Decimal string in major units. A JSON float is refused."""
    currency: Required[str]
    locale: str
    asked_by: Literal["merchant", "acquirer", "issuer"]
    """Whose decision this is: who may use an exemption depends on it."""
    payment: Required[Payment]
    obliged_entity: ObligedEntity
    relationship: Literal["occasional", "new", "established"]
    customer: Literal["payer", "payee"]
    """Whom `relationship` speaks of. Default: the payer."""
    suspicion: bool
    unusual: bool
    linked: Sequence[Linked]
    direction: Literal["in", "out"]
    payer: Party
    payee: Party
    lines: Sequence[Line]
    """What is sold. Ids are there once. Where the lines do not come to `amount`, a finding says so; what is paid by other means
    stands under `facts.paid_otherwise`."""
    data: Sequence[DataQuestion]
    crypto: Crypto
    facts: Mapping[str, object]


class TaxQuestion(TypedDict, total=False):
    """The tax part of a Transaction: the same fields under the same names; `amount` may be left out where every line has its
    own."""

    reference: str
    occurred_at: Instant
    kind: Literal["sale", "refund", "payout", "transfer", "deposit", "withdrawal"]
    amount: Money
    currency: Required[str]
    locale: str
    payment: Payment
    payer: Party
    payee: Party
    lines: Sequence[Line]
    facts: Mapping[str, object]
