"""The package as others get it: the two clients are one, its types are strict, and the wheel has all of it."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import lexgate_client
from tests.house.source import ROOT, imported, source

FOLDER = ROOT / "clients" / "python"
MODULES = sorted((FOLDER / "lexgate_client").rglob("*.py"))

USE = """\
from decimal import Decimal
from lexgate_client import AsyncLexgate, Decision, Lexgate, Transaction

good: Transaction = {"amount": Decimal("1"), "currency": "EUR", "payment": {"instrument": "card"}}
floats: Transaction = {"amount": 1.0, "currency": "EUR", "payment": {"instrument": "card"}}  # error: typeddict-item
odd: Transaction = {"amount": "1", "currency": "EUR", "payment": {"instrument": "card"}, "hue": 1}  # error: typeddict-unknown-key
no_money: Transaction = {"currency": "EUR", "payment": {"instrument": "card"}}  # error: typeddict-item

def ask(client: Lexgate) -> Decimal | None:
    decision = client.preflight(good)
    client.tell(decision.id, "stolen")  # error: arg-type
    for one in client.decisions.search(outcome="block"):
        reveal_id: str = one.id
    client.decisions.search(colour="red")  # error: call-arg
    names = client.request("GET", "/v1/releases", dict[str, str])
    wrong: int = names["digest"]  # error: assignment
    return None if decision.tax is None else decision.tax.total

async def ask_later(client: AsyncLexgate) -> Decision:
    client.preflight(good).may_proceed  # error: attr-defined
    return await client.preflight(good)
"""


def test_the_client_that_waits_is_made_of_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(FOLDER / "scripts"))
    import unasync  # type: ignore[import-not-found]

    made = unasync.made()
    there = {path: path.read_text(encoding="utf-8") for path in sorted(unasync.TARGET.glob("*.py"))}
    assert there == made, "run python clients/python/scripts/unasync.py"
    texts = "".join(text.removeprefix(unasync.NOTE) for text in there.values())
    assert not any(word in texts for word in ("async ", "await ", "Async"))


def test_strings_and_comments_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(FOLDER / "scripts"))
    import unasync

    text = 'async def a(x: AsyncThing) -> None:\n    # await it\n    await x.aclose("async await")\n'
    assert unasync.unasync(text) == 'def a(x: Thing) -> None:\n    # await it\n    x.close("async await")\n'


@pytest.mark.slow
def test_types_are_strict_inside_and_out(tmp_path: Path) -> None:
    use = tmp_path / "use.py"
    use.write_text(USE, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--cache-dir", str(tmp_path / "cache")]
    done = subprocess.run(
        [*command, str(FOLDER / "lexgate_client"), str(use)], cwd=tmp_path, capture_output=True, text=True,
        env={"MYPYPATH": str(FOLDER), "PATH": "/usr/bin:/bin"}, check=False,
    )  # fmt: skip
    lines = USE.splitlines()
    wanted = {(n, line.partition("# error: ")[2]) for n, line in enumerate(lines, 1) if "# error: " in line}
    errors = [line for line in done.stdout.splitlines() if ": error: " in line]
    found = {(int(line.split(":")[1]), line.rpartition("[")[2].rstrip("]")) for line in errors if "use.py" in line}
    assert found == wanted, done.stdout + done.stderr
    assert [line for line in errors if "use.py" not in line] == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_it_needs_nothing_but_what_it_says(path: Path) -> None:
    roots = {name.partition(".")[0] for name in imported(source(path.read_text(encoding="utf-8")).tree).values()}
    allowed = {*sys.stdlib_module_names, "httpx", "pydantic", "lexgate_client"}
    assert roots <= allowed


def test_the_public_names_are_there() -> None:
    assert all(hasattr(lexgate_client, name) for name in lexgate_client.__all__)
    mistakes = {name for name in vars(lexgate_client.errors) if name[0].isupper() and name.isidentifier()}
    raised = {name for name in mistakes if isinstance(getattr(lexgate_client.errors, name), type)}
    told = {name for name in raised if issubclass(getattr(lexgate_client.errors, name), lexgate_client.LexgateError)}
    assert told <= set(lexgate_client.__all__)
    assert all(name in (lexgate_client.errors.__doc__ or "") for name in told)


def test_a_wheel_has_its_types() -> None:
    """Built by `make clients`, of today's version."""
    built = FOLDER / "dist" / f"lexgate_client-{lexgate_client.__version__}-py3-none-any.whl"
    assert built.exists(), "It is not built: make clients"
    with zipfile.ZipFile(built) as wheel:
        there = {name: wheel.read(name) for name in wheel.namelist() if name.startswith("lexgate_client/")}
    assert {"lexgate_client/py.typed", "lexgate_client/_sync/client.py", "lexgate_client/webhooks.py"} <= set(there)
    stale = [name for name, text in there.items() if text != (FOLDER / name).read_bytes()]
    assert stale == [], "It is of another source: make clients"
    project = tomllib.loads((FOLDER / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert [one.partition(">")[0] for one in project["dependencies"]] == ["httpx", "pydantic"]
