"""The travel rule: whether the data that must go with a transfer have been stated.

What a transfer needs is data of the pack, one text an item: names of facts, `+` between those that are wanted together, `|`
between sets of which one is enough, the law's own order first:

    payer.name
    payment.account.iban | payer.account.number
    payer.address + payer.national_ids + payer.id | payer.date_of_birth + payer.place_of_birth
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache

Alternatives = tuple[tuple[str, ...], ...]


@cache
def read_need(text: str) -> Alternatives:
    """The sets of facts of which one is enough."""
    return tuple(tuple(name.strip() for name in part.split("+")) for part in text.split("|"))


def lacking(needs: Iterable[str], stated: Collection[str]) -> list[str]:
    """The facts that are still wanted, each once, in the order of the law. Of alternatives the one that lacks least, the law's
    first among equals. A name of an object (`payer.account`) is stated where anything of it is."""
    found: dict[str, None] = {}
    for need in needs:
        open_sets = [[name for name in one if not _stated(name, stated)] for one in read_need(need)]
        found.update(dict.fromkeys(sorted(open_sets, key=len)[0]))
    return list(found)


def _stated(name: str, stated: Collection[str]) -> bool:
    return name in stated or any(path.startswith(f"{name}.") for path in stated)
