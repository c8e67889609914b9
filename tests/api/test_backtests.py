"""Back-tests of drafts over HTTP: over stored decisions and files of past payments, watched, stopped, found again."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from api.service import Service
from engine.ledger import Scope
from tests.api.client import Client
from tests.api.conftest import sample

LIMITS = "EEA/sca/limits.yaml"
OLD = '      - {from: "2019-09-14", value: "30"}\n'
OF_2026_IS = '      - {{from: "2026-01-01", value: "{}"}}\n'
OF_2026 = re.compile(r' +- \{from: "2026-01-01", value: "\d+"\}\n')
PAYMENT = {
    "amount": "45.00", "currency": "EUR", "asked_by": "issuer", "occurred_at": "2026-11-20T10:00:00+01:00",
    "payment": {"instrument": "card", "channel": "remote", "initiator": "payer", "issuer_country": "FR",
                "acquirer_country": "DE",
                "since_authenticated": {"amount": "0.00", "currency": "EUR", "count": 0, "policy": "amount"}},
}  # fmt: skip


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("past")
    lines = [orjson.dumps({**PAYMENT, "amount": amount, "label": False}) for amount in ("29.00", "45.00", "55.00")]
    (folder / "november.ndjson").write_bytes(b"\n".join([*lines, b'{"amount": 1.5}']) + b"\n")
    (folder / "secret.txt").write_text("not for anybody")
    return folder


@pytest.fixture(scope="module")
def service(open_service: Callable[..., Service], past: Path) -> Iterator[Service]:
    service = open_service(past_payments=past)
    yield service
    service.backtests.close()


@pytest.fixture(scope="module")
def officer(service: Service, make_client: Callable[..., Client]) -> Client:
    _, secret = service.ledger.keys.create([Scope.EDIT, Scope.READ, Scope.DECIDE], "ann")
    return make_client(service, secret=secret)


@pytest.fixture(scope="module")
def draft(officer: Client) -> str:
    """One that raises the limit of a low-value payment."""
    return raised(officer, "EUR 50", "50")


def raised(officer: Client, title: str, limit: str, draft: str | None = None) -> str:
    """A draft, a new one unless it is named, in which a low-value payment may be so large."""
    made: str = draft or officer.post("/v1/drafts", {"title": title}).json()["id"]
    text = officer.get(f"/v1/drafts/{made}/files/{LIMITS}").json()["text"]
    written(officer, made, OF_2026.sub("", text).replace(OLD, OLD + OF_2026_IS.format(limit)))
    return made


def written(officer: Client, draft: str, text: str) -> None:
    """The file of the limits says this."""
    tag = officer.get(f"/v1/drafts/{draft}/files/{LIMITS}").json()["etag"]
    headers = {"content-type": "application/json", "if-match": tag}
    assert officer.request("PUT", f"/v1/drafts/{draft}/files/{LIMITS}", {"text": text}, headers).status == 200


def finished(officer: Client, backtest: str) -> dict[str, Any]:
    """The back-test once it has ended."""
    deadline = time.monotonic() + 120
    while True:
        found: dict[str, Any] = officer.get(f"/v1/backtests/{backtest}").json()
        if found["state"] not in ("waiting", "running") or time.monotonic() > deadline:
            return found
        time.sleep(0.2)


def read(officer: Client, draft: str, accept: str = "text/html", language: str = "en") -> str:
    """The draft held against the release that it follows, as a page."""
    reply = officer.request(
        "GET", f"/v1/drafts/{draft}/diff?domain=sca", b"", {"accept": accept, "accept-language": language}
    )
    assert (reply.status, reply.headers["content-language"]) == (200, language)
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    return reply.body.decode()


def test_a_draft_is_read_on_one_page_text_meaning_and_effect(officer: Client, service: Service) -> None:
    made = raised(officer, "one page", "50")
    before = officer.get(f"/v1/drafts/{made}/diff?domain=sca").json()
    assert before["effect"] == {"state": "none", "backtest": None, "result": None}
    assert [one["verdict"] for one in before["comparison"]["meanings"]] == ["counterexample"]
    assert "Past payments were not asked yet" in read(officer, made)
    begun = officer.post(f"/v1/drafts/{made}/backtest", {"source": "november.ndjson", "domains": ["sca"]}).json()
    done = finished(officer, begun["id"])
    after = officer.get(f"/v1/drafts/{made}/diff?domain=sca").json()
    assert after["effect"] == {"state": "done", "backtest": begun["id"], "result": done["result"]}
    assert after["comparison"] == before["comparison"]
    text = read(officer, made)
    assert text.index('id="text"') < text.index('id="meaning"') < text.index('id="effect"')
    assert "Of 3 payments 1 would be answered otherwise: 0 more strictly, 1 less." in text
    assert "<td>challenge</td><td>allow</td><td>1</td>" in text
    assert "<script" not in text
    german = read(officer, made, language="de")
    assert "Von 3 Zahlungen würden 1 anders beantwortet: 0 strenger, 1 weniger streng." in german


def test_a_back_test_of_an_earlier_state_is_not_shown_as_the_effect(officer: Client) -> None:
    made = raised(officer, "changed since", "50")
    begun = officer.post(f"/v1/drafts/{made}/backtest", {"source": "november.ndjson", "domains": ["sca"]}).json()
    finished(officer, begun["id"])
    raised(officer, "changed since", "40", made)
    found = officer.get(f"/v1/drafts/{made}/diff?domain=sca").json()
    assert found["effect"] == {"state": "outdated", "backtest": None, "result": None}
    assert "order a back-test anew" in read(officer, made)


def test_a_draft_that_cannot_be_read_has_no_difference_to_show(officer: Client) -> None:
    made = officer.post("/v1/drafts", {"title": "broken"}).json()["id"]
    written(officer, made, "domain: sca\nparameters: [\n")
    reply = officer.get(f"/v1/drafts/{made}/diff")
    assert (reply.status, reply.json()["type"].rpartition(":")[2]) == (409, "not_possible")
    assert officer.get("/v1/drafts/drf_0/diff").status == 404


def test_a_draft_is_asked_of_a_file_of_past_payments(officer: Client, draft: str) -> None:
    begun = officer.post(f"/v1/drafts/{draft}/backtest", {"source": "november.ndjson", "domains": ["sca"]})
    assert begun.status == 200, begun.body
    found = finished(officer, begun.json()["id"])
    assert (found["state"], found["detail"], found["draft"], found["source"]) == ("done", "", draft, "november.ndjson")
    result = found["result"]
    assert result["payments"]["evaluated"] == 3
    assert result["payments"]["changed"] == 1
    assert [one["payments"] for one in result["left_out"]] == [1], "the line that is no payment is told"
    page = officer.get(f"/v1/backtests/{found['id']}/page")
    assert page.headers["content-type"].startswith("text/markdown")
    assert b"challenge" in page.body


def test_a_draft_is_asked_of_what_was_decided_here(officer: Client, draft: str) -> None:
    officer.post("/v1/preflight?domains=sca", PAYMENT)
    officer.post("/v1/preflight?domains=sca", sample("eu-low-value"))
    begun = officer.post(f"/v1/drafts/{draft}/backtest", {"domains": ["sca"]}).json()
    result = finished(officer, begun["id"])["result"]
    assert (result["payments"]["evaluated"], result["payments"]["changed"]) == (2, 1)
    assert [(one["was"], one["now"]) for one in result["outcomes"] if one["was"] != one["now"]] == [
        ("challenge", "allow")
    ]


@pytest.mark.parametrize(
    "source", ["../november.ndjson", "/etc/passwd", "secret.txt", "nothing.csv", "november.ndjson\n"]
)
def test_nothing_but_a_file_of_past_payments_is_read(officer: Client, draft: str, source: str) -> None:
    refused = officer.post(f"/v1/drafts/{draft}/backtest", {"source": source})
    assert (refused.status, refused.codes()) == (422, {("/source", "unknown_source")})


def test_one_that_was_stopped_goes_on_and_ends_alike(officer: Client, draft: str) -> None:
    begun = officer.post(f"/v1/drafts/{draft}/backtest", {"source": "november.ndjson", "domains": ["sca"]}).json()
    officer.post(f"/v1/backtests/{begun['id']}/cancel")
    stopped = finished(officer, begun["id"])
    assert stopped["state"] in ("stopped", "done", "failed")
    assert officer.post(f"/v1/backtests/{begun['id']}/resume").status == 200
    assert finished(officer, begun["id"])["result"]["payments"]["evaluated"] == 3


def test_a_back_test_that_is_not_there_is_not_found(officer: Client) -> None:
    assert officer.get("/v1/backtests/bt_0000").status == 404
    assert officer.post("/v1/backtests/bt_0000/cancel").status == 404
    assert officer.get("/v1/backtests/bt_0000/page").status == 404


def test_who_may_only_read_orders_none(service: Service, make_client: Callable[..., Client], draft: str) -> None:
    _, secret = service.ledger.keys.create([Scope.READ], "reader")
    assert make_client(service, secret=secret).post(f"/v1/drafts/{draft}/backtest", {}).status == 403


def test_the_back_tests_of_a_draft_are_listed_by_page_the_newest_first(officer: Client) -> None:
    made = raised(officer, "listed", "50")
    path = f"/v1/drafts/{made}/backtests"
    assert officer.get(path).json() == {"data": [], "next": None}
    asked = {"source": "november.ndjson", "domains": ["sca"], "legal_day": "2026-12-01"}
    older, newer = (finished(officer, officer.post(f"/v1/drafts/{made}/backtest", asked).json()["id"]) for _ in "12")
    assert [one["id"] for one in officer.get(path).json()["data"]] == [newer["id"], older["id"]]
    first = officer.get(f"{path}?limit=1").json()
    rest = officer.get(f"{path}?limit=1&after={first['next']}").json()
    assert ([one["id"] for one in (*first["data"], *rest["data"])], rest["next"]) == ([newer["id"], older["id"]], None)
    assert first["data"][0] == {name: value for name, value in newer.items() if name != "result"}
    assert (newer["legal_day"], newer["state"], newer["source"]) == ("2026-12-01", "done", "november.ndjson")
    assert (newer["was"], newer["now"]) == (newer["result"]["was"]["digest"], newer["result"]["now"]["digest"])
    assert officer.get("/v1/drafts/drf_0/backtests").status == 404


def test_what_a_draft_can_be_back_tested_against_is_listed(officer: Client, past: Path) -> None:
    whole = officer.get("/v1/past-payments").json()
    size = (past / "november.ndjson").stat().st_size
    assert whole == {
        "data": [{"name": "ledger", "bytes": None}, {"name": "november.ndjson", "bytes": size}], "next": None,
    }  # fmt: skip
    first = officer.get("/v1/past-payments?limit=1").json()
    assert first["next"] == "ledger"
    assert officer.get("/v1/past-payments?after=ledger").json()["data"] == whole["data"][1:]


def test_whoever_approves_may_ask_the_past_and_whoever_reads_may_not(
    service: Service, make_client: Callable[..., Client], draft: str
) -> None:
    asked = {"source": "november.ndjson", "domains": ["sca"]}
    people = {scope: make_client(service, secret=service.ledger.keys.create([scope, Scope.READ], scope)[1])
              for scope in (Scope.APPROVE, Scope.DECIDE)}  # fmt: skip
    begun = people[Scope.APPROVE].post(f"/v1/drafts/{draft}/backtest", asked)
    assert begun.status == 200
    assert finished(people[Scope.APPROVE], begun.json()["id"])["state"] == "done"
    assert people[Scope.DECIDE].post(f"/v1/drafts/{draft}/backtest", asked).status == 403
