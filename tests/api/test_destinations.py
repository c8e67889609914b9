"""Where alerts are delivered is read once; what cannot be right is refused, without a secret in the words."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from api.destinations import MailTo, WebhookTo, destinations_of, secret_of, secret_written
from api.settings import Settings, SettingsRefused

SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
GOOD = f'[[webhook]]\nname = "siem"\nurl = "https://hooks.example/T0ken"\nsecrets = ["{SECRET}"]\n'
MAIL = {"smtp_host": "mail.example", "smtp_from": "alerts@bank.example", "smtp_to": "a@bank.example, b@bank.example"}


def of(tmp_path: Path, text: str, **more: Any) -> Any:
    (tmp_path / "webhooks.toml").write_text(text)
    return destinations_of(Settings(webhooks=tmp_path / "webhooks.toml", **more))


def test_webhooks_come_from_a_file(tmp_path: Path) -> None:
    more = 'kinds = ["incident.feed", "screening"]\nleast_severity = "high"\n[[webhook]]\nname = "b"\nurl = "https://b.example"\n'
    (siem, other) = of(tmp_path, GOOD + more + f'secrets = ["{SECRET}", "{SECRET[:-5]}AAAA="]\n')
    assert isinstance(siem, WebhookTo)
    assert (siem.secrets, siem.filter.kinds, siem.filter.least_severity) == (
        (b"k" * 32,),
        ("incident.feed", "screening"),
        "high",
    )
    assert len(other.secrets) == 2
    told = siem.destination
    assert (told.name, told.kind, told.address) == ("siem", "webhook", "https://hooks.example")


def test_another_address_or_secret_is_another_fingerprint(tmp_path: Path) -> None:
    (first,) = of(tmp_path, GOOD)
    (moved,) = of(tmp_path, GOOD.replace("T0ken", "0ther"))
    (renewed,) = of(tmp_path, GOOD.replace(SECRET, secret_written(b"n" * 32)))
    (same,) = of(tmp_path, GOOD + 'kinds = ["incident"]\n')
    prints = [one.destination.fingerprint for one in (first, moved, renewed, same)]
    assert len(set(prints)) == 3
    assert prints[0] == prints[3]


@pytest.mark.parametrize(("text", "fault"), [
    ("name = 1", r"tables \[\[webhook\]\] are wanted"), ("[[webhook]", "is not TOML"),
    ('webhook = "x"', r"tables \[\[webhook\]\]"),
    (GOOD.replace("siem", "Siem 1"), "webhook 1: name: small letters"), (GOOD + GOOD, "webhook 2: the name siem is there twice"),
    (GOOD.replace("https", "http"), "url: https and a host are wanted"),
    (GOOD.replace("hooks.ex", "u:p@hooks.ex"), "url: https and"),
    (GOOD.replace("https://", ""), "url: https and"), (GOOD.replace(SECRET, "whsec_short"), "secret 1: it is not base64"),
    (GOOD.replace(SECRET, SECRET[6:]), "secret 1: whsec_ and 24 to 64 bytes"),
    (GOOD.replace(f'"{SECRET}"', ""), "secrets: a list of one"),
    (GOOD.replace(SECRET, secret_written(b"k" * 20)), "24 to 64 bytes"),
    (GOOD + 'kinds = ["Nonsense"]\n', "kinds: 'Nonsense' is neither"),
    (GOOD + 'kinds = "incident"\n', "kinds: a list"), (GOOD + 'least_severity = "grave"\n', "least_severity: one of low"),
    (GOOD + "retries = 3\n", "retries: not of"),
])  # fmt: skip
def test_what_cannot_be_right_is_refused_without_its_secret(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(SettingsRefused, match=fault) as refused:
        of(tmp_path, text)
    assert "T0ken" not in str(refused.value)
    assert SECRET[6:] not in str(refused.value)


def test_in_ones_own_network_plain_http_will_do(tmp_path: Path) -> None:
    (found,) = of(tmp_path, GOOD.replace("https://hooks.example", "http://10.0.0.7:8080"), webhook_private=True)
    assert found.destination.address == "http://10.0.0.7:8080"


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsRefused, match="cannot be read: FileNotFoundError"):
        destinations_of(Settings(webhooks=tmp_path / "none.toml"))


def test_each_mailbox_is_a_destination(tmp_path: Path) -> None:
    first, second = destinations_of(
        Settings(**MAIL, smtp_user="u", smtp_password="Passw0rd", smtp_kinds="incident,screening.UN-SC")
    )
    assert isinstance(first, MailTo)
    assert (first.name, second.name, first.port, first.tls) == (
        "mail:a@bank.example",
        "mail:b@bank.example",
        587,
        "starttls",
    )
    assert first.filter.kinds == ("incident", "screening.UN-SC")
    assert "Passw0rd" not in repr(first)
    assert destinations_of(Settings()) == ()


@pytest.mark.parametrize(("changed", "fault"), [
    ({"smtp_from": "Alerts <alerts@bank.example>"}, "LEXGATE_SMTP_FROM: one mailbox"), ({"smtp_from": ""}, "LEXGATE_SMTP_FROM"),
    ({"smtp_to": ""}, "LEXGATE_SMTP_TO: mailboxes"), ({"smtp_to": "a@bank.example\nBcc: x@y.example"}, "LEXGATE_SMTP_TO"),
    ({"smtp_host": ""}, "LEXGATE_SMTP_TO: LEXGATE_SMTP_HOST is wanted"),
    ({"smtp_user": "u"}, "LEXGATE_SMTP_USER: user and password"),
    ({"smtp_tls": "off", "smtp_user": "u", "smtp_password": "Passw0rd"}, "LEXGATE_SMTP_TLS: a password does not go"),
    ({"smtp_kinds": "Nonsense"}, "LEXGATE_SMTP_KINDS: kinds: 'Nonsense'"),
])  # fmt: skip
def test_what_no_letter_can_be_sent_by_is_refused(changed: dict[str, str], fault: str) -> None:
    with pytest.raises(SettingsRefused, match=fault) as refused:
        destinations_of(Settings(**{**MAIL, **changed}))
    assert "Passw0rd" not in str(refused.value)


@pytest.mark.parametrize("length", [24, 64])
def test_a_secret_is_read_as_it_is_written(length: int) -> None:
    assert secret_of(secret_written(b"s" * length)) == b"s" * length
