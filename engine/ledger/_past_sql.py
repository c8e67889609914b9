"""How the past is looked up: each text once for each store. Questions travel beside it as JSON, however many they are; the
totals that nearly all of them are about have statements of their own (`totals`)."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import BindParameter, ColumnClause, ScalarSelect, bindparam, literal_column, select, text
from sqlalchemy.sql import ClauseElement

from engine.ledger.past_tables import PastDayRow, PastEntryRow

POINT: Final = ("form", "grp", "day", "start", "stop")


def totals(points: int) -> ClauseElement:
    """The totals of all time before so many instants, each in two parts: of the days before, and of the day itself. One row."""
    return select(*[part for at in range(points) for part in _before(at)])


def _before(at: int) -> tuple[ScalarSelect[Any], ScalarSelect[Any]]:
    day, entry = PastDayRow.__table__.c, PastEntryRow.__table__.c  # type: ignore[attr-defined]
    given: list[BindParameter[Any]] = [bindparam(f"{name}{at}") for name in POINT]
    form, grp, today, start, stop = given
    days = select(day.total).where(day.form == form, day.grp == grp, day.day < today).order_by(day.day.desc())
    entries = (
        select(entry.total)
        .where(entry.form == form, entry.grp == grp, entry.at >= start, entry.at < stop)
        .order_by(entry.at.desc(), entry.payment.desc())
    )
    return days.limit(_ONE).offset(_ZERO).scalar_subquery(), entries.limit(_ONE).offset(_ZERO).scalar_subquery()


_ZERO: Final[ColumnClause[Any]] = literal_column("0")
_ONE: Final[ColumnClause[Any]] = literal_column("1")


# A point [n, form, grp, day, start of day, instant]: the total of all time before the instant, in two parts.
# A span [n, form, grp, length, from, to]; the length nought is that of single payments.
# A search [n, form, grp, from, to]: the values that a column had, found by stepping from each value to the next.
SQLITE_ALL: Final = text("""
WITH RECURSIVE step(n, form, grp, start, stop, value) AS (
  SELECT q.value ->> 0, q.value ->> 1, q.value ->> 2, q.value ->> 3, q.value ->> 4,
    (SELECT min(e.value) FROM past_entry e WHERE e.form = q.value ->> 1 AND e.grp = q.value ->> 2 AND e.value > '')
  FROM json_each(:searches) q
  UNION ALL
  SELECT s.n, s.form, s.grp, s.start, s.stop,
    (SELECT min(e.value) FROM past_entry e WHERE e.form = s.form AND e.grp = s.grp AND e.value > s.value)
  FROM step s WHERE s.value IS NOT NULL
)
SELECT 0, q.value ->> 0,
  (SELECT d.total FROM past_day d WHERE d.form = q.value ->> 1 AND d.grp = q.value ->> 2 AND d.day < q.value ->> 3
    ORDER BY d.day DESC LIMIT 1),
  (SELECT e.total FROM past_entry e WHERE e.form = q.value ->> 1 AND e.grp = q.value ->> 2
    AND e.at >= q.value ->> 4 AND e.at < q.value ->> 5 ORDER BY e.at DESC, e.payment DESC LIMIT 1),
  NULL
FROM json_each(:points) q
UNION ALL
SELECT 1, q.value ->> 0, s.currency, min(s.low), max(s.high) FROM json_each(:spans) q CROSS JOIN past_span s
WHERE q.value ->> 3 > 0 AND s.form = q.value ->> 1 AND s.grp = q.value ->> 2 AND s.length = q.value ->> 3
  AND s.start >= q.value ->> 4 AND s.start < q.value ->> 5
GROUP BY q.value ->> 0, s.currency
UNION ALL
SELECT 1, q.value ->> 0, e.currency, min(e.size), max(e.size) FROM json_each(:spans) q CROSS JOIN past_entry e
WHERE q.value ->> 3 = 0 AND e.form = q.value ->> 1 AND e.grp = q.value ->> 2
  AND e.at >= q.value ->> 4 AND e.at < q.value ->> 5
GROUP BY q.value ->> 0, e.currency
UNION ALL
SELECT 2, s.n, s.value, NULL, NULL FROM step s
WHERE s.value IS NOT NULL AND EXISTS (
  SELECT 1 FROM past_entry e WHERE e.form = s.form AND e.grp = s.grp AND e.value = s.value
    AND e.at >= s.start AND e.at < s.stop)
""")

POSTGRES_ALL: Final = text("""
WITH RECURSIVE step(n, form, grp, start, stop, value) AS (
  SELECT q.n, q.form, q.grp, q.start, q.stop,
    (SELECT min(e.value) FROM past_entry e WHERE e.form = q.form AND e.grp = q.grp AND e.value > '')
  FROM (SELECT (v ->> 0) :: bigint AS n, (v ->> 1) :: bigint AS form, (v ->> 2) COLLATE "C" AS grp,
      (v ->> 3) :: bigint AS start, (v ->> 4) :: bigint AS stop
    FROM jsonb_array_elements(CAST(:searches AS jsonb)) v) q
  UNION ALL
  SELECT s.n, s.form, s.grp, s.start, s.stop,
    (SELECT min(e.value) FROM past_entry e WHERE e.form = s.form AND e.grp = s.grp AND e.value > s.value)
  FROM step s WHERE s.value IS NOT NULL
), span AS (
  SELECT (v ->> 0) :: bigint AS n, (v ->> 1) :: bigint AS form, (v ->> 2) COLLATE "C" AS grp, (v ->> 3) :: bigint AS length,
    (v ->> 4) :: bigint AS start, (v ->> 5) :: bigint AS stop FROM jsonb_array_elements(CAST(:spans AS jsonb)) v
)
SELECT 0, q.n,
  (SELECT d.total FROM past_day d WHERE d.form = q.form AND d.grp = q.grp AND d.day < q.day
    ORDER BY d.day DESC LIMIT 1),
  (SELECT e.total FROM past_entry e WHERE e.form = q.form AND e.grp = q.grp AND e.at >= q.start AND e.at < q.stop
    ORDER BY e.at DESC, e.payment DESC LIMIT 1),
  NULL
FROM (SELECT (v ->> 0) :: bigint AS n, (v ->> 1) :: bigint AS form, (v ->> 2) COLLATE "C" AS grp, (v ->> 3) :: bigint AS day,
    (v ->> 4) :: bigint AS start, (v ->> 5) :: bigint AS stop FROM jsonb_array_elements(CAST(:points AS jsonb)) v) q
UNION ALL
SELECT 1, q.n, s.currency, min(s.low COLLATE "C"), max(s.high COLLATE "C") FROM span q JOIN past_span s
  ON s.form = q.form AND s.grp = q.grp AND s.length = q.length AND s.start >= q.start AND s.start < q.stop
WHERE q.length > 0 GROUP BY q.n, s.currency
UNION ALL
SELECT 1, q.n, e.currency, min(e.size COLLATE "C"), max(e.size COLLATE "C") FROM span q JOIN past_entry e
  ON e.form = q.form AND e.grp = q.grp AND e.at >= q.start AND e.at < q.stop
WHERE q.length = 0 GROUP BY q.n, e.currency
UNION ALL
SELECT 2, s.n, s.value, NULL, NULL FROM step s
WHERE s.value IS NOT NULL AND EXISTS (
  SELECT 1 FROM past_entry e WHERE e.form = s.form AND e.grp = s.grp AND e.value = s.value
    AND e.at >= s.start AND e.at < s.stop)
""")

# -- keeping it up -------------------------------------------------------------------------------------------------------

FORMS: Final = text("SELECT id, spec FROM past_form ORDER BY id")
FORM: Final = text("SELECT id FROM past_form WHERE spec = :spec")
STATE: Final = text("SELECT through FROM past_state WHERE id = 1")
MOVE: Final = text("UPDATE past_state SET through = :through WHERE id = 1")
TOLD: Final = text(
    "SELECT seq, payer_id, payment FROM event WHERE seq > :through AND kind IN ('authorised', 'captured', 'failed')"
    " ORDER BY seq LIMIT 5000"
)
LAST_WORD: Final = text(
    "SELECT kind, decision_id, details FROM event WHERE payer_id = :payer AND payment = :name"
    " AND kind IN ('authorised', 'captured', 'failed') ORDER BY at DESC, seq DESC LIMIT 1"
)
LAST_WORD_OF_NOBODY: Final = text(
    "SELECT kind, decision_id, details FROM event WHERE payer_id IS NULL AND payment = :name"
    " AND kind IN ('authorised', 'captured', 'failed') ORDER BY at DESC, seq DESC LIMIT 1"
)
GONE: Final = text("SELECT month FROM archived_span LIMIT 1")
TOLD_OF: Final = text(
    "SELECT details FROM event WHERE decision_id = :id AND kind IN ('authorised', 'captured') ORDER BY seq LIMIT 1"
)
DECIDED: Final = text("SELECT at, facts FROM decision WHERE id = :id")
PAID: Final = text("SELECT at, amount, currency, stated FROM past_payment WHERE payment = :payment")
FORGET: Final = text("DELETE FROM past_payment WHERE payment = :payment")
PAGE: Final = text(
    "SELECT payment, at, amount, currency, stated FROM past_payment WHERE at > :at OR (at = :at AND payment > :payment)"
    " ORDER BY at, payment LIMIT 5000"
)
LEAVE: Final = text("DELETE FROM past_entry WHERE form = :form AND grp = :grp AND at = :at AND payment = :payment")
BEFORE: Final = text(
    "SELECT total FROM past_entry WHERE form = :form AND grp = :grp AND at >= :start"
    " AND (at < :at OR (at = :at AND payment < :payment)) ORDER BY at DESC, payment DESC LIMIT 1"
)
AFTER: Final = text(
    "SELECT at, payment, total FROM past_entry WHERE form = :form AND grp = :grp AND at < :stop"
    " AND at >= :at AND (at > :at OR payment > :payment) ORDER BY at, payment"
)
RETOTAL: Final = text(
    "UPDATE past_entry SET total = :total WHERE form = :form AND grp = :grp AND at = :at AND payment = :payment"
)
DAY_BEFORE: Final = text(
    "SELECT total FROM past_day WHERE form = :form AND grp = :grp AND day < :day ORDER BY day DESC LIMIT 1"
)
DAYS_FROM: Final = text(
    "SELECT day, total FROM past_day WHERE form = :form AND grp = :grp AND day >= :day ORDER BY day"
)
RETOTAL_DAY: Final = text("UPDATE past_day SET total = :total WHERE form = :form AND grp = :grp AND day = :day")
EXTREMES: Final = text(
    "SELECT min(size), max(size) FROM past_entry WHERE form = :form AND grp = :grp AND at >= :start AND at < :stop"
    " AND currency = :currency"
)
EXTREMES_OF_SPANS: Final = text(
    "SELECT min(low), max(high) FROM past_span WHERE form = :form AND grp = :grp AND length = :length"
    " AND start >= :start AND start < :stop AND currency = :currency"
)
SPAN: Final = text(
    "SELECT low, high FROM past_span WHERE form = :form AND grp = :grp AND length = :length AND start = :start"
    " AND currency = :currency"
)
DROP_SPAN: Final = text(
    "DELETE FROM past_span WHERE form = :form AND grp = :grp AND length = :length AND start = :start"
    " AND currency = :currency"
)
DROP_DAY: Final = text("DELETE FROM past_day WHERE form = :form AND grp = :grp AND day = :day")
NO_PAYMENTS: Final = text("DELETE FROM past_payment")
NO_ENTRIES: Final = text("DELETE FROM past_entry")
NO_DAYS: Final = text("DELETE FROM past_day")
NO_SPANS: Final = text("DELETE FROM past_span")
