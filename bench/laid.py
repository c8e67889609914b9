"""One instance of each scenario, as it would be done by somebody who means it: amounts, hours and names drawn anew each time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from bench.monitored import DAYS, START, Maker
from engine.scenarios import Event

Lay = Callable[["Hand", str, datetime], list[Event]]


class Hand(Maker):
    """Makes the events of patterns."""

    def near(self, low: int, high: int) -> int:
        """An amount."""
        return self.dice.randint(low, high)

    def cash(self, at: datetime, amount: int, party: str, **stated: object) -> Event:
        """Paid in over the counter."""
        return self.event(at, "deposit", amount, stated.pop("by", party), party, instrument="cash", **stated)  # type: ignore[arg-type]

    def handed(self, at: datetime, amount: int, who: str, **stated: object) -> Event:
        """Cash handed to whoever takes it: for the own account, to the bank that keeps it, or to a jeweller for goods."""
        kind, payee = self.dice.choice(
            [("deposit", who), ("deposit", f"bank{self.dice.randrange(3)}"), ("sale", "jeweller")]
        )
        return self.event(at, kind, amount, who, payee, instrument="cash", **stated)

    def parts(self, amount: int) -> list[int]:
        """An amount whole, or in two to five parts."""
        number = self.dice.choice([1, 1, self.dice.randint(2, 5)])
        cuts = sorted(self.dice.sample(range(amount // 10, amount), number - 1))
        return [end - start for start, end in zip([0, *cuts], [*cuts, amount], strict=True)]

    def sent(self, at: datetime, amount: int, payer: str, payee: str, **stated: object) -> Event:
        """Sent from one to another."""
        return self.event(at, "transfer", amount, payer, payee, **{"instrument": "credit_transfer", **stated})

    def bought(self, at: datetime, amount: int, payer: str, shop: str, **stated: Any) -> Event:
        """Bought by card."""
        kind = stated.pop("kind", "sale")
        given = {"instrument": "card", "card": f"400000-{payer}", "merchant": shop, **stated}
        return self.event(at, kind, amount, payer, shop, **given)

    def others(self, number: int) -> list[str]:
        """Names that nobody else has."""
        self.made += 1
        return [f"{self.prefix}o{self.made}-{at}" for at in range(number)]


def _spread(hand: Hand, at: datetime, number: int, hours: float) -> list[datetime]:
    """So many moments within a span, in order."""
    return sorted(at + timedelta(seconds=hand.dice.uniform(0, hours * 3600 * 0.98)) for _ in range(number))


def _structuring(hand: Hand, who: str, at: datetime, **stated: Any) -> list[Event]:
    number = hand.dice.randint(3, 5)
    places = [f"branch{n}" for n in hand.dice.sample(range(30), number)]
    return [
        hand.handed(when, hand.near(810_000, 990_000), who, location=place)
        for when, place in zip(_spread(hand, at, number, 23), places, strict=True)
    ]


def _structured_transfer(hand: Hand, who: str, at: datetime) -> list[Event]:
    number = hand.dice.randint(3, 5)
    paid = [hand.handed(when, hand.near(810_000, 990_000), who) for when in _spread(hand, at, number, 110)]
    shares = hand.parts(sum(event.amount for event in paid) * hand.near(60, 98) // 100)
    times = _spread(hand, paid[-1].at + timedelta(hours=1), len(shares), 60)
    return [*paid, *_on(hand, times, shares, who)]


def _on(hand: Hand, times: Sequence[datetime], shares: Sequence[int], who: str) -> list[Event]:
    """Sent on to so many others."""
    sent = zip(times, shares, hand.others(len(shares)), strict=True)
    return [hand.sent(when, share, who, other) for when, share, other in sent]


def _smurfing(hand: Hand, who: str, at: datetime) -> list[Event]:
    number = hand.dice.randint(4, 8)
    times = zip(_spread(hand, at, number, 70), hand.others(number), strict=True)
    return [hand.cash(when, hand.near(260_000, 600_000), who, by=other) for when, other in times]


def _micro(hand: Hand, who: str, at: datetime) -> list[Event]:
    number = hand.dice.randint(13, 20)
    times = zip(_spread(hand, at, number, 160), hand.others(number), strict=True)
    return [hand.sent(when, hand.near(78_000, 99_000), other, who) for when, other in times]


def _card_week(hand: Hand, who: str, at: datetime) -> list[Event]:
    times = zip(_spread(hand, at, 8, 150), hand.others(8), strict=True)
    return [
        hand.event(when, "transfer", hand.near(70_000, 95_000), other, who, instrument="card", card=f"41-{other}")
        for when, other in times
    ]


def _other_week(hand: Hand, who: str, at: datetime) -> list[Event]:
    times = zip(_spread(hand, at, 4, 150), hand.others(4), strict=True)
    return [hand.sent(when, hand.near(310_000, 600_000), other, who) for when, other in times]


def _pair_sum(hand: Hand, who: str, at: datetime) -> list[Event]:
    other = hand.others(1)[0]
    return [hand.sent(when, hand.near(260_000, 500_000), other, who) for when in _spread(hand, at, 4, 150)]


def _pair_count(hand: Hand, who: str, at: datetime) -> list[Event]:
    other = hand.others(1)[0]
    return [hand.sent(when, hand.near(3_000, 30_000), other, who) for when in _spread(hand, at, 8, 150)]


def _count_day(hand: Hand, who: str, at: datetime) -> list[Event]:
    times = zip(_spread(hand, at, 7, 23), hand.others(7), strict=True)
    return [hand.sent(when, hand.near(3_000, 30_000), other, who) for when, other in times]


def _single_large(hand: Hand, who: str, at: datetime) -> list[Event]:
    if hand.dice.random() < 0.5:
        return [hand.bought(at, hand.near(800_100, 3_000_000), who, hand.others(1)[0])]
    return [hand.sent(at, hand.near(2_000_100, 9_000_000), who, hand.others(1)[0])]


def _own_history(hand: Hand, who: str, at: datetime) -> list[Event]:
    small = [
        hand.bought(when, hand.near(1_000, 9_000), who, "shop1")
        for when in _spread(hand, at - timedelta(days=60), 14, 1200)
    ]
    return [*small, hand.sent(at, hand.near(400_000, 1_900_000), who, hand.others(1)[0])]


def _dormant(hand: Hand, who: str, at: datetime, wakes: int = 1) -> list[Event]:
    other = hand.others(1)[0]
    first = hand.sent(at - timedelta(days=hand.dice.uniform(181, 200)), hand.near(1_000, 20_000), who, other)
    woke = [hand.sent(when, hand.near(220_000, 900_000), who, other) for when in _spread(hand, at, wakes, 150)]
    return [first, *woke]


def _burst(hand: Hand, who: str, at: datetime) -> list[Event]:
    return _dormant(hand, who, at, hand.dice.randint(5, 9))


def _pass_through(hand: Hand, who: str, at: datetime) -> list[Event]:
    amount = hand.near(310_000, 2_000_000)
    shares = hand.parts(amount * hand.near(82, 108) // 100)
    times = _spread(hand, at + timedelta(minutes=10), len(shares), 47)
    return [hand.sent(at, amount, hand.others(1)[0], who), *_on(hand, times, shares, who)]


def _pass_parts(hand: Hand, who: str, at: datetime) -> list[Event]:
    one, *rest = hand.others(5)
    amount, parts = hand.near(600_000, 2_000_000), hand.dice.randint(3, 4)
    times = _spread(hand, at + timedelta(minutes=5), parts, 68)
    share = amount * hand.near(92, 98) // 100 // parts
    return [hand.sent(at, amount, one, who), *(hand.sent(t, share, who, o) for t, o in zip(times, rest, strict=False))]


def _fan_in_out(hand: Hand, who: str, at: datetime) -> list[Event]:
    number = hand.dice.randint(5, 9)
    others = hand.others(number)
    times = _spread(hand, at, number, 19 * 24)
    came = [hand.sent(when, hand.near(60_000, 300_000), other, who) for when, other in zip(times, others, strict=True)]
    total = sum(event.amount for event in came)
    shares = hand.parts(total * hand.near(70, 99) // 100)
    return [*came, *_on(hand, _spread(hand, times[-1] + timedelta(hours=1), len(shares), 100), shares, who)]


def _fan_out(hand: Hand, who: str, at: datetime) -> list[Event]:
    number = hand.dice.randint(6, 12)
    times = zip(_spread(hand, at, number, 19 * 24), hand.others(number), strict=True)
    return [hand.sent(when, hand.near(90_000, 300_000), who, other) for when, other in times]


def _shop_events(hand: Hand, at: datetime, number: int, hours: float, **stated: Any) -> list[Event]:
    shop = hand.others(1)[0]
    times = zip(_spread(hand, at, number, hours), hand.others(number), strict=True)
    return [hand.bought(when, hand.near(2_000, 60_000), other, shop, **stated) for when, other in times]


def _chargebacks(hand: Hand, _who: str, at: datetime) -> list[Event]:
    return _shop_events(hand, at, hand.dice.randint(16, 30), 160, status="charged_back")


def _chargeback_share(hand: Hand, _who: str, at: datetime) -> list[Event]:
    shop, *others = hand.others(25)
    statuses = ["charged_back"] * 4 + ["executed"] * 16
    hand.dice.shuffle(statuses)
    times = _spread(hand, at, 20, 20 * 24)
    return [
        hand.bought(t, hand.near(1_000, 9_000), o, shop, status=s)
        for t, o, s in zip(times, others, statuses, strict=False)
    ]


def _refunds(hand: Hand, _who: str, at: datetime) -> list[Event]:
    return _shop_events(hand, at, hand.dice.randint(42, 60), 160, kind="refund")


def _many_merchants(hand: Hand, who: str, at: datetime) -> list[Event]:
    number = hand.dice.randint(17, 25)
    times = zip(_spread(hand, at, number, 160), hand.others(number), strict=True)
    return [hand.bought(when, hand.near(500, 20_000), who, shop) for when, shop in times]


def _jump(hand: Hand, _who: str, at: datetime) -> list[Event]:
    shop = hand.others(1)[0]
    base = [
        hand.bought(t, hand.near(3_000, 9_000), o, shop)
        for t, o in zip(_spread(hand, at - timedelta(days=80), 30, 1700), hand.others(30), strict=True)
    ]
    new = [
        hand.bought(t, hand.near(60_000, 90_000), o, shop)
        for t, o in zip(_spread(hand, at, 12, 160), hand.others(12), strict=True)
    ]
    return [*base, *new]


def _corridor(hand: Hand, who: str, at: datetime) -> list[Event]:
    country = hand.dice.choice(["IR", "KP", "MM"])
    return [hand.sent(at, hand.near(101_000, 900_000), who, hand.others(1)[0], payee_country=country)]


def _first_use(hand: Hand, who: str, at: datetime) -> list[Event]:
    return [
        hand.sent(
            at, hand.near(11_000, 90_000), who, hand.others(1)[0], payee_country=hand.dice.choice(["IR", "KP", "MM"])
        )
    ]


def _round(hand: Hand, who: str, at: datetime) -> list[Event]:
    number = hand.dice.randint(5, 8)
    return [
        hand.sent(t, 100_000 * hand.dice.randint(1, 9), who, o)
        for t, o in zip(_spread(hand, at, number, 28 * 24), hand.others(number), strict=True)
    ]


def _cash_intensive(hand: Hand, who: str, at: datetime) -> list[Event]:
    return [hand.cash(when, hand.near(210_000, 400_000), who) for when in _spread(hand, at, 6, 28 * 24)]


def _new_account(hand: Hand, who: str, at: datetime) -> list[Event]:
    since = at - timedelta(days=1)
    return [
        hand.sent(when, hand.near(410_000, 900_000), who, other, customer_since=since)
        for when, other in zip(_spread(hand, at, 4, 26 * 24), hand.others(4), strict=True)
    ]


def _shared_card(hand: Hand, _who: str, at: datetime) -> list[Event]:
    card = f"400000-{hand.others(1)[0]}"
    times = zip(_spread(hand, at, 4, 60 * 24), hand.others(4), strict=True)
    return [hand.bought(when, hand.near(1_000, 20_000), other, "shop3", card=card) for when, other in times]


def _payee_name(hand: Hand, who: str, at: datetime) -> list[Event]:
    times = zip(_spread(hand, at, 4, 28 * 24), hand.others(4), strict=True)
    return [hand.sent(when, hand.near(1_000, 60_000), who, other, name_check="mismatch") for when, other in times]


def _abroad(hand: Hand, who: str, at: datetime) -> list[Event]:
    other = hand.others(1)[0]
    return [
        hand.sent(when, hand.near(101_000, 290_000), who, other, payee_country="NG")
        for when in _spread(hand, at, 6, 28 * 24)
    ]


def _load(hand: Hand, who: str, at: datetime) -> list[Event]:
    amount = hand.near(31_000, 200_000)
    loaded = hand.event(at, "deposit", amount, who, who, instrument=hand.dice.choice(["voucher", "e_money"]))
    shares = hand.parts(amount * hand.near(82, 108) // 100)
    times = _spread(hand, at + timedelta(minutes=5), len(shares), 23)
    drawn = zip(times, shares, strict=True)
    return [loaded, *(hand.event(when, "withdrawal", share, who, who, instrument="cash") for when, share in drawn)]


def _avoidance(hand: Hand, who: str, at: datetime) -> list[Event]:
    other, amount = hand.others(1)[0], hand.near(101_000, 900_000)
    stopped = hand.sent(at, amount, who, other, status="abandoned", outcome="collect")
    later = at + timedelta(hours=hand.dice.uniform(0.1, 23))
    return [stopped, hand.sent(later, amount * hand.near(45, 95) // 100, who, other)]


def _refund_cycles(hand: Hand, who: str, at: datetime) -> list[Event]:
    shop = hand.others(1)[0]
    found: list[Event] = []
    for turn in range(hand.dice.randint(3, 5)):
        when, amount = at + timedelta(days=turn, hours=hand.dice.uniform(0, 12)), hand.near(11_000, 50_000)
        found.append(hand.bought(when, amount, who, shop))
        found.append(hand.bought(when + timedelta(hours=6), amount, who, shop, kind="refund"))
    return found


def _cycle(hand: Hand, who: str, at: datetime) -> list[Event]:
    parties = [who, *hand.others(hand.dice.randint(2, 6))]
    times, amount = _spread(hand, at, len(parties), 28 * 24), hand.near(200_000, 2_000_000)
    shares = sorted((hand.near(84, 100) for _ in parties), reverse=True)
    ends = zip(parties, [*parties[1:], who], strict=True)
    return [hand.sent(t, amount * s // 100, a, b) for t, s, (a, b) in zip(times, [100, *shares[1:]], ends, strict=True)]


def _gather_scatter(hand: Hand, who: str, at: datetime) -> list[Event]:
    k = hand.dice.randint(4, 7)
    amount = hand.near(130_000, 900_000)
    came = [hand.sent(t, amount, o, who) for t, o in zip(_spread(hand, at, k, 10 * 24), hand.others(k), strict=True)]
    went = _spread(hand, at + timedelta(days=11), k, 15 * 24)
    return [
        *came,
        *(hand.sent(t, amount * hand.near(85, 99) // 100, who, o) for t, o in zip(went, hand.others(k), strict=True)),
    ]


def _scatter_gather(hand: Hand, who: str, at: datetime) -> list[Event]:
    k = hand.dice.randint(4, 7)
    sink, *middle = hand.others(k + 1)
    amount = hand.near(130_000, 900_000)
    first = [hand.sent(t, amount, who, m) for t, m in zip(_spread(hand, at, k, 10 * 24), middle, strict=True)]
    times = _spread(hand, at + timedelta(days=11), k, 15 * 24)
    return [
        *first,
        *(hand.sent(t, amount * hand.near(85, 99) // 100, m, sink) for t, m in zip(times, middle, strict=True)),
    ]


def _stack(hand: Hand, _who: str, at: datetime) -> list[Event]:
    k = hand.dice.randint(3, 4)
    up, mid, down = hand.others(k), hand.others(k), hand.others(k)
    first = [
        hand.sent(t, hand.near(110_000, 900_000), u, m) for u in up for m in mid for t in _spread(hand, at, 1, 240)
    ]
    late = at + timedelta(days=11)
    return [
        *first,
        *(
            hand.sent(t, hand.near(110_000, 900_000), m, d)
            for m in mid
            for d in down
            for t in _spread(hand, late, 1, 360)
        ),
    ]


LAYS: Final[dict[str, Lay]] = {
    "structuring.cash": _structuring, "structuring.branches": _structuring, "smurfing": _smurfing,
    "micro_structuring": _micro, "inbound.card_week": _card_week, "inbound.other_week": _other_week,
    "counterparty.sum_week": _pair_sum, "counterparty.count_week": _pair_count, "inbound.count_day": _count_day,
    "single_large": _single_large, "own_history": _own_history, "fan_out": _fan_out, "chargeback.count": _chargebacks,
    "chargeback.share": _chargeback_share, "refund.count": _refunds, "card.many_merchants": _many_merchants,
    "merchant.jump": _jump, "corridor.high_risk": _corridor, "corridor.first_use": _first_use, "round_amounts": _round,
    "cash_intensive": _cash_intensive, "new_account": _new_account, "shared_card": _shared_card,
    "payee_name": _payee_name, "wires_abroad": _abroad, "structuring.then_transfer": _structured_transfer,
    "dormant.wakes": _dormant, "dormant.burst": _burst, "pass_through": _pass_through,
    "pass_through.account": _pass_parts, "fan_in.then_out": _fan_in_out, "load_cash_out": _load,
    "threshold_avoidance": _avoidance, "refund_cycling": _refund_cycles, "cycle": _cycle,
    "gather_scatter": _gather_scatter, "scatter_gather": _scatter_gather, "stacked_layers": _stack,
}  # fmt: skip
"""Scenario, without its prefix -> who lays one instance."""
ALONE: Final = frozenset(
    {"dormant.wakes", "dormant.burst", "own_history", "cash_intensive", "new_account", "wires_abroad"}
)
"""Patterns that turn on what else the customer does: laid with customers of their own. The others are laid among the payments of
ordinary customers."""


def lay(wanted: Sequence[str], each: int, customers: int, dice: Random) -> list[tuple[str, list[Event]]]:
    """So many instances of each scenario, each at a time of its own in the second half of the traffic."""
    found = []
    hand = Hand(dice, "x")
    for name in wanted:
        for turn in range(each):
            who = f"x-{name}-{turn}" if name in ALONE else f"c{dice.randrange(customers)}"
            at = START + timedelta(days=dice.uniform(206, DAYS - 31))
            found.append((f"scenario.{name}", LAYS[name](hand, who, at)))
    return found
