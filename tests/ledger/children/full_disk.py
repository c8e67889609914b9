"""Writes, forbids itself to let any file grow, writes in vain, allows it again, writes: `full_disk.py FOLDER`."""

import json
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from engine.ledger import Ledger, LedgerError
from tests.ledger.factories import entry, store


def attempt(ledger: Ledger, size: int) -> str:
    """Store one decision and tell what became of it."""
    try:
        return type(store(ledger, entry(answer=bytes(size)))[0]).__name__
    except LedgerError as error:
        return type(error).__name__


def main(folder: Path) -> dict[str, object]:
    """The story."""
    told: dict[str, object] = {}
    with Ledger.open(f"sqlite:///{folder / 'ledger.db'}") as ledger:
        told["before"] = [attempt(ledger, 10) for _ in range(5)]
        largest = max(file.stat().st_size for file in folder.iterdir())
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, hard))
        told["during"] = [attempt(ledger, largest + 2_000_000) for _ in range(3)]
        told["trouble"] = ledger.health().trouble
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        end = time.monotonic() + 20
        while not ledger.health().ok and time.monotonic() < end:
            time.sleep(0.05)
        told["mended"] = ledger.health().ok
        told["after"] = [attempt(ledger, 10) for _ in range(5)]
    return told


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]))))
