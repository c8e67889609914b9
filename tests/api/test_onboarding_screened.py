"""Who asks to be taken on is held against the lists that are loaded, with directors and owners; a match holds the case."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from api.onboarding import screened_names
from api.screening import Loaded, Screening
from api.service import Service
from engine.ledger import Scope
from tests.api.client import Client
from tests.api.screenings import Careless, Lists, edition, screens_with
from tests.api.test_onboarding import FRESH, NOW
from tests.onboarding.applying import applied


@pytest.fixture
def service(open_service: Callable[..., Service]) -> Service:
    made = open_service()
    made.clock = lambda: NOW
    return made


@pytest.fixture
def submitter(service: Service, make_client: Callable[..., Client]) -> Client:
    _, secret = service.ledger.keys.create([Scope.ONBOARD, Scope.READ], "submitter")
    return make_client(service, secret=secret)


@pytest.fixture
def checks(service: Service, submitter: Client) -> Iterator[Callable[..., dict[str | None, tuple[str, str]]]]:
    def asked(**changes: Any) -> dict[str | None, tuple[str, str]]:
        reply = submitter.post("/v1/onboarding", FRESH(**changes))
        assert reply.status == 200, reply.body
        found = [one for one in reply.json()["checks"] if one["check"] == "screening"]
        return {one.get("about"): (one["result"], one["why"]) for one in found}

    return asked


def test_who_is_on_no_list_passes(service: Service, checks: Callable[..., dict[str | None, tuple[str, str]]]) -> None:
    screens_with(service, Lists())
    said = checks(name="Quite Another Shop")
    assert said["Quite Another Shop"] == ("pass", "clear")


def test_a_match_flags_the_name(service: Service, checks: Callable[..., dict[str | None, tuple[str, str]]]) -> None:
    screens_with(service, Lists())
    assert checks(name="Mona Listed")["Mona Listed"] == ("flag", "list_possible")


def test_a_stale_list_screens_nobody(
    service: Service, checks: Callable[..., dict[str | None, tuple[str, str]]]
) -> None:
    screens_with(service, lambda: Loaded(Careless(editions=(edition(days=9),), stale=("UN-SC",)), "e"))
    assert checks(name="Quite Another Shop")["Quite Another Shop"] == ("not_performed", "not_screened")


def test_without_a_list_nobody_looked() -> None:
    assert screened_names(applied(), Screening(), NOW) is None
