"""How a command comes to the ledger, the law and the settings; and how it ends where it cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from api.archived import read_archive
from api.commands.console import give_up
from api.law_in_force import started_with
from api.master_key import MasterKey
from api.rehearsal import open_ledger
from api.service import packs_folder, utc_now
from api.settings import Settings, SettingsRefused, read_settings
from api.signing_keys import KeyRefused, SigningKeys
from engine.ledger import Ledger, LedgerError
from engine.packs import PackError, PackSet, load_packs

PacksOf = Callable[[str], PackSet | None]


def settings() -> Settings:
    """The settings of this process."""
    try:
        return read_settings()
    except SettingsRefused as error:
        give_up(*str(error).splitlines())


@contextmanager
def opened(*, test: bool = False) -> Iterator[Ledger]:
    """The ledger that the settings name; or that of test mode."""
    chosen = settings()
    if test and not chosen.test_database:
        give_up("there is no test mode: LEXGATE_TEST_DATABASE names its ledger")
    try:
        with open_ledger(chosen) if test else Ledger.open(chosen.database) as ledger:
            if not test:
                MasterKey(chosen).unlock(ledger)
                read_archive(ledger, chosen)
            yield ledger
    except (LedgerError, SettingsRefused) as error:
        give_up(str(error))


def law(folder: Path | None = None) -> PackSet:
    """The packs of a folder, or those that are served."""
    where = folder or packs_folder(settings())
    if not where.is_dir():
        give_up(f"there is no folder {where}")
    try:
        return load_packs(where)
    except PackError as error:
        give_up(f"the packs in {where} cannot be used:", *(str(problem) for problem in error.problems))


def law_in_force(ledger: Ledger) -> PackSet:
    """The law by which the service answers: what the house put in force, or what came with the software."""
    try:
        return started_with(law(), ledger, utc_now(), SigningKeys(settings()))
    except KeyRefused as error:
        give_up(str(error))


def releases(ledger: Ledger) -> PacksOf:
    """The law of any release that is kept here; that of the folder is read only if it is asked for."""
    today = cache(law)

    def packs_of(digest: str) -> PackSet | None:
        stored = ledger.release(digest)
        if stored is not None:
            return PackSet.from_canonical(stored.canonical)
        return today() if today().release.digest == digest else None

    return packs_of
