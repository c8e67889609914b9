"""Changes of law with what each of them means, from `seeded.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from engine.diffs import Verdict
from engine.packs.packset import PackSet
from tests.diffs.releases import Edits, base, edited


@dataclass(frozen=True)
class Seeded:
    """A change: in which release, what is edited first and then, and the verdicts of each subject by its name."""

    story: str
    of: str
    first: Edits
    edits: Edits
    verdicts: dict[str, set[Verdict]]
    text_only: bool
    within: str | None
    """The currency of the payments for which it is proved."""

    def sides(self) -> tuple[PackSet, PackSet]:
        """The releases before and after."""
        return edited(self.of, self.first) if self.first else base(self.of), edited(self.of, (*self.first, *self.edits))


def _edits(found: list[dict[str, str]]) -> Edits:
    return tuple((one["file"], one["old"], one["new"]) for one in found)


def _read(case: dict[str, Any]) -> Seeded:
    said = {name: [one] if isinstance(one, str) else one for name, one in case.get("verdicts", {}).items()}
    verdicts = {name: {Verdict(word) for word in words} for name, words in said.items()}
    first, edits = _edits(case.get("first", [])), _edits(case["edits"])
    of, text_only = case.get("of", "small"), case.get("text_only", False)
    return Seeded(case["story"], of, first, edits, verdicts, text_only, case.get("within"))


SEEDED = [_read(case) for case in yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))]


def seeded(story: str) -> Seeded:
    """The change of that story."""
    (found,) = (one for one in SEEDED if one.story == story)
    return found
