"""Questions on where data may be, as a caller states them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypedDict

from lexgate_client._scalars import Day, Number


class Mechanism(TypedDict, total=False):
    """The ground on which data may leave, and what is known of it. What is not stated is not assumed to be in order."""

    kind: str
    """In lower or upper case, with spaces, hyphens or underscores:
    adequacy, scc, idta, addendum, bcr, code, certification, consent, contract_necessity, safeguards, permit, notification,
    dossier, pia, security_assessment, ... `none`: there is none."""
    also: Sequence[str]
    """Further kinds that are in place beside it."""
    template: str
    """Whose standard clauses: eu, idta, addendum, anpd, cac, sdaia, kvkk, ... Not stated, where the Union's law is asked: the
    Union's own."""
    tia_done: bool
    """The assessment of the destination's law has been made."""
    scheme: str
    """Of an adequacy decision with a scope: dpf, pipeda, ..."""
    certified: bool
    """The recipient is certified under the scheme."""
    uk_extension: bool
    swiss: bool
    """The certification, or the clauses, cover Switzerland as well."""
    approved: bool
    """An authority has approved it."""
    intra_group: bool
    explicit: bool
    informed: bool
    separate: bool
    """Consent apart from any other."""
    routine: bool
    """Used for regular hosting or transfers, not for a single occasion."""
    filed: bool
    filed_on: Day
    ref: str
    """The authority's reference of a permit, approval or certificate."""
    date: Day
    pia_done: bool


class Volumes(TypedDict, total=False):
    """How many distinct persons: what the caller counted, never rows."""

    persons_since_january_1: int
    """Not sensitive data, exported since 1 January of this year, this transfer included."""
    sensitive_since_january_1: int
    persons_last_12_months: int
    """Of this kind of data, to this recipient, this transfer included; of a mixture, of the kind with the lowest threshold."""


class Clock(TypedDict, total=False):
    """Times that a duty counts."""

    hours_abroad: Number
    """From the start of processing abroad until the data are deleted there and back at home."""
    business_days_abroad: Number
    days_since_transaction: Number
    days_since_first_transfer: Number
    years_since_end: Number
    """Since the end of the relationship or the occasional transaction."""


class DataQuestion(TypedDict, total=False):
    """One question on where data may be: one class of data, one action, one region."""

    date: Day
    """The day whose law is asked. Default: the day of the payment."""
    subject_country: str
    """Where the person lives. Default: the payer's country."""
    subject_subdivision: str
    """`CA-QC`, or `QC`."""
    subject_citizenship: str
    data_class: str
    """identifiers, contact, payment_credential, sensitive_auth_data, transaction_record, accounting_record, biometric,
    kyc_document, aml_record, ..."""
    data_form: str
    """plain_pan, encrypted_pan, truncated, keyed_hash, sha256_unkeyed, network_token, pseudonymised, anonymised, ..."""
    classification: str
    """A label that the state gives: important (CN), restricted (BD), government, credit_information, ..."""
    actor_role: str
    """merchant, aggregator, payment_institution, bank, issuer, acquirer, card_network, emoney, system_operator, telecom, ciio,
    public_body, ... Default: the role of the obliged entity, else merchant."""
    actor_establishment: str
    """Where the exporter is established; its law is asked beside the subject's.
    Default: the obliged entity's country, else the payee's."""
    free_zone: str
    """difc, adgm, qfc: zones with a law of their own."""
    action: Literal["store", "process", "transfer", "mirror"]
    """store: a copy at rest. process: computed there, not kept. transfer: made readable by somebody there. mirror: a further
    copy
    beside a complete one at home."""
    region_country: str
    region_subdivision: str
    region_id: str
    """A cloud region, `eu-central-1` or `google:europe-west3`: it resolves to country, subdivision and operator."""
    operator_country: str
    """Home of whoever operates the region."""
    operator_is_covered_person: bool
    """28 CFR 202.211: owned or controlled from a country of concern, or designated."""
    phase: str
    """collection, after_collection; of authentication data: before_authorisation, after_authorisation."""
    transaction: str
    """domestic, cross_border, none."""
    foreign_leg_country: str
    mechanism: Mechanism
    volumes: Volumes
    purpose: str
    """contract, payment, bank_transfer, guest_checkout, issuing, aml, aml_only, tax, marketing, analytics, ..."""
    recipient: str
    """group_member, processor, foreign_authority, data_broker, ..."""
    clock: Clock
    remote_access: bool
    """The authorities of the home country have continuous and complete access online."""
    erasure_requested: bool
    retention_ordered: bool
    """An authority ordered that the records be kept longer."""
