"""A pack file under a person's hands: what it says, what the checker says of it as it is typed, its time lines and its tests."""

from engine.editing.outline import Outline, outline
from engine.editing.running import Ran, run_tests
from engine.editing.timeline import Row, timelines
from engine.editing.typed import Depth, Known, checked, pack_of

__all__ = ["Depth", "Known", "Outline", "Ran", "Row", "checked", "outline", "pack_of", "run_tests", "timelines"]
