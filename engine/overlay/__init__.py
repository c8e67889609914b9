"""A house's own law upon what came with the software: merged entry by entry when the software is upgraded, milder never."""

from engine.overlay.marks import conflicts_standing, standing_marks
from engine.overlay.merge import Merged, merge
from engine.overlay.model import Conflict
from engine.overlay.stricter import milder
from engine.overlay.upstream import upstream_of

__all__ = ["Conflict", "Merged", "conflicts_standing", "merge", "milder", "standing_marks", "upstream_of"]
