"""The statements of the monitor: the chain's words, the records that are kept of them, and who works."""

from __future__ import annotations

from typing import Final

from sqlalchemy import text

_WORDS: Final = text("""
SELECT w.seq, w.kind, w.id, w.at, w.decided_at, w.outcome,
  CASE WHEN l.kind IN ('authorised', 'captured')
    AND EXISTS (SELECT 1 FROM event r WHERE r.decision_id = w.id AND r.kind = 'refunded') THEN 'refunded' ELSE l.kind END,
  l.at, l.seq, w.body
FROM (
  SELECT d.seq AS seq, 'decision' AS kind, d.id AS id, d.at AS at, d.at AS decided_at, d.outcome AS outcome, d.facts AS body
  FROM decision d WHERE d.seq > :after AND d.seq <= :upto
  UNION ALL
  SELECT e.seq, e.kind, e.decision_id, e.at, d.at, d.outcome, d.facts
  FROM event e JOIN decision d ON d.id = e.decision_id WHERE e.seq > :after AND e.seq <= :upto
  UNION ALL
  SELECT o.seq, 'onboarding', o.case_id, o.at, o.at, c.state, c.body
  FROM onboarding_event o JOIN onboarding_case c ON c.id = o.case_id WHERE o.seq > :after AND o.seq <= :upto
) w LEFT JOIN event l ON l.seq = (
  SELECT x.seq FROM event x WHERE x.decision_id = w.id AND x.kind IN ('authorised', 'captured', 'failed')
  ORDER BY x.at DESC, x.seq DESC LIMIT 1)
ORDER BY w.seq
""")
_NEXT: Final = text("""
SELECT min(r.seq), min(r.recorded_at) FROM (
  SELECT min(seq) AS seq, min(recorded_at) AS recorded_at FROM decision WHERE seq > :after
  UNION ALL SELECT min(seq), min(recorded_at) FROM event WHERE seq > :after
  UNION ALL SELECT min(seq), min(recorded_at) FROM onboarding_event WHERE seq > :after
) r
""")
_HEAD: Final = text("SELECT seq FROM head WHERE id = 1")
_CHANGED: Final = text("SELECT id, seq, at, body FROM watched_event WHERE seq > :after ORDER BY seq, id LIMIT :limit")
_SINCE: Final = text(
    "SELECT id, seq, at, body FROM watched_event WHERE seq < :below AND at >= :since ORDER BY seq DESC, id LIMIT :limit"
)
_OLDER: Final = text(
    "SELECT id, seq, at, body FROM watched_event WHERE at < :before AND seq <= :upto ORDER BY seq, id LIMIT :limit"
)
_UNCHANGED: Final = text("SELECT id FROM watched_event WHERE id = :id AND seq = :seq AND at = :at")
_BEFORE: Final = text(
    "SELECT e.id, e.seq, e.at, e.body FROM watched_subject s JOIN watched_event e ON e.id = s.event"
    " WHERE s.subject_kind = :kind AND s.subject = :subject AND s.at >= :since AND s.at <= :at"
    " ORDER BY s.at DESC, s.event DESC LIMIT :limit"
)
_AFTER: Final = text(
    "SELECT e.id, e.seq, e.at, e.body FROM watched_subject s JOIN watched_event e ON e.id = s.event"
    " WHERE s.subject_kind = :kind AND s.subject = :subject AND s.at > :at AND s.at <= :until"
    " ORDER BY s.at, s.event LIMIT :limit"
)
_HELD: Final = text("SELECT through, mark, holder, held_until, stumbled_at, tries FROM monitor WHERE name = :name")
_ALL_HELD: Final = text(
    "SELECT name, through FROM monitor WHERE name NOT IN ('lists', 'graphs', 'forget', 'search', 'breaker') ORDER BY name"
)
_PUT: Final = text(
    "UPDATE monitor SET through = :through, mark = :mark, holder = :holder, held_until = :held_until,"
    " stumbled_at = :stumbled_at, tries = :tries, seal = :seal WHERE name = :name"
)
UNWATCH: Final = text("DELETE FROM watched_event WHERE id = :id")
_KNOWN: Final = text("SELECT at FROM watched_event WHERE id = :id")
_RECORD: Final = text("SELECT id, seq, at, body FROM watched_event WHERE id = :id")
UNLIST: Final = text(
    "DELETE FROM watched_subject WHERE event = :id AND at = :at AND subject_kind = :kind AND subject = :subject"
)
_UNSCREENED: Final = text(
    "SELECT subject_kind, subject, seq, digest, body, screened_by FROM known_party WHERE screened_by < :by OR screened_by > :by"
    " ORDER BY screened_by, subject_kind, subject LIMIT :limit"
)
_PARTY_COUNT: Final = text("SELECT count(*), sum(CASE WHEN screened_by = :by THEN 0 ELSE 1 END) FROM known_party")
_NOTHING: Final = text("DELETE FROM watched_event")
_NOBODY: Final = text("DELETE FROM watched_subject")
_NO_PARTY: Final = text("DELETE FROM known_party")
STATEMENTS: Final = {
    "words": _WORDS, "next": _NEXT, "head": _HEAD, "changed": _CHANGED, "since": _SINCE, "older": _OLDER,
    "unchanged": _UNCHANGED, "before": _BEFORE, "after": _AFTER, "held": _HELD, "all_held": _ALL_HELD, "put": _PUT,
    "unwatch": UNWATCH, "known": _KNOWN, "record": _RECORD, "unlist": UNLIST, "unscreened": _UNSCREENED,
    "party_count": _PARTY_COUNT, "nothing": _NOTHING, "nobody": _NOBODY, "no_party": _NO_PARTY,
}  # fmt: skip
