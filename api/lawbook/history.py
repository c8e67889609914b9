"""Everything that was ever known of a parameter: its values by their days, and by the releases that told them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from api.lawbook.entries import Telling, parameter_told, users_of, values_told
from api.lawbook.reading import Known, chain_of, telling_of
from api.problems import not_found
from api.service import Service
from engine.drafting import Activation, ActivationKind
from engine.packs import PackSet
from engine.packs.compile import compile_domain
from engine.packs.model import DOMAINS, Domain, Parameter

MOST_RELEASES: Final = 20
"""Releases that are looked into, the newest first."""


def history(
    service: Service, known: Known, jurisdiction: str, name: str, day: date, language: str
) -> list[dict[str, Any]]:
    """The parameter in every pack of the place that sets it, the most particular first. Raises Problem where none does."""
    found = []
    for domain in DOMAINS:
        chain = chain_of(known.packs, jurisdiction, domain, day)
        compiled = compile_domain(known.packs.layers, chain, domain, day)
        telling = telling_of(known, compiled, day, language)
        users = users_of(compiled).get(name, [])
        for pack in reversed(compiled.chain):
            part = pack.domains.get(domain)
            if part is None or name not in part.parameters:
                continue
            told = {
                "pack": pack.jurisdiction,
                "place": telling.prose.place(pack.jurisdiction),
                "domain": domain,
                "parameter": parameter_told(telling, pack, part.parameters[name], users),
                "known": _known(service, known, telling, (pack.jurisdiction, domain, name)),
            }
            found.append(told)
    if not found:
        raise not_found("parameter of that place")
    return found


Named = tuple[str, str, str]
"""Pack, domain and parameter."""


def _known(service: Service, known: Known, telling: Telling, named: Named) -> list[dict[str, Any]]:
    """What each release said, the newest first; one that said the same as the one before it is left out."""
    found: list[dict[str, Any]] = []
    said: Any = None
    for digest, since in reversed(_releases(service, known.on)):
        packs = service.packs_of(digest)
        parameter = None if packs is None else _parameter(packs, named)
        if packs is None or parameter is None:
            continue
        values = values_told(_under(telling, packs), packs.packs[named[0]], parameter)
        if values != said:
            found.append(
                {"release": digest, "version": packs.release.version, "since": since.isoformat(), "values": values}
            )
        said = values
    return found[::-1]


def _releases(service: Service, on: date) -> list[tuple[str, datetime]]:
    """The releases that were put in force by that day, the newest first, each once and since its first day."""
    first: dict[str, datetime] = {}
    made: list[Activation] = service.ledger.activations.all()
    cancelled = {one.cancels for one in made}
    for one in sorted(made, key=lambda one: (one.active_from, one.seq)):
        if one.kind is not ActivationKind.CANCELLED and one.seq not in cancelled and one.active_from.date() <= on:
            first.setdefault(one.release, one.active_from)
    newest = sorted(first.items(), key=lambda one: one[1], reverse=True)
    return newest[:MOST_RELEASES]


def _parameter(packs: PackSet, named: Named) -> Parameter | None:
    pack, domain, name = named
    part: Domain | None = packs.packs[pack].domains.get(domain) if pack in packs.packs else None
    return None if part is None else part.parameters.get(name)


def _under(telling: Telling, packs: PackSet) -> Telling:
    return Telling(packs, telling.prose, telling.words, telling.day, telling.today)
