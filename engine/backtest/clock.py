"""Which law speaks for each payment: the place of one side, the local day there, and the law of that place on that day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import polars as pl

from engine.language.scope import LOCAL_HOUR, PAYMENT_DATE
from engine.packs.compile import Compiled
from engine.packs.packset import PackSet

PLACE, LAW, NEAR = "place", "law", "near"
"""Columns: where a side is, the number of its law among `Laws.found` (null: there is none), and the day of the instant in UTC."""

_DAY: Final = 86_400_000_000
_HOUR: Final = 3_600_000_000
_MINUTE: Final = 60_000_000
_MICROSECOND: Final = timedelta(microseconds=1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Laws:
    """The laws of one domain that speak for some payments, each once."""

    def __init__(self, packs: PackSet, domain: str, legal_day: date | None = None):
        self._packs, self._domain, self._legal_day = packs, domain, legal_day
        self.found: list[Compiled] = []
        self._numbers: dict[int, int] = {}

    def of(self, sides: pl.DataFrame) -> pl.DataFrame:
        """Of rows with a `place` and the microseconds of an instant (`at`): the local day and hour there and the number of the
        law, null where the place is. One row each, in order."""
        near = sides.with_columns((pl.col("at") // _DAY).alias(NEAR))
        there = near.select(PLACE, NEAR).unique().drop_nulls()
        offsets = pl.Series(
            "offset", [self._offset(place, day * _DAY, _DAY) for place, day in there.iter_rows()], pl.Int64()
        )
        near = near.join(there.with_columns(offsets), on=[PLACE, NEAR], how="left", maintain_order="left")
        local = pl.col("at") + self._precise(near)
        day = local // _DAY if self._legal_day is None else pl.lit((self._legal_day - _EPOCH.date()).days)
        near = near.with_columns(
            day.cast(pl.Int32).cast(pl.Date).alias(PAYMENT_DATE), (local // _HOUR % 24).cast(pl.Int64).alias(LOCAL_HOUR)
        )
        asked = near.filter(pl.col(PLACE).is_not_null()).select(PLACE, PAYMENT_DATE).unique(maintain_order=True)
        numbers = pl.Series(LAW, [self._number(*row) for row in asked.iter_rows()], pl.Int32())
        near = near.join(asked.with_columns(numbers), on=[PLACE, PAYMENT_DATE], how="left", maintain_order="left")
        return near.select(LAW, PAYMENT_DATE, LOCAL_HOUR)

    def _number(self, place: str, day: date) -> int:
        compiled = self._packs.law(place, self._domain, day)
        number = self._numbers.get(id(compiled))
        if number is None:
            number = self._numbers[id(compiled)] = len(self.found)
            self.found.append(compiled)
        return number

    def _offset(self, place: str, start: int, length: int) -> int | None:
        """Microseconds off UTC during a whole stretch of UTC; None where the clocks change in it."""
        zone = self._packs.layers.zone(place)
        first, last = (_off(_EPOCH + timedelta(microseconds=at), zone) for at in (start, start + length - 1))
        return first if first == last else None

    def _precise(self, near: pl.DataFrame) -> pl.Series:
        """The offset of every row; on days on which clocks change it is looked up by the minute, and by the instant where
        they change within one."""
        offsets = near["offset"]
        for length in (_MINUTE, 1):
            rows = near.with_row_index("i").filter(pl.col(PLACE).is_not_null() & offsets.is_null())
            if rows.is_empty():
                break
            rows = rows.select("i", PLACE, pl.col("at") // length * length)
            asked = rows.select(PLACE, "at").unique(maintain_order=True)
            found = pl.Series("off", [self._offset(place, at, length) for place, at in asked.iter_rows()], pl.Int64())
            rows = rows.join(asked.with_columns(found), on=[PLACE, "at"], how="left", maintain_order="left")
            offsets = offsets.scatter(rows["i"], rows["off"])
        return offsets


def _off(instant: datetime, zone: ZoneInfo) -> int:
    return (instant.astimezone(zone).utcoffset() or timedelta()) // _MICROSECOND


def sides_of(frame: pl.DataFrame, place: pl.Expr) -> pl.DataFrame:
    """What `Laws.of` wants of a frame with `occurred_at`."""
    return frame.select(place.cast(pl.String).alias(PLACE), pl.col("occurred_at").to_physical().alias("at"))


__all__: Sequence[str] = ["LAW", "PLACE", "Laws", "sides_of"]
