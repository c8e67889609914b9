"""An alert in the words that leave the house: JSON for machines, plain text for people. Nothing that the alert does not hold.

Webhooks are signed as Standard Webhooks 1.0 says; mail has an id by which a repeat is recognised.
"""

from __future__ import annotations

import base64
import hmac
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from typing import Any, Final

import orjson

from engine.ledger import Sending

MOST_EVIDENCE: Final = 50
"""Pieces of evidence that a letter names; the case has all of them."""
_LONGEST_SUBJECT: Final = 160


def body_of(sending: Sending, link: str | None) -> bytes:
    """What is posted: `type`, `timestamp` (of what happened) and `data`."""
    alert = sending.alert
    data: dict[str, Any] = {
        "id": alert.id, "kind": alert.kind.value, "rule": alert.rule, "pack": alert.pack, "version": alert.version,
        "subject_kind": alert.subject_kind, "subject": alert.subject, "severity": alert.severity, "summary": alert.summary,
        "evidence": list(alert.evidence), "truncated": alert.truncated, "occurred_at": alert.occurred_at.isoformat(),
        "case": sending.case_id, "link": link,
    }  # fmt: skip
    told = {"type": f"alert.{alert.kind.value}", "timestamp": alert.occurred_at.isoformat(), "data": data}
    return orjson.dumps(told)


def signatures(message_id: str, seconds: int, body: bytes, secrets: Sequence[bytes]) -> str:
    """`webhook-signature`: `v1,` and the HMAC-SHA256 of id, time and body in base64, by each secret, with spaces between."""
    signed = b".".join((message_id.encode("ascii"), str(seconds).encode("ascii"), body))
    made = (base64.b64encode(hmac.new(secret, signed, sha256).digest()).decode("ascii") for secret in secrets)
    return " ".join(f"v1,{one}" for one in made)


def headers_of(message_id: str, at: datetime, body: bytes, secrets: Sequence[bytes]) -> dict[str, str]:
    """Of one attempt. The id is that of the delivery: the same at every attempt; the time is the attempt's."""
    seconds = int(at.timestamp())
    return {
        "content-type": "application/json",
        "user-agent": "Lexgate-Alerts/1",
        "webhook-id": message_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": signatures(message_id, seconds, body, secrets),
    }


def letter(sending: Sending, sender: str, mailbox: str, at: datetime, link: str | None) -> EmailMessage:
    """The alert as a letter of plain text."""
    alert = sending.alert
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"] = sender, mailbox
    made["Subject"] = one_line(f"[Lexgate] {alert.severity}: {alert.summary}")[:_LONGEST_SUBJECT]
    made["Date"] = format_datetime(at)
    made["Message-ID"] = message_id(sending.delivery.id, sender)
    made["Auto-Submitted"] = "auto-generated"
    shown, more = alert.evidence[:MOST_EVIDENCE], len(alert.evidence) - MOST_EVIDENCE
    lines = [
        one_line(alert.summary), "",
        f"Severity: {alert.severity}", f"Rule:     {one_line(alert.rule)} ({one_line(alert.pack)} {one_line(alert.version)})",
        f"Subject:  {one_line(alert.subject_kind)} {one_line(alert.subject)}", f"Happened: {alert.occurred_at.isoformat()}", "",
        "Evidence:", *(f"- {one_line(one)}" for one in shown),
    ]  # fmt: skip
    if more > 0:
        lines.append(f"- and {more} more")
    if alert.truncated:
        lines.append("There is more than was looked at.")
    lines += ["", f"Case:  {sending.case_id}", f"Alert: {alert.id}"]
    if link is not None:
        lines.append(link)
    made.set_content("\n".join(lines) + "\n")
    return made


def message_id(delivery_id: str, sender: str) -> str:
    """`<dl_...@host of the sender>`: the same for an alert and a mailbox, however often it is sent."""
    return f"<{delivery_id}@{sender.rpartition('@')[2]}>"


def link_of(public_url: str, sending: Sending) -> str | None:
    """Where the case is looked at; None where nobody said how this service is reached."""
    return f"{public_url.rstrip('/')}/v1/cases/{sending.case_id}" if public_url else None


def one_line(text: str) -> str:
    """Text without line breaks and control characters: what it says stays in the line that it is put in."""
    kept = (" " if unicodedata.category(one) in ("Cc", "Cf", "Cs", "Zl", "Zp") else one for one in text)
    return " ".join("".join(kept).split())
