"""Alerts by mail: plain text, one letter a mailbox, encrypted or not at all, and no words of an alert become a header."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from api.destinations import MailTo
from api.messages import letter, one_line
from api.posting import Answered, Poster
from engine.alerts import Alert
from engine.ledger import Delivery, DeliveryState, Sending
from tests.api.sinks import Post, post_office
from tests.ledger.alerting import alert

AT = datetime(2026, 11, 27, 9, tzinfo=UTC)


def sending(one: Alert) -> Sending:
    waiting = Delivery("dl_" + "a" * 32, one.id, "mail:officer@bank.example", DeliveryState.WAITING, 0, AT, AT)
    return Sending(waiting, one, "case_1")


def box(post: Post, mailbox: str = "officer@bank.example", **more: Any) -> MailTo:
    return MailTo(mailbox, "alerts@bank.example", "localhost", post.port, **{"tls": "off", **more})


def run(work: Callable[[Post], Awaitable[Any]], tls: ssl.SSLContext | None = None, *, at_once: bool = False) -> Post:
    async def beside() -> Post:
        async with post_office(tls, at_once=at_once) as post:
            await work(post)
            return post

    return asyncio.run(beside())


def send(
    to: Callable[[Post], MailTo], one: Alert, tls: ssl.SSLContext | None = None, **more: Any
) -> tuple[Answered, Post]:
    answered: list[Answered] = []

    async def work(post: Post) -> None:
        answered.append(await Poster(public_url="https://lexgate.example", seconds=5).send(to(post), sending(one), AT))

    post = run(work, tls, **more)
    return answered[0], post


def test_a_letter_says_what_the_alert_says_with_its_evidence_and_where_to_look() -> None:
    answered, post = send(box, alert(subject="c-1"))
    (found,) = post.letters
    assert (answered, post.envelopes) == (
        Answered(ok=True, status=250, detail="taken"), [("alerts@bank.example", ["officer@bank.example"])],
    )  # fmt: skip
    assert found["Subject"] == "[Lexgate] medium: 950.00 EUR of 1000.00 EUR left within 3 hours."
    assert found["Message-ID"] == f"<dl_{'a' * 32}@bank.example>"
    assert found.get_content_type() == "text/plain"
    text = found.get_content()
    for line in (
        "Subject:  payer c-1",
        "- dec_1",
        "- dec_2",
        "Case:  case_1",
        "https://lexgate.example/v1/cases/case_1",
    ):
        assert line in text.splitlines()


def test_a_repeat_is_known_by_its_id() -> None:
    async def work(post: Post) -> None:
        for at in (AT, AT + timedelta(minutes=5)):
            await Poster().send(box(post), sending(alert()), at)

    first, second = run(work).letters
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"] != second["Date"]


@pytest.mark.parametrize("words", [
    "x\r\nBcc: thief@evil.example\r\n\r\nhello", "x\nBcc: thief@evil.example", "x\u2028Bcc: thief@evil.example",
    "x\r.\r\nMAIL FROM:<a@b>",
    "\u202ex\x00\x0b\x85Bcc: thief@evil.example", "é" * 400, "ü\r\n" * 100,
])  # fmt: skip
def test_no_words_of_an_alert_become_a_header_or_a_command(words: str) -> None:
    one = alert(words, words, summary=words, subject_kind=words, pack=words, evidence=(words, "dec_1"))
    _, post = send(box, one)
    (found,) = post.letters
    assert sorted(found) == sorted((
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Type", "Content-Transfer-Encoding",
        "MIME-Version",
    ))  # fmt: skip
    assert post.envelopes == [("alerts@bank.example", ["officer@bank.example"])]
    assert len([line for line in post.heard if line.startswith(("MAIL", "RCPT"))]) == 2


def test_a_dot_alone_ends_no_letter() -> None:
    _, post = send(box, alert(summary="."))
    assert post.letters[0].get_content().splitlines()[0] == "."


def test_much_evidence_is_cut_and_told() -> None:
    made = letter(
        sending(alert(evidence=tuple(f"dec_{at}" for at in range(60)))), "a@x.example", "b@x.example", AT, None
    )
    assert "- and 10 more" in made.get_content()
    assert one_line(" a\tb \n c ") == "a b c"


def test_of_two_mailboxes_one_that_is_refused_keeps_nothing_from_the_other() -> None:
    answers: list[Answered] = []

    async def work(post: Post) -> None:
        post.refused = frozenset(("gone@bank.example",))
        for name in ("gone@bank.example", "officer@bank.example"):
            answers.append(await Poster().send(box(post, name), sending(alert()), AT))

    assert len(run(work).letters) == 1
    assert [(one.ok, one.status) for one in answers] == [(False, 550), (True, 250)]


def test_a_server_that_is_not_there_is_told() -> None:
    answered = asyncio.run(Poster(seconds=2).send(replace(box(Post(port=1))), sending(alert()), AT))
    assert (answered.ok, answered.detail) == (False, "ConnectionRefusedError")


# -- encrypted ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of `localhost` with its key in one file."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]),
    )
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256())
    )  # fmt: skip
    path = tmp_path / "localhost.pem"
    path.write_bytes(
        made.public_bytes(Encoding.PEM) + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return path


def server_side(certificate: Path) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificate)
    return made


@pytest.mark.parametrize(("tls", "at_once"), [("starttls", False), ("tls", True)])
def test_password_and_letter_go_over_an_encrypted_line(
    certificate: Path, monkeypatch: pytest.MonkeyPatch, tls: str, at_once: bool
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    answered, post = send(
        lambda post: box(post, tls=tls, user="lexgate", password="Passw0rd"),
        alert(),
        server_side(certificate),
        at_once=at_once,
    )
    assert (answered.ok, len(post.letters)) == (True, 1)
    assert all(line.startswith("tls ") for line in post.heard if "AUTH" in line or "MAIL" in line)
    assert any(line.startswith("tls AUTH PLAIN") for line in post.heard)


def test_without_the_encryption_that_was_asked_for_nothing_is_sent() -> None:
    answered, post = send(lambda post: box(post, tls="starttls", user="lexgate", password="Passw0rd"), alert())
    assert (answered.ok, answered.detail) == (False, "SMTPNotSupportedError")
    assert not any("AUTH" in line or "MAIL" in line for line in post.heard)


def test_a_server_whose_certificate_nobody_vouches_for_gets_nothing(certificate: Path) -> None:
    answered, post = send(
        lambda post: box(post, tls="starttls", user="lexgate", password="Passw0rd"), alert(), server_side(certificate)
    )
    assert (answered.ok, answered.detail) == (False, "SSLCertVerificationError")
    assert not any("AUTH" in line or "MAIL" in line for line in post.heard)


def test_letters_are_of_the_house() -> None:
    made = letter(sending(alert()), "alerts@bank.example", "officer@bank.example", AT, None)
    assert isinstance(made, EmailMessage)
    assert made["Auto-Submitted"] == "auto-generated"
