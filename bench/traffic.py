"""A bare echo and a durable preflight, under the same load, in turn."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from engine.decide import BUILT

ROOT = Path(__file__).resolve().parent.parent
LEXGATE = Path(sys.executable).with_name("lexgate")
KEY = "lx_bench_0123456789abcdef0123456789abcdef"
START_S = 60.0
STOP_S = 15.0
WARM_UP = 3
"""Lengths of a round."""


class ServerFailed(RuntimeError):
    """A server did not start; its last words are the message."""


@dataclass(frozen=True, slots=True)
class Http:
    """One entry a round for each server, as `bench.load` prints it."""

    echo: tuple[dict[str, Any], ...]
    preflight: tuple[dict[str, Any], ...]
    """Authentication alone."""
    connections: int
    taxed: tuple[dict[str, Any], ...] = ()
    """Authentication and tax, of payments with a basket."""
    mixed_echo: tuple[dict[str, Any], ...] = ()
    """The echo of mixed payments: every other one as a checkout sends it."""
    everything: tuple[dict[str, Any], ...] = ()
    """All domains, of the same mixed payments."""

    @property
    def ratio(self) -> float:
        """Preflights for each echo: the median of the rounds' ratios."""
        return self._ratio(self.preflight)

    @property
    def taxed_ratio(self) -> float:
        """The same of preflights with tax."""
        return self._ratio(self.taxed)

    @property
    def everything_ratio(self) -> float:
        """Preflights with all domains for each echo of the same bytes."""
        return self._ratio(self.everything, self.mixed_echo)

    def _ratio(self, runs: tuple[dict[str, Any], ...], echo: tuple[dict[str, Any], ...] = ()) -> float:
        pairs = zip(runs, echo or self.echo, strict=True)
        return median(ours["per_second"] / theirs["per_second"] for ours, theirs in pairs)

    @property
    def refused(self) -> int:
        """Preflights that were not answered with 200, and connections lost."""
        runs = (*self.preflight, *self.taxed, *self.everything)
        wrong = sum(count for run in runs for status, count in run["statuses"].items() if status != "200")
        return wrong + sum(len(run["lost"]) for run in runs)


def measure(*, rounds: int, seconds: float, connections: int, cpus: tuple[int | None, int | None]) -> Http:
    """One process a server on all cores, the load on one of them; rounds in turn.

    A durable writer has a thread of its own, which works beside the loop as it would where the service runs: the servers are not
    pinned. Before the rounds, payments of every kind are asked for some seconds, until the law has code for their shapes.
    """
    _, load_cpu = cpus
    everything = ",".join(BUILT)
    with tempfile.TemporaryDirectory(prefix="lexgate-bench-", dir=ROOT) as folder:
        echo_port, port = free_port(), free_port()
        settings = {
            "LEXGATE_DATABASE": f"sqlite:///{Path(folder) / 'ledger.db'}",
            "LEXGATE_HOST": "127.0.0.1",
            "LEXGATE_PORT": str(port),
            "LEXGATE_BOOTSTRAP_KEY": KEY,
            "LEXGATE_MONITOR": "off",  # looks at payments afterwards, and in production in a process of its own
        }
        with (
            serving(_echo_command(echo_port), {}, echo_port, Path(folder) / "echo.log"),
            serving([str(LEXGATE), "serve"], settings, port, Path(folder) / "lexgate.log"),
        ):
            _load(port, everything, True, WARM_UP * seconds, connections, load_cpu)
            runs = [
                tuple(
                    _load(where, domains, mixed, seconds, connections, load_cpu)
                    for where, domains, mixed in (
                        (echo_port, "sca", False),
                        (port, "sca", False),
                        (port, "sca,tax", False),
                        (echo_port, everything, True),
                        (port, everything, True),
                    )
                )
                for _ in range(rounds)
            ]
    echo, preflight, taxed, mixed_echo, whole = zip(*runs, strict=True)
    return Http(echo, preflight, connections, taxed, mixed_echo, whole)


def _echo_command(port: int) -> list[str]:
    """As `lexgate serve` runs its own application: uvloop, httptools, no access log, one worker."""
    module = [sys.executable, "-m", "uvicorn", "bench.echo:app", "--host", "127.0.0.1", "--port", str(port)]
    return [*module, "--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning"]


@contextmanager
def serving(
    command: list[str], settings: Mapping[str, str], port: int, log: Path, *, seconds: float = START_S
) -> Iterator[int]:
    """A server, from the moment it answers until the end of the block: the number of its process. `seconds`: how long its start
    may take."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **settings},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait(process, port, log, seconds)
            yield process.pid
        finally:
            process.terminate()
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, log: Path, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        if _ready(port):
            return
        time.sleep(0.1)
    raise ServerFailed(log.read_text(errors="replace")[-3000:] or f"no answer on port {port} in {seconds:.0f} s")


def _ready(port: int) -> bool:
    """The echo has no health page: its 404 is readiness enough."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
            return answer.status == 200
    except urllib.error.HTTPError as error:
        return error.code == 404
    except OSError:
        return False


def _load(port: int, domains: str, mixed: bool, seconds: float, connections: int, cpu: int | None) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.load", "--port", str(port), "--key", KEY, "--seconds", str(seconds)]
    command += [
        "--domains",
        domains,
        "--connections",
        str(connections),
        *(["--mixed"] if mixed else []),
        *(["--cpu", str(cpu)] if cpu is not None else []),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=seconds + 60)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def free_port() -> int:
    """One that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
