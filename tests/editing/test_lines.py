"""Pack files rewritten: what is asked for changes, and nothing else does."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from api.draft_edits import rewritten
from api.editing_schemas import Editing
from engine.packs.format import formatted
from engine.packs.lines import EditRefused

PATH = "FR/sca.yaml"
TEXT = """\
domain: sca
parameters:
  # The first of the limits.
  small_max:
    type: money
    unit: EUR
    basis: statute
    cite: {source: code, at: L. 133-44}  # as amended
    confidence: A
    values:
      - {from: "2020-01-01", value: "20.00"}  # in force
      - {from: "2023-01-01", value: "25.00", note: raised}

  few:
    type: int
    basis: statute
    cite: {source: code, at: L. 133-44}
    confidence: A
    values:
      - {from: unread, value: 5}
rules:
  - id: sca.small
    title: Small amounts
    basis: statute
    cite: {source: code, at: L. 133-45}
    confidence: A
    applies: {by: payment_date, from: "2020-01-01"}
    # Both must hold.
    when: payment.channel == "remote" and amount <= small_max
    effect: {exempt: low_value}
    tests:
      - {name: small, given: {amount: "20.00 EUR", payment: {channel: remote}}, expect: fires}
      - {name: large, given: {amount: "30.00 EUR", payment: {channel: remote}}, expect: silent}
  - id: sca.bare
    title: Without a test
    basis: statute
    confidence: A
    applies: {by: payment_date, from: "2020-01-01", to: "2021-01-01"}
    when: >-
      payment.channel == "remote"
      and amount <= small_max
    effect: {exempt: low_value}
"""


def edited(file: str = TEXT, path: str = PATH, /, **edit: Any) -> str:
    asked = Editing.model_validate({"path": path, "edit": edit})
    return rewritten(path, file, asked.edit)


def differing(after: str, before: str = TEXT) -> tuple[list[str], list[str]]:
    """Lines that went and lines that came."""
    was, now = before.split("\n"), after.split("\n")
    return [line for line in was if line not in now], [line for line in now if line not in was]


def test_a_value_is_added_in_the_order_of_time_and_every_other_line_stays() -> None:
    assert formatted(TEXT) == TEXT
    after = edited(kind="add_value", parameter="small_max", value="22", note="Law of May", **{"from": "2021-06-01"})
    line = '      - {from: "2021-06-01", value: "22", note: Law of May}'
    assert differing(after) == ([], [line])
    lines = after.split("\n")
    assert "2020-01-01" in lines[lines.index(line) - 1]
    assert "2023-01-01" in lines[lines.index(line) + 1]


def test_a_new_value_cites_a_source_with_its_provision() -> None:
    after = edited(
        kind="add_value", parameter="few", value="6", source="code", at="Art. 9", confidence="B", **{"from": "2027-01-01"}
    )  # fmt: skip
    assert differing(after)[1] == [
        '      - {from: "2027-01-01", value: 6, cite: {source: code, at: Art. 9}, confidence: B}'
    ]
    with pytest.raises(EditRefused, match="a source and the provision"):
        edited(kind="add_value", parameter="few", value="6", at="Art. 9", **{"from": "2027-01-01"})


@pytest.mark.parametrize(
    ("start", "value", "line"),
    [
        ("2020-01-01", "21.50", '      - {from: "2020-01-01", value: "21.50"}  # in force'),
        ("2023-01-01", None, '      - {from: "2023-01-01", value: null, note: raised}'),
        ("2023-01-01", "a lot", '      - {from: "2023-01-01", value: a lot, note: raised}'),
    ],
)
def test_a_value_is_corrected_where_it_stands(start: str, value: str | None, line: str) -> None:
    after = edited(kind="set_value", parameter="small_max", value=value, **{"from": start})
    assert differing(after)[1] == [line]
    assert len(after.split("\n")) == len(TEXT.split("\n"))


def test_values_are_moved_and_taken_out_but_never_past_each_other() -> None:
    moved = edited(kind="move_value", parameter="small_max", to="2023-07-01", **{"from": "2023-01-01"})
    assert differing(moved)[1] == ['      - {from: "2023-07-01", value: "25.00", note: raised}']
    with pytest.raises(EditRefused, match="another value between"):
        edited(kind="move_value", parameter="small_max", to="2019-01-01", **{"from": "2023-01-01"})
    gone = edited(kind="remove_value", parameter="small_max", **{"from": "2023-01-01"})
    assert differing(gone) == (['      - {from: "2023-01-01", value: "25.00", note: raised}'], [])
    with pytest.raises(EditRefused, match="the only value"):
        edited(kind="remove_value", parameter="few", **{"from": "unread"})
    with pytest.raises(EditRefused, match="on already"):
        edited(kind="add_value", parameter="small_max", value="1", **{"from": "2020-01-01"})


def test_a_condition_is_replaced_whether_it_stands_on_one_line_or_on_several() -> None:
    new = 'payment.channel == "remote" and amount < small_max'
    assert differing(edited(kind="set_condition", rule="sca.small", when=new))[1] == [f"    when: {new}"]
    folded = edited(kind="set_condition", rule="sca.bare", when=new)
    assert f"    when: {new}\n    effect" in folded
    long = " and ".join(f"payment.corporate_process == {word}" for word in ("true", "false") * 3)
    wrapped = edited(kind="set_condition", rule="sca.small", when=long)
    assert "    when: >-\n      payment.corporate_process" in wrapped
    assert max(map(len, wrapped.split("\n"))) <= 130
    assert "    # Both must hold.\n    when: >-" in wrapped


def test_words_are_set_added_and_taken_away() -> None:
    titled = edited(kind="set_text", of="rule", name="sca.small", key="title", text="Little: amounts")
    assert differing(titled)[1] == ['    title: "Little: amounts"']
    noted = edited(kind="set_text", of="rule", name="sca.small", key="note", text="Seen")
    assert "    effect: {exempt: low_value}\n    note: Seen\n    tests:" in noted
    assert edited(noted, kind="set_text", of="rule", name="sca.small", key="note", text="") == TEXT
    with pytest.raises(EditRefused, match="needs its title"):
        edited(kind="set_text", of="rule", name="sca.small", key="title", text="")
    with pytest.raises(EditRefused, match="has no title"):
        edited(kind="set_text", of="parameter", name="few", key="title", text="x")


def test_a_citation_keeps_the_comment_behind_it() -> None:
    after = edited(kind="set_cite", of="parameter", name="small_max", source="code", at="L. 133-50")
    assert differing(after)[1] == ["    cite: {source: code, at: L. 133-50}  # as amended"]
    new = edited(kind="set_cite", of="rule", name="sca.bare", source="code", at="L. 1")
    assert "    basis: statute\n    cite: {source: code, at: L. 1}\n    confidence: A\n    applies: {by" in new


def test_the_days_of_a_rule_are_moved_ended_and_opened() -> None:
    ended = edited(kind="set_period", rule="sca.small", to="2028-01-01", **{"from": "2021-01-01"})
    assert differing(ended)[1] == ['    applies: {by: payment_date, from: "2021-01-01", to: "2028-01-01"}']
    opened = edited(kind="set_period", rule="sca.bare", **{"from": "unread"})
    assert differing(opened)[1] == ["    applies: {by: payment_date, from: unread}"]


def test_tests_are_put_behind_the_others_or_in_the_place_of_their_name() -> None:
    given = {"amount": "25.00 EUR", "payment": {"channel": "remote", "offline": True}}
    added = edited(kind="put_test", rule="sca.small", name="at 25", on="2023-01-01", given=given, expect="fires")
    facts = '{amount: "25.00 EUR", payment: {channel: remote, offline: true}}'
    line = f'      - {{name: at 25, on: "2023-01-01", given: {facts}, expect: fires}}'
    assert differing(added) == ([], [line])
    replaced = edited(kind="put_test", rule="sca.small", name="small", given={}, expect="unknown", missing=["amount"])
    assert differing(replaced)[1] == ["      - {name: small, given: {}, expect: {unknown: [amount]}}"]
    first = edited(kind="put_test", rule="sca.bare", name="one", given={}, expect="silent")
    assert first.endswith(
        "    effect: {exempt: low_value}\n    tests:\n      - {name: one, given: {}, expect: silent}\n"
    )
    assert edited(first, kind="remove_test", rule="sca.bare", name="one") == TEXT
    assert differing(edited(kind="remove_test", rule="sca.small", name="large"))[1] == []


def test_a_rate_gives_way_to_another_on_its_day() -> None:
    text = "\n".join((
        "domain: tax", "rates:",
        '  - {id: standard.2014, category: standard, kind: standard, percent: "20", from: "2014-01-01", confidence: A}', "",
    ))  # fmt: skip
    kinds = "category: standard, kind: standard"
    after = edited(
        text,
        "FR/tax.yaml",
        kind="add_rate",
        rate="standard.2014",
        percent="21",
        confidence="A",
        **{"from": "2027-01-01"},
    )
    assert differing(after, text)[1] == [
        f'  - {{id: standard.2014, {kinds}, percent: "20", from: "2014-01-01", to: "2027-01-01", confidence: A}}',
        f'  - {{id: standard.2027, {kinds}, percent: "21", from: "2027-01-01", confidence: A}}',
    ]
    corrected = edited(text, "FR/tax.yaml", kind="set_percent", rate="standard.2014", percent="20.5")
    assert 'percent: "20.5"' in corrected


def test_a_manifest_gets_its_next_version_and_another_source() -> None:
    head = 'schema: rulepack/v1\nversion: "2026.11.9"\nsources:\n  code: {title: Code, kind: regulation}\n'
    text = head + 'verified: {on: "2026-01-01", by: us}\n'
    raised = edited(text, "FR/pack.yaml", kind="raise_version")
    assert differing(raised, text)[1] == ['version: "2026.11.10"']
    sourced = edited(
        text, "FR/pack.yaml", kind="add_source", name="law_2027", title="Law of 2027", applies="2027-01-01"
    )
    assert differing(sourced, text) == (
        [],
        ['  law_2027: {title: Law of 2027, kind: regulation, applies: "2027-01-01"}'],
    )


def test_what_is_not_there_is_not_changed() -> None:
    with pytest.raises(EditRefused, match="has no parameter"):
        edited(kind="set_value", parameter="other", value="1", **{"from": "2020-01-01"})
    with pytest.raises(EditRefused, match="has no rule"):
        edited(kind="set_condition", rule="other", when="true")
    with pytest.raises(EditRefused, match="has no test"):
        edited(kind="remove_test", rule="sca.small", name="other")
    with pytest.raises(EditRefused, match="no value from"):
        edited(kind="move_value", parameter="few", to=str(date(2021, 1, 1)), **{"from": "2020-01-01"})
