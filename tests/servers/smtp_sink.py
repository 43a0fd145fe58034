"""An SMTP server that keeps what it takes, and can be told to refuse, wait, or break off at any point."""

import asyncio
import base64
import logging
import smtplib
import socket
import ssl
from dataclasses import dataclass
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from tests.servers import ground
from tests.servers.certificates import Certificate
from tests.servers.dovecot import Dovecot

# Where the server can go wrong. The last two differ in whether it had taken the mail before it fell silent.
FAULTS = ("drop_on_mail", "drop_in_data", "hang_on_mail", "lose_after_dot", "drop_after_dot", "hang_after_dot")


@dataclass(frozen=True)
class Taken:
    """A mail that the server accepted."""

    envelope_from: str
    recipient: str
    raw: bytes


class SmtpSink:
    """A running server. What it does next is steered by its attributes, also while connections are open.

    ``mails`` is what it took. ``password`` (and ``tokens`` for XOAUTH2) is what it asks for, if anything. ``refusals``
    maps recipients to whole replies ("550 5.1.1 Unknown"); ``mail_reply`` answers MAIL FROM and ``data_reply`` the
    final dot in place of 250; ``delay`` is how long it thinks after the final dot; ``fault`` is one of FAULTS.
    With ``dovecot`` it delivers by LMTP; with ``file_copies`` it files a copy in the sender's Sent folder there.
    """

    def __init__(
        self,
        *,
        dovecot: Dovecot | None = None,
        file_copies: bool = False,
        password: str = "",
        certificate: Certificate | None = None,
        implicit_tls: bool = False,
        utf8: bool = True,
        local_domains: tuple[str, ...] | None = None,
    ) -> None:
        self.dovecot, self.file_copies, self.password, self.utf8 = dovecot, file_copies, password, utf8
        self.local_domains = local_domains
        self.tokens: set[str] = set()
        self.mails: list[Taken] = []
        self.connections = 0
        self._open: set[Any] = set()
        self.clear_faults()
        context = _context(certificate) if certificate else None
        (self.port,) = ground.free_ports(1)
        self._controller = _Controller(self, self.port, None if implicit_tls else context)
        self._controller.ssl_context = context if implicit_tls else None
        # It logs each of its own deprecations at every sign-in.
        logging.getLogger("mail.log").setLevel(logging.ERROR)
        self._controller.start()
        self.connections = 0  # the controller has tried whether it answers

    def clear_faults(self) -> None:
        """Behave well from now on."""
        self.refusals: dict[str, str] = {}
        self.mail_reply = self.data_reply = self.fault = ""
        self.delay = 0.0

    def options(self, **changed: str) -> dict[str, str]:
        """Return an account's SMTP options for this server, unencrypted."""
        return {"smtp_host": "127.0.0.1", "smtp_port": str(self.port), "smtp_tls": "none", **changed}

    def drop_connections(self) -> None:
        """Close every open connection, as a server does with those that have been idle for long."""
        for transport in list(self._open):
            self._controller.loop.call_soon_threadsafe(transport.abort)

    def stop(self) -> None:
        """End the server."""
        self.drop_connections()
        self._controller.stop(no_assert=True)

    # What follows is called by aiosmtpd, which finds these by their names.

    async def auth_PLAIN(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802  # aiosmtpd's name
        said = await server.challenge_auth("") if len(args) == 1 else _decoded(args[1])
        *_, user, password = said.split(b"\0")
        return self._judged(password.decode() == self.password, user.decode())

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802  # aiosmtpd's name
        said = await server.challenge_auth("") if len(args) == 1 else _decoded(args[1])
        fields = dict(part.split(b"=", 1) for part in said.split(b"\x01") if b"=" in part)
        good = fields.get(b"auth", b"").removeprefix(b"Bearer ").decode() in self.tokens
        if not good:
            await server.challenge_auth('{"status":"401","schemes":"bearer"}')
        return self._judged(good, fields.get(b"user", b"").decode())

    async def handle_MAIL(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.fault == "drop_on_mail":
            server.transport.abort()
        if self.fault == "hang_on_mail":
            await asyncio.sleep(3600)
        if (self.password or self.tokens) and not session.authenticated:
            return "530 5.7.0 Authentication required"
        if self.mail_reply:
            return self.mail_reply
        envelope.mail_from = address
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        await asyncio.sleep(self.delay)
        if self.fault == "lose_after_dot":
            server.transport.abort()
            return "250 never seen"
        if self.data_reply:
            return self.data_reply
        for recipient in envelope.rcpt_tos:
            await asyncio.to_thread(self._take, Taken(envelope.mail_from or "", recipient, envelope.original_content))
        if self.fault == "drop_after_dot":
            server.transport.abort()
        if self.fault == "hang_after_dot":
            await asyncio.sleep(3600)
        return "250 2.0.0 Taken"

    def _judged(self, good: bool, user: str) -> AuthResult:
        return (
            AuthResult(success=good, handled=good, auth_data=user) if good else AuthResult(success=False, handled=False)
        )

    def _take(self, mail: Taken) -> None:
        self.mails.append(mail)
        if self.dovecot is None:
            return
        domain = mail.recipient.rpartition("@")[2]
        if self.local_domains is None or domain in self.local_domains:
            self._deliver(mail, mail.recipient)
        if self.file_copies and mail.envelope_from:
            user, _, host = mail.envelope_from.rpartition("@")
            self._deliver(mail, f"{user}+Sent@{host}")

    def _deliver(self, mail: Taken, recipient: str) -> None:
        assert self.dovecot is not None
        with smtplib.LMTP("127.0.0.1", self.dovecot.lmtp, local_hostname="localhost") as lmtp:
            lmtp.sendmail(mail.envelope_from, [recipient], mail.raw)


class _Server(SMTP):  # type: ignore[misc]  # aiosmtpd has no types
    def connection_made(self, transport: Any) -> None:
        self.event_handler.connections += self._original_transport is None  # else STARTTLS, on the same connection
        self.event_handler._open.add(transport)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.event_handler._open.discard(self.transport)
        super().connection_lost(error)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802  # aiosmtpd's name
        if self.event_handler.fault == "drop_in_data":
            await self.push("354 go on")
            await self._reader.readline()
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


class _Controller(Controller):  # type: ignore[misc]  # aiosmtpd has no types
    def __init__(self, sink: SmtpSink, port: int, context: ssl.SSLContext | None) -> None:
        super().__init__(sink, hostname="127.0.0.1", port=port, ready_timeout=60.0)
        self._starttls = context

    def _trigger_server(self) -> None:
        """Try whether it answers, as aiosmtpd does, which gives it a second: a try that outlived that was counted."""
        with socket.create_connection((self.hostname, self.port), 60.0) as tried:
            if self.ssl_context is None:
                tried.recv(1024)

    def factory(self) -> _Server:
        return _Server(
            self.handler,
            hostname="sink.test",
            loop=self.loop,
            enable_SMTPUTF8=self.handler.utf8,
            tls_context=self._starttls,
            auth_require_tls=False,
            auth_exclude_mechanism=["LOGIN"] if self.handler.password else ["LOGIN", "PLAIN"],
            data_size_limit=60_000_000,
        )


def _context(certificate: Certificate) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.certificate, certificate.key)
    return context


def _decoded(text: str) -> bytes:
    return base64.b64decode(text)
