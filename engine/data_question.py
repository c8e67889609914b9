"""Questions on where data may be: the field names of the facts that data-residency law turns on.

What is not stated is unknown and never assumed to be in order. A few words are silent by default, because nobody reports their
absence one by one: no label of the state, an ordinary recipient, an operator that nobody has designated, no request to erase.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints, field_validator

from engine.wire import Count, Day, Fact, Flag, Identifier, Place, Ratio, Stated, Text, Token, part_of


class Mechanism(Stated):
    """The ground on which data may leave, and what is known of it. What is not stated is not assumed to be in order."""

    model_config = ConfigDict(extra="allow", frozen=True, use_attribute_docstrings=True)

    kind: Identifier | None = None
    """In lower or upper case, with spaces, hyphens or underscores:
    adequacy, scc, idta, addendum, bcr, code, certification, consent, contract_necessity, safeguards, permit, notification,
    dossier, pia, security_assessment, ... `none`: there is none."""
    also: Annotated[list[Token], Fact("list:token", silent=())] | None = None
    """Further kinds that are in place beside it."""
    template: Identifier | None = None
    """Whose standard clauses: eu, idta, addendum, anpd, cac, sdaia, kvkk, ... Not stated, where the Union's law is asked: the
    Union's own."""
    tia_done: Flag | None = None
    """The assessment of the destination's law has been made."""
    scheme: Identifier | None = None
    """Of an adequacy decision with a scope: dpf, pipeda, ..."""
    certified: Flag | None = None
    """The recipient is certified under the scheme."""
    uk_extension: Flag | None = None
    swiss: Flag | None = None
    """The certification, or the clauses, cover Switzerland as well."""
    approved: Flag | None = None
    """An authority has approved it."""
    intra_group: Flag | None = None
    explicit: Flag | None = None
    informed: Flag | None = None
    separate: Flag | None = None
    """Consent apart from any other."""
    routine: Flag | None = None
    """Used for regular hosting or transfers, not for a single occasion."""
    filed: Flag | None = None
    filed_on: Day | None = None
    ref: Identifier | None = None
    """The authority's reference of a permit, approval or certificate."""
    date: Day | None = None
    pia_done: Flag | None = None


class Volumes(Stated):
    """How many distinct persons: what the caller counted, never rows."""

    model_config = ConfigDict(extra="allow", frozen=True, use_attribute_docstrings=True)

    persons_since_january_1: Count | None = None
    """Not sensitive data, exported since 1 January of this year, this transfer included."""
    sensitive_since_january_1: Count | None = None
    persons_last_12_months: Count | None = None
    """Of this kind of data, to this recipient, this transfer included; of a mixture, of the kind with the lowest threshold."""


class Clock(Stated):
    """Times that a duty counts."""

    model_config = ConfigDict(extra="allow", frozen=True, use_attribute_docstrings=True)

    hours_abroad: Ratio | None = None
    """From the start of processing abroad until the data are deleted there and back at home."""
    business_days_abroad: Ratio | None = None
    days_since_transaction: Ratio | None = None
    days_since_first_transfer: Ratio | None = None
    years_since_end: Ratio | None = None
    """Since the end of the relationship or the occasional transaction."""


class DataQuestion(Stated):
    """One question on where data may be: one class of data, one action, one region."""

    model_config = ConfigDict(extra="allow", frozen=True, use_attribute_docstrings=True)

    date: Day | None = None
    """The day whose law is asked. Default: the day of the payment."""
    subject_country: Place | None = None
    """Where the person lives. Default: the payer's country."""
    subject_subdivision: Text | None = None
    """`CA-QC`, or `QC`."""
    subject_citizenship: Place | None = None
    data_class: Token | None = None
    """identifiers, contact, payment_credential, sensitive_auth_data, transaction_record, accounting_record, biometric,
    kyc_document, aml_record, ..."""
    data_form: Token | None = None
    """plain_pan, encrypted_pan, truncated, keyed_hash, sha256_unkeyed, network_token, pseudonymised, anonymised, ..."""
    classification: (
        Annotated[
            str,
            StringConstraints(strict=True, min_length=1, max_length=64, pattern=r"^[a-z0-9_]+$"),
            Fact("token", silent="none"),
        ]
        | None
    ) = None
    """A label that the state gives: important (CN), restricted (BD), government, credit_information, ..."""
    actor_role: Token | None = None
    """merchant, aggregator, payment_institution, bank, issuer, acquirer, card_network, emoney, system_operator, telecom, ciio,
    public_body, ... Default: the role of the obliged entity, else merchant."""
    actor_establishment: Place | None = None
    """Where the exporter is established; its law is asked beside the subject's.
    Default: the obliged entity's country, else the payee's."""
    free_zone: Token | None = None
    """difc, adgm, qfc: zones with a law of their own."""
    action: Literal["store", "process", "transfer", "mirror"] | None = None
    """store: a copy at rest. process: computed there, not kept. transfer: made readable by somebody there. mirror: a further
    copy
    beside a complete one at home."""
    region_country: Place | None = None
    region_subdivision: Text | None = None
    region_id: Identifier | None = None
    """A cloud region, `eu-central-1` or `google:europe-west3`: it resolves to country, subdivision and operator."""
    operator_country: Place | None = None
    """Home of whoever operates the region."""
    operator_is_covered_person: Annotated[bool, Field(strict=True), Fact("bool", silent=False)] | None = None
    """28 CFR 202.211: owned or controlled from a country of concern, or designated."""
    phase: Token | None = None
    """collection, after_collection; of authentication data: before_authorisation, after_authorisation."""
    transaction: Token | None = None
    """domestic, cross_border, none."""
    foreign_leg_country: Place | None = None
    mechanism: Mechanism | None = None
    volumes: Volumes | None = None
    purpose: Token | None = None
    """contract, payment, bank_transfer, guest_checkout, issuing, aml, aml_only, tax, marketing, analytics, ..."""
    recipient: (
        Annotated[
            str,
            StringConstraints(strict=True, min_length=1, max_length=64, pattern=r"^[a-z0-9_]+$"),
            Fact("token", silent="ordinary"),
        ]
        | None
    ) = None
    """group_member, processor, foreign_authority, data_broker, ..."""
    clock: Clock | None = None
    remote_access: Flag | None = None
    """The authorities of the home country have continuous and complete access online."""
    erasure_requested: Annotated[bool, Field(strict=True), Fact("bool", silent=False)] | None = None
    retention_ordered: Annotated[bool, Field(strict=True), Fact("bool", silent=False)] | None = None
    """An authority ordered that the records be kept longer."""

    _part = field_validator("region_subdivision")(part_of("region_country"))
    _subject = field_validator("subject_subdivision")(part_of("subject_country"))
