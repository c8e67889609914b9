"""What the packs cover, as a table, as data and as a map: counted right, honest about gaps, readable without colour."""

from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import orjson
import pytest
from typer.testing import CliRunner

from api.cli import app
from api.coverage import Cell, as_data, country_names, coverage, summary
from api.world_map import drawn, world
from engine.packs import PackSet
from engine.packs.model import DOMAINS, Confidence
from engine.packs.packset import read_packs
from engine.packs.release import seal
from engine.places import COUNTRIES
from tests.property.shipped import packs

DAY = date(2026, 11, 22)
SVG = "{http://www.w3.org/2000/svg}"

HEAD = """schema: rulepack/v1
jurisdiction: {code}
name: {code}
version: "2026.11.0"
verified: {{on: "2026-11-22", by: test}}
"""
TAX = """domain: tax
parameters:
  has_consumption_tax: {type: bool, basis: guidance, confidence: A, values: [{from: unread, value: true}]}
  old_threshold: {type: money, unit: EUR, basis: guidance, confidence: B, values: [{from: "2030-01-01", value: "1"}]}
  threshold: {type: money, unit: EUR, basis: guidance, confidence: B, values: [{from: unread, unread: true}]}
rates:
  - {id: standard, category: standard, kind: standard, percent: "20", from: unread, basis: guidance, confidence: B}
  - {id: food, category: food, kind: reduced, percent: "5", from: unread, to: "2020-01-01", basis: guidance, confidence: A}
  - {id: books, category: books, kind: reduced, percent: "5", from: unread, basis: guidance, confidence: R}
"""
PART = """domain: tax
rates:
  - {id: standard, category: standard, kind: standard, percent: "7", from: unread, basis: guidance, confidence: C}
"""


def small() -> PackSet:
    """A country with a part, and the world."""
    files = {f"{code}/pack.yaml": HEAD.format(code=code) for code in ("WORLD", "FR", "FR-20R")}
    files |= {"FR/tax.yaml": TAX, "FR-20R/tax.yaml": PART}
    found, notes = read_packs(files)
    assert [str(problem) for problem in notes.problems] == []
    return PackSet(found, files, seal(files, "1"))


# -- counted -----------------------------------------------------------------------------------------------------------------


def test_what_is_in_force_is_counted_with_the_parts() -> None:
    cell = coverage(small(), DAY)["FR"]["tax"]
    grades = {grade.value: count for grade, count in cell.grades.items()}
    assert grades == {"A": 1, "B": 1, "R": 1, "C": 1}, "neither what has ended nor what is to come"
    assert (cell.unread, cell.parts, cell.packs) == (1, 1, ["FR", "FR-20R"])
    assert (cell.typical, cell.weakest) == (Confidence.C, Confidence.R)
    assert cell.level == "little"


def test_a_country_without_a_pack_is_there_and_says_nothing() -> None:
    cell = coverage(small(), DAY)["DE"]["tax"]
    assert (cell.entries, cell.level, cell.typical, cell.weakest) == (0, "none", None, None)


@pytest.mark.parametrize(
    ("grades", "typical", "weakest"),
    [("A", "A", "A"), ("AB", "B", "B"), ("AAB", "A", "B"), ("AAAR", "A", "R"), ("ABRR", "R", "R")],
)
def test_the_middle_entry_is_typical_and_of_two_the_weaker(grades: str, typical: str, weakest: str) -> None:
    cell = Cell()
    cell.grades.update(Confidence(grade) for grade in grades)
    assert (cell.typical, cell.weakest) == (Confidence(typical), Confidence(weakest))


def test_every_country_and_every_domain_of_the_shipped_law_is_told_of_or_named_as_missing() -> None:
    table = coverage(packs(), DAY)
    assert table.keys() == COUNTRIES
    tax = summary(table, "tax")
    assert tax["law"] + tax["little"] + tax["none"] == len(COUNTRIES)
    assert set(tax["missing"]) == {"AQ", "BV", "CC", "CX", "EH", "GS", "HM", "IO", "NF", "PN", "SJ", "TF", "UM"}
    assert sum(tax["typical"].values()) == tax["law"] + tax["little"]
    assert table["US"]["tax"].parts >= 51
    assert table["DE"]["sca"].packs == ["EEA", "EU"]
    assert table["GI"]["tax"].packs == ["GI"], "a group for payments says nothing of taxes"


def test_as_data_it_is_the_same_and_plain() -> None:
    table = coverage(small(), DAY)
    found = orjson.loads(orjson.dumps(as_data(table, country_names(), DAY)))
    france = next(one for one in found["countries"] if one["country"] == "FR")
    assert france["name"] == "France"
    assert france["domains"]["tax"] == {
        "level": "little", "entries": 4, "unread": 1, "confidence": {"A": 1, "B": 1, "C": 1, "R": 1},
        "typical": "C", "weakest": "R", "surest": "A", "verified": {"first": "2026-11-22", "last": "2026-11-22"},
        "packs": ["FR", "FR-20R"], "subdivisions": 1,
    }  # fmt: skip
    assert found["domains"]["tax"]["none"] == len(COUNTRIES) - 1


# -- drawn -------------------------------------------------------------------------------------------------------------------


def test_the_map_is_xml_with_a_title_and_a_description() -> None:
    root = ElementTree.fromstring(drawn(coverage(packs(), DAY), country_names(), DAY.isoformat()))
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-labelledby"] == "title desc"
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert "2026-11-22" in str(title.text)
    assert "Consumption tax" in str(desc.text)
    assert "nothing of 13" in str(desc.text)
    assert "entries not read" in str(desc.text)


def test_every_country_is_drawn_with_a_sentence_of_its_own() -> None:
    root = ElementTree.fromstring(drawn(coverage(small(), DAY), country_names(), DAY.isoformat()))
    said = [str(one.text) for one in root.iter(f"{SVG}title")][1:]
    assert len(said) == len(COUNTRIES), "one map: only tax is told of"
    assert "France: 4 entries, typically C, weakest R, 1 not read, 1 subdivisions" in said
    assert "Germany: nothing" in said


def test_confidence_is_told_by_pattern_too() -> None:
    text = drawn(coverage(packs(), DAY), country_names(), DAY.isoformat())
    root = ElementTree.fromstring(text)
    marks = {one.attrib["id"]: len(list(one)) for one in root.iter(f"{SVG}pattern")}
    assert marks == {"gB": 2, "gC": 2, "gR": 2}, "a mark over the colour; A alone is plain"
    assert "stroke-dasharray" in text, "nothing is told: dashed"
    for fill in ("url(#gB)", "url(#gC)", "url(#gR)", "#08519c"):
        assert f'fill="{fill}"' in text


def test_domains_without_any_law_are_named_and_not_drawn() -> None:
    text = drawn(coverage(small(), DAY), country_names(), DAY.isoformat())
    assert text.count("font-weight") == 1
    assert "Nothing yet, anywhere: Payer authentication" in text


def test_the_outlines_are_small_and_name_their_source() -> None:
    shapes = world()
    path = Path(__file__).parents[2] / "data" / "maps" / "world.json"
    assert path.stat().st_size <= 120_000
    assert "Natural Earth" in shapes["source"]
    assert "public domain" in shapes["source"]
    assert shapes["paths"].keys() | shapes["points"].keys() >= COUNTRIES
    width, height = shapes["size"]
    assert all(-40 <= x <= width + 40 and 0 <= y <= height for x, y in shapes["points"].values())


# -- on the command line -------------------------------------------------------------------------------------------------------


def test_the_command_prints_a_table_and_what_is_missing(tmp_path: Path) -> None:
    target = tmp_path / "world.svg"
    run = CliRunner().invoke(app, ["packs", "coverage", "--svg", str(target)], env={"COLUMNS": "200"})
    assert run.exit_code == 0, run.output
    assert "Germany" in run.output
    for name in DOMAINS:
        assert f"{name}: told of" in run.output
    assert "hardly anything of" in run.output
    assert "nothing of 13" in run.output
    ElementTree.parse(target)


def test_the_command_gives_data(tmp_path: Path) -> None:
    run = CliRunner().invoke(app, ["packs", "coverage", "--json"])
    assert run.exit_code == 0, run.output
    found = orjson.loads(run.stdout)
    assert found["domains"]["tax"]["law"] >= 160
    assert len(found["countries"]) == len(COUNTRIES)
