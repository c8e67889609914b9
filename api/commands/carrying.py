"""`lexgate releases export | import`: releases of the law carried to sites that no network reaches, as signed files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from api.commands.console import Json, give_up, say, show_json
from api.commands.ledger import opened, settings
from api.service import utc_now
from api.signing_keys import KeyRefused, SigningKeys, base_fault, came_with_software, carried, read_public, signed_of
from engine.ledger import ReleaseSignature
from engine.packs import PackError, PackSet
from engine.packs.envelope import MAX_BYTES, Envelope, EnvelopeRefused, pack, unpack
from engine.packs.release import digest_of

Digest = Annotated[str, typer.Argument(metavar="DIGEST", help="sha256:..., with or without its prefix.")]
File = Annotated[Path, typer.Argument(metavar="FILE", help="The signed file.")]
Trust = Annotated[
    list[str] | None,
    typer.Option("--trust", metavar="KEY", help="A publisher's public key: 64 hexadecimal digits, or a file."),
]
By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who brings it: an API key, or a person's name.")]


def export(digest: Digest, file: File, json: Json = False) -> None:
    """Write a release that was put in force here into one signed file. The same release is the same bytes every time."""
    full = digest if digest.startswith("sha256:") else f"sha256:{digest}"
    with opened() as ledger:
        stored = ledger.release(full)
        if stored is None or digest_of(stored.canonical) != full:
            give_up(f"there is no release {full} in this ledger")
        signatures, leaves = ledger.signatures.of(full), carried(ledger, full)
    if not signatures:
        give_up(f"nobody signed the release {full}: it came with the software, or is not in force yet")
    if not leaves:
        give_up(f"nobody has put the release {full} in force: it was tried only")
    content = pack(stored.canonical, signed_of(signatures[0]))
    try:
        file.write_bytes(content)
    except OSError as error:
        give_up(f"{file}: {error.strerror}")
    told = {"digest": full, "version": stored.version, "file": str(file), "bytes": len(content)}
    told["publisher"] = signatures[0].public_key.hex()
    _tell(told, f"{file}: release {stored.version} {full}, signed by {told['publisher']}", json=json)


def bring_in(file: File, trust: Trust = None, by: By = "cli", json: Json = False) -> None:
    """Keep the release of a signed file. It is in force once another person activates it. Nothing is kept of a file that is
    damaged, or signed by a key that is not trusted."""
    try:
        trusted = SigningKeys(settings()).trusted | read_public(trust or [])
        found = _unpacked(file, trusted)
    except KeyRefused as error:
        give_up(str(error))
    except EnvelopeRefused as error:
        give_up(f"{file} is not taken: {error}")
    try:
        PackSet.from_canonical(found.release.canonical)
    except PackError as error:
        give_up(f"{file}: this version cannot read its packs:", *(str(problem) for problem in error.problems))
    release, signed = found.release, found.signed
    kept = ReleaseSignature(release.digest, found.draft, signed.publisher, signed.statement, signed.signature)
    with opened() as ledger:
        fault = base_fault(signed, came_with_software(ledger))
        if fault is not None:
            give_up(f"{file} is not taken: {fault}")
        ledger.signatures.take_in(release, kept, by, utc_now())
    told = {
        "digest": release.digest,
        "version": release.version,
        "publisher": signed.publisher.hex(),
        "imported_by": by,
    }
    said = f"kept: release {release.version} {release.digest}. Another person puts it in force:"
    _tell(told, f"{said} POST /v1/releases/{release.digest}/activate", json=json)


def _unpacked(file: Path, trusted: frozenset[bytes]) -> Envelope:
    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        give_up(f"{file}: {error.strerror}")
    return unpack(content, trusted)


def _tell(told: dict[str, Any], sentence: str, *, json: bool) -> None:
    if json:
        show_json(told)
    else:
        say(sentence)
