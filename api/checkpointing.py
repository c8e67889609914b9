"""Signed checkpoints of the chain, day by day, and their copies outside the database."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from api.beside import Beside
from api.logs import logger
from engine.ledger import Checkpoint, Ledger, LedgerError
from engine.signing import SigningKey

LOOK_SECONDS: Final = 60.0
"""Between two looks whether one is due."""
_log = logger("lexgate.checkpoints")


def copy_out(checkpoint: Checkpoint, folder: Path) -> Path:
    """The file of a checkpoint, whole or not at all. One that is there with the same name is left alone. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / checkpoint.name
    if not path.exists():
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        draft.write_bytes(checkpoint.file())
        draft.replace(path)
    return path


def checkpoint_now(
    ledger: Ledger, key: SigningKey, at: datetime, folder: Path | None, *, apart: timedelta = timedelta(0)
) -> Checkpoint | None:
    """Sign where the chain ends, and copy out whatever is not out yet. None: nothing was due. Raises LedgerError, OSError."""
    made = ledger.checkpoints.make(key, at, apart=apart)
    if folder is not None:
        for one in ledger.checkpoints.all():
            copy_out(one, folder)
    return made


class Checkpointer(Beside):
    """A thread that makes one whenever it is due. Several processes may: the ledger makes one."""

    def __init__(
        self, ledger: Ledger, key: SigningKey, folder: Path | None, apart: timedelta, clock: Callable[[], datetime]
    ) -> None:
        super().__init__("lexgate-checkpoints")
        self._ledger, self._key, self._folder, self._apart, self._clock = ledger, key, folder, apart, clock

    def look(self) -> Checkpoint | None:
        """Make one if it is due. None: it is not, or it could not be made, which the log says."""
        try:
            made = checkpoint_now(self._ledger, self._key, self._clock(), self._folder, apart=self._apart)
        except (LedgerError, OSError) as error:
            _log.error("checkpoint_not_made", reason=str(error))
            return None
        if made is not None:
            _log.info("checkpoint_made", head=str(made.head))
        return made

    def _run(self) -> None:
        self.look()
        while not self._stop.wait(LOOK_SECONDS):
            self.look()
