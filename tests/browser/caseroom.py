"""A house with cases to work on: patterns, matches with an invented list, payments in evidence, merchants in every stage."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson

from api.bundled import samples
from api.screening import alert_of
from engine.alerts import Alert, AlertKind
from engine.ledger import Occasion, ScreeningEntry, Told
from tests.browser.house import House
from tests.screening.loading import put

ORLIN = {
    "name": "Orlin Draganov", "kind": "person", "birth_date": "1991-04-17", "country": "DE", "nationality": "BG",
    "subject": "c-7",
}  # fmt: skip
_LISTED = """<INDIVIDUALS><INDIVIDUAL><FIRST_NAME>ORLIN</FIRST_NAME><SECOND_NAME>PETKOV</SECOND_NAME>
<THIRD_NAME>DRAGANOV</THIRD_NAME><UN_LIST_TYPE>Example</UN_LIST_TYPE><REFERENCE_NUMBER>QDx.001</REFERENCE_NUMBER>
<LISTED_ON>2019-03-11</LISTED_ON><GENDER>Male</GENDER><NAME_ORIGINAL_SCRIPT>Орлин Драганов</NAME_ORIGINAL_SCRIPT>
<NATIONALITY><VALUE>Bulgaria</VALUE></NATIONALITY>
<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Orlin Draganoff</ALIAS_NAME></INDIVIDUAL_ALIAS>
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><YEAR>1968</YEAR></INDIVIDUAL_DATE_OF_BIRTH>
<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>BG3310774</NUMBER>
<ISSUING_COUNTRY>Bulgaria</ISSUING_COUNTRY></INDIVIDUAL_DOCUMENT></INDIVIDUAL></INDIVIDUALS>"""
_FIRMS = ("Silver Meridian Shipping", "Northgate Cedar Trading", "Halcyon Quarry Works", "Blue Lantern Freight")
"""Names of nobody. The first edition lacks the first, the second the last."""


def _edition(house: House, firms: tuple[str, ...], days: int) -> bytes:
    at = (house.service.clock() - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    names = {name: f"QDe.{100 + _FIRMS.index(name)}" for name in firms}
    names |= {f"Fallow Sample {number}": f"QDe.{number}" for number in range(20)}
    sample = "".join(
        f"<ENTITY><FIRST_NAME>{name}</FIRST_NAME><UN_LIST_TYPE>Example</UN_LIST_TYPE>"
        f"<REFERENCE_NUMBER>{key}</REFERENCE_NUMBER></ENTITY>"
        for name, key in names.items()
    )
    return (
        f'<CONSOLIDATED_LIST dateGenerated="{at}">{_LISTED}<ENTITIES>{sample}</ENTITIES></CONSOLIDATED_LIST>'.encode()
    )


def lists_into(house: House) -> None:
    """Load two editions of an invented list, as an operator does."""
    for firms, days in ((_FIRMS[1:], 5), (_FIRMS[:-1], 1)):
        put(house.service.ledger, _edition(house, firms, days), at=house.service.clock() - timedelta(days=days - 1))
    assert house.service.lists is not None
    house.service.lists.refresh()


def fill(house: House) -> dict[str, str]:
    """Everything; what was made, by name: ids of cases."""
    lists_into(house)
    profile(house)
    return {**_alerts(house), **_merchants(house), "owed": owed(house)}


def tell(house: House, *told: Alert | Told) -> str:
    """Tell alerts of one subject; the id of their case."""
    service = house.service
    occasion = Occasion(service.clock(), service.packs.release.digest, service.monitor().new_case)
    found = [one if isinstance(one, Told) else Told(one) for one in told]
    service.ledger.alerts.tell(found, occasion)
    stored = service.ledger.alerts.one(found[0].alert.id)
    assert stored is not None
    return stored.case_id


def matched(house: House, asked: dict[str, Any] | None = None, severity: str | None = None) -> str:
    """The case of somebody whom the list may mean, with the screening that found it."""
    body = dict(ORLIN if asked is None else asked)
    subject = body.pop("subject")
    service = house.service
    screening = house.api.post("/v1/screenings", json={**body, "subject": subject}).json()
    found, fingerprint = service.screening.of(body, service.clock())
    alert = alert_of(found.matches[0], found, "payer", subject, service.clock())
    alert = replace(alert, severity=severity) if severity else alert
    entry = ScreeningEntry(
        screening["id"], service.clock(), "system", subject, found.verdict, fingerprint, orjson.dumps(body),
        orjson.dumps(screening),
    )  # fmt: skip
    return tell(house, Told(alert, f"{subject}:1", entry))


def payments(house: House, subject: str, count: int = 6) -> list[str]:
    """Payments of somebody, a little below what is to be reported: ids of their decisions."""
    made = []
    for number in range(count):
        at = house.service.clock() - timedelta(days=count - number, hours=number)
        body = {
            "reference": f"tr-{subject}-{number}", "occurred_at": at.isoformat(), "kind": "transfer", "direction": "out",
            "amount": f"{9400 + 37 * number}.00", "currency": "EUR",
            "payment": {"instrument": "credit_transfer", "channel": "remote", "issuer_country": "DE", "acquirer_country": "FR"},
            "payer": {"id": subject, "type": "individual", "country": "DE"},
            "payee": {"id": f"s-{number % 2}", "type": "organisation", "country": "FR"},
        }  # fmt: skip
        answer = house.api.post("/v1/preflight?domains=aml", json=body)
        assert answer.status_code == 200, answer.text
        made.append(answer.json()["id"])
    return made


def told_of(house: House, subject: str, **changes: Any) -> Alert:
    """A pattern of somebody, by payments that were never asked about."""
    made = Alert(
        AlertKind.SCENARIO, "scenario.pass_through", "MONITORING", "2026.11.0", "payer", subject, (f"dec_{subject}",),
        house.service.clock(), "medium", "950.00 EUR of 1000.00 EUR left within 3 hours.",
    )  # fmt: skip
    return replace(made, **changes)


def pattern(house: House, subject: str, severity: str = "medium", **changes: Any) -> str:
    """The case of somebody whose payments form a pattern."""
    evidence = tuple(sorted(payments(house, subject)))
    alert = Alert(
        AlertKind.SCENARIO, "scenario.pass_through", "MONITORING", "2026.11.0", "payer", subject, evidence,
        house.service.clock() - timedelta(hours=3), severity,
        "Money came in and left at once: 56,955.00 EUR of 58,000.00 EUR within 48 hours, to 2 payees.",
    )  # fmt: skip
    return tell(house, replace(alert, **changes))


def owed(house: House, subject: str = "c-40") -> str:
    """The decision on a cash payment that is to be reported."""
    body = {
        "reference": f"cash-{subject}", "amount": "14500.00", "currency": "USD", "kind": "deposit", "direction": "in",
        "payment": {"instrument": "cash", "issuer_country": "US"}, "obliged_entity": {"role": "bank", "country": "US"},
        "payer": {"id": subject, "country": "US", "type": "individual"},
    }  # fmt: skip
    answer = house.api.post("/v1/preflight?domains=aml", json=body)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


def _alerts(house: House) -> dict[str, str]:
    made = {"match": matched(house), "pattern": pattern(house, "c-12"), "grave": pattern(house, "c-31", "high")}
    incident = Alert(
        AlertKind.INCIDENT, "incident.feed", "", "", "service", "feed-bafin", ("feed-bafin",), house.service.clock(), "low",
        "The feed of BaFin has been silent for 9 days.",
    )  # fmt: skip
    made["incident"] = tell(house, incident)
    return made


def profile(house: House, merchant: str = "m-9") -> None:
    """A merchant whose profile is kept, in its second version."""
    body = {
        "name": "Nordlicht Handels GmbH", "type": "organisation", "country": "DE", "address": "Hafenstr. 1, Hamburg",
        "industry": "5942", "establishments": [], "facts": {"turnover": "250000"},
        "registrations": [{"jurisdiction": "DE", "scheme": "standard", "number": "DE136695976", "since": "2020-01-01"}],
    }  # fmt: skip
    for more in ({}, {"registrations": [*body["registrations"], {"jurisdiction": "DE", "scheme": "oss"}]}):
        answer = house.api.put(f"/v1/merchants/{merchant}", json={**body, **more})
        assert answer.status_code == 200, answer.text


def application(number: int, **changes: Any) -> dict[str, Any]:
    """A bookseller like the sample, and no other's marks."""
    body: dict[str, Any] = orjson.loads((samples() / "onboarding" / "bookseller.json").read_bytes())
    body |= {
        "merchant": f"m-{100 + number}", "name": f"Librairie {number}", "legal_form": "sole_trader",
        "account": {"number": f"FR-{number}", "country": "FR", "holder": f"Librairie {number}"},
    }  # fmt: skip
    body.pop("registration_number")
    body.pop("tax_ids")
    return body | changes


def apply(house: House, body: dict[str, Any], who: str = "all") -> dict[str, Any]:
    """Hand an application in."""
    client = house.api if who == "all" else house.as_(who)
    answer = client.post("/v1/onboarding", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def exposed(number: int, **changes: Any) -> dict[str, Any]:
    """An application of high risk: its director holds an office abroad."""
    body = application(number, **changes)
    return body | {"directors": [{**body["directors"][0], "politically_exposed": "foreign"}]}


def _merchants(house: House) -> dict[str, str]:
    plain, risky = apply(house, application(1)), apply(house, exposed(2, name="Galerie Beaumont"))
    lacking = apply(house, application(3, name="Atelier Vasseur", documents=[]))
    draft = house.api.post("/v1/onboarding?draft=true", json=application(4, name="Maison Colline")).json()
    active = apply(house, application(5, name="Papeterie du Port"))
    day = house.service.clock().date().isoformat()
    with house.as_("officer") as officer:
        path = f"/v1/onboarding/{active['id']}/decision"
        assert officer.post(path, json={"decision": "approve", "reason": "Register and bank agree."}).status_code == 200
        conditions = {
            "contract_signed_on": day, "account_verified_on": day, "monthly_limit": "30000.00", "currency": "EUR",
            "monitoring_profile": "standard",
        }  # fmt: skip
        done = officer.post(path, json={"decision": "activate", "reason": "Contract signed.", "conditions": conditions})
        assert done.status_code == 200, done.text
    found = {"plain": plain, "risky": risky, "lacking": lacking, "draft": draft, "active": active}
    return {f"merchant_{name}": case["id"] for name, case in found.items()}
