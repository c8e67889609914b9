"""Image, compose file and chart: what can be said of them without a container or a cluster."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.settings import PREFIX, Settings

ROOT = Path(__file__).parents[2]
DOCKER, CHART = ROOT / "deploy/docker", ROOT / "deploy/helm/lexgate"
KNOWN = {PREFIX + name.upper() for name in Settings.model_fields}


def stages() -> dict[str, str]:
    """The stages of the image by name."""
    parts = re.split(r"^FROM \S+ AS (\w+)\n", (DOCKER / "Dockerfile").read_text(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


class TestImage:
    """The Dockerfile."""

    def test_what_runs_is_no_root_and_holds_no_tools_of_the_build(self) -> None:
        assert list(stages()) == ["assets", "build", "runtime"]
        runtime = stages()["runtime"]
        assert re.findall(r"^USER (.*)$", runtime, re.MULTILINE) == ["10001:10001"]
        assert not re.search(r"\b(npm|pip|apt-get|curl)\b", runtime)
        assert "COPY --from=build /opt/lexgate /opt/lexgate" in runtime
        assert re.search(r"^HEALTHCHECK .*\\\n.*readyz", runtime, re.MULTILINE)

    def test_every_file_it_copies_is_let_in(self) -> None:
        let_in = {line[1:] for line in (DOCKER / "Dockerfile.dockerignore").read_text().splitlines() if line[:1] == "!"}
        assert {name for name in let_in if not (ROOT / name).exists()} == set()
        for words in re.findall(r"^COPY (?!--from)(.*) \S+$", (DOCKER / "Dockerfile").read_text(), re.MULTILINE):
            for name in words.split():
                assert name == "." or (name.split("/")[0] in let_in and (ROOT / name).exists()), name

    def test_hashes_are_asked_for(self) -> None:
        installs = re.findall(r"pip install (.*)", stages()["build"])
        assert ["--require-hashes" in line or line.startswith("--no-deps . ") for line in installs] == [True, True]

    def test_settings_are_known(self) -> None:
        assert set(re.findall(r"\bLEXGATE_[A-Z_]+\b", (DOCKER / "Dockerfile").read_text())) <= KNOWN


class TestCompose:
    """compose.yaml."""

    @pytest.fixture
    def compose(self) -> Any:
        return yaml.safe_load((DOCKER / "compose.yaml").read_text())

    def test_two_processes_that_may_write_nowhere_else(self, compose: Any) -> None:
        workers = [one for name, one in compose["services"].items() if name.startswith("lexgate-")]
        assert len(workers) == 2
        for one in workers:
            assert one["read_only"] is True
            assert one["cap_drop"] == ["ALL"]
            assert one["security_opt"] == ["no-new-privileges:true"]
            assert set(one["environment"]) <= KNOWN
            assert "ports" not in one

    def test_only_the_proxy_is_seen_from_outside(self, compose: Any) -> None:
        published = {name: one["ports"] for name, one in compose["services"].items() if "ports" in one}
        assert set(published) == {"proxy", "grafana"}
        assert all(port.startswith("127.0.0.1:") for port in published["grafana"])
        assert compose["networks"]["back"]["internal"] is True
        assert compose["services"]["db"]["networks"] == ["back"]

    def test_no_secret_is_written_down(self, compose: Any) -> None:
        text = (DOCKER / "compose.yaml").read_text()
        for name in re.findall(r"\w*PASSWORD\w*: (.*)", text):
            assert re.fullmatch(r"\$\{\w+:\?\}", name)

    def test_files_that_are_mounted_are_there(self, compose: Any) -> None:
        for name, one in compose["services"].items():
            for volume in one.get("volumes", ()):
                source = volume.split(":")[0]
                if source.startswith(".") and source != "./keys":
                    assert (DOCKER / source).is_file(), (name, source)
                elif not source.startswith("."):
                    assert source in compose["volumes"], (name, source)

    def test_front_and_numbers_ask_both(self, compose: Any) -> None:
        names = [f"{name}:8000" for name in compose["services"] if name.startswith("lexgate-")]
        caddy = (DOCKER / "Caddyfile").read_text()
        (scrape,) = yaml.safe_load((DOCKER / "prometheus.yml").read_text())["scrape_configs"]
        assert scrape["static_configs"][0]["targets"] == names
        assert f"reverse_proxy {' '.join(names)} {{" in caddy


class TestChart:
    """The Helm chart."""

    def test_it_is_of_this_version(self) -> None:
        version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
        chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
        assert (chart["version"], chart["appVersion"]) == (version, version)

    def test_settings_are_known(self) -> None:
        values = yaml.safe_load((CHART / "values.yaml").read_text())
        assert set(values["settings"]) <= KNOWN
        assert all(isinstance(value, str) for value in values["settings"].values())
        text = (CHART / "templates/deployment.yaml").read_text()
        assert set(re.findall(r"\bLEXGATE_[A-Z_]+\b", text)) <= KNOWN
        json.loads((CHART / "values.schema.json").read_text())

    def test_templates_ask_for_values_that_there_are(self) -> None:
        values = yaml.safe_load((CHART / "values.yaml").read_text())
        for template in (CHART / "templates").iterdir():
            for path in re.findall(r"\.Values\.([\w.]+)", template.read_text()):
                found = values
                for part in path.split("."):
                    assert part in found, f"{template.name}: {path}"
                    found = found[part]

    def test_blocks_are_closed(self) -> None:
        for template in (CHART / "templates").iterdir():
            text = template.read_text()
            opened = re.findall(r"\{\{-? (?:if|with|range|define)\b", text)
            assert len(opened) == len(re.findall(r"\{\{-? end\b", text)), template.name
            assert text.count("{{") == text.count("}}")

    @pytest.mark.parametrize(
        ("values", "kinds"),
        [
            ({}, ["ConfigMap", "Deployment", "NetworkPolicy", "PodDisruptionBudget", "Service", "ServiceAccount"]),
            (
                {"replicas": 1, "networkPolicy": {"enabled": False}},
                ["ConfigMap", "Deployment", "Service", "ServiceAccount"],
            ),
        ],
    )
    def test_what_helm_makes_of_it(self, values: dict[str, Any], kinds: list[str]) -> None:
        helm = pytest.importorskip("helm_python.chart", reason="no Helm here: pip install helm-python-sdk")
        assert helm.lint(str(CHART))["errors"] == []
        with helm.Chart.load(str(CHART)) as chart:
            made = chart.render(values=values, name="lex")
        texts = made.values() if isinstance(made, dict) else [one["data"] for one in made]
        found = [one for text in texts for one in yaml.safe_load_all(text) if one]
        assert sorted(one["kind"] for one in found) == kinds
        (pod,) = [one["spec"]["template"]["spec"] for one in found if one["kind"] == "Deployment"]
        (container,) = pod["containers"]
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]},
        }  # fmt: skip
        assert {container[probe]["httpGet"]["path"] for probe in ("startupProbe", "readinessProbe")} == {"/readyz"}
        assert container["livenessProbe"]["httpGet"]["path"] == "/healthz"
