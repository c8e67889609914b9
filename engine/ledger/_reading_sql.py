"""The statements of what is read of publications."""

from __future__ import annotations

from typing import Final

from sqlalchemy import text

STATEMENTS: Final = {
    "new": text(
        "SELECT seq, source, recorded_at FROM feed_item WHERE seq > (SELECT coalesce(max(item), 0) FROM feed_work)"
        " ORDER BY seq LIMIT :limit"
    ),
    "unentered": text(
        "SELECT count(*), coalesce(min(recorded_at), 0) FROM feed_item"
        " WHERE seq > (SELECT coalesce(max(item), 0) FROM feed_work)"
    ),
    "due": text(
        "SELECT item, source, state, holder, held_until, tries, since, next_at, fault, reading FROM feed_work"
        " WHERE state = 'waiting' AND next_at <= :now AND held_until <= :now ORDER BY next_at, item LIMIT :limit"
    ),
    "one": text(
        "SELECT item, source, state, holder, held_until, tries, since, next_at, fault, reading FROM feed_work"
        " WHERE item = :item"
    ),
    "read": text(
        "SELECT item, source, state, holder, held_until, tries, since, next_at, fault, reading FROM feed_work"
        " WHERE item > :after AND state <> 'waiting' AND (CAST(:source AS TEXT) IS NULL OR source = :source)"
        " ORDER BY item LIMIT :limit"
    ),
    "failed": text(
        "SELECT item, source, state, holder, held_until, tries, since, next_at, fault, reading FROM feed_work"
        " WHERE state = 'failed' ORDER BY item LIMIT :limit"
    ),
    "put": text(
        "UPDATE feed_work SET source = :source, state = :state, holder = :holder, held_until = :held_until, tries = :tries,"
        " since = :since, next_at = :next_at, fault = :fault, reading = :reading, seal = :seal WHERE item = :item"
    ),
    "same_reading": text("SELECT seq FROM feed_reading WHERE item = :item AND reader = :reader AND release = :release"),
    "reading": text(
        "SELECT seq, item, reader, release, recorded_at, relevance, relevant, body FROM feed_reading WHERE seq = :seq"
    ),
    "readings": text(
        "SELECT seq, item, reader, release, recorded_at, relevance, relevant, body FROM feed_reading WHERE item = :item"
        " ORDER BY seq"
    ),
    "irrelevant": text(
        "SELECT r.seq, r.item, r.reader, r.release, r.recorded_at, r.relevance, r.relevant, r.body FROM feed_work w"
        " JOIN feed_reading r ON r.seq = w.reading WHERE w.state = 'irrelevant' AND w.item > :after ORDER BY w.item LIMIT :limit"
    ),
    "queue": text("SELECT state, count(*), min(since) FROM feed_work GROUP BY state"),
    "stage": text("SELECT total FROM ingest_stage WHERE stage = :stage"),
    "forget_stage": text("DELETE FROM ingest_stage WHERE stage = :stage"),
    "stages": text(
        "SELECT stage, ran_at, number, failed, middle, high, longest, total FROM ingest_stage ORDER BY stage"
    ),
}
