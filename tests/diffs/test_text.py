"""The text of two releases compared: moves told from edits, layout from law, statutes from the house's own."""

from __future__ import annotations

from datetime import date

import pytest

from engine.diffs import Act, Change, Kind, compare, domains_touched, touches_statute
from engine.packs.packset import PackSet
from tests.diffs.releases import Edits, base, edited, files, release

AREA = "AREA/sca.yaml"


def changes(*edits: tuple[str, str, str]) -> tuple[Change, ...]:
    """The changes of the text that some edits of the small release make."""
    return compare(base("small"), edited("small", edits), meaning=False).changes


def rule_text(name: str) -> str:
    """A rule of the area as it stands in its file."""
    text = files("small")[AREA]
    start = text.index(f"  - id: {name}\n")
    end = text.find("  - id: ", start + 1)
    return text[start : end if end > 0 else len(text)]


def with_files(**texts: str | None) -> PackSet:
    """The small release with other files; None: without it."""
    found = {
        **files("small"),
        **{path.replace("__", "/").replace("_yaml", ".yaml"): text for path, text in texts.items()},
    }
    return release({path: text for path, text in found.items() if text is not None})


def test_the_same_release_has_no_changes() -> None:
    found = compare(base("small"), base("small"))
    assert (found.changes, found.meanings, found.reformatted, found.text_only) == ((), (), (), True)


def test_a_comment_is_layout() -> None:
    found = compare(base("small"), edited("small", ((AREA, "rules:\n", "# the rules\nrules:\n"),)))
    assert (found.changes, found.reformatted) == ((), (AREA,))


def test_brackets_are_layout_of_a_condition() -> None:
    (change,) = changes((AREA, "    when: electronic and payment.trusted_beneficiary\n",
                         "    when: (electronic) and (payment.trusted_beneficiary)\n"))  # fmt: skip
    assert (change.fields, change.bears, change.statute) == (("text",), False, False)


def test_a_value_from_a_day_on_names_what_it_replaces() -> None:
    (change,) = changes((AREA, '      - {from: "2024-01-01", value: "50.00"}\n',
                         '      - {from: "2024-01-01", value: "50.00"}\n      - {from: "2026-12-01", value: "60.00"}\n',
                         ))  # fmt: skip
    assert change.path == "parameters.small_max.values[from=2026-12-01]"
    assert (change.kind, change.act, change.effective, change.unit) == (Kind.VALUE, Act.ADDED, date(2026, 12, 1), "EUR")
    assert (change.before["value"], change.after["value"]) == ("50.00", "60.00")
    assert change.cite == {"source": "act", "at": "section 4", "title": "Payment Act", "url": None}
    assert (change.basis, change.statute, change.touches) == ("statute", True, {"sca"})


def test_a_value_taken_back_names_what_holds_then() -> None:
    (change,) = changes((AREA, '      - {from: "2024-01-01", value: "50.00"}\n', ""))
    assert (change.act, change.before["value"], change.after["value"]) == (Act.REMOVED, "50.00", "30.00")


def test_another_first_day_of_a_value_is_one_change() -> None:
    (change,) = changes((AREA, 'from: "2024-01-01", value: "50.00"', 'from: "2024-02-01", value: "50.00"'))
    assert (change.act, change.fields, change.effective) == (Act.CHANGED, ("from",), date(2024, 1, 1))


def test_law_without_a_day_bears_on_nothing_yet_and_is_a_statute_s_all_the_same() -> None:
    (change,) = changes((AREA, "awaiting: the Council", "awaiting: the Parliament"),
                        (AREA, 'deadline: "2027-01-01"', 'deadline: "2028-01-01"'))  # fmt: skip
    assert (change.bears, change.effective) == (False, None)
    (gone,) = changes((AREA, '      - {pending: {awaiting: the Council, deadline: "2027-01-01"}}\n', ""))
    assert (gone.act, gone.bears, gone.statute) == (Act.REMOVED, False, True)


def test_a_rule_that_ends_has_its_last_day() -> None:
    dates = '    applies: {by: payment_date, from: "2019-01-01"}\n    when: payment.risk.level'
    (change,) = changes((AREA, dates, dates.replace('01-01"}', '01-01", to: "2027-01-01"}')))
    assert (change.act, change.effective, change.name) == (Act.ENDED, date(2027, 1, 1), "sca.risk")
    assert (change.basis, change.statute) == ("guidance", False)


def test_a_rule_in_another_file_is_moved_and_nothing_else() -> None:
    rule = rule_text("sca.risk")
    rest = files("small")[AREA].replace(rule, "")
    found = compare(
        base("small"),
        with_files(AREA__sca_yaml=None, AREA__sca__main_yaml=rest, AREA__sca__risk_yaml=f"domain: sca\nrules:\n{rule}"),
    )
    assert {change.act for change in found.changes} == {Act.MOVED}
    (moved,) = (change for change in found.changes if change.name == "sca.risk")
    assert (moved.was_file, moved.file, moved.bears, moved.statute) == (AREA, "AREA/sca/risk.yaml", False, False)
    assert found.text_only
    assert not found.meanings


def test_a_rule_moved_and_edited_is_both() -> None:
    rule = rule_text("sca.risk")
    rest = files("small")[AREA].replace(rule, "")
    other = rule.replace("title: Monitoring has found a high risk", "title: Another title")
    found = compare(
        base("small"),
        with_files(
            AREA__sca_yaml=None, AREA__sca__main_yaml=rest, AREA__sca__risk_yaml=f"domain: sca\nrules:\n{other}"
        ),
    )
    assert [change.act for change in found.changes if change.name == "sca.risk"] == [Act.MOVED, Act.CHANGED]


def test_a_rule_in_another_order_is_moved_alone() -> None:
    duty = rule_text("sca.duty")
    found = compare(base("small"), with_files(AREA__sca_yaml=files("small")[AREA].replace(duty, "") + duty))
    assert [(change.name, change.act, change.bears) for change in found.changes] == [("sca.duty", Act.MOVED, False)]
    assert not found.meanings


def test_a_rule_in_another_pack_is_moved_and_bears() -> None:
    rule = rule_text("sca.risk").replace("    cite: {source: guide, at: point 7}\n", "")
    was = with_files(
        AREA__sca_yaml=files("small")[AREA].replace(rule_text("sca.risk"), rule).replace("    unless: [sca.risk]\n", "")
    )
    texts = {**was.files, AREA: was.files[AREA].replace(rule, "")}
    texts["FR/sca.yaml"] = files("small")["FR/sca.yaml"] + rule
    found = compare(was, release(texts))
    (moved,) = (change for change in found.changes if change.name == "sca.risk")
    assert (moved.act, moved.was_file, moved.file, moved.bears) == (Act.MOVED, AREA, "FR/sca.yaml", True)


@pytest.mark.parametrize(
    ("edits", "statute"),
    [
        (((AREA, "cite: {source: act, at: section 8}", "cite: {source: act, at: section 9}"),), True),
        (((AREA, "title: Little fraud", "title: Hardly any fraud"),), False),
        (((AREA, "value: [small, trusted, low_risk]", "value: [trusted, small, low_risk]"),), False),
        ((("AREA/pack.yaml", "title: Payment Act,", "title: Another Act,"),), True),
        ((("AREA/pack.yaml", "time_zone: Europe/Brussels", "time_zone: Europe/Paris"),), True),
        ((("AREA/pack.yaml", "on_unknown: {sca: challenge}", "on_unknown: {sca: review}"),), False),
        ((("AREA/pack.yaml", 'to: "2021-01-01"}', 'to: "2022-01-01"}'),), True),
        ((("FR/tax.yaml", "id: stamps, category: postal, kind: zero", "id: stamps, category: postal, kind: exempt"),
          ("FR/tax.yaml", 'percent: "0", from: unread, basis', "from: unread, basis")), False),
        ((("FR/tax.yaml", "vat_area: false, customs_area: true", "vat_area: false, customs_area: false"),), True),
    ],
)  # fmt: skip
def test_a_second_person_approves_what_a_statute_says(edits: Edits, statute: bool) -> None:
    assert touches_statute(changes(*edits)) is statute


def test_a_membership_touches_every_domain_of_its_group() -> None:
    found = changes(
        (
            "AREA/pack.yaml",
            'place: DE, from: "2000-01-01", time_zone',
            'place: DE, from: "2000-01-01", to: "2026-03-01", time_zone',
        )
    )
    assert [(change.act, change.domain, change.effective) for change in found] == [(Act.ENDED, None, date(2026, 3, 1))]
    assert domains_touched(found) == {"sca"}


def test_a_pack_that_is_gone() -> None:
    texts = {path: text for path, text in files("small").items() if not path.startswith("FR/")}
    found = compare(base("small"), release(texts))
    assert (found.changes[0].kind, found.changes[0].act, found.changes[0].name) == (Kind.PACK, Act.REMOVED, "FR")
    assert {change.pack for change in found.changes} == {"FR"}
    again = compare(release(texts), base("small"))
    assert {change.act for change in again.changes} == {Act.ADDED}


def test_a_sentence_and_a_cloud_region() -> None:
    shipped = files("shipped")
    (row,) = (line for line in shipped["regions/aws.csv"].splitlines() if ",eu-central-1," in line)
    found = compare(base("shipped"), release({
        **shipped,
        "regions/aws.csv": shipped["regions/aws.csv"].replace(row, row.replace(",DE,DE-HE,", ",AT,,")),
        "messages/de.po": shipped["messages/de.po"].replace('msgstr "Ihre Zahlung', 'msgstr "Eure Zahlung', 1),
    }))  # fmt: skip
    region = next(change for change in found.changes if change.kind is Kind.REGION)
    assert (region.name, region.before["country"], region.after["country"], region.bears) == (
        "aws:eu-central-1",
        "DE",
        "AT",
        True,
    )
    assert [change.bears for change in found.changes if change.kind is Kind.MESSAGE] == [False]
    assert found.domains == {"residency"}


def test_only_some_packs_and_some_domains() -> None:
    edits = ((AREA, "value: 5}", "value: 6}"), ("FR/tax.yaml", 'percent: "5.5"', 'percent: "7"'))
    now = edited("small", edits)
    assert {change.pack for change in compare(base("small"), now, jurisdictions=["FR"]).changes} == {"FR"}
    found = compare(base("small"), now, domains=["sca"])
    assert ({change.domain for change in found.changes}, {one.domain for one in found.meanings}) == ({"sca"}, {"sca"})
