"""Hand-written samples of every format, of invented persons: small enough to be read, with every field that a reader knows."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from engine.screening.lists.formats import FORMATS, WHOLE
from engine.screening.lists.reading import Reading, read

FOLDER = Path(__file__).parent / "samples"
LISTS = {
    "ofac-xml.xml": ("OFAC-SDN", "ofac-xml"),
    "ofac-advanced.xml": ("OFAC-SDN", "ofac-advanced"),
    "un-xml.xml": ("UN-SC", "un-xml"),
    "eu-xml.xml": ("EU-FSF", "eu-xml"),
    "eu-csv.csv": ("EU-FSF", "eu-csv"),
    "eu-csv-old.csv": ("EU-FSF", "eu-csv"),
    "uk-xml.xml": ("UK-SL", "uk-xml"),
    "uk-csv.csv": ("UK-SL", "uk-csv"),
    "ofsi-csv.csv": ("UK-OFSI", "ofsi-csv"),
    "us-csl.csv": ("US-CSL", "us-csl"),
    "os-simple.csv": ("OS-sample", "os-simple"),
    "ftm.jsonl": ("OS-sample", "ftm"),
}
"""File of the sample -> list and format; the flat files of OFAC, four together, stand apart."""
FLAT = ("names", "addresses", "aliases", "comments")


def content(name: str) -> bytes:
    """A sample as it is written."""
    return (FOLDER / name).read_bytes()


def sample(name: str) -> Reading:
    """A sample, read."""
    return reading(name, content(name))


def reading(name: str, changed: bytes) -> Reading:
    """Other bytes, read in the format of a sample."""
    code, format_ = LISTS[name]
    return read({WHOLE: BytesIO(changed)}, code, FORMATS[format_])


def flat(**changed: bytes | None) -> Reading:
    """The flat files, read; a part may be changed, or left out with None."""
    whole = {part: content(f"ofac-flat-{part}.csv") for part in FLAT}
    parts = {part: said for part, said in {**whole, **changed}.items() if said is not None}
    return read({part: BytesIO(said) for part, said in parts.items()}, "OFAC-SDN", FORMATS["ofac-csv"])
