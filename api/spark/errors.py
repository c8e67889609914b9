"""What can go wrong with a cluster."""

from __future__ import annotations


class SparkTrouble(RuntimeError):
    """A cluster that cannot be used, or did not do its work. As text: what is wrong, and what to do."""
