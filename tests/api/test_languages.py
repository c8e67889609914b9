"""Accept-Language, as RFC 9110 has it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.languages import best_language

KNOWN = ("de", "en", "fr", "pt", "zh")


@pytest.mark.parametrize(
    ("header", "best"),
    [
        (None, None),
        ("", None),
        ("fr", "fr"),
        ("fr-CH, fr;q=0.9, en;q=0.8", "fr"),
        ("da, pt-BR;q=0.5, en;q=0.4", "pt"),
        ("en;q=0.4, pt;q=0.5", "pt"),
        ("de;q=0, fr;q=0.1", "fr"),
        ("en-GB, de", "en"),
        ("xx", None),
        ("*", None),
        ("xx, *;q=0.1", None),
        ("ZH-Hant-TW", "zh"),
        ("fr;q=1.000,de;q=1", "fr"),
        ("fr;q=2, de;q=0.5", "de"),
        (";;,q=, fr ; q=0.3", "fr"),
        ("fr," * 500, "fr"),
    ],
)
def test_the_best_there_is(header: str | None, best: str | None) -> None:
    assert best_language(header.encode() if header is not None else None, KNOWN) == best


@given(st.binary(max_size=60))
def test_no_header_is_too_odd(header: bytes) -> None:
    assert best_language(header, KNOWN) in (None, *KNOWN)
