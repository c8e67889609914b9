"""A session on a cluster, or a sentence that says why there is none."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from api.spark.errors import SparkTrouble

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

NAME: Final = "lexgate"
_NEEDED: Final = ("pyspark", "pyarrow", "pandas")
_MASTER: Final = re.compile(
    r"local(\[(\d+|\*)(,\s*\d+)?\])?|local-cluster\[\d+,\s*\d+,\s*\d+\]|spark://[^\s/]+|yarn|k8s://\S+"
)
_QUIET: Final = {
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    # Chunks take as long as they take: a second try of a slow one would only take the core of the next.
    "spark.speculation": "false",
}


@contextmanager
def cluster(master: str, **more: str) -> Iterator[SparkSession]:
    """A session, and its end. `more`: settings of Spark, with `__` for points. Raises SparkTrouble.

    Other settings are Spark's own business: `spark-defaults.conf`, or the variable PYSPARK_SUBMIT_ARGS.
    """
    _installed()
    if not _MASTER.fullmatch(master):
        raise SparkTrouble(
            f"{master} is no master: local[2], local-cluster[2,1,1024], spark://HOST:7077, yarn, k8s://URL."
        )
    if _java() is None:
        raise SparkTrouble("There is no Java: Spark needs version 17 or later, as `java`, or where JAVA_HOME says.")
    # The workers' Python must be this one: the same release of Python, with Lexgate. Whoever knows better says so.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    with _work_folder(master):
        session = _opened(master, {name.replace("__", "."): value for name, value in more.items()})
        try:
            yield session
        finally:
            session.stop()


def _installed() -> None:
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise SparkTrouble(f"Not installed: {', '.join(missing)}. Wanted is `pip install 'lexgate[spark]'`.")


def _java() -> str | None:
    home = os.environ.get("JAVA_HOME")
    found = Path(home) / "bin" / "java" if home else None
    return str(found) if found is not None and found.exists() else shutil.which("java")


@contextmanager
def _work_folder(master: str) -> Iterator[None]:
    """Executors of a cluster on this machine write where Spark is installed, unless they are told otherwise."""
    if not master.startswith("local-cluster") or "SPARK_WORKER_DIR" in os.environ:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="lexgate-spark-", ignore_cleanup_errors=True) as folder:
        os.environ["SPARK_WORKER_DIR"] = folder
        try:
            yield
        finally:
            del os.environ["SPARK_WORKER_DIR"]


def _opened(master: str, more: dict[str, str]) -> SparkSession:
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(master).appName(NAME)
    # One task, one core, one thread: Polars would else start one for each core of the machine in every worker.
    own = {**_QUIET, "spark.executorEnv.POLARS_MAX_THREADS": "1", **more}
    if master.startswith("local"):
        own = {"spark.ui.enabled": "false", **own}
    for name, value in own.items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except (Py4JError, PySparkException, OSError) as error:
        raise SparkTrouble(f"No session on {master}: {reason(error)}") from None


_KNOWN: Final = {
    "PYTHON_VERSION_MISMATCH": "The workers have another Python than this one: PYSPARK_PYTHON must name the same release there.",
    "All masters are unresponsive": "Nobody answers at the address of the master.",
    "JAVA_GATEWAY_EXITED": "Java ended before Spark had begun: it needs version 17 or later.",
    "UnsupportedClassVersionError": "Java is too old: Spark needs version 17 or later.",
    "Cannot run program": "The workers cannot start their Python: PYSPARK_PYTHON must name one that is there on every machine.",
}
"""What stands in an error of Spark -> what it means to whoever called."""


_MISSING: Final = re.compile(r"No module named '(\w+)")


def reason(error: BaseException) -> str:
    """An error of Spark in one sentence; its traces are hundreds of lines long."""
    text = str(error)
    missing = _MISSING.search(text)
    if missing:
        what = "Lexgate" if missing[1] in ("api", "engine") else missing[1]
        return (
            f"{what} is not installed for the Python of the workers: "
            "install lexgate[spark] there, or let PYSPARK_PYTHON name the Python that has it."
        )
    for sign, meaning in _KNOWN.items():
        if sign in text:
            return meaning
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith(("at ", "..."))]
    causes = [line for line in lines if "Exception" in line or "Error" in line]
    return (causes or lines or [type(error).__name__])[-1][:500]


__all__ = ["cluster", "reason"]
