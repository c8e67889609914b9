"""Two versions side by side: which migrations let old processes go on is told in the how-to, and read from the migrations."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from engine.ledger import Ledger, SchemaMismatch
from engine.ledger._database import Database
from engine.ledger.tables import APPEND_ONLY
from tests.ledger.factories import stored

ROOT = Path(__file__).parents[2]
MIGRATIONS = sorted((ROOT / "engine/ledger/migrations/versions").glob("r*.py"))
PAGE = (ROOT / "docs/how-to/upgrade.md").read_text(encoding="utf-8")
CONTRACTS = {
    "drop_table",
    "drop_column",
    "drop_constraint",
    "alter_column",
    "add_column",
    "batch_alter_table",
    "rename_table",
}
_WORDS = re.compile(
    r"\b(DROP\s+(TABLE|COLUMN)|ALTER\s+TABLE(?!\s+\w+\s+DROP\s+CONSTRAINT\s+\w+_fkey$)|RENAME\s+TO)\b", re.IGNORECASE
)
"""A foreign key that is taken away refuses nobody anything."""


def contracts(text: str) -> bool:
    """Whether a migration does what an old process would trip over."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute) and node.attr in CONTRACTS:
            return True
        if isinstance(node, ast.Name) and node.id == "contracts":
            return True  # it says so itself: what changes is what rows mean
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _WORDS.search(node.value):
            return True
    return False


def test_the_page_names_every_migration_that_contracts() -> None:
    told = set(re.findall(r"^\| (\d{4}) \| \*\*contracts\*\*", PAGE, re.MULTILINE))
    assert told == {path.name[1:5] for path in MIGRATIONS if contracts(path.read_text())}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("op.create_table('x')", False),
        ("op.create_index('x', 'decision', ['at'])", False),
        ("op.drop_column('decision', 'at')", True),
        ("op.add_column('decision', c)", True),
        ("op.execute('ALTER TABLE decision RENAME TO d')", True),
        ("op.execute('ALTER TABLE event DROP CONSTRAINT event_decision_id_fkey')", False),
        ("op.execute('ALTER TABLE event DROP CONSTRAINT x_fkey, DROP COLUMN y')", True),
        ("op.execute('CREATE TRIGGER t BEFORE UPDATE ON decision')", False),
        ("contracts = 'old processes would not find what new ones write'", True),
    ],
)
def test_what_contracts_is_seen(text: str, found: bool) -> None:
    assert contracts(text) is found


@pytest.mark.parametrize("store", ["sqlite_url", pytest.param("own_postgres_url", marks=pytest.mark.slow)])
def test_an_old_process_goes_on_over_tables_that_were_expanded_and_does_not_come_back(
    store: str, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue(store)
    with Ledger.open(url) as old:
        before = stored(old)
        hand = Database(url).connect()
        for sql in (
            "CREATE TABLE beside (seq BIGINT PRIMARY KEY, what TEXT)",
            "CREATE INDEX ix_new ON decision (outcome, at)",
            "UPDATE alembic_version SET version_num = '9999'",
        ):
            hand.execute(sql)
        hand.close()
        after = stored(old)
        assert [old.decision(one.id) is not None for one in (before, after)] == [True, True]
        with pytest.raises(SchemaMismatch, match="9999"):
            Ledger.open(url)
        assert stored(old).id


def test_chained_tables_have_the_columns_they_began_with() -> None:
    """A column more would change what is hashed of rows that are there."""
    first = {"decision", "event", "note"}
    assert first <= set(APPEND_ONLY)
    for path in MIGRATIONS[1:]:
        for table in first:
            assert not re.search(rf"(add|drop)_column\(\s*[\"']{table}[\"']", path.read_text()), path.name
