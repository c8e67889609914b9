"""The bill of materials (CycloneDX 1.6) of what is installed where Lexgate runs, from its lock file: scripts/bill.py [FILE].

The same bytes for the same lock file. Each component has its package URL and the SHA-256 of every file that may be installed for it.
"""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path
from typing import Any, Final

from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

ROOT: Final = Path(__file__).resolve().parents[1]
INDEX: Final = "https://pypi.org/simple"


class Locked:
    """A line of the lock file, its hashes, and who asks for it."""

    def __init__(self, line: str) -> None:
        said, _, marker = line.rstrip("\\ ").partition(";")
        self.name, _, self.version = said.strip().partition("==")
        self.marker = marker.strip()
        self.hashes: list[str] = []
        self.asked_by: list[str] = []


def locked(text: str) -> list[Locked]:
    """The releases of a lock file as uv writes it. Raises ValueError for a line that is something else."""
    found: list[Locked] = []
    for line in text.splitlines():
        plain = line.strip()
        if line[:1].isalnum():
            found.append(Locked(line))
            if not found[-1].version:
                raise ValueError(f"a release without its version: {plain}")
        elif plain.startswith("--hash=sha256:"):
            found[-1].hashes.append(plain.removeprefix("--hash=sha256:").rstrip("\\ "))
        elif plain.startswith("#"):
            who = plain.removeprefix("#").strip().removeprefix("via").strip()
            if found and who:
                found[-1].asked_by.append(who.partition(" ")[0])
        elif plain:
            raise ValueError(f"no line of a lock file: {plain}")
    return found


def bill(text: str, name: str, version: str) -> str:
    """The bill, as JSON."""
    bom, parts = Bom(), {}
    root = Component(name=name, version=version, type=ComponentType.APPLICATION, bom_ref=name)
    bom.metadata.component = root
    releases = locked(text)
    for one in releases:
        where = ExternalReference(
            type=ExternalReferenceType.DISTRIBUTION, url=XsUri(f"{INDEX}/{one.name}/"),
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest) for digest in one.hashes],
        )  # fmt: skip
        purl = PackageURL("pypi", None, one.name, one.version)
        parts[one.name] = Component(
            name=one.name,
            version=one.version,
            type=ComponentType.LIBRARY,
            purl=purl,
            bom_ref=str(purl),
            external_references=[where],
        )
        bom.components.add(parts[one.name])
    for one in releases:
        for who in one.asked_by:
            bom.register_dependency(parts.get(who, root), [parts[one.name]])
    said: dict[str, Any] = json.loads(JsonV1Dot6(bom).output_as_string())
    # When it was made, and a number by chance, would make every bill another one.
    said.pop("serialNumber", None)
    said["metadata"].pop("timestamp", None)
    return json.dumps(said, indent=2, sort_keys=True) + "\n"


def main(named: list[str]) -> None:
    """Write the bill."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    file = Path(named[0] if named else ROOT / "dist" / "lexgate.cdx.json")
    file.parent.mkdir(parents=True, exist_ok=True)
    made = bill((ROOT / "requirements.lock").read_text(), project["name"], project["version"])
    file.write_text(made)
    print(f"{file}: {made.count('pkg:pypi') and len(json.loads(made)['components'])} components")


if __name__ == "__main__":
    main(sys.argv[1:])
