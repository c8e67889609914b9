"""Releases tried before they are in force: in shadow, beside what is answered, or as a canary, for a part of the payers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Path, Query, Response

from api.answers import given_answer, json_answer
from api.auth import lacking
from api.draft_schemas import Because
from api.drafting import Desk
from api.gate import Entered, Locale, Serving, needs
from api.once import given_before, given_by, keyed, once_of
from api.problems import Fault, Problem, not_found, refused
from api.routes.decisions import Limit
from api.routes.drafts import Sequence
from api.schemas import READS, WRITES, problems
from api.service import Service
from api.trial_schemas import DifferencePage, TrialAsked, TrialBody, TrialDetail, TrialPage
from api.trial_views import detail_body, differences_body, trial_body
from api.trying import Unknown, Wanted, begin, end, hundredths
from api.twin import IdempotencyKey
from engine.drafting import DraftRefused
from engine.ledger import EntryRefused, Scope, TrialMoved
from engine.packs import PackError
from engine.trials import (
    MOST,
    Band,
    Guardrail,
    Trial,
    TrialKind,
    TrialOfAnother,
    TrialOutdated,
    TrialRefused,
    TrialState,
)

reading = APIRouter(route_class=needs(Scope.READ), tags=["trials"])
trying = APIRouter(route_class=needs(Scope.EDIT, otherwise=Scope.APPROVE), tags=["trials"])

TrialId = Annotated[str, Path(pattern=r"^trl_[0-9a-z]{1,40}$", examples=["trl_01kavw3e5n7x2v8g4yq0m6tz1b"])]
AfterTrial = Annotated[str | None, Query(pattern=r"^trl_[0-9a-z]{1,40}$", description="`next` of the page before.")]
AfterDifference = Annotated[
    str | None, Query(pattern=r"^[1-9][0-9]{0,9}\.[0-9]{1,9}$", description="`next` of the page before.")
]
_SCOPES: Final = {TrialKind.SHADOW: Scope.EDIT, TrialKind.CANARY: Scope.APPROVE}


@reading.get("/v1/trials", response_model=TrialPage, responses={**READS, **problems(422)}, summary="List trials")
def listed(
    service: Serving,
    state: TrialState | None = None,
    order: Sequence = "oldest",
    limit: Limit = 50,
    after: AfterTrial = None,
) -> Response:
    """In the order in which they were started, or the newest first."""
    page = service.ledger.trials.page(state=state, limit=limit, after=after, newest_first=order == "newest")
    return json_answer(orjson.dumps({"data": [trial_body(one) for one in page.data], "next": page.next}))


@reading.get(
    "/v1/trials/{trial_id}", response_model=TrialDetail, responses={**READS, **problems(404, 422)},
    summary="Show a trial",
)  # fmt: skip
def shown(trial_id: TrialId, service: Serving, locale: Locale) -> Response:
    """With what it has come to. Of a shadow what a back-test tells: from which outcome to which, per rule, money, tax, examples.
    Of a canary both sides, and what the guardrail says of them, with the numbers."""
    body = detail_body(service, _named(service, trial_id), service.packs.words(locale or "en"))
    return json_answer(orjson.dumps(body))


@reading.get(
    "/v1/trials/{trial_id}/differences", response_model=DifferencePage, responses={**READS, **problems(404, 422)},
    summary="List what a shadow would have answered otherwise",
)  # fmt: skip
def differences(trial_id: TrialId, service: Serving, limit: Limit = 50, after: AfterDifference = None) -> Response:
    """In the order in which they were decided; each can be replayed under the release on trial. A canary has none: what it
    answers is answered."""
    _named(service, trial_id)
    piece, place = (0, 0) if after is None else map(int, after.split("."))
    found = service.ledger.trials.differences(trial_id, (piece, place + (after is not None)), limit + 1)
    return json_answer(orjson.dumps(differences_body(found, limit)))


@trying.post(
    "/v1/trials", response_model=TrialBody, responses={**WRITES}, summary="Start a trial",
)  # fmt: skip
def start(asked: TrialAsked, service: Serving, admitted: Entered, _once: IdempotencyKey = None) -> Response:
    """A shadow (scope `edit`) is evaluated beside every decision from now on, and never served; any number may run. A canary
    (scope `approve`, never by whoever wrote the draft) answers its share of the payers within a second, each of them always
    alike, and ends by itself where a rate leaves its band, where it falls, or where another release is in force. One may run."""
    if _SCOPES[asked.kind] not in admitted.key.scopes:
        raise lacking(_SCOPES[asked.kind])
    once = once_of(admitted)
    given = given_before(service.ledger, once)
    if given is not None:
        return given_answer(given)
    wanted, desk = wanted_of(asked), Desk(service, admitted.key.id)
    step, brought = _refusing(lambda: begin(desk, service.new_trial(), wanted))
    answer = orjson.dumps(trial_body(step.trial))
    stored = _refusing(lambda: service.ledger.trials.start(step, brought, keyed(once, answer)))
    return given_answer(given_by(stored, answer))


@trying.post(
    "/v1/trials/{trial_id}/end", response_model=TrialBody, responses={**WRITES, **problems(404)}, summary="End a trial",
)  # fmt: skip
def finish(
    trial_id: TrialId, why: Because, service: Serving, admitted: Entered, _once: IdempotencyKey = None
) -> Response:
    """Whoever may start one of either kind may end it: everybody is answered by the release in force within a second. What was
    approved is put in force as ever, by its draft."""
    once = once_of(admitted, f"\0{trial_id}")
    given = given_before(service.ledger, once)
    if given is not None:
        return given_answer(given)
    trial, desk = _named(service, trial_id), Desk(service, admitted.key.id)
    step = _refusing(lambda: end(desk, trial, why.reason))
    answer = orjson.dumps(trial_body(step.trial))
    stored = _refusing(lambda: service.ledger.trials.end(step, keyed(once, answer)))
    return given_answer(given_by(stored, answer))


# -- inside -------------------------------------------------------------------------------------------------------------


def wanted_of(asked: TrialAsked) -> Wanted:
    """What is asked for, if it goes together. Raises 422 with every fault."""
    faults = [*_canary_faults(asked)] if asked.kind is TrialKind.CANARY else [*_shadow_faults(asked)]
    bands = [] if asked.guardrail is None else asked.guardrail.bands or []
    for at, band in enumerate(bands):
        if band.up is None and band.down is None:
            faults.append(Fault(f"/guardrail/bands/{at}", "missing", "`up` or `down` is needed"))
        if band.outcome in [one.outcome for one in bands[:at]]:
            faults.append(Fault(f"/guardrail/bands/{at}/outcome", "not_allowed", "One band for each outcome"))
    if faults:
        raise refused(*faults)
    own = tuple(Band(one.outcome, _points(one.up), _points(one.down)) for one in bands)
    guardrail = Guardrail()
    if asked.guardrail is not None:
        guardrail = Guardrail(own or guardrail.bands, asked.guardrail.minimum)
    share = 0 if asked.share is None else hundredths(asked.share)
    return Wanted(asked.kind, asked.reason, asked.draft, asked.release, share, guardrail)


def _points(limit: str | None) -> int | None:
    return None if limit is None else hundredths(limit)


def _canary_faults(asked: TrialAsked) -> list[Fault]:
    faults = []
    if asked.draft is None:
        faults.append(Fault("/draft", "missing", "A canary is of a draft that was approved"))
    if asked.release is not None:
        faults.append(Fault("/release", "not_allowed", "A canary is of a draft that was approved"))
    if asked.share is None:
        faults.append(Fault("/share", "missing", "This field is needed"))
    elif not 1 <= hundredths(asked.share) <= MOST:
        faults.append(Fault("/share", "not_allowed", "0.01 to 50 percent is wanted"))
    return faults


def _shadow_faults(asked: TrialAsked) -> list[Fault]:
    faults = []
    if (asked.draft is None) == (asked.release is None):
        faults.append(Fault("", "missing", "A shadow is of a draft or of a release: one of both is wanted"))
    for name in ("share", "guardrail"):
        if getattr(asked, name) is not None:
            faults.append(Fault(f"/{name}", "not_allowed", "A shadow answers nobody"))
    return faults


def _named(service: Service, trial_id: str) -> Trial:
    trial = service.ledger.trials.one(trial_id)
    if trial is None:
        raise not_found("trial")
    return trial


def _refusing(act: Callable[[], Any]) -> Any:
    """What the law of trials and the ledger refuse, as problems."""
    try:
        return act()
    except Unknown as error:
        raise refused(Fault(f"/{error.what}", f"unknown_{error.what}", f"There is no such {error.what} here")) from None
    except TrialOfAnother as error:
        raise Problem("another_person", str(error)) from error
    except TrialOutdated as error:
        raise Problem("base_moved", str(error)) from error
    except (TrialRefused, DraftRefused) as error:
        raise Problem("not_possible", str(error)) from error
    except PackError as error:
        raise Problem("not_possible", f"The draft cannot be read: {error.problems[0]}") from None
    except TrialMoved as error:
        raise Problem("case_moved", "The trial is over already: look at it again.") from error
    except EntryRefused as error:
        raise Problem("another_person", "The ledger refuses it: nobody else has approved this.") from error
