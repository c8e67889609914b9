"""The engine of sequences under the address sanitizer, against the reference matcher; in one process, so that a fault is a report.

    scripts/sequences/build build/durable asan
    ASAN_OPTIONS=detect_leaks=0 LD_PRELOAD=$(gcc -print-file-name=libasan.so) \
        PYTHONPATH=build/durable:. .venv/bin/python scripts/sequences/differential.py 2000
"""

from __future__ import annotations

import sys
from random import Random

from api.sequence_worker.caged import Engine
from bench.sequences import shipped
from engine.scenarios.durable import handed, ruleset
from engine.scenarios.reference import REFERENCE
from tests.scenarios.windows import random_window


def main(windows: int) -> int:
    """Compare every match of so many windows. Nought where all agree."""
    plans, dice, differed = shipped().plans, Random(1), 0  # noqa: S311  drawn again each time
    engine = Engine(ruleset(plans))
    for turn in range(windows):
        plan = plans[turn % len(plans)]
        facts = random_window(plan, dice)
        found = {tuple(sorted(int(name[1:]) for name in ids)) for ids in engine.look(handed(plan, facts))}
        differed += found != REFERENCE.all(plan, facts)
    print(f"{windows} windows, {differed} differ")
    return int(differed > 0)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000))
