"""What may be erased, by which law; and legal holds, over HTTP and on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import Result
from prometheus_client import generate_latest
from typer.testing import CliRunner

from api.cli import app
from api.commands.console import out
from api.retaining import Found, Judged, Retention, Terms
from api.retention_worker import REST_LOOKS, RetentionClock
from api.service import Service
from api.settings import PREFIX, Settings, read_settings
from engine.ledger import Held, HoldKind, Ledger, LegalHold, Scope, ScreeningEntry
from engine.retention import Policy, State
from engine.wrapping import Ring
from tests.api.client import Client
from tests.empty import empty_ledger
from tests.ledger.alerting import alert, tell
from tests.ledger.factories import counted, stored
from tests.ledger.taxing import calculation, transaction
from tests.shipped import law

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
BANK = {"role": "bank", "country": "GB"}
OCCASIONAL = {"obliged_entity": BANK, "relationship": "occasional", "payee": {"country": "GB"}}


def facts(**stated: Any) -> bytes:
    return orjson.dumps({"amount": "24.90", "currency": "GBP", "payment": {"instrument": "card"}, **stated})


def paid(ledger: Ledger, payer: str, at: datetime, **stated: Any) -> str:
    """A decision about a payment in Britain, of an obliged entity, unless stated otherwise: books are kept for six years."""
    body = facts(**{**OCCASIONAL, **stated})
    return stored(
        ledger, payer_id=payer, at=at, counted=counted(payer, occurred_at=at), facts=body, reference=None
    ).id  # fmt: skip


class Shredder:
    """Erases in memory."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger, self.gone = ledger, []

    def erase(self, subject: str, by: str, reason: str, at: datetime) -> None:
        assert reason == "retention"
        assert at == NOW
        holds = self.ledger.holds.standing(subject)
        if holds:
            raise Held(holds)
        self.gone.append((subject, by))

    def is_erased(self, subject: str) -> bool:
        return any(subject == one for one, _ in self.gone)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(empty_ledger(tmp_path / "lexgate.db")) as opened:
        yield opened


def look(ledger: Ledger, terms: Terms = Terms(Policy()), now: datetime = NOW, **more: Any) -> Found:  # noqa: B008
    ledger.search.take_in(999)
    return Retention(ledger, law(), terms, now).due(limit=more.pop("limit", 9), **more)


def one(found: Found) -> Judged:
    (judged,) = found.due
    return judged


def test_a_payer_is_due_the_day_after_the_last_law_lets_go(ledger: Ledger) -> None:
    """Paid in 2019: British books are kept to the end of 2025."""
    paid(ledger, "c-7", datetime(2019, 5, 4, 12, tzinfo=UTC))
    last = datetime(2025, 12, 31, 9, tzinfo=UTC)
    assert look(ledger, now=last).due == []
    judged = one(look(ledger, now=last + timedelta(days=1)))
    assert (judged.subject, judged.records, judged.state) == ("c-7", 1, State.MAY)
    assert judged.keep_through == date(2025, 12, 31)
    assert [(each.term.pack, each.term.name) for each in judged.deciding] == [("GB", "retention_min_accounting")]
    assert judged.unverified


def test_a_payer_goes_only_when_all_its_records_may(ledger: Ledger) -> None:
    old, new = datetime(2014, 5, 4, tzinfo=UTC), datetime(2023, 5, 4, tzinfo=UTC)
    paid(ledger, "c-7", old)
    paid(ledger, "c-8", old)
    paid(ledger, "c-8", new)
    found = look(ledger)
    assert one(found).subject == "c-7"
    assert found.counted == {"may": 1, "keep": 1}


def test_a_decision_of_a_moment_ago_keeps_what_is_old(ledger: Ledger) -> None:
    """It is not findable yet, and counts all the same."""
    old = datetime(2014, 5, 4, tzinfo=UTC)
    paid(ledger, "c-7", old)
    ledger.search.take_in(9)
    paid(ledger, "c-7", NOW)
    assert Retention(ledger, law(), Terms(Policy()), NOW).due(limit=9).due == []


def test_the_end_of_a_lasting_relationship_is_not_known_by_rule(ledger: Ledger) -> None:
    old = datetime(2009, 5, 4, tzinfo=UTC)
    paid(ledger, "c-7", old, relationship="established")
    found = look(ledger)
    assert found.due == []
    assert found.counted == {"unknown": 1}
    judged = one(look(ledger, Terms(Policy(), dormant_years=3)))
    assert judged.ended_by_policy
    assert judged.keep_through == date(2017, 5, 4), "ended three years after the last payment, then five years"


def test_where_the_law_is_not_known_only_the_houses_own_policy_lets_go(ledger: Ledger) -> None:
    paid(ledger, "c-7", datetime(2009, 5, 4, tzinfo=UTC), obliged_entity={"role": "bank", "country": "ZW"})
    assert look(ledger).counted == {"unknown": 1}
    judged = one(look(ledger, Terms(Policy(years=10))))
    assert judged.by_policy
    assert judged.keep_through == date(2019, 5, 4)


def test_nobodys_law_is_guessed_where_no_place_is_stated(ledger: Ledger) -> None:
    payment = {"instrument": "card", "issuer_country": "GB"}
    paid(ledger, "c-7", datetime(2009, 5, 4, tzinfo=UTC), obliged_entity=None, payee=None, payment=payment)
    assert look(ledger).counted == {"unknown": 1}


def test_a_later_screening_and_a_case_keep_a_payer(ledger: Ledger) -> None:
    old = datetime(2014, 5, 4, tzinfo=UTC)
    for payer in ("c-7", "c-8"):
        paid(ledger, payer, old)
    made = ScreeningEntry("scr_1", NOW - timedelta(days=9), "key_1", "c-7", "clear", "f", b"{}", b"{}")
    ledger.screenings.store(made)
    assert one(look(ledger)).subject == "c-8"
    tell(ledger, alert(subject="c-8", subject_kind="party"))
    found = look(ledger)
    assert (found.due, found.counted) == ([], {"keep": 2})


@pytest.mark.parametrize(
    "request_", [{"payee": {"country": "GB"}, "currency": "GBP", "lines": [{"id": "1", "amount": "9"}]}, {"not": "a sale"}]
)  # fmt: skip
def test_a_tax_charged_under_any_reference_keeps_a_payer(ledger: Ledger, request_: dict[str, Any]) -> None:
    """It lies under the payer's key, and would go with it."""
    master = Ring.new()
    ledger.subjects.protect(lambda: master)
    for payer in ("c-7", "c-8"):
        paid(ledger, payer, datetime(2014, 5, 4, tzinfo=UTC))
        made = calculation(payer_id=payer, facts=orjson.dumps(request_))
        ledger.taxes.remember(made)
        if payer == "c-8":
            ledger.taxes.commit(transaction(made, day=date(2025, 5, 4)))
    found = look(ledger)
    assert (one(found).subject, found.counted) == ("c-7", {"may": 1, "keep": 1})
    assert look(ledger, now=datetime(2033, 1, 1, tzinfo=UTC)).counted == {"may": 2}


def test_pages_go_on_where_the_last_one_ended(ledger: Ledger) -> None:
    for number in range(5):
        paid(ledger, f"c-{number}", datetime(2014, 5, 4 + number, tzinfo=UTC))
    seen, after = [], None
    for _ in range(9):
        page = look(ledger, limit=2, after=after)
        seen += [judged.subject for judged in page.due]
        after = page.next
        if after is None:
            break
    assert seen == [f"c-{number}" for number in range(5)]


def test_a_run_erases_what_is_due_and_not_held_and_the_chain_tells_numbers(ledger: Ledger) -> None:
    for payer in ("c-7", "c-8"):
        paid(ledger, payer, datetime(2014, 5, 4, tzinfo=UTC))
    ledger.holds.impose(LegalHold("hld_1", HoldKind.SUBJECT, "c-8", "r", "court", "1/26", "key_ann", NOW))
    ledger.search.take_in(9)
    eraser = Shredder(ledger)
    retention = Retention(ledger, law(), Terms(Policy()), NOW, eraser)
    before = ledger.checkpoints.end()[0].seq
    dry = retention.run("ann", limit=9, dry=True)
    assert (dry.erased, [each.subject for each in dry.done], eraser.gone) == (0, ["c-7"], [])
    assert ledger.checkpoints.end()[0].seq == before
    ran = retention.run("ann", limit=9)
    assert (ran.erased, ran.failed, ran.counted) == (1, 0, {"may": 1, "held": 1})
    assert eraser.gone == [("c-7", "ann")]
    assert retention.run("ann", limit=9).counted == {"erased": 1, "held": 1}
    assert ledger.verify().ok
    assert ledger.checkpoints.end()[0].seq == before + 2


def test_without_an_eraser_a_run_says_what_is_due_and_erases_nothing(ledger: Ledger) -> None:
    paid(ledger, "c-7", datetime(2014, 5, 4, tzinfo=UTC))
    ledger.search.take_in(9)
    ran = Retention(ledger, law(), Terms(Policy()), NOW).run("ann", limit=9)
    assert (ran.erased, [each.subject for each in ran.done]) == (0, ["c-7"])


def test_a_hold_that_is_set_while_a_run_looks_is_heard(ledger: Ledger) -> None:
    paid(ledger, "c-7", datetime(2014, 5, 4, tzinfo=UTC))
    ledger.search.take_in(9)

    class Late(Shredder):
        def erase(self, subject: str, by: str, reason: str, at: datetime) -> None:
            hold = LegalHold("hld_1", HoldKind.SUBJECT, subject, "r", "court", "1/26", "key_ann", NOW)
            self.ledger.holds.impose(hold)
            super().erase(subject, by, reason, at)

    eraser = Late(ledger)
    ran = Retention(ledger, law(), Terms(Policy()), NOW, eraser).run("ann", limit=9)
    assert (ran.erased, ran.failed, eraser.gone) == (0, 0, [])


def test_the_clock_takes_bites_and_rests_at_the_end(ledger: Ledger) -> None:
    paid(ledger, "c-7", datetime(2014, 5, 4, tzinfo=UTC))
    ledger.search.take_in(9)
    eraser, told = Shredder(ledger), []
    clock = RetentionClock(lambda: Retention(ledger, law(), Terms(Policy()), NOW, eraser), told.append)
    assert clock.look()
    assert eraser.gone == [("c-7", "system")]
    assert [clock.look() for _ in range(REST_LOOKS)] == [False] * REST_LOOKS
    assert clock.look()
    assert [ran.erased for ran in told] == [1, 0]


def test_a_service_erases_by_itself_only_where_the_house_says_so(
    open_service: Callable[..., Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    off, on, unable = open_service(), open_service(retention="on"), open_service(retention="on")
    monkeypatch.setattr(RetentionClock, "start", lambda _self: None)
    unable.ledger.subjects._vault.close()  # as of a ledger that does not protect personal data
    for service in (off, on, unable):
        service.retain()
    assert off.retaining is None
    assert on.retaining is not None
    assert unable.retaining is None, "nothing here erases"


def test_what_is_due_is_erased_and_what_is_held_is_not(open_service: Callable[..., Service]) -> None:
    service = open_service()
    for payer in ("c-goes", "c-stays"):
        paid(service.ledger, payer, datetime(2013, 5, 4, tzinfo=UTC))
    service.ledger.search.take_in(999)
    hold = LegalHold("hold_1", HoldKind.SUBJECT, "c-stays", "A claim.", "A court", "7 O 12", "ann", NOW)
    service.ledger.holds.impose(hold)
    with pytest.raises(Held, match="hold_1"):
        service.ledger.subjects.erase("c-stays", "ann", "It was asked for.", NOW)
    ran = service.retention().run("ann", limit=99)
    assert ran.erased == 1
    assert service.ledger.subjects.is_erased("c-goes")
    assert not service.ledger.subjects.is_erased("c-stays")
    service.ledger.holds.lift("hold_1", "ben", NOW, "It is over.")
    assert service.retention().run("ann", limit=99).erased == 1


# -- over HTTP ---------------------------------------------------------------------------------------------------------

WANTED = {
    "kind": "subject", "target": "c-7", "reason": "An investigation.", "authority": "Amtsgericht",
    "reference": "12 Gs 34/26",
}  # fmt: skip


@pytest.fixture(scope="module")
def callers(service: Service, make_client: Callable[..., Client]) -> dict[str, Client]:
    made = {}
    for name, scopes in (
        ("ann", [Scope.REVIEW, Scope.APPROVE]), ("ben", [Scope.REVIEW, Scope.APPROVE]), ("reader", [Scope.READ]),
        ("reviewer", [Scope.REVIEW]),
    ):  # fmt: skip
        secret = f"lx_secret_of_{name}_0123456789"
        service.ledger.keys.create(scopes, name, secret)
        made[name] = make_client(service, secret=secret)
    return made


def test_a_hold_over_http_is_set_by_one_and_lifted_by_another(callers: dict[str, Client]) -> None:
    made = callers["ann"].post("/v1/legal-holds", WANTED).json()
    assert made["state"] == "standing"
    path = f"/v1/legal-holds/{made['id']}"
    assert callers["reviewer"].get(path).json() == made
    refused = callers["ann"].post(f"{path}/lift", {"reason": "Over."})
    assert (refused.status, refused.json()["type"]) == (409, "urn:lexgate:problem:another_person")
    assert callers["reviewer"].post(f"{path}/lift", {"reason": "Over."}).status == 403
    assert callers["reader"].get(path).status == 403
    lifted = callers["ben"].post(f"{path}/lift", {"reason": "Over."})
    assert (lifted.status, lifted.json()["state"]) == (200, "lifted")
    assert callers["ben"].post(f"{path}/lift", {"reason": "Over."}).json()["type"].endswith("not_possible")
    assert callers["ben"].post("/v1/legal-holds/hld_9/lift", {"reason": "Over."}).status == 404
    page = callers["ben"].get("/v1/legal-holds?state=lifted&target=c-7").json()
    assert [one["id"] for one in page["data"]] == [made["id"]]


def test_the_same_request_sets_one_hold(callers: dict[str, Client]) -> None:
    key = {"idempotency-key": "hold-1"}
    first, again = (callers["ann"].post("/v1/legal-holds", {**WANTED, "target": "c-once"}, key) for _ in "12")
    assert first.body == again.body
    assert again.headers["idempotent-replayed"] == "true"
    assert len(callers["ann"].get("/v1/legal-holds?target=c-once").json()["data"]) == 1


@pytest.mark.parametrize(
    "change", [{"kind": "country"}, {"target": ""}, {"authority": " "}, {"reason": None}, {"x": 1}]
)
def test_a_hold_that_says_too_little_is_refused(callers: dict[str, Client], change: dict[str, Any]) -> None:
    assert callers["ann"].post("/v1/legal-holds", {**WANTED, **change}).status == 422


def test_what_is_due_is_shown_with_its_law_and_its_holds(service: Service, callers: dict[str, Client]) -> None:
    paid(service.ledger, "c-due", datetime(2014, 5, 4, tzinfo=UTC))
    service.ledger.search.take_in(999)
    callers["ann"].post("/v1/legal-holds", {**WANTED, "target": "c-due"})
    body = callers["reviewer"].get("/v1/retention/due").json()
    assert (body["runs"], body["eraser"]) == (False, True)
    (due,) = body["data"]
    assert (due["subject"], due["state"], due["keep_through"]) == ("c-due", "may", "2020-12-31")
    assert [term["name"] for term in due["law"]] == ["retention_min_accounting"]
    assert len(due["holds"]) == 1
    assert body["counted"] == {"held": 1}
    assert callers["reader"].get("/v1/retention/due").status == 403
    assert callers["ann"].get("/v1/retention/due?after=nowhere").status == 422


def test_prometheus_is_told_of_holds(service: Service) -> None:
    assert b"\nlexgate_legal_holds " in generate_latest(service.metrics.registry)


# -- on the command line -----------------------------------------------------------------------------------------------


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)
    where = empty_ledger(tmp_path / "lexgate.db")
    monkeypatch.setenv("LEXGATE_DATABASE", where)
    monkeypatch.setattr(out, "width", 220)
    monkeypatch.setattr("api.commands.retention.law_in_force", lambda _ledger: law())
    with Ledger.open(where) as ledger:
        for name in ("ann", "ben"):
            ledger.keys.create([Scope.REVIEW, Scope.APPROVE], name, f"lx_secret_of_{name}_0123456789")
        paid(ledger, "c-7", datetime(2014, 5, 4, tzinfo=UTC))
        ledger.search.take_in(9)

    def invoke(*words: str, by: str | None = None) -> Result:
        env = {"LEXGATE_KEY": f"lx_secret_of_{by}_0123456789"} if by else {}
        return CliRunner().invoke(app, words, env=env)

    return invoke


def test_holds_on_the_command_line_are_no_way_round_two_persons(run: Callable[..., Result]) -> None:
    said = ("--reason", "An investigation.", "--authority", "Amtsgericht", "--reference", "12 Gs 34/26")
    assert run("holds", "set", "subject", "c-7", *said, by="nobody").exit_code == 2
    made = json.loads(run("holds", "set", "subject", "c-7", *said, "--json", by="ann").stdout)
    assert run("holds", "lift", made["id"], "--reason", "Over.", by="ann").exit_code == 2
    assert json.loads(run("retention", "due", "--json").stdout)["counted"] == {"held": 1}
    assert made["id"] in run("retention", "due").stdout
    assert run("holds", "lift", made["id"], "--reason", "Over.", by="ben").exit_code == 0
    assert "lifted" in run("holds", "list").stdout
    assert run("holds", "lift", "hld_9", "--reason", "Over.", by="ben").exit_code == 2


def test_a_run_on_the_command_line_says_that_nothing_erases_here(run: Callable[..., Result]) -> None:
    done = run("retention", "run")
    assert done.exit_code == 0
    assert "c-7" in done.stdout
    assert "nothing was erased" in done.stdout
    body = json.loads(run("retention", "run", "--dry-run", "--json").stdout)
    assert (body["erased"], body["dry_run"], body["eraser"], len(body["data"])) == (0, True, False, 1)
    assert run("retention", "due", "--after", "x").exit_code == 2


def test_the_end_of_a_financial_year_is_a_day_that_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEXGATE_FINANCIAL_YEAR_END", "06-30")
    assert read_settings().year_end == (6, 30)
    monkeypatch.setenv("LEXGATE_FINANCIAL_YEAR_END", "02-30")
    with pytest.raises(ValueError, match="FINANCIAL_YEAR_END"):
        read_settings()


def test_a_request_that_cannot_be_read_keeps_everything(ledger: Ledger) -> None:
    at = datetime(2009, 5, 4, tzinfo=UTC)
    stored(ledger, payer_id="c-7", at=at, counted=counted("c-7", occurred_at=at), facts=b'{"amount":')
    found = look(ledger)
    assert (found.due, found.counted) == ([], {"unknown": 1})
