"""How a conflict stands in a file until a person has settled it: ours as comments above theirs, which holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from engine.packs.lint.codes import CODES
from engine.packs.problems import Problem, Spot

_BEGIN, _MIDDLE, _END = "<<<<<<<", "=======", ">>>>>>>"
_MARK: Final = re.compile(r"^\s*(?:# )?(<{7}|={7}|>{7})(?: conflict (\d+))?(?:[ :].*)?$")


@dataclass(frozen=True, slots=True)
class Standing:
    """A mark in a file. `number`: of the conflict; None for one that another tool has left."""

    file: str
    line: int
    number: int | None


def marked(number: int, ours: str | None, theirs: str | None) -> str:
    """The text of an entry on which the sides do not agree: theirs holds, ours stands above it as comments."""
    model = theirs or ours or ""
    pad = re.match(r"\s*?( *)(?=\S|$)", model).group(1)  # type: ignore[union-attr]
    mine = "".join(f"{pad}# {line.rstrip()}".rstrip() + "\n" for line in (ours or "").splitlines() if line.strip())
    said = "is this" if ours else "has taken this out"
    below = "below" if theirs else "nothing"
    lead = f"{pad}# {_BEGIN} conflict {number}: here it {said}\n{mine}{pad}# {_MIDDLE} conflict {number}: there it is {below}\n"
    text = theirs or ""
    return f"{lead}{text}{'' if text.endswith(chr(10)) or not text else chr(10)}{pad}# {_END} conflict {number}\n"


def conflicts_standing(files: Mapping[str, str]) -> Iterator[Problem]:
    """What a check says of each mark."""
    known = CODES["draft-conflict"]
    for one in standing_marks(files):
        said = "A conflict stands here." if one.number is None else f"Conflict {one.number} stands here."
        yield Problem(known.code, Spot(one.file, one.line, 1), said, known.remedy, known.severity)


def standing_marks(files: Mapping[str, str]) -> Iterator[Standing]:
    """Every mark that stands in these files, in the order of their paths and lines."""
    for path in sorted(files):
        if not any(mark in files[path] for mark in (_BEGIN, _MIDDLE, _END)):
            continue
        for line, text in enumerate(files[path].splitlines(), start=1):
            found = _MARK.match(text)
            if found:
                yield Standing(path, line, int(found.group(2)) if found.group(2) else None)
