"""What the tracer of coverage looks at, and what it need not look at again."""

from __future__ import annotations

import sys
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

import pytest
from hypothesis import is_hypothesis_test

UNTRACED: Final = (
    "tests/aml/test_silence.py", "tests/api/", "tests/bench/", "tests/fault/", "tests/history/test_oracle.py",
    "tests/ledger/test_draft_machine.py", "tests/ledger/test_history_oracle.py", "tests/onboarding/test_machine.py",
    "tests/packs/test_shipped.py", "tests/property/", "tests/screening/test_fuzz_lists.py",
    "tests/screening/test_real_lists.py",
)  # fmt: skip
"""Tests that ask the same lines thousands of times, ask other processes, or ask at the edge; as do those marked slow, and drawn
cases (Hypothesis), whose reach would be the luck of the draw. Under the tracer they take two to three times as long, and what
they alone reach of engine/ is told by no number of lines: whatever is covered is covered by a test that says what it is for."""

CASES: Final = 40
"""So many cases of one test are traced. A table of the law has hundreds of rows that all go the same way through the code."""

EACH: Final = ("tests/packs/test_allowed.py", "tests/packs/test_defects.py", "tests/language/")
"""Tests each of whose cases goes a way of its own."""

MARK: Final = "untraced"


def choose(items: Iterable[pytest.Item]) -> None:
    """Mark what runs beside the tracer."""
    seen: Counter[str] = Counter()
    for item in items:
        test = item.nodeid.partition("[")[0]
        seen[test] += 1
        many = seen[test] > CASES and not item.nodeid.startswith(EACH)
        if item.nodeid.startswith(UNTRACED) or _asks_often(item) or many:
            item.add_marker(MARK)


def _asks_often(item: pytest.Item) -> bool:
    # Of a test that runs on both stores the mark tells of the server, and its statements are run nowhere else.
    slow = item.get_closest_marker("slow") is not None and "postgresql" not in item.nodeid
    return slow or is_hypothesis_test(getattr(item, "obj", None))


@contextmanager
def beside_the_tracer() -> Iterator[None]:
    """Run without it, in new threads as well. Without coverage this does nothing."""
    here, elsewhere = sys.gettrace(), threading.gettrace()
    if here is None:
        yield
        return
    sys.settrace(None)
    threading.settrace(None)
    try:
        yield
    finally:
        if elsewhere is not None:
            threading.settrace(elsewhere)
        sys.settrace(here)
