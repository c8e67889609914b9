"""The law in sentences over the interface: a place on a day, as it was known, beside another, and one value everywhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.service import Service
from engine.packs import PackSet
from tests.api.client import Client

Told = dict[str, Any]


def told(client: Client, path: str, language: str = "en") -> Told:
    """The body of an answer of 200."""
    reply = client.get(path, {"accept-language": language})
    assert reply.status == 200, reply.body
    found: Told = reply.json()
    return found


def domain(law: Told, name: str) -> Told:
    """One domain of a place."""
    return next(one for one in law["domains"] if one["domain"] == name)


def by(entries: list[Told], key: str, value: str) -> Told:
    """The entry of that name."""
    return next(one for one in entries if one[key] == value)


def test_a_rule_is_read_as_clauses_beside_its_expression(client: Client) -> None:
    rule = by(domain(told(client, "/v1/law/FR?domain=sca"), "sca")["rules"], "id", "sca.low_value")
    assert rule["when"]["kind"] == "all"
    limit = next(one for one in rule["when"]["children"] if one["text"].startswith("the amount is at most EUR 30"))
    assert rule["expression"][limit["start"] : limit["end"]] == limit["expression"] == "amount <= low_value_single_max"
    assert {piece["ref"] for piece in limit["pieces"]} >= {"amount", "low_value_single_max"}
    assert rule["cite"]["url"].startswith("https://eur-lex.europa.eu/")
    assert rule["verified"]["days"] >= 0
    assert (rule["pack"], rule["path"]) == ("EEA", "EEA/sca/exemptions.yaml")


def test_a_parameter_has_every_value_and_who_turns_on_it(client: Client) -> None:
    law = domain(told(client, "/v1/law/DE?domain=tax&at=2020-08-01"), "tax")
    standard = [one for one in law["rates"] if one["category"] == "standard"]
    assert [(one["text"], one["since"], one["until"]) for one in standard] == [("16%", "2020-07-01", "2021-01-01")]
    limits = domain(told(client, "/v1/law/FR?domain=sca"), "sca")["parameters"]
    found = by(limits, "name", "low_value_single_max")
    assert (found["value"]["text"], found["value"]["state"]) == ("EUR 30", "in_force")
    assert "sca.low_value" in {rule["id"] for rule in found["used_by"]}


def test_the_day_chooses_the_values(client: Client) -> None:
    """Germany's three rates of the pandemic's year, each with the days on which something turns."""
    days = {"2020-06-30": "19%", "2020-07-01": "16%", "2021-01-01": "19%"}
    for day, rate in days.items():
        law = domain(told(client, f"/v1/law/DE?domain=tax&at={day}"), "tax")
        assert [one["text"] for one in law["rates"] if one["category"] == "standard"] == [rate]
        assert {"2020-07-01", "2021-01-01"} <= {turn["day"] for turn in law["turns"]}
    assert domain(told(client, "/v1/law/DE?domain=tax&at=2020-08-01"), "tax")["changes_on"] == "2021-01-01"


def test_it_is_told_in_the_language_asked_for(client: Client) -> None:
    law = told(client, "/v1/law/FR?domain=sca", "zh-CN")
    rule = by(domain(law, "sca")["rules"], "id", "sca.low_value")
    assert (law["language"], law["name"]) == ("zh", "法国")
    assert any(one["text"].startswith("金额不超过 30 欧元") for one in rule["when"]["children"])
    assert told(client, "/v1/law/FR?domain=sca", "fr")["language"] == "en"


def test_only_the_domains_asked_for(client: Client) -> None:
    assert [one["domain"] for one in told(client, "/v1/law/FR?domain=tax&domain=sca")["domains"]] == ["sca", "tax"]
    assert len(told(client, "/v1/law/FR")["domains"]) >= 5


def test_a_place_without_a_pack_has_the_law_of_the_world(client: Client) -> None:
    law = told(client, "/v1/law/AQ")
    assert [pack["jurisdiction"] for pack in law["packs"]] == ["WORLD"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/law/ZZ", 404),
        ("/v1/law/fr", 422),
        ("/v1/law/FR?at=yesterday", 422),
        ("/v1/law/FR?domain=weather", 422),
        ("/v1/law/FR?known=2999-01-01", 422),
        ("/v1/law/FR?known=1999-01-01", 404),
        ("/v1/law/compare?a=FR", 422),
        ("/v1/law/grid", 422),
        ("/v1/law/grid?parameter=a&table=rates", 422),
        ("/v1/law/FR/parameters/no_such_thing/history", 404),
    ],
)
def test_what_cannot_be_answered_is_refused(client: Client, path: str, status: int) -> None:
    assert client.get(path).status == status


def test_every_jurisdiction_is_listed_with_what_is_told_of_it(client: Client, service: Service) -> None:
    found = {one["jurisdiction"]: one for one in told(client, "/v1/law")["data"]}
    assert len(found) >= 250
    assert (found["FR"]["region"], found["FR"]["domains"]["sca"]["level"]) == ("europe", "law")
    assert {part["jurisdiction"] for part in found["US"]["parts"]} >= {"US-CA", "US-NY"}
    assert found["EEA"]["kind"] == "group"
    assert next(one for one in found.values() if one["region"] == "antarctica")["jurisdiction"] in ("AQ", "BV")
    page = told(client, "/v1/law?limit=10&after=240")
    assert (len(page["data"]), page["next"]) == (10, "250")


def test_two_places_side_by_side(client: Client) -> None:
    """France and Germany share the Union's rules; the United Kingdom has its own, and since 2026 no contactless limit."""
    union = told(client, "/v1/law/compare?a=FR&b=DE&domain=sca")["domains"][0]
    assert (union["different"], all(row["same"] for row in union["rules"])) == (0, True)
    apart = told(client, "/v1/law/compare?a=FR&b=GB&domain=sca")["domains"][0]
    limit = by(apart["parameters"], "key", "contactless_single_max")
    assert (limit["same"], limit["a"]["value"]["text"]) == (False, "EUR 50")
    assert limit["b"]["value"]["text"] == "a value that the law does not set"
    assert [row["same"] for row in apart["rules"]] == sorted(row["same"] for row in apart["rules"])


def test_one_parameter_everywhere(client: Client) -> None:
    grid = told(client, "/v1/law/grid?parameter=cash_payment_limit&domain=aml")["data"]
    assert len({line["jurisdiction"] for line in grid}) >= 40
    assert all(line["verified"]["on"] and line["confidence"] in "ABCR" for line in grid)
    rates = told(client, "/v1/law/grid?table=rates")["data"]
    german = [(line["text"], line["since"], line["state"]) for line in rates if line["jurisdiction"] == "DE"]
    assert ("16%", "2020-07-01", "past") in german
    assert [state for _, _, state in german].count("in_force") == 1
    names = {one["name"] for one in told(client, "/v1/law/parameters")["data"]}
    assert {"cash_payment_limit", "rates:standard"} <= names


def test_what_was_known_before_the_law_was_changed(client: Client, service: Service, law: PackSet) -> None:
    """Today's release says EUR 30. Tomorrow's says EUR 25: both are told, and the history names both releases."""
    files = dict(law.files)
    path = "EEA/sca/limits.yaml"
    name, _, rest = files[path].partition("low_value_single_max:")
    files[path] = name + "low_value_single_max:" + rest.replace('"30"', '"25"', 1)
    changed = PackSet.of(files, "2099.1.0", near=law)
    before = service.clock
    try:
        tomorrow = before() + timedelta(days=1)
        service.clock = lambda: tomorrow
        service.ledger.remember_release(changed.release, service.clock())
        asked = "/v1/law/FR?domain=sca"
        now = by(domain(told(client, asked), "sca")["parameters"], "name", "low_value_single_max")
        then = told(client, f"{asked}&known={before().date().isoformat()}")
        was = by(domain(then, "sca")["parameters"], "name", "low_value_single_max")
        assert (now["value"]["text"], was["value"]["text"]) == ("EUR 25", "EUR 30")
        assert then["release"]["digest"] == law.release.digest
        layers = told(client, "/v1/law/FR/parameters/low_value_single_max/history")["layers"]
        assert [one["values"][-1]["text"] for one in layers[0]["known"]] == ["EUR 25", "EUR 30"]
    finally:
        service.clock = before


def test_a_rule_that_is_held_back_says_so(open_service: Any, make_client: Any, law: PackSet) -> None:
    from engine.packs.demotions import Demotion, demote

    held = Demotion("EEA", "sca.payer_initiated", datetime(2026, 11, 1, tzinfo=UTC), "It stopped nearly everybody.")
    packs = PackSet.of(demote(law.files, held), near=law)
    service = open_service()
    service.ledger.remember_release(packs.release, service.clock())
    rule = by(domain(told(make_client(service), "/v1/law/FR?domain=sca"), "sca")["rules"], "id", "sca.payer_initiated")
    assert rule["held_back"]["why"] == "It stopped nearly everybody."
