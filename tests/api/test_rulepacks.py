"""The law as it is served."""

from __future__ import annotations

from hashlib import sha256

import pytest

from api.service import Service
from engine.packs import PackSet
from engine.packs.release import seal
from tests.api.client import Client


def test_every_pack_is_listed(client: Client, service: Service) -> None:
    listed = client.get("/v1/rulepacks").json()
    found = {pack["jurisdiction"]: pack for pack in listed["data"]}
    assert found.keys() == service.packs.packs.keys()
    assert found["EEA"]["digest"] == service.packs.digests["EEA"]
    assert found["EEA"]["members"] >= 30
    assert sum(pack["tests"] for pack in found.values()) >= 600


def test_pages(client: Client, service: Service) -> None:
    seen: list[str] = []
    path = "/v1/rulepacks?limit=30"
    while path:
        page = client.get(path).json()
        assert len(page["data"]) <= 30
        seen += [pack["jurisdiction"] for pack in page["data"]]
        path = f"/v1/rulepacks?limit=30&after={page['next']}" if page["next"] else ""
    assert seen == sorted(service.packs.packs)


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "after=fr"])
def test_a_page_that_cannot_be(client: Client, query: str) -> None:
    assert client.get(f"/v1/rulepacks?{query}").status == 422


@pytest.mark.parametrize(("said", "meant"), [("UK", "GB"), ("EL", "GR")])
def test_the_commission_s_own_spelling_of_a_place(client: Client, said: str, meant: str) -> None:
    assert client.get(f"/v1/rulepacks/{said}").json() == client.get(f"/v1/rulepacks/{meant}").json()


def test_the_effective_law_of_a_member_state(client: Client) -> None:
    law = client.get("/v1/rulepacks/FR?at=2026-11-22").json()
    assert [pack["jurisdiction"] for pack in law["packs"]] == ["WORLD", "EEA", "EU", "FR"]
    assert (law["at"], law["time_zone"]) == ("2026-11-22", "Europe/Paris")
    assert {rule["pack"] for rule in law["domains"]["sca"]["rules"]} == {"EEA"}
    taxed = {(rate["pack"], rate["category"]): rate["percent"] for rate in law["domains"]["tax"]["rates"]}
    assert taxed["FR", "standard"] == "20"
    assert taxed["FR", "books"] == "5.5"
    rules = {rule["id"]: rule for rule in law["domains"]["sca"]["rules"]}
    assert "low_value_single_max" in rules["sca.low_value"]["when"]
    assert rules["sca.low_value"]["cite"]["at"].startswith("Art. 16")
    assert rules["sca.low_value"]["tests"] > 3
    assert law["domains"]["sca"]["tests"] >= rules["sca.low_value"]["tests"]


def test_a_parameter_with_the_value_in_force(client: Client) -> None:
    law = client.get("/v1/rulepacks/EEA?at=2026-11-22").json()
    limit = next(one for one in law["domains"]["sca"]["parameters"] if one["name"] == "low_value_single_max")
    assert (limit["value"], limit["unit"], limit["since"], limit["known"]) == ("30", "EUR", "2019-09-14", True)
    assert limit["cite"] == {"source": "rts", "at": "Art. 16(a)"}
    assert "rts" in {source["id"] for source in law["sources"] if source["pack"] == "EEA"}


def test_a_parameter_that_is_a_list_of_words(client: Client) -> None:
    law = client.get("/v1/rulepacks/EEA?at=2026-11-22").json()
    order = next(one for one in law["domains"]["sca"]["parameters"] if one["name"] == "dynamic_linking_payer_aware")
    assert order["value"] == order["values"][0]["value"] == ["amount", "payee"]


def test_a_parameter_that_the_law_no_longer_sets(client: Client) -> None:
    law = client.get("/v1/rulepacks/GB?at=2026-03-19").json()
    limit = next(one for one in law["domains"]["sca"]["parameters"] if one["name"] == "contactless_single_max")
    assert (limit["value"], limit["known"]) == (None, True)
    assert [value["value"] for value in limit["values"]] == ["45", "100", None]


def test_the_day_chooses_the_members_and_the_rules(client: Client) -> None:
    before, after = (client.get(f"/v1/rulepacks/GB?at={day}").json() for day in ("2019-12-01", "2021-06-01"))
    assert [pack["jurisdiction"] for pack in before["packs"]] == ["WORLD", "EEA", "EU", "GB"]
    assert {rule["pack"] for rule in before["domains"]["sca"]["rules"]} == {"EEA"}, "its own payment law begins in 2021"
    assert "standard" in {rate["category"] for rate in before["domains"]["tax"]["rates"]}, "its own tax does not"
    assert [pack["jurisdiction"] for pack in after["packs"]] == ["WORLD", "GB"]
    assert "GB" in client.get("/v1/rulepacks/EEA?at=2019-12-01").json()["members"]
    assert "GB" not in client.get("/v1/rulepacks/EEA").json()["members"]


def test_before_any_law_there_is_none(client: Client) -> None:
    law = client.get("/v1/rulepacks/FR?at=1995-01-01").json()
    assert all(rule["applies"]["from"] <= "1995-01-01" for rule in law["domains"]["sca"]["rules"])


def test_a_place_whose_law_is_not_known_says_so(client: Client) -> None:
    assert [pack["jurisdiction"] for pack in client.get("/v1/rulepacks/AQ").json()["packs"]] == ["WORLD"]


@pytest.mark.parametrize(("path", "status"), [("QQ", 404), ("fr", 422), ("FR?at=today", 422), ("..%2F", 422)])
def test_what_is_neither_pack_nor_place(client: Client, path: str, status: int) -> None:
    assert client.get(f"/v1/rulepacks/{path}").status == status


class TestReleases:
    """What was ever served."""

    def test_listed(self, client: Client, service: Service) -> None:
        listed = client.get("/v1/releases").json()
        assert [one["digest"] for one in listed["data"] if one["current"]] == [service.packs.release.digest]
        assert listed["next"] is None

    @pytest.mark.parametrize("prefix", ["sha256:", ""])
    def test_shown(self, client: Client, service: Service, prefix: str) -> None:
        digest = prefix + service.packs.release.digest.removeprefix("sha256:")
        shown = client.get(f"/v1/releases/{digest}").json()
        files = {file["path"]: file for file in shown["files"]}
        assert files.keys() == service.packs.files.keys()
        assert files["EEA/pack.yaml"]["sha256"] == sha256(service.packs.files["EEA/pack.yaml"].encode()).hexdigest()

    @pytest.mark.parametrize(("path", "status"), [("0" * 64, 404), ("sha256:xyz", 422)])
    def test_not_existing(self, client: Client, path: str, status: int) -> None:
        assert client.get(f"/v1/releases/{path}").status == status

    def test_pages(self, client: Client, service: Service, law: PackSet) -> None:
        for number in range(3):
            files = {**law.files, "messages/xx.po": f"# {number}"}
            service.ledger.remember_release(seal(files, f"0.{number}"), service.clock())
        first = client.get("/v1/releases?limit=2").json()
        rest = client.get(f"/v1/releases?limit=2&after={first['next']}").json()
        versions = [one["version"] for page in (first, rest) for one in page["data"]]
        assert versions[:3] == ["0.2", "0.1", "0.0"]
        assert rest["next"] is None

    @pytest.mark.parametrize("query", ["after=x", "after=-1", "limit=0"])
    def test_a_query_that_cannot_be(self, client: Client, query: str) -> None:
        assert client.get(f"/v1/releases?{query}").status == 422
