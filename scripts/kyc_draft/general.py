"""What an obliged entity must know of its customers: the rules that hold everywhere, and what some places add."""

from __future__ import annotations

from scripts.rule_draft import Draft, Entry, Fact, Rule, example
from scripts.tax_draft.facts import UNREAD

FATF = "FATF Recommendations (February 2025 text)"
BANK = "obliged_entity: {role: bank}"
SHOP = "obliged_entity: {role: merchant}"
CARD = "payment: {instrument: card}"

DATA = {
    "US": ("payer.name", "payer.date_of_birth", "payer.address", "payer.national_ids"),
    "EU": ("payer.name", "payer.date_of_birth", "payer.nationality", "payer.address", "payer.national_ids", "payer.tax_ids"),
    "CZ": ("payer.name", "payer.date_of_birth", "payer.nationality", "payer.address", "payer.national_ids", "payer.identity.documents"),
}  # fmt: skip
"""The fields of a transaction for the data that a row lists in words."""


def world(draft: Draft) -> None:
    """The standards of the FATF, which nearly every law follows; a place's own numbers come before them."""
    draft.note = (
        "Recommendations 10, 12, 22 and 24 of the FATF, as far as no law of a place says otherwise. Whoever is not an obliged entity, as "
        "most merchants are not, identifies nobody."
    )
    source = draft.source(FATF)
    own = {
        "obliged_exempt": ("tokens", "[merchant]", "R.22", "roles that oblige nobody to identify customers"),
        "dealers": ("tokens", "[goods_trader, precious_metals_dealer, car_dealer]", "R.22", "obliged for large payments in cash only"),
        "beneficial_owner_threshold": ("decimal", '"25"', "R.10, footnote on legal persons", "percent of the shares"),
        "beneficial_owner_comparator": ("token", "gte", "R.10, footnote on legal persons", "whether a share of exactly the threshold counts"),
        "identification_data": ("tokens", "[payer.name, payer.date_of_birth, payer.address, payer.identity.documents]", "R.10", "what a person states"),
        "identification_data_organisation": ("tokens", "[payer.name, payer.address, payer.tax_ids, payer.owners]", "R.10", "what a business states"),
        "basic_data": ("tokens", "[payer.name]", "R.10", "what is stated under simplified measures"),
        "enhanced_data": ("tokens", "[payer.facts.source_of_funds, payer.facts.purpose]", "R.12, R.19", "what is stated beside it where more must be known"),
    }  # fmt: skip
    for name, (kind, value, at, label) in own.items():
        note = "fields of a transaction for the data that the standard names" if value.startswith("[payer") else ""
        draft.set(
            name,
            kind,
            Entry(UNREAD, value, "R", (source, at), note=note),
            label=label,
            basis="guidance",
            overridable="country",
        )
    _dealer_cash(draft, source)
    wire = (source, "INR.16")
    for name, kind, value in (
        ("", "decimal", '"1000"'),
        ("_currency", "token", "USD"),
        ("_comparator", "token", "gte"),
    ):
        entry = Entry(UNREAD, value, "R", wire, note="the lower of the two amounts, on the stricter side")
        draft.set(
            f"occasional_threshold_transfer{name}",
            kind,
            entry,
            label="an occasional payer is identified from this amount on",
            basis="guidance",
            overridable="country",
        )
    draft.lets = {
        "role": ("who asks, a merchant where nothing is stated", 'coalesce(obliged_entity.role, "merchant")'),
        "obliged": ("an obliged entity", "role not in obliged_exempt and role not in dealers"),
    }
    draft.rules = [*_levels(source), *_occasional(source), _owners(source)]


def _dealer_cash(draft: Draft, source: str) -> None:
    entry = Entry(
        UNREAD, '"15000"', "R", (source, "R.22(c)"), note="the lower of the two amounts that the standard names"
    )
    draft.set("dealer_cash_threshold", "decimal", entry, label="a dealer identifies whoever pays this much in cash", basis="guidance", overridable="country")  # fmt: skip
    draft.set("dealer_cash_comparator", "token", Entry(UNREAD, "gte", "R", (source, "R.22(c)")), label="exactly the amount counts", basis="guidance", overridable="country")  # fmt: skip


def _rule(
    source: str,
    name: str,
    title: str,
    when: str,
    effect: str,
    at: str,
    tests: list[str],
    *,
    confidence: str = "A",
    message: str = "kyc.rule.level",
    **more: str,
) -> Rule:
    return Rule(
        f"kyc.{name}", title, when, effect, tests, (source, at), confidence, "guidance", message=message, **more
    )


def _levels(source: str) -> list[Rule]:
    return [
        _rule(source, "relationship", "The customer of a relationship is identified and verified",
              'obliged and relationship in ["new", "established"]', "{level: verified}", "R.10", [
                  example("a new customer of a bank", f"{{{BANK}, relationship: new, {CARD}}}", "fires"),
                  example("an old one", f"{{{BANK}, relationship: established, {CARD}}}", "fires"),
                  example("an occasional one", f"{{{BANK}, relationship: occasional, {CARD}}}", "silent"),
                  example("a merchant's", f"{{{SHOP}, relationship: new, {CARD}}}", "silent"),
                  example("a car dealer's", f"{{obliged_entity: {{role: car_dealer}}, relationship: new, {CARD}}}", "silent"),
                  example("whose customer is not stated", f"{{relationship: new, {CARD}}}", "silent"),
                  example("relationship not stated", f"{{{BANK}, {CARD}}}", "{unknown: [relationship]}"),
              ]),
        _rule(source, "doubt", "Whoever is doubted is identified, whatever the amount", "obliged and suspicion", "{level: verified}", "R.10(iii)", [
                  example("a sign was reported", f"{{{BANK}, suspicion: true, {CARD}}}", "fires"),
                  example("none was", f"{{{BANK}, suspicion: false, {CARD}}}", "silent"),
                  example("nothing is stated", f"{{{BANK}, {CARD}}}", "silent"),
                  example("a merchant", f"{{{SHOP}, suspicion: true, {CARD}}}", "silent"),
              ]),
        _rule(source, "exposed", "More is known of foreign holders of public office and their families",
              'obliged and payer.politically_exposed in ["foreign", "family"]', "{level: enhanced}", "R.12", [
                  example("a foreign one", f"{{{BANK}, {CARD}, payer: {{politically_exposed: foreign}}}}", "fires"),
                  example("one of the family", f"{{{BANK}, {CARD}, payer: {{politically_exposed: family}}}}", "fires"),
                  example("a domestic one", f"{{{BANK}, {CARD}, payer: {{politically_exposed: domestic}}}}", "silent"),
                  example("a merchant's", f"{{{SHOP}, {CARD}, payer: {{politically_exposed: foreign}}}}", "silent"),
                  example("not stated", f"{{{BANK}, {CARD}}}", "{unknown: [payer.politically_exposed]}"),
              ], message="kyc.rule.enhanced"),
        _rule(source, "high_risk", "More is known of customers of higher risk", 'obliged and payer.risk == "high"', "{level: enhanced}", "R.10, INR.10 para 15", [
                  example("high", f"{{{BANK}, {CARD}, payer: {{risk: high}}}}", "fires"),
                  example("medium", f"{{{BANK}, {CARD}, payer: {{risk: medium}}}}", "silent"),
                  example("a merchant's", f"{{{SHOP}, {CARD}, payer: {{risk: high}}}}", "silent"),
                  example("not stated", f"{{{BANK}, {CARD}}}", "{unknown: [payer.risk]}"),
              ], message="kyc.rule.enhanced"),
        _rule(source, "former", "Whoever left public office stays what he was for some years", 'obliged and payer.politically_exposed == "former"',
              "{level: enhanced, years: {parameter: exposure_years}}", "R.12", [
                  example("a former one", f"{{{BANK}, {CARD}, payer: {{politically_exposed: former}}}}", "fires"),
                  example("never", f"{{{BANK}, {CARD}, payer: {{politically_exposed: none}}}}", "silent"),
                  example("a merchant's", f"{{{SHOP}, {CARD}, payer: {{politically_exposed: former}}}}", "silent"),
                  example("not stated", f"{{{BANK}, {CARD}}}", "{unknown: [payer.politically_exposed]}"),
              ], message="kyc.rule.enhanced", note="for as many years as the law of the place says; where it says none the risk decides"),
        _rule(source, "dealer_cash", "A dealer identifies whoever pays much in cash", 'role in dealers and payment.instrument == "cash"',
              "{level: verified, above: {parameter: dealer_cash_threshold}, comparator: {parameter: dealer_cash_comparator}, currency: USD}", "R.22(c)", [
                  example("a car paid in cash", "{obliged_entity: {role: car_dealer}, payment: {instrument: cash}}", "fires"),
                  example("by card", f"{{obliged_entity: {{role: car_dealer}}, {CARD}}}", "silent"),
                  example("a bank", f"{{{BANK}, payment: {{instrument: cash}}}}", "silent"),
                  example("nobody stated", "{payment: {instrument: cash}}", "silent"),
              ], confidence="R"),
    ]  # fmt: skip


def _occasional(source: str) -> list[Rule]:
    kinds = {
        "occasional": ("", CARD, "R.10(ii)", ""),
        "occasional_transfer": (' and (payment.instrument == "credit_transfer" or role == "money_remitter")', "payment: {instrument: credit_transfer}", "INR.16", "_transfer"),
        "occasional_crypto": (' and (payment.instrument == "crypto" or role == "crypto_provider")', "payment: {instrument: crypto}", "INR.15 para 7(a)", "_crypto"),
        "occasional_cash": (' and payment.instrument == "cash"', "payment: {instrument: cash}", "R.10(ii)", "_cash"),
    }  # fmt: skip
    found = []
    for name, (more, given, at, ending) in kinds.items():
        tests = [
            example("occasional", f"{{{BANK}, relationship: occasional, {given}}}", "fires"),
            example("a customer of long", f"{{{BANK}, relationship: established, {given}}}", "silent"),
            example("a merchant's", f"{{{SHOP}, relationship: occasional, {given}}}", "silent"),
            example("relationship not stated", f"{{{BANK}, {given}}}", "{unknown: [relationship]}"),
        ]
        if more:
            tests.append(
                example(
                    "by direct debit",
                    f"{{{BANK}, relationship: occasional, payment: {{instrument: direct_debit}}}}",
                    "silent",
                )
            )
        if "role ==" in more:
            word = "money_remitter" if ending == "_transfer" else "crypto_provider"
            tests.append(
                example(
                    "by role",
                    f"{{obliged_entity: {{role: {word}}}, relationship: occasional, payment: {{instrument: direct_debit}}}}",
                    "fires",
                )
            )
        effect = f"{{level: verified, above: {{parameter: occasional_threshold{ending}}}, comparator: {{parameter: occasional_threshold{ending}_comparator}}, currency: {{parameter: occasional_threshold{ending}_currency}}}}"
        found.append(
            _rule(
                source,
                name,
                "An occasional customer is identified from an amount on",
                f'obliged and relationship == "occasional"{more}',
                effect,
                at,
                tests,
            )
        )
    return found


def _owners(source: str) -> Rule:
    return _rule(
        source, "owners", "Those behind a business are identified", 'obliged and payer.type == "organisation"',
        "{owners: beneficial, share: {parameter: beneficial_owner_threshold}, comparator: {parameter: beneficial_owner_comparator}, fields: [name, country, date_of_birth]}",
        "R.10, R.24", [
            example("a company at a bank", f"{{{BANK}, {CARD}, payer: {{type: organisation}}}}", "fires"),
            example("a person", f"{{{BANK}, {CARD}, payer: {{type: individual}}}}", "silent"),
            example("a merchant's", f"{{{SHOP}, {CARD}, payer: {{type: organisation}}}}", "silent"),
            example("not stated", f"{{{BANK}, {CARD}}}", "{unknown: [payer.type]}"),
        ], message="kyc.rule.owners",
    )  # fmt: skip


def general(draft: Draft, rows: list[Fact]) -> None:
    """What a place adds beside its tiers."""
    _data(draft, rows)
    for name, target in (("pep_period", "exposure_years"), ("pep_domestic_period", "exposure_years")):
        if name in draft.parameters:
            like = draft.parameters[name].entries[0]
            draft.set(
                target,
                "int",
                Entry(like.start, like.value, like.confidence, like.cite, like.evidence),
                label="years after the office",
            )
    if draft.place == "EU":
        _union(draft)
    if draft.place == "CA":
        _canada(draft)


def _data(draft: Draft, rows: list[Fact]) -> None:
    row = next((fact for fact in rows if fact.parameter == "required_id_data_natural"), None)
    if row is not None:
        entry = Entry(row.start, f"[{', '.join(DATA[draft.place])}]", row.confidence, draft.cite(row), row.evidence,
                      "fields of a transaction for the data that the law lists")  # fmt: skip
        draft.set("identification_data", "tokens", entry, label="what a person states", overridable="country")


def _canada(draft: Draft) -> None:
    entry = draft.parameters["identity_verification_window"].entries[0]
    draft.rules.append(
        Rule("kyc.verification_window", "A business is verified within 30 days", 'obliged and relationship == "new" and payer.type == "organisation"',
             "{oblige: [{what: verify_identity, who: obliged_entity, within: P30D}]}", [
                 example("a new business", f"{{{BANK}, relationship: new, {CARD}, payer: {{type: organisation}}}}", "fires"),
                 example("a person", f"{{{BANK}, relationship: new, {CARD}, payer: {{type: individual}}}}", "silent"),
                 example("an old customer", f"{{{BANK}, relationship: established, {CARD}, payer: {{type: organisation}}}}", "silent"),
                 example("a merchant's", f"{{{SHOP}, relationship: new, {CARD}, payer: {{type: organisation}}}}", "silent"),
                 example("who is not stated", f"{{{BANK}, relationship: new, {CARD}}}", "{unknown: [payer.type]}"),
                 example("nothing stated", f"{{{BANK}, {CARD}}}", "{unknown: [payer.type, relationship]}"),
             ], entry.cite, entry.confidence, message="kyc.rule.window")
    )  # fmt: skip


def _union(draft: Draft) -> None:
    """Reviews since 2027; domestic holders of office, as the Directive had it and the Regulation has."""
    amld = draft.source("Directive (EU) 2015/849", url="https://eur-lex.europa.eu/eli/dir/2015/849/oj")
    draft.set("exposure_years", "int", Entry(UNREAD, "1", "R", (amld, "Art. 22"), note="at least twelve months"), label="years after the office", overridable="country")  # fmt: skip
    for name, value in (("beneficial_owner_threshold", '"25"'), ("beneficial_owner_comparator", "gt")):
        entry = Entry(
            "2017-06-26", value, "R", (amld, "Art. 3(6)(a)(i)"), note="more than 25 percent, before the Regulation"
        )
        draft.set(name, draft.parameters[name].kind, entry)
    first, before = "2027-07-10", "2027-07-09"
    for name, sign, years, title in (
        (
            "high_risk",
            "",
            "reverification_interval_high_risk",
            "Customers under closer watch are looked at again every year",
        ),
        ("standard", "not ", "reverification_interval_standard", "Customers are looked at again every five years"),
    ):
        entry = draft.parameters[years].entries[0]
        watched, other = ("true", "false") if not sign else ("false", "true")
        base = f"{{{BANK}, relationship: established, {CARD}, payer: {{edd: %s, risk: low}}}}"
        draft.rules.append(
            Rule(f"kyc.review_{name}", title, f'obliged and relationship == "established" and {sign}(payer.edd or payer.risk == "high")',
                 f"{{review: {name}, years: {{parameter: {years}}}}}", [
                     example("it is due", base % watched, "fires", first),
                     example("the day before the Regulation", base % watched, "silent", before),
                     example("the other kind of customer", base % other, "silent", first),
                     example("of high risk", (base % "false").replace("risk: low", "risk: high"), "silent" if sign else "fires", first),
                     example("a new customer", (base % watched).replace("established", "new"), "silent", first),
                     example("a merchant's", (base % watched).replace("role: bank", "role: merchant"), "silent", first),
                     example("not stated", f"{{{BANK}, relationship: established, {CARD}, payer: {{risk: low}}}}", "{unknown: [payer.edd]}", first),
                     example("risk not stated", f"{{{BANK}, relationship: established, {CARD}, payer: {{edd: false}}}}", "{unknown: [payer.risk]}", first),
                     example("nothing stated", f"{{{BANK}, {CARD}}}", "{unknown: [payer.edd, payer.risk, relationship]}", first),
                 ], entry.cite, entry.confidence, start=first, message="kyc.rule.review")
        )  # fmt: skip
    draft.rules.append(
        Rule("kyc.exposed_domestic", "More is known of domestic holders of public office too", 'obliged and payer.politically_exposed == "domestic"',
             "{level: enhanced}", [
                 example("a domestic one", f"{{{BANK}, {CARD}, payer: {{politically_exposed: domestic}}}}", "fires"),
                 example("none", f"{{{BANK}, {CARD}, payer: {{politically_exposed: none}}}}", "silent"),
                 example("a merchant's", f"{{{SHOP}, {CARD}, payer: {{politically_exposed: domestic}}}}", "silent"),
                 example("not stated", f"{{{BANK}, {CARD}}}", "{unknown: [payer.politically_exposed]}"),
             ], (amld, "Art. 20"), "R", message="kyc.rule.enhanced", note="the Regulation keeps it (Art. 42); recalled")
    )  # fmt: skip
