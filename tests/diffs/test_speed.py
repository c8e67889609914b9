"""How long a comparison may take."""

from __future__ import annotations

from time import process_time

import pytest

from engine.diffs import Verdict, compare
from tests.diffs.releases import release
from tests.shipped import law


@pytest.mark.slow
def test_the_whole_shipped_law_with_one_other_value_takes_less_than_two_seconds() -> None:
    was = law()
    value = '{from: "2019-09-14", value: "30"}'
    text = was.files["EEA/sca/limits.yaml"]
    assert text.count(value) == 1
    later = f'{value}\n      - {{from: "2026-12-01", value: "50"}}'
    now = release({**was.files, "EEA/sca/limits.yaml": text.replace(value, later)})
    began = process_time()
    found = compare(was, now)
    assert process_time() - began < 2
    assert [(one.name, one.verdict) for one in found.meanings] == [("sca.low_value", Verdict.COUNTEREXAMPLE)]
