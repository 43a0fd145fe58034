"""The world outside: one SMTP server for everybody's mail, on the loopback only. Nothing leaves the machine."""

import smtplib
from email.utils import format_datetime
from typing import Any

import httpx
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from relent import clock
from relent.playground import maildirs

_HOST = "127.0.0.1"
_PATIENCE = 10.0  # seconds


class World:
    """The world's mail server. It knows the mailboxes under the playground's folder and refuses other addresses."""

    def __init__(self, port: int) -> None:
        self._controller = Controller(_Post(), hostname=_HOST, port=port, server_hostname="mx.world.example")
        self._started = False

    def start(self) -> None:
        """Accept mail from now on. Raises OSError where the port is taken."""
        self._controller.start()
        self._started = True

    def stop(self) -> None:
        """Accept no more; nothing happens where it never began."""
        if self._started:
            self._controller.stop()
            self._started = False


def hand_in(port: int, sender: str, recipient: str, raw: bytes) -> None:
    """Hand in a mail by SMTP, as a mail program does; an empty ``sender`` marks a bounce (RFC 5321 section 4.5.5)."""
    with smtplib.SMTP(_HOST, port, timeout=_PATIENCE) as connection:
        connection.sendmail(sender, [recipient], raw)


def one_click(link: str) -> int:
    """Unsubscribe as a mail program's button does (RFC 8058 section 3.2); return the HTTP status."""
    return httpx.post(link, data={"List-Unsubscribe": "One-Click"}, timeout=_PATIENCE, trust_env=False).status_code


class _Post:
    """What the server does with a mail, in the shape that aiosmtpd calls."""

    async def handle_RCPT(  # noqa: N802  # the name is aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take mail for known mailboxes."""
        if not maildirs.exists(address.lower()):
            return f"550 5.1.1 <{address}>: there is no such mailbox"
        envelope.rcpt_tos.append(address.lower())
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # same
        """Put a copy into each recipient's mailbox."""
        content: Any = envelope.content
        raw = content if isinstance(content, bytes) else str(content).encode()
        for address in envelope.rcpt_tos:
            maildirs.deliver(address, _trace(session, envelope, address) + raw, clock.now())
        return "250 2.0.0 Delivered"


def _trace(session: Session, envelope: Envelope, recipient: str) -> bytes:
    """The lines that a server puts on top (RFC 5321 section 4.4)."""
    helo = session.host_name or "unknown"
    return (
        f"Return-Path: <{envelope.mail_from or ''}>\r\n"
        f"Delivered-To: {recipient}\r\n"
        f"Received: from {helo} by mx.world.example with ESMTP\r\n"
        f"\tfor <{recipient}>; {format_datetime(clock.now())}\r\n"
    ).encode()
