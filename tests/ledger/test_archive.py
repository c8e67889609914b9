"""Months of the chain as files: written whole or not at all, checked without the ledger, never taken for what they are not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from engine.ledger import Ledger, verify
from engine.ledger._chain import DECISION, link
from engine.ledger.archive import parts
from engine.ledger.archive.check import verify as check
from engine.ledger.archive.joined import Joined
from engine.ledger.archive.manifest import MANIFESTS, ArchiveRefused, manifests_in
from engine.ledger.archive.read import Archive
from engine.ledger.archive.write import next_month
from engine.signing import SigningKey
from tests.ledger.archiving import NOW, archived, decided, past
from tests.ledger.tampering import by_hand


def tree(folder: Path) -> dict[str, bytes]:
    """All that lies there."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture
def filled(url: str) -> str:
    """A ledger with a past, on each store in turn."""
    past(url)
    return url


@pytest.fixture
def own(sqlite_url: str, tmp_path: Path) -> tuple[str, Path]:
    """A SQLite ledger with a past, and its archive."""
    past(sqlite_url)
    archived(sqlite_url, tmp_path / "archive")
    return sqlite_url, tmp_path / "archive"


# -- writing ------------------------------------------------------------------------------------------------------------------


def test_every_month_that_is_over_becomes_files_from_which_the_chain_is_proved(filled: str, tmp_path: Path) -> None:
    key = SigningKey.new()
    made = archived(filled, tmp_path / "a", key=key)
    assert [one.month for one in made] == ["2021-01", "2021-02", "2021-03"]
    assert {part.path for part in made[1].parts} == {
        "decisions/year=2021/month=02/part-00000.parquet", "chain/year=2021/month=02/event-00000.parquet",
    }  # fmt: skip
    report = check(tmp_path / "a", trusted=frozenset({key.public}), url=filled)
    assert (report.fault, report.rows, report.unsigned) == (None, 1 + 3 * 6, ())
    assert report.head == made[-1].head
    assert check(tmp_path / "a").unsigned == ("2021-01", "2021-02", "2021-03"), "nobody is trusted who is not named"


def test_columns_and_bytes_are_those_of_the_ledger(filled: str, tmp_path: Path) -> None:
    archived(filled, tmp_path / "a")
    table = pl.read_parquet(tmp_path / "a" / "decisions" / "**" / "*.parquet", hive_partitioning=False)
    assert table.columns == [*DECISION.envelope, "prev", "hash", *DECISION.parts]
    with Ledger.open(filled) as ledger:
        for row in table.iter_rows(named=True):
            stored = ledger.decision(row["id"])
            assert stored is not None
            assert (row["facts"], row["inputs"], row["answer"]) == (stored.facts, stored.inputs, stored.answer)
            envelope = ("decision", *(row[name] for name in DECISION.envelope))
            assert link(row["prev"], envelope, row["facts"], row["inputs"], row["answer"]) == stored.hash


def test_written_again_nothing_changes_and_a_month_that_ended_is_added(filled: str, tmp_path: Path) -> None:
    archived(filled, tmp_path, date(2021, 3, 1))
    before = tree(tmp_path)
    assert archived(filled, tmp_path, date(2021, 3, 31)) == (), "March is not over on its last day"
    assert tree(tmp_path) == before
    assert [one.month for one in archived(filled, tmp_path)] == ["2021-03"]
    after = tree(tmp_path)
    assert {name: after[name] for name in before} == before
    assert check(tmp_path, url=filled).ok


def test_parts_end_where_they_are_large_enough(filled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.ledger.archive.write.PART_ROWS", 2)
    monkeypatch.setattr(parts, "GROUP_ROWS", 1)
    made = archived(filled, tmp_path)
    assert [part.rows for part in made[0].parts if part.table == "decision"] == [2, 1]
    assert check(tmp_path, url=filled).ok


def test_a_month_that_is_not_over_is_refused(filled: str, tmp_path: Path) -> None:
    for day, at in ((date(2023, 4, 4), NOW), (date(2021, 4, 1), datetime(2021, 4, 1, 0, 30, tzinfo=UTC))):
        with pytest.raises(ArchiveRefused, match="is not over long enough: name a day up to"):
            archived(filled, tmp_path, day, at=at)


def test_rows_of_a_clock_that_went_back_are_in_the_month_after(sqlite_url: str, tmp_path: Path) -> None:
    past(sqlite_url)
    archived(sqlite_url, tmp_path, date(2021, 2, 1))
    first = manifests_in(tmp_path)[0]
    assert (first.month, next_month(first.month), next_month("2021-12")) == ("2021-01", "2021-02", "2022-01")
    assert archived(sqlite_url, tmp_path)[0].first == first.head.seq + 1


def test_a_killed_run_leaves_whole_months_and_the_next_one_goes_on(sqlite_url: str, tmp_path: Path) -> None:
    past(sqlite_url, each=40)
    folder = tmp_path / "archive"
    script = (
        "import os, signal, sys; from pathlib import Path; from engine.ledger.archive import write as w;"
        "from tests.ledger.archiving import archived; real = w.write_part; n = [0]\n"
        "def part(*a):\n"
        " n[0] += 1\n"
        " if n[0] == int(sys.argv[3]): os.kill(os.getpid(), signal.SIGKILL)\n"
        " return real(*a)\n"
        "w.write_part = part; archived(sys.argv[1], Path(sys.argv[2]))"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    for died_at, months in ((1, 0), (2, 0), (4, 1), (3, 2)):
        command = [sys.executable, "-c", script, sqlite_url, str(folder), str(died_at)]
        assert subprocess.run(command, env=environment, check=False).returncode == -9
        report = check(folder, url=sqlite_url)
        assert (report.fault, len(report.months)) == (None, months)
    archived(sqlite_url, folder)
    assert check(folder, url=sqlite_url).ok
    archived(sqlite_url, tmp_path / "at once")
    one, two = tree(folder), tree(tmp_path / "at once")
    assert one == two, "what was killed and taken up again is byte for byte what was never killed"


def test_two_writers_of_one_archive(own: tuple[str, Path]) -> None:
    url, folder = own
    script = "import fcntl, sys; f = open(sys.argv[1], 'wb'); fcntl.lockf(f, fcntl.LOCK_EX); print(flush=True); input()"
    command = [sys.executable, "-c", script, str(folder / ".lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(ArchiveRefused, match="somebody else writes"):
            archived(url, folder)
        other.kill()
    assert archived(url, folder) == ()


def test_another_ledger_is_not_put_behind_an_archive(own: tuple[str, Path], tmp_path: Path) -> None:
    other = f"sqlite:///{tmp_path / 'other.db'}"
    past(other, each=5)
    with pytest.raises(ArchiveRefused, match="of another ledger"):
        archived(other, own[1], date(2023, 4, 1))
    assert "of another ledger" in str(check(own[1], url=other).fault)
    short = f"sqlite:///{tmp_path / 'short.db'}"
    Ledger.open(short).close()
    assert "the ledger ends at row 0" in str(check(own[1], url=short).fault)


def test_a_broken_chain_is_not_archived(sqlite_url: str, tmp_path: Path) -> None:
    past(sqlite_url)
    with by_hand(sqlite_url) as hand:
        hand.execute("UPDATE decision SET outcome = 'block' WHERE seq = 8")
    with pytest.raises(ArchiveRefused, match=r"broken at row 8 \(decision\)"):
        archived(sqlite_url, tmp_path / "archive")
    assert [one.month for one in manifests_in(tmp_path / "archive")] == ["2021-01"]


# -- checking -----------------------------------------------------------------------------------------------------------------


def test_any_flipped_byte_is_found(own: tuple[str, Path]) -> None:
    url, folder = own
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.name == ".lock":
            continue
        whole = path.read_bytes()
        for place in range(0, len(whole), max(1, len(whole) // 25)):
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
            assert check(folder, url=url).fault is not None, (path.name, place)
        path.write_bytes(whole[:-1])
        assert not check(folder).ok
        path.unlink()
        assert not check(folder).ok or path.name == "2021-03.json", path
        path.write_bytes(whole)
    assert check(folder, url=url).ok


def test_a_file_that_nobody_wrote_is_found(own: tuple[str, Path]) -> None:
    (own[1] / "decisions/year=2021/month=02/part-00001.parquet").write_bytes(b"more")
    assert str(check(own[1]).fault).endswith("part-00001.parquet is in no manifest")


def test_a_month_made_anew_shows_by_its_signature(own: tuple[str, Path]) -> None:
    """Whoever can write the files can make manifest and files anew, but not sign as somebody who is trusted."""
    url, folder = own
    key, other = SigningKey.new(), SigningKey.new()
    for month in manifests_in(folder):
        (folder / MANIFESTS / f"{month.month}.json").write_bytes(month.signed(key).file())
    assert check(folder, trusted=frozenset({key.public})).unsigned == ()
    last = manifests_in(folder)[-1]
    (folder / MANIFESTS / f"{last.month}.json").write_bytes(last.signed(other).file())
    report = check(folder, trusted=frozenset({key.public}), url=url)
    assert (report.ok, report.unsigned) == (True, (last.month,))


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda body: body["statement"].update(rows=1), "is not as it was written"),
        (lambda body: body["statement"].update(format="lexgate-archive/9"), "does not know"),
        (lambda body: body.update(signature="AAAA"), "its signature is false"),
        (lambda body: body.pop("statement"), "is no manifest"),
        (lambda body: body["statement"].update(at="2021-01-01T00:00:00"), "is no manifest"),
    ],
)
def test_a_manifest_that_says_something_else(
    own: tuple[str, Path], change: Callable[[dict[str, object]], object], what: str
) -> None:
    path = own[1] / MANIFESTS / "2021-02.json"
    month = manifests_in(own[1])[1].signed(SigningKey.new())
    body = json.loads(month.file())
    change(body)
    path.write_bytes(json.dumps(body, indent=2, ensure_ascii=False, sort_keys=True).encode() + b"\n")
    assert what in str(check(own[1]).fault)


def test_a_month_that_is_missing_in_the_middle(own: tuple[str, Path]) -> None:
    (own[1] / MANIFESTS / "2021-02.json").unlink()
    assert "2021-03.json does not continue 2021-01.json" in str(check(own[1]).fault)
    (own[1] / MANIFESTS / "2021-01.json").unlink()
    assert "names a month before it" in str(check(own[1]).fault)


# -- reading ------------------------------------------------------------------------------------------------------------------


def test_a_decision_is_found_by_its_id_as_the_ledger_had_it(filled: str, tmp_path: Path) -> None:
    archived(filled, tmp_path)
    archive = Archive(tmp_path)
    with Ledger.open(filled) as ledger:
        ids = [one.id for one in ledger.decisions(limit=100).data]
        found = {one: archive.decision(one) for one in ids}
        assert [one for one, stored in found.items() if stored is None] == ids[:3], "those of this year are not in it"
        assert all(stored == ledger.decision(one) for one, stored in found.items() if stored is not None)
    assert archive.decision("dec_nobody") is None


def test_a_changed_file_answers_nobody(own: tuple[str, Path]) -> None:
    archive = Archive(own[1])
    part = next(part for part in archive.months()[0].parts if part.table == "decision")
    assert part.first_id is not None
    assert archive.decision(part.first_id) is not None
    path = own[1] / part.path
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + bytes([whole[100] ^ 1]) + whole[101:])
    with pytest.raises(ArchiveRefused, match="is not what its manifest says"):
        archive.decision(part.first_id)
    path.unlink()
    with pytest.raises(ArchiveRefused, match="cannot be read"):
        archive.stretch(None, None, after=0, upto=99, limit=9)


def test_archive_and_ledger_are_read_as_one(filled: str, tmp_path: Path) -> None:
    spans = [
        (None, None), (datetime(2021, 1, 2, 10, 0, 3, tzinfo=UTC), datetime(2021, 3, 2, 10, 0, 3, tzinfo=UTC)),
        (datetime(2021, 3, 1, tzinfo=UTC), None),
    ]  # fmt: skip
    archived(filled, tmp_path)
    with Ledger.open(filled) as ledger:
        both = Joined(ledger, Archive(tmp_path))
        newest = ledger.newest_decision()
        assert newest is not None
        assert both.newest_decision() == newest
        for since, until in spans:
            for limit in (1, 4, 100):
                one = ledger.stretch(since, until, after=2, upto=newest[0], limit=limit)
                assert both.stretch(since, until, after=2, upto=newest[0], limit=limit) == one
                assert one


def test_only_the_months_of_a_span_are_read(own: tuple[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    real = parts.scan
    monkeypatch.setattr(
        "engine.ledger.archive.read.scan", lambda folder, part: seen.append(part.path) or real(folder, part)
    )
    month = datetime(2021, 2, 1, tzinfo=UTC), datetime(2021, 3, 1, tzinfo=UTC)
    assert len(Archive(own[1]).stretch(*month, after=0, upto=99, limit=9)) == 3
    assert seen == ["decisions/year=2021/month=02/part-00000.parquet"]


def test_an_archive_with_nothing_in_it_is_not_joined(sqlite_url: str, tmp_path: Path) -> None:
    with Ledger.open(sqlite_url) as ledger, pytest.raises(ArchiveRefused, match="no month of an archive"):
        Joined(ledger, Archive(tmp_path))
    assert not check(tmp_path / "nowhere").ok


def test_archiving_leaves_the_ledger_as_it_is(filled: str, tmp_path: Path) -> None:
    before = verify(filled)
    archived(filled, tmp_path)
    assert verify(filled) == before
    with Ledger.open(filled) as ledger:
        decided(ledger, NOW)
    assert check(tmp_path, url=filled).ok
