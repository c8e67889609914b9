"""The client for asyncio. What lies in `_sync` is made of it by scripts/unasync.py."""
