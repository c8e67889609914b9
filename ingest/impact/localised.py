"""Data that must be kept in the country: a row of the register of localisation, and the rule that decides by it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from engine.packs.model import Pack
from ingest.impact.model import Action, Direction, Proposal
from ingest.impact.occasion import Occasion
from ingest.link.instruments import plain
from ingest.link.target import Target, TargetKind
from ingest.link.words import Told
from ingest.read.model import Reading, Span
from ingest.read.sentences import sentence_around

ONLY: Final = "local_only"
COPY: Final = "local_copy"
PAYMENT: Final = "localisation_payment_data"
"""The parameter of payment data; a pack that has none gets one."""
CLASSES: Final = ("payment_credential", "transaction_record")
"""What payment data are, as payments state it."""
_ONLY: Final = re.compile(
    r"\b(?:only (?:with)?in|exclusively|solely|stored and managed|stored and processed|"
    r"not be (?:stored|transferred|kept) (?:abroad|outside)|"
    r"not leave|prohibit\w*[^.]{0,60}(?:abroad|outside)|must be stored (?:with)?in|shall be stored (?:with)?in|be stored locally|"
    r"be (?:kept|stored|held|hosted)(?: and \w+)? (?:with)?in|unicamente|exclusivamente|uniquement|exclusivement|ausschliesslich|"
    r"harus disimpan di|wajib disimpan|phai luu tru)"
)
_COPY: Final = re.compile(r"\b(?:copy|copies|mirror\w*|replica|copia|copie|kopie|salinan|ban sao)\b|副本|备份")
_HAN_ONLY: Final = re.compile(r"应当在境内存储|境内存储")


def localisation_proposals(occasion: Occasion) -> Iterator[Proposal]:
    """A duty of keeping payment data in the country as a row and a rule; every other one as a task with its nearest row."""
    if not occasion.links or occasion.links[0].target.domain != "residency":
        return
    place = occasion.links[0].target.place
    here = [one for one in occasion.links if one.target.place == place and one.target.domain == "residency"]
    link = next((one for one in here if one.target.name.startswith("localisation")), here[0])
    pack = occasion.release.packs[link.target.place]
    told = Told(occasion.reading.text, [])
    localised = next((told.spans[word] for word in ("localisation", "stored") if word in told.near), None)
    if localised is None:
        return
    form, span = _form(occasion.reading, localised)
    target = _target(pack, link.target, payment={"payment", "data"} <= told.near.keys())
    hindrances = [*occasion.hindrances, *_unclear(pack, target, form, occasion)]
    part = pack.domains["residency"].parameters.get(target.name)
    held = part.at(occasion.effective) if part is not None and occasion.effective is not None else None
    yield occasion.proposal(
        Action.REQUIRE, target, old=str(held.value) if held is not None and held.known else "", new=form, unit="",
        direction=Direction.STRICTER, evidence=[occasion.evidence("duty", span), *occasion.told], hindrances=hindrances,
    )  # fmt: skip


def _target(pack: Pack, found: Target, *, payment: bool) -> Target:
    """The row of payment data; where the pack has none yet, where it would stand."""
    if not payment or (found.kind is TargetKind.PARAMETER and found.name.startswith(PAYMENT)):
        return found
    part = pack.domains["residency"]
    row = part.parameters.get(PAYMENT)
    path, line = (row.spot.file, row.spot.line) if row is not None else (part.files[0], 1)
    return Target(
        pack.jurisdiction, "residency", PAYMENT, TargetKind.PARAMETER, path, line, "localisation payment data"
    )


def _form(reading: Reading, near: Span) -> tuple[str, Span]:
    """Whether the data may be nowhere else, or a copy is enough. The words that say so; the stronger where both are said."""
    around = sentence_around(reading.text, reading.language, near)
    begin, said = around.start, reading.text[around.start : around.end]
    sentence = "".join(one if len(one := plain(char)) == 1 else char for char in said)
    copy, only = _COPY.search(sentence), _ONLY.search(sentence) or _HAN_ONLY.search(sentence)
    if copy is not None:
        return COPY, Span(begin + copy.start(), begin + copy.end())
    if only is not None:
        return ONLY, Span(begin + only.start(), begin + only.end())
    return "", near


def _unclear(pack: Pack, target: Target, form: str, occasion: Occasion) -> Iterator[str]:
    part = pack.domains["residency"]
    if form != ONLY:
        said = (
            "a copy in the country is enough" if form == COPY else "the data may be nowhere else, or a copy is enough"
        )
        yield f"Whether {said}, and of which data, a person must write: the skeleton is {part.files[0]}."
    if target.name != PAYMENT:
        yield f"Of which data it holds is not told; the nearest row is {target.id}."
    ruled = [
        rule.id
        for rule in part.rules
        if rule.effect.kind in ("deny", "local_copy") and all(one in rule.text.text for one in CLASSES)
    ]
    if ruled and target.name == PAYMENT:
        yield f"The pack has rules on payment data already: {', '.join(ruled)}."
    if len(pack.jurisdiction) != 2:
        yield f"{pack.jurisdiction} is no country: where the data must be is not told."
    held = part.parameters.get(PAYMENT)
    if (
        held is not None
        and occasion.effective is not None
        and any(one.start >= occasion.effective for one in held.values)
    ):
        yield f"The pack has a value for {PAYMENT} from {held.values[-1].start} on already."


__all__ = ["CLASSES", "COPY", "ONLY", "PAYMENT", "localisation_proposals"]
