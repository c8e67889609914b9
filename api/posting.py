"""One attempt to deliver an alert: a request to a webhook, a letter to a mail server. Never raises for what the other side does.

A webhook is guarded as a fetch is: its name is looked up here, the connection goes to the address that was looked at, and no
redirect is followed. What the other side answers is not kept, but for its number.
"""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import EmailMessage
from typing import Final

import httpx

from api.destinations import MailTo, To, WebhookTo
from api.messages import body_of, headers_of, letter, link_of
from engine.ledger import Sending
from ingest.fetch import Targets
from ingest.fetch.manners import told_to_wait
from ingest.fetch.targets import PUBLIC, Forbidden, GuardedTransport, host_of, port_of

SECONDS: Final = 15.0
"""For one request, or each step of a conversation with a mail server."""
_GONE: Final = 410
_BUSY: Final = frozenset((429, 503))


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of an attempt. `status`: of HTTP or SMTP, nought where there was none."""

    ok: bool
    status: int = 0
    detail: str = ""
    gone: bool = False
    """It wants nothing any more."""
    retry_after: datetime | None = None


def targets_for(to: Iterable[To], private: bool, targets: Targets = PUBLIC) -> Targets:
    """Where webhooks may lead. `private`: those that are set up may lead anywhere."""
    if not private:
        return targets
    urls = [httpx.URL(one.url) for one in to if isinstance(one, WebhookTo)]
    return replace(targets, allowed=targets.allowed | {f"{host_of(one)}:{port_of(one)}" for one in urls})


@dataclass(frozen=True, slots=True)
class Poster:
    """Sends. May be used by several event loops: nothing is kept between two attempts."""

    targets: Targets = PUBLIC
    public_url: str = ""
    seconds: float = SECONDS

    async def send(self, to: To, sending: Sending, at: datetime) -> Answered:
        """One attempt."""
        link = link_of(self.public_url, sending)
        if isinstance(to, WebhookTo):
            body = body_of(sending, link)
            return await self.post(to, headers_of(sending.delivery.id, at, body, to.secrets), body, at)
        return await asyncio.to_thread(self.mail, to, letter(sending, to.sender, to.mailbox, at, link))

    async def post(self, to: WebhookTo, headers: dict[str, str], body: bytes, at: datetime) -> Answered:
        """One request. 2xx is taken; 410 wants no more."""
        try:
            async with (
                asyncio.timeout(self.seconds),
                self._client() as client,
                client.stream("POST", to.url, headers=headers, content=body) as answer,
            ):
                status = answer.status_code
                told = answer.headers.get("retry-after") if status in _BUSY else None
        except TimeoutError:
            return Answered(ok=False, detail=f"no answer within {self.seconds:g} s")
        except Forbidden as error:
            return Answered(ok=False, detail=error.fault.value)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ssl.SSLError, OSError, UnicodeError) as error:
            return Answered(ok=False, detail=type(error).__name__)
        return Answered(200 <= status < 300, status, f"HTTP {status}", status == _GONE, told_to_wait(told, at))

    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            transport=GuardedTransport(self.targets),
            follow_redirects=False,
            trust_env=False,
            timeout=httpx.Timeout(None),
        )

    def mail(self, to: MailTo, made: EmailMessage) -> Answered:
        """One letter. Without the encryption that was asked for nothing is sent."""
        try:
            with self._connected(to) as server:
                if to.user:
                    server.login(to.user, to.password)
                server.send_message(made, to.sender, [to.mailbox])
        except smtplib.SMTPResponseException as error:
            return Answered(ok=False, status=error.smtp_code, detail=f"{type(error).__name__} {error.smtp_code}")
        except smtplib.SMTPRecipientsRefused as error:
            code = next((told[0] for told in error.recipients.values()), 0)
            return Answered(ok=False, status=code, detail=f"the mailbox was refused: {code}")
        except (smtplib.SMTPException, OSError) as error:
            return Answered(ok=False, detail=type(error).__name__)
        return Answered(ok=True, status=250, detail="taken")

    def _connected(self, to: MailTo) -> smtplib.SMTP:
        if to.tls == "tls":
            return smtplib.SMTP_SSL(to.host, to.port, timeout=self.seconds, context=ssl.create_default_context())
        server = smtplib.SMTP(to.host, to.port, timeout=self.seconds)
        if to.tls == "starttls":
            try:
                server.starttls(context=ssl.create_default_context())
            except (smtplib.SMTPException, OSError):
                server.close()
                raise
        return server
