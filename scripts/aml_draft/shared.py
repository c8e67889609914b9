"""Law that countries share: words for conditions, the standards of the FATF, embargoes by nexus; the Union's and others' own."""

from __future__ import annotations

from typing import Any

from scripts.aml_draft import spec
from scripts.aml_draft.build import Frame, Given, Limit, amount_rule, plain_rule
from scripts.aml_draft.emit import Law
from scripts.aml_draft.frames import (
    ACQUIRER,
    INSTRUMENT,
    ISSUER,
    OCCASIONAL,
    ROLE,
    ROLES,
    joined,
    role_frame,
    roles_of,
    scope_frame,
)
from scripts.aml_draft.national import SET, national
from scripts.tax_draft.facts import UNREAD, Fact

REGIONS = {
    "UA-43": "Crimea",
    "UA-40": "Sevastopol",
    "UA-14": "Donetsk",
    "UA-09": "Luhansk",
    "UA-65": "Kherson",
    "UA-23": "Zaporizhzhia",
}
CONTROLLED = (
    "UA-05", "UA-07", "UA-12", "UA-18", "UA-21", "UA-26", "UA-30", "UA-32", "UA-35", "UA-46", "UA-48", "UA-51", "UA-53", "UA-56",
    "UA-59", "UA-61", "UA-63", "UA-68", "UA-71", "UA-74", "UA-77",
)  # fmt: skip
"""Regions of Ukraine under no embargo of any regime."""
WHOLE = ("UA-43", "UA-40")
"""Regions that are occupied as a whole."""
PARTIES = ("payer", "payee")
STANDING = {
    "payer_at": "coalesce(payer.country, payment.issuer_country)",
    "payee_at": "coalesce(payee.country, payment.acquirer_country)",
    "payer_told": 'payment.instrument != "cash" or is_known(payer.country) or is_known(payment.issuer_country)',
    "payee_told": 'kind in ["transfer", "payout"] or is_known(payee.country) or is_known(payment.acquirer_country)',
}


def words(law: Law) -> None:
    """The lets of the whole world, and the groups of roles."""
    said = {
        "cash": ("cash", 'payment.instrument == "cash"'),
        "flow": (
            "the way of the money",
            '"in" if kind in ["sale", "deposit"] else ("out" if kind in ["refund", "payout", "withdrawal"] else direction)',
        ),
        "cash_in": ("cash received", 'cash and flow == "in"'),
        "cash_out": ("cash paid out", 'cash and flow == "out"'),
        "obliged": ("obliged entities other than merchants", 'obliged_entity.role != "merchant"'),
        "occasional": ("occasional transactions", 'relationship == "occasional"'),
        "wire": (
            "transfers of funds",
            'payment.instrument in ["credit_transfer", "direct_debit"] or '
            '(payment.instrument in ["card", "e_money", "cash"] and kind == "transfer")',
        ),
        "crosses_border": (
            "across a border",
            "coalesce(payment.issuer_country, payer.country) != coalesce(payment.acquirer_country, payee.country)",
        ),
        "private_deal": (
            "between private persons",
            'kind == "transfer" and payer.type == "individual" and payee.type == "individual"',
        ),
        "paid_in_cash": (
            "paid in cash outside banks",
            'cash and kind in ["sale", "refund", "payout", "transfer"] and not obliged_entity.role in payment_providers',
        ),
        **{name: (name.replace("_", " "), text) for name, text in STANDING.items()},
    }
    for name, (label, text) in said.items():
        law.lets[name] = {"label": label, "is": text}
    _sums(law)
    for group in ROLES:
        law.settings[group] = {
            "type": "tokens", "basis": "house", "confidence": "A", "label": group.replace("_", " "),
            "values": [{"from": UNREAD, "value": list(roles_of(group))}],
        }  # fmt: skip


def _sums(law: Law) -> None:
    cash = 'coalesce(item.instrument, "cash") == "cash"'
    same = "coalesce(item.direction, flow) == flow"
    day = "day_of(coalesce(item.at, occurred_at)) == day_of(occurred_at)"
    hours = "coalesce(item.at, occurred_at) >= occurred_at - hours(24)"
    wire = 'coalesce(item.instrument, "credit_transfer") == "credit_transfer"'
    sums = {
        "earlier_cash": f"{cash} and {same}",
        "earlier_cash_day": f"{cash} and {same} and {day}",
        "earlier_cash_24h": f"{cash} and {same} and {hours}",
        "earlier_cash_both_day": f"{cash} and {day}",
        "earlier_crypto_24h": f'coalesce(item.instrument, "crypto") == "crypto" and {same} and {hours}',
        "earlier_transfers_24h": f"{wire} and {hours}",
        "earlier_transfers_day": f"{wire} and {day}",
        "earlier_any_day": day,
    }
    for name, where in sums.items():
        law.lets[name] = {
            "label": "what is said to belong to it",
            "is": f"sum(item.amount for item in linked if {where})",
        }
    nothing = "(amount - amount)"  # nought in whatever currency
    law.lets["belonging"] = {
        "label": "what is known to belong to it", "is": f"sum(item.amount for item in linked) if is_known(linked) else {nothing}",
    }  # fmt: skip
    law.lets["belonging_cash_both"] = {
        "label": "cash in or out that is known to belong to it",
        "is": f"sum(item.amount for item in linked if {cash}) if is_known(linked) else {nothing}",
    }
    law.lets["belonging_cash"] = {
        "label": "cash that is known to belong to it",
        "is": f"sum(item.amount for item in linked if {cash} and {same}) if is_known(linked) else {nothing}",
    }


# -- embargoes -----------------------------------------------------------------------------------------------------------------


def party_frame(group: str, hit: str, extra: Frame | None = None) -> Frame:
    """Either party within a list."""
    when = f'((payer_told and within(payer_at, "{group}")) or (payee_told and within(payee_at, "{group}")))'
    base: Given = {INSTRUMENT: "credit_transfer", "kind": "transfer", "payer.country": hit, "payee.country": "CH"}
    frame = Frame(
        when, base,
        (("neither", {"payer.country": "CH"}),
         ("cash of somebody from nowhere in particular", {INSTRUMENT: "cash", "kind": "sale", "payer.country": None, "payee.country": None})),
        (("payer from nowhere in particular", {"payer.country": None}, ("payer.country", ISSUER)),
         ("payee nowhere in particular", {"payer.country": "CH", "payee.country": None}, ("payee.country", ACQUIRER))),
    )  # fmt: skip
    return joined(frame, extra) if extra else frame


def payee_hit(hit: str, given: Given | None = None, on: str = "") -> list[dict[str, Any]]:
    """The other party, and the provider's place in the stead of the party's own."""
    base = {INSTRUMENT: "credit_transfer", "kind": "transfer", **(given or {})}
    found = [
        {"name": "the payee", "given": {**base, "payer.country": "CH", "payee.country": hit}, "expect": "fires"},
        {"name": "by the payer's provider", "given": {**base, ISSUER: hit, "payee.country": "CH"}, "expect": "fires"},
        {"name": "by the payee's provider", "given": {**base, "payer.country": "CH", ACQUIRER: hit}, "expect": "fires"},
    ]
    return [{**test, "on": on} if on else test for test in found]


def region_lets(law: Law, name: str, regions: list[tuple[str, str, Fact]]) -> None:
    """The list of regions of a regime, spelt in full and short, and who is there."""
    days = sorted({start for _, start, _ in regions})
    values = []
    for day in days:
        here = [code for code, start, _ in regions if start <= day]
        told = next(fact for _, start, fact in regions if start == day)
        spelt = sorted({form for code in here for form in (code, code.removeprefix("UA-"))})
        values.append({"from": day, "value": spelt, "cite": law.cite(told), "confidence": told.confidence})
    grades = [fact.confidence for _, _, fact in regions]
    law.settings[f"{name}_regions"] = {
        "type": "tokens", "confidence": max(grades, key="ABCR".index), "label": "regions of Ukraine under the embargo", "values": values,
    }  # fmt: skip
    for party in PARTIES:
        law.lets[f"{party}_{name}_region"] = {
            "label": f"{party} in a region under the embargo",
            "is": f'{party}_told and within({party}_at, "UA") and {party}.region in {name}_regions and '
            f"({party}.region in crimea or not {party}.government_controlled)",
        }
        if all(code in WHOLE for code, _, _ in regions):
            text = law.lets[f"{party}_{name}_region"]
            text["is"] = text["is"].rpartition(" and (")[0]


def region_rule(
    law: Law, identity: str, title: str, name: str, regions: list[tuple[str, str, Fact]], extra: Frame, regime: str
) -> None:
    """A party in a region under an embargo."""
    region_lets(law, name, regions)
    days = sorted({start for _, start, _ in regions})
    first = next(code for code, start, _ in regions if start == days[0])
    base: Given = {
        INSTRUMENT: "credit_transfer",
        "kind": "transfer",
        "payer.country": "UA",
        "payer.region": first,
        "payee.country": "CH",
    }
    frame = joined(
        Frame(
            f"(payer_{name}_region or payee_{name}_region)", base,
            (("in Kyiv", {"payer.region": "UA-30"}), ("elsewhere", {"payer.country": "CH", "payer.region": None})),
            (("region not known", {"payer.region": None}, ("payer.region",)),
             ("country not known", {"payer.country": None}, ("payer.country", ISSUER)),
             ("country and region not known", {"payer.country": None, "payer.region": None}, ("payer.country", "payer.region", ISSUER)),
             ("payee's region not known", {"payer.country": "CH", "payer.region": None, "payee.country": "UA"}, ("payee.region",)),
             ("payee's country not known", {"payer.country": "CH", "payer.region": None, "payee.country": None}, ("payee.country", "payee.region", ACQUIRER))),
        ),
        extra,
    )  # fmt: skip
    tests: list[dict[str, Any]] = []
    given = {**base, **extra.given}
    payee = {key: value for key, value in given.items() if not key.startswith(("payer", "payee"))}
    tests.append(
        {
            "name": "the payee",
            "given": {**payee, "payer.country": "CH", "payee.country": "UA", "payee.region": first},
            "expect": "fires",
        }
    )
    tests.append(
        {
            "name": "the payee in Kyiv",
            "given": {**payee, "payer.country": "CH", "payee.country": "UA", "payee.region": "UA-30"},
            "expect": "silent",
        }
    )
    for code, start, _ in regions:
        here = {**given, "payer.region": code}
        tests.append({"name": f"{REGIONS[code]} on the first day", "on": start, "given": here, "expect": "fires"})
        tests.append(
            {"name": f"{REGIONS[code]} on the day before", "on": _before(start), "given": here, "expect": "silent"}
        )
        part = code not in ("UA-43", "UA-40")
        free = {**here, "payer.government_controlled": True}
        tests.append(
            {
                "name": f"{REGIONS[code]} where the government is in control",
                "given": free,
                "expect": "silent" if part else "fires",
            }
        )
        other = {
            **payee,
            "payer.country": "CH",
            "payee.country": "UA",
            "payee.region": code,
            "payee.government_controlled": True,
        }
        tests.append(
            {
                "name": f"payee in {REGIONS[code]} where the government is in control",
                "given": other,
                "expect": "silent" if part else "fires",
            }
        )
    told = regions[-1][2]
    plain_rule(
        law, identity, title, {"block": f"embargo_{name}", "regime": regime}, frame, told, start=days[0], extra=tests,
        confidence=max((fact.confidence for _, _, fact in regions), key="ABCR".index),
        reading={
            "chosen": "the whole region, unless the address is stated to lie where the government is in control",
            "alternative": "the occupied part alone, whose line this release does not know", "by": "caution",
        },
    )  # fmt: skip


def _before(day: str) -> str:
    from scripts.aml_draft.build import day_before

    return day_before(day)


def regions_of(facts: list[Fact], regime: str) -> list[tuple[str, str, Fact]]:
    """(region, first day, row) of one regime, in the order of the days."""
    found = [
        (fact.parameter.removeprefix("embargo_"), fact.start, fact)
        for fact in facts
        if fact.place == regime and fact.parameter.startswith("embargo_UA-")
    ]
    return sorted(found, key=lambda one: (one[1], one[0]))


def embargo(law: Law, facts: list[Fact], regime: str, hit: str, restricted: str = "") -> None:
    """A regime's own rules in the pack of its place: whole territories, regions, and territories under lesser sanctions."""
    low = regime.lower()
    told = next(fact for fact in facts if fact.place == regime and fact.parameter == f"embargo_{hit}")
    spare = Frame("", {})
    plain_rule(
        law, f"aml.{low}.embargo", f"A party in a territory under embargo ({regime})", {"block": f"embargo_{low}", "regime": regime},
        party_frame(f"EMBARGO-{regime}", hit, spare), told, start=UNREAD, extra=payee_hit(hit),
    )  # fmt: skip
    if restricted:
        row = next(fact for fact in facts if fact.place == regime and fact.parameter == f"embargo_{restricted}")
        plain_rule(
            law, f"aml.{low}.restricted", f"A party in a territory under sanctions on trade and finance ({regime})",
            {"review": f"restricted_{low}", "regime": regime}, party_frame(f"EMBARGO-PARTIAL-{regime}", restricted), row, start=UNREAD,
            end=row.start if regime == "GB" else None, extra=payee_hit(restricted, on=_before(row.start) if regime == "GB" else ""),
        )  # fmt: skip
    regions = regions_of(facts, regime)
    if regions:
        region_rule(
            law,
            f"aml.{low}.embargo_regions",
            f"A party in a region of Ukraine under embargo ({regime})",
            low,
            regions,
            Frame("", {}),
            regime,
        )


# -- everywhere ------------------------------------------------------------------------------------------------------------


def world(law: Law, facts: list[Fact]) -> None:
    """The rules of the whole world."""
    by = {fact.parameter: fact for fact in facts if fact.place == "FATF"}
    _defaults(law)
    law.settings["crimea"] = {
        "type": "tokens", "basis": "house", "confidence": "A", "label": "regions that are occupied as a whole",
        "values": [{"from": UNREAD, "value": ["40", "43", "UA-40", "UA-43"]}],
    }  # fmt: skip
    law.settings["controlled_regions"] = {
        "type": "tokens", "basis": "house", "confidence": "A", "label": "regions of Ukraine under no embargo",
        "values": [{"from": UNREAD, "value": sorted({form for code in CONTROLLED for form in (code, code[3:])})}],
    }  # fmt: skip
    _nexus(law, facts)
    _ukraine(law, by)
    _standards(law, by)


def _defaults(law: Law) -> None:
    for name in ("due_diligence", "travel_wire", "travel_crypto", "suspicion_report", "retention"):
        law.settings[f"national_{name}"] = {
            "type": "bool", "basis": "house", "confidence": "A", "label": f"national {name}".replace("_", " "), **SET,
            "values": [{"from": UNREAD, "value": False}],
        }  # fmt: skip
    law.settings["cuba_by_dollar"] = {
        "type": "bool", "basis": "house", "confidence": "R", "label": "whether the embargo on Cuba reaches by the currency alone", **SET,
        "values": [{"from": UNREAD, "value": True}],
    }  # fmt: skip


def _nexus(law: Law, facts: list[Fact]) -> None:
    embargo(law, facts, "UN", "KP", "IR")
    told = next(fact for fact in facts if fact.place == "US" and fact.parameter == "embargo_KP")
    for party in PARTIES:
        law.lets[f"{party}_by_dollar"] = {
            "label": f"{party} in a territory under the embargoes of the United States",
            "is": f'{party}_told and within({party}_at, "EMBARGO-US") and (cuba_by_dollar or not within({party}_at, "CU"))',
        }
    dollar: Given = {
        INSTRUMENT: "credit_transfer",
        "kind": "transfer",
        "amount": "1.00 USD",
        "payer.country": "IR",
        "payee.country": "CH",
    }
    frame = Frame(
        'currency == "USD" and (payer_by_dollar or payee_by_dollar)', dollar,
        (("in another currency", {"amount": "1.00 CHF"}), ("neither", {"payer.country": "CH"})),
        (("payer from nowhere in particular", {"payer.country": None}, ("payer.country", ISSUER)),
         ("payee nowhere in particular", {"payer.country": "CH", "payee.country": None}, ("payee.country", ACQUIRER))),
    )  # fmt: skip
    cuba = {"name": "Cuba", "given": {**dollar, "payer.country": "CU"}, "expect": "fires"}
    other = {
        "name": "a payee in Cuba",
        "given": {**dollar, "payer.country": "CH", "payee.country": "CU"},
        "expect": "fires",
    }
    payee = {"name": "the payee", "given": {**dollar, "payer.country": "CH", "payee.country": "IR"}, "expect": "fires"}
    syria = [
        {"name": f"Syria on {day}", "on": day, "given": {**dollar, "payer.country": "SY"}, "expect": expect}
        for day, expect in (
            ("2004-05-10", "silent"),
            ("2004-05-11", "fires"),
            ("2025-06-30", "fires"),
            ("2025-07-01", "silent"),
        )
    ]
    title = "In dollars, with a party in a territory under embargo (US)"
    effect = {"block": "embargo_us", "regime": "US"}
    plain_rule(
        law, "aml.us_dollar.embargo", title, effect, frame, told, start=UNREAD, extra=[cuba, other, payee, *syria]
    )
    usd = Frame('currency == "USD"', {"amount": "1.00 USD"}, (("in another currency", {"amount": "1.00 CHF"}),))
    region_rule(
        law, "aml.us_dollar.embargo_regions", "In dollars, with a party in a region of Ukraine under embargo (US)", "us_dollar",
        regions_of(facts, "US"), usd, "US",
    )  # fmt: skip


def _ukraine(law: Law, by: dict[str, Fact]) -> None:
    told = by["retention_years"]
    for name, title, text in (
        ("region_unknown", "A party in Ukraine whose region is not known", "not is_known({0}.region)"),
        ("region_not_controlled", "A party in a region of Ukraine that is not wholly under its government", "not {0}.region in controlled_regions"),
    ):  # fmt: skip
        for party in PARTIES:
            law.lets[f"{party}_{name}"] = {
                "label": title.lower(),
                "is": f'{party}_told and within({party}_at, "UA") and {text.format(party)}',
            }
        base: Given = {INSTRUMENT: "credit_transfer", "kind": "transfer", "payer.country": "UA", "payee.country": "CH"}
        if name == "region_not_controlled":
            base["payer.region"] = "UA-23"
        nowhere = (("country not known", {"payer.country": None}, ("payer.country", ISSUER)),
                   ("payee's country not known", {"payer.country": "CH", "payer.region": None, "payee.country": None}, ("payee.country", ACQUIRER)))  # fmt: skip
        if name == "region_not_controlled":
            last = nowhere[-1]
            nowhere = (nowhere[0], (last[0], last[1], ("payee.country", "payee.region", ACQUIRER)))
            nowhere += (("region not known", {"payer.region": None}, ("payer.region",)),
                        ("payee's region not known", {"payer.country": "CH", "payer.region": None, "payee.country": "UA"}, ("payee.region",)))  # fmt: skip
        frame = Frame(
            f"payer_{name} or payee_{name}", base, (("in Kyiv", {"payer.region": "UA-30"}), ("elsewhere", {"payer.country": "CH", "payer.region": None})),
            nowhere,
        )  # fmt: skip
        region = {"payee.region": "UA-23"} if name == "region_not_controlled" else {}
        there = {INSTRUMENT: "credit_transfer", "kind": "transfer", "payer.country": "CH", "payee.country": "UA"}
        tests = [
            {"name": "the payee", "given": {**there, **region}, "expect": "fires"},
            {"name": "the payee in Kyiv", "given": {**there, "payee.region": "30"}, "expect": "silent"},
        ]
        plain_rule(law, f"aml.ukraine.{name}", title, {"review": name}, frame, told, start=UNREAD, basis="house", extra=tests, confidence="R",
                   note="embargoes of the Union, the Kingdom and the United States end at regions; without one nothing can be cleared")  # fmt: skip


def _obliged(when: str, given: Given, *more: tuple[str, Given]) -> Frame:
    return Frame(
        f"obliged and {when}",
        {ROLE: "bank", INSTRUMENT: "credit_transfer", **given},
        (("a merchant", {ROLE: None}), *more),
    )


def _standards(law: Law, by: dict[str, Fact]) -> None:
    told = by["cdd_occasional_threshold"]
    guidance: dict[str, Any] = {"start": UNREAD, "basis": "guidance"}
    plain_rule(law, "aml.diligence.new_relationship", "A business relationship begins", {"due_diligence": "standard"},
               Frame('obliged and relationship == "new"', {ROLE: "bank", INSTRUMENT: "credit_transfer", "relationship": "new"},
                     (("a merchant", {ROLE: None}), ("an established one", {"relationship": "established"})),
                     (("not known", {"relationship": None}, ("relationship",)),)), told, **guidance)  # fmt: skip
    plain_rule(law, "aml.suspicion", "A suspicion is looked at before anything is done", {"review": "suspicion", "oblige": [
        {"what": "str_review", "who": "obliged_entity", "within": "immediately"}, {"what": "no_tipping_off", "who": "obliged_entity"},
    ]}, Frame("suspicion", {"suspicion": True, INSTRUMENT: "card"}, (("none", {"suspicion": None}),)), told, **guidance)  # fmt: skip
    plain_rule(law, "aml.diligence.suspicion", "Due diligence on suspicion, whatever the amount", {"due_diligence": "standard"},
               _obliged("suspicion", {"suspicion": True}, ("no suspicion", {"suspicion": None})), told, **guidance)  # fmt: skip
    plain_rule(law, "aml.diligence.unusual", "An unusual transaction", {"due_diligence": "enhanced", "measures": ["source_of_funds", "reasons"]},
               _obliged("unusual", {"unusual": True}, ("nothing unusual", {"unusual": None})), told, **guidance)  # fmt: skip
    for party in PARTIES:
        law.lets[f"{party}_exposed"] = {
            "label": f"{party} politically exposed",
            "is": f'is_known({party}.politically_exposed) and {party}.politically_exposed in ["domestic", "foreign", "family"]',
        }
    base: Given = {"payer.politically_exposed": "foreign", "payee.politically_exposed": "none"}
    frame = _obliged("(payer_exposed or payee_exposed)", base, ("not exposed", {"payer.politically_exposed": "none"}))
    tests = [
        {
            "name": "the payee",
            "given": {ROLE: "bank", "payee.politically_exposed": "family", "payer.politically_exposed": "none"},
            "expect": "fires",
        },
        {"name": "nothing said", "given": {ROLE: "bank"}, "expect": "silent"},
    ]
    measures = ["senior_approval", "source_of_funds", "source_of_wealth"]
    plain_rule(law, "aml.diligence.exposed_person", "A politically exposed person", {"due_diligence": "enhanced", "measures": measures},
               frame, told, extra=tests, note="domestic ones by risk under R.12; taken with the others here", **guidance)  # fmt: skip
    plain_rule(law, "aml.fatf.call_for_action", "A party in a jurisdiction under the FATF's call for action",
               {"due_diligence": "enhanced", "measures": ["source_of_funds", "senior_approval"]},
               joined(role_frame("obliged"), party_frame("FATF-BLACK", "MM")), told, extra=payee_hit("MM", {ROLE: "bank"}),
               note="FATF R.19", **guidance)  # fmt: skip
    plain_rule(law, "aml.fatf.increased_monitoring", "A party in a jurisdiction under the FATF's increased monitoring",
               {"flag": "grey_list"}, joined(role_frame("obliged"), party_frame("FATF-GREY", "VN")), told,
               extra=payee_hit("VN", {ROLE: "bank"}), note="a factor of risk, no order of enhanced due diligence", **guidance)  # fmt: skip
    low = {INSTRUMENT: "credit_transfer", ROLE: "bank", "payer.risk": "low"}
    plain_rule(law, "aml.diligence.lower_risk", "A customer of lower risk, documented", {"due_diligence": "simplified"},
               Frame('obliged and payer.risk == "low" and not suspicion and not unusual', low,
                     (("a merchant", {ROLE: None}), ("of medium risk", {"payer.risk": "medium"}), ("a suspicion", {"suspicion": True}),
                      ("unusual", {"unusual": True})), (("not known", {"payer.risk": None}, ("payer.risk",)),)), told, **guidance)  # fmt: skip
    plain_rule(law, "aml.diligence.higher_risk", "A customer of higher risk", {"due_diligence": "enhanced"},
               _obliged('is_known(payer.risk) and payer.risk == "high"', {"payer.risk": "high"}, ("of low risk", {"payer.risk": "low"}),
                        ("of no stated risk", {"payer.risk": None})), told, **guidance)  # fmt: skip
    _fatf_numbers(law, by)


def _fatf_numbers(law: Law, by: dict[str, Fact]) -> None:
    """Where the law of the place was not read, the standard stands in: as guidance."""
    guidance: dict[str, Any] = {"basis": "guidance", "linked": True}

    def limit(name: str, sign: str) -> Limit:
        return Limit(law.parameters[name], sign, "EUR")

    own = Frame("not national_due_diligence", {})
    total = "amount + belonging"
    for name, parameter, roles, scope, occasional in (
        ("occasional", "fatf_cdd_occasional_threshold", "obliged", "any", True),
        ("crypto", "fatf_cdd_occasional_threshold_crypto", "crypto_providers", "crypto", True),
        ("casino", "fatf_casino_cdd_threshold", "casinos", "any", False),
        ("precious", "fatf_dpms_cash_threshold", "precious_dealers", "cash_in", False),
        ("precious_bought", "fatf_dpms_cash_threshold", "precious_dealers", "cash_out", False),
    ):  # fmt: skip
        frame = joined(own, role_frame(roles), scope_frame(scope, "WORLD"), OCCASIONAL if occasional else Frame("", {}))
        amount_rule(law, f"aml.fatf.diligence_{name}", "Due diligence from the FATF's threshold", {"due_diligence": "standard"}, frame,
                    limit(parameter, ">=" if name != "occasional" else ">"),
                    total=total if not scope.startswith("cash") else "amount + belonging_cash", **guidance)  # fmt: skip
    wire = joined(
        Frame("not national_travel_wire", {}), role_frame("payment_providers"), scope_frame("wire_abroad", "WORLD")
    )
    threshold = limit("fatf_travel_rule_wire_threshold", ">=")
    amount_rule(law, "aml.fatf.travel", "Data that go with a transfer abroad, by the FATF's standard", {"travel_rule": "fatf", "needs": list(spec.FULL)},
                wire, threshold, basis="guidance")  # fmt: skip
    told = by["travel_rule_wire_threshold"]
    plain_rule(law, "aml.fatf.travel_below", "Names and accounts go with every transfer abroad, by the FATF's standard",
               {"travel_rule": "fatf_below", "needs": list(spec.NAMES)}, wire, told, start=UNREAD, basis="guidance")  # fmt: skip
    crypto = joined(
        Frame("not national_travel_crypto", {}), role_frame("financial_institutions"), scope_frame("crypto", "WORLD")
    )
    amount_rule(law, "aml.fatf.travel_crypto", "Data that go with crypto-assets, by the FATF's standard",
                {"travel_rule": "fatf_crypto", "needs": list(spec.CRYPTO)}, crypto, limit("fatf_cdd_occasional_threshold_crypto", ">="), basis="guidance")  # fmt: skip
    plain_rule(law, "aml.fatf.report_suspicion", "A suspicion is reported, by the FATF's standard",
               {"report": "suspicion", "code": "STR", "authority": "the financial intelligence unit of the place", "due": "promptly", "from": "suspicion"},
               _obliged("suspicion and not national_suspicion_report", {"suspicion": True}, ("no suspicion", {"suspicion": None})),
               by["retention_years"], start=UNREAD, basis="guidance", note="FATF R.20")  # fmt: skip
    plain_rule(law, "aml.fatf.records", "Records are kept, by the FATF's standard",
               {"retain": "records", "years": {"parameter": "fatf_retention_years"}, "from": "relationship_end"},
               _obliged("not national_retention", {}), by["retention_years"], start=UNREAD, basis="guidance")  # fmt: skip


# -- the Union, the Kingdom ----------------------------------------------------------------------------------------------------


def union(law: Law, facts: list[Fact]) -> None:
    """Law of the Union that no number alone tells."""
    embargo(law, facts, "EU", "KP", "IR")
    law.settings["cuba_by_dollar"] = {
        "type": "bool", "basis": "house", "confidence": "R", "label": "whether the embargo on Cuba reaches by the currency alone", **SET,
        "note": "Regulation (EC) 2271/96 forbids to comply with it", "values": [{"from": UNREAD, "value": False}],
    }  # fmt: skip
    cuba = next(fact for fact in facts if fact.place == "EU" and fact.parameter == "embargo_CU")
    usd = Frame('currency == "USD"', {"amount": "1.00 USD"}, (("in euro", {"amount": "1.00 EUR"}),))
    plain_rule(law, "aml.eu.blocking_statute", "Cuba in dollars: the Union forbids to refuse for the embargo of the United States alone",
               {"review": "blocking_statute", "regime": "EU"}, joined(usd, party_frame("CU", "CU")), cuba, start=UNREAD,
               extra=payee_hit("CU", {"amount": "1.00 USD"}))  # fmt: skip
    listed = next(fact for fact in facts if fact.parameter == "high_risk_third_country_edd")
    _high_risk(law, "EU", "HIGH-RISK-EU", "AF", listed, "2016-09-23")
    _union_travel(law, facts)
    anonymous = next(fact for fact in facts if fact.parameter == "anonymous_prepaid_third_country")
    base: Given = {INSTRUMENT: "card", "asked_by": "acquirer", "payment.anonymous_prepaid": True, ISSUER: "US"}
    frame = Frame(
        'asked_by == "acquirer" and is_known(payment.anonymous_prepaid) and payment.anonymous_prepaid and not within(payment.issuer_country, "EEA")',
        base,
        (("asked by the merchant", {"asked_by": "merchant"}), ("nothing said of it", {"payment.anonymous_prepaid": None}),
         ("a named card", {"payment.anonymous_prepaid": False}), ("issued in the Union", {ISSUER: "FR"})),
        (("issuer not known", {ISSUER: None}, (ISSUER,)),),
    )  # fmt: skip
    plain_rule(
        law,
        "aml.eu.anonymous_prepaid",
        "An anonymous prepaid card issued in a third country",
        {"block": "anonymous_prepaid"},
        frame,
        anonymous,
    )
    hold = next(fact for fact in facts if fact.parameter == "str_execution_standstill")
    plain_rule(law, "aml.eu.standstill", "Not carried out until the report is filed and the unit has had its time",
               {"review": "standstill", "oblige": [{"what": "hold_until_answered", "who": "obliged_entity", "within": "3 working days"}]},
               _obliged("suspicion", {"suspicion": True}, ("no suspicion", {"suspicion": None})), hold)  # fmt: skip
    money = next(
        fact
        for fact in facts
        if fact.place == "EU" and fact.parameter == "emoney_sdd_limit" and fact.start == "2020-01-10"
    )
    limit = Limit(law.parameters["eu_emoney_sdd_limit"], "<=", "EUR")
    del limit, money
    national(law, "national_due_diligence")


def _high_risk(law: Law, place: str, group: str, hit: str, told: Fact, start: str) -> None:
    low = place.lower()
    measures = ["more_data", "source_of_funds", "reasons", "senior_approval", "more_monitoring"]
    effect = {"due_diligence": "enhanced", "measures": measures}
    frame = joined(role_frame("obliged"), party_frame(group, hit))
    plain_rule(law, f"aml.{low}.high_risk_country", "A party in a high-risk third country", effect, frame, told, start=start,
               extra=payee_hit(hit, {ROLE: "bank"}))  # fmt: skip
    text = f'is_known(payer.owners) and any(within(owner.country, "{group}") for owner in payer.owners)'
    base: Given = {ROLE: "bank", INSTRUMENT: "credit_transfer", "payer.owners": [{"country": hit}]}
    owners = Frame(f"obliged and {text}", base,
                   (("a merchant", {ROLE: None}), ("from elsewhere", {"payer.owners": [{"country": "CH"}]}), ("nothing said", {"payer.owners": None})),
                   (("country not known", {"payer.owners": [{"name": "N."}]}, ("payer.owners.country",)),))  # fmt: skip
    plain_rule(
        law,
        f"aml.{low}.high_risk_owner",
        "A beneficial owner in a high-risk third country",
        effect,
        owners,
        told,
        start=start,
    )


def _union_travel(law: Law, facts: list[Fact]) -> None:
    told = next(fact for fact in facts if fact.place == "EU" and fact.parameter == "travel_rule_wire_threshold")
    law.lets["inside_the_union"] = {
        "label": "both providers in the Union",
        "is": 'within(coalesce(payment.issuer_country, payer.country), "EEA") and within(coalesce(payment.acquirer_country, payee.country), "EEA")',
    }
    carriers = role_frame("payment_providers")
    inside_given: Given = {ISSUER: "DE", ACQUIRER: "FR"}
    abroad = (("abroad", {ACQUIRER: "US"}), ("from abroad", {ISSUER: "US"}))
    unknown = (("the other end not known", {ACQUIRER: None}, ("payee.country", ACQUIRER)),
               ("this end not known", {ISSUER: None}, ("payer.country", ISSUER)))  # fmt: skip
    inside = joined(carriers, scope_frame("wire", "EU"), Frame("inside_the_union", inside_given, abroad, unknown))
    plain_rule(law, "aml.eu.travel.inside", "Accounts go with a transfer inside the Union, the rest on request",
               {"travel_rule": "inside", "needs": list(spec.ACCOUNTS), "on_request": ["payer.name", spec.UNION_WHO, "payee.name"], "within": "3 working days"},
               inside, told)  # fmt: skip
    outside = joined(
        carriers,
        scope_frame("wire", "EU"),
        Frame("not inside_the_union", {ISSUER: "DE", ACQUIRER: "US"}, (("inside", {ACQUIRER: "FR"}),), unknown[:1]),
    )
    plain_rule(law, "aml.eu.travel.outside", "Names and accounts go with every transfer that leaves or enters the Union",
               {"travel_rule": "outside", "needs": list(spec.NAMES)}, outside, told)  # fmt: skip
    limit = Limit(law.parameters["eu_travel_rule_wire_threshold"], ">", "EUR")
    amount_rule(law, "aml.eu.travel.outside_full", "Full data go with a transfer across the Union's border above the threshold",
                {"travel_rule": "outside_full", "needs": list(spec.UNION_FULL)}, outside, limit, total="amount + belonging", linked=True)  # fmt: skip
    crypto = next(fact for fact in facts if fact.place == "EU" and fact.parameter == "travel_rule_va_threshold")
    plain_rule(law, "aml.eu.travel.crypto", "Full data go with every transfer of crypto-assets", {"travel_rule": "crypto", "needs": list(spec.UNION_CRYPTO)},
               joined(role_frame("financial_institutions"), scope_frame("crypto", "EU")), crypto)  # fmt: skip
    own = Limit(law.parameters["eu_travel_rule_selfhosted_verification_threshold"], ">", "EUR")
    hosted: Given = {"crypto.beneficiary_wallet_hosted": False, "crypto.originator_wallet_hosted": True}
    law.lets["self_hosted"] = {
        "label": "a self-hosted wallet", "is": "not crypto.originator_wallet_hosted or not crypto.beneficiary_wallet_hosted",
    }  # fmt: skip
    frame = joined(role_frame("financial_institutions"), scope_frame("crypto", "EU"),
                   Frame("self_hosted", hosted, (("hosted on both sides", {"crypto.beneficiary_wallet_hosted": True}),),
                         (("one side not known", {"crypto.beneficiary_wallet_hosted": None}, ("crypto.beneficiary_wallet_hosted",)),
                          ("the other not known", {"crypto.originator_wallet_hosted": None, "crypto.beneficiary_wallet_hosted": True}, ("crypto.originator_wallet_hosted",)))))  # fmt: skip
    amount_rule(law, "aml.eu.travel.self_hosted", "Whose a self-hosted address is must be verified above the threshold",
                {"travel_rule": "self_hosted", "needs": ["crypto.wallet_ownership_verified"]}, frame, own,
                fires=[("the originator's", {"crypto.originator_wallet_hosted": False, "crypto.beneficiary_wallet_hosted": True})])  # fmt: skip
    for name in ("wire", "crypto"):
        national(
            law, f"national_travel_{name}", [{"from": UNREAD, "value": False}, {"from": told.start, "value": True}]
        )


def kingdom(law: Law, facts: list[Fact]) -> None:
    """The United Kingdom."""
    embargo(law, facts, "GB", "KP", "SY")
    told = next(
        fact for fact in facts if fact.parameter == "uk_high_risk_third_country_rule" and fact.value.endswith("only")
    )
    _high_risk(law, "GB", "HIGH-RISK-GB", "MM", told, "2024-01-23")


def states(law: Law, facts: list[Fact]) -> None:
    """The United States."""
    embargo(law, facts, "US", "KP")


def canada(law: Law, facts: list[Fact]) -> None:
    """Canada."""
    regions = regions_of(facts, "CA")
    region_rule(
        law,
        "aml.ca.embargo_regions",
        "A party in a region of Ukraine under embargo (CA)",
        "ca",
        regions,
        Frame("", {}),
        "CA",
    )
