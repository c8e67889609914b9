"""What the audit would find, it finds; and what is kept holds no secret, and says why each dangerous call is none."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import secrets
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from engine.ledger.keys import TEST_PREFIX, new_secret
from engine.ledger.sessions import new_token
from engine.signing import SigningKey
from engine.wrapping import Ring

ROOT = Path(__file__).resolve().parents[2]


def _script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"scripts_{name}", ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


scan = _script("secrets_scan")
bill = _script("bill")
holes = _script("known_holes")


class TestSecrets:
    @pytest.mark.parametrize(
        ("text", "what"),
        [
            (new_secret(), "Lexgate API key"),
            (new_secret(TEST_PREFIX), "Lexgate API key"),
            (new_token(), "Lexgate session"),
            (f"lxi_{secrets.token_urlsafe(20)}", "Lexgate one-time code"),
            (Ring.new().wrap(secrets.token_bytes(20), "x"), "wrapped secret"),
            (SigningKey.new().pem().decode(), "private key"),
            ("AKIA" + "IOSFODNN7ABCDEFG", "AWS key"),
            ("ghp_" + secrets.token_hex(18), "GitHub token"),
            ("postgresql+psycopg://lexgate:" + secrets.token_hex(8) + "@db.example/lexgate", "address with a password"),
            (f'db_password = "{secrets.token_urlsafe(32)}"', "value of a secret's name"),
            (f"'API-KEY': '{secrets.token_hex(20)}'", "value of a secret's name"),
        ],
        ids=lambda said: said if " " in said and len(said) < 30 else "",
    )
    def test_what_looks_like_one_is_found(self, text: str, what: str) -> None:
        found = list(scan.scan(f"first line\n{text}\n", "x.py"))
        assert (2, what) in [(one.line, one.what) for one in found]
        assert text not in repr(found)

    @pytest.mark.parametrize(
        "text",
        [
            'password = "correct horse battery staple"', 'token = "lxs_the-token-is-shown-this-once"',
            "secret: the SHA-256 of it",
            "postgresql+psycopg://user:password@host/name", 'key_id = "key_5f0c2b9a7d3e"', "-----BEGIN PRIVATE KEY-----",
            'password = "{{ lookup.password_of_the_database }}"', "sha256:" + "ab" * 32,
        ],
    )  # fmt: skip
    def test_what_people_write_about_them_is_not(self, text: str) -> None:
        assert list(scan.scan(text)) == []

    def test_a_line_may_say_that_it_holds_none(self) -> None:
        text = f"{new_secret()}  # not a secret: "
        assert list(scan.scan(f"{text}it is of a test")) == []
        assert list(scan.scan(text)), "and must say why"

    def test_nothing_that_is_kept_holds_one(self) -> None:
        assert list(scan.scanned(scan.kept())) == []


def test_every_dangerous_call_says_why_it_is_none() -> None:
    bare = [
        f"{file.relative_to(ROOT)}: {line.strip()}"
        for room in ("api", "engine", "ingest")
        for file in (ROOT / room).rglob("*.py")
        for line in file.read_text().splitlines()
        if re.search(r"# noqa: S\d{3}\s*$", line)
    ]
    assert bare == []


class TestBill:
    def test_it_names_what_is_locked_and_is_the_same_each_time(self) -> None:
        text = (ROOT / "requirements.lock").read_text()
        made = bill.bill(text, "lexgate", "0.1.0")
        assert made == bill.bill(text, "lexgate", "0.1.0")
        said = json.loads(made)
        names = {one["name"] for one in said["components"]}
        assert {"fastapi", "cryptography", "sqlalchemy"} <= names
        assert len(said["components"]) == len(re.findall(r"^[a-z0-9].*==", text, re.MULTILINE))
        assert all(one["externalReferences"][0]["hashes"] for one in said["components"])
        depends = {one["ref"]: one.get("dependsOn", []) for one in said["dependencies"]}
        assert any(ref.startswith("pkg:pypi/fastapi@") for ref in depends["lexgate"])

    def test_it_is_what_the_standard_says(self) -> None:
        made = bill.bill((ROOT / "requirements.lock").read_text(), "lexgate", "0.1.0")
        assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(made) is None

    @pytest.mark.parametrize("text", ["fastapi>=0.1\n", "fastapi==1\n    --hash=md5:ab\n", "  what is this\n"])
    def test_what_is_no_lock_file_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match=r"release without|no line of"):
            bill.bill(text, "lexgate", "0.1.0")


class TestAudit:
    """The script with stand-ins for its tools, and an index that is not there."""

    @pytest.fixture
    def tools(self, tmp_path: Path) -> Path:
        found = json.dumps({"dependencies": [{"name": "fastapi", "version": "1", "vulns": []}]})
        (tmp_path / "found.json").write_text(found)
        copy = f'[ -z "$OUTPUT" ] || cp "{tmp_path / "found.json"}" "$OUTPUT"'
        for name, does in (("ruff", ""), ("pip-audit", f'for OUTPUT in "$@"; do :; done\n{copy}\n')):
            (tmp_path / name).write_text(f'#!/bin/sh\necho "$(basename "$0") $*"\n{does}')
            (tmp_path / name).chmod(0o755)
        (tmp_path / "python").write_text(
            f'#!/bin/sh\ncase "$1" in scripts/[sb]*) echo "$1";; *) exec "{sys.executable}" "$@";; esac\n'
        )
        (tmp_path / "python").chmod(0o755)
        return tmp_path

    def _run(self, tools: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        wanted = {"AUDIT_BIN": str(tools), "LEXGATE_AUDIT_INDEX": "http://127.0.0.1:9/", **more}
        return subprocess.run(
            [ROOT / "scripts" / "audit", *words],
            env={**os.environ, **wanted},
            capture_output=True,
            text=True,
            check=False,
        )

    def test_offline_it_asks_nobody(self, tools: Path) -> None:
        done = self._run(tools, "--offline")
        assert done.returncode == 0
        assert "pip-audit" not in done.stdout
        assert "ruff check --select S" in done.stdout

    def test_an_index_that_is_not_there_fails_it_loudly(self, tools: Path) -> None:
        done = self._run(tools)
        assert done.returncode == 1
        assert "NOT AUDITED" in done.stderr
        known = self._run(tools, LEXGATE_AUDIT_SKIP_INDEX="1")
        assert known.returncode == 0
        assert "NOT AUDITED" in known.stderr

    def test_every_lock_file_is_asked_about(self, tools: Path, tmp_path: Path) -> None:
        index = tmp_path / "index"
        index.write_text("x")
        done = self._run(tools, LEXGATE_AUDIT_INDEX=index.as_uri())
        assert done.returncode == 0
        assert all(f"--requirement {lock.name}" in done.stdout for lock in ROOT.glob("requirements*.lock"))

    @pytest.mark.parametrize(
        ("releases", "status", "said"),
        [
            (
                [{"name": "a", "version": "1", "vulns": []}, {"name": "b", "skip_reason": "not found"}],
                1,
                "no page of b;",
            ),
            (
                [{"name": "a", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2"]}]}],
                1,
                "PYSEC-1, mended in 2",
            ),
            ([], 1, "0 of 0"),
        ],
    )
    def test_what_was_not_asked_and_what_has_a_hole_fail_it(
        self, tools: Path, releases: list[dict[str, object]], status: int, said: str
    ) -> None:
        (tools / "found.json").write_text(json.dumps({"dependencies": releases}))
        done = self._run(tools, LEXGATE_AUDIT_INDEX=(tools / "found.json").as_uri())
        assert done.returncode == status
        assert said in done.stdout

    def test_that_a_mirror_has_no_pages_can_be_known_and_a_hole_cannot(self, tools: Path) -> None:
        known = {"LEXGATE_AUDIT_INDEX": (tools / "found.json").as_uri(), "LEXGATE_AUDIT_SKIP_INDEX": "1"}
        skipped = {"name": "b", "skip_reason": "not found"}
        (tools / "found.json").write_text(json.dumps({"dependencies": [skipped]}))
        done = self._run(tools, **known)
        assert (done.returncode, "NOT AUDITED" in done.stdout) == (0, True)
        holed = {"name": "a", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": []}]}
        (tools / "found.json").write_text(json.dumps({"dependencies": [skipped, holed]}))
        assert self._run(tools, **known).returncode == 1

    def test_a_tool_that_leaves_no_report_fails_it(self, tools: Path) -> None:
        (tools / "pip-audit").write_text("#!/bin/sh\necho it broke >&2\nexit 1\n")
        done = self._run(tools, LEXGATE_AUDIT_INDEX=(tools / "found.json").as_uri(), LEXGATE_AUDIT_SKIP_INDEX="1")
        assert (done.returncode, "it broke" in done.stderr) == (1, True)

    @pytest.mark.parametrize("found", ["", "[]", "{}", '{"dependencies": [{}]}', '{"dependencies": 1}'])
    def test_what_is_no_report_is_refused(self, found: str) -> None:
        with pytest.raises(ValueError, match="no report of pip-audit"):
            holes.report("x.lock", found)
