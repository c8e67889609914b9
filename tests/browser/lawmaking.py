"""Changes to the law as people make them, through the public interface: for the tests of pages about them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.browser.house import House

LIMITS, MANIFEST, RULES = "EEA/sca/limits.yaml", "EEA/pack.yaml", "EEA/sca/exemptions.yaml"
OLD = '{from: "2019-09-14", value: "30"}'
FIRST_TEST = '      - {name: at the limit, given: {amount: "30.00 EUR"'
_COUNTERS = 'since_authenticated: {amount: "0.00 EUR", count: 0, policy: amount}'


def a_day_to_come() -> str:
    """The first of the month after next: a value of that day bites in the future."""
    later = (datetime.now(UTC).date().replace(day=1) + timedelta(days=70)).replace(day=1)
    return later.isoformat()


def tests_of(day: str, limit: int) -> str:
    """Embedded tests at the boundary of a new limit, and on the eve of its day."""
    eve = (date.fromisoformat(day) - timedelta(days=1)).isoformat()
    rows = (
        ("at the new limit", day, f"{limit}.00", "fires"),
        ("one cent over the new limit", day, f"{limit}.01", "silent"),
        ("at the new limit on its eve", eve, f"{limit}.00", "silent"),
    )
    return "".join(
        f'      - {{name: {name}, on: "{when}", given: {{amount: "{amount} EUR", payment: {{instrument: card,'
        f" channel: remote, {_COUNTERS}}}}}, expect: {expect}}}\n"
        for name, when, amount, expect in rows
    )


def _house(amount: int) -> str:
    """A rule of the house: no payment above a ceiling."""
    rows = (
        ("at the ceiling", "2026-03-01", f"{amount}.00", "silent"),
        ("one cent over", "2026-03-01", f"{amount}.01", "fires"),
        ("the first day", "2026-01-01", f"{amount}.01", "fires"),
        ("the day before", "2025-12-31", f"{amount}.01", "silent"),
    )
    tests = "".join(
        f'      - {{name: {name}, on: "{day}", given: {{amount: "{paid} EUR"}}, expect: {expect}}}\n'
        for name, day, paid, expect in rows
    )
    return f"""domain: aml
note: What this house adds.
parameters:
  house_ceiling:
    type: money
    unit: EUR
    basis: house
    confidence: A
    note: The house has decided it.
    values:
      - {{from: "2026-01-01", value: "{amount}.00"}}
rules:
  - id: aml.house_large
    title: The house takes no payment so large
    basis: house
    confidence: A
    note: The house has decided it.
    applies: {{by: payment_date, from: "2026-01-01"}}
    when: amount > house_ceiling
    effect: {{block: house_large}}
    tests:
{tests}"""


class Lawmakers:
    """People who change the limit of a low-value payment in the EEA."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.made = 0

    def call(self, who: str, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """One call in somebody's name, which must succeed."""
        with self.house.as_(who) as client:
            answer = client.request(method, path, json=body, headers=headers)
        assert answer.status_code < 400, answer.text
        return answer.json()

    def write(self, who: str, draft: str, path: str, old: str, new: str) -> None:
        """What stands in a file once, replaced."""
        read = self.call(who, "GET", f"/v1/drafts/{draft}/files/{path}")
        assert read["text"].count(old) == 1, f"{old!r} stands {read['text'].count(old)} times in {path}"
        text = read["text"].replace(old, new)
        self.call(who, "PUT", f"/v1/drafts/{draft}/files/{path}", {"text": text}, **{"if-match": read["etag"]})

    def opened(self, title: str, limit: int = 50, who: str = "officer", day: str | None = None) -> str:
        """A draft that raises the limit from a day on; checked."""
        day = day or a_day_to_come()
        draft: str = self.call(who, "POST", "/v1/drafts", {"title": title})["id"]
        self.write(who, draft, LIMITS, OLD, f'{OLD}\n      - {{from: "{day}", value: "{limit}"}}')
        self.write(who, draft, RULES, FIRST_TEST, tests_of(day, limit) + FIRST_TEST)
        manifest = self.call(who, "GET", f"/v1/drafts/{draft}/files/{MANIFEST}")["text"]
        line = next(line for line in manifest.splitlines() if line.startswith("version:"))
        self.made += 1
        self.write(who, draft, MANIFEST, line, f'version: "2027.{self.made}.0"')
        checked = self.call(who, "POST", f"/v1/drafts/{draft}/check")
        assert checked["ok"], checked["problems"]
        return draft

    def ceiling(self, title: str, amount: int, who: str = "officer") -> str:
        """A draft by which the house takes no larger payment in France, from the first of the year on; checked."""
        draft: str = self.call(who, "POST", "/v1/drafts", {"title": title})["id"]
        path = f"/v1/drafts/{draft}/files/FR/aml/house.yaml"
        self.call(who, "PUT", path, {"text": _house(amount)}, **{"if-none-match": "*"})
        manifest = self.call(who, "GET", f"/v1/drafts/{draft}/files/FR/pack.yaml")["text"]
        line = next(line for line in manifest.splitlines() if line.startswith("version:"))
        self.made += 1
        self.write(who, draft, "FR/pack.yaml", line, f'version: "2027.{self.made}.0"')
        checked = self.call(who, "POST", f"/v1/drafts/{draft}/check")
        assert checked["ok"], checked["problems"]
        return draft

    def submitted(self, title: str, limit: int = 50, who: str = "officer", day: str | None = None) -> str:
        """The same, handed in."""
        draft = self.opened(title, limit, who, day)
        self.step(who, draft, "submit", "The Regulation of today.")
        return draft

    def approved(self, title: str, limit: int = 50, who: str = "officer", day: str | None = None) -> str:
        """The same, approved by two."""
        draft = self.submitted(title, limit, who, day)
        content = self.call(who, "GET", f"/v1/drafts/{draft}")["content"]
        for approver in ("approver", "approver-2"):
            self.step(approver, draft, "approve", "As the text says.", content=content)
        return draft

    def step(self, who: str, draft: str, step: str, reason: str, **more: Any) -> Any:
        """A step of a draft."""
        return self.call(who, "POST", f"/v1/drafts/{draft}/{step}", {"reason": reason, **more})

    def pay(self, *amounts: str, country: str = "FR", domains: str = "sca") -> list[dict[str, Any]]:
        """Remote card payments, decided."""
        found = []
        for number, amount in enumerate(amounts):
            body = {
                "reference": f"ord-{number}", "amount": amount, "currency": "EUR", "asked_by": "issuer",
                "payment": {
                    "instrument": "card", "channel": "remote", "initiator": "payer", "issuer_country": country,
                    "acquirer_country": "DE",
                    "since_authenticated": {"amount": "0.00", "currency": "EUR", "count": 0, "policy": "amount"},
                },
                "payer": {"id": f"c-{number}", "country": country}, "payee": {"country": country},
            }  # fmt: skip
            answer = self.house.api.post(f"/v1/preflight?domains={domains}", json=body)
            assert answer.status_code == 200, answer.text
            found.append(answer.json())
        return found
