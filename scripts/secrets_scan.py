"""Secrets in files that are kept: scripts/secrets_scan.py [FILE...]; without any, all that git knows.

Forms of which no innocent text has one: private keys, our own keys and tokens, those of usual providers. And words that announce a
secret (`password = "..."`) before a value with as much chance in it as a secret has. A line says that it holds none by
`not a secret: WHY`; WHAT the tests need is listed in ALLOWED with its reason. What is found is told by file and line, and not shown.
"""

from __future__ import annotations

import math
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parents[1]
LARGEST: Final = 2_000_000
SAID: Final = re.compile(r"not a secret: \S+")

FORMS: Final = {
    "private key": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s*\\?n?[A-Za-z0-9+/=]{16}"),
    "Lexgate API key": re.compile(r"\blx_(?:test_)?[0-9a-f]{12}_[A-Za-z0-9_-]{43}\b"),
    "Lexgate session": re.compile(r"\blxs_[A-Za-z0-9_-]{43}\b"),
    "Lexgate one-time code": re.compile(r"\blxi_[A-Za-z0-9_-]{27}\b"),
    "wrapped secret": re.compile(r"\blxw1\.[0-9a-f]{16}\.[A-Za-z0-9_-]{38,}"),
    "webhook secret": re.compile(r"\bwhsec_[A-Za-z0-9+/]{32,}={0,2}"),
    "AWS key": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "GitHub token": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,})"),
    "GitLab token": re.compile(r"\bglpat-[A-Za-z0-9_-]{20}\b"),
    "Slack token": re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{20,}"),
    "Google key": re.compile(r"\bAIza[A-Za-z0-9_-]{35}\b"),
    "Stripe key": re.compile(r"\b[rs]k_live_[A-Za-z0-9]{20,}"),
    "PyPI token": re.compile(r"\bpypi-[A-Za-z0-9_-]{60,}"),
    "npm token": re.compile(r"\bnpm_[A-Za-z0-9]{36}\b"),
    "JSON web token": re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,}"),
    "address with a password": re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s:/@\"'{}<>]+:(?!\*|x+@|password@|secret@|pass@)[^\s:/@\"'{}<>$]{8,}@"),
}  # fmt: skip
ANNOUNCED: Final = re.compile(
    r"(?i)\b[\w-]*(?:passwor[dt]|passwd|secret|token|api[_-]?key|private[_-]?key|credential)[\w-]*[\"']?\s*[:=]\s*[\"']([^\"'\s{}()<>$]{20,})[\"']"
)
HEX: Final = re.compile(r"[0-9a-fA-F]{32,}")
LEAST_BITS: Final = 3.8
"""Of chance in each sign: random base 64 of twenty signs has some 4.1, words have less than 3.6."""

ALLOWED: Final = {
    "package-lock.json": "digests of packages",
    "requirements.lock": "digests of packages",
    "requirements-dev.lock": "digests of packages",
    "requirements-bench.lock": "digests of packages",
}


class Found(NamedTuple):
    """What looks like a secret."""

    file: str
    line: int
    what: str


def scan(text: str, file: str = "") -> Iterator[Found]:
    """Whatever looks like a secret in a text."""
    for number, line in enumerate(text.splitlines(), start=1):
        if SAID.search(line):
            continue
        for what, form in FORMS.items():
            found = form.search(line)
            if found and (not what.startswith("Lexgate") or chance(found[0]) >= LEAST_BITS):
                yield Found(file, number, what)
        for announced in ANNOUNCED.finditer(line):
            if HEX.fullmatch(announced[1]) or (chance(announced[1]) >= LEAST_BITS and re.search(r"\d", announced[1])):
                yield Found(file, number, "value of a secret's name")
    # A key over several lines: the first says what it is, and the next what it holds.
    whole = FORMS["private key"].search(text)
    if whole and not SAID.search(text):
        yield Found(file, text[: whole.start()].count("\n") + 1, "private key")


def chance(text: str) -> float:
    """Shannon's entropy of a text, in bits for each sign."""
    counts = Counter(text)
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values())


def kept(root: Path = ROOT) -> Iterable[Path]:
    """The files that git knows, and those that it would."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607  the git of whoever asks
        cwd=root,
        capture_output=True,
        check=True,
    )
    return [root / name for name in listed.stdout.decode().split("\0") if name]


def scanned(files: Iterable[Path]) -> Iterator[Found]:
    """Whatever looks like a secret in these files; what is no text, or too large, is let pass."""
    for file in files:
        if file.name in ALLOWED or not file.is_file() or file.is_symlink() or file.stat().st_size > LARGEST:
            continue
        try:
            text = file.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        name = str(file.relative_to(ROOT)) if file.is_relative_to(ROOT) else str(file)
        yield from dict.fromkeys(scan(text, name))


def main(named: Sequence[str]) -> int:
    """Tell what was found; 1 if anything was."""
    found = list(scanned([Path(one).resolve() for one in named] or kept()))
    for one in found:
        print(f"{one.file}:{one.line}: {one.what}")
    print(f"{len(found)} secrets found" if found else "No secret found")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
