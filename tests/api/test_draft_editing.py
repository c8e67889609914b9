"""A draft under an officer's hands, over HTTP: checked as it is typed, changed by forms, tested in place, tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.api.bureau import MANIFEST, RULES, Bureau
from tests.api.client import Client, Reply

TAX = "FR/tax.yaml"
VALUE = {"kind": "add_value", "parameter": "small_max", "from": "2027-01-01", "value": "30.00"}
PAYMENT = {
    "amount": "10.00", "currency": "EUR", "occurred_at": "2026-11-26T10:00:00+01:00",
    "payment": {"instrument": "card", "channel": "chip", "issuer_country": "FR", "acquirer_country": "FR"},
}  # fmt: skip


@pytest.fixture
def bureau(tmp_path: Path, make_client: Callable[..., Client]) -> Iterator[Bureau]:
    made = Bureau(tmp_path, make_client)
    yield made
    assert made.service.ledger.verify().ok
    made.service.close()


def edit(bureau: Bureau, draft: str, path: str = RULES, who: str = "ann", **more: Any) -> Reply:
    """An edit under the tag that is there now, unless another is given."""
    change, text, tag = more.pop("edit", VALUE), more.pop("text", None), more.pop("tag", "")
    headers = {"content-type": "application/json", **more}
    if text is None and tag is not None:
        headers["if-match"] = tag or bureau.read(draft, path)["etag"]
    body = {"path": path, "edit": change, **({} if text is None else {"text": text})}
    return bureau[who].post(f"/v1/drafts/{draft}/edits", body, headers)


def test_a_form_changes_one_line_of_a_file_and_keeps_it(bureau: Bureau) -> None:
    draft, before = bureau.open(), bureau.read(bureau.open(), RULES)["text"]
    done = edit(bureau, draft)
    assert (done.status, done.json()["stored"], done.json()["also"]) == (200, True, [])
    line = '      - {from: "2027-01-01", value: "30.00"}\n'
    kept = bureau.read(draft, RULES)
    assert kept["text"] == done.json()["text"]
    assert kept["text"].replace(line, "") == before
    assert kept["etag"] == done.json()["etag"]
    (file,) = bureau["nosy"].get(f"/v1/drafts/{draft}").json()["files"]
    assert (file["path"], file["editor"]) == (RULES, bureau.keys["ann"])


def test_what_is_typed_is_rewritten_and_given_back_and_nothing_is_kept(bureau: Bureau) -> None:
    draft = bureau.open()
    typed = bureau.read(draft, RULES)["text"].replace("small_max", "tiny_max").replace("\n", "\r\n")
    change = {**VALUE, "parameter": "tiny_max"}
    done = edit(bureau, draft, edit=change, text=typed).json()
    assert (done["stored"], "\r" in done["text"]) == (False, False)
    assert '{from: "2027-01-01", value: "30.00"}' in done["text"]
    assert bureau["nosy"].get(f"/v1/drafts/{draft}").json()["files"] == []


def test_an_edit_says_what_was_read(bureau: Bureau) -> None:
    draft = bureau.open()
    assert edit(bureau, draft, tag=None).status == 428
    first = bureau.read(draft, RULES)["etag"]
    assert edit(bureau, draft).status == 200
    late = edit(bureau, draft, who="ben", tag=first)
    assert (late.status, late.headers["etag"]) == (412, bureau.read(draft, RULES)["etag"])


def test_an_edit_under_one_key_is_made_once(bureau: Bureau) -> None:
    draft, tag = bureau.open(), bureau.read(bureau.open(), RULES)["etag"]
    replies = [edit(bureau, draft, tag=tag, **{"idempotency-key": "once"}) for _ in range(2)]
    assert [one.status for one in replies] == [200, 200]
    assert replies[0].body == replies[1].body
    assert replies[1].headers["idempotent-replayed"] == "true"
    assert bureau["nosy"].get(f"/v1/drafts/{draft}").json()["number"] == 2


def test_what_cannot_be_written_is_refused_in_words(bureau: Bureau) -> None:
    draft = bureau.open()
    reply = edit(bureau, draft, edit={**VALUE, "from": "2020-01-01"})
    assert (reply.status, reply.codes()) == (422, {("/edit", "edit_refused")})
    assert "from 2020-01-01 on already" in reply.json()["errors"][0]["message"]
    assert edit(bureau, draft, edit=VALUE, text="rules: [").codes() == {("/text", "not_readable")}
    assert edit(bureau, draft, edit={"kind": "dance"}).status == 422
    assert edit(bureau, draft, path="FR/none.yaml", text="", edit=VALUE).status == 422
    assert edit(bureau, draft, path="FR/none.yaml", tag='"x"').status == 412
    assert bureau["nosy"].get(f"/v1/drafts/{draft}").json()["files"] == []


def test_only_who_may_edit_edits_and_whoever_reads_may_look(bureau: Bureau) -> None:
    draft = bureau.open()
    assert edit(bureau, draft, who="nosy").status == 403
    asked = {"path": RULES}
    for name in ("outline", "tests"):
        assert bureau["nosy"].post(f"/v1/drafts/{draft}/{name}", asked).status == 200
    assert bureau["nosy"].post("/v1/drafts/drf_none/outline", asked).status == 404
    assert bureau["nosy"].post(f"/v1/drafts/{draft}/outline", {"path": "FR/kyc.yaml"}).status == 404


def test_the_files_of_a_draft_are_listed_by_page(bureau: Bureau) -> None:
    draft = bureau.open()
    assert edit(bureau, draft).status == 200
    first = bureau["nosy"].get(f"/v1/drafts/{draft}/files?under=FR/&limit=2").json()
    rest = bureau["nosy"].get(f"/v1/drafts/{draft}/files?under=FR/&limit=2&after={first['next']}").json()
    assert [(one["path"], one["changed"]) for one in (*first["data"], *rest["data"])] == [
        (MANIFEST, False), (RULES, True), (TAX, False),
    ]  # fmt: skip
    assert rest["next"] is None


def test_a_text_is_checked_while_it_is_typed(bureau: Bureau) -> None:
    draft = bureau.open()
    text = bureau.read(draft, RULES)["text"]

    def lint(typed: str, **more: str) -> dict[str, Any]:
        found: dict[str, Any] = (
            bureau["nosy"].post(f"/v1/drafts/{draft}/lint", {"path": RULES, "text": typed, **more}).json()
        )
        return found

    assert lint(text) == {"ok": True, "depth": "checks", "problems": []}
    wrong = lint(text.replace('== "remote"', '== "remoe"'), depth="reading")
    (problem,) = wrong["problems"]
    assert (wrong["ok"], problem["code"], problem["line"]) == (False, "enum-value", 19)
    shown = text.replace('== "remote"', '== "remoe"').split("\n")[18]
    assert shown[problem["column"] - 1 : problem["end_column"] - 1] == '"remoe"'
    assert "remote" in problem["remedy"]
    late = lint(text.replace("expect: fires", "expect: silent", 1))
    assert {one["code"] for one in late["problems"]} >= {"test-fails", "draft-version"}


def test_other_files_of_the_draft_count_and_those_that_cannot_be_read_hide_nothing(bureau: Bureau) -> None:
    draft = bureau.open()
    text = bureau.read(draft, RULES)["text"].replace("No codes", "No short codes")
    asked = {"path": RULES, "text": text}
    found = bureau["nosy"].post(f"/v1/drafts/{draft}/lint", asked).json()["problems"]
    assert "draft-version" in {one["code"] for one in found}
    assert edit(bureau, draft, path=MANIFEST, edit={"kind": "raise_version"}).status == 200
    found = bureau["nosy"].post(f"/v1/drafts/{draft}/lint", asked).json()["problems"]
    assert "draft-version" not in {one["code"] for one in found}
    bureau.write("ann", draft, TAX, "domain: tax\nrates: [")
    broken = bureau["nosy"].post(f"/v1/drafts/{draft}/lint", asked).json()
    assert [one["file"] for one in broken["problems"]] == [TAX]


def test_a_file_is_told_as_a_form_with_its_lines_of_time(bureau: Bureau) -> None:
    draft = bureau.open()
    found = bureau["nosy"].post(f"/v1/drafts/{draft}/outline", {"path": RULES}).json()
    assert (found["readable"], found["kind"], found["domain"]) == (True, "domain", "sca")
    assert found["rules"][0]["when"] == 'payment.channel == "remote"'
    assert found["sources"][0]["id"] == "code"
    assert [(row["kind"], row["name"]) for row in found["timeline"]] == [
        ("parameter", "small_max"),
        ("rule", "sca.no_sms"),
    ]
    assert found["rules"][0]["prose"]["text"] == "the channel is remote"
    assert found["parameters"][0]["said"] == ["EUR 20 from 1 January 2020 on"]
    chinese = bureau["nosy"].post(f"/v1/drafts/{draft}/outline", {"path": RULES}, {"accept-language": "zh"}).json()
    assert chinese["rules"][0]["prose"]["text"] != found["rules"][0]["prose"]["text"]
    rates = bureau["nosy"].post(f"/v1/drafts/{draft}/outline", {"path": TAX}).json()
    assert [one["percent"] for one in rates["rates"]][:2] == ["19.6", "20"]
    broken = bureau["nosy"].post(f"/v1/drafts/{draft}/outline", {"path": RULES, "text": "rules: ["}).json()
    assert (broken["readable"], broken["rules"], broken["timeline"]) == (False, [], [])
    halfway = bureau.read(draft, RULES)["text"].replace('== "remote"', "==")
    told = bureau["nosy"].post(f"/v1/drafts/{draft}/outline", {"path": RULES, "text": halfway}).json()
    assert (told["readable"], told["rules"][0]["when"]) == (True, "payment.channel ==")


def test_tests_run_in_place_on_what_is_typed(bureau: Bureau) -> None:
    draft = bureau.open()
    kept = bureau["nosy"].post(f"/v1/drafts/{draft}/tests", {"path": RULES, "rule": "sca.no_sms"}).json()
    assert (kept["passed"], kept["failed"]) == (5, 0)
    typed = bureau.read(draft, RULES)["text"].replace('== "remote"', '== "chip"')
    found = bureau["nosy"].post(f"/v1/drafts/{draft}/tests", {"path": RULES, "text": typed}).json()
    assert found["failed"] == 3
    first = found["data"][0]
    assert (first["passed"], first["expected"]["outcome"]) == (False, "fires")
    assert first["found"].startswith("silent: payment.channel")
    unreadable = bureau["nosy"].post(f"/v1/drafts/{draft}/tests", {"path": RULES, "text": "domain: sca\nrules: ["})
    assert (unreadable.status, unreadable.json()["type"].rpartition(":")[2]) == (409, "not_possible")


def test_a_payment_is_tried_under_the_draft_and_nothing_is_kept(bureau: Bureau) -> None:
    draft = bureau.open()
    asked = {"transaction": PAYMENT, "domains": "sca"}
    same = bureau["nosy"].post(f"/v1/drafts/{draft}/try", asked).json()
    assert (same["same"], same["differences"]) == (True, [])
    bureau.change("ann", draft, RULES, 'when: payment.channel == "remote"', 'when: payment.channel == "chip"')
    tried = bureau["nosy"].post(f"/v1/drafts/{draft}/try", asked).json()
    assert tried["same"] is False
    assert [one["rule"] for one in tried["in_force"]["findings"]].count("sca.no_sms") == 0
    assert [one["rule"] for one in tried["draft"]["findings"]].count("sca.no_sms") == 1
    assert any(one["pointer"].startswith("/findings") for one in tried["differences"])
    assert tried["release"] == bureau.held()
    assert bureau["shop"].get("/v1/decisions").json()["data"] == []


def test_a_payment_that_is_none_is_refused_with_its_place(bureau: Bureau) -> None:
    draft = bureau.open()
    wrong = {"transaction": {**PAYMENT, "currency": "XXQ"}}
    reply = bureau["nosy"].post(f"/v1/drafts/{draft}/try", wrong)
    assert reply.status == 422
    assert {pointer for pointer, _ in reply.codes()} == {"/transaction/currency"}
    bureau.write("ann", draft, RULES, "domain: sca\nrules: [")
    assert bureau["nosy"].post(f"/v1/drafts/{draft}/try", {"transaction": PAYMENT}).status == 409


def test_tests_for_a_new_value_are_made_of_those_that_its_rules_have(bureau: Bureau) -> None:
    draft, path = bureau.open(), "AREA/sca.yaml"
    name = "small_max"
    assert edit(bureau, draft, path=path, edit={**VALUE, "parameter": name, "value": "45.00"}).status == 200
    made = edit(bureau, draft, path=path, edit={"kind": "add_tests", "parameter": name, "from": "2027-01-01"})
    assert made.status == 200, made.json()
    added = [line for line in made.json()["text"].split("\n") if line not in bureau.read(bureau.open(), path)["text"]]
    assert len(added) >= 3
    assert any('on: "2026-12-31"' in line for line in added)
    ran = bureau["nosy"].post(f"/v1/drafts/{draft}/tests", {"path": path}).json()
    assert ran["failed"] == 0
    none = edit(bureau, draft, path=path, edit={"kind": "add_tests", "parameter": name, "from": "1990-01-01"})
    assert none.codes() == {("/edit", "edit_refused")}
