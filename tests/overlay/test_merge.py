"""Two changes of one law put together: each entry as whoever changed it has it; a conflict only where both did, differently."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.overlay import merge, standing_marks
from engine.overlay.entries import taken_apart
from engine.packs.demotions import PATH, demote, last_of
from engine.packs.format import formatted
from engine.packs.packset import read_files
from tests.held_back import demotion
from tests.packs.fixture import SHIPPED, good

Key = tuple[str, ...]
Law = Mapping[Key, str]
"""("p", name) -> label; ("v", name, day) -> value; ("r", id) -> title; ("t", id, name) -> what is expected."""

DAYS = ("2019-01-01", "2021-01-01", "2023-01-01", "2025-01-01")
NAMES = ("cash_max", "count_max", "single_max")
RULES = ("sca.duty", "sca.low_risk", "sca.small")
TESTS = ("at the limit", "nothing stated", "one cent over")
BASE: Law = {
    **{("p", name): f"the {name}" for name in NAMES[:2]},
    **{("v", name, day): "10" for name in NAMES[:2] for day in DAYS[:2]},
    **{("r", name): "A rule" for name in RULES[:2]},
    **{("t", name, test): "fires" for name in RULES[:2] for test in TESTS[:2]},
}


def written(law: Law) -> str:
    """The file that says it, in canonical form, everything in the order of its key."""
    lines = ["domain: sca"]
    for top, below, collection in (("p", "v", "parameters"), ("r", "t", "rules")):
        lines.append(f"{collection}:")
        for key in sorted(key for key in law if key[0] == top):
            if top == "p":
                lines += [f"  # {law[key]}", f"  {key[1]}:", f"    label: {law[key]}", "    values:"]
            else:
                lines += [f"  - id: {key[1]}", f"    title: {law[key]}", "    tests:"]
            for row in sorted(row for row in law if row[0] == below and row[1] == key[1]):
                said = f'from: "{row[2]}", value: {law[row]}' if top == "p" else f"name: {row[2]}, expect: {law[row]}"
                lines.append(f"      - {{{said}}}")
    return "\n".join(lines) + "\n"


def _edits() -> st.SearchStrategy[dict[Key, str | None]]:
    """Some entries changed, taken out or added. The first value and the first test of each stay: a list is never empty."""
    rows = [("v", name, day) for name in NAMES[:2] for day in DAYS] + [
        ("t", name, one) for name in RULES[:2] for one in TESTS
    ]
    heads = [("p", name) for name in NAMES[:2]] + [("r", name) for name in RULES[:2]]
    texts = st.sampled_from(["20", "30"])
    row = st.tuples(st.sampled_from(rows), texts | st.none()).filter(
        lambda one: one[1] or one[0][2] not in (DAYS[0], TESTS[0])
    )
    head = st.tuples(st.sampled_from(heads), texts)
    whole = st.tuples(st.sampled_from([("p", NAMES[2]), ("r", RULES[2])]), texts)
    return st.lists(row | head | whole, max_size=6).map(_completed)


def _completed(found: list[tuple[Key, str | None]]) -> dict[Key, str | None]:
    edits = {key: text for key, text in found if text is not None or key in BASE}
    for key in list(edits):
        if key == ("p", NAMES[2]):
            edits[("v", NAMES[2], DAYS[0])] = "10"
        if key == ("r", RULES[2]):
            edits[("t", RULES[2], TESTS[0])] = "fires"
    return {key: text for key, text in edits.items() if BASE.get(key) != text}


def _after(*changes: dict[Key, str | None]) -> Law:
    law: dict[Key, str | None] = dict(BASE)
    for one in changes:
        law |= one
    return {key: text for key, text in law.items() if text is not None}


def _clashes(ours: dict[Key, str | None], theirs: dict[Key, str | None]) -> set[Key]:
    """What both changed in different ways. A whole that both added is one entry."""
    return {key for key in ours.keys() & theirs.keys() if ours[key] != theirs[key]}


@given(_edits(), _edits())
@settings(max_examples=400)
def test_a_conflict_is_where_both_changed_one_entry_differently(
    ours: dict[Key, str | None], theirs: dict[Key, str | None]
) -> None:
    base, mine, new = written(BASE), written(_after(ours)), written(_after(theirs))
    merged = merge({"A/sca.yaml": base}, {"A/sca.yaml": mine}, {"A/sca.yaml": new})
    clashes = _clashes(ours, theirs)
    assert len(merged.conflicts) == len(clashes), merged.conflicts
    numbers = {one.number for one in standing_marks(merged.files)}
    assert numbers == {one.number for one in merged.conflicts}
    for one in merged.conflicts:
        assert len({one.base, one.ours, one.theirs}) == 3
    if not clashes:
        assert merged.files["A/sca.yaml"] == written(_after(ours, theirs))


@given(_edits(), _edits())
@settings(max_examples=150)
def test_disjoint_changes_commute(ours: dict[Key, str | None], theirs: dict[Key, str | None]) -> None:
    apart = {key: text for key, text in theirs.items() if key not in ours}
    sides = [{"A/sca.yaml": written(law)} for law in (BASE, _after(ours), _after(apart))]
    one, other = merge(*sides), merge(sides[0], sides[2], sides[1])
    assert one == other
    assert formatted(one.files["A/sca.yaml"]) == one.files["A/sca.yaml"]


@given(_edits())
@settings(max_examples=100)
def test_what_only_one_side_changed_is_as_that_side_has_it(edits: dict[Key, str | None]) -> None:
    """Beside a change of the other side in the same file, so that entries are compared and not files."""
    base, changed = written(BASE), written(_after(edits))
    head, other = "domain: sca\n", "domain: sca\nnote: said by the other side\n"
    told = merge({"A/sca.yaml": base}, {"A/sca.yaml": changed}, {"A/sca.yaml": base.replace(head, other)})
    assert told.files["A/sca.yaml"] == changed.replace(head, other)
    swapped = merge({"A/sca.yaml": base}, {"A/sca.yaml": base.replace(head, other)}, {"A/sca.yaml": changed})
    assert (swapped.files, swapped.conflicts) == (told.files, ())


@pytest.mark.slow
def test_every_shipped_file_is_taken_apart_and_put_together_byte_for_byte() -> None:
    for path, text in read_files(SHIPPED).items():
        made = taken_apart(path, text)
        assert made.text == text
        assert made.slots, f"{path} has no entries"


# -- what stands elsewhere than in the rows of a list -----------------------------------------------------------------------

FR, MANIFEST = "FR/sca.yaml", "FR/pack.yaml"


def _with(*edits: tuple[str, str, str]) -> dict[str, str]:
    files = dict(good())
    for path, old, new in edits:
        assert files[path].count(old) == 1
        files[path] = files[path].replace(old, new)
    return files


def test_a_change_of_layout_alone_is_no_change() -> None:
    aside = _with(
        (FR, 'applies: {by: payment_date, from: "2020-01-01"}', 'applies: { by: payment_date,  from: "2020-01-01" }')
    )
    bitten = _with((FR, "title: No codes", "title: Never codes"))
    for ours, theirs in ((aside, bitten), (bitten, aside)):
        merged = merge(good(), ours, theirs)
        assert (merged.conflicts, merged.files[FR]) == ((), bitten[FR])


def test_a_rule_that_both_changed_is_shown_in_all_three_versions() -> None:
    ours = _with(
        (FR, "effect: {method: no_sms, forbid: [sms_otp]}", "effect: {method: no_sms, forbid: [sms_otp, email_otp]}")
    )
    theirs = _with((FR, 'when: payment.channel == "remote"', 'when: payment.channel in ["remote", "moto"]'))
    merged = merge(good(), ours, theirs)
    (one,) = merged.conflicts
    assert (one.file, one.path, one.number) == (FR, "rules[sca.no_sms]", 1)
    assert [text is not None and "email_otp" in text for text in (one.base, one.ours, one.theirs)] == [
        False,
        True,
        False,
    ]
    text = merged.files[FR]
    assert 'when: payment.channel in ["remote", "moto"]' in text
    assert "  # " in text
    assert "email_otp" in next(line for line in text.splitlines() if line.lstrip().startswith("#") and "effect" in line)
    assert formatted(text, FR)


def test_a_row_that_one_took_out_and_the_other_changed_is_a_conflict() -> None:
    row = '      - {from: "2024-01-01", value: "50.00"}\n'
    gone, changed = _with(("AREA/sca.yaml", row, "")), _with(("AREA/sca.yaml", row, row.replace("50", "60")))
    for ours, theirs in ((gone, changed), (changed, gone)):
        merged = merge(good(), ours, theirs)
        (one,) = merged.conflicts
        assert one.path == "parameters[small_max].values[2024-01-01]"
        assert None in (one.ours, one.theirs)
        assert [mark.number for mark in standing_marks(merged.files)] == [1, 1, 1]


def test_a_file_that_one_took_out_and_the_other_changed_is_a_conflict() -> None:
    changed = _with((FR, "title: No codes", "title: Never codes"))
    gone = {path: text for path, text in good().items() if path != FR}
    for ours, theirs in ((gone, changed), (changed, gone)):
        merged = merge(good(), ours, theirs)
        (one,) = merged.conflicts
        assert (one.path, one.file, None in (one.ours, one.theirs)) == ("", FR, True)
        assert "title: Never codes" in merged.files[FR]
    assert FR not in merge(good(), gone, good()).files
    assert FR not in merge(good(), good(), gone).files


def test_new_files_of_both_are_put_together() -> None:
    one = {**good(), "DE/pack.yaml": 'schema: rulepack/v1\nversion: "2026.1.0"\nsources:\n  a: {title: A}\n'}
    other = {**good(), "DE/pack.yaml": 'schema: rulepack/v1\nversion: "2026.1.0"\nsources:\n  b: {title: B}\n'}
    merged = merge(good(), one, other)
    assert (len(merged.conflicts), "conflict" in merged.files["DE/pack.yaml"]) == (1, True)
    assert merge(good(), one, one).files == one


def test_what_cannot_be_read_is_one_entry() -> None:
    broken = {**good(), FR: "domain: [\n"}
    merged = merge(good(), broken, _with((FR, "title: No codes", "title: Never codes")))
    assert [one.path for one in merged.conflicts] == [""]


def test_the_last_rows_are_not_taken_out_one_by_each() -> None:
    def only(*days: str) -> str:
        rows = "".join(f'      - {{from: "{day}", value: 1}}\n' for day in days)
        return f"domain: sca\nparameters:\n  count_max:\n    type: int\n    values:\n{rows}"

    both, first, second = only("2019-01-01", "2020-01-01"), only("2019-01-01"), only("2020-01-01")
    merged = merge({"A/sca.yaml": both}, {"A/sca.yaml": first}, {"A/sca.yaml": second})
    assert [one.path for one in merged.conflicts] == ["parameters[count_max]"]


def test_sentences_and_regions_are_entries_too() -> None:
    po, csv = "messages/de.po", "regions/aws.csv"
    base = {
        po: 'msgid "a"\nmsgstr "A"\n\nmsgid "b"\nmsgstr "B"\n',
        csv: "provider,partition,kind,region_id,x\naws,aws,region,one,1\naws,aws,region,two,2\n",
    }
    ours = {po: base[po].replace('"A"', '"AA"'), csv: base[csv].replace("one,1", "one,9")}
    theirs = {po: base[po].replace('"B"', '"BB"'), csv: base[csv].replace("two,2", "two,8")}
    merged = merge(base, ours, theirs)
    assert merged.conflicts == ()
    assert merged.files[po] == 'msgid "a"\nmsgstr "AA"\n\nmsgid "b"\nmsgstr "BB"\n'
    assert merged.files[csv].splitlines()[1:] == ["aws,aws,region,one,9", "aws,aws,region,two,8"]


def test_a_pack_that_is_as_neither_side_has_it_has_the_next_version() -> None:
    ours = _with((FR, "title: No codes", "title: Never codes"), (MANIFEST, "2026.1.0", "2026.1.1"))
    theirs = _with((FR, 'value: "20.00"', 'value: "15.00"'), (MANIFEST, "2026.1.0", "2026.12.0"))
    merged = merge(good(), ours, theirs)
    assert merged.conflicts == ()
    assert 'version: "2026.12.1"' in merged.files[MANIFEST]
    same = merge(good(), ours, _with((MANIFEST, "2026.1.0", "2026.12.0")))
    assert 'version: "2026.12.1"' in same.files[MANIFEST]
    untouched = merge(good(), ours, _with(("AREA/pack.yaml", "2026.1.0", "2026.12.0")))
    assert 'version: "2026.1.1"' in untouched.files[MANIFEST]
    upstream = merge(good(), _with(("AREA/pack.yaml", "2026.1.0", "2026.1.1")), theirs)
    assert 'version: "2026.12.0"' in upstream.files[MANIFEST]


def test_what_both_moved_stands_as_theirs_has_it() -> None:
    rules = [f"  - id: sca.{name}\n    title: T\n" for name in "abc"]
    texts = [
        "domain: sca\nrules:\n" + "".join(rules[at] for at in order) for order in ((0, 1, 2), (2, 0, 1), (1, 2, 0))
    ]
    base, ours, theirs = ({"A/sca.yaml": text} for text in texts)
    assert merge(base, ours, theirs).files == theirs
    beside = {"A/sca.yaml": base["A/sca.yaml"].replace("domain: sca\n", "domain: sca\nnote: n\n")}
    moved = merge(base, ours, beside).files["A/sca.yaml"]
    assert moved == ours["A/sca.yaml"].replace("domain: sca\n", "domain: sca\nnote: n\n")


@pytest.mark.parametrize("text", [
    "domain: sca\nrules:\n  - {id: a}\n  - {id: a}\n", "- a\n- b\n", "rules: [{id: a}]\nnote: x\n", "one\n",
    "lets: {a: b}\nparameters:\n  count: 5\n  values:\n    a: 1\n", "rules:\n  - a\n  - b\n", "rules:\n  - - a\n", "", "# only\n",
])  # fmt: skip
def test_whatever_a_file_looks_like_no_byte_of_it_is_lost(text: str) -> None:
    assert taken_apart("A/sca.yaml", text).text == text
    for path in ("messages/de.po", "regions/aws.csv"):
        assert taken_apart(path, text).text == text


def test_a_table_with_a_row_twice_is_one_entry() -> None:
    row = "aws,aws,region,one,1\n"
    assert taken_apart("regions/aws.csv", row + row).slots == ()
    assert taken_apart("messages/de.po", 'msgid "a"\nmsgstr "b"\n').slots == ("",)


def test_rules_that_two_sides_hold_back_are_both_held_back() -> None:
    """Persons held one back in a draft, and the circuit breaker another one meanwhile."""
    one, two = demotion("AREA/sca.duty"), demotion("AREA/sca.risk", numbers=None)
    base = demote({}, demotion("FR/sca.other"))
    merged = merge(base, demote(base, one), demote(base, two))
    assert merged.conflicts == ()
    assert last_of(merged.files, "AREA", "sca.duty") == one
    assert last_of(merged.files, "AREA", "sca.risk") == two
    (conflict,) = merge({}, demote({}, one), demote({}, two)).conflicts
    assert conflict.file == PATH, "a file that both sides made is settled by persons"


def test_a_rule_that_one_side_lets_go_is_let_go() -> None:
    base = demote(demote({}, demotion("AREA/sca.duty")), demotion("AREA/sca.risk"))
    ours = demote({}, demotion("AREA/sca.duty"))
    theirs = demote(base, demotion("AREA/sca.other"))
    merged = merge(base, ours, theirs)
    assert merged.conflicts == ()
    assert last_of(merged.files, "AREA", "sca.risk") is None
    assert last_of(merged.files, "AREA", "sca.other") is not None
