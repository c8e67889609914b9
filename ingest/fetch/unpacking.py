"""Bodies unpacked piece by piece, so that a few kilobytes that unpack to gigabytes never do."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Final, Protocol

ACCEPTED: Final = "gzip, deflate"
PIECE: Final = 1 << 16
"""Unpacked bytes that are made at once at most."""
_GZIP, _ZLIB, _RAW = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS


class Broken(ValueError):
    """It cannot be unpacked."""


class Unpack(Protocol):
    """Unpacks what came, piece by piece."""

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """What comes of more bytes; at most PIECE at once. Raises Broken."""
        ...

    def ended(self) -> bool:
        """Whether nothing is missing at the end."""
        ...


class _Plain:
    def pieces(self, data: bytes) -> Iterator[bytes]:
        yield data

    def ended(self) -> bool:
        return True


class _Deflated:
    """gzip, or deflate in either of the two ways that servers take it for (RFC 9110, 8.4.1.2)."""

    def __init__(self, bits: int) -> None:
        self._bits = bits
        self._inflate = zlib.decompressobj(bits)
        self._begun = False

    def pieces(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._inflate.eof:
                if self._bits != _GZIP:
                    return
                self._inflate = zlib.decompressobj(self._bits)  # a second member (RFC 1952, 2.2)
            try:
                made = self._inflate.decompress(data, PIECE)
            except zlib.error as error:
                if self._begun or self._bits != _ZLIB:
                    raise Broken(str(error)) from None
                self._bits, self._inflate = _RAW, zlib.decompressobj(_RAW)
                continue
            self._begun = True
            data = self._inflate.unconsumed_tail or self._inflate.unused_data
            if made:
                yield made

    def ended(self) -> bool:
        return self._inflate.eof


def unpacking(encoding: str) -> Unpack:
    """What unpacks a body of this Content-Encoding. Raises Broken for one that was not asked for."""
    match encoding.strip().lower():
        case "" | "identity":
            return _Plain()
        case "gzip" | "x-gzip":
            return _Deflated(_GZIP)
        case "deflate":
            return _Deflated(_ZLIB)
    raise Broken(f"{encoding[:40]} was not asked for")
