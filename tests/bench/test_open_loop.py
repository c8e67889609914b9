"""Requests are sent when they are due, and what became of each is counted from then."""

from __future__ import annotations

import asyncio

import pytest

from bench.open_loop import CUT, Part, Sender, Sent, recovered_after, schedule

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"
SHED = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 2\r\nRetry-After: 1\r\n\r\n{}"
MUTE = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 15\r\n\r\n\r\nretry-after: 1"


def test_a_schedule_has_its_rate_and_is_the_same_for_its_seed() -> None:
    times = schedule(500, 20, seed=3)
    assert times == schedule(500, 20, seed=3) != schedule(500, 20, seed=4)
    assert times == sorted(times)
    assert times[0] > 0
    assert times[-1] < 20
    assert 9_500 < len(times) < 10_500


def test_callers_are_independent_of_each_other() -> None:
    """Of Poisson arrivals the number in a second varies as much as it is large: those of a clock would not vary."""
    times = schedule(100, 200, seed=1)
    numbers = [sum(second <= due < second + 1 for due in times) for second in range(200)]
    mean = sum(numbers) / 200
    assert 60 < sum((number - mean) ** 2 for number in numbers) / 200 < 150


def test_a_later_part_of_a_schedule_begins_where_it_is_to() -> None:
    times = schedule(100, 5, seed=1, start=60)
    assert all(60 < due < 65 for due in times)
    assert 400 < len(times) < 600


def sent(*rows: tuple[float, float, int, bool]) -> Sent:
    made = Sent()
    for row in rows:
        made.add(*row)
    return made


def test_answers_refusals_and_all_the_rest_are_told_apart() -> None:
    part = sent(
        (0.1, 0.005, 200, False), (0.2, 0.001, 503, True), (0.3, 0.001, 503, False), (0.4, 1.0, 500, False),
        (0.5, 0.2, CUT, False), (1.0, 0.007, 200, False),
    ).between(0, 1)  # fmt: skip
    assert (part.answered, part.refused, dict(part.other)) == ([0.005], [0.001], {503: 1, 500: 1, CUT: 1})
    assert part.number == 5
    assert (part.answered_ms(0.99), part.refused_ms(0.5)) == (5, 1)


def test_a_part_without_answers_has_no_latency_and_no_number() -> None:
    part = Part(1.0)
    assert (part.number, part.answered_ms(0.99)) == (0, 0.0)


def steady(since: float, until: float, took: float, status: int = 200) -> list[tuple[float, float, int, bool]]:
    return [(since + step / 100, took, status, status == 503) for step in range(int((until - since) * 100))]


def test_it_is_back_in_the_first_of_two_good_seconds() -> None:
    slow, good = steady(60, 61.5, 0.2), steady(61.5, 66, 0.01)
    assert recovered_after(sent(*steady(0, 60, 0.3), *slow, *good), 60, 66, 25.0) == 1.5


@pytest.mark.parametrize(
    "tail",
    [steady(60, 66, 0.2), steady(60, 66, 0.001, 503), [], steady(60, 60.9, 0.01)],
    ids=["slow", "refused", "silent", "too short"],
)
def test_it_may_never_be_back(tail: list[tuple[float, float, int, bool]]) -> None:
    assert recovered_after(sent(*tail), 60, 66, 25.0) is None


def test_one_refusal_in_a_second_is_not_as_before() -> None:
    good = steady(60, 70, 0.01)
    assert recovered_after(sent(*good, (62.0, 0.001, 503, True)), 60, 70, 25.0) == 0.0
    assert recovered_after(sent(*good, (61.9, 0.001, 503, True), (60.1, 0.001, 503, True)), 60, 70, 25.0) == 2.0


async def _served(answers: list[bytes | None], times: list[float], connections: int, pause: float = 0.0) -> Sent:
    left = iter(answers)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(100):
            answer = next(left)
            if answer is None:
                break
            await asyncio.sleep(pause)
            writer.write(answer[:20])
            await asyncio.sleep(0)
            writer.write(answer[20:])
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        return await Sender([b"ask"], server.sockets[0].getsockname()[1], connections).run(times)


def test_each_is_sent_and_what_comes_back_is_read() -> None:
    found = asyncio.run(_served([OK, SHED, MUTE, OK], [0.0, 0.02, 0.04, 0.06], 2))
    part = found.between(0, 1)
    assert (len(part.answered), len(part.refused), dict(part.other)) == (2, 1, {503: 1})
    assert found.unanswered == 0
    assert len(found.late) == 4


def test_who_waits_for_a_line_waits_from_when_it_was_due() -> None:
    """One line and answers that take 50 ms: the third of three that are due together has waited for two others."""
    found = asyncio.run(_served([OK] * 3, [0.0, 0.0, 0.0], 1, pause=0.05))
    assert sorted(found.took)[2] >= 0.15
    assert max(found.late) >= 0.1


def test_a_line_that_is_cut_is_counted_and_another_takes_its_place() -> None:
    found = asyncio.run(_served([None, OK], [0.0, 0.1], 1))
    assert sorted(found.status) == [CUT, 200]


def test_a_line_that_was_idle_and_closed_is_no_loss_and_is_opened_again_when_it_is_needed() -> None:
    async def run() -> Sent:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(100)
            writer.write(OK)
            await asyncio.sleep(0.05)
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server:
            return await Sender([b"ask"], server.sockets[0].getsockname()[1], 1).run([0.0, 0.3, 0.6])

    found = asyncio.run(run())
    assert (list(found.status), found.unanswered) == ([200, 200, 200], 0)
