"""How the commands speak: answers on standard output, everything else on standard error, one JSON document with --json."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Final, NoReturn

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from api.problems import Problem

DONE: Final = 0
FOUND: Final = 1
"""A check found something."""
WRONG: Final = 2
"""The call was wrong, or something needed is not there."""

out: Final = Console(highlight=False)
err: Final = Console(stderr=True, highlight=False)

Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]


def show_json(value: Any) -> None:
    """Write a document for machines."""
    sys.stdout.write(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode() + "\n")


def give_up(*sentences: str) -> NoReturn:
    """End with what is wrong with the call."""
    for sentence in sentences:
        err.print(f"lexgate: {sentence}", markup=False, style="red", soft_wrap=True)
    raise typer.Exit(WRONG)


def refuse(problem: Problem, *, json: bool) -> NoReturn:
    """End with what a service would have answered, every fault in its place."""
    if json:
        show_json(orjson.loads(problem.body(None, None)))
    else:
        err.print(f"lexgate: {problem.title}. {problem.detail}", markup=False)
        for fault in problem.faults:
            err.print(f"  {fault.pointer or '/'}: {fault.message} [{fault.code}]", markup=False, soft_wrap=True)
    raise typer.Exit(WRONG)


def say(text: str, **options: Any) -> None:
    """A line of an answer, as it is."""
    out.print(text, markup=False, soft_wrap=True, **options)


@contextmanager
def progress(what: str, *, quiet: bool) -> Iterator[Step]:
    """A bar on standard error while something long runs. Only in a terminal, never with --json."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    hidden = quiet or not err.is_terminal
    with Progress(*columns, console=err, transient=True, disable=hidden) as bar:
        task = bar.add_task(what, total=None)

        def step(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield Step(step)


class Step:
    """Moves the bar: `step(done, total)`."""

    def __init__(self, move: Any) -> None:
        self._move = move

    def __call__(self, done: int, total: int) -> None:
        """So many are done, of so many."""
        self._move(done, total)
