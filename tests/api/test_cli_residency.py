"""`lexgate residency plan`: the regions of a business, honestly none where there is none, and the policies of three providers."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from api.cli import app
from api.commands.console import out
from api.residency_export import EXPORTS, GLOBAL_SERVICES, NothingToExport, exported
from api.residency_plan import Wanted, planned
from api.settings import PREFIX, Settings
from engine.packs.problems import PackError
from engine.packs.regions import COLUMNS, read_regions
from tests.shipped import law

Run = Callable[..., Result]
DAY = date(2026, 11, 22)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `lexgate residency plan` in a wide terminal on an empty folder."""
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)
    monkeypatch.setenv("LEXGATE_DATABASE", f"sqlite:///{tmp_path / 'lexgate.db'}")
    monkeypatch.setattr(out, "width", 240)
    monkeypatch.setattr("api.commands.residency.law", lambda _folder=None: law())

    def invoke(*words: str) -> Result:
        return CliRunner().invoke(app, ["residency", "plan", "--date", "2026-11-22", *words])

    return invoke


def _plan(*countries: str, classes: tuple[str, ...] = ("contact",), **more: Any) -> dict[str, Any]:
    return planned(law(), Wanted(countries, classes, ("store",), DAY, more={"actor_role": "merchant", **more}))


# -- the plan -----------------------------------------------------------------------------------------------------------------


def test_a_country_and_its_regions() -> None:
    (row,) = _plan("IN", classes=("transaction_record",), transaction="domestic")["rows"]
    assert set(row["regions"]) == {
        "aws:ap-south-1", "aws:ap-south-2", "google:asia-south1", "google:asia-south2", "azure:centralindia", "azure:southindia",
        "azure:westindia", "azure:jioindiacentral", "azure:jioindiawest",
    }  # fmt: skip
    everywhere = len(list(law().regions.of()))
    assert (row["verdict"], row["at_home"]["verdict"], row["denied"]) == ("allow", "allow", {"place": everywhere - 9})


@pytest.mark.parametrize("country", ["NG", "RW", "ZM"])
def test_no_region_is_no_region(country: str) -> None:
    """There the answer is hosting at home: never the nearest neighbour."""
    found = planned(law(), Wanted((country,), ("transaction_record",), ("store",), date(2027, 1, 1)))
    (row,) = found["rows"]
    assert (row["verdict"], row["regions"]) == ("no_region_available", {})
    assert row["at_home"]["verdict"] == "allow"
    assert found["business"] == {"verdict": "no_region_available", "regions": [], "pairs_abroad": []}


def test_the_whole_business_is_what_every_row_allows() -> None:
    found = _plan("DE", "FR", "GB")
    assert all(name in row["regions"] for name in found["business"]["regions"] for row in found["rows"])
    assert "aws:eu-central-1" in found["business"]["regions"]
    assert "aws:us-east-1" not in found["business"]["regions"]
    together = _plan("DE", "IN", classes=("transaction_record",), transaction="domestic")
    assert together["business"]["verdict"] == "no_region_available"


def test_a_mechanism_opens_more() -> None:
    clauses = {"mechanism.kind": "scc", "mechanism.template": "eu", "mechanism.tia_done": True}
    bare, held = _plan("DE"), _plan("DE", **clauses)
    assert set(bare["business"]["regions"]) < set(held["business"]["regions"])
    assert held["rows"][0]["regions"]["aws:us-east-1"] == "allow_with_mechanism"
    assert bare["rows"][0]["mechanisms"] == ["adequacy", "bcr", "certification", "code", "derogation", "scc"]
    assert bare["rows"][0]["missing"] == ["mechanism"]


def test_a_pair_beyond_the_border_is_told() -> None:
    found = _plan("IE")
    assert {"region": "azure:northeurope", "pair": "westeurope"} not in found["business"]["pairs_abroad"]
    brazil = _plan("BR")
    assert {"region": "azure:brazilsouth", "pair": "southcentralus"} in brazil["business"]["pairs_abroad"]


def test_a_copy_at_home_is_no_free_choice() -> None:
    (row,) = _plan("NO", classes=("accounting_record",))["rows"]
    assert "azure:swedencentral" in row["with_local_copy"]
    assert set(row["regions"]) == {"azure:norwayeast", "azure:norwaywest"}


def test_what_is_assumed_is_said() -> None:
    assert _plan("DE", classes=("payment_credential",))["assumed"] == {
        "actor_role": "merchant", "data_form of payment_credential": "network_token",
    }  # fmt: skip


# -- the command --------------------------------------------------------------------------------------------------------------


def test_as_a_table(run: Run) -> None:
    shown = run("--countries", "DE,IN,NG", "--classes", "payment_credential,transaction_record")
    assert shown.exit_code == 1, shown.output
    for part in (
        "no_region_available",
        "ap-south-1",
        "eu-central-1",
        "law known to change after 2026-12-31",
        "assumed: actor_role",
    ):
        assert part in shown.output


def test_for_one_country(run: Run) -> None:
    shown = run("--countries", "DE", "--classes", "contact", "--providers", "aws")
    assert shown.exit_code == 0
    assert "whole business: aws:" in shown.output
    assert "azure" not in shown.output


def test_as_json(run: Run) -> None:
    shown = run("--countries", "CA-QC", "--classes", "contact", "--json")
    found = json.loads(shown.output)
    assert found["rows"][0]["regions"] == {
        "aws:ca-central-1": "allow", "azure:canadaeast": "allow", "google:northamerica-northeast1": "allow",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--countries", "XX", "--classes", "contact"], "XX: Not an ISO 3166-1"),
        (["--countries", "DE", "--classes", "contact", "--providers", "oracle"], "there is no provider oracle"),
        (["--countries", "DE", "--classes", "contact", "--actions", "keep"], "action:"),
        (["--countries", "DE", "--classes", "contact", "--with", "colour=red"], "FIELD=VALUE is wanted"),
        (["--countries", "DE", "--classes", "contact", "--with", "mechanism.tia_done=perhaps"], "mechanism.tia_done"),
        (["--countries", "DE", "--classes", "contact", "--export", "oci"], "there is no export oci"),
        (["--countries", "NG", "--classes", "bvn", "--export", "aws-scp"], "no region of aws is allowed"),
        (["--countries", "DE", "--classes", ","], "a list is empty"),
        (["--countries", "DE", "--classes", "contact", "--date", "soon"], "soon:"),
    ],
)
def test_what_cannot_be_asked(run: Run, words: list[str], said: str) -> None:
    shown = run(*words)
    assert (shown.exit_code, said in shown.stderr) == (2, True), shown.stderr


# -- the policies -------------------------------------------------------------------------------------------------------------


def _policy(run: Run, kind: str) -> dict[str, Any]:
    shown = run("--countries", "DE,FR", "--classes", "contact", "--export", kind)
    assert shown.exit_code == 0
    return dict(json.loads(shown.stdout))


def test_service_control_policy(run: Run) -> None:
    policy = _policy(run, "aws-scp")
    (statement,) = policy["Statement"]
    assert policy["Version"] == "2012-10-17"
    assert (statement["Effect"], statement["Resource"]) == ("Deny", "*")
    assert set(statement["NotAction"]) == set(GLOBAL_SERVICES) >= {"iam:*", "route53:*", "cloudfront:*", "sts:*"}
    allowed = statement["Condition"]["StringNotEquals"]["aws:RequestedRegion"]
    assert allowed == sorted(allowed)
    assert {"eu-central-1", "eu-west-3"} <= set(allowed)
    assert not {"us-east-1", "eusc-de-east-1", "cn-north-1"} & set(allowed)
    assert len(json.dumps(policy, separators=(",", ":"))) <= 5120, (
        "a service control policy has 5,120 characters at most"
    )


def test_azure_policy(run: Run) -> None:
    rule = _policy(run, "azure-policy")["properties"]
    assert (rule["mode"], rule["policyType"], rule["policyRule"]["then"]) == ("Indexed", "Custom", {"effect": "deny"})
    allowed = rule["parameters"]["listOfAllowedLocations"]["defaultValue"]
    assert {"germanywestcentral", "francecentral"} <= set(allowed)
    assert "eastus" not in allowed
    conditions = rule["policyRule"]["if"]["allOf"]
    assert {"field": "location", "notIn": "[parameters('listOfAllowedLocations')]"} in conditions
    assert {"field": "location", "notEquals": "global"} in conditions


def test_google_organisation_policy(run: Run) -> None:
    policy = _policy(run, "google-org-policy")
    assert policy["name"].endswith("/policies/gcp.resourceLocations")
    (rule,) = policy["spec"]["rules"]
    allowed = rule["values"]["allowedValues"]
    assert {"in:europe-west3-locations", "in:europe-west9-locations"} <= set(allowed)
    assert all(value.startswith("in:") and value.endswith("-locations") for value in allowed)
    assert "in:us-east1-locations" not in allowed


@pytest.mark.parametrize("kind", sorted(EXPORTS))
def test_a_policy_that_forbids_everything_is_not_written(kind: str) -> None:
    with pytest.raises(NothingToExport):
        exported(kind, [], law().regions)


# -- the tables of regions ------------------------------------------------------------------------------------------------------

ROW = "aws,aws,region,xx-1,DE,,Berlin,US,false,,,A,a list,2026-11-26,"


def _table(*rows: str) -> dict[str, str]:
    return {"regions/aws.csv": "\n".join([",".join(COLUMNS), *rows, ""])}


def test_a_sound_table() -> None:
    assert read_regions(_table(ROW)).find("aws:xx-1") is not None


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (ROW.replace("DE", "EU"), "exactly one country"),
        (ROW.replace("region,", "zone,"), "of no known kind"),
        (ROW.replace("DE,,", "DE,FR-75,"), "no part of DE"),
        (ROW.replace(",US,", ",,"), "The operator"),
        (ROW.replace(",A,a list", ",A,"), "cites nothing"),
        (ROW.replace("region,", "multi,"), "members in place of a country"),
    ],
)
def test_a_faulty_row_is_refused(row: str, said: str) -> None:
    with pytest.raises(PackError, match=said):
        read_regions(_table(row))


def test_a_region_stands_once() -> None:
    with pytest.raises(PackError, match="stands twice"):
        read_regions(_table(ROW, ROW))


def test_columns_are_the_ones_that_are_known() -> None:
    with pytest.raises(PackError, match="columns"):
        read_regions({"regions/aws.csv": "provider,region\n"})


def test_an_id_of_two_providers_needs_its_provider() -> None:
    regions = read_regions(_table(ROW, ROW.replace("aws,aws", "google,google", 1)))
    assert regions.find("xx-1") is None
    assert regions.places("google:xx-1") is not None
