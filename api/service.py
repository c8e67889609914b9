"""What a running service holds: the law of one release, exchange rates, the ledger, and who may come in."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from api.auth import Door
from api.bundled import rates_file, rulepacks, samples
from api.fx import read_rates
from api.ids import DecisionIds
from api.merchants import MerchantProfiles
from api.metrics import Metrics
from api.recorded import totals_of
from api.settings import Settings
from api.tax_schemas import Profile
from api.vies import Vies, opened
from engine.decide import plan_of
from engine.features import forms_in, keys_of
from engine.ledger import Ledger, Scope
from engine.money import RateTable
from engine.packs import PackSet, load_packs
from engine.regimes.sca_answer import DOMAIN
from engine.tax.recorder import Totals
from engine.tax.sale import Profiles, unknown_merchant

Clock = Callable[[], datetime]
SAMPLE_MERCHANT = "m-1"
OLD_RELEASES = 4
"""Releases of the past that are kept in memory for replays; one takes some 20 MB."""


def utc_now() -> datetime:
    """The clock of the machine."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Service:
    """The state behind every route. Made once, at the start; what changes in it is named below."""

    settings: Settings
    packs: PackSet
    rates: RateTable
    ledger: Ledger
    door: Door
    metrics: Metrics
    first_key: str | None = None
    """The secret of the key that this start has made, to be shown once."""
    clock: Clock = utc_now
    profiles: Profiles = unknown_merchant
    """Stored merchants; what they were a moment ago."""
    new_id: Callable[[], str] = field(default_factory=DecisionIds)
    new_calculation: Callable[[], str] = field(default_factory=lambda: DecisionIds(kind="calc_"))
    new_transaction: Callable[[], str] = field(default_factory=lambda: DecisionIds(kind="tax_"))
    new_reversal: Callable[[], str] = field(default_factory=lambda: DecisionIds(kind="rev_"))
    new_return: Callable[[], str] = field(default_factory=lambda: DecisionIds(kind="ret_"))
    new_case: Callable[[], str] = field(default_factory=lambda: DecisionIds(kind="onb_"))
    running: set[tuple[str, str]] = field(default_factory=set)
    """Idempotency keys whose first request is not answered yet."""
    vies: Vies | None = None
    """The Union's register of VAT numbers; None: it is off."""
    draining: bool = False
    """About to stop: the balancer should look elsewhere."""
    reads_wait: bool = False
    """Reading history crosses a network, and so must not happen on the event loop."""
    past_keys: frozenset[frozenset[str]] = frozenset()
    """The facts by which the law asks whose past is meant, where it asks for features of past payments at all."""
    _old: OrderedDict[str, PackSet] = field(default_factory=OrderedDict)
    _old_lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def open(cls, settings: Settings, *, clock: Clock = utc_now) -> Service:
        """Read the law, open the ledger, put the release to use. Raises PackError, LedgerError, OSError, RatesRefused."""
        packs = load_packs(packs_folder(settings))
        with ExitStack() as stack:
            ledger = stack.enter_context(Ledger.open(settings.database, clock=clock, queue_limit=settings.queue))
            ledger.remember_release(packs.release, clock())
            rates = current_rates(ledger, settings)
            keep_samples(ledger, settings, clock())
            first_key = _first_key(ledger, settings)
            stack.pop_all()
        warm_up(packs, clock())
        service = cls.around(settings, packs, rates, ledger)
        service.clock, service.first_key = clock, first_key
        return service

    @classmethod
    def around(cls, settings: Settings, packs: PackSet, rates: RateTable, ledger: Ledger) -> Service:
        """The service of parts that are there already."""
        service = cls(settings, packs, rates, ledger, Door(ledger.keys), Metrics(ledger, packs.release.digest))
        service.metrics.rates_until(rates)
        service.reads_wait = not settings.database.startswith("sqlite")
        service.vies = opened(settings, ledger.consultations, lambda: service.clock())
        service.profiles = MerchantProfiles(ledger.merchants)
        forms = forms_in(packs.packs.values())
        if forms:
            ledger.history.keep(forms)
            service.past_keys = keys_of(forms)
        return service

    @property
    def totals(self) -> Totals:
        """What is recorded of merchants' sales, as it is now."""
        return totals_of(self.ledger.taxes, self.rates)

    def close(self) -> None:
        """Store what was accepted, then let go."""
        self.ledger.close()

    def packs_of(self, digest: str) -> PackSet | None:
        """The law of a release that was ever in force here. The first look at an old one takes a second: not for an
        event loop."""
        if digest == self.packs.release.digest:
            return self.packs
        with self._old_lock:
            if digest in self._old:
                self._old.move_to_end(digest)
                return self._old[digest]
            stored = self.ledger.release(digest)
            if stored is None:
                return None
            packs = self._old[digest] = PackSet.from_canonical(stored.canonical)
            while len(self._old) > OLD_RELEASES:
                self._old.popitem(last=False)
            return packs


def packs_folder(settings: Settings) -> Path:
    """The folder of the law: chosen, or the one that came with the software."""
    return settings.rulepacks or rulepacks()


def current_rates(ledger: Ledger, settings: Settings) -> RateTable:
    """The ledger's rates; into an empty ledger the snapshot goes that came with the software."""
    rows = list(ledger.rates())
    if not rows:
        rows = read_rates(rates_file())
        ledger.load_rates(rows)
    return RateTable(rows, max_age_days=settings.fx_max_age_days, publishers=ledger.published.tables())


def keep_samples(ledger: Ledger, settings: Settings, now: datetime) -> None:
    """Into an empty ledger on one laptop goes the merchant that the examples of the documentation sell for."""
    wanted = settings.database.startswith("sqlite") if settings.samples is None else settings.samples
    if wanted and not ledger.merchants.page(limit=1, after=None).data and not ledger.decisions(limit=1).data:
        profile = Profile.model_validate_json((samples() / "tax" / "merchant.json").read_bytes())
        ledger.merchants.put(SAMPLE_MERCHANT, profile.stored(), now, "samples")


def warm_up(packs: PackSet, now: datetime) -> None:
    """Compile today's law of payments wherever there is any, and tomorrow's: no first caller waits for it. Places about which
    only other domains speak share the law of the world."""
    speaking = [pack for pack in packs.packs.values() if DOMAIN in pack.domains]
    places = {pack.jurisdiction for pack in speaking if len(pack.jurisdiction) == len("DE")}
    places |= {member.place for pack in speaking for member in pack.members}
    for day in (now.date(), now.date() + timedelta(days=1)):
        for place in sorted(places):
            plan_of(packs.law(place, DOMAIN, day))
    for language in packs.languages:
        packs.words(language)


def _first_key(ledger: Ledger, settings: Settings) -> str | None:
    """Make the key that was asked for, or a first one where there is none. Returns the secret of the latter."""
    if settings.bootstrap_key is not None:
        ledger.keys.create(Scope, "bootstrap", settings.bootstrap_key.get_secret_value())
        return None
    if ledger.keys.list():
        return None
    _, secret = ledger.keys.create(Scope, "first")
    return secret
