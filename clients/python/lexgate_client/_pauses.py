"""How each client waits between two tries."""

from __future__ import annotations

import asyncio
import time


async def async_sleep(seconds: float) -> None:
    """Let others work meanwhile."""
    await asyncio.sleep(seconds)


def sleep(seconds: float) -> None:
    """Wait."""
    time.sleep(seconds)
