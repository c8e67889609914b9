"""How money, numbers, days and instants may be written in what is sent."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

Money = Decimal | int | str
"""In major units, its currency beside it; a float has lost cents already and is refused before it is sent."""
Number = Decimal | int | str
Instant = dt.datetime | str
"""Aware, or RFC 3339 with its offset."""
Day = dt.date | str
