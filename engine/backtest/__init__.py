"""A candidate release against the active one, over past payments: what would have been answered otherwise."""

from engine.backtest.answered import NOT_REPLAYED, Answered, answered_otherwise, compare_answered
from engine.backtest.compare import Compared, LeftOut, Releases, Stored, compare_payments, compare_stored
from engine.backtest.evaluate import Bench, evaluate_batch, one_by_one
from engine.backtest.markdown import markdown
from engine.backtest.payments import LABEL, ROW, Payments, payments_of
from engine.backtest.result import Source, result
from engine.backtest.run import NOBODY, Chunk, Kept, NothingKept, Stopped, Watch, count, identity, tally_of
from engine.backtest.shadow import differing, joined
from engine.backtest.source import BadTable, read_table
from engine.backtest.tally import Tally, nothing, tally, together

__all__ = [
    "LABEL", "NOBODY", "NOT_REPLAYED", "ROW", "Answered", "BadTable", "Bench", "Chunk", "Compared", "Kept", "LeftOut",
    "NothingKept", "Payments", "Releases", "Source", "Stopped", "Stored", "Tally", "Watch", "answered_otherwise",
    "compare_answered", "compare_payments", "compare_stored", "count", "differing", "evaluate_batch", "identity", "joined",
    "markdown", "nothing", "one_by_one", "payments_of", "read_table", "result", "tally", "tally_of", "together",
]  # fmt: skip
