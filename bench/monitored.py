"""A bank's customers over ten months, and patterns that are laid among them: what scenarios are measured on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from engine.scenarios import Event

START = datetime(2026, 1, 5, tzinfo=UTC)
DAYS = 300
SHOPS = 400
BUSINESSES = 40


@dataclass
class Traffic:
    """Events, oldest first, and which of them belong together as a pattern."""

    events: list[Event]
    laid: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    """Scenario and the ids of the events of one instance."""
    segments: dict[str, str] = field(default_factory=dict)
    """Party -> its segment, where it is not the standard one."""


@dataclass
class Household:
    """One private customer: income, rent, a card, habits."""

    id: str
    country: str
    salary: int
    rent: int
    payday: int
    shops: list[int]
    often: float
    friends: list[str]
    spends: int


def households(number: int, dice: Random) -> list[Household]:
    """Private customers whose incomes are spread as incomes are."""
    found = []
    for at in range(number):
        salary = int(max(90_000, min(900_000, dice.lognormvariate(12.45, 0.4))))
        friends = [f"c{dice.randrange(number)}" for _ in range(3)]
        country = dice.choices(["DE", "FR", "NL", "PL"], [5, 3, 1, 1])[0]
        rent, payday, often = salary * dice.randint(25, 38) // 100, dice.randint(1, 27), dice.uniform(0.05, 0.35)
        shops, spends = [dice.randrange(SHOPS) for _ in range(9)], int(dice.lognormvariate(8.1, 0.5))
        found.append(Household(f"c{at}", country, salary, rent, payday, shops, often, friends, spends))
    return found


class Maker:
    """Makes events with ids of their own."""

    def __init__(self, dice: Random, prefix: str):
        self.dice, self.prefix, self.made = dice, prefix, 0

    def event(self, at: datetime, kind: str, amount: int, payer: str, payee: str, **stated: object) -> Event:
        """One payment between two parties; accounts are theirs."""
        self.made += 1
        given = {"account": f"{payer}-a", "payee_account": f"{payee}-a", "payer_country": "DE", "payee_country": "DE"}
        return Event(
            f"{self.prefix}{self.made}",
            at,
            kind,
            max(1, amount),
            "EUR",
            payer=payer,
            payee=payee,
            **{**given, **stated},
        )  # type: ignore[arg-type]


def normal(number: int, dice: Random) -> Traffic:
    """So many events of private customers and businesses."""
    people = households(max(1, number // 75), dice)
    make = Maker(dice, "n")
    events: list[Event] = []
    for day in range(DAYS):
        for one in people:
            events.extend(_day_of(one, day, make))
    events.extend(_business(make, number // 60))
    events.sort(key=lambda event: (event.at, event.id))
    picked = sorted(dice.sample(range(len(events)), min(number, len(events))))
    segments = {f"shop{at}": "business" for at in range(SHOPS)} | {f"b{at}": "business" for at in range(BUSINESSES)}
    segments |= {f"employer{at}": "business" for at in range(200)} | {f"landlord{at}": "business" for at in range(300)}
    return Traffic([events[at] for at in picked], segments=segments)


def _at(day: int, make: Maker) -> datetime:
    return START + timedelta(days=day, seconds=int(make.dice.triangular(6 * 3600, 23 * 3600, 17 * 3600)))


def _day_of(one: Household, day: int, make: Maker) -> Iterator[Event]:
    dice, month = make.dice, day % 30
    home = {"payer_country": one.country, "payee_country": one.country}
    if month == one.payday:
        employer = f"employer{hash_of(one.id) % 200}"
        yield make.event(_at(day, make), "transfer", one.salary, employer, one.id, instrument="credit_transfer", **home)
    if month == (one.payday + 3) % 30:
        landlord = f"landlord{hash_of(one.id) % 300}"
        yield make.event(_at(day, make), "transfer", one.rent, one.id, landlord, instrument="credit_transfer", **home)
    if dice.random() < one.often:
        yield from _shopping(one, day, make)
    if dice.random() < 0.012:
        friend = dice.choice(one.friends)
        amount = dice.choice([2000, 2500, 5000, 10_000, int(dice.lognormvariate(8.5, 0.8))])
        yield make.event(_at(day, make), "transfer", amount, one.id, friend, instrument="credit_transfer", **home)
    if dice.random() < 0.02:
        yield make.event(
            _at(day, make), "withdrawal", dice.choice([5000, 10_000, 20_000, 40_000]), one.id, one.id,
            instrument="cash", location=f"atm{dice.randrange(90)}", **home,
        )  # fmt: skip
    if dice.random() < 0.002:
        amount = dice.choice([10_000, 20_000, 50_000, 100_000, int(dice.lognormvariate(11, 1))])
        yield make.event(
            _at(day, make), "deposit", min(amount, 950_000), one.id, one.id, instrument="cash",
            location=f"branch{dice.randrange(30)}", **home,
        )  # fmt: skip


def _shopping(one: Household, day: int, make: Maker) -> Iterator[Event]:
    dice, shop = make.dice, make.dice.choice(make.dice.choices([[*one.shops[:4]], one.shops], [3, 1])[0])
    amount = int(dice.lognormvariate(0, 0.7) * one.spends)
    stated: dict[str, object] = {
        "instrument": "card", "card": f"400000-{one.id}", "merchant": f"shop{shop}", "channel": "contactless",
        "payer_country": one.country, "payee_country": one.country, "method": "card",
    }  # fmt: skip
    at = _at(day, make)
    if dice.random() < 0.02:
        # Tried once more under the same reference; what was only tried is no payment.
        stated["reference"] = f"{one.id}-{day}"
        tried = dice.choice(["failed", "abandoned"])
        yield make.event(at - timedelta(minutes=1), "sale", amount, one.id, f"shop{shop}", status=tried, **stated)
    status = "charged_back" if dice.random() < 0.0008 else "executed"
    yield make.event(at, "sale", amount, one.id, f"shop{shop}", status=status, **stated)
    if dice.random() < 0.012:
        later = at + timedelta(days=dice.randint(1, 12))
        stated.pop("reference", None)
        yield make.event(later, "refund", amount, one.id, f"shop{shop}", **stated)


def _business(make: Maker, number: int) -> Iterator[Event]:
    """Invoices among businesses, paid at the end of their terms."""
    for _ in range(number):
        payer, payee = (f"b{at}" for at in make.dice.sample(range(BUSINESSES), 2))
        amount = int(min(4_000_000, make.dice.lognormvariate(12.2, 1.0)))
        yield make.event(
            _at(make.dice.randrange(DAYS), make), "transfer", amount, payer, payee, instrument="credit_transfer"
        )


def hash_of(text: str) -> int:
    """A number that is the same in every process."""
    return sum((at + 1) * ord(char) * 31 for at, char in enumerate(text))
