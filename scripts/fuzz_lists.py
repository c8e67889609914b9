"""Damage lists of every format for some minutes and watch that readers refuse them in our own words, within bounded memory.

    python scripts/fuzz_lists.py --minutes 10 [--seed 1] [--memory 700]

Real lists are damaged too where LEXGATE_FIXTURES leads to them. Ends with 1 at the first file that did something else; it is written
to fuzz-failure-*.txt as the state of its chance, and the line above it names seed and round.
"""

from __future__ import annotations

import argparse
import gzip
import os
import random
import resource
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from engine.screening.lists.formats import FORMATS, HEAD, WHOLE, told_by  # noqa: E402
from engine.screening.lists.ofac_csv import PARTS  # noqa: E402
from engine.screening.lists.registry import policy  # noqa: E402
from tests.screening.fuzzing import Seed, attempt, rounds, samples  # noqa: E402

REAL = {
    "ofac_sdn_2024-05-07.xml.gz": "OFAC-SDN",
    "ofac_sdn_excerpt.xml": "OFAC-SDN",
    "ofac_consolidated_nonsdn_2024-05-06.xml.gz": "OFAC-NONSDN",
    "un_consolidated_2026-02-27.xml.gz": "UN-SC",
    "un_consolidated_excerpt.xml": "UN-SC",
    "eu_fsf_full_1_1_2024-05-13.xml.gz": "EU-FSF",
    "eu_fsf_full_1_1_excerpt.xml": "EU-FSF",
    "eu_fsf_csv_excerpt_2018-07-04.csv.gz": "EU-FSF",
    "uk_sanctions_list_excerpt_2026-09-02.xml": "UK-SL",
    "uk_hmt_conlist_2016-03-23.csv.gz": "UK-OFSI",
    "us_csl_2025-02.csv.gz": "US-CSL",
}
FLAT = ("ofac_nonsdn_legacy_csv_2025-12", ("cons_prim", "cons_add", "cons_alt", "cons_comments"))
WHOLE_LISTS = 4_000_000
"""Larger files are cut to a beginning of this size: a second for each would leave few rounds."""


def real(folder: Path) -> list[Seed]:
    """The real lists in a folder."""
    if not folder.is_dir():
        return []
    found = []
    for name, code in REAL.items():
        content = _bytes(folder / name)[:WHOLE_LISTS]
        found.append(Seed(name, code, told_by(content[:HEAD], policy(code).formats).code, ((WHOLE, content),)))
    flat = tuple((part, _bytes(folder / FLAT[0] / f"{name}.csv.gz")) for part, name in zip(PARTS, FLAT[1], strict=True))
    return [*found, Seed("ofac flat files", "OFAC-NONSDN", "ofac-csv", flat)]


def main() -> int:
    """Run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--memory", type=int, default=700, help="MiB that the process may take in all")
    asked = parser.parse_args()
    written, genuine = (
        samples(),
        real(Path(os.environ.get("LEXGATE_FIXTURES", ROOT.parent / "shared/fixtures")) / "sanctions"),
    )
    # Small files get through more damage in the same time; the real ones have what nobody would write by hand.
    seeds = written * 6 + genuine
    outcomes: dict[str, Counter[str]] = {code: Counter() for code in FORMATS}
    ends, slowest, at = time.monotonic() + 60 * asked.minutes, 0.0, 0
    for seed, damage in rounds(seeds, asked.seed):
        if time.monotonic() > ends:
            break
        state, began = damage.getstate(), time.monotonic()
        try:
            outcomes[seed.format][attempt(seed, damage)] += 1
        except BaseException:
            print(f"seed {asked.seed}, round {at}, {seed.name}: the damage is in fuzz-failure-{at}.txt")
            Path(f"fuzz-failure-{at}.txt").write_text(repr(state))
            raise
        slowest, at = max(slowest, time.monotonic() - began), at + 1
        if memory() > asked.memory:
            print(f"seed {asked.seed}, round {at}, {seed.name}: {memory()} MiB")
            return 1
    for code, found in outcomes.items():
        print(
            f"{code:14} {sum(found.values()):7} "
            + ", ".join(f"{name} {number}" for name, number in found.most_common())
        )
    print(
        f"{at} files damaged in {asked.minutes} min with seed {asked.seed}: no crash; slowest {slowest:.1f} s; {memory()} MiB at most"
    )
    return 0


def memory() -> int:
    """The most that this process ever had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _bytes(path: Path) -> bytes:
    content = path.read_bytes()
    return gzip.decompress(content) if path.suffix == ".gz" else content


if __name__ == "__main__":
    random.seed(0)
    raise SystemExit(main())
