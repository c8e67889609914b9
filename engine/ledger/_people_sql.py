"""The statements of people, sessions and tries."""

from __future__ import annotations

from typing import Final

from sqlalchemy import text

PEOPLE: Final = {
    "by_id": text(
        "SELECT id, login, display_name, locale, roles, state, password, factor, pending_factor, factor_step, recovery,"
        " setup_code, setup_until, subject, created_at, changed_at FROM person WHERE id = :id"
    ),
    "by_login": text(
        "SELECT id, login, display_name, locale, roles, state, password, factor, pending_factor, factor_step, recovery,"
        " setup_code, setup_until, subject, created_at, changed_at FROM person WHERE login = :login"
    ),
    "by_subject": text(
        "SELECT id, login, display_name, locale, roles, state, password, factor, pending_factor, factor_step, recovery,"
        " setup_code, setup_until, subject, created_at, changed_at FROM person WHERE subject = :subject AND subject <> ''"
    ),
    "page": text(
        "SELECT id, login, display_name, locale, roles, state, password, factor, pending_factor, factor_step, recovery,"
        " setup_code, setup_until, subject, created_at, changed_at FROM person"
        " WHERE id > :after AND (CAST(:state AS TEXT) IS NULL OR state = :state) ORDER BY id LIMIT :limit"
    ),
    "with_factor": text(
        "SELECT id, login, display_name, locale, roles, state, password, factor, pending_factor, factor_step, recovery,"
        " setup_code, setup_until, subject, created_at, changed_at FROM person"
        " WHERE factor <> '' OR pending_factor <> '' ORDER BY id"
    ),
    "active": text("SELECT id, roles FROM person WHERE state = 'active'"),
    "count": text("SELECT count(*) FROM person"),
    "put": text(
        "UPDATE person SET login = :login, display_name = :display_name, locale = :locale, roles = :roles, state = :state,"
        " password = :password, factor = :factor, pending_factor = :pending_factor, factor_step = :factor_step,"
        " recovery = :recovery, setup_code = :setup_code, setup_until = :setup_until, subject = :subject,"
        " created_at = :created_at, changed_at = :changed_at WHERE id = :id"
    ),
}
SESSIONS: Final = {
    "by_digest": text(
        "SELECT s.id, s.person, s.digest, s.method, s.source, s.created_at, s.expires_at, s.ended_at, u.seen_at,"
        " p.id, p.login, p.display_name, p.locale, p.roles, p.state, p.password, p.factor, p.pending_factor, p.factor_step,"
        " p.recovery, p.setup_code, p.setup_until, p.subject, p.created_at, p.changed_at"
        " FROM person_session s JOIN person p ON p.id = s.person JOIN last_use u ON u.holder = s.id WHERE s.digest = :digest"
    ),
    "of_key": text(
        "SELECT s.id, s.person, s.digest, s.method, s.source, s.created_at, s.expires_at, s.ended_at, u.seen_at, k.id, k.name,"
        " k.scopes, k.digest, k.created_at, k.revoked_at, t.expires_at, t.sources, t.countries, t.merchants, NULL,"
        " r.requests, r.seconds FROM person_session s JOIN api_key k ON k.id = s.person JOIN last_use u ON u.holder = s.id"
        " LEFT JOIN api_key_term t ON t.key_id = k.id LEFT JOIN api_key_rate r ON r.key_id = k.id WHERE s.digest = :digest"
    ),
    "holder": text("SELECT person FROM person_session WHERE digest = :digest"),
    "open": text(
        "SELECT s.id, s.person, s.digest, s.method, s.source, s.created_at, s.expires_at, s.ended_at, u.seen_at"
        " FROM person_session s JOIN last_use u ON u.holder = s.id"
        " WHERE s.person = :person AND s.ended_at = 0 AND s.expires_at > :now ORDER BY s.created_at DESC, s.id"
    ),
    "put_end": text("UPDATE person_session SET ended_at = :ended_at WHERE id = :id"),
    "see": text("UPDATE last_use SET seen_at = :seen_at, seal = :seal WHERE holder = :holder"),
    "seen": text("SELECT holder, seen_at FROM last_use WHERE holder = :holder"),
}
TRIES: Final = {
    "one": text("SELECT key, failed, last_at, until, turned_away FROM sign_in_try WHERE key = :key"),
    "put": text(
        "UPDATE sign_in_try SET failed = :failed, last_at = :last_at, until = :until, turned_away = :turned_away,"
        " seal = :seal WHERE key = :key"
    ),
    "forget": text("DELETE FROM sign_in_try WHERE key = :key"),
    "stale": text("DELETE FROM sign_in_try WHERE last_at < :before"),
}
