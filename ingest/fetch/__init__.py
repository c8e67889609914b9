"""Getting what a source publishes: politely, within limits, from public places only. Nothing here reads what it got."""

from ingest.fetch.client import Asked, Fetched, Fetcher, Missed, Unchanged
from ingest.fetch.faults import Fault
from ingest.fetch.manners import Manners, next_try
from ingest.fetch.targets import PUBLIC, Targets

__all__ = ["PUBLIC", "Asked", "Fault", "Fetched", "Fetcher", "Manners", "Missed", "Targets", "Unchanged", "next_try"]
