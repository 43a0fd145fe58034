"""From a mail's delivery into Dovecot to the enrollment's end in the database, over the floor of a bare IDLE."""

import threading
import time
from email.message import EmailMessage

from bench import ground
from bench.figures import Figure, median, slow
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.smtp_sink import SmtpSink

_ANSWERS = 20
_FLOOR = "IMAP IDLE wakes a bare client"


def measure(dovecot: Dovecot) -> list[Figure]:
    """Measure with the processes as they run: watcher and engine. Both figures begin as LMTP begins."""
    bare = [_bare(dovecot, number) for number in range(_ANSWERS)]
    answered = _answered(dovecot)
    return [
        Figure("answer delivered → unenrolled, median", median(answered), median(bare), "ms", _FLOOR),
        Figure("answer delivered → unenrolled, 90 %", slow(answered), slow(bare), "ms", _FLOOR),
    ]


def _bare(dovecot: Dovecot, number: int) -> float:
    with dovecot.client("idle@us.example") as client:
        client.select_folder("INBOX", readonly=True)
        client.idle()
        begun = time.perf_counter()
        dovecot.deliver("idle@us.example", _mail("ann@acme.example", number, "").as_bytes())
        while not any(b"EXISTS" in said for said in client.idle_check(5)):
            pass
        taken = time.perf_counter() - begun
        client.idle_done()
    return taken * 1000


def _answered(dovecot: Dovecot) -> list[float]:
    from relent.workers import processes

    sink = SmtpSink(password=PASSWORD)
    options = {**dovecot.options(), **sink.options(), "sent_copies": "server"}
    mailbox = ground.rep("awake", "imap", options, {"password": PASSWORD})
    chosen = ground.sequence(mailbox.user)
    stop = threading.Event()
    running = threading.Thread(target=processes.run_together, args=(processes.turns(), stop))
    running.start()
    try:
        return [_one(dovecot, ground.enroll(mailbox, chosen, f"w{number}@acme.example")) for number in range(_ANSWERS)]
    finally:
        stop.set()
        running.join()
        sink.stop()


def _one(dovecot: Dovecot, enrollment) -> float:  # type: ignore[no-untyped-def]  # models cannot be named before Django is set up
    from relent.records import models

    rows = models.Delivery.objects.filter(enrollment=enrollment, state="sent")
    while not (message_id := rows.values_list("message_id", flat=True).first()):
        time.sleep(0.01)
    time.sleep(0.3)  # the turn that sent it is over, and the watcher waits again
    mail = _mail(enrollment.address, enrollment.pk, message_id)
    begun = time.perf_counter()
    dovecot.deliver(enrollment.mailbox.address, mail.as_bytes(), enrollment.address)
    ended = models.Enrollment.objects.filter(pk=enrollment.pk, state="unenrolled")
    while not ended.exists():
        time.sleep(0.002)
    return (time.perf_counter() - begun) * 1000


def _mail(sender: str, number: int, answers: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "dana@us.example", "Re: Hello"
    mail["Message-ID"] = f"<{number}.{time.time_ns()}@acme.example>"
    if answers:
        mail["In-Reply-To"] = f"<{answers}>"
    mail.set_content("Please call me.\n")
    return mail
