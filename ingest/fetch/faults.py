"""Why nothing came. Each fault is one word that a log line, a metric and an officer can share."""

from __future__ import annotations

from enum import StrEnum


class Fault(StrEnum):
    """Why a source gave nothing."""

    ADDRESS = "address"
    """Not an http or https address, or one that names a user or an odd port."""
    FORBIDDEN_TARGET = "forbidden_target"
    """It leads to a private, loopback, link-local or otherwise not public place."""
    NO_SUCH_HOST = "no_such_host"
    NETWORK = "network"
    """Refused, reset, cut off, or its certificate is not to be trusted."""
    TOO_SLOW = "too_slow"
    """Not done within the time that one fetch may take, however much came."""
    TOO_LARGE = "too_large"
    """More bytes, as sent or unpacked, than a source may have."""
    UNPACKING = "unpacking"
    """Compressed in a way that was not asked for, or broken."""
    REDIRECTS = "redirects"
    """It leads from place to place without an end, or nowhere."""
    ROBOTS = "robots"
    """Its robots.txt does not want it to be fetched, or cannot be read at present (RFC 9309)."""
    GONE = "gone"
    """404 or 410: the address is not the source's any more."""
    REFUSED = "refused"
    """Another 4xx."""
    BUSY = "busy"
    """429 or 503: later, please."""
    SERVER = "server"
    """Another 5xx."""
    ANSWER = "answer"
    """No answer that HTTP knows: a body without a status that means one."""
    READING_TOO_SLOW = "reading_too_slow"
    """It came, but was not read within the time that one document may take: nested or repeated on purpose, most likely."""
    READING_CRASHED = "reading_crashed"
    """It came, but the process that read it broke, or wanted more memory than one document may."""

    @property
    def of_the_source(self) -> bool:
        """Whether trying again soon is of no use: somebody must look at the directory."""
        return self in (Fault.ADDRESS, Fault.FORBIDDEN_TARGET, Fault.GONE, Fault.ROBOTS)
