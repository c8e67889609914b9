"""The directory of sources: what ships is whole, and what cannot be right is refused with its line."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api.bundled import directory_file
from ingest.directory import DirectoryRefused, Form, read_directory
from ingest.feeds.links import Links, WholePage
from ingest.feeds.pages import Listing
from ingest.feeds.records import Records

HEAD = "id,jurisdiction,regulator,topics,url,form,language,watch,noise,confidence,found_in,note"
GOOD = "de-bafin-1,DE,BaFin,licensing;aml,https://law.example/rss,feed,de,yes,,B,a list,"


def test_what_ships_can_be_read_and_says_why_it_leaves_something_alone() -> None:
    sources = read_directory(directory_file().read_text(encoding="utf-8"))
    watched = [one for one in sources if one.watch]
    assert len(sources) == 597
    assert len(watched) >= 190
    assert len({one.jurisdiction for one in watched}) >= 30
    assert all(one.note for one in sources if not one.watch)
    assert {one.form for one in watched} == {Form.FEED, Form.LINKS, Form.PAGE}
    assert {type(one.adapter) for one in watched} == {type(None), Links, WholePage}


def test_a_source_may_have_a_pace_of_its_own() -> None:
    (source,) = read_directory(f"{HEAD},every_hours,silent_days\n{GOOD},12,400\n")
    assert (source.manners.every, source.manners.silent_after) == (timedelta(hours=12), timedelta(days=400))
    (usual,) = read_directory(f"{HEAD}\n{GOOD}\n")
    assert usual.topics == ("licensing", "aml")
    assert usual.manners.every == timedelta(hours=6)


@pytest.mark.parametrize(("was", "now", "why"), [
    ("de-bafin-1", "BaFin", "id 'BaFin': jurisdiction, name and number are wanted"),
    (",DE,", ",XX,", "jurisdiction 'XX' is no country"), (",DE,", ",UK,", "jurisdiction 'UK' is no country"),
    (",BaFin,", ", ,", "regulator: whose it is"), ("licensing;aml", "licensing;tea", "topics tea: not of"),
    (",feed,", ",rss,", "form 'rss'"), (",yes,", ",maybe,", "watch is yes or no"), (",yes,", ",no,", "why it is not watched"),
    ("https://law.example/rss", "law.example/rss", "is no address"), ("https://", "file://", "is no address"),
    (",feed,", ",records,", "items and title must be told"), (",feed,", ",listing,", "items must be told"),
    (",B,", ",Z,", "confidence 'Z'"),
    (",a list,", ",a list", "more or fewer cells"),
    (",a list,", ",a list,,,", "more or fewer cells"),
])  # fmt: skip
def test_what_cannot_be_right_is_refused_with_its_line(was: str, now: str, why: str) -> None:
    with pytest.raises(DirectoryRefused) as refused:
        read_directory(f"{HEAD}\n{GOOD.replace(was, now, 1)}\n")
    assert refused.value.faults[0].startswith("2: ")
    assert why in str(refused.value)


LISTING = GOOD.replace(",feed,", ",listing,")
RECORDS = GOOD.replace(",feed,", ",records,")


def test_a_page_with_a_list_is_read_by_selectors_of_the_directory() -> None:
    (source,) = read_directory(
        f"{HEAD},how\n{LISTING},items=article.news; title=h2 a[href^=x]; date=time; date_order=dmy\n"
    )
    assert source.adapter == Listing("article.news", "h2 a[href^=x]", date="time", date_order="dmy", language="de")


def test_json_is_read_by_names_of_the_directory() -> None:
    (source,) = read_directory(f"{HEAD},how\n{RECORDS},items=data.notices;title=name;link=/n/{{}};link_of=id;\n")
    assert source.adapter == Records("data.notices", "name", link="/n/{}", link_of="id", language="de")


@pytest.mark.parametrize(("line", "how", "why"), [
    (LISTING, "items=p[", "is no CSS selector"), (LISTING, "items=li;date=time;date_order=xyz", "in some order are wanted"),
    (LISTING, "items=li;id=x", "'id=x' is none of date, date_order, items, link, text, title"),
    (LISTING, "items=li;items=p", "items is told twice"), (LISTING, "li", "'li' is none of"),
    (RECORDS, "items=data", "title must be told"), (GOOD, "items=li", "how is told of listing and records only"),
])  # fmt: skip
def test_where_things_are_must_be_told_rightly(line: str, how: str, why: str) -> None:
    with pytest.raises(DirectoryRefused) as refused:
        read_directory(f"{HEAD},how\n{line},{how}\n")
    assert why in str(refused.value)


def test_every_fault_is_told_at_once() -> None:
    twice = GOOD.replace("rss", "atom")
    with pytest.raises(DirectoryRefused) as refused:
        read_directory(f"{HEAD}\n{GOOD}\n{twice}\n{GOOD.replace('bafin-1', 'bafin-2')}\n{GOOD.replace(',B,', ',X,')}\n")
    assert refused.value.faults == (
        "3: de-bafin-1 is there twice", "4: https://law.example/rss is watched as de-bafin-1 already",
        "5: confidence 'X': not of A, B, C, R",
    )  # fmt: skip


@pytest.mark.parametrize("head", ["", "id,url", HEAD + ",more", HEAD.replace("id,jurisdiction", "jurisdiction,id")])
def test_other_columns_are_no_directory(head: str) -> None:
    with pytest.raises(DirectoryRefused, match="the columns are"):
        read_directory(f"{head}\n{GOOD}\n")
