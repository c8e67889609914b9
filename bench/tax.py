"""Tax in process, on the plainest case there is: 100 of goods of the standard category, to a consumer at home, in every country.

Lexgate runs its whole procedure for it: place, liability, rate, rounding, articles. The others look a rate up and multiply.
"""

from __future__ import annotations

import gc
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

from api.bundled import rulepacks
from bench.tax_peers import AMOUNT, Absent, NodeSalesTax, Peer, PyVat, timed
from engine.money import RateTable
from engine.packs import load_packs
from engine.packs.model import UNREAD_START
from engine.places import COUNTRIES
from engine.tax.assess import assess
from engine.tax.law import TaxLaw
from engine.tax.model import Address, Buyer, Registration, Sale, SaleLine, Seller

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
OURS = "Lexgate, the whole procedure"


@dataclass(frozen=True, slots=True)
class Difference:
    """A country where two answers are not the same tax on 100."""

    country: str
    theirs: Decimal
    ours: Decimal | None
    """None: undecided."""
    why: str


@dataclass(frozen=True, slots=True)
class Speed:
    """What one library did. `failure`: why it did nothing."""

    name: str
    version: str | None
    microseconds: tuple[float, ...]
    """Of one answer, by round."""
    known: int
    """Countries it answers for."""
    differing: tuple[Difference, ...]
    failure: str | None = None

    @property
    def per_second(self) -> float:
        """Answers a second in the median round."""
        return 1e6 / median(self.microseconds)


@dataclass(frozen=True, slots=True)
class TaxRun:
    """All of it: ours first."""

    day: date
    speeds: tuple[Speed, ...]

    @property
    def ours(self) -> Speed:
        """Lexgate."""
        return self.speeds[0]


class Lexgate:
    """The procedure of `engine.tax` under the shipped law."""

    name, version = OURS, None

    def __init__(self) -> None:
        packs = load_packs(rulepacks())
        self.law, self._rates = TaxLaw(packs), RateTable(())
        self._lines = {
            f"{pack.jurisdiction}/{row.id}": row
            for pack in packs.packs.values()
            if "tax" in pack.domains
            for row in pack.domains["tax"].rates
        }

    def ask(self, sale: Sale) -> dict[str, Any]:
        """The `tax` object of a decision."""
        return assess(sale, self.law, self._rates)

    def taxed(self, country: str) -> tuple[Decimal | None, str]:
        """The tax on 100, or None where it is undecided; and on what that rests."""
        said = self.ask(plain_sale(country))
        line = said["lines"][0]
        if line["tax"] is None:
            return None, f"undecided, `{line['reason']}`: {', '.join(line['missing'])} would settle it"
        exact = sum((Decimal(one["unrounded"]) for one in line["components"]), Decimal(0))
        return exact.normalize(), self._rests_on(line)

    def _rests_on(self, line: dict[str, Any]) -> str:
        if not line["components"]:
            return f"{line['treatment'].replace('_', ' ')}, `{line['reason']}`"
        parts = []
        for one in line["components"]:
            row = self._lines[one["rate"]]
            since = f" since {row.start}" if row.start != UNREAD_START else ""
            share = f" of {row.share} of the price" if row.share != 1 else ""
            source = f", {row.evidence}" if row.evidence else ""
            parts.append(f"{one['name']} {one['rate_percent']} %{share}{since} [{one['confidence']}]{source}")
        return "; ".join(parts)


def plain_sale(country: str) -> Sale:
    """100 without tax, of goods of the standard category, from a registered seller to a consumer, all in one country."""
    here = Address(country)
    line = SaleLine("1", "goods", "standard", AMOUNT, False, here, here)
    facts = {"established_in": [country], "small_business": False}
    seller = Seller(here, (Registration(country, "standard"),), (), facts)
    return Sale(NOW, "EUR", (line,), seller, Buyer(here, "individual", (), {"billing": country, "ip": country}))


def compare(theirs: dict[str, Decimal], taxed: Callable[[str], tuple[Decimal | None, str]]) -> tuple[Difference, ...]:
    """Where the tax on 100 is not the same."""
    found = []
    for country, tax in sorted(theirs.items()):
        ours, why = taxed(country)
        if ours is None or abs(ours - tax) > Decimal("0.005"):
            found.append(Difference(country, tax, ours, why))
    return tuple(found)


def measure(*, rounds: int, seconds: float, cpu: int | None = None) -> TaxRun:
    """Every library in turn, so many rounds. Those that are not here are named with the reason."""
    if cpu is not None:
        os.sched_setaffinity(0, {cpu})
    lexgate, countries = Lexgate(), sorted(COUNTRIES)
    decided = [country for country in countries if lexgate.taxed(country)[0] is not None]
    with tempfile.TemporaryDirectory(prefix="lexgate-bench-") as folder:
        opened = _opened(Path(folder))
        peers = [peer for peer in opened if not isinstance(peer, Speed)]
        try:
            ours, times = _rounds(lexgate, decided, peers, countries, rounds, seconds)
            found = [
                _speed(peer, times[peer.name], peer.answers(countries), lexgate)
                if not isinstance(peer, Speed)
                else peer
                for peer in opened
            ]
        finally:
            for peer in peers:
                peer.close()
    return TaxRun(NOW.date(), (Speed(OURS, None, tuple(ours), len(decided), ()), *found))


def _opened(folder: Path) -> list[Peer | Speed]:
    makers: list[tuple[str, Callable[[], Peer]]] = [
        (NodeSalesTax.name, lambda: NodeSalesTax(folder)),
        (PyVat.name, lambda: PyVat(NOW.date())),
    ]
    found: list[Peer | Speed] = []
    for name, make in makers:
        try:
            found.append(make())
        except Absent as reason:
            found.append(Speed(name, None, (), 0, (), str(reason)))
    return found


def _rounds(
    lexgate: Lexgate,
    decided: Sequence[str],
    peers: Sequence[Peer],
    countries: Sequence[str],
    rounds: int,
    seconds: float,
) -> tuple[list[float], dict[str, list[float]]]:
    sales = [plain_sale(country) for country in decided]
    known = {peer.name: list(peer.answers(countries)) for peer in peers}
    ours: list[float] = []
    times: dict[str, list[float]] = {peer.name: [] for peer in peers}
    timed(lexgate.ask, sales, 0.05)
    for _ in range(rounds):
        gc.collect()
        ours.append(timed(lexgate.ask, sales, seconds))
        for peer in peers:
            times[peer.name].append(peer.microseconds(known[peer.name], seconds))
    return ours, times


def _speed(peer: Peer, times: list[float], answers: dict[str, Decimal], lexgate: Lexgate) -> Speed:
    return Speed(peer.name, peer.version, tuple(times), len(answers), compare(answers, lexgate.taxed))
