"""Which formats there are, and which of them a file is in, by its first bytes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO, Final

from engine.screening.lists import (
    eu_csv,
    eu_xml,
    ftm,
    ofac_advanced,
    ofac_csv,
    ofac_xml,
    ofsi_csv,
    opensanctions,
    uk_csv,
    uk_xml,
    un_xml,
    us_csl,
)
from engine.screening.lists.draft import Told
from engine.screening.lists.errors import EmptyList, UnknownFormat
from engine.screening.lists.limits import Limits
from engine.screening.model import Listed

Streams = Mapping[str, BinaryIO]
"""The parts of a file by their names; of most formats there is one, `WHOLE`."""
WHOLE: Final = "whole"
HEAD: Final = 4096
"""How many bytes are enough to tell a format."""


@dataclass(frozen=True, slots=True)
class Format:
    """One way in which lists are written. `mark`: what is found in the first bytes of such a file and of no other."""

    code: str
    label: str
    read: Callable[[Streams, str, Told, Limits], Iterator[Listed]]
    mark: re.Pattern[bytes]
    parts: tuple[str, ...] = (WHOLE,)


def _whole(read: Callable[[BinaryIO, str, Told, Limits], Iterator[Listed]]) -> Callable[..., Iterator[Listed]]:
    return lambda streams, code, told, limits: read(streams[WHOLE], code, told, limits)


def _root(name: str) -> re.Pattern[bytes]:
    return re.compile(rb"<(?:\w+:)?" + name.encode() + rb"[\s>/]")


FORMATS: Final = {
    one.code: one
    for one in (
        Format("ofac-xml", "OFAC SDN.XML, CONSOLIDATED.XML", _whole(ofac_xml.read), _root("sdnList")),
        Format("ofac-advanced", "OFAC *_ADVANCED.XML", _whole(ofac_advanced.read), _root("Sanctions")),
        Format(
            "ofac-csv",
            "OFAC flat files, four together",
            ofac_csv.read,
            re.compile(rb'\A\d+\s*,\s*"?[^\r\n]*-0-'),
            ofac_csv.PARTS,
        ),
        Format("un-xml", "UN consolidated list", _whole(un_xml.read), _root("CONSOLIDATED_LIST")),
        Format("eu-xml", "EU FSF XML 1.1", _whole(eu_xml.read), _root("export")),
        Format("eu-csv", "EU FSF CSV", _whole(eu_csv.read), re.compile(rb"(?i)fileGenerationDate|Date_file\w*;")),
        Format("uk-xml", "UK Sanctions List XML", _whole(uk_xml.read), _root("Designations")),
        Format(
            "uk-csv", "UK Sanctions List CSV", _whole(uk_csv.read), re.compile(rb"(?i)Unique ID,.*Name 6", re.DOTALL)
        ),
        Format("ofsi-csv", "OFSI ConList.csv", _whole(ofsi_csv.read), re.compile(rb"(?i)\A\W{0,3}Last Updated,\"?\d")),
        Format(
            "us-csl",
            "US Consolidated Screening List CSV",
            _whole(us_csl.read),
            re.compile(rb"\A\W{0,4}_id\W{1,3}source\W"),
        ),
        Format(
            "os-simple",
            "OpenSanctions targets.simple.csv",
            _whole(opensanctions.read),
            re.compile(rb'\A\W{0,4}"?id"?,"?schema"?,'),
        ),
        Format("ftm", "FollowTheMoney JSON lines", _whole(ftm.read), re.compile(rb"\A\W{0,3}\{")),
    )
}
"""By code."""


def told_by(head: bytes, among: tuple[str, ...]) -> Format:
    """The format of a file that begins so. Raises UnknownFormat where it is none of those that the list is published in, and
    EmptyList where there is nothing.
    """
    if not head.strip():
        raise EmptyList("The file is empty")
    for code in among:
        if FORMATS[code].mark.search(head[:HEAD]):
            return FORMATS[code]
    raise UnknownFormat(f"The file does not begin like {' or '.join(FORMATS[code].label for code in among)}")
