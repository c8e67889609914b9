"""Settings come from the environment, once; one that cannot be used is named, its value is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.bundled import bundled, rates_file, rulepacks, samples
from api.settings import PREFIX, Settings, SettingsRefused, read_settings, unknown_variables
from tests.house.source import ROOT


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)


def test_defaults_are_for_one_person_trying_it_out() -> None:
    settings = read_settings()
    assert (settings.database, settings.host, settings.port) == ("sqlite:///lexgate.db", "127.0.0.1", 8000)
    assert (settings.bootstrap_key, settings.rulepacks, settings.fx_max_age_days) == (None, None, 92)


def test_the_environment_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEXGATE_PORT", "9001")
    monkeypatch.setenv("LEXGATE_BOOTSTRAP_KEY", "lx_secret")
    monkeypatch.setenv("LEXGATE_RULEPACKS", "/law")
    settings = read_settings()
    assert (settings.port, settings.rulepacks) == (9001, Path("/law"))
    assert settings.bootstrap_key is not None
    assert settings.bootstrap_key.get_secret_value() == "lx_secret"
    assert "lx_secret" not in repr(settings)


def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEXGATE_BOOTSTRAP_KEY", "")
    assert read_settings().bootstrap_key is None


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "http"), ("PORT", "70000"), ("QUEUE", "0"), ("FX_MAX_AGE_DAYS", "-1"), ("LOG_LEVEL", "all")],
)
def test_one_that_cannot_be_used(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(PREFIX + name, value)
    with pytest.raises(SettingsRefused, match=f"^LEXGATE_{name}: "):
        read_settings()


def test_a_misspelt_one_is_noticed() -> None:
    assert unknown_variables({"LEXGATE_PROT": "1", "LEXGATE_PORT": "1", "PATH": "x"}) == ["LEXGATE_PROT"]


def test_they_cannot_be_changed_afterwards() -> None:
    with pytest.raises(ValueError, match="frozen"):
        read_settings().port = 1


def test_every_setting_is_documented() -> None:
    page = (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8")
    assert {name for name in Settings.model_fields if f"`{PREFIX}{name.upper()}`" not in page} == set()


def test_what_travels_with_the_software_is_found() -> None:
    assert (rulepacks() / "EEA" / "pack.yaml").is_file()
    assert rates_file().is_file()
    assert len(list(samples().glob("*.json"))) >= 10


def test_an_installed_package_is_preferred(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.bundled.engine.__file__", str(tmp_path / "engine" / "__init__.py"))
    assert bundled("rulepacks") == tmp_path / "rulepacks"
    (tmp_path / "lexgate_data" / "rulepacks").mkdir(parents=True)
    assert bundled("rulepacks") == tmp_path / "lexgate_data" / "rulepacks"
