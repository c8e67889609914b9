"""Cases of onboarding beside the chain, against the last event that the chain holds of each."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import text

from engine.ledger._database import Connection, Database
from engine.ledger.onboarding import BODY

_CASES: Final = text("SELECT id, number, state, created_at, updated_at, body FROM onboarding_case ORDER BY id")


class Cases:
    """What the chain says of each case, heard row by row."""

    def __init__(self, connection: Connection, database: Database) -> None:
        self._connection = connection
        self._stored = database.worded(_CASES)
        self._said: dict[str, tuple[int, tuple[Any, ...]]] = {}

    def hear(self, columns: dict[str, Any]) -> None:
        """Take in an event."""
        case_id, at = columns["case_id"], columns["at"]
        known = self._said.get(case_id)
        begun = at if known is None else known[1][2]
        vouched = json.loads(columns["payload"]).get(BODY)
        self._said[case_id] = columns["seq"], (columns["number"], columns["to_state"], begun, at, vouched)

    def fault(self) -> tuple[int, str, str] | None:
        """The first case that is not as its last event left it: the row of that event, table, what is wrong. None: all are."""
        said = dict(self._said)
        cursor = self._connection.execute(self._stored)
        while (row := cursor.fetchone()) is not None:
            case_id, number, state, created_at, updated_at, body = row
            seq, wanted = said.pop(case_id, (0, ()))
            digest = sha256(body if isinstance(body, bytes) else b"").hexdigest()
            if (number, state, created_at, updated_at, digest) != wanted:
                return seq, "onboarding_case", f"the case {case_id} is not as its last event left it"
        if said:
            case_id = min(said)
            return said[case_id][0], "onboarding_case", f"the case {case_id} is missing"
        return None
