"""The other side of a service: test mode, on a ledger of its own under the same law, behind the same address.

Test keys are kept in that ledger and nowhere else, and requests with one are answered there. So nothing of test mode can reach
live counters, history, cases, tax or numbers, whatever is built on them, and no live key is known on the other side.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

import orjson
from sqlalchemy import make_url

from api.logs import logger
from api.settings import Settings, SettingsRefused
from engine.ledger import Ledger, LedgerError, LedgerUnusable
from engine.ledger.keys import TEST_PREFIX
from engine.packs import PackSet

if TYPE_CHECKING:
    from api.service import Service

_log = logger("lexgate.rehearsal")


_LOOKED_AT: Final = 20
"""Newest decisions: one that was erased does not say of which mode it was."""


class WrongSide(LedgerUnusable):
    """The ledger is one of the other mode: what was decided there must not count here."""

    code = "wrong_side"


def open_ledger(settings: Settings, queue_limit: int | None = None) -> Ledger:
    """The ledger of test mode. Raises LedgerError, and SettingsRefused where it is the live one."""
    if _place(settings.test_database) == _place(settings.database):
        raise SettingsRefused("LEXGATE_TEST_DATABASE: test mode needs a ledger of its own")
    ledger = Ledger.open(settings.test_database, queue_limit=queue_limit or settings.queue)
    ledger.keys.prefix = TEST_PREFIX
    return ledger


def _place(url: str) -> tuple[object, ...]:
    """Where a ledger lies, however its address is written."""
    parts = make_url(url)
    if parts.get_backend_name() == "sqlite":
        return (Path(parts.database or "").resolve(),)
    return parts.host, parts.port or 5432, parts.database


def require_side(ledger: Ledger, *, livemode: bool) -> None:
    """Raises WrongSide where the newest decision of a ledger is one of the other mode."""
    if not livemode and ledger.subjects.is_protected:
        # Test mode has no persons to protect, and no master key to read this one with.
        raise WrongSide("This ledger protects personal data: it holds decisions of live mode")
    for newest in ledger.decisions(limit=_LOOKED_AT).data:
        if newest.erased:
            continue
        if (orjson.loads(newest.answer).get("livemode") is not False) is not livemode:
            raise WrongSide(f"This ledger holds decisions of {'test' if livemode else 'live'} mode")
        return


def rehearsal_of(live: Service) -> Service:
    """The service of test mode beside a live one. Raises LedgerError, SettingsRefused."""
    with ExitStack() as unless_opened:
        ledger = unless_opened.enter_context(open_ledger(live.settings))
        require_side(ledger, livemode=False)
        if {one.id for one in ledger.keys.list()} & {one.id for one in live.ledger.keys.list()}:
            raise WrongSide("This ledger has keys of live mode: test mode needs one of its own")
        ledger.remember_release(live.packs.release, live.clock())
        unless_opened.pop_all()
    changed = {
        "database": live.settings.test_database, "test_database": "", "console": "off", "breaker": "off", "vies": "off",
        "oidc_issuer": "",
    }  # fmt: skip
    made = type(live).around(
        live.settings.model_copy(update=changed), live.packs, live.rates, ledger, lambda: live.clock()
    )
    made.livemode = False
    # The same lists, which are only read. Hits are answered and looked at by nobody.
    made.lists, made.screening = None, live.screening
    return made


def follow(rehearsal: Service, packs: PackSet) -> None:
    """Answer tests by the release that answers payments. Where that fails the one before goes on, and the log says so."""
    try:
        rehearsal.ledger.remember_release(packs.release, rehearsal.clock())
        before = rehearsal.law
        rehearsal.put_in_force(rehearsal.prepare(packs, near=before.alone))
    except LedgerError as error:
        _log.error("test_mode_does_not_follow", release=packs.release.digest, reason=str(error))
        return
    if before.scenarios is not rehearsal.law.scenarios:
        before.scenarios.close()
