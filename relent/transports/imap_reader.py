"""Reading what is new in an IMAP mailbox, and noticing a server that breaks or lies about it."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from relent.transports import imap_folders, imap_heads, imap_sent
from relent.transports.base import Account, Batch, FetchedMail, Folder, Found, TransportError
from relent.transports.imap_folders import Growth, Listing
from relent.transports.imap_heads import Cursor, Head
from relent.transports.imap_session import Session

_PART = "imap.read"

# How many mails are asked for their sizes at once.
_HEADS = 1000

# Gmail's extension: conversations have ids (developers.google.com/workspace/gmail/imap/imap-extensions).
_GMAIL, _GMAIL_THREAD = "X-GM-EXT-1", "X-GM-THRID"

# For how long the growth that came with the list of folders stands for asking each folder.
_LISTING_LASTS = 2.0


class ServerLies(TransportError):
    """The server contradicts itself: what it says is no ground to believe that nothing came."""

    def __init__(self, message: str) -> None:
        super().__init__(message, part=_PART)


class ImapReader:
    """A MailReader over one IMAP connection. Any failure closes it."""

    def __init__(self, account: Account) -> None:
        self._session = Session(account)
        self._size_limit = int(account.options.get("mail_size_limit") or 30_000_000)
        self._server_copies = account.options.get("sent_copies") == "server"
        self._asked = ["RFC822.SIZE", "INTERNALDATE", *([_GMAIL_THREAD] if self._session.has(_GMAIL) else [])]
        self._selected = ""
        self._growth: dict[str, Growth] = {}
        self._listed_at = 0.0

    def folders(self) -> list[Folder]:
        return self._list().folders

    def fetch_new(self, folder: Folder, cursor: str, since: datetime) -> Iterator[Batch]:
        known = Cursor.parse(cursor)
        if known and not self._has_grown(folder.name, known):
            return
        # Something moves in this mailbox. A mail that moves from here to a later folder is met there only if that
        # folder is asked again, not judged by the list of folders, which was made before the move.
        self._growth.clear()
        opened = self._examine(folder.name)
        known = known if known and known.uidvalidity == opened.uidvalidity else None
        if known:
            opened, heads = self._new_heads(folder.name, known)
        else:
            opened, heads = self._heads_since(folder.name, since)
        last = max(opened.uidnext, max((head.uid + 1 for head in heads), default=1), known.uidnext if known else 0)
        final = Cursor(opened.uidvalidity, last, opened.messages)
        wanted = sorted(heads, key=lambda head: head.uid)
        if not known:
            # INTERNALDATE has no fractions of a second.
            wanted = [head for head in wanted if head.received_at >= since.replace(microsecond=0)]
        yield from self._batches(folder.name, wanted, final, cursor)

    def find_sent(self, message_id: str) -> Found:
        folders = self._list().folders
        self._selected = "Sent"  # or whichever folder is searched last
        found = imap_sent.find(self._session, folders, message_id)
        self._leave()
        if found:
            return Found.FOUND
        return Found.ABSENT if self._server_copies else Found.UNKNOWN

    def store_sent(self, raw: bytes, sent_at: datetime) -> None:
        imap_sent.store(self._session, self._list(), raw, sent_at)

    def alive(self) -> bool:
        return self._session.alive()

    def close(self) -> None:
        self._session.close()

    def _list(self) -> Listing:
        self._leave()
        listed_at = time.monotonic()
        listing = imap_folders.listing(self._session)
        self._growth, self._listed_at = dict(listing.growth), listed_at
        return listing

    def _leave(self) -> None:
        """Leave the selected folder: while it is selected, the server may report of it what this session has seen."""
        if not self._selected:
            return
        with self._session.asking(_PART, f"leave {self._selected!r}") as client:
            if client.has_capability("UNSELECT"):
                client.unselect_folder()
            else:
                client.close_folder()  # expunges nothing, because the folder was opened by EXAMINE
        self._selected = ""

    def _has_grown(self, name: str, known: Cursor) -> bool:
        listed = self._growth.pop(name, None)
        fresh = listed is not None and time.monotonic() - self._listed_at < _LISTING_LASTS
        now = listed if listed is not None and fresh else self._ask_growth(name)
        if now.uidvalidity != known.uidvalidity or not now.uidnext:
            return True
        if now.uidnext < known.uidnext:
            raise self._lie(f"the next UID of {name!r} went back from {known.uidnext} to {now.uidnext}")
        return now.uidnext > known.uidnext or now.messages > known.messages

    def _ask_growth(self, name: str) -> Growth:
        # STATUS of the selected folder may be stale (RFC 9051 section 6.3.11 advises against it): select it anew.
        return self._examine(name) if name == self._selected else imap_folders.status(self._session, name)

    def _examine(self, name: str) -> Growth:
        self._selected = ""
        with self._session.asking(_PART, f"open {name!r}") as client:
            opened = imap_folders.growth_of(client.select_folder(name, readonly=True))
        self._selected = name
        return opened

    def _new_heads(self, name: str, known: Cursor) -> tuple[Growth, list[Head]]:
        """Return the heads of the mails after ``known``; what looks like a lie is looked at twice, because mails may
        be deleted between two commands."""
        doubt = ""
        for _ in range(2):
            opened = self._examine(name)
            if opened.uidnext and opened.uidnext < known.uidnext:
                raise self._lie(f"the next UID of {name!r} went back from {known.uidnext} to {opened.uidnext}")
            uids = [uid for uid in self._search(["UID", f"{known.uidnext}:*"]) if uid >= known.uidnext]
            heads = self._heads(uids)
            doubt = imap_heads.gap(heads, opened) if heads else self._doubt_nothing_new(opened, known)
            if not doubt:
                return opened, heads
        raise self._lie(f"{name!r}: {doubt}")

    def _doubt_nothing_new(self, opened: Growth, known: Cursor) -> str:
        if not opened.messages:
            return ""
        last = self._last_uid(opened.messages)
        if last is None:
            return f"it says that there are {opened.messages} mails, and does not show the last one"
        if last >= known.uidnext:
            return f"it has a mail with UID {last}, and does not find it"
        grown = opened.messages - known.messages
        return f"it says that there are {grown} mails more, and shows none of them" if grown > 0 else ""

    def _last_uid(self, place: int) -> int | None:
        with self._session.asking(_PART, f"show mail number {place}") as client:
            client.use_uid = False
            try:
                said = client.fetch([place], ["UID"])
            finally:
                client.use_uid = True
        uid = said.get(place, {}).get(b"UID")
        return uid if isinstance(uid, int) else None

    def _heads_since(self, name: str, since: datetime) -> tuple[Growth, list[Head]]:
        opened = self._examine(name)
        # SINCE compares days in the server's own time zone (RFC 9051 section 6.4.4).
        day = (since.astimezone(UTC) - timedelta(days=1)).date()
        heads = self._heads(self._search(["SINCE", day]))
        if not heads and opened.messages and self._last_uid(opened.messages) is None:
            raise self._lie(f"{name!r}: it says that there are {opened.messages} mails, and shows not the last one")
        return opened, heads

    def _search(self, criteria: list[Any], *, anew: bool = False) -> list[int]:
        with self._session.asking(_PART, "search") as client:
            if anew:
                client.noop()  # only now may the server take deleted mails out of its view of the folder
            return [int(uid) for uid in client.search(criteria)]

    def _heads(self, uids: list[int]) -> list[Head]:
        found: list[Head] = []
        for start in range(0, len(uids), _HEADS):
            answers = self._fetch(uids[start : start + _HEADS], self._asked)
            found.extend(self._head(uid, answer) for uid, answer in answers.items())
        return found

    def _head(self, uid: int, answer: dict[bytes, Any]) -> Head:
        size, date, place = answer.get(b"RFC822.SIZE"), answer.get(b"INTERNALDATE"), answer.get(b"SEQ")
        if isinstance(size, int) and isinstance(date, datetime) and date.tzinfo and isinstance(place, int):
            thread = answer.get(_GMAIL_THREAD.encode(), "")
            return Head(uid, size, date.astimezone(UTC), place, str(thread)[:30] if isinstance(thread, int) else "")
        raise self._lie(f"the mail with UID {uid} has no proper size and date: {answer!r:.200}")

    def _fetch(self, uids: list[int], items: list[str], size: int = 0) -> dict[int, dict[bytes, Any]]:
        """Fetch ``items`` of each mail that still exists; one that a new search shows and FETCH does not is a lie."""
        found: dict[int, dict[bytes, Any]] = {}
        left = uids
        for _ in range(2):
            found |= self._fetch_once(left, items, size)
            missing = [uid for uid in uids if uid not in found]
            if not missing:
                return found
            shown = set(self._search(["UID", ",".join(map(str, missing))], anew=True))
            left = [uid for uid in missing if uid in shown]
            if not left:
                return found
        raise self._lie(f"{self._selected!r}: a search shows the mail with UID {left[0]}, and it cannot be had")

    def _fetch_once(self, uids: list[int], items: list[str], size: int) -> dict[int, dict[bytes, Any]]:
        what = f"give {len(uids)} mails of {self._selected!r}, from UID {uids[0]}" if uids else "give nothing"
        with self._session.asking(_PART, what, size=size) as client:
            try:
                answers = client.fetch(uids, items)
            except client.AbortError:
                raise
            except client.Error as error:
                # Mails that another session has deleted (RFC 5530 section 3); the next search says which are left.
                if "EXPUNGEISSUED" not in str(error).upper():
                    raise
                return {}
        # Of a mail that is gone there may be an answer all the same, with NIL for its text.
        return {uid: answer for uid, answer in answers.items() if len(answer) > 1 and None not in answer.values()}

    def _batches(self, name: str, wanted: list[Head], final: Cursor, given: str) -> Iterator[Batch]:
        text = given
        for batch in imap_heads.portions(wanted, self._size_limit):
            if self._selected != name and self._examine(name).uidvalidity != final.uidvalidity:
                raise self._lie(f"{name!r} changed its UIDVALIDITY while it was read")
            mails = self._mails(batch)
            last = batch[-1] is wanted[-1]
            text = str(final if last else Cursor(final.uidvalidity, batch[-1].uid + 1, final.messages))
            yield Batch(mails, text)
        if text != str(final):
            yield Batch((), str(final))

    def _mails(self, heads: list[Head]) -> tuple[FetchedMail, ...]:
        cut = heads[0].size > self._size_limit
        item = f"BODY.PEEK[]<0.{self._size_limit}>" if cut else "BODY.PEEK[]"
        key = b"BODY[]<0>" if cut else b"BODY[]"
        size = sum(min(head.size, self._size_limit) for head in heads)
        answers = self._fetch([head.uid for head in heads], [item], size)
        return tuple(self._mail(head, answers[head.uid].get(key), cut) for head in heads if head.uid in answers)

    def _mail(self, head: Head, raw: object, cut: bool) -> FetchedMail:
        if not isinstance(raw, bytes):
            raise self._lie(f"{self._selected!r} gives no text for the mail with UID {head.uid}")
        return FetchedMail(raw[: self._size_limit], head.received_at, head.size if cut else len(raw), head.thread)

    def _lie(self, what: str) -> ServerLies:
        self._session.close()
        return ServerLies(f"{self._session.endpoint} contradicts itself: {what}.")
