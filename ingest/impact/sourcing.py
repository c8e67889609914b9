"""What a changed value cites: the source that the pack has of the instrument, or a new one of the publication."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from engine.packs.lines import EditRefused, File, clean, flow, key_node, key_of, text_of
from engine.packs.yaml import Mapping
from ingest.impact.model import Proposal
from ingest.link.instruments import keys, plain
from ingest.link.target import Target

_SLUG: Final = re.compile(r"[a-z0-9]+")
_LONGEST: Final = 40


@dataclass(frozen=True, slots=True)
class Sourced:
    """`cite`, `confidence`, `evidence` and `note` of what is written; the manifest, where a source was added to it."""

    cite: dict[str, str]
    confidence: str
    evidence: str
    note: str
    manifest: File | None

    def as_keys(self) -> dict[str, object]:
        """In the order in which packs have them."""
        return {"cite": self.cite, "confidence": self.confidence, "evidence": self.evidence, "note": self.note}


def source_for(proposal: Proposal, manifest: File, target: Target) -> Sourced:
    """Cite the instrument that is named where the pack knows it; else the publication, as a new source.

    The manifest of a pack with members is the file that is edited itself: it is given back all the same.
    """
    at = clean(proposal.provision, 80)
    known = _known(proposal, manifest)
    evidence = evidence_of(proposal)
    note = clean(proposal.sentence)
    if known is not None:
        return Sourced({"source": known, **({"at": at} if at else {})}, proposal.confidence, evidence, note, manifest)
    sources = key_of(manifest.root, "sources")
    if not isinstance(sources, Mapping):
        raise EditRefused(f"{manifest.path} has no sources to add to.")
    again = _same_publication(proposal, sources)
    identity = again or _identity(proposal, sources)
    if again is None:
        last = sources.entries[-1][0]
        manifest.after(manifest.end_of(last), [f"{manifest.lead(last)}{identity}: {flow(_source(proposal))}"])
    return Sourced({"source": identity, **({"at": at} if at else {})}, proposal.confidence, evidence, note, manifest)


def evidence_of(proposal: Proposal) -> str:
    """Where it was read, in the form of packs: `title <url>`."""
    title = clean(proposal.source.title, 160).replace("<", "(").replace(">", ")")
    return title if proposal.source.url is None else f"{title} <{clean(proposal.source.url, 400)}>"


def _known(proposal: Proposal, manifest: File) -> str | None:
    """The source of the instrument that is named, by its number or its name."""
    wanted = keys(proposal.instrument) if proposal.instrument else frozenset()
    sources = key_of(manifest.root, "sources")
    for key, value in sources.entries if isinstance(sources, Mapping) else ():
        if wanted & keys(text_of(value, "title")):
            return key.text
    return None


def _same_publication(proposal: Proposal, sources: Mapping) -> str | None:
    title, url = _source(proposal)["title"], proposal.source.url
    for key, value in sources.entries:
        if text_of(value, "title") == title or (url is not None and text_of(value, "url") == url):
            return key.text
    return None


def _identity(proposal: Proposal, sources: Mapping) -> str:
    words = _SLUG.findall(plain(proposal.instrument or proposal.source.title)) or ["publication"]
    slug = "_".join(words)[:_LONGEST].strip("_")
    base = slug if slug[0].isalpha() else f"publication_{slug}"
    if proposal.published is not None:
        base = f"{base}_{proposal.published:%Y_%m}"
    number, identity = 1, base
    while key_node(sources, identity) is not None:
        number += 1
        identity = f"{base}_{number}"
    return identity


def _source(proposal: Proposal) -> dict[str, str]:
    title = clean(proposal.source.title, 160)
    if proposal.instrument:
        title = f"{clean(proposal.instrument, 120)}; {title}"
    found = {"title": title, "kind": "regulation"}
    if proposal.source.url is not None:
        found["url"] = clean(proposal.source.url, 400)
    if proposal.published is not None:
        found["published"] = proposal.published.isoformat()
    else:
        found["note"] = "date not read"
    return found


__all__ = ["Sourced", "evidence_of", "source_for"]
