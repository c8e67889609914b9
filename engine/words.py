"""Human sentences: message catalogues of a release, by language. Codes never change; only what people read does."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from babel.messages.pofile import read_po

from engine.language.why import Reason

FALLBACK: Final = "en"
_TO_PAYER: Final = "payer."

TEMPLATES: Final = {
    "because.is": "{label} is {text}",
    "because.is_not": "{label} is {text}, not {expected}",
    "because.compare": "{label} {text}",
    "because.rule": "{label} applies",
    "because.not_rule": "{label} does not apply",
    "because.not_stated": "{field} not stated",
    "because.not_read": "{parameter}: amount not read in the source yet",
    "because.no_rate": "no exchange rate from {source} to {target} for that day",
    "because.only": "only the {party} may use it",
    "because.whatever_else": "{rule} applies whatever else holds",
    "payer.allow": "Your payment can go ahead.",
    "payer.challenge": "Your bank will ask you to confirm this payment.",
    "payer.collect": "We need a little more information before this payment can go ahead.",
    "payer.review": "Your payment is being checked. We will let you know.",
    "payer.block": "This payment cannot be made.",
    "officer.no_law_known": "No law on payer authentication is known for this place.",
    "officer.no_duty": "The law of this place asks for no authentication of this payment.",
    "officer.place_unknown": "The place of a payment service provider is not stated, so its law is not known.",
    "tax.standard": "Taxed at the standard rate.",
    "tax.reduced": "Taxed at a rate of its own.",
    "tax.zero": "Taxable at zero.",
    "tax.exempt": "Exempt from tax.",
    "tax.reverse_charge": "The customer accounts for the tax.",
    "tax.out_of_scope": "Outside the scope of every tax that this seller could charge.",
    "tax.ioss": "Taxed at checkout under the import scheme.",
    "tax.import": "Taxed at the border.",
    "tax.no_obligation": "This seller need not charge the tax.",
    "tax.recheck": "Look the customer's tax number up again, and charge the tax if its register denies it.",
    "tax.undecided": "Whether tax is due is not settled.",
    "tax.amount_differs": "What is paid is neither the sum of the lines nor that sum with its tax.",
    "residency.no_rulepack": "No data-residency law is known for this place, so nothing is allowed.",
    "residency.needs_input": "What decides it is not stated.",
    "residency.unknown_region": "This region is on no list, so its country is not known.",
    "residency.inside": "The data stay where their own law holds.",
    "residency.free": "The general law of this place does not restrict the transfer.",
    "residency.granted": "The transfer rests on a ground that the law accepts.",
    "residency.refused": "None of the grounds that the law accepts is in place.",
    "kyc.identify": "Please tell us this, so that we know who you are.",
    "kyc.verify": "Please confirm your identity with an accepted document.",
    "kyc.enhanced": "For a payment of this kind we need a few more details.",
    "kyc.upgrade": "This payment is more than the level of your account allows. With this you can move to a higher one.",
    "kyc.number_invalid": "This number does not have the right form. Please check it.",
    "kyc.owner": "We need to know who owns the business.",
    "kyc.managers": "Nobody owns a large enough share. Please name the senior managers.",
    "kyc.review": "Please confirm that your details are still right.",
    "kyc.rule.level": "For this payment the customer's identity must be known.",
    "kyc.rule.enhanced": "For this payment more must be known of the customer.",
    "kyc.rule.owners": "Those who own or control the business must be known.",
    "kyc.rule.age": "This account is for people who are of age.",
    "kyc.rule.review": "The customer's details are looked at again from time to time.",
    "kyc.rule.window": "The identity of a new customer is confirmed within the time that the law gives.",
    "kyc.rule.limit": "The level of the account sets a limit to this payment.",
    "kyc.rule.feature": "The level of the account does not allow this kind of payment.",
    "kyc.rule.tier": "Please tell us which level this account has.",
    "kyc.rule.number": "Please give the number that every holder of such an account has.",
    "kyc.rule.document": "Please show a document that is accepted here.",
    "kyc.rule.expired": "The time of this level of account is over. Please complete your details.",
    "methods.rule.most": "This is more than this way of paying allows.",
    "methods.rule.least": "This is less than this way of paying takes.",
    "methods.rule.parts": "It cannot be paid in so many parts. Please choose fewer.",
    "methods.rule.tax_number": "Please give a valid tax number of the payer.",
    "methods.rule.key": "This payment address does not have the right form. Please check it.",
    "methods.rule.phone": "Please give a telephone number of this country.",
    "methods.rule.account": "Please pay from an account that this way of paying takes.",
    "methods.rule.iban": "Please give the IBAN of your account.",
    "methods.rule.iban_wrong": "This IBAN cannot be right. Please check it.",
    "methods.rule.sepa": "This account is not within SEPA. Please choose another account or another way to pay.",
    "methods.rule.currency": "This way of paying does not take this currency. Please choose another.",
    "methods.rule.country": "Shops of this country cannot be paid this way. Please choose another.",
    "methods.rule.mandate": "A direct debit needs a mandate with a reference.",
    "methods.rule.notice": "The payer is told of a debit before it is made.",
    "methods.rule.refund": "A debit is given back where the payer asks for it in time.",
    "methods.rule.ended": "This way of paying has ended. Please choose another.",
    "methods.rule.not_yet": "This way of paying has not begun yet. Please choose another.",
    "methods.rule.no_refund": "This way of paying gives no money back. Please choose another way for the refund.",
    "methods.rule.no_collect": "People cannot ask each other for money this way.",
    "methods.rule.domestic": "This way of paying stays within the country. Please choose another.",
    "methods.rule.validate": "An account is checked before its first debit over the web.",
    "methods.rule.payee": "The payee's name is compared with the account before the transfer.",
    "methods.rule.brand": "This way of paying is shown under its new name.",
    "aml.screening_review": "Somebody named here may be on a list of sanctions. A person decides; tell the payer nothing.",
    "aml.screening_hit": "Somebody named here is on a list of sanctions. Do not execute it; tell the payer nothing.",
    "diff.nothing": "The two releases say the same, in the same words.",
    "diff.text_only": "Only words, citations, examples or the order of files differ: no decision turns on them.",
    "diff.count.equivalent": "Proved to change no decision: {count}.",
    "diff.count.same_outcome": "Changing what is named as the reason, and no outcome: {count}.",
    "diff.count.counterexample": "Deciding payments otherwise, each with an example: {count}.",
    "diff.count.not_decided": "Of which it is not decided what they mean: {count}.",
    "diff.statute": "What a statute says, or which one says it, is among the changes: a second person approves.",
    "diff.reformatted": "Of other layout only: {files}.",
    "diff.from": "from {date}",
    "diff.at_all_times": "at all times",
    "diff.until": "{since} to the day before {date}",
    "diff.none": "none",
    "diff.unread": "not read",
    "diff.value": "{label}, {since}: {after} (was {before}).",
    "diff.value_new": "{label}, {since}: {after}.",
    "diff.value_removed": "{label}, {since}: {before} is taken back, and {after} holds.",
    "diff.value_moved": "{label}: {after} holds {now}, no longer {was}.",
    "diff.added": "New in {pack}: {kind} {name}.",
    "diff.removed": "No longer in {pack}: {kind} {name}.",
    "diff.member_added": "{name} belongs to {pack} {since}.",
    "diff.member_ended": "{name} no longer belongs to {pack} {since}.",
    "diff.demoted": "Held back in {pack}: {name} stops no payment; a person looks at those that it would stop. {why}",
    "diff.demotion_lifted": "No longer held back in {pack}: {name} stops payments again.",
    "diff.ended": "No longer in force {since}: {kind} {name}.",
    "diff.moved": "Stands elsewhere: {kind} {name}, {before} -> {after}.",
    "diff.changed": "Changed: {kind} {name}: {leaves}.",
    "diff.words": "Told otherwise, and nothing else: {kind} {name}: {leaves}.",
    "diff.kind.pack": "pack",
    "diff.kind.domain": "domain",
    "diff.kind.setting": "setting of the pack",
    "diff.kind.member": "membership",
    "diff.kind.source": "source",
    "diff.kind.parameter": "parameter",
    "diff.kind.value": "value",
    "diff.kind.term": "term",
    "diff.kind.feature": "question to the past",
    "diff.kind.rule": "rule",
    "diff.kind.test": "test",
    "diff.kind.case": "case",
    "diff.kind.rate": "rate of tax",
    "diff.kind.territory": "territory",
    "diff.kind.scenario": "scenario",
    "diff.kind.region": "cloud region",
    "diff.kind.message": "sentence",
    "diff.kind.demotion": "rule held back",
    "diff.verdict.equivalent": "No payment is decided otherwise: {why}",
    "diff.verdict.same_outcome": "No outcome changes, only what is named as the reason: {why}",
    "diff.verdict.counterexample": "Payments are decided otherwise.",
    "diff.verdict.not_decided": "Not decided: {why}",
    "diff.why.same_condition": "it says the same in other words.",
    "diff.why.no_payment": "no combination of facts tells the two apart.",
    "diff.why.never": "no payment meets the condition.",
    "diff.why.nobody_reads": "nothing asks for it.",
    "diff.why.same_table": "the lines say the same on every day.",
    "diff.why.never_in_force": "nothing in force rests on it.",
    "diff.why.same_effect": "rules of the same effect hold for exactly the same payments.",
    "diff.why.decided": "one payment was decided under both releases.",
    "diff.why.only_findings": "examples were found of which findings differ and the outcome does not; not all could be tried.",
    "diff.why.no_example": "the conditions differ, but no whole payment was found that is decided otherwise.",
    "diff.why.capped": "the search was too long and was cut off.",
    "diff.why.several_facts": "facts are compared with one another, and not all their values could be tried.",
    "diff.why.currencies": "amounts in several currencies are compared, so it turns on exchange rates.",
    "diff.why.afterwards": "it is looked for in payments that were made already. A back-test tells.",
    "diff.why.examples_only": "the examples of the packs were decided under both releases, all alike, which is no proof.",
    "diff.why.too_many": "there are more differences than one comparison looks at.",
    "diff.within": "Proved for payments in {currency}; an amount converted from another currency may lie between two cents.",
    "diff.example": "For example {amount} by {instrument} on {date}: was {was}, now {now}.",
    "diff.past": "Payments made before it: {count}, the first on {date}.",
    "diff.day_before": "A day before, it is decided alike under both.",
    "diff.day_before_too": "A day before, it is decided otherwise too.",
    "diff.page.title": "What changes in the law",
    "diff.page.text": "Changes of the text",
    "diff.page.meaning": "What they mean for payments",
    "diff.page.was": "Before",
    "diff.page.now": "After",
    "diff.page.law": "Law",
    "diff.page.payment": "The payment",
    "diff.page.differences": "What differs in the answer",
    "diff.page.equivalent": "Equivalent.",
    "diff.page.same_outcome": "Same outcome.",
    "diff.page.counterexample": "Decided otherwise.",
    "diff.page.not_decided": "Not decided.",
    "diff.page.effect": "What past payments would have been answered",
    "diff.page.effect_none": "Past payments were not asked yet: order a back-test.",
    "diff.page.effect_outdated": "Past payments were asked about an earlier state only: order a back-test anew.",
    "diff.page.effect_under_way": "Past payments are being asked at this moment.",
    "diff.page.effect_stopped": "The back-test was stopped before it was done.",
    "diff.page.effect_failed": "The back-test failed.",
    "diff.page.outcomes": "Outcomes",
    "diff.page.payments": "Payments",
    "diff.page.rules": "Rules that speak of other payments than before",
    "diff.page.rule": "Rule",
    "diff.page.gained": "New",
    "diff.page.lost": "No longer",
    "diff.page.examples": "Examples",
    "aml.screening_foreign": "Somebody named may be on a list that is not law here. A person decides; tell the payer nothing.",
    "aml.screening_no_freeze": "The list freezes nothing of somebody named here. A person decides; tell the payer nothing.",
    "aml.screening_not_obeyed": "The law here forbids to refuse for this list alone. A person decides; tell the payer nothing.",
    "aml.screening_owner": "An owner named here may be on a list of sanctions. A person decides; tell the payer nothing.",
    "aml.screening_report": "What is blocked must be reported. Tell the payer nothing.",
    "aml.owned_block": "Whoever is on a list of sanctions owns enough of a party. Do not execute it; tell the payer nothing.",
    "aml.owned_review": "An owner of a party is on a list of sanctions, or may be. A person decides; tell the payer nothing.",
    "overlay.changed_by_both": "{entry} in {file}: both sides changed it, and not alike.",
    "overlay.added_by_both": "{entry} in {file}: both sides added it, and not alike.",
    "overlay.taken_out_here": "{entry} in {file}: it was taken out here, and changed there.",
    "overlay.taken_out_there": "{entry} in {file}: it was changed here, and taken out there.",
    "aml.scenario": "With earlier payments this is a pattern that is watched for. It accuses nobody; tell the payer nothing.",
    "backtest.same": "Of {payments} payments none would be answered otherwise.",
    "backtest.changed": "Of {payments} payments {changed} would be answered otherwise: {stricter} more strictly, {milder} less.",
    "backtest.move": "{payments} go from {was} to {now}.",
    "backtest.money": "In {currency}: {stricter} answered more strictly, {milder} less strictly.",
    "backtest.tax": "Tax in {country} goes from {before} to {after} {currency}, on {payments} payments.",
    "backtest.untouched": "{payments} payments touch no law that differs: both releases answer them alike by construction.",
    "backtest.left_out": "{payments} payments could not be asked; the reasons are listed.",
    "backtest.no_past": "The past of the payers was not known here: what a rule asks of it stayed open, under both releases.",
    "backtest.counterfactual": "What a payment would have turned out to be that was stopped, nobody knows: it counts as neither.",
    "backtest.labels": "It is known of {known} payments how they turned out; {bad} were fraud or charged back.",
}
"""What the engine itself says, in English; catalogues translate it under the same keys."""


def _two_blanks(template: str, first: str, second: str) -> Callable[[str, str], str]:
    """Fills the two blanks of a sentence, as `format` does in several times the time."""
    before, found, rest = template.partition(f"{{{first}}}")
    between, found_too, after = rest.partition(f"{{{second}}}")
    if not found or not found_too or any(sign in before + between + after for sign in "{}"):
        return lambda one, two: template.format(**{first: one, second: two})
    return lambda one, two: f"{before}{one}{between}{two}{after}"


class Words:
    """The sentences of one language, English where a sentence is not translated."""

    __slots__ = ("_catalogue", "_compare", "_reasons", "_said", "locale", "to_payer")

    def __init__(self, locale: str, catalogue: Mapping[str, str]):
        self.locale = locale
        self._catalogue = catalogue
        self._said: dict[object, str] = {}
        self._reasons = {key: catalogue.get(key) or text for key, text in TEMPLATES.items()}
        self._compare = _two_blanks(self._reasons["because.compare"], "label", "text")
        self.to_payer: Mapping[str, str] = {
            key.removeprefix(_TO_PAYER): text for key, text in self._reasons.items() if key.startswith(_TO_PAYER)
        }
        """What the payer is told, by outcome."""

    def say(self, key: str, default: str = "") -> str:
        """The sentence of a key."""
        return self._reasons.get(key) or self._catalogue.get(key) or default

    def reasons(self, reasons: Sequence[Reason]) -> str:
        """The first three decided conditions as one text; what was said before is remembered, but for single amounts, which
        hardly ever come again."""
        if len(reasons) == 1:
            key: object = reasons[0]
            if reasons[0][0] == "compare":
                return self._compare(reasons[0][1], reasons[0][2])
        else:
            key = tuple(reasons[:3])
        said = self._said.get(key)
        return (
            said if said is not None else self._remember(key, "; ".join(dict.fromkeys(map(self.reason, reasons[:3]))))
        )

    def missings(self, names: Sequence[str]) -> str:
        """What is not known, as one text, each name once and in order."""
        key = tuple(names)
        said = self._said.get(key)
        return said if said is not None else self._remember(key, "; ".join(map(self.missing, sorted(set(names)))))

    def _remember(self, key: object, text: str) -> str:
        if len(self._said) > 20_000:
            self._said.clear()
        self._said[key] = text
        return text

    def missing(self, name: str) -> str:
        """`payment.fraud_rate not stated`, or why a number of the law itself is missing."""
        kind, _, rest = name.partition(".")
        if kind == "law":
            return self._reasons["because.not_read"].format(parameter=rest)
        if kind == "rates":
            source, _, target = rest.partition(".")
            return self._reasons["because.no_rate"].format(source=source, target=target)
        return self._reasons["because.not_stated"].format(field=name)

    def reason(self, reason: Reason) -> str:
        """One decided condition."""
        kind = "is" if reason.kind == "is_not" and not reason.expected else reason.kind
        return self._reasons[f"because.{kind}"].format(label=reason.label, text=reason.text, expected=reason.expected)

    def only(self, parties: Iterable[str]) -> str:
        """Who alone may use an exemption."""
        return self._reasons["because.only"].format(party=" / ".join(parties))

    def whatever_else(self, rule: str) -> str:
        """A rule that closes every exemption."""
        return self._reasons["because.whatever_else"].format(rule=rule)


@lru_cache(maxsize=64)
def read_catalogue(text: str, locale: str) -> Mapping[str, str]:
    """key -> sentence of one .po file; empty translations are left out."""
    catalogue = read_po(io.BytesIO(text.encode()), locale=locale)
    return {str(message.id): str(message.string) for message in catalogue if message.id and message.string}


def choose(wanted: str | None, known: Iterable[str]) -> str:
    """The language to answer in: the wanted one, its base language, or English.

    >>> choose("pt-BR", ["en", "pt"]), choose("xx", ["en"]), choose(None, ["en"])
    ('pt', 'en', 'en')
    """
    languages = {language.lower().replace("_", "-"): language for language in known}
    parts = (wanted or "").lower().replace("_", "-").split("-")
    while parts:
        found = languages.get("-".join(parts))
        if found:
            return found
        parts.pop()
    return FALLBACK


__all__ = ["FALLBACK", "TEMPLATES", "Words", "choose", "read_catalogue"]
