"""The EEA's law of strong customer authentication as neutral conditions, written by hand.

It is the yardstick's own yardstick: peers can be prepared and compared without the rulepack compiler. The
benchmark proper takes its rules from the real pack. Amounts are euro cents, fraud rates hundredths of a basis
point. Source of every number: Delegated Regulation (EU) 2018/389, articles 11 to 18 and annex.
"""

from __future__ import annotations

from bench.tree import BenchRule, Compare, Condition, Flag, In, Known, Not, Op, Sum, both, either

# The 30 states of the EEA and the parts of the Union that carry a code of their own.
EEA = (
    "AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE", "IT", "LV", "LT", "LU", "MT",
    "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE", "IS", "LI", "NO", "AX", "GF", "GP", "MQ", "YT", "RE", "MF",
)  # fmt: skip

ISSUER = In("payment.issuer_country", EEA)
ACQUIRER = In("payment.acquirer_country", EEA)
TWO_LEGS = both(ISSUER, ACQUIRER)
REMOTE = In("payment.channel", ("remote",))
CONTACTLESS = In("payment.channel", ("contactless",))
CARD = In("payment.instrument", ("card", "e_money"))
TRANSFER = In("payment.instrument", ("credit_transfer",))
BY_PAYER = In("payment.initiator", ("payer",))
BY_PAYEE = In("payment.initiator", ("payee",))
SET_UP = Flag("payment.mandate.being_set_up")
BY_AMOUNT = In("payment.since_authenticated.policy", ("amount",))
BY_COUNT = In("payment.since_authenticated.policy", ("count",))
MANDATE_AUTHENTICATED = either(Flag("payment.mandate.authenticated"), In("payment.mandate.form", ("paper",)))
ARTICLE_2_FLAG = either(In("payment.risk.level", ("high",)), Compare(Op.GT, "payment.risk.signals", 0))
IN_SCOPE = both(
    TWO_LEGS,
    BY_PAYER,
    Not(In("payment.channel", ("mail_telephone",))),
    Not(In("payment.instrument", ("direct_debit",))),
)
CLEAN = both(IN_SCOPE, Not(ARTICLE_2_FLAG))
BY_PSP = In("asked_by", ("issuer", "acquirer"))
BY_ISSUER = In("asked_by", ("issuer",))


def at_most(field: str, limit: int) -> Compare:
    """The field does not exceed the limit."""
    return Compare(Op.LE, field, limit)


def spent_with_this(limit: int) -> Compare:
    """What was spent since the last authentication, the present payment included, does not exceed the limit."""
    return Compare(Op.LE, Sum(("amount", "payment.since_authenticated.amount")), limit)


def transaction_risk_analysis(instrument: Condition, band: int, rate: int) -> Condition:
    """Article 18 for one band: amount and fraud rate inclusive, analysis real and clean."""
    return both(
        CLEAN,
        BY_PSP,
        instrument,
        REMOTE,
        at_most("amount", band * 100),
        at_most("payment.fraud_rate.bps", rate),
        In("payment.risk.level", ("low",)),
        Not(Flag(f"payment.fraud_rate.suspended_{band}")),
    )


def rules() -> list[BenchRule]:
    """Scope, triggers and exemptions, in the order of the articles."""
    return [BenchRule(f"sca.{name}", condition) for name, condition in (_scope() | _triggers() | _exemptions()).items()]


def _scope() -> dict[str, Condition]:
    return {
        "two_legs": TWO_LEGS,
        "one_leg": either(both(ISSUER, Not(ACQUIRER)), both(Not(ISSUER), ACQUIRER)),
        "no_leg": both(Not(ISSUER), Not(ACQUIRER)),
        "mit": both(BY_PAYEE, CARD, MANDATE_AUTHENTICATED, Not(SET_UP)),
        "moto": In("payment.channel", ("mail_telephone",)),
        "direct_debit": both(In("payment.instrument", ("direct_debit",)), Not(both(SET_UP, REMOTE))),
        "anonymous": Flag("payment.anonymous_prepaid"),
    }


def _triggers() -> dict[str, Condition]:
    return {
        "payer_initiated": IN_SCOPE,
        "mandate_set_up": both(TWO_LEGS, REMOTE, SET_UP),
        "mandate_without_authentication": both(
            TWO_LEGS,
            BY_PAYEE,
            CARD,
            Not(Flag("payment.mandate.authenticated")),
            In("payment.mandate.form", ("remote",)),
        ),
        "first_of_series": both(IN_SCOPE, Flag("payment.mandate.first")),
        "article_2_flag": ARTICLE_2_FLAG,
        "dynamic_linking": both(IN_SCOPE, REMOTE, In("payment.instrument", ("card", "e_money", "credit_transfer"))),
        "analysis_not_stated": both(IN_SCOPE, REMOTE, Known("payment.fraud_rate.bps", wanted=False)),
    }


def _exemptions() -> dict[str, Condition]:
    count = "payment.since_authenticated.count"
    return {
        "contactless_amount": both(
            CLEAN, BY_PSP, CONTACTLESS, BY_AMOUNT, at_most("amount", 5000), spent_with_this(15000)
        ),
        "contactless_count": both(
            CLEAN, BY_PSP, CONTACTLESS, BY_COUNT, at_most("amount", 5000), Compare(Op.LT, count, 5)
        ),
        "unattended_transport_parking": both(
            CLEAN,
            In("payment.channel", ("unattended_terminal",)),
            Not(Flag("payment.terminal.attended")),
            In("payment.terminal.purpose", ("transport_fare", "parking")),
        ),
        "trusted_beneficiary": both(CLEAN, BY_ISSUER, Flag("payment.trusted_beneficiary")),
        "recurring": both(
            CLEAN,
            BY_PSP,
            Flag("payment.mandate.authenticated"),
            Flag("payment.mandate.same_amount"),
            Flag("payment.mandate.same_payee"),
            Not(Flag("payment.mandate.first")),
        ),
        "own_account_transfer": both(CLEAN, BY_ISSUER, TRANSFER, Flag("payment.own_account")),
        "low_value_amount": both(CLEAN, BY_PSP, REMOTE, BY_AMOUNT, at_most("amount", 3000), spent_with_this(10000)),
        "low_value_count": both(CLEAN, BY_PSP, REMOTE, BY_COUNT, at_most("amount", 3000), Compare(Op.LT, count, 5)),
        "secure_corporate": both(
            CLEAN, BY_ISSUER, In("payer.type", ("organisation",)), Flag("payment.corporate_process")
        ),
        "tra_card_100": transaction_risk_analysis(CARD, 100, 1300),
        "tra_card_250": transaction_risk_analysis(CARD, 250, 600),
        "tra_card_500": transaction_risk_analysis(CARD, 500, 100),
        "tra_transfer_100": transaction_risk_analysis(TRANSFER, 100, 150),
        "tra_transfer_250": transaction_risk_analysis(TRANSFER, 250, 100),
        "tra_transfer_500": transaction_risk_analysis(TRANSFER, 500, 50),
    }
