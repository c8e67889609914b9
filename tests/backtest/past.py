"""Past payments of all kinds, drawn from one seed: cards and wallets, cash paid in, transfers with and without their data,
customers half known. Whatever may be left out is left out now and then."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import Any, Final

import orjson

from api.bundled import rulepacks
from engine.facts import Facts
from engine.money import RateRow, RateTable
from engine.packs import PackSet
from engine.packs.packset import read_files, read_packs
from engine.packs.release import seal
from engine.replay import facts_from

PLACES: Final = ("DE", "DE", "DE", "FR", "NL", "AT", "IT", "SE", "PL", "US", "GB", "RE")
METHODS: Final = (
    "visa", "ideal", "sepa_instant", "sepa_credit_transfer", "sepa_debit", "giropay", "wero", "klarna", "pay_upon_invoice",
    "swish", "blik", "bancontact", "paypal", "sofort", "trustly",
)  # fmt: skip
IBANS: Final = ("DE89370400440532013000", "FR1420041010050500013M02606", "NL91ABNA0417164300", "DE00370400440532013000")
_LISTS: Final = ("ADEQUACY", "CONCERN", "EMBARGO", "FATF", "HIGH")
_WHOLE: Final = ("WORLD", "EU", "EEA", "DE", "FR", "NL", "AT", "IT", "SE", "PL", "US", "GB", "messages")


@cache
def files() -> dict[str, str]:
    """The packs of the places that these payments touch."""
    shipped = read_files(rulepacks())
    return {
        path: text
        for path, text in shipped.items()
        if path.partition("/")[0] in _WHOLE or path.startswith((*_LISTS, "regions"))
    }


def release(changed: dict[str, str] | None = None, version: str = "1") -> PackSet:
    """Those packs, with some files changed."""
    found = {**files(), **(changed or {})}
    packs, notes = read_packs(found)
    assert not [problem for problem in notes.problems if problem.severity == "error"], notes.problems[:3]
    return PackSet(packs, found, seal(found, version))


@cache
def law() -> PackSet:
    """Those packs as they are."""
    return release()


@cache
def halved() -> PackSet:
    """The same with the limits of contactless and of small remote payments at half of what they are."""
    path = "EEA/sca/limits.yaml"
    text = files()[path]
    for limit in (30, 50, 100, 150):
        text = text.replace(f'value: "{limit}"', f'value: "{limit // 2}"')
    assert text != files()[path]
    return release({path: text}, "2")


@cache
def rates() -> RateTable:
    """Rates of a few currencies on some days: of others none is known."""
    from datetime import date
    from decimal import Decimal

    quoted = {"SEK": "11.0310", "PLN": "4.2515", "USD": "1.0871", "JPY": "161.43"}
    days = (date(2026, 9, 1), date(2026, 10, 15))
    return RateTable(
        [RateRow(day, currency, Decimal(per_euro)) for day in days for currency, per_euro in quoted.items()]
    )


class Past:
    """Draws payments."""

    def __init__(self, seed: int):
        self.dice = Random(seed)

    def facts(self, count: int) -> list[Facts]:
        """As they are stored: each was accepted at the door."""
        return [facts_from(orjson.dumps(self.body(number))) for number in range(count)]

    def body(self, number: int) -> dict[str, Any]:
        """One request."""
        dice, currency = self.dice, self.dice.choices(("EUR", "SEK", "USD", "PLN", "JPY"), (90, 3, 3, 2, 2))[0]
        instrument = dice.choice(("card", "card", "card", "credit_transfer", "direct_debit", "e_money", "cash"))
        amount = dice.choice(
            ("15.00", "29.99", "30.00", "50.00", "50.01", "100.00", "999.99", "1000.01", "10000.00", "250.00")
        )
        at = datetime.fromisoformat("2026-09-20T00:00:00+02:00") + timedelta(minutes=dice.randrange(60 * 24 * 60))
        return self._some(
            {
                "occurred_at!": at.isoformat(),
                "amount!": amount.partition(".")[0] if currency == "JPY" else amount,
                "currency!": currency,
                "reference": f"ord-{number}",
                "kind": dice.choice(("sale", "sale", "sale", "refund", "payout", "transfer", "deposit", "withdrawal")),
                "asked_by": dice.choice(("merchant", "acquirer", "issuer")),
                "direction": dice.choice(("in", "out")),
                "relationship": dice.choice(("occasional", "new", "established")),
                "suspicion": dice.random() < 0.05,
                "obliged_entity": self._entity(),
                "payment!": self._payment(instrument, currency),
                "payer": self._party("c"),
                "payee!": {"country": dice.choice(PLACES), **self._party("m")},
                "customer": dice.choice(("payer", "payer", "payer", "payee")) if dice.random() < 0.2 else None,
            }
        )

    def _some(self, stated: dict[str, Any], share: float = 0.75) -> dict[str, Any]:
        """Most of it; what ends in `!` always."""
        return {
            key.rstrip("!"): value
            for key, value in stated.items()
            if value is not None and value != {} and (key.endswith("!") or self.dice.random() < share)
        }

    def _flag(self, share: float = 0.3) -> bool:
        return self.dice.random() < share

    def _entity(self) -> dict[str, Any]:
        roles = ("bank", "payment_institution", "e_money_institution", "money_remitter", "crypto_provider", "merchant")
        return self._some({"role": self.dice.choice(roles), "country": self.dice.choice(PLACES)})

    def _payment(self, instrument: str, currency: str) -> dict[str, Any]:
        dice = self.dice
        mandate = {
            name: self._flag(0.5) for name in ("authenticated", "first", "same_amount", "same_payee", "being_set_up")
        }
        counted = {"amount": dice.choice(("10", "85", "140")), "currency!": currency, "count": dice.randrange(7)}
        level = {"level": dice.choice(("low", "high")), "signals": ["unusual_device"] if self._flag() else []}
        return self._some(
            {
                "instrument!": instrument,
                "method": dice.choice(METHODS) if self._flag(0.5) else None,
                "channel": dice.choice(
                    ("remote", "remote", "contactless", "chip", "unattended_terminal", "mail_telephone")
                ),
                "initiator": dice.choice(("payer", "payer", "payee")),
                "issuer_country": dice.choice(PLACES),
                "acquirer_country": dice.choice(PLACES),
                "mandate": self._some(mandate) if self._flag() else None,
                "since_authenticated": self._counted(counted) if self._flag(0.5) else None,
                "fraud_rate": self._some({"bps": dice.choice(("0.9", "6", "13.01")), "reference_date": "2026-06-30"}),
                "risk": self._some(level) if self._flag(0.5) else None,
                "authentication": self._authentication() if self._flag() else None,
                "terminal": self._some({"attended": self._flag(), "purpose": dice.choice(("parking", "vending"))}),
                "account": {"iban": dice.choice(IBANS)} if self._flag(0.15) else None,
                "installments": dice.randrange(1, 5) if self._flag(0.1) else None,
                **{name: self._flag(0.1) for name in ("corporate_process", "trusted_beneficiary", "own_account")},
            }
        )

    def _counted(self, counted: dict[str, Any]) -> dict[str, Any]:
        found = self._some(counted)
        if "amount" not in found:
            found.pop("currency")
        return found

    def _authentication(self) -> dict[str, Any]:
        factors = self.dice.sample(("knowledge", "possession", "inherence"), self.dice.randrange(3))
        return self._some(
            {"done": self._flag(0.8), "factors": factors, "dynamic_linking": self._flag(0.6), "method": "app"}
        )

    def _party(self, prefix: str) -> dict[str, Any]:
        dice = self.dice
        return self._some(
            {
                "id": f"{prefix}-{dice.randrange(50)}",
                "type": dice.choice(("individual", "organisation")),
                "name": "A. Person",
                "country": dice.choice(PLACES),
                "address": "Main Street 1" if self._flag() else None,
                "date_of_birth": dice.choice(("1990-05-01", "2012-02-29")) if self._flag() else None,
                "identity": {"level": dice.choice(("none", "basic", "verified", "enhanced"))}
                if self._flag(0.5)
                else None,
                "politically_exposed": dice.choice(("none", "domestic", "former")) if self._flag() else None,
                "wallet_tier": "basic" if self._flag(0.1) else None,
                "owners": [{"share": "30", "name": "B. Person"}] if self._flag(0.05) else None,
                "national_ids": [{"country": "DE", "type": "idnr", "value": "36574261809"}]
                if self._flag(0.05)
                else None,
            },
            0.6,
        )
