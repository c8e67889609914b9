"""The TypeScript client: of today's document, and tested by Node.js against a real service. `make clients` builds it."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
from datetime import UTC, datetime

import pytest

from api.bundled import samples
from api.messages import headers_of
from engine.ledger import Scope
from scripts.openapi import document
from tests.browser.house import House
from tests.clients.test_webhooks import BODY, NEW
from tests.house.source import ROOT

FOLDER = ROOT / "clients" / "typescript"
BUILT = FOLDER / "dist" / "src" / "index.js"


def node() -> str:
    """The machine's own, or that which `scripts/node` brought. Missing is a failure."""
    brought = ROOT / ".venv-node" / "bin" / "node"
    found = str(brought) if brought.exists() else shutil.which("node")
    assert found, "There is no Node.js: make clients"
    return found


def test_it_is_made_of_todays_document() -> None:
    assert BUILT.exists(), "It is not built: make clients"
    assert (FOLDER / "build" / "openapi.json").read_bytes() == document(), "It is of another document: make clients"


def test_what_it_needs_is_locked() -> None:
    project = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))
    lock = json.loads((FOLDER / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    asked = {**project["dependencies"], **project["devDependencies"]}
    assert {name: lock[f"node_modules/{name}"]["version"] for name in asked} == asked
    assert all(one.get("integrity") for path, one in lock.items() if path)


@pytest.mark.slow
def test_it_keeps_its_promises(house: House, test_key: str) -> None:
    """All of its own tests, with a message that the service signed now."""
    secret = "whsec_" + base64.b64encode(NEW).decode()
    message = {"secret": secret, "headers": headers_of("dl_1", datetime.now(UTC), BODY, [NEW]), "body": BODY.decode()}
    told = {
        "LEXGATE_URL": house.address, "LEXGATE_API_KEY": house.key("all", Scope), "LEXGATE_SAMPLES": str(samples()),
        "LEXGATE_TEST_KEY": test_key, "LEXGATE_MESSAGE": json.dumps(message),
    }  # fmt: skip
    done = subprocess.run(
        [node(), "--test", "--test-reporter=tap", "dist/test/"], cwd=FOLDER, env={**os.environ, **told}, text=True,
        capture_output=True, timeout=300, check=False,
    )  # fmt: skip
    numbers = {
        name: int(value)
        for name, value in re.findall(r"^# (tests|pass|fail|skipped) (\d+)$", done.stdout, re.MULTILINE)
    }
    assert done.returncode == 0, done.stdout + done.stderr
    written = sum(
        len(re.findall(r"^ *test\(", path.read_text(encoding="utf-8"), re.MULTILINE))
        for path in FOLDER.glob("test/*.test.ts")
    )
    assert numbers["pass"] == numbers["tests"] >= written
    assert numbers["skipped"] == numbers["fail"] == 0
