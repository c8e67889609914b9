"""Real published lists, old on purpose: every one parses, with exactly the entries that its publisher put in."""

from __future__ import annotations

import gzip
import os
from collections import Counter
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import BinaryIO, cast

import pytest

from engine.screening.lists.formats import FORMATS, HEAD, WHOLE, told_by
from engine.screening.lists.limits import USUAL
from engine.screening.lists.ofac_csv import PARTS
from engine.screening.lists.reading import Delta, Reading, check_step, delta, pack, read, unpack
from engine.screening.lists.registry import policy
from engine.screening.lists.tables import lines, rows
from engine.screening.model import Edition, EntityKind, NameKind
from tests.house.source import ROOT

FOLDER = Path(os.environ.get("LEXGATE_FIXTURES", ROOT.parent / "shared" / "fixtures")) / "sanctions"
pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"no real lists at {FOLDER}: set LEXGATE_FIXTURES to the folder above sanctions/"
)

SDN, NONSDN = "ofac_sdn_2024-05-07.xml.gz", "ofac_consolidated_nonsdn_2024-05-06.xml.gz"
UN_OLD, UN_NEW = "un_consolidated_2024-05-15.xml.gz", "un_consolidated_2026-02-27.xml.gz"
EU, EU_CSV = "eu_fsf_full_1_1_2024-05-13.xml.gz", "eu_fsf_csv_excerpt_2018-07-04.csv.gz"
OFSI, CSL = "uk_hmt_conlist_2016-03-23.csv.gz", "us_csl_2025-02.csv.gz"
UK = "uk_sanctions_list_excerpt_2026-09-02.xml"
SDN_FLAT = ("ofac_sdn_legacy_csv_2021-07", ("sdn", "add", "alt", "sdn_comments"))
NONSDN_FLAT = ("ofac_nonsdn_legacy_csv_2025-12", ("cons_prim", "cons_add", "cons_alt", "cons_comments"))


def stream(name: str) -> BinaryIO:
    path = FOLDER / name
    return cast("BinaryIO", gzip.open(path) if path.suffix == ".gz" else path.open("rb"))


@cache
def real(name: str, code: str) -> Reading:
    with stream(name) as head:
        format_ = told_by(head.read(HEAD), policy(code).formats)
    with stream(name) as whole:
        return read({WHOLE: whole}, code, format_)


@cache
def real_flat(folder: str, names: tuple[str, ...], code: str) -> Reading:
    streams = {part: stream(f"{folder}/{name}.csv.gz") for part, name in zip(PARTS, names, strict=True)}
    return read(streams, code, FORMATS["ofac-csv"])


def aliases(found: Reading) -> int:
    return sum(len(entry.names) - 1 for entry in found.entries)


def weak(found: Reading) -> int:
    return sum(name.weak for entry in found.entries for name in entry.names)


def identifiers(found: Reading, kind: str) -> list[str | None]:
    return [one.detail for entry in found.entries for one in entry.identifiers if one.kind == kind]


def test_ofac_sdn_holds_what_the_treasury_counted() -> None:
    found = real(SDN, "OFAC-SDN")
    assert dict(found.counts) == {"organisation": 6884, "person": 6855, "vessel": 851, "aircraft": 376}
    assert (len(found.entries), aliases(found), weak(found)) == (14_966, 21_754, 3_694)
    assert len({programme for entry in found.entries for programme in entry.programmes}) == 75
    assert found.published == datetime(2024, 5, 7, tzinfo=UTC)


def test_ofac_sdn_holds_every_address_of_a_digital_currency() -> None:
    currencies = identifiers(real(SDN, "OFAC-SDN"), "crypto")
    assert (len(currencies), len(set(currencies))) == (603, 17)
    assert Counter(currencies)["XBT"] == 390


def test_ofac_sdn_has_no_birth_date_and_no_country_that_is_dropped() -> None:
    """What is not understood stands in the remarks: of 7,500 dates nothing does, of 18,000 countries seven do."""
    remarks = [said for entry in real(SDN, "OFAC-SDN").entries for said in (entry.remarks or "").split("; ")]
    assert [said for said in remarks if said.startswith("Born: ")] == []
    assert Counter(said for said in remarks if said.startswith("Vessel flag: ")) == {"Vessel flag: None Identified": 1}


def test_ofac_non_sdn_holds_what_the_treasury_counted_and_freezes_nothing() -> None:
    found = real(NONSDN, "OFAC-NONSDN")
    assert (len(found.entries), dict(found.counts)) == (443, {"organisation": 364, "person": 79})
    assert {measure for entry in found.entries for measure in entry.measures} & {"asset_freeze"} == set()


def test_the_excerpt_of_the_sdn_list_reads_the_same_as_its_entries_in_the_whole() -> None:
    whole = {entry.key: entry for entry in real(SDN, "OFAC-SDN").entries}
    found = real("ofac_sdn_excerpt.xml", "OFAC-SDN").entries
    assert len(found) == 10
    assert [whole[entry.key] for entry in found] == list(found)


@pytest.mark.parametrize(
    ("files", "code", "counts"),
    [
        (SDN_FLAT, "OFAC-SDN", (8_976, 13_837, 11_910, 5)),
        (NONSDN_FLAT, "OFAC-NONSDN", (442, 574, 1_073, 10)),
    ],
)
def test_the_flat_files_hold_the_rows_that_they_are_known_to_hold(
    files: tuple[str, tuple[str, ...]], code: str, counts: tuple[int, ...]
) -> None:
    folder, names = files
    for name, wanted in zip(names, counts, strict=True):
        with stream(f"{folder}/{name}.csv.gz") as source:
            assert sum(1 for _ in rows(lines(source, USUAL))) == wanted, name
    found = real_flat(folder, names, code)
    assert len(found.entries) == counts[0]
    assert aliases(found) - weak(found) == counts[2], "weak ones stand in the remarks, not in the table of aliases"


def test_the_flat_files_tell_the_kinds_and_the_end_of_long_remarks() -> None:
    found = real_flat(*SDN_FLAT, "OFAC-SDN")
    assert dict(found.counts) == {"aircraft": 277, "organisation": 3673, "person": 4620, "vessel": 406}
    (long,) = (entry for entry in found.entries if entry.key == "30518")
    wallets = {one.value for one in long.identifiers if one.kind == "crypto"}
    assert "0x1da5821544e25c636c1417ba96ade4cf6d2f9b5a" in wallets, "it stands in the comments alone"
    assert any(one.startswith("1Gq") and one.endswith("tjjuxr") for one in wallets), (
        "it begins in one table and ends in the other"
    )


def test_the_un_list_holds_what_the_council_listed() -> None:
    old, new = real(UN_OLD, "UN-SC"), real(UN_NEW, "UN-SC")
    assert (len(old.entries), dict(old.counts)) == (875, {"person": 682, "organisation": 193})
    assert (len(new.entries), dict(new.counts)) == (1_003, {"person": 730, "organisation": 273})
    assert (weak(old), weak(new)) == (619, 615)


def test_the_un_list_of_2026_differs_from_that_of_2024_by_137_names_added_and_9_removed() -> None:
    found = delta(real(UN_OLD, "UN-SC").versions, real(UN_NEW, "UN-SC").versions)
    assert (len(found.added), len(found.removed)) == (137, 9)
    assert found.changed
    assert delta(real(UN_NEW, "UN-SC").versions, real(UN_NEW, "UN-SC").versions) == Delta((), (), ())


def test_the_un_list_of_2026_may_follow_that_of_2024_unseen() -> None:
    old, new = real(UN_OLD, "UN-SC"), real(UN_NEW, "UN-SC")
    edition = Edition("UN-SC", "0", old.published, datetime(2026, 1, 1, tzinfo=UTC), "file", len(old.entries))
    check_step(edition, 9, new, policy("UN-SC"))


def test_the_excerpt_of_the_un_list_has_twelve_entries() -> None:
    found = real("un_consolidated_excerpt.xml", "UN-SC")
    assert dict(found.counts) == {"person": 6, "organisation": 6}


def test_the_eu_list_holds_what_the_commission_published() -> None:
    found = real(EU, "EU-FSF")
    assert (len(found.entries), dict(found.counts)) == (4_811, {"person": 3_755, "organisation": 1_056})
    names = [name for entry in found.entries for name in entry.names]
    assert (len(names), sum(name.weak for name in names)) == (25_257, 0)
    assert found.published == datetime(2024, 5, 13, 15, 44, 28, 283_000, tzinfo=UTC)


def test_the_eu_list_names_thousands_in_another_script_than_the_latin() -> None:
    names = [name for entry in real(EU, "EU-FSF").entries for name in entry.names]
    assert sum(name.kind is NameKind.ORIGINAL for name in names) > 3_500


def test_three_whom_the_eu_lists_under_two_regulations_are_there_twice() -> None:
    keys = [entry.key for entry in real(EU, "EU-FSF").entries if "/" in entry.key]
    assert len(keys) == 3
    assert len({entry.reference for entry in real(EU, "EU-FSF").entries}) == 4_808


def test_the_excerpt_of_the_eu_list_has_seven_entries() -> None:
    assert len(real("eu_fsf_full_1_1_excerpt.xml", "EU-FSF").entries) == 7


def test_the_old_eu_table_is_read_through_its_quotes() -> None:
    with stream(EU_CSV) as source:
        assert sum(1 for _ in source) == 1_000, "999 rows below the names of columns"
    found = real(EU_CSV, "EU-FSF")
    assert (len(found.entries), dict(found.counts)) == (93, {"person": 61, "organisation": 32})
    (first,) = (entry for entry in found.entries if entry.key == "1")
    assert (first.reference, first.names[0].text, first.genders) == ("EU.36.64", "Robert Gabriel Mugabe", ("male",))


def test_the_old_british_table_gathers_the_rows_of_a_target() -> None:
    with stream(OFSI) as source:
        assert sum(1 for _ in rows(lines(source, USUAL, western=True))) == 8_746 + 2
    found = real(OFSI, "UK-OFSI")
    assert (len(found.entries), dict(found.counts)) == (1_924, {"person": 1_269, "organisation": 655})
    assert all(entry.names[0].kind is NameKind.PRIMARY for entry in found.entries)
    assert [name for entry in found.entries for name in entry.names if "\ufffd" in name.text] == []


def test_the_present_british_list_says_what_follows() -> None:
    firm, man = real(UK, "UK-SL").entries
    assert (firm.measures, man.measures) == (("asset_freeze",), ("asset_freeze", "travel_ban"))
    assert [(born.earliest.year, born.latest.year) for born in man.births] == [(1945, 1945), (1946, 1946)]


def test_the_american_consolidated_list_tells_its_lists_apart() -> None:
    found = real(CSL, "US-CSL")
    assert len(found.entries) == 14_160
    assert Counter(entry.programmes[0] for entry in found.entries) == {
        "SDN": 10_026, "EL": 2_001, "DTC": 727, "DPL": 462, "SSI": 290, "UVL": 201, "ISN": 163, "PLC": 78, "MEU": 71,
        "CMIC": 68, "CAP": 53, "NS-MBS": 17, "FSE": 3,
    }  # fmt: skip
    assert Counter(entry.measures[0] for entry in found.entries)["export_control"] == 3_625
    assert dict(found.counts)["unknown"] == 3_625, "the lists of two departments do not say who is a person"


@pytest.mark.parametrize(
    ("name", "code"), [(SDN, "OFAC-SDN"), (UN_NEW, "UN-SC"), (EU, "EU-FSF"), (OFSI, "UK-OFSI"), (CSL, "US-CSL")]
)
def test_what_was_read_is_kept_without_loss_and_every_entry_can_be_found(name: str, code: str) -> None:
    found = real(name, code)
    assert unpack(pack(found.entries)) == found.entries
    assert [entry.key for entry in found.entries] == sorted(found.versions)
    assert all(entry.list == code and entry.names and entry.measures and entry.programmes for entry in found.entries)
    assert {entry.kind for entry in found.entries} <= set(EntityKind)
