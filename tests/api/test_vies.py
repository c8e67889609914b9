"""VIES: what is an answer and what is none, how often and how long it is asked, what is remembered, what is kept as proof."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.settings import Settings
from api.vies import Unanswered, Vies, opened
from engine.ledger import Consultation, Ledger
from tests.api.fake_vies import FakeVies, Says, fails, no, running, yes
from tests.empty import empty_ledger

GREEK = ("EL", "094259216")
ITALIAN = ("IT", "00743110157")
OWN = ("DE", "136695976")
START = datetime(2026, 11, 22, 9, 15, tzinfo=UTC)


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeVies]:
    with running() as found:
        yield found


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(empty_ledger(tmp_path / "lexgate.db")) as found:
        yield found


@dataclass
class World:
    """A clock that stands still until it is moved, and waits that are only written down."""

    now: datetime = START
    waits: list[float] = field(default_factory=list)

    def clock(self) -> datetime:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)


@asynccontextmanager
async def asking(fake: FakeVies, ledger: Ledger, world: World, **options: Any) -> AsyncIterator[Vies]:
    chosen = {"sleep": world.sleep, "chance": lambda: 1.0, **options}
    async with httpx.AsyncClient() as client:
        yield Vies(client, fake.url, world.clock, ledger.consultations, **chosen)


@pytest.fixture
def ask(fake: FakeVies, ledger: Ledger) -> Callable[..., list[Consultation | Unanswered]]:
    """Asks one after the other in one VIES. A timedelta among the questions moves the clock, a Says changes what is answered."""

    def run(*steps: Any, world: World | None = None, **options: Any) -> list[Consultation | Unanswered]:
        here = world or World()

        async def all_of_them() -> list[Consultation | Unanswered]:
            found = []
            async with asking(fake, ledger, here, **options) as vies:
                for step in steps:
                    if isinstance(step, timedelta):
                        here.now += step
                    elif isinstance(step, Says):
                        fake.replies.clear()
                        fake.replies.append(step)
                    else:
                        found.append(await vies.ask(*step))
            return found

        return asyncio.run(all_of_them())

    return run


Ask = Callable[..., list[Any]]

# -- answers -----------------------------------------------------------------------------------------------------------


def test_yes_and_no_are_answers(fake: FakeVies, ask: Ask) -> None:
    fake.will_say(yes(), no())
    valid, invalid = ask((GREEK,), (ITALIAN,))
    assert (valid.valid, valid.number, valid.at, valid.source) == (True, "EL094259216", START, "VIES")
    assert (invalid.valid, invalid.number) == (False, "IT00743110157")
    assert fake.asked == [
        {"countryCode": "EL", "vatNumber": "094259216"},
        {"countryCode": "IT", "vatNumber": "00743110157"},
    ]


def test_who_names_its_own_number_gets_a_consultation_number(fake: FakeVies, ask: Ask) -> None:
    fake.will_say(yes(requestIdentifier="WAPIAAAAZ1"))
    (told,) = ask((GREEK, OWN))
    assert (told.consultation_number, told.own) == ("WAPIAAAAZ1", "DE136695976")
    assert fake.asked == [
        {
            "countryCode": "EL",
            "vatNumber": "094259216",
            "requesterMemberStateCode": "DE",
            "requesterNumber": "136695976",
        }
    ]


@pytest.mark.parametrize(
    ("says", "code"),
    [
        (fails("MS_UNAVAILABLE"), "MS_UNAVAILABLE"),
        (fails("MS_UNAVAILABLE", 200), "MS_UNAVAILABLE"),
        (fails("MS_UNAVAILABLE", 500), "MS_UNAVAILABLE"),
        (Says({"userError": "MS_UNAVAILABLE", "valid": False}), "MS_UNAVAILABLE"),
        (fails("MS_MAX_CONCURRENT_REQ"), "MS_MAX_CONCURRENT_REQ"),
        (fails("GLOBAL_MAX_CONCURRENT_REQ"), "GLOBAL_MAX_CONCURRENT_REQ"),
        (fails("SERVICE_UNAVAILABLE"), "SERVICE_UNAVAILABLE"),
        (fails("TIMEOUT"), "TIMEOUT"),
        (fails("IP_BLOCKED"), "IP_BLOCKED"),
        (fails("INVALID_INPUT"), "INVALID_INPUT"),
        (fails("INVALID_REQUESTER_INFO"), "INVALID_REQUESTER_INFO"),
        (fails("<script>"), "bad_answer"),
        (Says({"actionSucceed": False, "valid": False}), "bad_answer"),
        (Says({"errorWrappers": ["odd"]}), "bad_answer"),
        (Says({"valid": True}, 500), "http_500"),
        (Says("<html>maintenance</html>"), "bad_answer"),
        (Says("<html>gone</html>", 404), "http_404"),
        (Says("[true]"), "bad_answer"),
        (Says({}), "bad_answer"),
        (Says({"valid": "true"}), "bad_answer"),
        (Says({"valid": True, "countryCode": "IT", "vatNumber": "00743110157"}), "bad_answer"),
        (Says({"valid": True, "pad": "x" * 70_000}), "bad_answer"),
        (Says(hangs_up=True), "network"),
    ],
)
def test_everything_else_is_none_and_never_a_no(fake: FakeVies, ask: Ask, says: Says, code: str) -> None:
    fake.will_say(says)
    (told,) = ask((GREEK,))
    assert isinstance(told, Unanswered)
    assert told.code == code


def test_nobody_listens(ledger: Ledger) -> None:
    world = World()

    async def ask() -> object:
        async with asking(FakeVies(url="http://127.0.0.1:9"), ledger, world) as vies:
            return await vies.ask(GREEK)

    told = asyncio.run(ask())
    assert isinstance(told, Unanswered)
    assert (told.code, len(world.waits)) == ("network", 2)


# -- how often and how long --------------------------------------------------------------------------------------------


def test_a_passing_trouble_is_tried_again_with_growing_waits(fake: FakeVies, ask: Ask) -> None:
    world = World()
    fake.will_say(fails("MS_MAX_CONCURRENT_REQ"), Says("", 503), yes())
    (told,) = ask((GREEK,), world=world)
    assert told.valid
    assert world.waits == [0.5, 1.0]
    assert len(fake.asked) == 3


def test_waits_are_drawn_by_chance_up_to_a_limit(fake: FakeVies, ask: Ask) -> None:
    world = World()
    fake.will_say(fails("TIMEOUT"))
    ask((GREEK,), world=world, chance=lambda: 0.5, attempts=5)
    assert world.waits == [0.25, 0.5, 1.0, 1.0]


@pytest.mark.parametrize("code", ["MS_UNAVAILABLE", "INVALID_INPUT", "INVALID_REQUESTER_INFO", "VAT_BLOCKED"])
def test_what_will_not_pass_is_not_tried_again(fake: FakeVies, ask: Ask, code: str) -> None:
    fake.will_say(fails(code))
    ask((GREEK,))
    assert len(fake.asked) == 1


def test_a_number_takes_no_longer_than_it_may(fake: FakeVies, ask: Ask) -> None:
    async def really(seconds: float) -> None:
        await asyncio.sleep(seconds)

    fake.will_say(Says({"valid": True}, after=1.5))
    began = asyncio.run(_seconds())
    (told,) = ask((GREEK,), timeout_seconds=0.2, sleep=really)
    assert isinstance(told, Unanswered)
    assert told.code == "timeout"
    assert asyncio.run(_seconds()) - began < 1.4


async def _seconds() -> float:
    return asyncio.get_running_loop().time()


def test_few_questions_at_once_go_to_one_member_state(ledger: Ledger) -> None:
    async def many(fake: FakeVies) -> list[object]:
        async with asking(fake, ledger, World()) as vies:
            return await asyncio.gather(*(vies.ask(("EL", f"{number:09d}")) for number in range(12)))

    with running() as fake:
        fake.will_say(Says({"valid": True}, after=0.05))
        assert len(asyncio.run(many(fake))) == 12
        assert 1 < fake.most_at_once <= 4


# -- outages -----------------------------------------------------------------------------------------------------------


def test_a_member_state_that_is_out_rests_and_the_others_do_not(fake: FakeVies, ask: Ask) -> None:
    fake.will_say(fails("MS_UNAVAILABLE"))
    first, resting, other, again = ask(
        (GREEK,), (("EL", "123456783"),), yes(), (ITALIAN,), timedelta(seconds=61), (("EL", "123456783"),)
    )
    assert first.again_after == START + timedelta(minutes=1)
    assert (resting.code, resting.again_after) == ("MS_UNAVAILABLE", first.again_after)
    assert other.valid
    assert again.valid
    assert [asked["countryCode"] for asked in fake.asked] == ["EL", "IT", "EL"]


def test_who_is_blocked_leaves_vies_alone_altogether(fake: FakeVies, ask: Ask) -> None:
    fake.will_say(fails("IP_BLOCKED"))
    _, other, later = ask((GREEK,), yes(), (ITALIAN,), timedelta(minutes=11), (ITALIAN,))
    assert other.code == "IP_BLOCKED"
    assert later.valid


# -- memory and proof ---------------------------------------------------------------------------------------------------


def test_an_answer_is_given_again_with_its_date_and_proof(fake: FakeVies, ask: Ask) -> None:
    fake.will_say(yes(requestIdentifier="WAPI1"))
    first, second = ask((GREEK, OWN), timedelta(hours=5), (GREEK, OWN))
    assert second == first
    assert (second.at, second.consultation_number) == (START, "WAPI1")
    assert len(fake.asked) == 1


def test_an_answer_without_proof_does_not_serve_who_wants_proof(fake: FakeVies, ask: Ask) -> None:
    fake.will_say(yes(requestIdentifier="WAPI1"))
    ask((GREEK,), (GREEK, OWN), (GREEK, ITALIAN))
    assert len(fake.asked) == 3


@pytest.mark.parametrize(
    ("says", "later", "asked"),
    [
        (yes(), timedelta(hours=13, minutes=44), 1),  # 23:59 in Brussels
        (yes(), timedelta(hours=13, minutes=45), 2),  # the next day there
        (no(), timedelta(minutes=14), 1),
        (no(), timedelta(minutes=15), 2),
        (yes(), timedelta(hours=-1), 2),  # the clock was put back: an answer from the future is none
    ],
)
def test_an_answer_holds_on_its_own_day_only_and_a_no_for_moments(
    fake: FakeVies, ask: Ask, says: Says, later: timedelta, asked: int
) -> None:
    fake.will_say(says)
    ask((GREEK,), later, (GREEK,))
    assert len(fake.asked) == asked


def test_what_is_not_remembered_at_all_is_asked_each_time(fake: FakeVies, ask: Ask) -> None:
    fake.will_say(yes())
    ask((GREEK,), (GREEK,), remember=timedelta(0))
    assert len(fake.asked) == 2


def test_another_process_finds_the_answer_in_the_ledger(fake: FakeVies, ask: Ask, ledger: Ledger) -> None:
    fake.will_say(yes(requestIdentifier="WAPI1"))
    first = ask((GREEK, OWN))
    assert ask((GREEK, OWN)) == first
    assert len(fake.asked) == 1
    assert ledger.consultations.latest("EL094259216", "DE136695976", START) == first[0]
    assert ledger.consultations.latest("EL094259216", None, START) is None
    assert ledger.consultations.latest("EL094259216", "DE136695976", START + timedelta(seconds=1)) is None


def test_answers_are_links_of_the_chain_and_failures_are_not(fake: FakeVies, ask: Ask, ledger: Ledger) -> None:
    before = ledger.verify().rows
    fake.will_say(fails("MS_UNAVAILABLE"))
    ask((ITALIAN,))
    assert ledger.verify().rows == before
    fake.will_say(yes())
    ask((GREEK,))
    report = ledger.verify()
    assert (report.ok, report.rows) == (True, before + 1)


# -- settings ------------------------------------------------------------------------------------------------------------


def test_it_is_off_unless_it_is_put_on(ledger: Ledger) -> None:
    assert opened(Settings(), ledger.consultations, lambda: START) is None
    chosen = Settings(vies="on", vies_url="http://127.0.0.1:1/rest-api/", vies_timeout_seconds=2, vies_remember_hours=1)
    vies = opened(chosen, ledger.consultations, lambda: START)
    assert vies is not None
    assert (vies.url, vies.timeout_seconds, vies.attempts) == ("http://127.0.0.1:1/rest-api", 2, 3)
    assert vies.remember == timedelta(hours=1)
    asyncio.run(_closed(vies.client.aclose))


async def _closed(close: Callable[[], Awaitable[None]]) -> None:
    await close()


@pytest.mark.parametrize(
    "chosen",
    [
        {"vies": "yes"}, {"vies_policy": "allow"}, {"vies_url": "ftp://x"}, {"vies_url": "https://x/?a=b"},
        {"vies_timeout_seconds": 0}, {"vies_attempts": 6}, {"vies_remember_hours": 25},
    ],
)  # fmt: skip
def test_settings_that_cannot_be_used_are_refused(chosen: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        Settings(**chosen)
