"""Money that goes through several hands, looked for over everybody's events: cycles, gathering and scattering, layers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.language.law import Convert
from engine.packs.scenario import SEGMENT, GraphShape, Scenario
from engine.scenarios.cycles import cycles
from engine.scenarios.event import Event
from engine.scenarios.hubs import gather_scatter, scatter_gather
from engine.scenarios.layers import stacked
from engine.scenarios.moves import Move, Traced, moves_of


@dataclass(frozen=True, slots=True)
class Shown:
    """One finding: where it is told, who had part in it, and the payments."""

    hub: str
    parties: tuple[str, ...]
    events: tuple[Event, ...]
    truncated: bool


def look_over(scenario: Scenario, events: Sequence[Event], convert: Convert) -> Iterator[Shown]:
    """Every finding of a graph scenario."""
    by_id = {event.id: event for event in events}
    params = {name: parameter.value(SEGMENT) for name, parameter in scenario.parameters.items()}
    for traced in _traced(scenario, params, moves_of(events, scenario.unit, convert, params["floor"])):
        moves = sorted(traced.moves, key=lambda move: (move.ts, move.id))
        yield Shown(traced.hub, traced.parties, tuple(by_id[move.id] for move in moves), traced.truncated)


def _traced(scenario: Scenario, params: dict[str, int], moves: Sequence[Move]) -> Iterator[Traced]:
    match scenario.shape:
        case GraphShape.CYCLE:
            lengths = params["shortest"], params["longest"]
            yield from cycles(moves, lengths, share=params["share"], span=params["span"])
        case GraphShape.GATHER_SCATTER:
            yield from gather_scatter(moves, params["members"], share=params["share"], span=params["span"])
        case GraphShape.SCATTER_GATHER:
            yield from scatter_gather(moves, params["members"], share=params["share"], span=params["span"])
        case GraphShape.STACKED:
            yield from stacked(moves, params["members"], span=params["span"])
