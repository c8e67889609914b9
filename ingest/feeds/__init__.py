"""What was fetched, as items: whatever form a source has, one shape comes out, and each publication once."""

from ingest.feeds.items import Item
from ingest.feeds.reading import Adapter, Read, Unreadable, read

__all__ = ["Adapter", "Item", "Read", "Unreadable", "read"]
