"""The conditions that rules share: who is obliged, what kind of operation it is, and what counts together with it."""

from __future__ import annotations

from scripts.aml_draft.build import Frame, Given

ROLES: dict[str, tuple[str, ...]] = {
    "banks": ("bank", "credit_institution", "credit_union", "savings_bank"),
    "payment_providers": ("payment_institution", "e_money_institution", "money_remitter", "payment_service_provider"),
    "financial_institutions": (
        "crypto_provider", "crypto_exchange", "wallet_provider", "exchange_bureau", "investment_firm", "broker", "insurer",
        "fund_manager", "microfinance_institution",
    ),
    "currency_reporters": ("casino",),
    "money_services": (
        "payment_institution", "e_money_institution", "money_remitter", "exchange_bureau", "crypto_provider", "crypto_exchange",
        "wallet_provider",
    ),
    "money_remitters": ("money_remitter",),
    "exchange_bureaux": ("exchange_bureau",),
    "crypto_providers": ("crypto_provider", "crypto_exchange", "wallet_provider"),
    "dealers": (
        "merchant", "goods_trader", "precious_metals_dealer", "jeweller", "pawnbroker", "car_dealer", "art_dealer",
        "watercraft_dealer", "aircraft_dealer",
    ),
    "precious_dealers": ("precious_metals_dealer", "jeweller", "pawnbroker"),
    "pawnbrokers": ("pawnbroker",),
    "car_dealers": ("car_dealer",),
    "art_dealers": ("art_dealer",),
    "watercraft_dealers": ("watercraft_dealer",),
    "aircraft_dealers": ("aircraft_dealer",),
    "real_estate_dealers": ("real_estate_agent", "real_estate_developer"),
    "casinos": ("casino", "gambling_operator", "betting_operator"),
    "crowdfunding_platforms": ("crowdfunding_platform",),
}  # fmt: skip
"""Group -> its roles, without those of the group it is wider than."""
WIDER = {
    "payment_providers": "banks",
    "financial_institutions": "payment_providers",
    "currency_reporters": "financial_institutions",
}


def roles_of(group: str) -> tuple[str, ...]:
    """All roles of a group."""
    return (*(roles_of(WIDER[group]) if group in WIDER else ()), *ROLES[group])


ROLE = "obliged_entity.role"


def role_frame(roles: str) -> Frame:
    """Whom the rule obliges."""
    if roles == "obliged":
        return Frame("obliged", {ROLE: "bank"}, (("a merchant", {ROLE: None}),))
    if roles == "trade":
        return Frame(f"not {ROLE} in financial_institutions", {}, (("at a bank", {ROLE: "bank"}),))
    if roles == "other_than_banks":
        return Frame(
            f"obliged and not {ROLE} in banks",
            {ROLE: "notary"},
            (("a merchant", {ROLE: None}), ("at a bank", {ROLE: "bank"})),
        )
    other = "notary"
    return Frame(
        f"{ROLE} in {roles}",
        {ROLE: ROLES[roles][0] if roles not in WIDER else roles_of(roles)[0]},
        (("another's business", {ROLE: other}),),
    )


INSTRUMENT = "payment.instrument"
ISSUER, ACQUIRER = "payment.issuer_country", "payment.acquirer_country"


def scope_frame(scope: str, place: str) -> Frame:
    """What kind of operation it is."""
    abroad = "JP" if place != "JP" else "US"
    home = {"EU": "DE", "WORLD": "KE"}.get(place, place)
    card = (("by card", {INSTRUMENT: "card"}),)
    cash: Given = {INSTRUMENT: "cash", "kind": "deposit"}
    wire: Given = {INSTRUMENT: "credit_transfer", "kind": "transfer", ISSUER: home, ACQUIRER: abroad}
    no_way = (("which way is not known", {"kind": "transfer"}, ("direction",)),)
    no_end = (("the other end not known", {ACQUIRER: None}, ("payee.country", ACQUIRER)),)
    within = (("within the country", {ACQUIRER: home}),)
    match scope:
        case "cash" | "cash_both":
            return Frame("cash", cash, card)
        case "cash_in":
            return Frame("cash_in", cash, (*card, ("paid out", {"kind": "withdrawal"})), no_way)
        case "cash_out":
            return Frame("cash_out", {**cash, "kind": "withdrawal"}, (*card, ("paid in", {"kind": "deposit"})), no_way)
        case "cash_transfer":
            return Frame(
                'cash and kind == "transfer"', {**cash, "kind": "transfer"}, (*card, ("a deposit", {"kind": "deposit"}))
            )
        case "wire_abroad":
            return Frame(
                "wire and crosses_border",
                wire,
                (("by card in a shop", {INSTRUMENT: "card", "kind": "sale"}), *within),
                no_end,
            )
        case "wire" | "transfer":
            return Frame("wire", wire, (("by card in a shop", {INSTRUMENT: "card", "kind": "sale"}),))
        case "crypto_in":
            given = {INSTRUMENT: "crypto", "kind": "deposit"}
            return Frame(
                'payment.instrument == "crypto" and flow == "in"',
                given,
                (*card, ("sent", {"kind": "withdrawal"})),
                no_way,
            )
        case "crypto":
            return Frame('payment.instrument == "crypto"', {**wire, INSTRUMENT: "crypto"}, card)
        case "crypto_abroad":
            return Frame(
                'payment.instrument == "crypto" and crosses_border',
                {**wire, INSTRUMENT: "crypto"},
                (*card, *within),
                no_end,
            )
    return Frame("", {INSTRUMENT: "credit_transfer", "kind": "transfer"})


def joined(*frames: Frame) -> Frame:
    """All conditions together."""
    given: Given = {}
    for frame in frames:
        given |= frame.given
    return Frame(
        " and ".join(frame.when for frame in frames if frame.when),
        given,
        tuple(one for frame in frames for one in frame.broken),
        tuple(one for frame in frames for one in frame.unknown),
    )


OCCASIONAL = Frame(
    "occasional", {"relationship": "occasional"}, (("of an established relationship", {"relationship": "established"}),),
    (("relationship not known", {"relationship": None}, ("relationship",)),),
)  # fmt: skip


def type_frame(kind: str) -> Frame:
    """What the payer is."""
    other = "organisation" if kind == "individual" else "individual"
    return Frame(
        f'payer.type == "{kind}"', {"payer.type": kind}, ((f"an {other}", {"payer.type": other}),),
        (("of whom it is not known", {"payer.type": None}, ("payer.type",)),),
    )  # fmt: skip


PAID = Frame("paid_in_cash", {INSTRUMENT: "cash"}, (("by card", {INSTRUMENT: "card"}), ("at a bank", {ROLE: "bank"})))
PRIVATE: Given = {"kind": "transfer", "payer.type": "individual", "payee.type": "individual"}
PROFESSIONAL = Frame(
    "not private_deal", {}, (("between private persons", PRIVATE),),
    (("of whom it is not known", {**PRIVATE, "payer.type": None}, ("payer.type",)),),
)  # fmt: skip
BETWEEN_PRIVATE = Frame(
    "cash and private_deal", {INSTRUMENT: "cash", **PRIVATE},
    (("by card", {INSTRUMENT: "card"}), ("to a business", {"payee.type": "organisation"})),
    (("of whom it is not known", {"payer.type": None}, ("payer.type",)),),
)  # fmt: skip
