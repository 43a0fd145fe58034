"""Deliveries per second to an SMTP server, over the floor of a bare loop with the same mails on one connection."""

import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench import ground
from bench.figures import Figure
from tests.servers.dovecot import PASSWORD, Dovecot

_MAILS = 200


def measure(dovecot: Dovecot) -> list[Figure]:
    """Send what is due by turns, each of which reads the mailbox first; then the same mails by smtplib alone."""
    with _sink() as port:
        smtp = {"smtp_host": "127.0.0.1", "smtp_port": str(port), "smtp_tls": "none", "sent_copies": "server"}
        rate, sent = _by_turns({**dovecot.options(), **smtp})
        floor = _bare(port, sent)
    return [Figure("deliveries", rate, floor, "/s", "smtplib loop, kept connection", "limits lifted, mailbox on IMAP")]


@contextmanager
def _sink() -> Iterator[int]:
    command = [sys.executable, "-m", "bench.sink", PASSWORD]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        yield int(process.stdout.readline())
        process.stdin.close()


def _by_turns(options: dict[str, str]) -> tuple[float, list[tuple[str, bytes]]]:
    from relent.flows import sessions, turn
    from relent.records import models

    mailbox = ground.rep("sender", "imap", options, {"password": PASSWORD})
    chosen = ground.sequence(mailbox.user)
    for number in range(_MAILS):
        ground.enroll(mailbox, chosen, f"s{number}@birch.example")
    begun = time.perf_counter()
    sent = 0
    while sent < _MAILS:
        report = turn.take(mailbox.pk, ground.now, "bench")
        assert report.executed, report
        sent += report.executed
    seconds = time.perf_counter() - begun
    sessions.close_all()
    rows = models.Delivery.objects.filter(mailbox=mailbox, state="sent").values_list("recipient", "raw")
    assert len(rows) == _MAILS
    return _MAILS / seconds, [(recipient, bytes(raw)) for recipient, raw in rows]


def _bare(port: int, sent: list[tuple[str, bytes]]) -> float:
    with smtplib.SMTP("127.0.0.1", port, local_hostname="localhost") as client:
        client.login("sender@us.example", PASSWORD)
        begun = time.perf_counter()
        for recipient, raw in sent:
            client.sendmail("sender@us.example", [recipient], raw)
        return len(sent) / (time.perf_counter() - begun)
