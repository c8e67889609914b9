"""The statements of changes of the law."""

from __future__ import annotations

from typing import Final

from sqlalchemy import text

ONE: Final = text("""
SELECT c.id, c.number, c.state, c.item, c.reading, c.source, c.publisher, c.title, c.search, c.status, c.jurisdiction,
c.domains, c.change_type, c.effective, c.draftable, c.confidence, c.assignee, c.draft, c.merged_into, c.corrects,
c.opened_at, c.updated_at, c.evidence
FROM law_change c WHERE c.id = :id
""")
PAGE: Final = text("""
SELECT c.id, c.number, c.state, c.item, c.reading, c.source, c.publisher, c.title, c.search, c.status, c.jurisdiction,
c.domains, c.change_type, c.effective, c.draftable, c.confidence, c.assignee, c.draft, c.merged_into, c.corrects,
c.opened_at, c.updated_at, c.evidence
FROM law_change c WHERE c.id > :after
  AND (CAST(:state AS TEXT) IS NULL OR c.state = :state) AND (CAST(:status AS TEXT) IS NULL OR c.status = :status)
  AND (CAST(:jurisdiction AS TEXT) IS NULL OR c.jurisdiction = :jurisdiction)
  AND (CAST(:domain AS TEXT) IS NULL OR c.domains LIKE :domain)
  AND (CAST(:assignee AS TEXT) IS NULL OR c.assignee = :assignee)
  AND (CAST(:before AS TEXT) IS NULL OR c.effective < :before)
  AND (CAST(:q AS TEXT) IS NULL OR c.search LIKE :q ESCAPE '!') ORDER BY c.id LIMIT :limit
""")
NEWEST: Final = text("""
SELECT c.id, c.number, c.state, c.item, c.reading, c.source, c.publisher, c.title, c.search, c.status, c.jurisdiction,
c.domains, c.change_type, c.effective, c.draftable, c.confidence, c.assignee, c.draft, c.merged_into, c.corrects,
c.opened_at, c.updated_at, c.evidence
FROM law_change c WHERE c.id < :after
  AND (CAST(:state AS TEXT) IS NULL OR c.state = :state) AND (CAST(:status AS TEXT) IS NULL OR c.status = :status)
  AND (CAST(:jurisdiction AS TEXT) IS NULL OR c.jurisdiction = :jurisdiction)
  AND (CAST(:domain AS TEXT) IS NULL OR c.domains LIKE :domain)
  AND (CAST(:assignee AS TEXT) IS NULL OR c.assignee = :assignee)
  AND (CAST(:before AS TEXT) IS NULL OR c.effective < :before)
  AND (CAST(:q AS TEXT) IS NULL OR c.search LIKE :q ESCAPE '!') ORDER BY c.id DESC LIMIT :limit
""")
INTO: Final = text("""
SELECT c.id, c.number, c.state, c.item, c.reading, c.source, c.publisher, c.title, c.search, c.status, c.jurisdiction,
c.domains, c.change_type, c.effective, c.draftable, c.confidence, c.assignee, c.draft, c.merged_into, c.corrects,
c.opened_at, c.updated_at, c.evidence
FROM law_change c WHERE c.merged_into = :id ORDER BY c.id
""")
DRAFTED: Final = text("""
SELECT c.id, c.number, c.state, c.item, c.reading, c.source, c.publisher, c.title, c.search, c.status, c.jurisdiction,
c.domains, c.change_type, c.effective, c.draftable, c.confidence, c.assignee, c.draft, c.merged_into, c.corrects,
c.opened_at, c.updated_at, c.evidence, d.body
FROM law_change c JOIN draft d ON d.id = c.draft
WHERE c.state = 'drafted' ORDER BY c.id
""")
WITH_DRAFT: Final = text("""
SELECT c.id, c.number, c.state, c.item, c.reading, c.source, c.publisher, c.title, c.search, c.status, c.jurisdiction,
c.domains, c.change_type, c.effective, c.draftable, c.confidence, c.assignee, c.draft, c.merged_into, c.corrects,
c.opened_at, c.updated_at, c.evidence, d.body
FROM law_change c LEFT JOIN draft d ON d.id = c.draft WHERE c.id = :id
""")
DATED: Final = text("""
SELECT c.id, c.number, c.state, c.item, c.reading, c.source, c.publisher, c.title, c.search, c.status, c.jurisdiction,
c.domains, c.change_type, c.effective, c.draftable, c.confidence, c.assignee, c.draft, c.merged_into, c.corrects,
c.opened_at, c.updated_at, c.evidence
FROM law_change c WHERE c.state IN ('new', 'assigned') AND c.effective IS NOT NULL AND c.effective <= :until ORDER BY c.id
""")
MOVE: Final = text("""
UPDATE law_change SET number = :number, state = :state, item = :item, reading = :reading, source = :source,
publisher = :publisher, title = :title, search = :search, status = :status, jurisdiction = :jurisdiction,
domains = :domains, change_type = :change_type, effective = :effective, draftable = :draftable,
confidence = :confidence, assignee = :assignee, draft = :draft, merged_into = :merged_into, corrects = :corrects,
opened_at = :opened_at, updated_at = :updated_at, evidence = :evidence
WHERE id = :id
""")
STEPS: Final = text("""
SELECT seq, number, kind, at, recorded_at, actor, from_state, to_state, reason, release, payload FROM change_step
WHERE change_id = :id ORDER BY number
""")
COUNT: Final = text("SELECT state, count(*), min(opened_at) FROM law_change GROUP BY state")
READER: Final = text("SELECT reader FROM feed_reading WHERE seq = :seq")
STANDS: Final = text("SELECT id FROM alert WHERE id = :id AND ended_at IS NULL")
TOLD: Final = text("""
SELECT id FROM alert WHERE subject_kind = 'change' AND subject = :id AND kind = 'change' AND ended_at IS NULL ORDER BY id
""")

ITEM: Final = text("SELECT source, key, corrects FROM feed_item WHERE seq = :item")
LATER: Final = text("""
SELECT i.seq FROM feed_item i JOIN law_change c ON c.item = i.seq WHERE i.source = :source AND i.key = :key AND i.seq > :item
ORDER BY i.seq DESC LIMIT 1
""")
NEAR: Final = text("""
SELECT DISTINCT m.item, r.sketch FROM change_mark m JOIN law_change c ON c.item = m.item
JOIN feed_reading r ON r.seq = c.reading JOIN feed_item i ON i.seq = m.item
WHERE m.mark IN (:b0, :b1, :b2, :b3, :b4, :b5, :b6, :b7, :b8, :b9, :b10, :b11, :b12, :b13, :b14, :b15)
  AND NOT (i.source = :source AND i.key = :key) AND c.opened_at >= :since ORDER BY m.item
""")
ABOUT: Final = text("""
SELECT m.item FROM change_mark m JOIN feed_item i ON i.seq = m.item WHERE m.mark = :mark AND m.item < :item
  AND NOT (i.source = :source AND i.key = :key) ORDER BY m.item DESC LIMIT 20
""")
