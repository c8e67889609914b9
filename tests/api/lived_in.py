"""A service in which something is stored of every kind, as it would come to be: for whoever calls whatever there is."""

from __future__ import annotations

from decimal import Decimal

import orjson
import pytest

from api import taxing
from api.accounts import invited
from api.admission import Admitted
from api.bundled import samples
from api.deciding import Asked, facts_in, judge
from api.drafting import Desk
from api.reevaluating import Reevaluation, reevaluate
from api.reevaluations import done, ordered
from api.screening import Loaded, Screening, alert_of, told
from api.service import Service
from api.settings import Settings
from api.tax_schemas import Commit, ReversalQuestion
from engine.changes import change_id
from engine.ledger import Occasion, Role, Scope, ScreeningEntry, Told
from engine.tax import procedure
from tests.api.client import SECRET
from tests.api.taxes import book
from tests.ledger.reading import publish, read_all, read_law, read_nothing
from tests.ledger.test_clearances import CLEARANCE
from tests.monitoring.watching import Register
from tests.tax.smalllaw import EndsHere, packs

_SAMPLE = (samples() / "eu-low-value.json").read_bytes()


def lived_in(settings: Settings) -> tuple[Service, dict[str, str]]:
    """The service, and what is in its ledger: the name of a parameter -> an id."""
    service, there = Service.open(settings), dict[str, str]()
    # Each would be a process that reads the law: that they run is tested elsewhere.
    service.backtests.at_once = 0
    service.ledger.keys.create(Scope, "test", SECRET)
    entry = judge(service, facts_in(_SAMPLE), Asked("test", _SAMPLE, None))
    service.ledger.writer.run(lambda batch: batch.decisions([entry]))
    there["decision_id"] = entry.id
    for keep in (_keep_taxes, _keep_a_case, _keep_a_draft, _keep_a_reevaluation, _keep_a_change, _keep_a_person):
        keep(service, there)
    return service, there


def _keep_taxes(service: Service, there: dict[str, str]) -> None:
    """A merchant, a calculation, a transaction and a part of it given back, under the small law of tax."""
    settings = service.settings
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(procedure, "regime_of", lambda *_: EndsHere())
        small = Service.around(settings, packs(), service.rates, service.ledger)
        key = service.ledger.keys.list()[0]
        service.ledger.merchants.put("m-1", b'{"country":"DE"}', small.clock(), key.id)
        body = orjson.dumps(book("m-1"))
        asked = taxing.calculated(small, taxing.question_of(body), Admitted(key, None, body), "en")
        calculation = orjson.loads(asked.body)["id"]
        sold = taxing.committed(small, Commit(calculation=calculation), Admitted(key, None, b"{}"))
        transaction = orjson.loads(sold.body)["id"]
        part = ReversalQuestion(mode="partial", amount=Decimal("1.00"))
        taxing.reversed_(small, transaction, part, Admitted(key, None, b"{}"))
    there.update(calculation_id=calculation, transaction_id=transaction, merchant_id="m-1")


def _keep_a_case(service: Service, there: dict[str, str]) -> None:
    """A match, the screening that found it, its case, and a clearance of it."""
    lists = Screening(lambda: Loaded(Register({"1": "Mona Listed"}), "edition-1"))
    found, fingerprint = lists.of({"name": "Mona Listed"}, service.clock())
    answer = told(found, service.clock(), id="scr_1", subject="c-7", query={"name": "Mona Listed"})
    entry = ScreeningEntry(
        "scr_1",
        service.clock(),
        "test",
        "c-7",
        found.verdict,
        fingerprint,
        b'{"name":"Mona Listed"}',
        orjson.dumps(answer),
    )
    alert = alert_of(found.matches[0], found, "payer", "c-7", service.clock())
    occasion = Occasion(service.clock(), service.packs.release.digest, lambda: "case_1")
    service.ledger.alerts.tell([Told(alert, None, entry)], occasion)
    service.ledger.clearances.propose(CLEARANCE)
    there.update(alert_id=alert.id, case_id="case_1", clearance_id=CLEARANCE.id, screening_id=entry.id)


def _keep_a_draft(service: Service, there: dict[str, str]) -> None:
    """A draft of somebody else's with a file in it, and the release that it was made of."""
    desk = Desk(service, "key_0")
    step = desk.open("drf_1", "A change", None)
    service.ledger.drafts.store(step, desk.now)
    path = "FR/pack.yaml"
    written, along = desk.edit(step.draft, path, desk.files_of(step.draft)[path] + "# read\n")
    service.ledger.drafts.store(written, desk.now, along)
    there.update(draft_id="drf_1", path=path, digest=service.held)


def _keep_a_change(service: Service, there: dict[str, str]) -> None:
    """One that was read of a publication, and a speech that is none."""
    item = publish(service.ledger)
    publish(service.ledger, "n-2", said="A speech")
    read_all(service.ledger, read_law(), read_nothing(), at=service.clock())
    there["change_id"] = change_id(item.seq)


def _keep_a_person(service: Service, there: dict[str, str]) -> None:
    """Somebody who was invited, and a key that is not the one that calls."""
    person, _ = invited(service.ledger, service.settings, service.clock(), "mona", "Mona", (Role.AUDITOR,))
    key, _ = service.ledger.keys.create([Scope.READ], "till 7")
    there.update(person_id=person.id, key_id=key.id)


def _keep_a_reevaluation(service: Service, there: dict[str, str]) -> None:
    """One that is done, and one that was left."""
    folder, asked = service.reevaluations.folder, Reevaluation(service.packs)
    where = ordered(folder, "ree_1", asked, service.clock())
    done(where, reevaluate(asked, service.ledger, folder), service.clock())
    ordered(folder, "ree_2", asked, service.clock())
    there["reevaluation_id"] = "ree_1"
