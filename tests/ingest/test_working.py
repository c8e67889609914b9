"""Publications read as they come: kept with all that comes of them, whatever any of them trips the reader over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.changes import ChangeState, Evidence, change_id
from engine.ledger import AlertsWanted, ChangesWanted, Ledger, StoredItem
from ingest.directory import DirectoryRefused, Form, Source, read_directory
from ingest.fetch import Manners
from ingest.own_feeds import add, own_sources, together
from ingest.read.model import (
    ChangeType,
    Dated,
    DateRole,
    Instrument,
    Named,
    Pair,
    Quantity,
    Reading,
    Scored,
    Span,
    Status,
    Topic,
    Unit,
)
from ingest.stages import Tally
from ingest.understood import Linked, Understood, sentence, spans, understood
from ingest.working import TRIES, Worker
from tests.empty import empty_ledger
from tests.ledger.reading import occasion, publish

NOW = datetime(2027, 2, 1, 12, tzinfo=UTC)
TEXT = (
    "Take-away meals\nThe Council of Ministers has decided. The rate of VAT rises from 6 % to 12 % under Royal Decree no. 20."
    " It applies from 1 March 2027. Art. 3 is repealed."
)


def span(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start, start + len(words))


def reading(**more: Any) -> Reading:
    """What a reader would make of the text."""
    pair = Pair(
        span("6 % to 12 %"), Quantity(span("6 %"), Decimal("6"), Unit.PERCENT),
        Quantity(span("12 %"), Decimal("12.0"), Unit.PERCENT), "The rate of VAT",
    )  # fmt: skip
    base: dict[str, Any] = {
        "text": TEXT, "language": "en", "status": Status.IN_FORCE_SCHEDULED, "status_span": span("has decided"),
        "relevance": 0.97, "relevant": True, "topics": (Scored(Topic.TAX, 0.9),), "change": ChangeType.RATE,
        "change_score": 0.9, "places": (Named(Span(0, 0), "BE"),), "pairs": (pair,),
        "instruments": (Instrument(span("Royal Decree no. 20"), "Royal Decree no. 20", "decree"),),
        "dates": (Dated(span("1 March 2027"), date(2027, 3, 1), DateRole.APPLIES),),
    }  # fmt: skip
    return Reading(**{**base, **more})


def told(found: Reading | None = None, reader: str = "reader-1", **more: Any) -> Understood:
    linked = Linked([{"score": 0.9}], ("BE/tax/restaurant",), [{"old": "6", "new": "12"}], None, "# Meals\n")
    return understood(
        found or reading(), more.pop("linked", linked), jurisdiction="BE", reader=reader, release="r", took={}
    )


class Reader:
    """Understands by the title: what it is told, or trips."""

    def __init__(self, known: Mapping[str, Understood | Exception]) -> None:
        self.known, self.asked = dict(known), 0

    def understand(self, item: StoredItem, _source: Source, /) -> Understood:
        self.asked += 1
        found = self.known.get(str(item.body["text"]), told())
        if isinstance(found, Exception):
            raise found
        return found


def source(name: str, regulator: str = "FPS Finance") -> Source:
    return Source(
        name, "BE", regulator, ("vat/gst",), f"https://law.example/{name}", Form.FEED, "en", watch=True, noise=False,
        confidence="B", found_in="", note="", manners=Manners(),
    )  # fmt: skip


SOURCES = {name: source(name, regulator) for name, regulator in (("be-fin-1", "FPS Finance"), ("be-gov-1", "Moniteur"))}


class Desk:
    """A ledger, a clock, and a worker."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger, self.now = ledger, NOW

    def read(self, **known: Understood | Exception) -> dict[str, int]:
        return self.worker(Reader(known)).once()

    def worker(self, reader: Any, name: str = "ing_1") -> Worker:
        return Worker(
            self.ledger.feeds, self.ledger.readings, self.ledger.changes, SOURCES, reader, lambda: self.now,
            lambda: occasion(self.now), name,
        )  # fmt: skip

    def publish(self, said: str, source: str = "be-fin-1") -> str:
        return change_id(publish(self.ledger, said, source=source, said=said, at=self.now).seq)

    @property
    def alerts(self) -> list[Any]:
        return [one.alert for one in self.ledger.alerts.page(AlertsWanted(), limit=99, after=None).data]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Ledger.open(empty_ledger(tmp_path / "lexgate.db")) as ledger:
        yield Desk(ledger)
        assert ledger.verify().ok


# -- what is understood -------------------------------------------------------------------------------------------------


def test_each_number_comes_with_the_sentence_that_says_it() -> None:
    rise = "The rate of VAT rises from 6 % to 12 % under Royal Decree no. 20."
    assert told().read.evidence == (
        Evidence("6 % -> 12.0 %", rise),
        Evidence("from 2027-03-01", "It applies from 1 March 2027."),
    )


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("Council", "The Council of Ministers has decided."),
        ("no. 20", "The rate of VAT rises from 6 % to 12 % under Royal Decree no. 20."),
        ("Art. 3", "Art. 3 is repealed."),
        ("Take-away", "Take-away meals"),
    ],
)
def test_a_sentence_ends_where_it_ends_and_not_at_an_abbreviation(words: str, wanted: str) -> None:
    assert sentence(TEXT, "en", span(words)) == wanted


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        (
            "de",
            "Der Satz steigt am 1. März 2027 auf 12 %. Mehr dazu hier.",
            "Der Satz steigt am 1. März 2027 auf 12 %.",
        ),
        ("en", "From 1. The rest.", "From 1."),
    ],
)
def test_the_number_of_a_day_ends_no_sentence(language: str, text: str, wanted: str) -> None:
    assert sentence(text, language, Span(0, 3)) == wanted


def test_a_sentence_of_a_script_without_spaces_ends_at_its_own_stop() -> None:
    text = "税率调整。自2027年3月1日起税率为12%。特此公告。"
    start = text.index("12%")
    assert sentence(text, "zh", Span(start, start + 3)) == "自2027年3月1日起税率为12%。"


def test_a_very_long_sentence_is_cut_around_what_it_is_evidence_of() -> None:
    text = f"{'word ' * 300}12 % {'more ' * 300}"
    start = text.index("12 %")
    found = sentence(text, "en", Span(start, start + 4))
    assert ("12 %" in found, found.startswith("... "), found.endswith(" ..."), len(found) < 420) == (True,) * 4


def test_every_piece_of_evidence_can_be_shown_in_the_text() -> None:
    found = {one["what"]: TEXT[one["start"] : one["end"]] for one in spans(reading())}
    assert found == {
        "status": "has decided", "pair": "6 % to 12 %", "instrument": "Royal Decree no. 20", "date.applies": "1 March 2027",
    }  # fmt: skip


def test_the_place_is_that_of_the_text_and_else_of_the_source() -> None:
    assert told(reading(places=(Named(Span(0, 0), "LU"),))).read.jurisdiction == "LU"
    assert told(reading(places=())).read.jurisdiction == "BE"


def test_what_cannot_be_drafted_says_so() -> None:
    assert told().read.draftable
    assert not told(linked=Linked(proposals=[{}], reasons=("No day is told.",))).read.draftable
    assert not told(linked=Linked()).read.draftable


# -- working ------------------------------------------------------------------------------------------------------------


def test_what_waits_is_read_once(desk: Desk) -> None:
    change, _speech = desk.publish("rise"), desk.publish("speech")
    speech = told(reading(relevant=False, relevance=0.02, status=Status.IRRELEVANT))
    assert desk.read(speech=speech) == {"change": 1, "irrelevant": 1}
    assert desk.read(speech=speech) == {}
    (found,) = desk.ledger.changes.page(ChangesWanted(), limit=9, after=None).data
    assert (found.id, found.publisher, found.read.domains) == (change, "FPS Finance", ("tax",))
    (alert,) = desk.alerts
    assert (alert.rule, "The rate of VAT rises from 6 % to 12 %" in alert.summary) == ("change.new", True)


def test_one_that_trips_the_reader_stalls_no_other_and_is_told_after_five_tries(desk: Desk) -> None:
    bad = desk.publish("bad")
    good = desk.publish("good")
    wait = timedelta(0)
    for number in range(TRIES):
        desk.now += wait
        came = desk.read(bad=RecursionError("nested too deep"))
        assert came == {"failed": 1, **({"change": 1} if number == 0 else {})}
        assert desk.read(bad=RecursionError("nested too deep")) == {}, "it waits"
        wait = timedelta(minutes=5) * 4**number
    assert desk.ledger.changes.one(good) is not None
    assert desk.ledger.changes.one(bad) is None
    (work,) = desk.ledger.readings.failed(9)
    assert (work.fault, work.tries) == ("RecursionError: nested too deep", TRIES)
    assert {one.rule for one in desk.alerts} == {"change.new", "incident.ingest.unread"}


def test_what_comes_of_a_source_that_left_the_directory_waits_and_is_not_lost(desk: Desk) -> None:
    desk.publish("rise", source="fr-old-1")
    assert desk.read() == {"failed": 1}
    assert desk.ledger.readings.queue()["waiting"][0] == 1


def test_the_same_in_nearly_the_same_words_by_two_publishers_is_one_change(desk: Desk) -> None:
    first = desk.publish("rise")
    desk.read()
    again = desk.publish("again", source="be-gov-1")
    other = desk.publish("other", source="be-gov-1")
    pair = Pair(span("6 % to 12 %"), None, Quantity(span("12 %"), Decimal(21), Unit.PERCENT))
    assert desk.read(other=told(reading(pairs=(pair,))))["change"] == 2
    kept = {name: desk.ledger.changes.one(name) for name in (first, again, other)}
    assert [one.state for one in kept.values() if one] == [ChangeState.NEW, ChangeState.MERGED, ChangeState.NEW]
    root = kept[first]
    assert root is not None
    assert root.confidence == "B"


def test_a_withdrawal_finds_what_it_takes_back_by_its_instrument(desk: Desk) -> None:
    first = desk.publish("rise")
    desk.read()
    back = desk.publish("back", source="be-gov-1")
    given_up = reading(status=Status.WITHDRAWN, pairs=(), dates=(), text="Royal Decree no. 20 will not be.", instruments=(
        Instrument(Span(0, 19), "Royal Decree no. 20", "decree"),
    ), status_span=None)  # fmt: skip
    desk.read(back=told(given_up, linked=Linked(reasons=("Withdrawn.",))))
    change = desk.ledger.changes.one(back)
    assert change is not None
    assert change.corrects == first
    assert "change.withdrawn" in {one.rule for one in desk.alerts}


def test_a_better_reader_reads_again_and_doubles_nothing(desk: Desk) -> None:
    name = desk.publish("rise")
    desk.read()
    assert desk.ledger.readings.again(NOW) == 1
    assert desk.worker(Reader({"rise": told(reader="reader-2")})).once() == {"change": 1}
    assert [one.reader for one in desk.ledger.readings.readings(int(name[4:]))] == ["reader-1", "reader-2"]
    assert len(desk.ledger.changes.page(ChangesWanted(), limit=9, after=None).data) == len(desk.alerts) == 1


def test_a_worker_that_is_told_to_stop_takes_nothing_more(desk: Desk) -> None:
    desk.publish("rise")
    worker = desk.worker(Reader({}))
    worker.stopped = lambda: True
    assert worker.once() == {}
    assert desk.ledger.readings.queue()["waiting"][0] == 1


def test_stages_are_counted_with_their_times(desk: Desk) -> None:
    desk.publish("rise")
    desk.publish("bad")
    timed = Understood(**{
        **{name: getattr(told(), name) for name in Understood.__slots__}, "took": {"read": 0.002, "link": 0.005},
    })  # fmt: skip
    desk.read(rise=timed, bad=ValueError("x"))
    stages = {one.stage: one for one in desk.ledger.readings.stages()}
    assert (stages["link"].number, stages["link"].longest) == (1, timedelta(milliseconds=5))
    assert (stages["read"].number, stages["read"].failed, stages["keep"].number) == (2, 1, 1)
    desk.publish("rise again")
    desk.read(**{"rise again": timed})
    assert {one.stage: one.total for one in desk.ledger.readings.stages()}["link"] == 2


@pytest.mark.parametrize(
    ("number", "middle", "high"), [(1, 1, 1), (2, 1, 2), (20, 10, 19), (100, 50, 95), (101, 51, 96)]
)
def test_the_middle_and_the_95th_are_nearest_ranks(number: int, middle: int, high: int) -> None:
    tally = Tally()
    for seconds in range(number, 0, -1):
        tally.took("read", seconds)
    (stage,) = tally.stages(NOW)
    assert [one.total_seconds() for one in (stage.middle, stage.high, stage.longest)] == [middle, high, number]
    assert tally.stages(NOW) == [], "a run is told once"


# -- sources of the house's own -----------------------------------------------------------------------------------------

HEAD = "id,jurisdiction,regulator,topics,url,form,language,watch,noise,confidence,found_in,note\n"
SHIPPED = read_directory(f"{HEAD}de-bafin-1,DE,BaFin,aml,https://law.example/rss,feed,de,yes,,B,a list,\n")
LINE = {
    "id": "de-house-1", "jurisdiction": "DE", "regulator": "Our bank", "topics": "aml", "url": "https://bank.example/rss",
    "form": "feed", "watch": "yes", "confidence": "A", "every_hours": "2",
}  # fmt: skip


def test_a_source_of_the_house_is_added_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "new" / "feeds.csv"
    assert own_sources(path) == ()
    made = add(path, LINE, SHIPPED)
    assert (made.id, made.manners.every) == ("de-house-1", timedelta(hours=2))
    add(path, {**LINE, "id": "de-house-2", "url": "https://bank.example/2"}, SHIPPED)
    assert sorted(together(SHIPPED, own_sources(path))) == ["de-bafin-1", "de-house-1", "de-house-2"]
    assert [one.name for one in path.parent.iterdir()] == ["feeds.csv"]


@pytest.mark.parametrize(
    ("odd", "why"),
    [
        ({"id": "house"}, "jurisdiction, name and number"),
        ({"jurisdiction": "XX"}, "no country"),
        ({"url": "https://law.example/rss"}, "is watched as de-bafin-1"),
        ({"id": "de-bafin-1"}, "came with the software"),
        ({"topics": "weather"}, "topics weather"),
    ],
    ids=["id", "place", "address", "shipped", "topic"],
)
def test_what_cannot_be_right_is_not_added(tmp_path: Path, odd: dict[str, str], why: str) -> None:
    path = tmp_path / "feeds.csv"
    add(path, LINE, SHIPPED)
    before = path.read_bytes()
    with pytest.raises(DirectoryRefused, match=why):
        add(path, {**LINE, "id": "de-house-2", "url": "https://bank.example/2", **odd}, SHIPPED)
    assert path.read_bytes() == before


def test_a_line_of_the_house_takes_the_place_of_a_shipped_one() -> None:
    moved = read_directory(f"{HEAD}de-bafin-1,DE,BaFin,aml,https://law.example/new,feed,de,yes,,A,us,moved\n")
    assert together(SHIPPED, moved)["de-bafin-1"].url == "https://law.example/new"
