"""The settings of the service: environment variables that begin with LEXGATE_, read once, typed, immutable."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX: Final = "LEXGATE_"
VIES: Final = "https://ec.europa.eu/taxation_customs/vies/rest-api"
"""The REST interface of the European Commission's VAT Information Exchange System."""


class SettingsRefused(ValueError):
    """A variable that cannot be used. The message is one sentence for each, and names no value."""


class Settings(BaseSettings):
    """What an operator may choose."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, env_ignore_empty=True, use_attribute_docstrings=True
    )

    database: str = "sqlite:///lexgate.db"
    """The ledger: sqlite:///relative/path, sqlite:////absolute/path or postgresql+psycopg://user:password@host/name."""
    host: str = "127.0.0.1"
    """Address to listen on."""
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    """Port to listen on; 0 takes a free one."""
    bootstrap_key: SecretStr | None = None
    """An API key that is made with all scopes at the first start."""
    samples: bool | None = None
    """Keep the merchant of the documentation's examples in a ledger that is still empty; default: with SQLite only."""
    rulepacks: Path | None = None
    """Folder of the law; default: the one that came with the software."""
    fx_max_age_days: Annotated[int, Field(ge=0, le=36_600)] = 92
    """How old an exchange rate may be, counted from the payment's date."""
    max_body_bytes: Annotated[int, Field(ge=1024)] = 1_048_576
    """Limit of one request body. A transaction with 1,000 lines has some 300 kB."""
    max_batch_bytes: Annotated[int, Field(ge=1024)] = 16_777_216
    """Limit of the body of one batch."""
    queue: Annotated[int, Field(ge=1)] = 4096
    """Decisions that may wait for the disk; more are refused with 503."""
    drain_seconds: Annotated[int, Field(ge=0, le=600)] = 0
    """How long `/readyz` answers 503 before the service stops accepting, so that a balancer notices."""
    graceful_seconds: Annotated[int, Field(ge=1, le=600)] = 20
    """How long requests under way may take to finish at the end."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    vies: Literal["off", "on"] = "off"
    """Whether numbers of the Union are looked up in VIES, over the network. Off: they stay `format_valid`."""
    vies_url: Annotated[str, Field(pattern=r"^https?://[^\s?#]+$")] = VIES
    """Where VIES answers."""
    vies_policy: Literal["undecided", "charge", "reverse_charge_and_recheck"] = "undecided"
    """What a seller does while VIES has not confirmed a number: in calculations as well, where no pack's `vies_down_policy` says
    otherwise. It is named in the answer; the number stays `format_valid`."""
    vies_in_calculations: Literal["memory", "ask"] = "memory"
    """Whether a calculation relies on answers that are remembered, and waits for nobody; or asks where none is."""
    vies_calculation_milliseconds: Annotated[int, Field(ge=100, le=10_000)] = 1500
    """How long a calculation waits at most for VIES, of all its numbers together."""
    vies_evidence_hours: Annotated[int, Field(ge=0, le=744)] = 24
    """How far an answer of VIES may lie from the sale to count as evidence in a calculation; 0: none counts."""
    vies_timeout_seconds: Annotated[int, Field(ge=1, le=60)] = 8
    """How long one number may take in all, tries again included."""
    vies_attempts: Annotated[int, Field(ge=1, le=5)] = 3
    """How often one number is asked for."""
    vies_remember_hours: Annotated[int, Field(ge=0, le=24)] = 24
    """How long an answer is given again, never beyond its own day in Brussels: VIES tells what holds on the day it is asked."""


def read_settings() -> Settings:
    """The settings of this process. Raises SettingsRefused."""
    try:
        return Settings()
    except ValidationError as error:
        lines = [f"{_variable(fault['loc'])}: {fault['msg']}." for fault in error.errors(include_input=False)]
        raise SettingsRefused("\n".join(lines)) from None


def unknown_variables(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Variables with our prefix that nothing reads: most likely misspelt."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    return sorted(name for name in environment if name.upper().startswith(PREFIX) and name.upper() not in known)


def _variable(loc: tuple[int | str, ...]) -> str:
    return PREFIX + str(loc[0]).upper() if loc else PREFIX
