"""A signed release as one file, to be carried to where no network goes: the release, its statement, and what proves it.

    {"format": "lexgate-signed-release/1", "publisher": hex, "release": text, "signature": Base64, "statement": text}

Compact JSON with sorted keys, not compressed: the same release is the same bytes on every machine, and nothing grows when it is
read. Any other spelling of the same is refused, so that a changed byte is, wherever it stands.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from engine.packs.demotions import last_of, restored
from engine.packs.release import Release, digest_of, seal, unseal
from engine.signing import DEMOTION, RELEASE, approval_fault, signature_in, verifies, written

FORMAT: Final = "lexgate-signed-release/1"
MEDIA_TYPE: Final = "application/vnd.lexgate.signed-release+json"
MAX_BYTES: Final = 64 * 1024 * 1024
"""The law of the world has some 10 MB."""
_KEYS: Final = ("format", "publisher", "release", "signature", "statement")


class EnvelopeRefused(ValueError):
    """The file is not taken; the message says why."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A publisher's signature under a statement about a release."""

    publisher: bytes
    statement: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Envelope:
    """A release with what proves it."""

    release: Release
    signed: Signed
    draft: str
    """The publisher's own name of the draft that it was made of."""


def pack(canonical: bytes, signed: Signed) -> bytes:
    """The file of a release."""
    body = {
        "format": FORMAT, "publisher": signed.publisher.hex(), "release": canonical.decode(),
        "signature": written(signed.signature), "statement": signed.statement.decode(),
    }  # fmt: skip
    return _compact(body)


def unpack(content: bytes, trusted: frozenset[bytes]) -> Envelope:
    """The release of a file, if one of the trusted keys signed it as it stands. Raises EnvelopeRefused."""
    if len(content) > MAX_BYTES:
        raise EnvelopeRefused(f"it has more than {MAX_BYTES} bytes")
    try:
        body = json.loads(content)
        told = [body[key] for key in _KEYS]
        publisher = bytes.fromhex(told[1])
        signed = Signed(publisher, told[4].encode(), signature_in(told[3]))
        canonical = told[2].encode()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise EnvelopeRefused("it is no signed release, or a part of one") from error
    if told[0] != FORMAT or _compact(body) != content:
        raise EnvelopeRefused("it is not spelt as a signed release is: a byte was changed")
    fault = fault_of(signed, canonical, trusted)
    if fault is not None:
        raise EnvelopeRefused(fault)
    said = json.loads(signed.statement)
    return Envelope(Release(said["digest"], canonical, said["version"]), signed, said.get("draft", ""))


def fault_of(signed: Signed, canonical: bytes, trusted: frozenset[bytes]) -> str | None:
    """Why a release is not what its publisher signed; None: it is, and one of these keys did."""
    if signed.publisher not in trusted:
        return f"the publisher's key {signed.publisher.hex()} is not among those that are trusted here"
    if not verifies(signed.publisher, signed.statement, signed.signature):
        return "the publisher's signature is false"
    try:
        said = json.loads(signed.statement)
        files, version = unseal(canonical)
        true = (digest_of(canonical), version)
        if said["format"] not in (RELEASE, DEMOTION) or (said["digest"], said["version"]) != true:
            return "the statement is one about another release"
        if said["format"] == DEMOTION:
            return _demotion_fault(said, files, version, trusted)
        return _approvals_fault(said, signed.publisher)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return "the statement is not of the form of one"


def unsigned_base(signed: Signed) -> str | None:
    """Of a release that a circuit breaker made: the digest of what it was made of in the end, where nobody signed that. It must
    have come with the software. None: somebody signed it. For statements without a fault only."""
    said = json.loads(signed.statement)
    if said["format"] != DEMOTION or said["proof"] is not None:
        return None
    return str(said["held_back"][0]["base"])


def _demotion_fault(said: dict[str, Any], files: dict[str, str], version: str, trusted: frozenset[bytes]) -> str | None:
    """Why a release is not another one with one rule held back, of which somebody who is trusted knew."""
    base: Release | None = None
    for held in reversed(said["held_back"]):
        one = last_of(files, held["pack"], held["rule"])
        found = () if one is None else restored(files, one)
        sealed = ((before, seal(before, version)) for before in found)
        files, base = next(((text, made) for text, made in sealed if made.digest == held["base"]), (files, None))
        if base is None:
            return "it is not the release that it says it was made of with one rule held back"
    if base is None:
        return "it holds no rule back"
    proof = said["proof"]
    if proof is None:
        return None
    if json.loads(proof["statement"])["format"] != RELEASE:
        return "what it was made of was put in force by nobody"
    public, signature = bytes.fromhex(proof["publisher"]), signature_in(proof["signature"])
    return fault_of(Signed(public, proof["statement"].encode(), signature), base.canonical, trusted)


def _approvals_fault(said: dict[str, Any], publisher: bytes) -> str | None:
    approvals, draft, digest = said["approvals"], said["draft"], said["digest"]
    for one in approvals:
        fault = approval_fault(one, draft, digest, publisher)
        if fault is not None:
            return fault
    persons = {one["approver"] for one in approvals}
    if said["emergency"] is not True and len(persons) < max(said["required"], 1):
        return f"{len(persons)} persons approved it, and {said['required']} must have"
    return None


def _compact(body: dict[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "surrogatepass")
