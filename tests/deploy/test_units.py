"""The units of systemd: taken by its own checker, hardened, and starting commands that there are."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import typer.main

from api.cli import app

ROOT = Path(__file__).parents[2]
UNITS = sorted((ROOT / "deploy/systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
EXPOSED = 35
"""Tenths of systemd's own measure of what a unit may do, 0 to 100."""

needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze here")


def runnable(folder: Path) -> list[Path]:
    """The units, with a program that is there in place of ours."""
    for unit in UNITS:
        text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", unit.read_text(), flags=re.MULTILINE)
        (folder / unit.name).write_text(text)
    return [folder / unit.name.replace("@.", "@8001.") for unit in UNITS]


@needs_systemd
def test_systemd_takes_them(tmp_path: Path) -> None:
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *runnable(tmp_path)], capture_output=True, text=True, check=False
    )
    said = [line for line in done.stderr.splitlines() if "lexgate" in line]
    assert (done.returncode, said) == (0, [])


@needs_systemd
@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.stem)
def test_they_may_do_little(unit: Path) -> None:
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", f"--threshold={EXPOSED}", "--no-pager", unit],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout.splitlines()[-1:]


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.stem)
def test_what_they_start_is_a_command_or_a_script(unit: Path) -> None:
    text = unit.read_text()
    (started,) = re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE)
    program, *words = started.split()
    assert re.search(r"^User=(lexgate|postgres)$", text, re.MULTILINE)
    if program == "/opt/lexgate/.venv/bin/lexgate":
        command = typer.main.get_command(app)
        while words and hasattr(command, "commands"):
            command = command.commands[words.pop(0)]
        options = {name for one in command.params for name in one.opts}
        assert {word for word in words if word.startswith("--")} <= options
    else:
        assert (ROOT / "deploy/postgresql" / Path(program).name).stat().st_mode & 0o111


@pytest.mark.parametrize("timer", [unit for unit in UNITS if unit.suffix == ".timer"], ids=lambda unit: unit.stem)
def test_a_timer_has_its_service(timer: Path) -> None:
    assert timer.with_suffix(".service") in UNITS
