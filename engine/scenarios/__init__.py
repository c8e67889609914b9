"""Scenarios: what in a subject's past payments an officer should look at, found, explained, and told as alerts."""

from engine.scenarios.evaluate import Examined, Looked, Means, Scenarios, evaluate, evaluate_all, examine, look
from engine.scenarios.event import Event, Subject, concerns, subjects_of

__all__ = [
    "Event",
    "Examined",
    "Looked",
    "Means",
    "Scenarios",
    "Subject",
    "concerns",
    "evaluate",
    "evaluate_all",
    "examine",
    "look",
    "subjects_of",
]
