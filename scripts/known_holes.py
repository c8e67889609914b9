"""What pip-audit has found in a lock file: `known_holes.py LOCK FOUND.json`. What nobody was asked about is said, and fails.

pip-audit ends well where the index has no page of a release, as a mirror may: it skips it, and says that no hole is known.
Ends with 0: each release was asked about and has no known hole; 1: at least one has; 3: none has, and not all were asked about.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

NOT_ASKED = 3
_SHOWN = 5


def report(lock: str, found: str) -> tuple[list[str], int]:
    """The lines to show and how to end. `found`: what `pip-audit --format json` wrote. Raises ValueError for anything else."""
    try:
        releases: list[dict[str, Any]] = json.loads(found)["dependencies"]
        skipped = [one["name"] for one in releases if "skip_reason" in one]
        holes = [(one, hole) for one in releases if "skip_reason" not in one for hole in one["vulns"]]
        lines = [
            f"{lock}: {one['name']} {one['version']}: {hole['id']}, mended in {', '.join(hole['fix_versions']) or 'none'}"
            for one, hole in holes
        ]
    except (ValueError, LookupError, TypeError) as error:
        raise ValueError(f"{lock}: this is no report of pip-audit") from error
    lines.append(
        f"{lock}: {len(releases) - len(skipped)} of {len(releases)} releases asked about, {len(holes)} known holes"
    )
    if skipped:
        more = f" and {len(skipped) - _SHOWN} more" if len(skipped) > _SHOWN else ""
        lines.append(
            f"!!! NOT AUDITED: the index has no page of {', '.join(skipped[:_SHOWN])}{more}; nobody knows of their holes."
        )
    return lines, 1 if holes else NOT_ASKED if skipped or not releases else 0


def main(lock: str, found: str) -> int:
    """Print the lines."""
    lines, status = report(lock, Path(found).read_text(encoding="utf-8"))
    print("\n".join(lines))
    return status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
