"""What is written beside the code stays true to it: links lead somewhere, and one version is told everywhere."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.house.source import ROOT

DOCUMENTS = sorted(path.relative_to(ROOT).as_posix() for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
_LINK = re.compile(r"\]\((?!https?://|mailto:|#)(?P<target>[^)#\s]+)(?P<anchor>#[^)\s]*)?\)")
_FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)


def _dead_links(document: Path, text: str) -> list[str]:
    targets = [match["target"] for match in _LINK.finditer(_FENCE.sub("", text))]
    return [target for target in targets if not (document.parent / target).exists()]


@pytest.mark.parametrize("path", DOCUMENTS)
def test_links_lead_somewhere(path: str) -> None:
    assert _dead_links(ROOT / path, (ROOT / path).read_text(encoding="utf-8")) == []


def test_a_dead_link_is_seen() -> None:
    text = "[here](docs/index.md) [gone](docs/gone.md#part) [out](https://example.org)\n```\n[code](x)\n```\n"
    assert _dead_links(ROOT / "README.md", text) == ["docs/gone.md"]


def test_the_index_names_every_page() -> None:
    index = (ROOT / "docs/index.md").read_text(encoding="utf-8")
    pages = {path.removeprefix("docs/") for path in DOCUMENTS if path.startswith("docs/")} - {"index.md"}
    assert {page for page in pages if f"({page})" not in index} == set()


def test_the_changelog_tells_the_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert f"## [{version}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_lock_files_name_no_machine() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        lines = lock.read_text(encoding="utf-8").splitlines()
        said = [
            line for line in lines if re.search(r"://|file:|^\s*-(?!-hash)|^--|\s/\w+/", line) and "--hash=" not in line
        ]
        assert said == [], lock.name


@pytest.mark.parametrize(("lock", "extra"), [("", None), ("-dev", "dev"), ("-bench", "bench")])
def test_lock_files_hold_what_is_asked_for(lock: str, extra: str | None) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = project["dependencies"] + (project["optional-dependencies"][extra] if extra else [])
    text = (ROOT / f"requirements{lock}.lock").read_text(encoding="utf-8")
    held = {_plain(name): version for name, version in re.findall(r"^([\w.-]+)==([^\s;]+)", text, re.MULTILINE)}
    wanted = [Requirement(line) for line in asked if not line.startswith(f"{project['name']}[")]
    assert [str(one) for one in wanted if held.get(_plain(one.name), "0") not in one.specifier] == []


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
