"""How values look on a page: days, instants, amounts and places, in the language of the reader. Display only."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_decimal
from markupsafe import Markup, escape

_NOTHING: Final = "–"
_NO_TIME: Final = Markup("–")


class Showing:
    """The filters of one language."""

    def __init__(self, locale: Locale, language: str) -> None:
        self._locale = locale
        self._language = language

    def filters(self) -> dict[str, Any]:
        """By their names in templates."""
        return {
            "day": self.day, "instant": self.instant, "ago": self.ago, "money": self.money, "number": self.number,
            "place": self.place, "short": self.short,
        }  # fmt: skip

    def day(self, value: str | date | None) -> str:
        """`2027-01-01` -> `1 Jan 2027`."""
        found = _instant(value)
        return _NOTHING if found is None else format_date(found, "medium", self._locale)

    def instant(self, value: str | datetime | None) -> Markup:
        """An instant in UTC, as a `<time>` that scripts may show in the zone of the reader."""
        found = _instant(value)
        if found is None:
            return _NO_TIME
        text = format_datetime(found.astimezone(UTC), "d MMM y, HH:mm", locale=self._locale)
        return Markup('<time datetime="{}">{} UTC</time>').format(found.isoformat(), text)

    def ago(self, value: str | datetime | None) -> Markup:
        """`3 hours ago`, with the instant for those who ask."""
        found = _instant(value)
        if found is None:
            return _NO_TIME
        passed: timedelta = found - datetime.now(UTC)
        text = format_timedelta(passed, add_direction=True, locale=self._locale)
        exact = format_datetime(found.astimezone(UTC), "d MMM y, HH:mm:ss", locale=self._locale)
        return Markup('<time datetime="{}" title="{} UTC">{}</time>').format(found.isoformat(), exact, text)

    def money(self, amount: str | Decimal | None, currency: str | None = None) -> str:
        """`1234.50`, `EUR` -> `EUR 1,234.50`: all the decimals that are there, and no others."""
        number = self.number(amount)
        return f"{currency} {number}" if currency and number != _NOTHING else number

    def number(self, value: Any) -> str:
        """With groups, and all decimals that are there."""
        try:
            exact = Decimal(str(value))
        except InvalidOperation:
            return _NOTHING if value in (None, "") else str(value)
        digits = max(0, -int(exact.as_tuple().exponent))
        return format_decimal(exact, f"#,##0.{'0' * digits}" if digits else "#,##0", self._locale)

    def place(self, code: str | None) -> str:
        """`DE` -> `Germany`; a code without a name is itself."""
        if not code:
            return _NOTHING
        country, _, part = code.partition("-")
        name = self._locale.territories.get(country)
        return code if name is None else f"{name} ({part})" if part else str(name)

    def short(self, identity: str | None, length: int = 12) -> Markup:
        """A long identity or digest, cut, whole in its title."""
        if not identity:
            return _NO_TIME
        if len(identity) <= length:
            return Markup("<code>{}</code>").format(identity)
        return Markup('<code title="{}">{}…</code>').format(identity, escape(identity[:length]))


def _instant(value: str | date | None) -> datetime | None:
    """A day is its own midnight in UTC, so that no zone moves it."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value) if "T" in value or " " in value else date.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    return datetime(value.year, value.month, value.day, tzinfo=UTC)
