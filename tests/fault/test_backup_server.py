"""A backup of a service under traffic, by another process: every answer that was given before it began comes back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from api.bundled import samples
from tests.api.server import Server, opened, small_world
from tests.house.source import ROOT

pytestmark = pytest.mark.slow
BODY = json.loads((samples() / "eu-low-value.json").read_bytes())


def lexgate(url: str, *words: str) -> Any:
    """A command in a process of its own, on the ledger at an address."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LEXGATE_")}
    done = subprocess.run(
        [sys.executable, "-m", "api", *words, "--json"],
        cwd=ROOT, env={**kept, "LEXGATE_DATABASE": url}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_answers_come_back(tmp_path: Path) -> None:
    server = Server(tmp_path, **small_world(tmp_path)).wait()
    answered: list[str] = []
    stop, some = threading.Event(), threading.Event()

    def ask(number: int) -> None:
        while not stop.is_set():
            body = json.dumps({**BODY, "reference": f"{number}-{len(answered)}"}).encode()
            reply = server.call("POST", "/v1/preflight?domains=sca", body)
            assert reply.status == 200
            answered.append(json.loads(reply.body)["id"])
            if len(answered) >= 20:
                some.set()

    callers = [threading.Thread(target=ask, args=(number,)) for number in range(3)]
    for caller in callers:
        caller.start()
    try:
        assert some.wait(60)
        before = list(answered)
        made = lexgate(f"sqlite:///{tmp_path / 'lexgate.db'}", "ledger", "backup", str(tmp_path / "copy.db"))
    finally:
        stop.set()
        for caller in callers:
            caller.join()
        server.end()
    back = f"sqlite:///{tmp_path / 'back.db'}"
    assert lexgate(back, "ledger", "restore", str(tmp_path / "copy.db"))["head"] == made["head"]
    assert lexgate(back, "audit", "verify")["head"] == made["head"]
    with opened(back, tmp_path / "lexgate.master.key") as ledger:
        assert [one for one in before if ledger.decision(one) is None] == []
        assert len(answered) > len(before), "others were answered meanwhile"
