"""`python -m tests.ingest.evaluation [--json FILE]`: reads and links the labelled items and prints how well.

Ends with 2 where the reader is not there.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tests.ingest.evaluation.labelled import SECOND, items
from tests.ingest.evaluation.running import Links, NotThere, linker, reader, run
from tests.ingest.evaluation.telling import text, values


def main(arguments: list[str]) -> int:
    """Prints the report. Returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="eval-ingest", description="Measure reading and linking on the labelled items."
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    asked = parser.parse_args(arguments)
    absent: list[str] = []
    try:
        reads = reader()
    except NotThere as why:
        sys.stderr.write(f"nothing can be measured: {why}\n")
        return 2
    links: Links | None = None
    try:
        links = linker()
    except NotThere as why:
        absent.append(f"links: {why}")
    seen, second = run(items(), reads, links), run(items(SECOND), reads, links)
    sys.stdout.write(text(seen, absent, second))
    if asked.json is not None:
        asked.json.write_text(
            json.dumps(values(seen, absent, second), indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
