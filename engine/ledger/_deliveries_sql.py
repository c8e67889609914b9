"""The statements of deliveries."""

from __future__ import annotations

from typing import Final

from sqlalchemy import text

STATEMENTS: Final = {
    "destinations": text(
        "SELECT name, kind, address, fingerprint, known_at, through, off_at, why FROM delivery_destination ORDER BY name"
    ),
    "destination": text(
        "SELECT name, kind, address, fingerprint, known_at, through, off_at, why FROM delivery_destination WHERE name = :name"
    ),
    "put_destination": text(
        "UPDATE delivery_destination SET kind = :kind, address = :address, fingerprint = :fingerprint, known_at = :known_at,"
        " through = :through, off_at = :off_at, why = :why, seal = :seal WHERE name = :name"
    ),
    "head": text("SELECT seq FROM head WHERE id = 1"),
    "told": text(
        "SELECT seq, subject FROM note WHERE seq > :after AND seq <= :upto AND kind = 'alert.told' ORDER BY seq LIMIT :limit"
    ),
    "due": text(
        "SELECT a.id, a.kind, a.rule, a.subject_kind, a.subject, a.severity, a.occurred_at, a.recorded_at, a.told, a.case_id,"
        " a.likeness, a.screening, a.ended_at, a.body, d.id, d.alert, d.destination, d.state, d.tries, d.queued_at, d.next_at,"
        " d.ended_at, d.holder, d.held_until FROM delivery d JOIN alert a ON a.id = d.alert"
        " WHERE d.destination = :destination AND d.state = 'waiting'"
        " AND d.next_at <= :now AND d.held_until <= :now ORDER BY d.next_at, d.id LIMIT :limit"
    ),
    "one": text(
        "SELECT id, alert, destination, state, tries, queued_at, next_at, ended_at, holder, held_until FROM delivery"
        " WHERE id = :id"
    ),
    "put": text(
        "UPDATE delivery SET alert = :alert, destination = :destination, state = :state, tries = :tries, queued_at = :queued_at,"
        " next_at = :next_at, ended_at = :ended_at, holder = :holder, held_until = :held_until, seal = :seal WHERE id = :id"
    ),
    "last": text("SELECT coalesce(max(number), 0) FROM delivery_attempt WHERE delivery = :delivery"),
    "page": text(
        "SELECT id, alert, destination, state, tries, queued_at, next_at, ended_at, holder, held_until FROM delivery"
        " WHERE id > :after AND (CAST(:state AS TEXT) IS NULL OR state = :state)"
        " AND (CAST(:destination AS TEXT) IS NULL OR destination = :destination) ORDER BY id LIMIT :limit"
    ),
    "newest": text(
        "SELECT id, alert, destination, state, tries, queued_at, next_at, ended_at, holder, held_until FROM delivery"
        " WHERE (queued_at < :at OR (queued_at = :at AND id < :before)) AND (CAST(:state AS TEXT) IS NULL OR state = :state)"
        " AND (CAST(:destination AS TEXT) IS NULL OR destination = :destination)"
        " ORDER BY queued_at DESC, id DESC LIMIT :limit"
    ),
    "attempts": text(
        "SELECT delivery, number, at, outcome, status, milliseconds, detail FROM delivery_attempt WHERE delivery = :delivery"
        " ORDER BY number"
    ),
    "counted": text(
        "SELECT destination, sum(CASE WHEN state = 'waiting' THEN 1 ELSE 0 END),"
        " sum(CASE WHEN state = 'delivered' THEN 1 ELSE 0 END),"
        " sum(CASE WHEN state = 'dead' THEN 1 ELSE 0 END), min(CASE WHEN state = 'waiting' THEN queued_at END)"
        " FROM delivery GROUP BY destination"
    ),
    "failed": text(
        "SELECT d.destination, count(*) FROM delivery_attempt t JOIN delivery d ON d.id = t.delivery"
        " WHERE t.outcome <> 'delivered' GROUP BY d.destination"
    ),
}  # fmt: skip
