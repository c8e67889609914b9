"""Whatever stands in a pack's files, the reader says what is wrong with it and where, and raises nothing else."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.packs.packset import PackSet, read_files, read_packs
from engine.packs.problems import PackError
from engine.packs.yaml import read_yaml
from tests.property.shipped import packs

SHIPPED = ["TR", "KZ", "GE", "JP"]
"""Packs to damage: small ones, and between them every kind of record."""

SNIPPETS = [
    "&a [*a]", "*a", "<<: *a", "<<: {a: b}", "!!python/object/apply:os.system [true]", "!x y", "? [a, b]\n: c", "- - - -",
    "{", "[", "'", '"', "|", ">", "%YAML 1.1", "---", "...", "\t", "\u200b", "\u202e", "\x07", "~", "yes", "1e3", "0x1F",
    "2026-11-22", "12:30:00", "null", '"null"', "[]", "{}", "a: b: c", "# comment", "\ufeff", '"\\x00"', '"\\ud800"', ".inf",
    "!!binary aGk=", "__import__('os')", "{a: {a: {a: {a: {}}}}}", "from: unread", 'from: "2026-13-45"', "pending: {}",
    "unread: true", "value: [1, 2]", "is: 1 +", "when: true", "effect: {exempt: x, by: [nobody]}", "unless: [sca.x]", "cite: ",
    "type: money", "unit: XXX", "members: [1]", "extends: [ZZ]", "tests: [{}]", "on_unknown: {sca: allow}",
    "schema: rulepack/v2", "expect: {unknown: 3}", "given: []", "0001-01-01", '"0000-00-00"', '"9999-12-31"', "-1", "1" * 40,
    "𐍈", "аmount", "amоunt <= limit",
]  # fmt: skip


def damaged(rnd: Random, text: str) -> str:
    """The text with some lines lost, doubled, moved, indented otherwise, or with something foreign in them."""
    lines = text.split("\n")
    for _ in range(rnd.randint(1, 3)):
        at = rnd.randrange(len(lines))
        line, other = lines[at], lines[rnd.randrange(len(lines))]
        head, colon, _ = line.partition(":")
        cut = rnd.randrange(len(line) + 1)
        lines[at] = rnd.choice(
            [
                "", line + "\n" + line, other, "  " + line, line.lstrip(), line[:cut] + rnd.choice(SNIPPETS) + line[cut:],
                line[:cut], f"{line}]", f"{head}{colon} {rnd.choice(SNIPPETS)}", line.replace('"', "", 1),
                line.replace(",", "", 1), line.replace("true", "maybe"), line.swapcase(),
                line.replace("EUR", "USD"), line.replace("20", "19", 1),
            ]
        )  # fmt: skip
    return "\n".join(lines)


def files_of(code: str) -> dict[str, str]:
    """One shipped pack and what it stands on."""
    kept = {code, "WORLD", *packs().packs[code].extends}
    return {
        path: text for path, text in packs().files.items() if path.partition("/")[0] in kept and path.endswith(".yaml")
    }


@pytest.mark.parametrize("code", SHIPPED)
def test_damaged_packs_are_refused_in_words(code: str) -> None:
    rnd, files, refused = Random(code), files_of(code), 0
    own = sorted(path for path in files if path.startswith(f"{code}/"))
    for _ in range(120):
        path = rnd.choice(own)
        text = damaged(rnd, files[path])
        found, notes = read_packs({**files, path: text})
        refused += bool(notes.problems)
        for problem in notes.problems:
            assert problem.code, text
            assert problem.message, text
            assert problem.spot.line >= 1, f"{problem}\n{text}"
            assert problem.spot.line <= text.count("\n") + 2 or problem.spot.file != path, f"{problem}\n{text}"
        assert "WORLD" in found
    assert refused > 40


def packs_only(text: str) -> None:
    """Read a text as YAML; nothing but a PackError may come of it."""
    try:
        node = read_yaml(text, "XX/pack.yaml")
    except PackError as error:
        assert error.problems  # noqa: PT017  what is raised is looked at, not expected
    else:
        assert node.spot.line >= 1


@settings(max_examples=1500)
@given(st.one_of(st.text(max_size=200), st.text("[]{}:,-&*!|>'\"%@`#? \n\ta1~", max_size=80)))
def test_any_text_is_read_or_refused(text: str) -> None:
    packs_only(text)


def test_scraps_of_yaml_are_read_or_refused() -> None:
    rnd = Random(2)
    for _ in range(4000):
        packs_only(rnd.choice(["", " ", "\n", "\n  ", ": "]).join(rnd.choices(SNIPPETS, k=rnd.randint(1, 6))))


MONSTERS = {
    "deep lists": "[" * 3000 + "]" * 3000,
    "deep sets": "{a: " * 3000 + "1" + "}" * 3000,
    "deep by indentation": "\n".join("  " * level + "a:" for level in range(300)),
    "deep by dashes": "- " * 3000,
    "laughs": "a: &a [x, x]\n"
    + "\n".join(f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)}, *{chr(97 + i)}]" for i in range(20)),
    "one anchor": "a: &x 1",
    "an alias of nothing": "a: *x",
    "a tag": "a: !!python/name:os.system",
    "a local tag": "a: !secret x",
    "two documents": "a: 1\n---\nb: 2",
    "a set as a key": "{a: 1}: 2",
    "a list as a key": "? [a]\n: 1",
    "a key twice": "a: 1\na: 2",
    "a date": "a: 2026-11-22",
    "a yes": "a: yes",
    "a float": "a: 1.5",
    "a nothing": "a:",
    "an empty file": "",
    "a comment only": "# nothing",
    "too large": "a: " + "x" * 2_100_000,
    "null bytes": "a: \x00",
    "a lone surrogate": "a: \ud800",
    "bidirectional": "a: \u202eb",
    "unclosed": "a: 'b",
    "a tab": "a:\n\tb: 1",
    "not YAML 1.2": "%YAML 9.9\n---\na: 1",
}


@pytest.mark.parametrize("name", sorted(MONSTERS))
def test_monsters_are_refused(name: str) -> None:
    with pytest.raises(PackError):
        read_yaml(MONSTERS[name], "XX/pack.yaml")


def test_a_merge_key_is_a_key_nobody_knows() -> None:
    _, notes = read_packs(
        {**files_of("TR"), "TR/pack.yaml": packs().files["TR/pack.yaml"] + "\n<<: {name: Elsewhere}\n"}
    )
    assert "key-unknown" in {problem.code for problem in notes.problems}


@settings(max_examples=300)
@given(
    st.dictionaries(
        st.sampled_from(["XX/pack.yaml", "XX/sca.yaml", "YY/sca/a.yaml", "pack.yaml", "messages/en.po"]),
        st.text(max_size=60),
    )
)
def test_any_set_of_files_is_read_or_refused(files: dict[str, str]) -> None:
    found, notes = read_packs(files)
    assert not found or isinstance(found, dict)
    assert all(problem.spot.file for problem in notes.problems)


@settings(max_examples=300)
@given(st.binary(max_size=120))
def test_stored_releases_that_are_none_are_refused(content: bytes) -> None:
    with pytest.raises((PackError, ValueError)):
        PackSet.from_canonical(content)


BROKEN = [
    b"{}",
    b"[]",
    b"null",
    b'{"format": "lexgate-release/1"}',
    b'{"format": "lexgate-release/1", "files": 1, "version": "1"}',
    b'{"format": "lexgate-release/1", "files": {"XX/pack.yaml": 1}, "version": "1"}',
]


@pytest.mark.parametrize("body", BROKEN)
def test_broken_releases_are_refused(body: bytes) -> None:
    with pytest.raises((PackError, ValueError)):
        PackSet.from_canonical(body)


def test_files_that_are_not_utf8_are_refused(tmp_path: Path) -> None:
    (tmp_path / "XX").mkdir()
    (tmp_path / "XX/pack.yaml").write_bytes(b"name: \xff\xfe")
    with pytest.raises(PackError, match="Not UTF-8"):
        read_files(tmp_path)
