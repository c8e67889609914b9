"""The load generator counts what a server really answers."""

from __future__ import annotations

import asyncio

import pytest

from bench.load import BadAnswer, Client, Tally, drive, percentile, request_bytes

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\ncontent-length: 2\r\n\r\n{}"
BUSY = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy"


class Wire(asyncio.Transport):
    """Keeps what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []
        self.closed = False

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def close(self) -> None:
        self.closed = True


def started(tally: Tally) -> tuple[Client, Wire]:
    client, wire = Client([b"first", b"second"], 0, tally), Wire()
    client.connection_made(wire)
    return client, wire


def test_the_next_request_waits_for_the_whole_answer() -> None:
    client, wire = started(tally := Tally(open=True))
    client.data_received(OK[:20])
    client.data_received(OK[20:-1])
    assert wire.written == [b"first"]
    client.data_received(OK[-1:])
    assert wire.written == [b"first", b"second"]
    assert tally.statuses == {200: 1}


def test_refusals_are_counted_and_the_first_is_kept() -> None:
    client, _ = started(tally := Tally(open=True))
    client.data_received(OK)
    client.data_received(BUSY)
    assert tally.statuses == {200: 1, 503: 1}
    assert tally.refused == BUSY


def test_answers_of_the_warm_up_do_not_count() -> None:
    client, _ = started(tally := Tally())
    client.data_received(OK)
    assert not tally.statuses


def test_a_stopped_client_hangs_up_and_a_dropped_one_complains() -> None:
    client, wire = started(Tally(open=True))
    client.connection_lost(None)
    assert isinstance(client.lost, ConnectionResetError)
    client.stopped = True
    client.data_received(OK)
    assert wire.closed


def test_an_answer_without_length_is_refused() -> None:
    client, _ = started(Tally(open=True))
    with pytest.raises(BadAnswer, match="no Content-Length"):
        client.data_received(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")


def test_percentiles_are_values_that_occurred() -> None:
    ordered = [float(value) for value in range(1, 101)]
    assert (percentile(ordered, 0.5), percentile(ordered, 0.99), percentile([], 0.5)) == (50.0, 99.0, 0.0)


def test_drives_a_real_server() -> None:
    seen: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                seen.append(head + await reader.readexactly(4))
                writer.write(OK)
        except asyncio.IncompleteReadError:
            writer.close()

    async def run() -> dict[str, object]:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        requests = [request_bytes(b"body", port=port, key="lx_test")]
        async with server:
            return await drive(requests, port=port, seconds=0.2, warm_up=0.05, connections=3)

    found = asyncio.run(run())
    assert set(found["statuses"]) == {"200"}
    assert found["lost"] == []
    assert 0 < found["p50_ms"] <= found["p99_ms"]
    assert b"Authorization: Bearer lx_test\r\n" in seen[0]
