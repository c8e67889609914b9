"""Rules that a release holds back: how they are written, what is refused, and what they are a part of."""

from datetime import datetime

import pytest

from engine.packs.demotions import PATH, demote, last_of, may_stop, restored, rules_of
from engine.packs.lint import lint_files
from engine.packs.packset import PackSet
from engine.packs.problems import PackError
from engine.packs.release import digest_of
from tests.held_back import SINCE, demotion, holding_back, stopping
from tests.packs.fixture import good


@pytest.fixture(scope="module", name="law")
def _law() -> PackSet:
    return PackSet.of(good(), "1")


@pytest.fixture(name="rule")
def _rule(law: PackSet) -> str:
    return stopping(law, "sca")[0]


def faults(law: PackSet, text: str) -> list[str]:
    """What is said of a list of demotions."""
    return [str(one) for one in lint_files({**law.files, PATH: text}) if one.spot.file == PATH]


def entry(law: PackSet, name: str) -> str:
    return demote(law.files, demotion(name))[PATH]


def test_what_is_written_is_what_is_read(law: PackSet, rule: str) -> None:
    (found,) = holding_back(law, rule).demotions
    assert found == demotion(rule)
    assert found.since == SINCE


def test_the_release_carries_it(law: PackSet, rule: str) -> None:
    held = holding_back(law, rule)
    assert held.release.digest != law.release.digest
    again = PackSet.from_canonical(held.release.canonical)
    assert again.demotions == held.demotions
    assert digest_of(again.release.canonical) == held.release.digest


def test_the_packs_stay_as_the_law_is_written(law: PackSet, rule: str) -> None:
    held = holding_back(law, rule)
    assert held.packs == law.packs
    assert held.digests == law.digests


def test_an_officer_may_write_one_without_numbers(law: PackSet, rule: str) -> None:
    made = PackSet.of(demote(law.files, demotion(rule, numbers=None)), near=law)
    assert made.demotions[0].numbers is None


def test_one_more_leaves_those_before_as_they_are(law: PackSet, rule: str) -> None:
    other = stopping(law, "sca")[1]
    first = demote(law.files, demotion(rule))
    second = demote(first, demotion(other))
    assert second[PATH].startswith(first[PATH])
    assert {one.id for one in PackSet.of(second, near=law).demotions} == {rule, other}


def test_without_its_last_entry_it_is_what_it_was_made_of(law: PackSet, rule: str) -> None:
    other = stopping(law, "sca")[1]
    first = demote(law.files, demotion(rule))
    assert law.files in restored(first, demotion(rule))
    assert first in restored(demote(first, demotion(other)), demotion(other))


def test_it_is_not_restored_from_another_entry(law: PackSet, rule: str) -> None:
    first = demote(law.files, demotion(rule))
    assert restored(first, demotion(rule, numbers=None)) == ()


def test_the_entry_of_a_rule_is_found(law: PackSet, rule: str) -> None:
    files = demote(law.files, demotion(rule))
    pack, _, name = rule.partition("/")
    assert last_of(files, pack, name) == demotion(rule)
    assert last_of(files, pack, "sca.other") is None
    assert last_of(law.files, pack, name) is None


def test_a_rule_that_does_not_exist_is_refused(law: PackSet, rule: str) -> None:
    pack = rule.partition("/")[0]
    (said,) = faults(law, entry(law, f"{pack}/sca.nobody"))
    assert f"[demoted-unknown] The pack {pack} has no rule sca.nobody" in said


def test_a_pack_that_does_not_exist_is_refused(law: PackSet) -> None:
    (said,) = faults(law, entry(law, "QQ/sca.small"))
    assert "[demoted-unknown] There is no pack QQ in this release" in said


def test_a_rule_that_stops_nothing_is_refused(law: PackSet) -> None:
    harmless = next(
        f"{code}/{name}"
        for code, pack in law.packs.items()
        for name, (domain, rule) in rules_of(pack)
        if not may_stop(domain, rule)
    )
    (said,) = faults(law, entry(law, harmless))
    assert "[demoted-harmless]" in said
    with pytest.raises(PackError):
        holding_back(law, harmless)


def test_an_empty_list_is_refused(law: PackSet) -> None:
    (said,) = faults(law, "demoted: []\n")
    assert "[demoted-empty]" in said


def test_one_rule_stands_once(law: PackSet, rule: str) -> None:
    text = demote(demote(law.files, demotion(rule)), demotion(rule))[PATH]
    (said,) = faults(law, text)
    assert "[duplicate-id]" in said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("+00:00", "", "is no instant"),
        ("stopped: 120", "stopped: many", "`stopped` is a whole number"),
        ("    asked: 150\n", "", "has no `asked`"),
        ("    why: ", "    how: ", "has no `why`"),
        ("/", ".", "`id` names a pack and a rule"),
        ("window: PT5M", "window: PT5M\n    by: me", "has no key `by`"),
        ("demoted:", "demotions:", "has no key `demotions`"),
    ],
)
def test_what_is_not_understood_is_refused(law: PackSet, rule: str, old: str, new: str, said: str) -> None:
    text = entry(law, rule)
    assert any(said in one for one in faults(law, text.replace(old, new, 1)))


def test_a_list_that_is_none_is_refused(law: PackSet) -> None:
    assert faults(law, "nothing at all\n")


def test_the_good_packs_have_no_fault_with_it(law: PackSet, rule: str) -> None:
    assert lint_files(demote(law.files, demotion(rule))) == []


def test_since_is_an_instant_with_an_offset(law: PackSet, rule: str) -> None:
    (found,) = holding_back(law, rule).demotions
    assert isinstance(found.since, datetime)
    assert found.since.tzinfo is not None


def test_the_silent_law_names_conditions_only(law: PackSet, rule: str) -> None:
    held = holding_back(law, rule)
    pack, _, name = rule.partition("/")
    _, silent = dict(rules_of(held.silenced.packs[pack]))[name]
    _, written = dict(rules_of(held.packs[pack]))[name]
    assert (silent.effect.kind, written.effect.kind) == ("flag", "require")
    assert silent.when == written.when
