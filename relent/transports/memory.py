"""Mailboxes in memory, for tests and scenarios: the same outcomes as real servers, without a network."""

from collections.abc import Iterator
from datetime import datetime
from typing import Self

from relent.transports.base import (
    Account,
    Batch,
    Check,
    FetchedMail,
    Folder,
    FolderRole,
    Found,
    MailReader,
    MailSender,
    MailWatcher,
    SendRefused,
    SendUncertain,
    TransportError,
)
from relent.transports.memory_world import MemoryMailbox, SentMail, World, forget, world

__all__ = ["MemoryTransport", "SentMail", "World", "forget", "world"]

_BATCH_MAILS = 100


class MemoryTransport:
    """Option: world (``default``)."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._world = world(account.options.get("world") or "default")

    @classmethod
    def for_account(cls, account: Account) -> Self:
        return cls(account)

    def reader(self) -> MailReader:
        return MemoryReader(self._world, self._account.address)

    def sender(self) -> MailSender:
        return MemorySender(self._world, self._account.address)

    def watcher(self) -> MailWatcher:
        return MemoryWatcher(self._world, self._account.address)

    def check(self) -> list[Check]:
        try:
            self._world.check_reachable(self._account.address, "memory")
        except TransportError as error:
            return [Check(error.part, False, str(error))]
        return [Check("memory", True, "The mailbox is there.")]


class MemoryReader:
    """A MailReader over a mailbox in memory; a failure closes it, as with a real connection."""

    def __init__(self, there: World, address: str) -> None:
        self._world, self._address = there, address
        self._open = True
        self._mailbox()

    def folders(self) -> list[Folder]:
        with self._world.changed:
            found = [Folder(name, folder.role) for name, folder in self._mailbox().folders.items()]
        found = [folder for folder in found if folder.role is not FolderRole.DRAFTS]
        return sorted(found, key=lambda folder: folder.role is not FolderRole.INBOX)

    def fetch_new(self, folder: Folder, cursor: str, since: datetime) -> Iterator[Batch]:
        with self._world.changed:
            here = self._mailbox().folders.get(folder.name)
            if here is None:
                raise TransportError(f"There is no folder {folder.name!r}.", part="memory")
            validity, _, uid = cursor.partition(":")
            known = int(uid) if validity == str(here.uidvalidity) else 0
            new = [(n, mail) for n, mail in here.mails.items() if n >= known and (known or mail.received_at >= since)]
            final = f"{here.uidvalidity}:{here.uidnext}"
        for start in range(0, len(new), _BATCH_MAILS):
            self._mailbox()
            part = new[start : start + _BATCH_MAILS]
            text = final if start + _BATCH_MAILS >= len(new) else f"{here.uidvalidity}:{part[-1][0] + 1}"
            yield Batch(tuple(mail for _, mail in part), text)
        if not new and final != cursor:
            yield Batch((), final)

    def find_sent(self, message_id: str) -> Found:
        wanted = f"<{message_id.strip('<>')}>".encode()
        with self._world.changed:
            for folder in self._mailbox().folders.values():
                if folder.role is FolderRole.SENT and any(_is(mail, wanted) for mail in folder.mails.values()):
                    return Found.FOUND
        return Found.ABSENT if self._world.server_copies else Found.UNKNOWN

    def store_sent(self, raw: bytes, sent_at: datetime) -> None:
        with self._world.changed:
            self._mailbox().sent().add(FetchedMail(raw, sent_at, len(raw)))

    def alive(self) -> bool:
        return self._open

    def close(self) -> None:
        self._open = False

    def _mailbox(self) -> MemoryMailbox:
        if not self._open:
            raise TransportError("The connection is closed.", part="memory")
        try:
            self._world.check_reachable(self._address, "memory")
        except TransportError:
            self._open = False
            raise
        return self._world.mailbox(self._address)


class MemorySender:
    """A MailSender that records what leaves, in the world's ``sent``."""

    def __init__(self, there: World, address: str) -> None:
        self._world, self._address = there, address

    def send(self, envelope_from: str, recipient: str, raw: bytes) -> str:
        there = self._world
        there.check_reachable(self._address, "smtp.send")
        if there.before_hand_off:
            there.before_hand_off(recipient)
        if recipient.lower() in there.refusals:
            code, status = there.refusals[recipient.lower()]
            message = f"{recipient} is refused: {code} {status}".rstrip()
            raise SendRefused(message, code=code, status=status, recipient_refused=True)
        self._hand_over(SentMail(envelope_from, recipient, raw, self._time()))
        if there.after_hand_off:
            there.after_hand_off(recipient)
        if recipient.lower() in there.uncertain:
            raise SendUncertain(f"No answer came after the mail to {recipient}.", part="smtp.send")
        return "250 2.0.0 OK"

    def close(self) -> None:
        """There is nothing to close."""

    def _time(self) -> datetime:
        if self._world.now is None:
            raise TypeError("A world needs its `now` set before a mail is sent in it.")
        return self._world.now()

    def _hand_over(self, mail: SentMail) -> None:
        with self._world.changed:
            self._world.sent.append(mail)
            if self._world.server_copies:
                thread = self._world.thread_of(mail.raw) if self._world.thread_of else ""
                copy = FetchedMail(mail.raw, mail.sent_at, len(mail.raw), thread)
                self._world.mailbox(self._address).sent().add(copy)


class MemoryWatcher:
    """A MailWatcher that deliveries wake; what came before its opening is not reported."""

    def __init__(self, there: World, address: str) -> None:
        self._world, self._address = there, address
        there.check_reachable(address, "memory")
        self._seen = there.mailbox(address).arrivals
        self._closed = False

    def wait(self, seconds: float) -> bool:
        mailbox = self._world.mailbox(self._address)
        with self._world.changed:
            self._world.changed.wait_for(lambda: self._closed or mailbox.arrivals > self._seen, seconds)
            self._world.check_reachable(self._address, "memory")
            news = mailbox.arrivals > self._seen and not self._closed
            self._seen = mailbox.arrivals
            return news

    def close(self) -> None:
        with self._world.changed:
            self._closed = True
            self._world.changed.notify_all()


def _is(mail: FetchedMail, message_id: bytes) -> bool:
    header = mail.raw.partition(b"\r\n\r\n")[0].partition(b"\n\n")[0]
    return message_id in header
