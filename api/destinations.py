"""Where alerts are delivered: webhooks from a file of their own, mailboxes from the settings. Read once, at the start.

Secrets stay in these objects. What is kept and shown of a destination is its name, its host or mailbox, and a fingerprint.
"""

from __future__ import annotations

import base64
import binascii
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import parseaddr
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Literal

import httpx

from api.settings import Settings, SettingsRefused
from engine.alerts import SEVERITIES, Alert, AlertKind
from engine.ledger import Destination
from ingest.fetch.targets import fault_of

WEBHOOK: Final = "webhook"
EMAIL: Final = "email"
PREFIX: Final = "whsec_"
"""How secrets are written (Standard Webhooks): this, and 24 to 64 bytes in base64."""
_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,39}", re.ASCII)
_RULE: Final = re.compile(r"[a-z]+(\.[A-Za-z0-9_.-]+)+\.?", re.ASCII)
_MAILBOX: Final = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?", re.ASCII
)
_KEYS: Final = frozenset(("name", "url", "secrets", "kinds", "least_severity"))


@dataclass(frozen=True, slots=True)
class Filter:
    """Which alerts go somewhere. Empty `kinds`: all of them."""

    kinds: tuple[str, ...] = ()
    """Kinds of alerts, or how their rules begin: `incident`, `scenario.pass_through`."""
    least_severity: str = "low"

    def wants(self, alert: Alert) -> bool:
        """Whether an alert goes there."""
        if SEVERITIES.index(alert.severity) < SEVERITIES.index(self.least_severity):
            return False
        return not self.kinds or any(
            one == alert.kind.value or alert.rule == one or alert.rule.startswith(f"{one.rstrip('.')}.")
            for one in self.kinds
        )


@dataclass(frozen=True, slots=True)
class WebhookTo:
    """An address that alerts are posted to."""

    name: str
    url: str = field(repr=False)
    secrets: tuple[bytes, ...] = field(repr=False)
    """All that are live: while a secret is changed, each message is signed by both."""
    filter: Filter = field(default_factory=Filter)

    @property
    def destination(self) -> Destination:
        """As it is kept: of the address the host only, since paths often hold a token."""
        url = httpx.URL(self.url)
        return Destination(
            self.name,
            WEBHOOK,
            f"{url.scheme}://{url.netloc.decode('ascii')}",
            _fingerprint(self.url.encode(), *self.secrets),
        )


@dataclass(frozen=True, slots=True)
class MailTo:
    """A mailbox. Each is a destination by itself: that one refuses keeps nothing from the others."""

    mailbox: str
    sender: str
    host: str
    port: int
    tls: Literal["starttls", "tls", "off"]
    user: str = ""
    password: str = field(default="", repr=False)
    filter: Filter = field(default_factory=Filter)

    @property
    def name(self) -> str:
        """By the mailbox."""
        return f"mail:{self.mailbox}"

    @property
    def destination(self) -> Destination:
        """As it is kept. The password is no part of the fingerprint: people choose some that can be guessed from one."""
        told = "\0".join((self.mailbox, self.sender, self.host, str(self.port), self.tls, self.user))
        return Destination(self.name, EMAIL, self.mailbox, _fingerprint(told.encode()))


To = WebhookTo | MailTo


def destinations_of(settings: Settings) -> tuple[To, ...]:
    """All that the settings name. Raises SettingsRefused with every fault, none of which quotes a secret or an address."""
    faults: list[str] = []
    found: list[To] = [*_mailboxes(settings, faults)]
    if settings.webhooks is not None:
        found += _webhooks(settings.webhooks, settings.webhook_private, faults)
    if faults:
        raise SettingsRefused("\n".join(faults))
    return tuple(found)


def secret_of(written: str) -> bytes:
    """The bytes of a secret as it is written. Raises ValueError."""
    try:
        found = base64.b64decode(written.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("it is not base64") from None
    if not written.startswith(PREFIX) or not 24 <= len(found) <= 64:
        raise ValueError(f"{PREFIX} and 24 to 64 bytes in base64 are wanted")
    return found


def secret_written(secret: bytes) -> str:
    """The inverse of `secret_of`."""
    return PREFIX + base64.b64encode(secret).decode("ascii")


def _fingerprint(*parts: bytes) -> str:
    digests = b"".join(sha256(one).digest() for one in parts)
    return f"sha256:{sha256(digests).hexdigest()}"


# -- the file of webhooks -----------------------------------------------------------------------------------------------------


def _webhooks(path: Path, private: bool, faults: list[str]) -> Iterator[WebhookTo]:
    where = "LEXGATE_WEBHOOKS"
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        faults.append(f"{where}: {path} cannot be read: {type(error).__name__}.")
        return
    except tomllib.TOMLDecodeError:
        faults.append(f"{where}: {path} is not TOML.")
        return
    listed = tree.pop("webhook", [])
    if tree or not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        faults.append(f"{where}: tables [[webhook]] are wanted, and nothing else.")
        return
    names: set[str] = set()
    for number, one in enumerate(listed, 1):
        found = list(_faults(one, private))
        name = str(one.get("name", ""))
        if name in names:
            found.append(f"the name {name} is there twice")
        names.add(name)
        faults += [f"{where}: webhook {number}: {fault}." for fault in found]
        if not found:
            secrets = tuple(map(secret_of, one["secrets"]))
            yield WebhookTo(name, one["url"], secrets, _filter(one))


def _faults(one: Mapping[str, Any], private: bool) -> Iterator[str]:
    if odd := sorted(set(one) - _KEYS):
        yield f"{', '.join(odd)}: not of {', '.join(sorted(_KEYS))}"
    if not isinstance(one.get("name"), str) or not _NAME.fullmatch(one["name"]):
        yield "name: small letters, digits and hyphens are wanted, 40 at most"
    if (fault := url_fault(one.get("url"), private)) is not None:
        yield fault
    secrets = one.get("secrets")
    if not isinstance(secrets, list) or not 1 <= len(secrets) <= 5:
        yield "secrets: a list of one to five is wanted"
    else:
        for number, secret in enumerate(secrets, 1):
            try:
                secret_of(secret if isinstance(secret, str) else "")
            except ValueError as error:
                yield f"secret {number}: {error}"
    yield from filter_faults(one.get("kinds", []), one.get("least_severity", "low"))


def url_fault(url: object, private: bool) -> str | None:
    """Why nothing can be posted to an address; None: it can. `private`: http, and other ports, will do as well."""
    try:
        parsed = httpx.URL(url if isinstance(url, str) else "")
    except (httpx.InvalidURL, ValueError):
        return "url: an address is wanted"
    if parsed.scheme not in (("https", "http") if private else ("https",)) or not parsed.raw_host or parsed.userinfo:
        return "url: https and a host are wanted, and no user"
    if not private and (fault := fault_of(parsed)) is not None:
        return f"url: no public place on port 443 or 80 ({fault.fault.value})"
    return None


def filter_faults(kinds: object, least_severity: object) -> Iterator[str]:
    """What is wrong with a filter."""
    if not isinstance(kinds, Sequence) or isinstance(kinds, str) or not all(isinstance(one, str) for one in kinds):
        yield "kinds: a list is wanted"
    else:
        for one in kinds:
            if one not in set(map(str, AlertKind)) and not _RULE.fullmatch(one):
                yield f"kinds: {one[:40]!r} is neither of {', '.join(AlertKind)} nor how a rule begins"
    if least_severity not in SEVERITIES:
        yield f"least_severity: one of {', '.join(SEVERITIES)} is wanted"


def _filter(one: Mapping[str, Any]) -> Filter:
    return Filter(tuple(one.get("kinds", ())), one.get("least_severity", "low"))


# -- mailboxes ----------------------------------------------------------------------------------------------------------------


def _mailboxes(settings: Settings, faults: list[str]) -> Iterator[MailTo]:
    written = [part for piece in settings.smtp_to.split(",") if (part := piece.strip())]
    if not settings.smtp_host:
        if written:
            faults.append("LEXGATE_SMTP_TO: LEXGATE_SMTP_HOST is wanted as well.")
        return
    sender = parseaddr(settings.smtp_from)[1]
    found = []
    if not _MAILBOX.fullmatch(sender) or sender != settings.smtp_from.strip():
        found.append("LEXGATE_SMTP_FROM: one mailbox is wanted, without a name: alerts@example.org.")
    if not written or any(not _MAILBOX.fullmatch(one) for one in written):
        found.append("LEXGATE_SMTP_TO: mailboxes with commas between them are wanted.")
    if settings.smtp_tls == "off" and settings.smtp_user:
        found.append("LEXGATE_SMTP_TLS: a password does not go over a line that is not encrypted.")
    if bool(settings.smtp_user) != (settings.smtp_password is not None):
        found.append("LEXGATE_SMTP_USER: user and password go together.")
    kinds = [part for piece in settings.smtp_kinds.split(",") if (part := piece.strip())]
    found += [f"LEXGATE_SMTP_KINDS: {fault}." for fault in filter_faults(kinds, "low")]
    faults += found
    if not found:
        password = "" if settings.smtp_password is None else settings.smtp_password.get_secret_value()
        for one in dict.fromkeys(written):
            yield MailTo(
                one, sender, settings.smtp_host, settings.smtp_port, settings.smtp_tls, settings.smtp_user, password,
                Filter(tuple(kinds), settings.smtp_least_severity),
            )  # fmt: skip
