"""The cage of durable_rules: a process of its own, asked over a pipe with a deadline, replaced when it dies or dawdles."""

from api.sequence_worker.choice import NoSequenceEngine, chosen_matcher
from api.sequence_worker.matcher import DurableMatcher

__all__ = ["DurableMatcher", "NoSequenceEngine", "chosen_matcher"]
