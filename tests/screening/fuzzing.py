"""Files damaged in every way that came to mind, from a seed: the same seed damages the same way."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO

from engine.screening.lists.errors import ListError
from engine.screening.lists.formats import FORMATS, WHOLE
from engine.screening.lists.limits import Limits
from engine.screening.lists.ofac_csv import PARTS
from engine.screening.lists.reading import pack, read, unpack
from tests.screening.samples import FLAT, LISTS, content

LIMITS = Limits(file_bytes=64 * 1024 * 1024)


@dataclass(frozen=True, slots=True)
class Seed:
    """A file to be damaged: of one part, or of OFAC's four."""

    name: str
    code: str
    format: str
    parts: tuple[tuple[str, bytes], ...]


def samples() -> list[Seed]:
    """The samples written by hand."""
    whole = [Seed(name, code, format_, ((WHOLE, content(name)),)) for name, (code, format_) in LISTS.items()]
    flat = tuple((part, content(f"ofac-flat-{part}.csv")) for part in FLAT)
    return [*whole, Seed("ofac-flat", "OFAC-SDN", "ofac-csv", flat)]


def attempt(seed: Seed, damage: random.Random) -> str:
    """Damage a file, read it, and say what came of it. Anything but an edition or an error of our own is raised."""
    parts = list(seed.parts)
    for _ in range(damage.randint(1, 4)):
        place = damage.randrange(len(parts))
        part, whole = parts[place]
        parts[place] = part, damage.choice(DAMAGES)(whole, damage)
    streams = {part: BytesIO(whole) for part, whole in parts}
    if seed.format == "ofac-csv" and damage.random() < 0.05:
        streams.pop(damage.choice(PARTS))
    try:
        found = read(streams, seed.code, FORMATS[seed.format], LIMITS)
    except ListError as error:
        return type(error).__name__
    assert unpack(pack(found.entries)) == found.entries
    return "read"


def rounds(seeds: list[Seed], number: int) -> Iterator[tuple[Seed, random.Random]]:
    """Which file is damaged with which chance, from a number."""
    chance = random.Random(number)
    while True:
        yield chance.choice(seeds), random.Random(chance.getrandbits(64))


def _flip(whole: bytes, damage: random.Random) -> bytes:
    changed = bytearray(whole)
    for _ in range(damage.randint(1, 16)):
        if changed:
            changed[damage.randrange(len(changed))] = damage.getrandbits(8)
    return bytes(changed)


def _cut(whole: bytes, damage: random.Random) -> bytes:
    return whole[: damage.randint(0, len(whole))]


def _drop(whole: bytes, damage: random.Random) -> bytes:
    start, end = _span(whole, damage)
    return whole[:start] + whole[end:]


def _double(whole: bytes, damage: random.Random) -> bytes:
    start, end = _span(whole, damage)
    return whole[:end] + whole[start:end] * damage.randint(1, 50) + whole[end:]


def _swap(whole: bytes, damage: random.Random) -> bytes:
    lines = whole.split(b"\n")
    damage.shuffle(lines)
    return b"\n".join(lines)


def _span(whole: bytes, damage: random.Random) -> tuple[int, int]:
    start = damage.randint(0, len(whole))
    return start, min(len(whole), start + damage.randint(0, 2000))


def _put(*pieces: Callable[[random.Random], bytes]) -> Callable[[bytes, random.Random], bytes]:
    def put(whole: bytes, damage: random.Random) -> bytes:
        # Half of the time between two marks, where a reader is at ease.
        at = damage.randint(0, len(whole))
        if damage.random() < 0.5:
            found = max(whole.find(mark, at) for mark in (b">", b",", b";", b'"'))
            at = found + 1 if found >= 0 else at
        return whole[:at] + damage.choice(pieces)(damage) + whole[at:]

    return put


def _recode(whole: bytes, damage: random.Random) -> bytes:
    text = whole.decode("utf-8", "replace")
    return text.encode(damage.choice(["utf-16", "utf-32", "utf-7", "cp1252", "cp037", "utf-8-sig"]), "replace")


_BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaaaaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;">]>'

DAMAGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _flip,
    _cut,
    _drop,
    _double,
    _swap,
    _recode,
    _put(
        lambda damage: b"\0" * damage.randint(1, 8),
        lambda damage: b"<a>" * damage.choice([1, 50, 300, 5000]),
        lambda damage: b"</a>" * damage.randint(1, 9),
        lambda damage: b"A" * damage.choice([10, 10_000, 200_000, 3_000_000]),
        lambda damage: b'<a b="' + b"x" * damage.choice([10, 300_000, 11_000_000]) + b'"/>',
        lambda damage: b"<a " + b" ".join(b'x%d="1"' % one for one in range(damage.choice([1, 1000, 50_000]))) + b"/>",
        lambda _: _BOMB + b"&c;&c;",
        lambda _: b"&#0;&#xD800;&#x110000;&amp;&lt;",
        lambda _: b"<![CDATA[ ]]>",
        lambda damage: b"<!--" + b"-" * damage.randint(0, 9) + b"-->",
        lambda damage: b'"' * damage.randint(1, 5),
        lambda damage: b"," * damage.choice([1, 20, 100_000]),
        lambda damage: b";" * damage.choice([1, 20, 100_000]),
        lambda damage: b"\r\n" * damage.choice([1, 2, 100_000]),
        lambda damage: b"[" * damage.choice([1, 5000]) + b"{" * damage.choice([1, 5000]),
        lambda _: b"9" * 5000,
        lambda _: b"\x1a",
        lambda _: "\u202e\u200b\ufeff\U0001f4a3\u0660\u00b2".encode(),
        lambda _: b"\xff\xfe\xc3\x28\xed\xa0\x80",
        lambda _: b"31 Feb 9999 to 00 Xxx 0000",
    ),
)
