"""Lines of a batch, to and fro."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import RootModel

from lexgate_client._calls import Answered
from lexgate_client._decision import BatchLine, Decision
from lexgate_client._transaction import Transaction
from lexgate_client._wire import encode, read
from lexgate_client.errors import Problem, UnexpectedAnswer


class _Line(RootModel[Decision | Problem]):
    """Neither has all that the other needs: a line is one of them, or not understood."""


def lines_of(transactions: Sequence[Transaction]) -> bytes:
    """One line each."""
    if not transactions:
        raise ValueError("At least one payment is wanted")
    return b"\n".join(map(encode, transactions))


def told(answered: Answered, wanted: int, *, is_test: bool) -> list[BatchLine]:
    """One line each, in their order. Raises UnexpectedAnswer where not every line was answered."""
    lines = [line for line in answered.body.split(b"\n") if line.strip()]
    if len(lines) != wanted:
        raise UnexpectedAnswer(f"{len(lines)} of {wanted} lines were answered", answered.meta)
    return [_line(line, number, answered, is_test) for number, line in enumerate(lines, 1)]


def _line(line: bytes, number: int, answered: Answered, is_test: bool) -> BatchLine:
    found = read(line, _Line, answered.meta).root
    if isinstance(found, Problem):
        return BatchLine(number=number, problem=found)
    if found.livemode is is_test:
        raise UnexpectedAnswer("An answer of test mode to a live key, or the other way round", answered.meta)
    return BatchLine(number=number, decision=found)
