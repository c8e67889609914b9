"""From what was read of a publication to the very parameters, rates, lists and rules that it would change."""

from ingest.link.index import Index, index_of
from ingest.link.linker import Linker
from ingest.link.target import Entry, Held, Link, Reason, Target, TargetKind

__all__ = ["Entry", "Held", "Index", "Link", "Linker", "Reason", "Target", "TargetKind", "index_of"]
