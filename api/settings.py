"""The settings of the service: environment variables that begin with LEXGATE_, read once, typed, immutable."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Final, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from engine.ledger.keys import TEST_PREFIX, KeyRate
from engine.ledger.roles import Role
from engine.screening.lists.errors import UnknownList
from engine.screening.lists.registry import policy

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
    test_database: str = ""
    """The ledger of test mode, another one than the ledger; empty: there is no test mode."""
    host: str = "127.0.0.1"
    """Address to listen on."""
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    """Port to listen on; 0 takes a free one."""
    workers: Annotated[int, Field(ge=1, le=256)] = 1
    """How many processes `lexgate serve` answers with. More than one need PostgreSQL."""
    worker_ports: Annotated[int, Field(ge=0, le=65535)] | None = None
    """First of the ports on which each of several workers answers alone as well; 0 takes free ones. None: they have none."""
    console: Literal["on", "off"] = "on"
    """Whether this process shows the console at /console; `lexgate console` shows it in a process of its own."""
    bootstrap_key: SecretStr | None = None
    """An API key that is made with all scopes at the first start."""
    samples: bool | None = None
    """Keep the merchant of the documentation's examples in a ledger that is still empty; default: with SQLite only."""
    signing_key: Path | None = None
    """PEM file of the Ed25519 key that signs releases and checkpoints; default: beside a SQLite ledger, made at first start."""
    master_key: Path | None = None
    """File of the keys under which secrets of the ledger are wrapped; default: beside a SQLite ledger, made at first start."""
    protect: Literal["auto", "required"] = "auto"
    """Whether a ledger may be served whose personal data are not kept under keys: auto tells in the log; required refuses."""
    trusted_keys: str = ""
    """Public keys whose releases may be in force here beside our own, with commas: 64 hexadecimal digits, or files."""
    checkpoints: Path | None = None
    """Folder outside the database to which each signed checkpoint of the chain is copied."""
    checkpoint_hours: Annotated[int, Field(ge=0, le=744)] = 24
    """How far apart the service signs where the chain ends; 0: it does not."""
    backups: Path | None = None
    """Folder of backups: where `lexgate ledger backup` puts them, and whose newest one's age is told to Prometheus."""
    archive: Path | None = None
    """Folder of the archive: decisions that were taken out of the ledger are read from it."""
    stale_policy: Literal["off", "warn", "refuse"] = "warn"
    """What a draft is told of facts it touches that nobody has looked at in time: nothing, a warning, or an error."""
    stale_table: Path | None = None
    """How long facts keep, by confidence and date, as CSV; default: the table that came with the software."""
    rulepacks: Path | None = None
    """Folder of the law; default: the one that came with the software."""
    backtests: Path | None = None
    """Folder in which back-tests keep what they count; default: beside the ledger's file, or `lexgate-backtests` here."""
    past_payments: Path | None = None
    """Folder of files of past payments (.csv, .parquet, .ndjson) that back-tests may read; default: none."""
    reevaluate_at: str = ""
    """Local hour from which all stored decisions are asked again each night: `03:30 Europe/Berlin`; without a zone, UTC. Empty:
    the service does not."""
    reevaluations: Path | None = None
    """Folder in which re-evaluations keep what they count; default: beside the ledger's file, or `lexgate-reevaluations` here."""
    verifications: Path | None = None
    """Folder in which verifications of the chain are told; default: beside the ledger's file, or `lexgate-verifications` here."""
    feeds: Path | None = None
    """Table of the house's own sources; default: beside the ledger's file, or `lexgate-feeds.csv` here."""
    fx_max_age_days: Annotated[int, Field(ge=0, le=36_600)] = 92
    """How old an exchange rate may be, counted from the payment's date."""
    max_body_bytes: Annotated[int, Field(ge=1024)] = 1_048_576
    """Limit of one request body. A transaction with 1,000 lines has some 300 kB."""
    max_batch_bytes: Annotated[int, Field(ge=1024)] = 16_777_216
    """Limit of the body of one batch."""
    writer: Literal["auto", "beside", "inside"] = "auto"
    """Where decisions are written to a SQLite ledger: beside, by a process of its own; inside, by a thread of the service; auto:
    beside where there are two cores or more."""
    queue: Annotated[int, Field(ge=1)] = 4096
    """Decisions that may wait for the disk; more are refused with 503."""
    rate_requests: Annotated[int, Field(ge=0, le=10_000_000)] = 10_000
    """How many requests a key may make in a window, and at once after a rest, in one process; 0: as many as it likes."""
    rate_seconds: Annotated[int, Field(ge=1, le=86_400)] = 2
    """How long that window is."""
    in_flight: Annotated[int, Field(ge=8, le=100_000)] = 320
    """Requests that may be under way in one process at best; more are refused with 503, the least urgent first."""
    late_milliseconds: Annotated[int, Field(ge=5, le=60_000)] = 200
    """By how much the event loop may come late before fewer requests are let in."""
    receive_seconds: Annotated[int, Field(ge=1, le=600)] = 10
    """How long the head of a request may take to come, its body after that, and an answer to be fetched."""
    batch_receive_seconds: Annotated[int, Field(ge=1, le=3600)] = 60
    """How long the body of a batch may take to come."""
    request_seconds: Annotated[int, Field(ge=1, le=3600)] = 60
    """How long it may take until a request is answered; an answer that was begun may take longer."""
    clock_skew_seconds: Annotated[int, Field(ge=0, le=3600)] = 5
    """How far this machine's clock may be from that of the PostgreSQL server, beyond which it decides nothing; 0: any."""
    drain_seconds: Annotated[int, Field(ge=0, le=600)] = 0
    """How long `/readyz` answers 503 before the service stops accepting, so that a balancer notices."""
    graceful_seconds: Annotated[int, Field(ge=1, le=600)] = 20
    """How long requests under way may take to finish at the end."""
    monitor: Literal["off", "on"] = "on"
    """Whether `lexgate serve` looks at payments afterwards itself; off: `lexgate monitor run` does, in a process of its own."""
    retention: Literal["off", "on"] = "off"
    """Whether what no law asks for any more is erased by the service itself. Off: it is only told what is due."""
    retention_years: Annotated[int, Field(ge=0, le=100)] = 0
    """The house's own policy: for so many years a record is kept about which no pack says how long; 0: it stays."""
    retention_dormant_years: Annotated[int, Field(ge=0, le=100)] = 0
    """The house's own policy: after so many years without a payment a relationship counts as ended; 0: its end is not known."""
    financial_year_end: Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")] = "12-31"
    """Month and day on which the financial year ends: terms of accounting law run from there."""
    breaker: Literal["off", "tell", "house", "all"] = "house"
    """What is done about a rule that has run away: nothing, an incident is told, rules of the house are held back too, or all."""
    breaker_challenges: Literal["tell", "hold"] = "tell"
    """Whether duties to authenticate are held back as well: a review stops payers whom a challenge lets through."""
    breaker_window_minutes: Annotated[int, Field(ge=1, le=60)] = 5
    """Over how many minutes it is counted what a rule stops."""
    breaker_minimum: Annotated[int, Field(ge=10, le=1_000_000)] = 100
    """How many payments a rule must have stopped within them at least."""
    breaker_ceiling_percent: Annotated[int, Field(ge=1, le=99)] = 50
    """More than this share of the payments that its pack was applied to."""
    breaker_factor: Annotated[int, Field(ge=2, le=100)] = 5
    """More than so many times its share of the time before."""
    breaker_exempt: str = ""
    """Rules that are never held back nor told of, with commas: `DE/aml.house_cash`."""
    session_idle_minutes: Annotated[int, Field(ge=1, le=1440)] = 30
    """How long a person stays signed in without doing anything."""
    session_hours: Annotated[int, Field(ge=1, le=168)] = 12
    """How long a person stays signed in at most."""
    setup_hours: Annotated[int, Field(ge=1, le=720)] = 72
    """How long a one-time code, with which a person chooses a password, is good."""
    password_length: Annotated[int, Field(ge=8, le=64)] = 12
    """How many characters a password has at least."""
    oidc_issuer: Annotated[str, Field(pattern=r"^(https?://[^\s?#]+)?$")] = ""
    """Issuer of OpenID Connect by which people sign in as well. Empty: by passwords alone."""
    oidc_client_id: str = ""
    """How this service is called there."""
    oidc_client_secret: SecretStr | None = None
    oidc_scopes: str = "openid profile email"
    """What is asked of the issuer."""
    oidc_roles_claim: str = "groups"
    """The claim that says what somebody does."""
    oidc_roles: str = ""
    """Which role each value of that claim is, with commas: `compliance=officer,head-of-compliance=approver`."""
    oidc_label: str = "Single sign-on"
    """What the button is called."""
    trusted_proxies: str = ""
    """Addresses and networks of proxies whose `X-Forwarded-For` is believed, with commas: `10.0.0.0/8,::1`."""
    traces: Annotated[str, Field(pattern=r"^(https?://[^\s?#]+)?$")] = ""
    """Where traces are sent, by OTLP over HTTP: `http://127.0.0.1:4318/v1/traces`. Empty: none are made."""
    traces_percent: Annotated[Decimal, Field(gt=0, le=100)] = Decimal(1)
    """How many of a hundred preflights are traced, chosen when they come in."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    screening_lists: str = ""
    """Codes of the lists that every screening needs, with commas. With none loaded nobody is ever clear."""
    screening_stale_days: str = ""
    """Own limits of age for lists: `OFAC-SDN=3,UN-SC=10`. A list that is not named keeps the limit of its policy."""
    list_max_bytes: Annotated[int, Field(ge=1024)] = 536_870_912
    """Limit of a list's file, as it comes and once decompressed."""
    list_timeout_seconds: Annotated[int, Field(ge=1, le=3600)] = 300
    """How long fetching a list may take in all."""
    list_keep_files: bool = True
    """Keep the files of lists in the ledger as they came; false: their digests and entries only."""
    sequences: Literal["reference", "durable", "both"] = "reference"
    """Who finds sequences of payments: the plain matcher, durable_rules in a process of its own, or both on a sample."""
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

    webhooks: Path | None = None
    """File (TOML) of webhooks to which alerts are delivered."""
    webhook_private: bool = False
    """Whether webhooks may lead to private addresses, other ports and http: for tests, and for receivers in one's own network."""
    public_url: Annotated[str, Field(pattern=r"^(https?://[^\s?#]+)?$")] = ""
    """How people reach this service: the begin of links in alerts. Empty: alerts name the case, without a link."""
    smtp_host: str = ""
    """The mail server through which alerts are sent. Empty: none are."""
    smtp_port: Annotated[int, Field(ge=1, le=65535)] = 587
    """Port of the mail server."""
    smtp_tls: Literal["starttls", "tls", "off"] = "starttls"
    """How the line to it is encrypted: after a word, from the begin, or not at all."""
    smtp_user: str = ""
    smtp_password: SecretStr | None = None
    smtp_from: str = ""
    """The mailbox that alerts come from."""
    smtp_to: str = ""
    """Mailboxes that alerts go to, with commas."""
    smtp_kinds: str = ""
    """Kinds of alerts, or how their rules begin, that go there, with commas: `screening,incident.feed`. Empty: all."""
    smtp_least_severity: Literal["low", "medium", "high"] = "low"
    """Alerts of less than this are not sent by mail."""

    @field_validator("screening_lists")
    @classmethod
    def _known_lists(cls, said: str) -> str:
        for code in _parts(said):
            _known(code)
        return said

    @field_validator("breaker_exempt")
    @classmethod
    def _rules(cls, said: str) -> str:
        if any(not all(part.partition("/")) for part in _parts(said)):
            raise ValueError("wanted are packs and rules with commas between them: DE/aml.house_cash")
        return said

    @field_validator("financial_year_end")
    @classmethod
    def _day_of_a_year(cls, said: str) -> str:
        try:
            date.fromisoformat(f"2024-{said}")
        except ValueError:
            raise ValueError("wanted are month and day of a day that there is: 06-30") from None
        return said

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, said: str) -> str:
        for part in _parts(said):
            try:
                ip_network(part)
            except ValueError:
                raise ValueError("wanted are addresses and networks with commas between them: 10.0.0.0/8,::1") from None
        return said

    @field_validator("screening_stale_days")
    @classmethod
    def _days_of_lists(cls, said: str) -> str:
        for part in _parts(said):
            code, _, days = part.partition("=")
            _known(code.strip())
            if not days.strip().isdecimal() or not 1 <= int(days) <= _LONGEST_STALE:
                raise ValueError(f"wanted are CODE=DAYS with commas between them, 1 to {_LONGEST_STALE} days")
        return said

    @field_validator("reevaluate_at")
    @classmethod
    def _hour_and_zone(cls, said: str) -> str:
        if said and _hour_of(said) is None:
            raise ValueError("wanted is an hour, and perhaps a zone: 03:30 or 03:30 Europe/Berlin")
        return said

    @property
    def reevaluation_hour(self) -> tuple[time, ZoneInfo] | None:
        """When all stored decisions are asked again; None: never."""
        return _hour_of(self.reevaluate_at) if self.reevaluate_at else None

    @field_validator("oidc_roles")
    @classmethod
    def _role_of_each(cls, said: str) -> str:
        for part in _parts(said):
            value, _, role = part.rpartition("=")
            if not value.strip() or role.strip() not in set(Role):
                raise ValueError(f"wanted are VALUE=ROLE with commas between them; roles are {', '.join(Role)}")
        return said

    @field_validator("bootstrap_key")
    @classmethod
    def _key_of_payments(cls, said: SecretStr | None) -> SecretStr | None:
        if said is not None and said.get_secret_value().startswith(TEST_PREFIX):
            raise ValueError(f"{TEST_PREFIX} is how keys of test mode begin: `lexgate keys create --test` makes one")
        return said

    @model_validator(mode="after")
    def _openid_whole(self) -> Self:
        if self.oidc_issuer and not (
            self.oidc_client_id and self.oidc_client_secret and self.oidc_roles and self.public_url
        ):
            raise ValueError(
                "LEXGATE_OIDC_ISSUER wants LEXGATE_OIDC_CLIENT_ID, _CLIENT_SECRET, _ROLES and LEXGATE_PUBLIC_URL as well"
            )
        return self

    @property
    def openid_roles(self) -> dict[str, Role]:
        """The role of each value of the claim."""
        pairs = (part.rpartition("=") for part in _parts(self.oidc_roles))
        return {value.strip(): Role(role.strip()) for value, _, role in pairs}

    @cached_property
    def trusted_networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The proxies that are believed."""
        return tuple(map(ip_network, _parts(self.trusted_proxies)))

    @property
    def year_end(self) -> tuple[int, int]:
        """Month and day on which the financial year ends."""
        month, _, day = self.financial_year_end.partition("-")
        return int(month), int(day)

    @property
    def rate(self) -> KeyRate | None:
        """How often a key without a rate of its own may ask; None: as often as it likes."""
        return KeyRate(self.rate_requests, self.rate_seconds) if self.rate_requests else None

    @property
    def session_idle(self) -> timedelta:
        """How long a session lasts without use."""
        return timedelta(minutes=self.session_idle_minutes)

    @property
    def clock_skew(self) -> timedelta | None:
        """How far the clock may be off; None: that is not looked at."""
        return timedelta(seconds=self.clock_skew_seconds) if self.clock_skew_seconds else None

    @property
    def own_feeds(self) -> Path:
        """The table of the house's own sources."""
        return self.feeds or self._beside("feeds.csv")

    @property
    def backtests_folder(self) -> Path:
        """Where back-tests keep what they count."""
        return self.backtests or self._beside("backtests")

    @property
    def reevaluations_folder(self) -> Path:
        """Where re-evaluations keep what they count."""
        return self.reevaluations or self._beside("reevaluations")

    @property
    def verifications_folder(self) -> Path:
        """Where verifications of the chain are told."""
        return self.verifications or self._beside("verifications")

    def _beside(self, what: str) -> Path:
        file = self.database.removeprefix("sqlite:///") if self.database.startswith("sqlite:///") else ""
        return Path(f"{file}-{what}") if file else Path(f"lexgate-{what}")

    @property
    def breaker_exempt_rules(self) -> frozenset[str]:
        """The rules that the circuit breaker leaves alone."""
        return frozenset(_parts(self.breaker_exempt))

    @property
    def required_lists(self) -> tuple[str, ...]:
        """The codes of the lists that every screening needs, in the order given."""
        return tuple(dict.fromkeys(_parts(self.screening_lists)))

    @property
    def stale_days(self) -> dict[str, int]:
        """The operator's own limits of age, by list."""
        pairs = (part.partition("=") for part in _parts(self.screening_stale_days))
        return {code.strip(): int(days) for code, _, days in pairs}


_LONGEST_STALE: Final = 3660


def _parts(said: str) -> list[str]:
    return [part for piece in said.split(",") if (part := piece.strip())]


def _hour_of(said: str) -> tuple[time, ZoneInfo] | None:
    """An hour and its zone; None: it is none."""
    hour, _, zone = said.strip().partition(" ")
    try:
        return datetime.strptime(hour, "%H:%M").time(), ZoneInfo(zone.strip() or "UTC")  # noqa: DTZ007  the zone stands beside
    except (ValueError, ZoneInfoNotFoundError, OSError):
        return None


def _known(code: str) -> None:
    try:
        policy(code)
    except UnknownList:
        raise ValueError("a code of no list that is known: `lexgate lists list` names them") from None


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
