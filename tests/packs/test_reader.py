"""The reader: positions that can be trusted, and refusals instead of guesses."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.packs import PackError, packset, read, read_files, read_packs
from engine.packs.problems import Problem
from engine.packs.yaml import Mapping, Scalar, Sequence, YamlNode, read_yaml
from tests.packs.fixture import edited, good

FOLDED = """\
when: >
  one == "x" and
    two == "y"

  and three
plain: aaa and
  bbb and ccc  # a comment
double: "hello
  world"
single: 'it is
  so'
flow: {a: one two
  three, b: [four,
  "five six"]}
last: >-
  words that end with >
  and more
"""


def _scalars(node: Mapping | Sequence | Scalar) -> list[Scalar]:
    if isinstance(node, Mapping):
        return [one for _, value in node.entries for one in _scalars(value)]
    return [one for item in node.items for one in _scalars(item)] if isinstance(node, Sequence) else [node]


@pytest.mark.parametrize("scalar", _scalars(read_yaml(FOLDED, "f.yaml")), ids=lambda scalar: scalar.text[:12])
def test_every_letter_is_found_where_it_stands(scalar: Scalar) -> None:
    lines = FOLDED.split("\n")
    for offset, letter in enumerate(scalar.text):
        if not letter.isspace():
            spot = scalar.locate(offset)
            assert lines[spot.line - 1][spot.column - 1] == letter


@pytest.mark.parametrize(
    "text", ["NO", "no", "On", "y", "1.5", "0x1F", "010", "1e3", "2026-01-01", "12:30", "True", "NULL", "~"]
)
@pytest.mark.parametrize("shape", ["a: {}", "a: [{}]", "a: {{b: {}}}"])
def test_what_readers_disagree_on_must_be_quoted(text: str, shape: str) -> None:
    with pytest.raises(PackError) as caught:
        read_yaml(shape.format(text), "f.yaml")
    assert [problem.code for problem in caught.value.problems] == ["yaml-unquoted"]
    assert _scalars(read_yaml(shape.format(f'"{text}"'), "f.yaml"))[0].text == text


@pytest.mark.parametrize("text", ["true", "false", "null", "15", "-3", "word", "v1.5", "EU-RTS"])
def test_what_means_one_thing_needs_no_quotes(text: str) -> None:
    assert _scalars(read_yaml(f"a: {text}", "f.yaml"))[0].text == text


def test_a_file_of_more_than_two_megabytes_is_refused() -> None:
    with pytest.raises(PackError, match="yaml-too-large"):
        read_yaml("a: " + "x" * 2_000_001, "f.yaml")


def test_a_file_that_is_not_utf8_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "FR").mkdir()
    (tmp_path / "FR/pack.yaml").write_bytes(b"name: \xff")
    with pytest.raises(PackError, match=r"FR/pack.yaml:1:1: error \[yaml-encoding\] Not UTF-8 at byte 6"):
        read_files(tmp_path)


def test_carriage_returns_mean_nothing(tmp_path: Path) -> None:
    (tmp_path / "FR").mkdir()
    (tmp_path / "FR/pack.yaml").write_bytes(b"name: France\r\nschema: x\r\n")
    assert read_files(tmp_path) == {"FR/pack.yaml": "name: France\nschema: x\n"}


def _read(text: str) -> tuple[list[Scalar], list[Problem]]:
    """The scalars of a file, or why it is refused."""
    try:
        return _scalars(read_yaml(text, "f.yaml")), []
    except PackError as refused:
        return [], list(refused.problems)


@given(st.text(max_size=200) | st.text(alphabet="{}[]:,-> |\n\"'#ab1&*!~%@`", max_size=60))
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    scalars, problems = _read(text)
    assert scalars or problems or not text.strip(" {}[]\n,")
    lines = len(text.split("\n"))
    assert all(1 <= one.locate(0).line <= lines for one in scalars)
    assert all(1 <= problem.spot.line <= lines + 1 and problem.spot.column >= 1 for problem in problems)


@pytest.mark.parametrize("mark", ["\r", "\x85", "\u2028", "\u2029"])
def test_lines_end_in_one_way_only(mark: str) -> None:
    """YAML would count another line, a reviewer's editor perhaps not."""
    assert [(one.code, one.spot.line, one.spot.column) for one in _read(f"a: b\nc: d{mark}e")[1]] == [
        ("text-invisible", 2, 5)
    ]


def test_a_faulty_parameter_is_reported_once_and_not_where_it_is_used() -> None:
    files = edited(
        [{"file": "AREA/sca.yaml", "old": "by: country, direction: lower", "new": "by: me, direction: lower"}]
    )
    assert [problem.code for problem in read_packs(files)[1].problems] == ["overridable"]


def test_a_let_that_reads_a_faulty_parameter_is_passed_over_too() -> None:
    files = edited(
        [{"file": "AREA/sca.yaml", "old": "  rate_max_card:\n    type: rate", "new": "  rate_max_card:\n    type: rat"}]
    )
    found = [str(problem) for problem in read_packs(files)[1].problems]
    assert found == [
        "AREA/sca.yaml:30:11: error [value] There is no type 'rat'. Known: money, int, decimal, rate, bool, date, token, "
        "tokens, text, place, list."
    ]


def test_a_domain_may_be_a_folder() -> None:
    files = dict(good())
    head, rules = files.pop("AREA/sca.yaml").split("rules:\n")
    files |= {"AREA/sca/numbers.yaml": head, "AREA/sca/rules.yaml": f"domain: sca\nrules:\n{rules}"}
    packs, notes = read_packs(files)
    assert notes.problems == []
    assert packs["AREA"].domains["sca"].files == ("AREA/sca/numbers.yaml", "AREA/sca/rules.yaml")
    assert [rule.id for rule in packs["AREA"].domains["sca"].rules][:2] == ["sca.duty", "sca.small"]


def test_every_file_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parsing is nearly all the time that loading takes."""
    parsed: list[str] = []

    def counting(text: str, file: str) -> YamlNode:
        parsed.append(file)
        return read_yaml(text, file)

    for module in (packset, read):
        monkeypatch.setattr(module, "read_yaml", counting)
    read_packs(good())
    assert sorted(parsed) == sorted(path for path in good() if path.endswith(".yaml"))
