"""A ledger with rows in every table, as many decisions as wanted: what is tampered with in the proof of the audit."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from engine.changes import assigned, change_id, dismissed
from engine.drafting import Checked, checked, edited, opened
from engine.ledger import (
    Along,
    ApprovalPolicy,
    AttemptOutcome,
    Change,
    CountedPayment,
    DecisionEntry,
    Destination,
    Document,
    DraftFile,
    Ending,
    IdempotencyKey,
    KeyedAnswer,
    KeyRate,
    KeyTerms,
    KnownParty,
    Ledger,
    Left,
    NewDemotion,
    NewItem,
    Occasion,
    Opening,
    Owed,
    Person,
    PersonState,
    ReleaseSignature,
    Role,
    Scope,
    Stage,
    Taken,
    Tried,
    Watched,
)
from engine.ledger._time import to_micros
from engine.signing import SigningKey
from engine.trials import Cause, ended, withdrawn
from tests.history.streams import FORMS
from tests.ledger import trying
from tests.ledger.alerting import match, occasion, tell
from tests.ledger.factories import AT, asked, entry, held, moment, store
from tests.ledger.lawmaking import Office
from tests.ledger.onboarding import OPENED, event, put
from tests.ledger.reading import read_law, read_nothing
from tests.ledger.taxing import PART, back, committed, give_back, returned
from tests.ledger.test_clearances import CLEARANCE
from tests.ledger.test_holds import HOLD
from tests.ledger.test_lists import FIRST, REFUSED
from tests.ledger.test_published import OFFICE, RATES
from tests.ledger.trying import approved, piece

BATCH = 500


class Rules:
    """A release."""

    digest = "sha256:" + "ab" * 32
    canonical = b"the rules" * 500
    version = "2026.11.0"


def fill(url: str, decisions: int, seed: int = 7) -> None:
    """Decisions in batches, a quarter of them paid for, and some of everything else."""
    dice = Random(seed)
    with Ledger.open(url) as ledger:
        ledger.remember_release(Rules, AT)
        ledger.history.keep(FORMS)
        made = list(_decisions(dice, decisions))
        for start in range(0, decisions, BATCH):
            with held(ledger):
                for one in made[start : start + BATCH]:
                    ledger.writer.submit(one, lambda _: None)
        store(ledger, entry())
        _paid(ledger, dice, made)
        _keys_and_rates(ledger)
        _taxes(ledger)
        _people(ledger)
        _monitor(ledger, made[:20])
        _drafts(ledger)
        _signatures(ledger)
        _trials(ledger)
        _demotion(ledger)
        _feeds(ledger)
        _changes(ledger)
        _deliveries(ledger)
        _accounts(ledger)
        ledger.search.take_in(decisions + 1)
        ledger.obligations.end(f"{made[0].id}.001", Ending.FULFILLED, moment(5), by="key_2", note="no. 17", once=None)
    if url.startswith("sqlite"):
        # Whoever copies the file copies all of it.
        hand = sqlite3.connect(url.removeprefix("sqlite:///"))
        assert hand.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
        hand.close()


def _decisions(dice: Random, number: int) -> Iterator[DecisionEntry]:
    for at in range(number):
        amount, payer = Decimal(dice.randint(1, 99_999)).scaleb(-2), f"c-{dice.randrange(max(number // 20, 5))}"
        when = AT + timedelta(minutes=dice.randrange(60 * 24 * 40))
        facts = (
            b'{"amount":"%s","currency":"EUR","occurred_at":"%s","payment":{"instrument":"card","method":"visa","channel":"remote","issuer_country":"FR"},'
            b'"payer":{"id":"%s"},"payee":{"id":"m-%d"},"kind":"sale","direction":"in"}'
        ) % (str(amount).encode(), when.isoformat().encode(), payer.encode(), at % 7)
        one = entry(facts=facts, inputs=dice.randbytes(200), answer=dice.randbytes(dice.randrange(300, 1200)))
        counted = CountedPayment(payer, "card", "remote", None, when, amount, "EUR", authenticated=at % 50 == 0)
        owed = Owed("report", "aml", "issuer", when.isoformat(), when, "Report it.")
        yield replace(
            one,
            payer_id=payer,
            counted=counted,
            idempotency=asked(f"k-{at}", one.facts) if at % 4 == 0 else None,
            owed=(owed,) if at % 10 == 0 else (),
        )


def _paid(ledger: Ledger, dice: Random, made: list[DecisionEntry]) -> None:
    """Authorised, some failed afterwards, and some told late."""
    chosen = made[::4]
    dice.shuffle(chosen)
    told = [(one.id, "authorised", to_micros(AT) + at) for at, one in enumerate(chosen)]
    told += [(one.id, "failed", to_micros(AT) + len(chosen) + at) for at, one in enumerate(chosen[::9])]
    for start in range(0, len(told), BATCH):
        page = told[start : start + BATCH]
        ledger.writer.run(lambda batch, page=page: [ledger.history._record(batch, one, "key_1", b"{}") for one in page])


def _keys_and_rates(ledger: Ledger) -> None:
    ledger.keys.create(["decide", "read"], "till 7", secret="lx_given")
    revoked, _ = ledger.keys.create(["read"], "till 8", secret="lx_revoked")
    ledger.keys.revoke(revoked.id)
    ledger.load_rates([(date(2026, 11, 20), "USD", Decimal("1.08")), (date(2026, 11, 20), "JPY", Decimal("170.5"))])
    ledger.published.load(OFFICE, RATES, sha256="ab", url="https://example.org/rates")


def _accounts(ledger: Ledger) -> None:
    """Somebody who has signed in, two sessions of which one has ended, tries that failed, and a key with terms and a rate."""
    terms = KeyTerms(moment(9), ("10.0.0.0/8",), ("DE",), ("m-1",))
    ledger.keys.make([Scope.READ], "till 9", terms, by="per_1", rate=KeyRate(100, 10))
    ledger.keys.authenticate("lx_given")
    mona = Person(
        "per_1", "mona", "Mona", "en", (Role.OFFICER,), PersonState.INVITED, AT, AT, setup_code="ab", setup_until=AT
    )
    ledger.people.create(mona, "operator")
    for number in range(2):
        opens = Opening(f"lxs_{number}", "set_up", "127.0.0.1", AT, timedelta(hours=12))
        ledger.people.change("per_1", Change("signed_in", "per_1", AT, _settled, opens=opens))
    first = ledger.sessions.of("per_1", AT, timedelta(minutes=30))[0]
    ledger.sessions.end("per_1", first.id, AT)
    ledger.tries.begin("mona", "127.0.0.1", AT)
    ledger.people.refuse(AT, {"person": "per_1", "source": "127.0.0.1", "why": "password", "name_sha256": "ab"})


def _settled(person: Person) -> Person:
    return replace(
        person, state=PersonState.ACTIVE, password="scrypt$1$1$1$a$b", factor="AB", pending_factor="CD", factor_step=7,
        recovery=("ef",), subject="https://issuer.example mona", setup_code="ab", setup_until=AT,
    )  # fmt: skip


def _taxes(ledger: Ledger) -> None:
    ledger.merchants.put("m-1", b'{"name":"Books"}', AT, "key_1")
    for _ in range(5):
        paid = committed(ledger)
    give_back(ledger, back(paid, PART))
    ledger.returns.file(returned(paid), ())


def _feeds(ledger: Ledger) -> None:
    """Two sources: one that gave two publications, and one that gave nothing."""
    held = ledger.feeds.take(["de-bafin-1", "eu-ecb-1"], "ing_1", AT, timedelta(minutes=5), 9)
    items = tuple(NewItem(f"n-{at}", f"sha256:{at:064x}", {"title": f"Notice {at}", "text": "9 %"}) for at in range(2))
    document = Document("sha256:" + "ab" * 32, "https://law.example/rss", "text/xml", b"<rss/>" * 50)
    given = replace(held[0], etag='"7"', tried_at=AT, answered_at=AT, next_at=moment(60))
    occasion = Occasion(AT, "sha256:" + "cd" * 32, iter(["case_f1"]).__next__)
    ledger.feeds.leave(held[0], Taken(given, document, items), occasion)
    missed = replace(held[1], tried_at=AT, failures=1, fault="gone", detail="HTTP 404", next_at=moment(90))
    ledger.feeds.leave(held[1], Taken(missed), occasion)


def _deliveries(ledger: Ledger) -> None:
    """Two alerts for one destination: one was taken at the second attempt, one waits."""
    ledger.deliveries.know(Destination("siem", "webhook", "https://siem.example", "sha256:" + "ef" * 32), AT)
    for name in ("c-1", "c-2"):
        tell(ledger, match(subject=name))
    assert ledger.deliveries.queue("siem", lambda _alert: True, AT) == 2
    for outcome, at in ((AttemptOutcome.FAILED, AT), (AttemptOutcome.DELIVERED, moment(60))):
        (sending,) = ledger.deliveries.take("siem", "dlv_1", moment(600), timedelta(minutes=5), 1)
        tried = Tried(outcome, at, status=500, milliseconds=12, detail="HTTP 500", next_at=moment(30))
        ledger.deliveries.leave(sending.delivery, tried, occasion())


def _people(ledger: Ledger) -> None:
    put(
        ledger,
        OPENED,
        event("first_approved", "in_review", "in_review", "key_2", first_approver="key_2", high_risk=True),
    )
    tell(ledger, match(), match("UN-SC:QDi.002"))
    ledger.clearances.propose(CLEARANCE)
    ledger.clearances.approve("clr_1", "key_ben", moment(1), "Agreed.")
    ledger.holds.impose(HOLD)
    ledger.holds.lift("hld_1", "key_ben", moment(1), "The court closed it.")
    ledger.lists.keep(FIRST)
    ledger.lists.refuse(REFUSED)


def _monitor(ledger: Ledger, made: list[DecisionEntry]) -> None:
    hold = ledger.monitoring.take("words", "worker 1", AT, timedelta(minutes=1))
    assert hold is not None
    watched = tuple(
        Watched(one.id, at, AT, b'{"amount":"1.00"}', (("party", str(one.payer_id)), ("merchant", "m-1")))
        for at, one in enumerate(made, 1)
    )
    parties = tuple(
        KnownParty("payer", f"c-{at}", at, f"{at:064d}", b'{"name":"A. Person"}') for at in range(1, len(made))
    )
    left = Left(20, "lists-1", watched=watched, parties=parties, screened=parties[:5], fingerprint="lists-1")
    ledger.monitoring.leave(hold, left, occasion())


def _drafts(ledger: Ledger) -> None:
    ledger.drafts.set_policy(ApprovalPolicy("aml", roles={"officer": ("key_2",)}, actor="key_1"), AT)
    step = opened("drf_1", Rules.digest, "A limit", "key_1", AT)
    key = KeyedAnswer(IdempotencyKey("key_1", "draft", bytes(32)), b'{"id":"drf_1"}')
    ledger.drafts.store(step, AT, None, key)
    step = edited(step.draft, "key_1", moment(1), "EU/aml.yaml", "ab" * 32)
    ledger.drafts.store(step, moment(1), Along((DraftFile("EU/aml.yaml", 2, "key_1", "domain: aml\n"),)))
    found = Checked("sha256:" + "cd" * 32, ("aml",), True, 2, ("aml:officer",))
    ledger.drafts.store(checked(step.draft, "key_1", moment(2), found, {}), moment(2))


class HeldBack(Rules):
    """The release with a rule held back."""

    digest = "sha256:" + "cd" * 32
    canonical = b"the rules, and one held back" * 50


def _demotion(ledger: Ledger) -> None:
    key = SigningKey.new()
    signed = ReleaseSignature(HeldBack.digest, "", key.public, b"{}", key.sign(b"{}"))
    ledger.demotions.put_in_force(
        NewDemotion(HeldBack, Rules.digest, "DE", "aml.house_cash", "It stopped 9 of 9.", signed, {"stopped": 9}), AT
    )


def _signatures(ledger: Ledger) -> None:
    key = SigningKey.new()
    ledger.signatures.register("key_2", key.public, AT)
    signed = ReleaseSignature(Rules.digest, "drf_9", key.public, b"{}", key.sign(b"{}"))
    ledger.signatures.take_in(Rules, signed, "key_1", AT)
    ledger.checkpoints.make(key, AT)


def _trials(ledger: Ledger) -> None:
    """A shadow that has counted, ended, and a canary that was withdrawn."""
    office = Office(ledger)
    draft = approved(office, "drf_2", Rules.digest)
    shadow, canary = (one(ledger, draft, base=Rules.digest) for one in (trying.shadow, trying.canary))
    for number in range(1, 4):
        counted = [f"dec_{number}", "allow", "block", ["sca"]]
        ledger.trials.leave(piece(shadow, number, shadow.begun + number - 1, shadow.begun + number, counted))
    ledger.trials.end(ended(shadow, "ann", moment(3), "Enough."))
    ledger.trials.end(withdrawn(canary, moment(3), Cause.GUARDRAIL, "Too many."))


def _changes(ledger: Ledger) -> None:
    """Two publications read: one is a change that was assigned and dismissed, the other is none."""
    change, none = ledger.readings.take("ing_1", moment(2), timedelta(minutes=5), 9)
    asked = Occasion(moment(2), Rules.digest, iter(["case_f2"]).__next__)
    ledger.readings.leave([(change, read_law()), (none, read_nothing())], asked)
    found = ledger.changes.one(change_id(change.item))
    assert found is not None
    taken = assigned(found, "key_1", moment(3), "key_1", "")
    ledger.changes.store([taken], replace(asked, at=moment(3)))
    gone = dismissed(taken.change, "key_1", moment(4), "Known.")
    ledger.changes.store([gone], replace(asked, at=moment(4)))
    took = timedelta(milliseconds=3)
    ledger.readings.ran([Stage("read", moment(4), 2, 0, took, took, took)])
