"""Makes one process after another that reads publications until it is killed: `ingest_victims.py URL`.

Each line that comes in starts one; its number goes out. They are forked, so that fifty deaths do not cost as many imports.
"""

import os
import sys
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from api.ids import DecisionIds
from api.service import utc_now
from engine.changes import Evidence, Read
from engine.ledger import Ledger, Occasion, StoredItem
from ingest.directory import Form, Source
from ingest.fetch import Manners
from ingest.understood import Understood
from ingest.working import Worker

RELEASE = "sha256:" + "ab" * 32
SOURCES = {
    name: Source(
        name, "BE", name, ("other",), f"https://law.example/{name}", Form.FEED, "en", watch=True, noise=False, confidence="B",
        found_in="", note="", manners=Manners(),
    )
    for name in ("be-fin-1", "be-gov-1", "be-law-1")
}  # fmt: skip


class Reader:
    """Two of three are changes; of those every other one can be drafted. Another publisher may say the same."""

    def understand(self, item: StoredItem, _source: Source, /) -> Understood:
        number = int(item.body["text"].partition(" ")[0])
        relevant = number % 3 != 0
        sentence = f"Threshold {number} applies from 1 March 2027."
        read = Read(
            item.body["title"], "adopted" if relevant else "irrelevant", "BE", ("aml",), "threshold", date(2027, 3, 1),
            draftable=number % 2 == 0, evidence=(Evidence(f"{number}", sentence),),
        )  # fmt: skip
        body = {"reading": {"text": item.body["text"]}, "spans": []}
        return Understood(
            read, 0.9 if relevant else 0.1, relevant, "reader-1", RELEASE, item.body["text"], body, (str(number),)
        )


def worker(ledger: Ledger, name: str) -> Worker:
    """As small steps as can be: the more of them, the more places to die in."""
    cases = DecisionIds(kind="case_")
    return Worker(
        ledger.feeds, ledger.readings, ledger.changes, SOURCES, Reader(), utc_now,
        lambda: Occasion(utc_now(), RELEASE, cases), name, lease=timedelta(milliseconds=20), at_once=3,
    )  # fmt: skip


def work(url: str) -> None:
    """Work for ever, and silently: what this process says is read as numbers of victims."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    one = worker(Ledger.open(url), f"ing_{os.getpid()}")
    while True:
        one.once()


def main(url: str) -> None:
    """One victim for each line."""
    for _ in sys.stdin:
        victim = os.fork()
        if victim == 0:
            work(url)
        sys.stdout.write(f"{victim}\n")
        sys.stdout.flush()
        os.waitpid(victim, 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
