"""What a running service holds: the law of one release, exchange rates, the ledger, and who may come in."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from api.archived import read_archive
from api.auth import Door
from api.breaker import Breaker
from api.bundled import rulepacks, samples
from api.by_day import ByDay
from api.canary import Fall
from api.canary_sides import Sides
from api.checkpointing import Checkpointer
from api.compared import Compared
from api.current_rates import current_rates
from api.delivering import Deliverer, Parts
from api.delivery_metrics import DeliveryNumbers
from api.denials import Denials
from api.destinations import destinations_of
from api.everybody import EvaluateGraphs
from api.ids import DecisionIds
from api.indexing import Indexer
from api.law_in_force import LawInForce, Preparing, started_with, warm_up
from api.law_watch import LawWatch
from api.lists_in_force import ListsInForce
from api.logs import logger, places
from api.lookout import Watch
from api.master_key import MasterKey
from api.merchants import MerchantProfiles
from api.metrics import Metrics
from api.minutes import Minutes
from api.monitoring import Background, Evaluate, Monitor, no_scenarios
from api.nightly import Nightly
from api.openid import OpenId
from api.pace import Pace
from api.past_payments import Backtests
from api.posting import Poster, targets_for
from api.rates import Rates
from api.record_metrics import Record, Stale
from api.recorded import totals_of
from api.reevaluations import Reevaluations
from api.rehearsal import follow, rehearsal_of, require_side
from api.retaining import Eraser, Retention, Terms, eraser_of
from api.retention_metrics import RetentionNumbers
from api.retention_worker import RetentionClock
from api.scenario_watch import ScenarioWatch
from api.screening import Screening, screening_of
from api.settings import Settings
from api.shadowing import ShadowWorker, Sums
from api.shedding import Load
from api.signing_keys import SigningKeys
from api.staleness import Ages, table_of
from api.tax_schemas import Profile
from api.time_limits import Deadlines
from api.tracing import Tracing, tracing_of
from api.trial_metrics import Trials as TrialNumbers
from api.turns import Turn
from api.understanding import recent, shipped_understanding
from api.upgrading import offer, waiting
from api.verifying import Verifications
from api.vies import Vies, opened
from engine.alerts import Alert
from engine.ledger import KeySession, Ledger, Occasion, Scope, SignedIn, Told
from engine.money import RateTable
from engine.packs import PackSet, load_packs
from engine.packs.release import unseal
from engine.retention import Policy
from engine.scenarios.evaluate import graph_reach
from engine.tax.recorder import Totals
from engine.tax.sale import Profiles, unknown_merchant
from engine.trials import Trial
from ingest.working import Redraft

Clock = Callable[[], datetime]
_log = logger("lexgate.service")
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
    law: LawInForce
    """Replaced as a whole when another release is put in force: read it once a request."""
    rates: RateTable
    ledger: Ledger
    door: Door
    metrics: Metrics
    prepare: Preparing
    livemode: bool = True
    """False: this is test mode, and answers about no payment."""
    rehearsal: Service | None = None
    """The service of test mode beside this one, on a ledger of its own; None: there is no test mode."""
    first_key: str | None = None
    """The secret of the key that this start has made, to be shown once."""
    openid: OpenId | None = None
    """The house's own provider of sign-ins; None: there is none."""
    first_code: str | None = None
    """The one-time code of the first administrator, whom this start has made, to be shown once."""
    clock: Clock = utc_now
    profiles: Profiles = unknown_merchant
    """Stored merchants; what they were a moment ago."""
    new_id: Callable[[], str] = field(default_factory=DecisionIds)
    new_calculation: Callable[[], str] = field(default_factory=lambda: DecisionIds(kind="calc_"))
    new_transaction: Callable[[], str] = field(default_factory=lambda: DecisionIds(kind="tax_"))
    new_reversal: Callable[[], str] = field(default_factory=lambda: DecisionIds(kind="rev_"))
    new_return: Callable[[], str] = field(default_factory=lambda: DecisionIds(kind="ret_"))
    new_case: Callable[[], str] = field(default_factory=lambda: DecisionIds(kind="onb_"))
    new_screening: Callable[[], str] = field(default_factory=lambda: DecisionIds(kind="scr_"))
    new_clearance: Callable[[], str] = field(default_factory=lambda: DecisionIds(kind="clr_"))
    new_hold: Callable[[], str] = field(default_factory=lambda: DecisionIds(kind="hld_"))
    new_backtest: Callable[[], str] = field(default_factory=lambda: DecisionIds(kind="bt_"))
    new_reevaluation: Callable[[], str] = field(default_factory=lambda: DecisionIds(kind="ree_"))
    new_draft: Callable[[], str] = field(default_factory=lambda: DecisionIds(kind="drf_"))
    new_person: Callable[[], str] = field(default_factory=lambda: DecisionIds(kind="per_"))
    new_trial: Callable[[], str] = field(default_factory=lambda: DecisionIds(kind="trl_"))
    screening: Screening = field(default_factory=Screening)
    """What is asked of the lists; without any, nothing is ever clear."""
    evaluate: Evaluate = no_scenarios
    """What holds the events of a subject against the scenarios."""
    lists: ListsInForce | None = None
    """The lists in force, indexed."""
    rates_of_keys: Rates = field(init=False)
    """How often each key may ask."""
    deadlines: Deadlines = field(default_factory=Deadlines)
    """When each request under way must be done."""
    load: Load = field(init=False)
    """What is in flight, and how much may be."""
    running: set[tuple[str, str]] = field(default_factory=set)
    """Idempotency keys whose first request is not answered yet."""
    vies: Vies | None = None
    """The Union's register of VAT numbers; None: it is off."""
    draining: bool = False
    """About to stop: the balancer should look elsewhere."""
    reads_wait: bool = False
    """Reading history crosses a network, and so must not happen on the event loop."""
    evaluate_graphs: EvaluateGraphs | None = None
    """What holds everybody's payments against the graph scenarios."""
    background: Background | None = None
    """The worker beside this service, where it has one."""
    backtests: Backtests = field(init=False)
    """Back-tests of drafts, each in a process of its own."""
    reevaluations: Reevaluations = field(init=False)
    """Stored decisions asked again, each time in a process of its own."""
    delivering: Deliverer | None = None
    """What delivers alerts; None: they go nowhere."""
    nightly: Nightly | None = None
    """What begins one each night."""
    followers: list[Monitor] = field(default_factory=list)
    """The workers that look at payments afterwards, in this process."""
    shipped: str = ""
    """The digest of what came with the software."""
    master: MasterKey = field(init=False)
    """Under what secrets of the ledger are wrapped."""
    signing: SigningKeys = field(init=False)
    """Who signs here, and who is trusted."""
    indexing: Indexer | None = None
    """What makes decisions findable."""
    checkpointing: Checkpointer | None = None
    """What signs where the chain ends, day by day."""
    switching: LawWatch | None = None
    """What looks whether another release is to be in force."""
    shadowing: Background | None = None
    """The worker that evaluates shadows beside this service, where it has one."""
    compared: Compared = field(default_factory=Compared)
    """What drafts change, as it was asked for a moment ago."""
    sums: Sums = field(init=False)
    """What shadows have counted."""
    sides: Sides | None = None
    """What the running canary and the law beside it have decided, as far as this process has read it."""
    redraft: Redraft | None = None
    """What makes the files of a draft of a change that was read; None: nothing does."""
    minutes: Minutes = field(init=False)
    """Decisions by minute and outcome, of all workers."""
    by_day: ByDay = field(default_factory=ByDay)
    """What is worked out of the whole law, once a day."""
    fallen: deque[Fall] = field(default_factory=deque)
    """Falls of canaries that the watch has not heard of yet."""
    _law_lock: threading.Lock = field(default_factory=threading.Lock)
    """Held by whoever replaces the law; nobody who reads it waits."""
    retention_numbers: RetentionNumbers = field(init=False)
    """Legal holds, and what this process has erased."""
    verifications: Verifications = field(init=False)
    """The chain verified on request."""
    tracing: Tracing | None = None
    """What traces one preflight in a hundred; None: nothing is traced."""
    breaker: Breaker | None = None
    """What looks whether a rule has run away; None: nobody does."""
    retaining: RetentionClock | None = None
    """What erases by the clock; None: nothing does."""
    eraser: Eraser | None = None
    """What destroys a payer's data; None: it is only told what is due."""
    denials: Denials | None = None
    """What tells of calls that were not let in."""
    _old: OrderedDict[str, PackSet] = field(default_factory=OrderedDict)
    _old_lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """What follows from the settings."""
        self.backtests, self.reevaluations = Backtests(self.settings), Reevaluations(self.settings)
        self.signing, self.master = SigningKeys(self.settings), MasterKey(self.settings)
        self.rates_of_keys = Rates(self.settings.rate)
        self.load = Load(self.settings.in_flight, self.settings.late_milliseconds / 1000)
        self.metrics.registry.register(self.load)
        self.verifications = Verifications(self.settings.verifications_folder)
        self.retention_numbers = RetentionNumbers(self.ledger)
        self.sums, self.minutes = Sums(self.ledger), Minutes(self.ledger.minutes)
        if self.settings.oidc_issuer:
            self.openid = OpenId(self.settings)

    @classmethod
    def open(cls, settings: Settings, *, clock: Clock = utc_now) -> Service:
        """Read the law, open the ledger, put the release to use.

        Raises PackError, LedgerError, OSError, RatesRefused, KeyRefused, MasterKeyRefused, SettingsRefused.
        """
        shipped, signing = load_packs(packs_folder(settings)), SigningKeys(settings)
        table_of(settings.stale_table)
        destinations_of(settings)
        tracing = tracing_of(settings)
        with ExitStack() as stack:
            ledger = stack.enter_context(
                Ledger.open(settings.database, clock=clock, queue_limit=settings.queue, skew=settings.clock_skew)
            )
            MasterKey(settings).protect(ledger)
            read_archive(ledger, settings)
            # Beside a ledger that is there: an address that cannot be opened leaves nothing behind.
            assert signing.own is None or signing.trusted, "our own key is trusted"
            require_side(ledger, livemode=True)
            packs = started_with(shipped, ledger, clock(), signing)
            rates = current_rates(ledger, settings)
            keep_samples(ledger, settings, clock())
            MasterKey(settings).look_after(ledger, clock())
            first_key = _first_key(ledger, settings)
            stack.pop_all()
        warm_up(packs, clock())
        service = cls.around(settings, packs, rates, ledger, clock)
        service.first_key, service.tracing = first_key, tracing
        service.redraft = shipped_understanding(lambda: service.packs, lambda: recent(ledger))
        service.ship(shipped)
        with ExitStack() as unless_opened:
            unless_opened.callback(service.close)
            service.rehearse()
            unless_opened.pop_all()
        return service

    def rehearse(self) -> None:
        """Open test mode, where the settings have a ledger for it. Raises LedgerError, SettingsRefused."""
        if self.settings.test_database:
            self.rehearsal = rehearsal_of(self)

    def ship(self, shipped: PackSet) -> None:
        """This came with the software. Where the house has its own law in force it waits: a draft of the upgrade is opened."""
        self.shipped = shipped.release.digest
        if self.shipped != self.held:
            self.ledger.keep_release(shipped.release, self.clock())
            offer(self)

    @classmethod
    def around(
        cls, settings: Settings, packs: PackSet, rates: RateTable, ledger: Ledger, clock: Clock = utc_now
    ) -> Service:
        """The service of parts that are there already."""
        lists = ListsInForce(ledger, settings.required_lists, settings.stale_days)
        screening = screening_of(settings, lists)
        made: list[Service] = []
        prepare = Preparing(
            ledger,
            lambda packs: ScenarioWatch(
                packs, rates, ledger.history, choice=settings.sequences, tell=lambda alert: made[0].tell(alert),
                now=lambda: made[0].clock(),
            ),
            lambda scenarios: Watch(ledger, lambda: made[0].screening, scenarios, lambda: made[0].clock()),
            # The first law is made ready before there is a service.
            lambda: made[0].clock() if made else clock(),
        )  # fmt: skip
        law = prepare(packs)
        denials = Denials(ledger, lambda: made[0].clock())
        door = Door(ledger.keys, lambda token: made[0].signed_in(token), ledger.sessions.whose, denials)
        service = cls(settings, law, rates, ledger, door, Metrics(ledger, law.digest), prepare)
        made.append(service)
        service.denials = denials
        service.clock, service.shipped = clock, law.digest
        service.metrics.rates_until(rates)
        service.metrics.rules_demoted(lambda: len(service.packs.demotions))
        service.metrics.reevaluated(service.reevaluations.last_done)
        service.metrics.upgrade_waits(lambda: waiting(service) is not None)
        service.metrics.registry.register(
            Ages(lambda: service.packs, settings.stale_table, lambda: service.clock().date())
        )
        service.metrics.registry.register(Record(service))
        service.metrics.registry.register(Stale(service))
        service.metrics.registry.register(service.retention_numbers)
        service.metrics.registry.register(TrialNumbers(ledger, lambda: service.sides))
        service.metrics.registry.register(DeliveryNumbers(ledger, lambda: service.clock()))
        service.reads_wait = not settings.database.startswith("sqlite")
        service.vies = opened(settings, ledger.consultations, lambda: service.clock())
        service.profiles = MerchantProfiles(ledger.merchants)
        service.lists, service.screening = lists, screening
        service.evaluate, service.evaluate_graphs = law.scenarios, law.scenarios.over_everybody
        return service

    @property
    def packs(self) -> PackSet:
        """The packs of the release in force."""
        return self.law.packs

    @property
    def held(self) -> str:
        """The digest of the release in force."""
        return self.law.digest

    @property
    def lookout(self) -> Watch:
        """What decisions are told of lists and of the past."""
        return self.law.lookout

    @property
    def past_keys(self) -> frozenset[frozenset[str]]:
        """The facts by which the law asks whose past is meant."""
        return self.law.past_keys

    def put_in_force(self, law: LawInForce) -> None:
        """Answer by this release from now on, and by no canary. What is being decided now is decided by the one before."""
        with self._law_lock:
            before, self.law = self.law, law.alone
        self.metrics.released(law.digest)
        if law.scenarios is not before.scenarios:
            self.evaluate, self.evaluate_graphs = law.scenarios, law.scenarios.over_everybody
        for monitor in self.followers:
            monitor.follow(law.digest, self.evaluate, self.evaluate_graphs, self._pace())
        if self.rehearsal is not None:
            follow(self.rehearsal, law.packs)

    def serve_canary(self, law: LawInForce, trial: Trial) -> None:
        """Let a release, which is ready, answer those who are in a canary from now on."""
        with self._law_lock:
            self.law = self.law.with_canary(law, trial)

    def stop_canary(self) -> LawInForce | None:
        """Answer everybody by the law in force from now on. Returns what answered some of them."""
        with self._law_lock:
            law = self.law
            self.law = law.alone
        return law.canary

    def fell(self, law: LawInForce, error: Exception) -> None:
        """A payment could not be decided under a canary: it answers nobody here any more, and the watch withdraws it."""
        trial = law.trial
        assert trial is not None, "only a canary falls"
        with self._law_lock:
            canary = self.law.canary
            if canary is not None and canary.trial == trial:
                self.law = self.law.alone
        name = type(error).__name__
        _log.error("canary_fell", trial=trial.id, exception=name, places=places(error.__traceback__))
        self.fallen.append(Fall(trial, name))

    def turn(self, work: str) -> Turn | None:
        """This process's place at work that one of several does. None: a ledger in a file has no others."""
        return Turn(self.ledger, work, lambda: self.clock()) if self.reads_wait else None

    def watch_law(self, *, by_hand: bool = False) -> LawWatch:
        """Put in force what is due, in a thread of its own, until the service is closed; or whenever a hand asks it to look."""
        self.switching = LawWatch(self)
        if not by_hand:
            self.switching.start()
        return self.switching

    def watch_rules(self, *, by_hand: bool = False) -> Breaker | None:
        """Hold back rules that run away, in a thread of its own, until the service is closed; or whenever a hand asks it to look.
        None: it is off."""
        if self.settings.breaker != "off":
            self.breaker = Breaker(self)
            if not by_hand:
                self.breaker.start()
        return self.breaker

    def keep_checkpoints(self) -> None:
        """Sign where the chain ends, in a thread of its own, until the service is closed."""
        key, hours = self.signing.own, self.settings.checkpoint_hours
        if key is not None and hours:
            self.checkpointing = Checkpointer(
                self.ledger, key, self.settings.checkpoints, timedelta(hours=hours), lambda: self.clock()
            )
            self.checkpointing.start()

    def index_decisions(self) -> None:
        """Make decisions findable, in a thread of its own, until the service is closed."""
        self.indexing = Indexer(self.ledger, self.turn("search"))
        self.indexing.start()
        if self.rehearsal is not None:
            self.rehearsal.index_decisions()

    def retention(self) -> Retention:
        """What may be erased today."""
        return Retention(
            self.ledger, self.packs, terms_of(self.settings), self.clock(), self.eraser or eraser_of(self.ledger)
        )

    def retain(self) -> None:
        """Erase what no law asks for any more, in a thread of its own, until the service is closed; if the house wants that."""
        if self.settings.retention == "on" and not self.retention().erases:
            _log.warning("nothing_erases", setting="LEXGATE_RETENTION")
        elif self.settings.retention == "on":
            numbers = self.retention_numbers
            self.retaining = RetentionClock(
                self.retention, lambda ran: numbers.ran(ran, self.clock()), self.turn("retention")
            )
            self.retaining.start()

    def reevaluate_nightly(self) -> None:
        """Ask all stored decisions again at the hour that was chosen, in a thread of its own, until the service is closed."""
        hour = self.settings.reevaluation_hour
        if hour is not None:
            self.nightly = Nightly(
                *hour, self.reevaluations, lambda: self.packs, self.new_reevaluation, lambda: self.clock()
            )
            self.nightly.start()

    def deliverer(self) -> Deliverer | None:
        """What delivers alerts to the destinations of the settings; None where there are none. Raises SettingsRefused."""
        to = destinations_of(self.settings)
        poster = Poster(targets_for(to, self.settings.webhook_private), self.settings.public_url)
        parts = Parts(self.ledger, to, poster, lambda: self.clock(), lambda: self.held)
        return Deliverer(parts) if to else None

    def deliver(self) -> None:
        """Deliver alerts, in a thread of its own, until the service is closed."""
        self.delivering = self.deliverer()
        if self.delivering is not None:
            self.delivering.start()

    def monitor(self) -> Monitor:
        """A worker that looks at what was paid, afterwards."""
        made = Monitor(
            self.ledger, lambda: self.clock(), self.packs.release.digest, self.evaluate, self.screening,
            self._pace(), evaluate_graphs=self.evaluate_graphs,
        )  # fmt: skip
        self.followers.append(made)
        return made

    def _pace(self) -> Pace:
        """As far back as the scenarios of the release ask for."""
        return Pace(reach=self.law.scenarios.longest, graph_reach=graph_reach(self.packs))

    def signed_in(self, token: str) -> SignedIn | KeySession | None:
        """Who holds the token of a session that is good; None: nobody."""
        return self.ledger.sessions.authenticate(token, self.clock(), self.settings.session_idle)

    @property
    def totals(self) -> Totals:
        """What is recorded of merchants' sales, as it is now."""
        return totals_of(self.ledger.taxes, self.rates)

    def tell(self, alert: Alert) -> None:
        """Keep an alert about the service itself. Waits for the disk."""
        occasion = Occasion(self.clock(), self.packs.release.digest, DecisionIds(kind="case_"))
        self.ledger.alerts.tell([Told(alert)], occasion)

    def look_after_lists(self) -> None:
        """Index the lists in force now, and whenever one changes, until the service is closed."""
        if self.lists is not None:
            self.lists.start()

    def watch(self) -> None:
        """Look at what was paid, afterwards, and at what shadows would have answered, in threads of their own, until the service
        is closed."""
        self.background = Background(self.monitor())
        self.background.start()
        self.shadowing = Background(self.shadow_worker(), "lexgate-shadows")
        self.shadowing.start()

    def shadow_worker(self) -> ShadowWorker:
        """A worker that evaluates shadows."""
        return ShadowWorker(self.ledger, self.packs_of, self.rates, lambda: self.clock())

    def close(self) -> None:
        """Store what was accepted, then let go."""
        if self.rehearsal is not None:
            self.rehearsal.close()
        if self.nightly is not None:
            self.nightly.stop()
        if self.delivering is not None:
            self.delivering.stop()
        self.reevaluations.close()
        self.backtests.close()
        for worker in (self.background, self.shadowing):
            if worker is not None:
                worker.stop()
        if self.lists is not None:
            self.lists.stop()
        if self.breaker is not None:
            self.breaker.stop()
        if self.switching is not None:
            self.switching.stop()
        for beside in (self.checkpointing, self.indexing, self.retaining):
            if beside is not None:
                beside.stop()
        canary = self.stop_canary()
        if canary is not None and canary.scenarios is not self.law.scenarios:
            canary.scenarios.close()
        self.law.scenarios.close()
        if self.denials is not None:
            self.denials.close()
        self.ledger.close()
        if self.tracing is not None:
            self.tracing.close()

    def packs_of(self, digest: str) -> PackSet | None:
        """The law of a release that is kept here. The first look at one that is far from today's takes seconds: not for an
        event loop."""
        packs = self.packs
        if digest == packs.release.digest:
            return packs
        canary = self.law.canary
        if canary is not None and canary.digest == digest:
            return canary.packs
        with self._old_lock:
            if digest in self._old:
                self._old.move_to_end(digest)
                return self._old[digest]
            stored = self.ledger.release(digest)
            if stored is None:
                return None
            old = self._old[digest] = PackSet.from_canonical(stored.canonical, near=packs)
            while len(self._old) > OLD_RELEASES:
                self._old.popitem(last=False)
            return old

    def files_of(self, digest: str) -> Mapping[str, str] | None:
        """The files of a release that is kept here, not looked into."""
        if digest == self.held:
            return self.packs.files
        with self._old_lock:
            known = self._old.get(digest)
        return known.files if known is not None else files_kept(self.ledger, digest)


def files_kept(ledger: Ledger, digest: str) -> Mapping[str, str] | None:
    """The files of a release in the ledger, not looked into."""
    stored = ledger.release(digest)
    return None if stored is None else unseal(stored.canonical)[0]


def terms_of(settings: Settings) -> Terms:
    """What the operator says of retention."""
    policy = Policy(settings.retention_years or None, settings.year_end)
    return Terms(policy, settings.retention_dormant_years)


def packs_folder(settings: Settings) -> Path:
    """The folder of the law: chosen, or the one that came with the software."""
    return settings.rulepacks or rulepacks()


def keep_samples(ledger: Ledger, settings: Settings, now: datetime) -> None:
    """Into an empty ledger on one laptop goes the merchant that the examples of the documentation sell for."""
    wanted = settings.database.startswith("sqlite") if settings.samples is None else settings.samples
    if wanted and not ledger.merchants.page(limit=1, after=None).data and not ledger.decisions(limit=1).data:
        profile = Profile.model_validate_json((samples() / "tax" / "merchant.json").read_bytes())
        ledger.merchants.put(SAMPLE_MERCHANT, profile.stored(), now, "samples")


def _first_key(ledger: Ledger, settings: Settings) -> str | None:
    """Make the key that was asked for, or a first one where there is none. Returns the secret of the latter."""
    if settings.bootstrap_key is not None:
        ledger.keys.create(Scope, "bootstrap", settings.bootstrap_key.get_secret_value())
        return None
    return ledger.keys.create_first(Scope, "first")
