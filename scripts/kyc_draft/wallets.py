"""Wallets and accounts by tiers: which limits there are, what each counts, and what the next tier wants to know.

What a source leaves open is read on the stricter side, and the reading is written down with the rule.
"""

from __future__ import annotations

from dataclasses import dataclass

from scripts.rule_draft import Draft, Entry, Rule, example, quoted
from scripts.tax_draft.facts import UNREAD

WALLET = 'payment.instrument == "e_money"'
ACCOUNT = (
    'payment.instrument in ["e_money", "credit_transfer", "direct_debit"] '
    'or (payment.instrument == "cash" and kind in ["deposit", "withdrawal"])'
)
IDENTIFIED = ("payer.national_ids", "payer.identity.documents")


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit: its parameter and what it counts. `only` narrows it to some payments."""

    parameter: str
    counts: str
    only: str = ""
    seen: str = ""
    """Facts of a payment that `only` is true of, in flow YAML without braces."""
    reading: str = ""
    scope: str = ""
    """Another scope than the family's."""


@dataclass(frozen=True, slots=True)
class Tier:
    """A tier: its name, its limits, what the next one is called and asks for."""

    name: str
    limits: tuple[Limit, ...]
    next: str = ""
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Family:
    """The tiers of one kind of wallet."""

    name: str
    scope: str
    tiers: tuple[Tier, ...]
    given: str = "payment: {instrument: e_money}"
    index: str = ""
    currency: str = ""


def _three(
    prefix: str, names: tuple[str, str, str], needs: tuple[tuple[str, ...], tuple[str, ...]], reading: str
) -> tuple[Tier, ...]:
    found = []
    for at, name in enumerate(names):
        limits = (
            Limit(f"{name}_max_balance", "balance"),
            Limit(f"{name}_max_daily", "moved_today", reading=reading),
            Limit(f"{name}_max_monthly", "moved_month", reading=reading),
        )
        after = names[at + 1] if at < 2 else ""
        found.append(Tier(name.removeprefix(prefix), limits, after, needs[at] if at < 2 else ()))
    return tuple(found)


BOTH_WAYS = "the source says transactions: money in and money out are counted together"
SENT = "the source says transfers or transactions of the holder: what leaves the account is counted"

_FULL = ("payer.name", "payer.date_of_birth", "payer.address", "payer.national_ids", "payer.identity.documents")

FAMILIES: dict[str, tuple[Family, ...]] = {
    "NG": (
        Family(
            "account", "tiered_account and not is_enaira",
            (
                Tier("tier1", (
                    Limit("tier1_max_single_deposit", "payment_in", 'kind in ["deposit", "transfer"]', "kind: deposit"),
                    Limit("tier1_max_balance", "balance"),
                    Limit("tier1_max_daily", "spent_today", 'payment.instrument != "e_money"', "", SENT),
                    Limit("wallet_tier1_max_daily", "spent_today", "", "", SENT, f"{WALLET} and not is_enaira"),
                    Limit("tier1_max_single_transfer", "payment_out"),
                ), "tier2", ("payer.national_ids", "payer.identity.documents", "payer.address")),
                Tier("tier2", (
                    Limit("tier2_max_single_deposit", "payment_in", 'kind in ["deposit", "transfer"]', "kind: deposit"),
                    Limit("tier2_max_balance", "balance"),
                    Limit("tier2_max_daily", "spent_today", "", "", SENT),
                ), "tier3", ("payer.facts.proof_of_address",)),
                Tier("tier3", (Limit("tier3_max_daily", "spent_today", "", "", SENT), Limit("tier3_max_balance", "balance"))),
            ),
            given="payment: {instrument: credit_transfer, method: bank_transfer}",
        ),
        Family(
            "enaira", f"{WALLET} and is_enaira",
            tuple(
                Tier(f"enaira_tier{at}",
                     (Limit(f"enaira_tier{at}_daily", "spent_today", "", "", SENT), Limit(f"enaira_tier{at}_max_balance", "balance")),
                     f"enaira_tier{at + 1}" if at < 3 else "", (("payer.phone",), ("payer.national_ids",), IDENTIFIED, ())[at])
                for at in range(4)
            ),
            given="payment: {instrument: e_money, method: enaira}",
        ),
    ),
    "GH": (
        Family("momo", WALLET, _three("", ("minimum_kyc", "medium_kyc", "enhanced_kyc"), (
            ("payer.name", "payer.date_of_birth", "payer.national_ids"),
            ("payer.address", "payer.identity.documents", "payer.facts.source_of_funds"),
        ), BOTH_WAYS)),
    ),
    "MX": (
        Family("account", "tiered_account", (
            Tier("level1", (Limit("level1_max_monthly_deposit", "received_month"), Limit("level1_max_balance", "balance")), "level2",
                 ("payer.name", "payer.date_of_birth", "payer.address", "payer.national_ids")),
            Tier("level2", (Limit("level2_max_monthly_deposit", "received_month"),), "level3",
                 ("payer.nationality", "payer.facts.occupation", "payer.phone")),
            Tier("level3", (Limit("level3_max_monthly_deposit", "received_month"),), "level4",
                 ("payer.identity.documents", "payer.facts.proof_of_address")),
            Tier("level4", (Limit("level4_max_monthly_deposit", "received_month"),)),
        ), given="payment: {instrument: credit_transfer}", index="udi_value", currency="MXN"),
    ),
    "ID": (
        Family("emoney", WALLET, (
            Tier("unregistered", (Limit("emoney_unregistered_max_balance", "balance"),), "registered", _FULL[:1] + _FULL[3:]),
            Tier("registered", (Limit("emoney_registered_max_balance", "balance"),
                                Limit("emoney_registered_max_monthly", "received_month"))),
        )),
    ),
    "IN": (
        Family("ppi", WALLET, (
            Tier("small_ppi", (
                Limit("small_ppi_max_balance", "balance"),
                Limit("small_ppi_max_monthly_load", "loaded_month"),
                Limit("small_ppi_max_yearly_load", "loaded_year"),
            ), "full_kyc_ppi", _FULL),
            Tier("full_kyc_ppi", (Limit("full_kyc_ppi_max_balance", "balance"),)),
        )),
        Family("cash", 'payment.instrument == "cash" and kind == "deposit"', (
            Tier("", (Limit("ppi_cash_loading_monthly", "loaded_month", "", "",
                            "every loading of the month is counted with the cash where loadings are not told apart"),)),
        ), given="kind: deposit, payment: {instrument: cash}"),
    ),
    "PK": (
        Family("branchless", WALLET, tuple(
            Tier(f"level{at}", tuple(
                Limit(f"branchless_level{at}_max_{name}", counts, "", "", BOTH_WAYS if name != "balance" else "")
                for name, counts in (("daily", "moved_today"), ("monthly", "moved_month"), ("yearly", "moved_year"), ("balance", "balance"))
            ), "level1" if at == 0 else "", ("payer.national_ids", "payer.facts.biometric_verification") if at == 0 else ())
            for at in range(2)
        )),
    ),
    "KE": (
        Family("mobile_money", WALLET, (
            Tier("", (Limit("mobile_money_max_transaction", "payment"), Limit("mobile_money_max_balance", "balance"))),
        )),
    ),
    "BD": (
        Family("mfs", WALLET, (Tier("", (
            Limit("mfs_cash_in_agent_daily", "loaded_today"),
            Limit("mfs_cash_in_agent_monthly", "loaded_month"),
            Limit("mfs_cash_out_agent_daily", "withdrawn_today"),
            Limit("mfs_cash_out_agent_monthly", "withdrawn_month"),
            Limit("mfs_p2p_daily", "transferred_today"),
            Limit("mfs_p2p_monthly", "transferred_month"),
            Limit("mfs_max_balance", "balance"),
        )),)),
    ),
    "PH": (Family("emoney", WALLET, (Tier("", (Limit("ewallet_basic_monthly", "loaded_month"),)),)),),
    "MY": (
        Family("emoney", WALLET, (
            Tier("simplified", (Limit("emoney_sdd_limit", "balance"),), "full", _FULL),
            Tier("full", ()),
        )),
    ),
}  # fmt: skip
"""Place -> its wallets."""

LETS = {
    "NG": {"tiered_account": ("an account or wallet with a tier", ACCOUNT), "is_enaira": ("paid with eNaira", 'payment.method == "enaira"')},
    "MX": {"tiered_account": ("an account or wallet with a level", ACCOUNT)},
}  # fmt: skip


def wallets(draft: Draft) -> None:
    """The rules on wallets of one place."""
    draft.lets |= LETS.get(draft.place, {})
    if draft.place == "NG":
        _nigerian_wallets(draft)
    for family in FAMILIES[draft.place]:
        tiers = [tier.name for tier in family.tiers if tier.name]
        for tier in family.tiers:
            _needs(draft, tier)
            for limit in tier.limits:
                if limit.parameter in draft.parameters:
                    draft.rules.append(_limit(draft, family, tier, limit, tiers))
        if tiers:
            draft.rules.append(_known_tier(draft, family, tiers))
    draft.rules += SPECIAL.get(draft.place, lambda _: [])(draft)


def _nigerian_wallets(draft: Draft) -> None:
    """The note of the row on accounts says that mobile money has another daily limit."""
    like = draft.parameters["tier1_max_daily"].entries[0]
    entry = Entry(
        UNREAD,
        quoted("50000"),
        "B",
        like.cite,
        like.evidence,
        "mobile money wallets, as the note of the row on accounts says",
    )
    draft.set(
        "wallet_tier1_max_daily", "money", entry, unit="NGN", label="transfers per day from a mobile money wallet"
    )


def _needs(draft: Draft, tier: Tier) -> None:
    if not tier.needs:
        return
    name = f"{tier.next}_data"
    row = draft.parameters.get(f"{tier.next}_required_data") or draft.parameters.get(f"{tier.name}_max_balance")
    cite = row.entries[-1].cite if row else next(iter(draft.parameters.values())).entries[-1].cite
    entry = Entry(
        UNREAD,
        f"[{', '.join(tier.needs)}]",
        "B" if row else "R",
        cite,
        note="fields of a transaction for the data that the tier asks for",
    )
    if name not in draft.parameters:
        draft.set(name, "tokens", entry, label=f"what a holder states to reach {tier.next}")


def _limit(draft: Draft, family: Family, tier: Tier, limit: Limit, tiers: list[str]) -> Rule:
    parts = [limit.scope or family.scope]
    if tier.name:
        parts.append(f'payer.wallet_tier == "{tier.name}"')
    if limit.only:
        parts.append(limit.only)
    effect = [f"limit: {limit.parameter}", f"amount: {{parameter: {limit.parameter}}}", f"counts: {limit.counts}"]
    effect += [f"tier: {tier.name}"] if tier.name else []
    effect += [f"next: {tier.next}"] if tier.next else []
    effect += [f"needs: {{parameter: {tier.next}_data}}"] if tier.needs else []
    effect += [f"index: {{parameter: {family.index}}}", f"currency: {family.currency}"] if family.index else []
    parameter = draft.parameters[limit.parameter]
    if _past(draft, family, limit):
        effect.append(f"past: wallet_{limit.counts}")
    reading = ""
    if limit.reading:
        reading = f'{{chosen: {quoted(limit.reading)}, alternative: "one direction only", by: "the stricter reading"}}'
    entry = parameter.entries[-1]
    return Rule(
        f"kyc.wallet.{limit.parameter}",
        f"Limit of the wallet: {limit.parameter.replace('_', ' ')}",
        " and ".join(parts),
        "{" + ", ".join(effect) + "}",
        _tests(family, tier, limit, tiers),
        cite=entry.cite or parameter.entries[0].cite,
        confidence=entry.confidence,
        message="kyc.rule.limit",
        reading=reading,
    )


KINDS = {
    "spent": "[sale, transfer, withdrawal, payout]",
    "loaded": "[deposit]",
    "withdrawn": "[withdrawal]",
    "transferred": "[transfer]",
}
WINDOWS = {"today": "calendar_day", "month": "calendar_month", "year": "calendar_year"}


def _past(draft: Draft, family: Family, limit: Limit) -> bool:
    """Declare what a limit counts of the past, where the holder's own payments tell all of it: what others sent is not among them."""
    verb, _, period = limit.counts.rpartition("_")
    if verb not in KINDS or period not in WINDOWS:
        return False
    unit = draft.parameters[limit.parameter].unit
    instruments = (
        "[cash]"
        if family.name == "cash"
        else "[e_money, cash]"
        if verb in ("loaded", "withdrawn")
        else "[e_money, credit_transfer, direct_debit, cash]"
    )
    name = f"wallet_{limit.counts}"
    said = f"{{label: {name.replace('_', ' ')}, of: sum, field: amount, unit: {unit}, where: {{kind: {KINDS[verb]}, instrument: {instruments}}}, key: payer.id, window: {{kind: {WINDOWS[period]}}}}}"
    return draft.features.setdefault(name, said) == said


def _tests(family: Family, tier: Tier, limit: Limit, tiers: list[str]) -> list[str]:
    given = _given(family, limit)
    held = f", payer: {{wallet_tier: {tier.name}}}" if tier.name else ""
    card = (
        f"{limit.seen}, payment: {{instrument: card, method: visa}}"
        if limit.seen
        else "payment: {instrument: card, method: visa}"
    )
    found = [example("it holds", f"{{{given}{held}}}", "fires"), example("a card", f"{{{card}{held}}}", "silent")]
    if tier.name:
        other = next((name for name in tiers if name != tier.name), "other")
        found.append(example("another tier", f"{{{given}, payer: {{wallet_tier: {other}}}}}", "silent"))
        found.append(example("the tier is not stated", f"{{{given}}}", "{unknown: [payer.wallet_tier]}"))
    if "kind ==" in family.scope:
        found.append(example("a sale", f"{{{given.replace('kind: deposit', 'kind: sale')}}}", "silent"))
    if "is_enaira" in (limit.scope or family.scope) and "not is" in (limit.scope or family.scope):
        enaira = "payment: {instrument: e_money, method: enaira}"
        more = f"{limit.seen}, " if limit.seen else ""
        found.append(example("eNaira", f"{{{more}{enaira}{held}}}", "silent"))
        found.append(
            example(
                "the method is not stated",
                f"{{{more}payment: {{instrument: e_money}}{held}}}",
                WHICH.get(limit.only, "{unknown: [payment.method]}"),
            )
        )
    elif family.name == "enaira":
        found.append(example("another wallet", f"{{payment: {{instrument: e_money, method: paga}}{held}}}", "silent"))
        found.append(
            example(
                "the method is not stated", f"{{payment: {{instrument: e_money}}{held}}}", "{unknown: [payment.method]}"
            )
        )
    if limit.only == 'payment.instrument != "e_money"':
        found.append(example("a mobile wallet", f"{{payment: {{instrument: e_money, method: paga}}{held}}}", "silent"))
    if "deposit" in limit.only:
        found.append(example("a purchase", f"{{{family.given}{held}}}", "silent"))
    if family.scope.startswith("tiered_account") and not limit.scope:
        cash = f"payment: {{instrument: cash, method: cash}}{held}"
        found.append(example("cash paid in", f"{{kind: deposit, {cash}}}", "fires"))
        found.append(example("a purchase in cash", f"{{{cash}}}", "silent"))
    return found


WHICH = {'payment.instrument != "e_money"': "silent"}


def _given(family: Family, limit: Limit) -> str:
    if limit.scope:
        return "payment: {instrument: e_money, method: paga}"
    return f"{limit.seen}, {family.given}" if limit.seen else family.given


def _known_tier(draft: Draft, family: Family, tiers: list[str]) -> Rule:
    name = f"{family.name}_tiers"
    first = next(iter(draft.parameters.values())).entries[-1]
    cite = draft.parameters[family.tiers[0].limits[0].parameter].entries[-1].cite or first.cite
    draft.set(name, "tokens", Entry(UNREAD, f"[{', '.join(tiers)}]", "B", cite), label="tiers that the law knows")
    return Rule(
        f"kyc.wallet.{family.name}_tier",
        "The tier is one that the law knows",
        f"{family.scope} and payer.wallet_tier not in {name}",
        "{collect: wallet_tier, fields: [payer.wallet_tier]}",
        [
            example("a word of nobody", f"{{{family.given}, payer: {{wallet_tier: golden}}}}", "fires"),
            example("a tier of the law", f"{{{family.given}, payer: {{wallet_tier: {tiers[0]}}}}}", "silent"),
            example("a card", "{payment: {instrument: card, method: visa}, payer: {wallet_tier: golden}}", "silent"),
            example("the tier is not stated", f"{{{family.given}}}", "{unknown: [payer.wallet_tier]}"),
            *_more(family),
        ],
        cite=cite,
        confidence="B",
        message="kyc.rule.tier",
    )


def _more(family: Family) -> list[str]:
    held = "payer: {wallet_tier: golden}"
    found = []
    if "enaira" in family.scope:
        mine, other = ("paga", "enaira") if "not is" in family.scope else ("enaira", "paga")
        found.append(
            example("the other wallet", f"{{payment: {{instrument: e_money, method: {other}}}, {held}}}", "silent")
        )
        found.append(example("this wallet", f"{{payment: {{instrument: e_money, method: {mine}}}, {held}}}", "fires"))
        found.append(
            example(
                "which wallet is not stated",
                f"{{payment: {{instrument: e_money}}, {held}}}",
                "{unknown: [payment.method]}",
            )
        )
    if family.scope.startswith("tiered_account"):
        found.append(
            example("cash paid in", f"{{kind: deposit, payment: {{instrument: cash, method: cash}}, {held}}}", "fires")
        )
        found.append(
            example("a purchase in cash", f"{{payment: {{instrument: cash, method: cash}}, {held}}}", "silent")
        )
    return found


# -- what is particular to a place ------------------------------------------------------------------------------------------


def _forbidden(draft: Draft, name: str, row: str, when: str, tier: Tier, tests: list[str], **more: str) -> Rule:
    entry = draft.parameters[row].entries[-1]
    needs = f", needs: {{parameter: {tier.next}_data}}" if tier.needs else ""
    return Rule(
        f"kyc.wallet.{name}", f"Not with this tier: {name.replace('_', ' ')}", when,
        f"{{limit: {name}, counts: always, tier: {tier.name}, next: {tier.next}{needs}}}", tests,
        cite=entry.cite, confidence=entry.confidence, message="kyc.rule.feature", **more,
    )  # fmt: skip


def _nigeria(draft: Draft) -> list[Rule]:
    account = FAMILIES["NG"][0].tiers[0]
    pay = "payment: {instrument: credit_transfer, method: bank_transfer"
    abroad = "kind: transfer, " + pay + ", acquirer_country: GB}, payer: {wallet_tier: tier1}"
    number = draft.parameters["bvn_nin_mandatory"].entries[0]
    holder = "payment: {instrument: credit_transfer}"
    has, has_not = (
        "payer: {national_ids: [{country: NG, type: nin, value: '1'}]}",
        "payer: {national_ids: [{country: NG, type: passport, value: '1'}]}",
    )
    has, has_not = has.replace("'1'", '"12345678901"'), has_not.replace("'1'", '"A1"')
    draft.set("account_numbers", "tokens", Entry(UNREAD, "[bvn, nin]", number.confidence, number.cite, number.evidence),
              label="numbers of which every account has one")  # fmt: skip
    return [
        _forbidden(draft, "tier1_international_transfer", "tier1_international_transfer",
                   'tiered_account and not is_enaira and kind == "transfer" and payer.wallet_tier == "tier1" and not within(payment.acquirer_country, "NG")',
                   account, [
                       example("to an account abroad", f"{{{abroad}}}", "fires"),
                       example("within Nigeria", f"{{{abroad.replace('GB', 'NG')}}}", "silent"),
                       example("a sale", f"{{{abroad.replace('transfer, payment', 'sale, payment', 1)}}}", "silent"),
                       example("another tier", f"{{{abroad.replace('tier1', 'tier2')}}}", "silent"),
                       example("by card", "{kind: transfer, payment: {instrument: card, method: visa, acquirer_country: GB}, payer: {wallet_tier: tier1}}", "silent"),
                       example("eNaira", "{kind: transfer, payment: {instrument: e_money, method: enaira, acquirer_country: GB}, payer: {wallet_tier: tier1}}", "silent"),
                       example("where to is not stated", "{kind: transfer, payment: {instrument: e_money, method: paga}, payer: {wallet_tier: tier1}}", "{unknown: [payment.acquirer_country]}"),
                       example("nothing of the payer stated", "{kind: transfer, payment: {instrument: e_money}}", "{unknown: [payer.wallet_tier, payment.acquirer_country, payment.method]}"),
                   ]),
        Rule("kyc.wallet.bvn_nin", "Every account has a BVN or NIN",
             "tiered_account and not any(x.type in account_numbers for x in payer.national_ids)",
             "{collect: bvn_or_nin, fields: [payer.national_ids]}",
             [
                 example("neither number", f"{{{holder}, {has_not}}}", "fires"),
                 example("a NIN", f"{{{holder}, {has}}}", "silent"),
                 example("by card", f"{{payment: {{instrument: card}}, {has_not}}}", "silent"),
                 example("numbers not stated", f"{{{holder}}}", "{unknown: [payer.national_ids]}"),
                 example("the first day", f"{{{holder}, {has_not}}}", "fires", "2023-12-01"),
                 example("the day before", f"{{{holder}, {has_not}}}", "silent", "2023-11-30"),
             ], cite=number.cite, confidence=number.confidence, start="2023-12-01", message="kyc.rule.number",
             note="without one of them the account takes no more debits; the exact day of December 2023 was not seen"),
    ]  # fmt: skip


def _ghana(draft: Draft) -> list[Rule]:
    entry = draft.parameters["accepted_ids"].entries[0]
    cite = entry.cite
    draft.set("accepted_document", "token", Entry("2022-07-01", "ghana_card", "R", cite, note="the only document since July 2022; day recalled"),
              label="document that is accepted")  # fmt: skip
    wallet = "payment: {instrument: e_money}"
    held = wallet + ", payer: {identity: {documents: [%s]}}"
    return [
        Rule("kyc.wallet.ghana_card", "The Ghana Card is the document", f"{WALLET} and not (accepted_document in payer.identity.documents)",
             "{collect: accepted_document, fields: [payer.identity.documents]}",
             [
                 example("a passport", f"{{{held % 'passport'}}}", "fires"),
                 example("the card", f"{{{held % 'passport, ghana_card'}}}", "silent"),
                 example("paid by card", f"{{{(held % 'passport').replace('e_money', 'card')}}}", "silent"),
                 example("documents not stated", f"{{{wallet}}}", "{unknown: [payer.identity]}"),
                 example("the first day", f"{{{held % 'passport'}}}", "fires", "2022-07-01"),
                 example("the day before", f"{{{held % 'passport'}}}", "silent", "2022-06-30"),
             ], cite=cite, confidence="R", start="2022-07-01", message="kyc.rule.document", note="day recalled"),
    ]  # fmt: skip


def _mexico(draft: Draft) -> list[Rule]:
    tier = FAMILIES["MX"][0].tiers
    own = "payment: {instrument: credit_transfer}"
    holder = draft.parameters["level1_2_holder"].entries[0]
    years = draft.parameters["level1_min_age"].entries[0]
    held = own + ", payer: {type: organisation, wallet_tier: %s}"
    rules = [
        _forbidden(draft, f"{name}_holder", "level1_2_holder", f'tiered_account and payer.type == "organisation" and payer.wallet_tier == "{name}"',
                   Tier(name, (), "level3", tier[1].needs), [
                       example("a company", f"{{{held % name}}}", "fires"),
                       example("a person", f"{{{(held % name).replace('organisation', 'individual')}}}", "silent"),
                       example("level 3", f"{{{held % 'level3'}}}", "silent"),
                       example("by card", f"{{{(held % name).replace('credit_transfer', 'card')}}}", "silent"),
                       example("who holds it is not stated", f"{{{own}, payer: {{wallet_tier: {name}}}}}", "{unknown: [payer.type]}"),
                       example("nothing of the holder stated", f"{{{own}}}", "{unknown: [payer.type, payer.wallet_tier]}"),
                   ])
        for name in ("level1", "level2")
    ]  # fmt: skip
    del holder
    rules.append(
        Rule("kyc.wallet.level1_age", "Level 1 is for adults", 'tiered_account and payer.wallet_tier == "level1" and payer.type != "organisation"',
             "{age: adult, years: {parameter: level1_min_age}}",
             [
                 example("a person", f"{{{own}, payer: {{type: individual, wallet_tier: level1}}}}", "fires"),
                 example("a company", f"{{{held % 'level1'}}}", "silent"),
                 example("level 2", f"{{{own}, payer: {{type: individual, wallet_tier: level2}}}}", "silent"),
                 example("by card", "{payment: {instrument: card}, payer: {type: individual, wallet_tier: level1}}", "silent"),
                 example("nothing of the holder stated", f"{{{own}}}", "{unknown: [payer.type, payer.wallet_tier]}"),
                 example("the level is not stated", f"{{{own}, payer: {{type: individual}}}}", "{unknown: [payer.wallet_tier]}"),
             ], cite=years.cite, confidence=years.confidence, message="kyc.rule.age")
    )  # fmt: skip
    return rules


def _indonesia(draft: Draft) -> list[Rule]:
    tier = FAMILIES["ID"][0].tiers[0]
    return [_only_goods(draft, "unregistered_features", tier)]


def _only_goods(draft: Draft, row: str, tier: Tier) -> Rule:
    pay = f"payment: {{instrument: e_money}}, payer: {{wallet_tier: {tier.name}}}"
    return _forbidden(draft, row, row, f'{WALLET} and kind in ["transfer", "withdrawal"] and payer.wallet_tier == "{tier.name}"', tier, [
        example("a transfer", f"{{kind: transfer, {pay}}}", "fires"),
        example("cash taken out", f"{{kind: withdrawal, {pay}}}", "fires"),
        example("a purchase", f"{{{pay}}}", "silent"),
        example("by card", f"{{kind: transfer, {pay.replace('e_money', 'card')}}}", "silent"),
        example("another tier", f"{{kind: transfer, {pay.replace(tier.name, tier.next)}}}", "silent"),
        example("the tier is not stated", "{kind: transfer, payment: {instrument: e_money}}", "{unknown: [payer.wallet_tier]}"),
    ])  # fmt: skip


def _india(draft: Draft) -> list[Rule]:
    tier = FAMILIES["IN"][0].tiers[0]
    entry = draft.parameters["small_ppi_validity_months"].entries[0]
    held = "payment: {instrument: e_money}, payer: {wallet_tier: small_ppi}"
    return [
        _only_goods(draft, "small_ppi_use", tier),
        Rule("kyc.wallet.small_ppi_validity", "A small instrument becomes a full one within 24 months",
             f'{WALLET} and payer.wallet_tier == "small_ppi"',
             "{collect: full_kyc, fields: [payer.national_ids, payer.identity.documents], months: {parameter: small_ppi_validity_months}}",
             [
                 example("a small one", f"{{{held}}}", "fires"),
                 example("by card", f"{{{held.replace('e_money', 'card')}}}", "silent"),
                 example("a full one", f"{{{held.replace('small_ppi', 'full_kyc_ppi')}}}", "silent"),
                 example("nothing of the holder stated", "{payment: {instrument: e_money}}", "{unknown: [payer.wallet_tier]}"),
             ], cite=entry.cite, confidence=entry.confidence, message="kyc.rule.expired"),
    ]  # fmt: skip


SPECIAL = {"NG": _nigeria, "GH": _ghana, "MX": _mexico, "ID": _indonesia, "IN": _india}
