"""The canonical form: one for each meaning, and nothing the author wrote is lost."""

import dataclasses
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.language.tree import Expr
from engine.packs import read_files, read_packs
from engine.packs.format import check, formatted
from engine.packs.problems import PackError, Problem, Spot
from engine.packs.yaml import Mapping, Scalar, Sequence, YamlNode, read_yaml
from tests.packs.fixture import SHIPPED, good

UNTIDY = """\

# What this file is about
---
domain:   'sca'   # the domain
parameters:
    small_max:  # the ceiling
        type: "money"
        unit: EUR

        # changed in 2024
        values:
        - { from: '2019-01-01' , value: "30.00" }
        - {from: "2024-01-01",
           value: "50.00"}  # the new one


lets:
  electronic: {is: >-
    not allowed here}
  # at the end
rules:
- id: sca.small
  when: >
     payment.channel == "remote"
       and amount <= small_max

     and true
  title: Small,
    but dear
  note: 'say "no" to it: never'
  unless: [ "sca.risk" , 'sca.Other' ]
# good bye
"""

TIDY = """\
# What this file is about
domain: sca  # the domain
parameters:
  small_max:  # the ceiling
    type: money
    unit: EUR

    # changed in 2024
    values:
      - {from: "2019-01-01", value: "30.00"}
      # the new one
      - {from: "2024-01-01", value: "50.00"}

lets:
  electronic: {is: not allowed here}
# at the end
rules:
  - id: sca.small
    when: >
      payment.channel == "remote"
        and amount <= small_max

      and true
    title: Small, but dear
    note: 'say "no" to it: never'
    unless: [sca.risk, sca.Other]
# good bye
"""


def test_an_untidy_file_is_written_as_it_should_be() -> None:
    assert formatted(UNTIDY.replace(">-\n    not allowed here", "not\n     allowed here")) == TIDY


def test_the_canonical_form_is_its_own() -> None:
    assert formatted(TIDY) == TIDY
    assert list(check(TIDY, "f.yaml")) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('a: "word"', "a: word"),
        ("a: 'payer''s own'", "a: payer's own"),
        ('a: "NO"', 'a: "NO"'),
        ('a: "true"', 'a: "true"'),
        ('a: "Null"', 'a: "Null"'),
        ('a: "30.00"', 'a: "30.00"'),
        ('a: "2026-01-01"', 'a: "2026-01-01"'),
        ("a: '5'", 'a: "5"'),
        ('a: "b: c"', 'a: "b: c"'),
        ('a: "b # c"', 'a: "b # c"'),
        ('a: ""', 'a: ""'),
        ('a: " b"', 'a: " b"'),
        ('a: "b "', 'a: "b "'),
        ('a: "b, c"', "a: b, c"),
        ('{a: "b, c"}', '{a: "b, c"}'),
        ('a: {b: "c, d"}', 'a: {b: "c, d"}'),
        ('a: {b: "c d"}', "a: {b: c d}"),
        ('a: "Zákon § 223"', "a: Zákon § 223"),
        ('a: "b\\tc"', 'a: "b\\tc"'),
        ('a: "b\\\\c"', 'a: "b\\\\c"'),
        ("a: 'say \"b\"'", "a: 'say \"b\"'"),
        ('a: "say \\"b\\", don\'t"', 'a: "say \\"b\\", don\'t"'),
        ('"a b": c', "a b: c"),
        ("a: []", "a: []"),
        ("a: {}", "a: {}"),
        ("- - b\n  - c", "- - b\n  - c"),
        ("a:\n- b", "a:\n  - b"),
        ("a: |+\n  b\n\n", 'a: "b\\n\\n"'),
        ("a: |2\n   b\n", 'a: " b\\n"'),
        ("a: b # c", "a: b  # c"),
        ("- # why\n  a: b", "# why\n- a: b"),
        ("a: [b, # why\n  c]", "a: [b, c]  # why"),
        ("a: [b,\n  # why\n  c]", "# why\na: [b, c]"),
    ],
)  # fmt: skip
def test_form(before: str, after: str) -> None:
    assert formatted(before) == after + "\n"


def test_a_long_text_over_several_lines_is_folded() -> None:
    words = " ".join(["word"] * 40)
    found = formatted(f"a: {words}\n  {words}\n")
    assert found.startswith("a: >-\n  word word")
    assert read_yaml(found, "f").entries[0][1].text == f"{words} {words}"  # type: ignore[union-attr]
    assert max(map(len, found.split("\n"))) <= 120
    assert formatted(found) == found


@pytest.mark.parametrize(
    ("text", "place", "remedy"),
    [
        ("a:  b\n", (1, 4), "Write `a: b`."),
        ("a: b", (1, 5), "End the file with a line break."),
        ("a: b\n\n\n", (3, 1), "Take the line or the spaces out."),
        ("a: b\nc: 'd'\n", (2, 4), "Write `c: d`."),
        ("a: b \n", (1, 5), "Write `a: b`."),
    ],
)
def test_check_says_where_and_how(text: str, place: tuple[int, int], remedy: str) -> None:
    (found,) = check(text, "f.yaml")
    assert found.spot == Spot("f.yaml", *place)
    assert (found.code, found.severity, found.remedy) == ("format", "warning", remedy)


def test_what_is_no_pack_file_is_refused() -> None:
    with pytest.raises(PackError, match="yaml-unquoted"):
        formatted("a: NO")


# -- nothing is lost ---------------------------------------------------------------------------------------------------


def _meant(node: YamlNode) -> Any:
    """What a file says, without its places; quotes count where the schema could tell."""
    if isinstance(node, Mapping):
        return [(key.text, _meant(value)) for key, value in node.entries]
    if isinstance(node, Sequence):
        return [_meant(item) for item in node.items]
    return node.text, node.plain and bool(re.fullmatch(r"-?\d+|true|false|null", node.text))


_TEXTS = st.text(alphabet="abz AZ09.,:;#'\"()[]{}&*!?-_/\\|>%@<=§é\t", max_size=12) | st.sampled_from(
    ["NO", "true", "null", "~", "1.5", "2026-01-01", "unread", "a: b", "a #b", "- a", "", " a", "0x1", "it's"]
)
_SCALARS = _TEXTS.map(
    lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t") + '"'
) | st.sampled_from(["word", "two words", "true", "null", "15", "unread", "sca.low_value"])
_FLOWS = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.lists(inner, max_size=3).map(
            lambda items: "{" + ", ".join(f"k{at}: {one}" for at, one in enumerate(items)) + "}"
        )
    ),
    max_leaves=6,
)
_COMMENTS = st.sampled_from(["", "", "", "  # why", " #"])


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" if line else line for line in text.split("\n"))


@st.composite
def _blocks(draw: st.DrawFn, depth: int = 2) -> str:
    """A set of keys or a list over several lines, with comments and blank lines between."""
    is_list = draw(st.booleans())
    parts = []
    for at in range(draw(st.integers(1, 3))):
        above = draw(st.sampled_from(["", "", "\n", "# a note\n", "\n# a note\n\n"]))
        lead = "-" if is_list else f"k{at}:"
        if depth and draw(st.booleans()):
            inner = _indented(draw(_blocks(depth - 1)))
            parts.append(f"{above}{lead}{draw(_COMMENTS)}\n{inner}")
        elif not is_list and draw(st.integers(0, 4)) == 0:
            fold = draw(st.sampled_from([">", ">-", "|", "|-"]))
            parts.append(f"{above}{lead} {fold}\n    some words\n    more  # words")
        else:
            parts.append(f"{above}{lead} {draw(_FLOWS)}{draw(_COMMENTS)}")
    return "\n".join(parts)


@given(_blocks())
def test_formatting_keeps_the_meaning_and_the_comments_and_is_done_at_once(text: str) -> None:
    wanted = formatted(text)
    assert formatted(wanted) == wanted
    assert _meant(read_yaml(wanted, "f")) == _meant(read_yaml(text, "f"))
    assert wanted.count("# a note") == text.count("# a note")
    assert wanted.count("# why") == text.count("# why")


def _model(value: Any) -> Any:
    """A record without its places in the file."""
    if isinstance(value, Scalar):
        return value.text
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [
            one.name
            for one in dataclasses.fields(value)
            if one.name not in ("spot", "at" if isinstance(value, Expr) else "")
        ]
        return type(value).__name__, [_model(getattr(value, name)) for name in names]
    if isinstance(value, dict):
        return [(key, _model(item)) for key, item in value.items()]
    return [_model(item) for item in value] if type(value) in (tuple, list) else value


def _careless(text: str) -> str:
    """The same file with other quotes and other spaces, where a line has no quotes yet."""
    lines = [line if '"' in line or "'" in line else _respaced(line) for line in text.split("\n")]
    return re.sub(r"(?m)^( *)- \{", r"\1-   { ", "\n".join(lines))


def _respaced(line: str) -> str:
    return re.sub(r": ([a-z]\w*)(?=[,}])" if "{" in line else r": ([a-z]\w*)$", _requoted, line)


def _requoted(match: re.Match[str]) -> str:
    word = match[1]
    return f":  {word}" if word in ("true", "false", "null") else f":   '{word}'"


@pytest.mark.parametrize(
    "files", [pytest.param(read_files(SHIPPED), marks=pytest.mark.slow, id="shipped"), pytest.param(good(), id="good")]
)
def test_packs_read_alike_before_and_after(files: dict[str, str]) -> None:
    """The packs are in the one form; made careless they read alike, and come back to it letter by letter."""
    packs = {path: text for path, text in files.items() if path.endswith(".yaml")}
    careless = {path: _careless(text) for path, text in packs.items()}
    assert careless != packs
    assert {path: formatted(text, path) for path, text in careless.items()} == packs
    before, after = read_packs(careless), read_packs(packs)
    assert [_said(problem) for problem in after[1].problems] == [_said(problem) for problem in before[1].problems]
    assert {code: _model(pack) for code, pack in after[0].items()} == {
        code: _model(pack) for code, pack in before[0].items()
    }


def _said(problem: Problem) -> tuple[str, str, str]:
    """A problem without its place."""
    return problem.spot.file, problem.code, problem.message
