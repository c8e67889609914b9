"""Variables that are read once are written where they are read, and nothing else changes."""

from __future__ import annotations

import pytest

from engine.language.tighten import DEEPEST, tightened


def test_a_variable_read_once_goes_where_it_is_read() -> None:
    assert tightened(["    v1 = row[3]", "    v2 = v1 <= K5", "    return (v2, )"]) == ["    return ((row[3] <= K5), )"]


def test_a_variable_read_twice_stays() -> None:
    body = ["    v1 = row[3]", "    return (v1, v1, )"]
    assert tightened(body) == body


@pytest.mark.parametrize(
    "body",
    [
        ["    v1 = v9", "    if v1 is None:", "        v2 = K3", "    return (v2, )"],  # read by a block
        ["    v1 = K1", "    for v3 in v4:", "        v1 = v3", "    return (v1, )"],  # written again
        [
            "    v1 = K1",
            "    v2 = v1 + K2",
            "    for v3 in v4:",
            "        v1 = v3",
            "    return (v2, v1, )",
        ],  # its part is
        ["    v1 = moment.convert(K1, K2)", "    return (v1, )"],  # notes the rate that was used
    ],
)
def test_what_must_stay_stays(body: list[str]) -> None:
    assert tightened(body) == body


def test_what_holds_something_that_stays_may_still_move() -> None:
    body = ["    v1 = moment.convert(K1, K2)", "    v2 = v1 <= K3", "    return (v2, )"]
    assert tightened(body) == ["    v1 = moment.convert(K1, K2)", "    return ((v1 <= K3), )"]


def test_brackets_nest_only_so_deep() -> None:
    body = ["    v0 = row[0]", *(f"    v{n} = v{n - 1} + K1" for n in range(1, 200)), "    return (v199, )"]
    kept = tightened(body)
    assert max(line.count("(") for line in kept) <= DEEPEST + 1
    row, namespace = [7], {}
    source = "\n".join(["def f(row, K1):", *kept])
    exec(compile(source, "<test>", "exec"), namespace)
    assert namespace["f"](row, 1) == (206,)
