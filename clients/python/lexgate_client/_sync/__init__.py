# Made of lexgate_client/_async by scripts/unasync.py: change it there.
"""The client that waits. What lies in `_sync` is made of it by scripts/unasync.py."""
