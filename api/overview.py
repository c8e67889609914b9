"""What bites, what waits and what flows: one look at everything that a person should know in the morning."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any, Final

from api.change_views import summary_of
from api.coverage import as_data, country_names, coverage
from api.drafting import Desk
from api.feed_trouble import feeds_body
from api.list_views import listed
from api.routes.obligations import body_of
from api.service import Service
from api.staleness import table_of
from api.traffic import latency, traffic
from api.upcoming import coming
from api.upgrading import waiting
from engine.change_alerts import SOON, in_time
from engine.changes import ChangeState, LawChange
from engine.drafting import Activation, ActivationKind, Draft, DraftRefused, DraftState, approved, in_force
from engine.drafting import Approval as Agreed
from engine.ledger import ApiKey, ChangesWanted, Ledger, Scope, Status, Wanted
from engine.packs import PackSet
from engine.packs.staleness import Fact, facts

LOOKED_AT: Final = 200
"""Drafts and coming entries that are looked at, at most."""
_SHOWN: Final = 8
_WEEK, _MONTH = timedelta(days=7), timedelta(days=30)
_UNSETTLED: Final = (ChangeState.NEW, ChangeState.ASSIGNED, ChangeState.DRAFTED)


def overview_body(service: Service, caller: ApiKey, *, hours: int, days: int) -> dict[str, Any]:
    """All of it, as the caller may see it. Raises LedgerError."""
    now, ledger, packs = service.clock(), service.ledger, service.packs
    desk = Desk(service, caller.id)
    return {
        "at": now.isoformat(),
        "law": law_body(service, desk),
        "traffic": traffic(ledger, service.minutes, now, hours),
        "latency": latency(service.metrics.tally.latency, hours),
        "coming": coming_body(service, packs, desk, days),
        "obligations": duties_body(ledger, now),
        "changes": changes_body(ledger, now),
        "approvals": approvals_body(desk, may=Scope.APPROVE in caller.scopes),
        "feeds": feeds_body(ledger.feeds.states(), service.settings.own_feeds, now),
        "lists": lists_body(service, now),
        "facts": facts_now(service, packs, now.date()),
        "deliveries": deliveries_body(ledger),
        "cases": cases_body(ledger, now),
    }


def coverage_body(service: Service, packs: PackSet, day: date) -> dict[str, Any]:
    """How much of the law a release tells on a day."""
    digest = packs.release.digest
    return service.by_day.of(
        "coverage",
        (digest, day),
        lambda: {**as_data(coverage(packs, day), country_names(), day), "release": digest},
    )


# -- the law -------------------------------------------------------------------------------------------------------------


def law_body(service: Service, desk: Desk) -> dict[str, Any]:
    """What is in force, and since when."""
    holds, packs, upgrade = in_force(desk.activations, desk.now), service.packs, waiting(service)
    rates = service.rates.latest()
    since = holds.active_from if holds is not None and holds.release == packs.release.digest else None
    return {
        "release": packs.release.digest,
        "version": packs.release.version,
        "since": None if since is None else since.isoformat(),
        "jurisdictions": len(packs.packs),
        "demoted": len(packs.demotions),
        "upgrade": None if upgrade is None else upgrade.version,
        "rates_until": None if rates is None else rates.isoformat(),
    }


def coming_body(service: Service, packs: PackSet, desk: Desk, days: int) -> dict[str, Any]:
    """What turns within some days, and the releases that were decided on."""
    key = packs.release.digest, desk.now.date(), days
    found = service.by_day.of("coming", key, lambda: coming(packs, desk.now.date(), days))
    data = [{**asdict(one), "day": one.day.isoformat()} for one in found[:LOOKED_AT]]
    scheduled = [_scheduled(desk, one) for one in _ahead(desk)]
    return {"days": days, "total": len(found), "data": data, "scheduled": scheduled}


def _ahead(desk: Desk) -> Iterator[Activation]:
    """What was decided on and is not in force yet, the nearest first."""
    cancelled = {one.cancels for one in desk.activations}
    ahead = [
        one
        for one in desk.activations
        if one.active_from > desk.now and one.kind is not ActivationKind.CANCELLED and one.seq not in cancelled
    ]
    yield from sorted(ahead, key=lambda one: (one.active_from, one.seq))


def _scheduled(desk: Desk, one: Activation) -> dict[str, Any]:
    draft = None if one.draft is None else desk.ledger.drafts.one(one.draft)
    return {
        "release": one.release, "active_from": one.active_from.isoformat(), "draft": one.draft,
        "title": None if draft is None else draft.title,
    }  # fmt: skip


def facts_now(service: Service, packs: PackSet, today: date) -> dict[str, Any]:
    """How many facts of the release nobody has looked at in time."""
    table = table_of(service.settings.stale_table)
    key = packs.release.digest, today
    return service.by_day.of("facts", key, lambda: facts_body(packs, facts(packs.packs, table, today), today))


def facts_body(packs: PackSet, all_facts: Iterator[Fact], today: date) -> dict[str, Any]:
    """Facts and the days by which somebody should look at them again."""
    grades, late, total, soon, oldest = Counter[str](), Counter[str](), 0, 0, None
    for one in all_facts:
        total += 1
        grades[one.confidence] += 1
        overdue = one.overdue(today)
        late[one.pack] += overdue > 0
        soon += -_MONTH.days <= overdue <= 0
        oldest = one.verified_on if oldest is None else min(oldest, one.verified_on)
    worst = [(code, number) for code, number in late.most_common(10) if number]
    return {
        "total": total,
        "stale": late.total(),
        "soon": soon,
        "oldest": None if oldest is None else oldest.isoformat(),
        "confidence": dict(sorted(grades.items())),
        "packs": [{"pack": code, "name": packs.packs[code].name, "stale": number} for code, number in worst],
    }


# -- work ----------------------------------------------------------------------------------------------------------------


def duties_body(ledger: Ledger, now: datetime) -> dict[str, Any]:
    """Obligations that are open, the most urgent first."""
    number, overdue, by_then = ledger.obligations.due(now, now + _WEEK)
    urgent = ledger.obligations.page(
        Wanted(Status.OPEN, due_before=now + _WEEK), now=now, limit=_SHOWN, after=None
    ).data
    return {
        "open": number,
        "overdue": overdue,
        "soon": by_then - overdue,
        "data": [body_of(one, now) for one in urgent],
    }


def changes_body(ledger: Ledger, now: datetime) -> dict[str, Any]:
    """What was published, and waits for somebody; first what must be followed within 72 hours."""
    counted = ledger.changes.counted()
    by_then = (now + SOON).date() + timedelta(days=1)
    near = [
        one
        for state in _UNSETTLED
        for one in ledger.changes.page(ChangesWanted(state, effective_before=by_then), limit=LOOKED_AT, after=None).data
        if _is_due(ledger, one)
    ]
    near.sort(key=lambda one: (one.read.effective or date.max, one.id))
    newest = ledger.changes.page(ChangesWanted(ChangeState.NEW), limit=_SHOWN, after=None, newest=True).data
    return {
        **{state.value: counted[state][0] if state in counted else 0 for state in _UNSETTLED},
        "due": [summary_of(one) for one in near[:_SHOWN]],
        "waiting": [summary_of(one) for one in newest],
    }


def _is_due(ledger: Ledger, change: LawChange) -> bool:
    """As the alerts tell it: made law, and not scheduled for its day. What was past when it was heard of, and needs no value of
    ours, is none."""
    read = change.read
    if not read.is_law or read.effective is None:
        return False
    if not read.draftable and read.effective <= change.opened_at.date():
        return False
    draft = None if change.draft is None else ledger.drafts.one(change.draft)
    return draft is None or not in_time(draft.active_from, read.effective)


def approvals_body(desk: Desk, *, may: bool) -> dict[str, Any]:
    """Drafts that were handed in, and of them those that this person may approve."""
    page = desk.ledger.drafts.page(state=DraftState.SUBMITTED, limit=LOOKED_AT, after=None)
    roles = desk.roles if may else frozenset()
    mine = [one for one in page.data if may and _approvable(one, desk, roles)]
    return {
        "submitted": len(page.data),
        "data": [
            {
                "id": one.id, "title": one.title, "author": one.author, "domains": list(one.domains),
                "required": one.required, "approvals": len(one.approvals), "updated_at": one.updated_at.isoformat(),
            }
            for one in mine
        ],
    }  # fmt: skip


def _approvable(draft: Draft, desk: Desk, roles: frozenset[str]) -> bool:
    """Whether an approval would be taken: asked of the very rule that takes it."""
    try:
        approved(draft, desk.actor, desk.now, Agreed(draft.content or "", "", roles))
    except DraftRefused:
        return False
    return True


# -- what feeds us, and what we tell ----------------------------------------------------------------------------------------


def lists_body(service: Service, now: datetime) -> dict[str, Any]:
    """Lists that are older than their limit, or required and not there."""
    chosen = service.settings
    every = listed(service.ledger, chosen.required_lists, chosen.stale_days, now)
    return {
        "loaded": sum(one.edition is not None for one in every),
        "stale": [
            {
                "code": one.code, "label": one.label, "age_days": one.age_days, "stale_after_days": one.stale_after_days,
                "required": one.required,
            }
            for one in every
            if one.stale
        ],
    }  # fmt: skip


def deliveries_body(ledger: Ledger) -> dict[str, Any]:
    """Alerts that did not arrive."""
    counted = ledger.deliveries.counted()
    off: Mapping[str, bool] = {one.destination.name: one.off_at is not None for one in ledger.deliveries.destinations()}
    every = [
        {
            "destination": name, "waiting": counted[name].waiting if name in counted else 0,
            "dead": counted[name].dead if name in counted else 0, "off": off.get(name, False),
        }
        for name in sorted({*counted, *off})
    ]  # fmt: skip
    return {
        "destinations": len(every),
        "waiting": sum(one.waiting for one in counted.values()),
        "dead": sum(one.dead for one in counted.values()),
        "data": [one for one in every if one["dead"] or one["off"]],
    }


def cases_body(ledger: Ledger, now: datetime) -> dict[str, Any]:
    """Cases that wait for a person."""
    alerts, onboarding = ledger.cases.counted(now), ledger.onboarding.counted()
    return {
        "alerts": {state: number for state, (number, _) in sorted(alerts.items())},
        "overdue": sum(late for state, (_, late) in alerts.items() if state != "decided"),
        "onboarding": dict(sorted(onboarding.items())),
    }
