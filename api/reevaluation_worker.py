"""`python -m api.reevaluation_worker FOLDER`: one ordered re-evaluation. As `api.backtest_worker`, it gives way."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from api.backtest_worker import at_work, tell
from api.backtesting import Progress
from api.logs import configure, hooks
from api.master_key import MasterKey
from api.reevaluating import reevaluate
from api.reevaluations import asked_in, done
from api.settings import read_settings
from engine.backtest import Watch
from engine.ledger import Ledger


def main(arguments: list[str]) -> int:
    """Do what the folder orders. 0 where it is done or stopped, 1 where it failed."""
    where = Path(arguments[0])
    return at_work(where, lambda watch: _work(where, watch))


def _work(where: Path, watch: Watch) -> None:
    asked = asked_in(where)
    settings = read_settings()
    with Ledger.open(settings.database) as ledger:
        MasterKey(settings).unlock(ledger)
        body = reevaluate(asked, ledger, where.parents[1], watch)
    done(where, body, datetime.now(UTC))
    tell(Progress("done", payments=body["decisions"]["evaluated"]))


if __name__ == "__main__":
    configure("warning")
    hooks()
    sys.exit(main(sys.argv[1:]))
