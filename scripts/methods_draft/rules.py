"""Rules of local ways to pay beside limits: what addresses them, what they ask for, which are no more."""

from __future__ import annotations

from dataclasses import replace

from scripts.methods_draft.limits import LIMITS, TURKISH, UPI_MERCHANTS, Limit
from scripts.rule_draft import Draft, Entry, Rule, example, quoted
from scripts.tax_draft.facts import UNREAD

EURO_AREA = [
    "AT",
    "BE",
    "CY",
    "DE",
    "EE",
    "ES",
    "FI",
    "FR",
    "GR",
    "HR",
    "IE",
    "IT",
    "LT",
    "LU",
    "LV",
    "MT",
    "NL",
    "PT",
    "SI",
    "SK",
]
CASH_ELSEWHERE = "the domain aml applies it"


def limits(draft: Draft) -> None:
    """The rules on limits of one place."""
    for limit in LIMITS:
        if limit.place == draft.place and limit.parameter in draft.parameters:
            draft.rules.append(_limit(draft, limit))
    if draft.place == "IN":
        for name, words in UPI_MERCHANTS.items():
            _words(draft, f"upi_{name}", words, "what the trade of such merchants is called, or its category code")
    if draft.place == "TR":
        _words(draft, "trades_with_instalments", TURKISH, "trades with a number of their own")
    if draft.place == "BR":
        night = draft.parameters["pix_night_max"].entries[0]
        for name, hour in (("pix_night_start", "20"), ("pix_night_end", "6")):
            draft.set(
                name, "int", Entry(UNREAD, hour, night.confidence, night.cite, night.evidence), label="local hour"
            )


def _words(draft: Draft, name: str, words: tuple[str, ...], label: str) -> None:
    value = f"[{', '.join(quoted(word) if word.isdigit() else word for word in words)}]"
    draft.set(name, "tokens", Entry(UNREAD, value, "R", None), label=label, basis="house")


def _asks(methods: tuple[str, ...]) -> str:
    if not methods:
        return ""
    if len(methods) == 1:
        return f'payment.method == "{methods[0]}"'
    return "payment.method in [" + ", ".join(f'"{name}"' for name in methods) + "]"


def _pay(method: str, more: str = "") -> str:
    """A payment by a method; what is said of the payment besides stands within it."""
    inner, outer = [f"method: {method}", "instrument: credit_transfer"], []
    for part in more.split(", ") if more else []:
        key, _, value = part.partition(": ")
        if key.startswith("payment."):
            path = key.removeprefix("payment.").split(".")
            inner.append(f"{path[0]}: {value}" if len(path) == 1 else f"{path[0]}: {{{path[1]}: {value}}}")
        else:
            outer.append(part)
    return "{" + ", ".join([*outer, f"payment: {{{', '.join(inner)}}}"]) + "}"


def _limit(draft: Draft, limit: Limit) -> Rule:
    when = " and ".join(part for part in (_asks(limit.methods), limit.only) if part)
    effect = [f"limit: {limit.parameter}", f"amount: {{parameter: {limit.parameter}}}", f"counts: {limit.counts}"]
    effect += [f"comparator: {limit.comparator}"] if limit.comparator != "gt" else []
    effect += [f"outcome: {limit.outcome}"] if limit.outcome else []
    entry = draft.parameters[limit.parameter].entries[-1]
    known = next((one for one in reversed(draft.parameters[limit.parameter].entries) if one.value != "null"), entry)
    least = limit.comparator == "lt"
    message = (
        "methods.rule.least"
        if least
        else "methods.rule.parts"
        if limit.counts == "installments"
        else "methods.rule.most"
    )
    return Rule(
        f"methods.{limit.parameter}", f"{'Least' if least else 'Most'}: {limit.parameter.replace('_', ' ')}", when,
        "{" + ", ".join(effect) + "}", _tests(limit), known.cite, known.confidence, "guidance", message=message,
    )  # fmt: skip


def _tests(limit: Limit) -> list[str]:
    if limit.parameter == "pix_night_max":
        return _night(limit)
    if not limit.methods:
        found = [
            example("it holds", f"{{{limit.seen}}}", "fires"),
            example("it does not", f"{{{limit.unseen}}}", "silent"),
        ]
        if limit.unknown:
            bare = limit.seen.split(", payer")[0].split(", payee")[0].split(", card")[0]
            bare += "}" * (bare.count("{") - bare.count("}"))
            found.append(example("the rest is not stated", f"{{{bare}}}", f"{{unknown: [{', '.join(limit.unknown)}]}}"))
        return found + _special(limit)
    one = limit.methods[0]
    found = [example(f"by {name}", _pay(name, limit.seen), "fires") for name in limit.methods]
    found += [
        example("by another way", _pay("visa", limit.seen), "silent"),
        example(
            "the way is not stated",
            _pay("visa", limit.seen).replace("method: visa, ", ""),
            "{unknown: [payment.method]}",
        ),
    ]
    if limit.unseen:
        found.append(example("it does not", _pay(one, limit.unseen), "silent"))
    if limit.unknown:
        found.append(example("the rest is not stated", _pay(one), f"{{unknown: [{', '.join(limit.unknown)}]}}"))
    return found + _special(limit)


def _night(limit: Limit) -> list[str]:
    """Eight in the evening to six in the morning, by the local hour."""
    night = _pay("pix", limit.seen)
    tests = [
        *(
            (f"at {hour} o'clock", hour, night, expect)
            for hour, expect in ((20, "fires"), (19, "silent"), (5, "fires"), (6, "silent"))
        ),
        (
            "the payer's own limit",
            23,
            night.replace("method: pix", 'limits: {user_threshold: "50.00 BRL"}, method: pix'),
            "silent",
        ),
        ("a company", 23, _pay("pix", limit.unseen), "silent"),
        ("by another way", 23, _pay("visa", limit.seen), "silent"),
        ("the way is not stated", 23, night.replace("method: pix, ", ""), "{unknown: [payment.method]}"),
        ("who pays is not stated", 23, _pay("pix"), "{unknown: [payer.type]}"),
    ]
    return [
        example(name, given, expect).replace("{name:", f"{{hour: {hour}, name:", 1)
        for name, hour, given, expect in tests
    ]


def _special(limit: Limit) -> list[str]:
    if limit.parameter == "card_installments_max_general_consumer":
        return [
            example(
                "a trade with its own number",
                "{payment: {instrument: card, card: {product: consumer}}, payee.industry: fuel}",
                "silent",
            ),
            example(
                "not by card",
                "{payment: {instrument: e_money, card: {product: consumer}}, payee.industry: books}",
                "silent",
            ),
        ]
    if "installments" in limit.parameter and limit.place == "TR":
        return [
            example("not by card", f"{{{limit.seen.replace('instrument: card', 'instrument: e_money', 1)}}}", "silent")
        ]
    if limit.place == "CN" and "payment_account" in limit.parameter:
        return [example("not from a wallet", f"{{{limit.seen.replace('e_money', 'card')}}}", "silent")]
    if limit.parameter.startswith("upi_p2m"):
        return [example("not a sale", _pay("upi", "kind: transfer, " + limit.seen), "silent")]
    if limit.parameter == "nrb_prepaid_card_single_max":
        return [example("not by card", "{payment: {instrument: e_money, card: {funding: prepaid}}}", "silent")]
    if limit.parameter in ("nrb_wallet_transfer_daily_max", "nrb_agent_daily_max"):
        return [
            example(
                "a sale",
                f"{{{limit.seen.replace('kind: transfer', 'kind: sale').replace('kind: deposit', 'kind: sale')}}}",
                "silent",
            )
        ]
    if limit.parameter == "cash_payment_max":
        return [example("paid in at a bank", "{kind: deposit, payment: {instrument: cash}}", "silent")]
    return []


# -- checks, data, ends -----------------------------------------------------------------------------------------------------


def _plain(
    draft: Draft, name: str, row: str, methods: tuple[str, ...], effect: str, message: str, title: str, **more: str
) -> None:
    """A rule of one or more methods, from the row that it rests on."""
    entry = next(one for one in draft.parameters[row].entries if one.value != "null")
    only, seen, unseen = more.pop("only", ""), more.pop("seen", ""), more.pop("unseen", "")
    start, unknown = more.pop("start", UNREAD), more.pop("unknown", "")
    limit = Limit(draft.place, name, methods, only=only, seen=seen, unseen=unseen, unknown=tuple(unknown.split()))
    tests = _tests(limit)
    if start != UNREAD:
        first = _pay(methods[0], seen) if methods else f"{{{seen}}}"
        tests = [test.replace("{name:", f'{{on: "{start}", name:', 1) if "on:" not in test else test for test in tests]
        tests.append(example("the day before", first, "silent", more.pop("before")))
    draft.rules.append(
        Rule(f"methods.{name}", title, " and ".join(part for part in (_asks(methods), only) if part), effect, tests, entry.cite,
             entry.confidence, "guidance", start=start, message=message, **more)
    )  # fmt: skip


def others(draft: Draft) -> None:
    """What is particular to a place."""
    OTHERS.get(draft.place, lambda _: None)(draft)


def _brazil(draft: Draft) -> None:
    _plain(
        draft,
        "boleto_payer_tax_id",
        "boleto_payer_tax_id",
        ("boleto",),
        "{collect: payer_tax_id, fields: [payer.tax_ids]}",
        "methods.rule.tax_number",
        "A boleto names the payer's tax number",
    )
    _plain(
        draft,
        "boleto_tax_number",
        "boleto_payer_tax_id",
        ("boleto",),
        "{check: cpf_or_cnpj, field: payer.tax_ids, with: taxpayer}",
        "methods.rule.tax_number",
        "The number is a CPF or a CNPJ",
    )
    _plain(
        draft,
        "pix_key",
        "pix_key_types",
        ("pix", "pix_automatico"),
        "{check: pix_key, field: payment.account.alias, with: pix_key}",
        "methods.rule.key",
        "The key is one of the five kinds",
    )
    _plain(draft, "pix_automatico_not_yet", "pix_automatico_start", ("pix_automatico",), "{refuse: not_yet}", "methods.rule.not_yet",
           "Pix Automático begins on 16 June 2025")  # fmt: skip
    rule = draft.rules[-1]
    rule.end = "2025-06-16"
    rule.tests = [
        example("the day before", _pay("pix_automatico"), "fires", "2025-06-15"),
        example("the first day", _pay("pix_automatico"), "silent", "2025-06-16"),
        example("another way", _pay("visa"), "silent", "2025-06-15"),
        example("the way is not stated", "{payment: {instrument: credit_transfer}}", "{unknown: [payment.method]}", "2025-06-15"),
    ]  # fmt: skip


def _mexico(draft: Draft) -> None:
    _plain(
        draft,
        "oxxo_refund",
        "oxxo_refund",
        ("oxxo",),
        "{refuse: no_refund}",
        "methods.rule.no_refund",
        "What was paid at a till does not come back the same way",
        only='kind == "refund"',
        seen="kind: refund",
        unseen="kind: sale",
    )


def _germany(draft: Draft) -> None:
    _plain(
        draft,
        "giropay_ended",
        "giropay_status",
        ("giropay",),
        "{refuse: ended}",
        "methods.rule.ended",
        "giropay has ended",
        start="2025-01-01",
        before="2024-12-31",
    )


def _luxembourg(draft: Draft) -> None:
    _plain(
        draft,
        "payconiq_ended",
        "payconiq_status",
        ("payconiq",),
        "{refuse: ended, outcome: collect}",
        "methods.rule.ended",
        "Payconiq has ended",
        note="the day was not read: another way is asked for, nothing is refused",
    )


def _france(draft: Draft) -> None:
    _plain(
        draft,
        "paylib_ended",
        "paylib_status",
        ("paylib",),
        "{refuse: ended, outcome: collect}",
        "methods.rule.ended",
        "Paylib has ended",
        note="the day was not read: another way is asked for, nothing is refused",
    )


def _netherlands(draft: Draft) -> None:
    _plain(
        draft,
        "ideal_account",
        "ideal_account",
        ("ideal",),
        "{check: dutch_account, field: payment.account.iban, with: account_in, place: NL}",
        "methods.rule.account",
        "iDEAL pays from a Dutch account",
    )
    _plain(
        draft,
        "ideal_branding",
        "ideal_cobranding_deadline",
        ("ideal",),
        "{oblige: [{what: show_ideal_wero_brand, who: payee, within: by the deadline of the scheme}]}",
        "methods.rule.brand",
        "iDEAL is shown as iDEAL | Wero",
        start="2026-01-29",
        before="2026-01-28",
    )


def _sweden(draft: Draft) -> None:
    _plain(
        draft,
        "swish_number",
        "swish_authentication",
        ("swish",),
        "{check: swish_number, field: payment.account.alias, with: phone, place: SE}",
        "methods.rule.phone",
        "Swish knows its payers by a Swedish number",
    )


def _kenya(draft: Draft) -> None:
    _plain(
        draft,
        "mobile_number",
        "mobile_money_single_max",
        ("m_pesa", "airtel_money", "mobile_money"),
        "{check: mobile_number, field: payment.account.alias, with: phone, place: KE}",
        "methods.rule.phone",
        "Mobile money is addressed by a Kenyan number",
    )


def _thailand(draft: Draft) -> None:
    _plain(
        draft,
        "promptpay_proxy",
        "promptpay_id_types",
        ("promptpay",),
        "{check: promptpay_proxy, field: payment.account.alias, with: proxy}",
        "methods.rule.key",
        "A PromptPay proxy is of one of four kinds",
    )


def _india(draft: Draft) -> None:
    _plain(
        draft,
        "upi_vpa",
        "upi_vpa_format",
        ("upi", "upi_lite", "upi_autopay"),
        "{check: vpa, field: payment.account.alias, with: vpa}",
        "methods.rule.key",
        "An address of UPI is written name@handle",
    )
    _plain(
        draft,
        "upi_collect",
        "upi_collect_p2p",
        ("upi",),
        "{refuse: no_collect}",
        "methods.rule.no_collect",
        "Nobody is asked for money by another person",
        only='kind == "transfer" and payment.initiator == "payee"',
        seen="kind: transfer, payment.initiator: payee",
        unseen="kind: transfer, payment.initiator: payer",
        start="2025-10-01",
        before="2025-09-30",
    )
    draft.rules[-1].tests += [
        example("a merchant asks", _pay("upi", "kind: sale, payment.initiator: payee"), "silent", "2025-10-01"),
        example("who asks is not stated", _pay("upi", "kind: transfer"), "{unknown: [payment.initiator]}", "2025-10-01"),
    ]  # fmt: skip


def _states(draft: Draft) -> None:
    _plain(
        draft,
        "ach_web_debit_validation",
        "ach_web_debit_account_validation",
        ("ach", "same_day_ach"),
        "{oblige: [{what: validate_account, who: payee, within: before the first debit}]}",
        "methods.rule.validate",
        "An account is validated before its first debit over the web",
        only='payment.instrument == "direct_debit" and payment.channel == "remote"',
        seen="payment.channel: remote",
        unseen="payment.channel: mail_telephone",
        start="2021-03-19",
        before="2021-03-18",
    )
    rule = draft.rules[-1]
    rule.tests = [test.replace("instrument: credit_transfer", "instrument: direct_debit") for test in rule.tests]
    rule.tests += [
        example("a credit", _pay("ach", "payment.channel: remote"), "silent", "2021-03-19"),
        example("the channel is not stated", _pay("ach").replace("credit_transfer", "direct_debit"), "{unknown: [payment.channel]}", "2021-03-19"),
    ]  # fmt: skip
    _plain(
        draft,
        "same_day_ach_abroad",
        "ach_eligible_excluded",
        ("same_day_ach",),
        "{refuse: not_eligible}",
        "methods.rule.domestic",
        "Entries from or to other countries are not same-day",
        only='not (within(payment.issuer_country, "US") and within(payment.acquirer_country, "US"))',
        seen="payment.issuer_country: CA, payment.acquirer_country: US",
        unseen="payment.issuer_country: US, payment.acquirer_country: US",
        unknown="payment.acquirer_country payment.issuer_country",
    )
    draft.rules[-1].tests.append(
        example(
            "to another country",
            _pay("same_day_ach", "payment.issuer_country: US, payment.acquirer_country: CA"),
            "fires",
        )
    )


def _britain(draft: Draft) -> None:
    _plain(
        draft,
        "confirmation_of_payee",
        "confirmation_of_payee_status",
        ("faster_payments", "chaps"),
        "{oblige: [{what: confirm_payee, who: issuer, within: before the payer authorises}]}",
        "methods.rule.payee",
        "The payee's name is confirmed before a transfer",
        start="2024-10-31",
        before="2024-10-30",
    )


SEPA = ("sepa_credit_transfer", "sepa_instant", "sepa_debit")


def _union(draft: Draft) -> None:
    _plain(
        draft,
        "iban_only",
        "iban_only_identifier",
        SEPA,
        "{collect: iban, fields: [payment.account.iban]}",
        "methods.rule.iban",
        "The IBAN is the account's only identifier",
        start="2014-02-01",
        before="2014-01-31",
    )
    _plain(
        draft,
        "sepa_zone",
        "iban_only_identifier",
        SEPA,
        "{check: sepa_zone, field: payment.account.iban, with: sepa}",
        "methods.rule.sepa",
        "The account is within the SEPA schemes",
    )
    _plain(
        draft,
        "sepa_currency",
        "iban_only_identifier",
        SEPA,
        "{check: sepa_currency, field: currency, with: listed, words: [EUR]}",
        "methods.rule.currency",
        "The schemes carry euros",
    )
    _plain(
        draft,
        "sepa_mandate",
        "sepa_dd_mandate",
        ("sepa_debit",),
        "{collect: mandate, fields: [payment.mandate.id]}",
        "methods.rule.mandate",
        "A debit has a mandate with a reference of its own",
    )
    _plain(
        draft,
        "sepa_pre_notification",
        "sepa_dd_pre_notification",
        ("sepa_debit",),
        "{oblige: [{what: pre_notify, who: payee, within: 14 days before the debit unless agreed shorter}]}",
        "methods.rule.notice",
        "The payer is told of a debit in advance",
    )
    _plain(
        draft,
        "sepa_refund",
        "sepa_dd_refund_no_questions",
        ("sepa_debit",),
        "{oblige: [{what: refund_on_request, who: issuer, within: 8 weeks from the debit}]}",
        "methods.rule.refund",
        "A debit is given back within eight weeks without a reason",
    )
    _plain(
        draft,
        "sepa_refund_unauthorised",
        "sepa_dd_refund_unauthorised",
        ("sepa_debit",),
        "{oblige: [{what: refund_unauthorised, who: issuer, within: 13 months from the debit}]}",
        "methods.rule.refund",
        "A debit without a mandate is given back within thirteen months",
    )
    _plain(
        draft,
        "sofort_ended",
        "sofort_status",
        ("sofort",),
        "{refuse: ended, outcome: collect}",
        "methods.rule.ended",
        "SOFORT has been folded into Klarna",
        note="the day was not read: another way is asked for, nothing is refused",
    )
    _plain(
        draft,
        "wero_shops",
        "wero_ecommerce_countries",
        ("wero",),
        "{check: wero_country, field: payee.country, with: listed, words: [DE, FR, BE, NL]}",
        "methods.rule.country",
        "Wero is taken by shops of four countries",
    )
    for rule in draft.rules:
        if rule.when == 'payment.method == "sepa_debit"':
            rule.when += ' and payment.instrument == "direct_debit"'
            rule.tests = [
                test.replace("instrument: credit_transfer", "instrument: direct_debit") for test in rule.tests
            ]
            rule.tests.append(example("a transfer", _pay("sepa_debit"), "silent"))
    _verification(draft)


def _verification(draft: Draft) -> None:
    area = "[" + ", ".join(f'"{code}"' for code in EURO_AREA) + "]"
    pay = "{payment: {instrument: credit_transfer, issuer_country: %s}, currency: EUR}"
    for name, row, first, inside in (
        ("payee_verification", "verification_of_payee_euro_area", "2025-10-09", True),
        ("payee_verification_elsewhere", "verification_of_payee_non_euro_area", "2027-07-09", False),
    ):
        entry = draft.parameters[row].entries[0]
        mine, other = ("DE", "PL") if inside else ("PL", "DE")
        eve = {"2025-10-09": "2025-10-08", "2027-07-09": "2027-07-08"}[first]
        draft.rules.append(
            Rule(f"methods.{name}", "The payee's name is compared with the IBAN before a transfer in euros",
                 f'payment.instrument == "credit_transfer" and currency == "EUR" and payment.issuer_country {"in" if inside else "not in"} {area}' + ("" if inside else ' and within(payment.issuer_country, "EU")'),
                 "{oblige: [{what: verify_payee, who: issuer, within: before the payer authorises}]}", [
                     example("a transfer in euros", pay % mine, "fires", first),
                     example("the day before", pay % mine, "silent", eve),
                     example("a bank of the other kind", pay % other, "silent", first),
                     example("by card", (pay % mine).replace("credit_transfer", "card"), "silent", first),
                     example("in another currency", (pay % mine).replace("currency: EUR", "currency: PLN"), "silent", first),
                     *([] if inside else [example("a bank outside the Union", pay % "CH", "silent", first)]),
                     example("the bank is not stated", "{payment: {instrument: credit_transfer}, currency: EUR}", "{unknown: [payment.issuer_country]}", first),
                 ], entry.cite, entry.confidence, start=first, message="methods.rule.payee")
        )  # fmt: skip


def world(draft: Draft) -> None:
    """Account numbers are looked at wherever one is stated."""
    entry = draft.parameters["iban_check"].entries[0]
    draft.rules.append(
        Rule("methods.iban", "An IBAN has its country's length and the right check digits", "is_known(payment.account.iban)",
             "{check: iban, field: payment.account.iban, with: iban}", [
                 example("one is stated", "{payment: {instrument: credit_transfer, account: {iban: DE89370400440532013000}}}", "fires"),
                 example("none is stated", "{payment: {instrument: credit_transfer}}", "silent"),
             ], entry.cite, entry.confidence, "guidance", message="methods.rule.iban_wrong")
    )  # fmt: skip


OTHERS = {
    "BR": _brazil, "MX": _mexico, "DE": _germany, "LU": _luxembourg, "FR": _france, "NL": _netherlands, "SE": _sweden, "KE": _kenya,
    "TH": _thailand, "IN": _india, "US": _states, "GB": _britain, "EU": _union,
}  # fmt: skip


def currencies(draft: Draft) -> None:
    """What one processor accepts of buyers here: never a reason to refuse, only to ask for another currency or another way."""
    for name in sorted(draft.parameters):
        if not name.endswith("_currencies") or draft.parameters[name].kind != "tokens":
            continue
        method, entry = name.removesuffix("_currencies"), draft.parameters[name].entries[0]
        draft.rules.append(
            Rule(f"methods.{name}", f"Currencies accepted: {method.replace('_', ' ')}", f'payment.method == "{method}"',
                 f"{{check: {name}, field: currency, with: listed, words: {{parameter: {name}}}, side: payer}}",
                 _tests(replace(LIMITS[0], methods=(method,))), entry.cite, entry.confidence, "guidance", message="methods.rule.currency")
        )  # fmt: skip
