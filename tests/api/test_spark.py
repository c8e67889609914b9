"""Back-tests on a cluster of Apache Spark on this machine, with executors in processes of their own: what they come to is what
one process comes to, byte for byte, whoever dies meanwhile."""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import date
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import polars as pl
import pytest
from typer.testing import CliRunner

from api import backtest_sources, reevaluating
from api.backtest_folder import OtherBacktest, release_file
from api.backtest_sources import ARCHIVE, LEDGER, Decided
from api.backtesting import Order, World, run_backtest
from api.cli import app
from api.reevaluating import COUNTED, Reevaluation, reevaluate
from api.spark.errors import SparkTrouble
from api.spark.pieces import PIECES
from api.spark.session import cluster, reason
from api.spark.shipped import rates_bytes, rates_from
from engine.backtest import NOBODY, BadTable, Stopped, Watch
from engine.decide import decide
from engine.history import NullHistory
from engine.ledger import DecisionEntry, Ledger
from engine.money import PublishedRate, PublisherTable, RateTable
from engine.replay import facts_from
from tests.api.old_payments import fill
from tests.api.test_backtesting import ROW, csv
from tests.api.test_reevaluating import decided
from tests.backtest.past import Past, halved, law, rates
from tests.empty import empty_ledger
from tests.ledger.archiving import archived
from tests.ledger.factories import entry, store

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_MISSING = [name for name in ("pyspark", "pyarrow", "pandas") if find_spec(name) is None]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(_MISSING), reason=f"SPARK IS NOT TESTED: {', '.join(_MISSING)} not installed"),
    pytest.mark.skipif(shutil.which("java") is None, reason="SPARK IS NOT TESTED: there is no Java"),
    # Spark's own: sockets to its Java process that are left to the collector, and what pandas announces.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]

MASTER = "local-cluster[2,1,1024]"
CHUNK = 5


@pytest.fixture(scope="module")
def session() -> Iterator[SparkSession]:
    """One cluster for all tests: two executors of one core each."""
    with cluster(MASTER, spark__driver__host="127.0.0.1", spark__driver__bindAddress="127.0.0.1") as found:
        yield found


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backtest_sources, "CHUNK", CHUNK)


def world(ledger: Decided | None = None) -> World:
    """The world of these tests."""
    return World(law(), rates(), "sha256:00", ledger)


def order(source: Path | str, **chosen: Any) -> Order:
    """A back-test of authentication."""
    return Order(str(source), ("sca",), **chosen)


Spark = Callable[..., dict[str, Any]]


@pytest.fixture
def spark(session: SparkSession, tmp_path: Path) -> Spark:
    """A back-test on the cluster, in the folder `work`."""
    from api.spark.driver import spark_backtest

    def run(
        asked: Order, *, ledger: Decided | None = None, watch: Watch = NOBODY, folder: str = "work"
    ) -> dict[str, Any]:
        return spark_backtest(session, asked, halved(), world(ledger), folder=tmp_path / folder, watch=watch)

    return run


def kept(folder: Path) -> dict[str, bytes]:
    """What is in a folder of chunks."""
    return {path.name: path.read_bytes() for path in sorted((folder / "chunks").iterdir())}


def ndjson(folder: Path) -> Path:
    """Payments with baskets and labels, and lines that are none."""
    past, path = Past(11), folder / "past.ndjson"
    lines = [orjson.dumps({**past.body(number), "label": number == 0}) for number in range(17)]
    path.write_bytes(b"\n".join([*lines, b"{", b'{"amount": "1"}']) + b"\n")
    return path


def quoted(folder: Path) -> Path:
    """A table with texts in quotes, one of them over two lines, and with cells that are empty."""
    path = csv(folder, 23)
    head, *rows = path.read_text().splitlines()
    rows = [f'{row},"shop, ""{at}""\nabroad"' if at % 3 else f"{row}," for at, row in enumerate(rows)]
    path.write_text("\n".join([f"{head},reference", *rows]) + "\n")
    return path


def parquet(folder: Path) -> Path:
    """The same as Parquet."""
    path = folder / "past.parquet"
    pl.read_csv(csv(folder, 23), infer_schema=False).write_parquet(path)
    return path


def parts(folder: Path) -> Path:
    """The same as a folder of parts, none of which ends where a chunk does."""
    table, path = pl.read_csv(csv(folder, 23), infer_schema=False), folder / "parts"
    path.mkdir()
    for number, (start, rows) in enumerate([(0, 7), (7, 1), (8, 15)]):
        table.slice(start, rows).write_parquet(path / f"part-{number:05d}.parquet")
    return path


@pytest.mark.parametrize("source", [csv, quoted, parquet, parts, ndjson])
def test_a_cluster_comes_to_the_same_bytes(tmp_path: Path, spark: Spark, source: Callable[[Path], Path]) -> None:
    asked, alone = order(source(tmp_path)), tmp_path / "alone"
    found = spark(asked)
    assert orjson.dumps(found) == orjson.dumps(run_backtest(asked, halved(), world(), folder=alone))
    assert kept(tmp_path / "work") == kept(alone)
    assert (tmp_path / "work/identity.json").read_bytes() == (alone / "identity.json").read_bytes()
    assert found["payments"]["evaluated"] > 0
    assert found["payments"]["left_out"] > 0


def test_days_and_limits_are_kept(tmp_path: Path, spark: Spark) -> None:
    wanted = backtest_sources.Wanted(date(2026, 10, 2), date(2026, 10, 8), 13)
    asked = order(csv(tmp_path, 23), wanted=wanted)
    assert spark(asked) == run_backtest(asked, halved(), world())


def decisions(number: int) -> list[DecisionEntry]:
    """Stored decisions on payments of forty euro, and one whose request nobody can read."""
    request = {
        "occurred_at": "2026-10-01T10:00:00+02:00", "amount": "40.00", "currency": "EUR",
        "payment": {"instrument": "card", "channel": "contactless", "initiator": "payer", "issuer_country": "DE",
                    "acquirer_country": "DE",
                    "since_authenticated": {"amount": "0.00", "currency": "EUR", "count": 1, "policy": "count"}},
    }  # fmt: skip
    body = orjson.dumps(request)
    facts = facts_from(body)
    made = decide(
        facts, law(), NullHistory(), rates=rates(), decision_id="dec_1", now=facts["occurred_at"], domains=("sca",)
    )
    found = [entry(facts=body, inputs=orjson.dumps(made.inputs), release=law().release.digest) for _ in range(number)]
    return [*found, entry(facts=b'{"amount": "1"}', inputs=b"{}")]


def test_stored_decisions_go_out_as_files_and_come_to_the_same(
    tmp_path: Path, spark: Spark, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backtest_sources, "STORED_CHUNK", 3)
    asked = order(LEDGER)
    with Ledger.open(f"sqlite:///{tmp_path / 'lexgate.db'}") as ledger:
        store(ledger, *decisions(10))
        found = spark(asked, ledger=ledger)
        assert found == run_backtest(asked, halved(), world(ledger), folder=tmp_path / "alone")
        assert (found["payments"]["evaluated"], found["payments"]["left_out"]) == (10, 1)
        assert list((tmp_path / "work" / PIECES).glob("*.parquet")) == [], "what is personal does not lie about"
        assert spark(asked, ledger=ledger) == found, "nothing is asked again"


def test_a_reevaluation_on_a_cluster_comes_to_the_same_and_is_taken_up(
    tmp_path: Path, session: SparkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reevaluating, "SPAN", 4)
    asked = Reevaluation(halved())
    folders = [tmp_path / name / COUNTED / asked.name for name in ("many", "one")]
    with Ledger.open(f"sqlite:///{tmp_path / 'lexgate.db'}") as ledger:
        store(ledger, *(decided(amount) for amount in ("40.00", "20.00", "40.00", "20.00", "20.00", "40.00")))
        found = reevaluate(asked, ledger, tmp_path / "many", session=session)
        alone = reevaluate(asked, ledger, tmp_path / "one")
        assert {**found, "named_in": ""} == {**alone, "named_in": ""}
        assert found["decisions"]["differing"] == 3
        for name in ("chunks", "differing"):
            files = [{path.name: path.read_bytes() for path in (one / name).iterdir()} for one in folders]
            assert files[0] == files[1]
        assert list((folders[0] / PIECES).iterdir()) == []
        store(ledger, decided("40.00"))
        again = reevaluate(asked, ledger, tmp_path / "many", session=session)
        assert (again["decisions"]["evaluated"], again["decisions"]["differing"]) == (7, 4)


# -- what goes wrong ----------------------------------------------------------------------------------------------------------


def executors() -> list[int]:
    """The processes of the executors below this one."""
    above, found = {}, []
    for where in Path("/proc").iterdir():
        if where.name.isdecimal():
            try:
                above[int(where.name)] = int((where / "stat").read_text().rpartition(")")[2].split()[1])
                if b"CoarseGrainedExecutorBackend" in (where / "cmdline").read_bytes():
                    found.append(int(where.name))
            except OSError:  # it ended while it was looked at
                continue
    return [one for one in found if _below(one, above)]


def _below(process: int, above: dict[int, int]) -> bool:
    while process in above and process != os.getpid():
        process = above[process]
    return process == os.getpid()


def test_the_work_of_an_executor_that_is_killed_is_done_by_another(tmp_path: Path, spark: Spark) -> None:
    asked, killed = order(csv(tmp_path, 120)), []

    def kill() -> None:
        deadline = time.monotonic() + 60
        while len(list((tmp_path / "work").glob("chunks/*.json"))) < 3 and time.monotonic() < deadline:
            time.sleep(0.01)
        killed.append(executors()[0])
        os.kill(killed[0], signal.SIGKILL)

    thread = threading.Thread(target=kill)
    thread.start()
    found = spark(asked)
    thread.join()
    assert killed
    assert found == run_backtest(asked, halved(), world())


def test_what_was_counted_before_it_was_stopped_is_not_counted_again(tmp_path: Path, spark: Spark) -> None:
    asked, folder = order(csv(tmp_path, 60)), tmp_path / "work"
    seen: list[int] = []
    with pytest.raises(Stopped):
        spark(asked, watch=Watch(lambda chunks, _payments: seen.append(chunks), lambda: bool(seen) and seen[-1] >= 2))
    before = {path.name: path.stat().st_mtime_ns for path in (folder / "chunks").iterdir()}
    assert len(before) >= 2
    found = spark(asked, watch=Watch(lambda chunks, _payments: seen.append(chunks)))
    after = {path.name: path.stat().st_mtime_ns for path in (folder / "chunks").iterdir()}
    assert len(after) == 12
    assert {name: after[name] for name in before} == before
    assert found == run_backtest(asked, halved(), world())


def test_either_ends_what_the_other_began(tmp_path: Path, spark: Spark) -> None:
    asked, folder = order(csv(tmp_path, 23)), tmp_path / "work"
    whole = run_backtest(asked, halved(), world(), folder=folder)
    (folder / "chunks/000001.json").unlink()
    assert spark(asked) == whole
    (folder / "chunks/000003.json").unlink()
    assert run_backtest(asked, halved(), world(), folder=folder) == whole


def test_a_folder_with_other_work_is_refused(tmp_path: Path, spark: Spark) -> None:
    spark(order(csv(tmp_path)))
    with pytest.raises(OtherBacktest, match="full is not the same"):
        spark(order(tmp_path / "past.csv", full=True))


def test_a_release_whose_bytes_are_not_its_own_is_refused_by_the_workers(tmp_path: Path, spark: Spark) -> None:
    """A candidate that no worker has read yet: its file is there, and is not what its name says."""
    asked = order(csv(tmp_path), full=True)
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / release_file(halved().release.digest)).write_bytes(b"{}")
    with pytest.raises(SparkTrouble, match="is not what its name says"):
        spark(asked)


def test_a_file_that_is_no_table_is_told_as_by_one_process(tmp_path: Path, spark: Spark) -> None:
    path = tmp_path / "ragged.csv"
    path.write_text(f"{(csv(tmp_path)).read_text()}{ROW.format(day=1)},1,2,3,4\n")
    with pytest.raises(BadTable, match=r"ragged\.csv cannot be read as csv"):
        spark(order(path))
    (tmp_path / "other.csv").write_text("amount\n1\n")
    for name, text, what in (
        ("other.csv", "amount\n1\n", "The column currency is missing"),
        ("past.txt", "", "is none of"),
    ):
        (tmp_path / name).write_text(text)
        with pytest.raises(BadTable, match=what):
            spark(order(tmp_path / name), folder=f"work of {name}")
    with pytest.raises(SparkTrouble, match="on storage that every machine sees"):
        spark(order(tmp_path / "nowhere.csv"), folder="nowhere")


def test_an_archive_is_counted_as_the_ledger_was_before(
    tmp_path: Path, spark: Spark, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backtest_sources, "STORED_CHUNK", 3)
    url, source = empty_ledger(tmp_path / "ledger.db"), f"{ARCHIVE}{tmp_path / 'archive'}"
    fill(url)
    with Ledger.open(url) as ledger:
        before = spark(order(LEDGER), ledger=ledger)
        archived(url, tmp_path / "archive")
        both = backtest_sources.decided(source, ledger)
        assert spark(order(source), ledger=both, folder="again") == before
        assert run_backtest(order(source), halved(), world(both)) == before
    assert before["payments"]["evaluated"] == 16


def test_workers_with_other_software_are_refused(tmp_path: Path, spark: Spark, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.spark.driver.software", lambda: "0.0.1 of somebody else")
    with pytest.raises(SparkTrouble, match=r"it was called from 0\.0\.1 of somebody else: install the same"):
        spark(order(csv(tmp_path)))


def test_the_command_writes_what_the_command_without_a_cluster_writes(
    tmp_path: Path, session: SparkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`lexgate backtest --spark`, on the cluster that is there."""
    monkeypatch.setenv("LEXGATE_DATABASE", f"sqlite:///{tmp_path / 'lexgate.db'}")
    monkeypatch.setattr("api.commands.backtest.cluster", lambda _master: nullcontext(session))
    monkeypatch.setattr("api.commands.backtest.world_of", lambda *_: world())
    monkeypatch.setattr("api.commands.backtest.law", lambda _folder: halved())
    monkeypatch.setattr("api.commands.backtest.law_in_force", lambda _ledger: law())
    words = ["backtest", "--candidate", str(tmp_path), "--source", str(csv(tmp_path)), "--domains", "sca", "--json"]
    found = CliRunner().invoke(app, [*words, "--spark", MASTER, "--resume", str(tmp_path / "work")])
    assert found.exit_code == 0, found.stderr
    assert found.stdout == CliRunner().invoke(app, words).stdout


# -- before there is a cluster ------------------------------------------------------------------------------------------------


def test_a_cluster_needs_a_folder_that_every_machine_sees(tmp_path: Path) -> None:
    found = CliRunner().invoke(app, ["backtest", "--candidate", str(tmp_path), "--spark", "local[2]"])
    assert (found.exit_code, "--resume DIR" in found.stderr.replace("\n", " ")) == (2, True)


@pytest.mark.parametrize("master", ["", "host:7077", "spark://", "local[x]", "sc://host", "local-cluster[2]"])
def test_a_master_that_is_none_is_refused_before_java_is_started(master: str) -> None:
    with pytest.raises(SparkTrouble, match="is no master"), cluster(master):
        raise AssertionError


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.spark.session.find_spec", lambda name: None if name == "pyspark" else name)
    with pytest.raises(SparkTrouble, match=r"Not installed: pyspark\. Wanted is `pip install 'lexgate\[spark\]'`"):
        cluster("local").__enter__()


def test_without_java_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr("api.spark.session.shutil.which", lambda _name: None)
    with pytest.raises(SparkTrouble, match="There is no Java"):
        cluster("local").__enter__()


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("[PYTHON_VERSION_MISMATCH] Python in worker has different version", "another Python than this one"),
        ("Traceback\nModuleNotFoundError: No module named 'api'\n at x", "Lexgate is not installed"),
        (
            "ModuleNotFoundError: No module named 'pyarrow.lib'",
            "pyarrow is not installed for the Python of the workers",
        ),
        ("All masters are unresponsive! Giving up.", "Nobody answers"),
        ("one\norg.apache.spark.SparkException: it broke\n\tat org.x.Y\n\t... 9 more", "SparkException: it broke"),
        ("", "RuntimeError"),
    ],
)
def test_the_errors_of_spark_are_told_in_one_sentence(said: str, meant: str) -> None:
    assert meant in reason(RuntimeError(said))


def test_rates_come_back_as_they_were_sent() -> None:
    published = PublishedRate(date(2026, 10, 1), "USD", "PLN", Decimal("3.60"), date(2026, 10, 1), date(2026, 10, 31))
    sent = RateTable(rates().rows(), max_age_days=7, publishers={"NBP": PublisherTable([published], source="NBP")})
    content = rates_bytes(sent)
    found = rates_from(content)
    assert rates_bytes(found) == content
    assert (found.max_age_days, list(found.publishers["NBP"].rows())) == (7, [published])
    assert sorted(found.rows()) == sorted(rates().rows())
