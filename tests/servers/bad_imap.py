"""A small IMAP server that does what it is told: be honest, hang, break off, lie, refuse, or talk nonsense.

``fault`` is ``""`` or ``KIND:COMMAND``, where COMMAND is a command's name (``GREETING`` for the first line) and KIND is
``hang``, ``drop``, ``bye``, ``garbage``, ``trickle``, ``flood`` or ``no``; or one of LIES.
"""

import re
import socket
import socketserver
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field

LIES = {
    "uidnext_back": "UIDNEXT is lower than it was",
    "ghost": "there is one mail more than can be had",
    "omit": "FETCH leaves out the last mail",
    "hide": "SEARCH leaves out the last mail",
    "unasked": "FETCH brings a mail that nobody asked for",
    "half": "the connection ends in the middle of a mail",
    "huge": "a mail is announced as larger than memory",
    "full": "the mailbox is over its quota",
    "nil": "the mail has no text",
}

# Options of an account that waits briefly only, for what never answers; a busy machine may need longer for what does.
IMPATIENT = {"connect_timeout": "1", "read_timeout": "0.4", "command_timeout": "0.5"}

_HOLDS = 30.0  # seconds that the server hangs or dawdles before it lets go by itself
_DATE = '"22-Nov-2026 10:00:00 +0000"'


@dataclass
class BadImap:
    """A running server. INBOX holds ``mails`` and Sent ``appended``, with the UIDs 1, 2, …"""

    mails: list[bytes] = field(default_factory=list)
    fault: str = ""
    capabilities: str = "IMAP4rev1 IDLE SPECIAL-USE"
    uidvalidity: int = 77
    appended: list[bytes] = field(default_factory=list)
    created: list[str] = field(default_factory=list)
    list_sent: bool = True
    let_go: bool = False  # whether somebody waited so long for the server that it gave up first

    def __post_init__(self) -> None:
        self.stopping = threading.Event()
        server = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                with suppress(OSError, _Ended):
                    _Talk(server, self.connection, self.rfile).run()

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler, bind_and_activate=True)
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def options(self, **changed: str) -> dict[str, str]:
        """Return an account's IMAP options for this server."""
        return {"imap_host": "127.0.0.1", "imap_port": str(self.port), "imap_tls": "none", **changed}

    def stop(self) -> None:
        """End the server; connections that hang are let go."""
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Ended(Exception):
    """This connection is over."""


class _Talk:
    """One connection."""

    def __init__(self, server: BadImap, connection: socket.socket, incoming: object) -> None:
        self.server, self.connection, self.incoming = server, connection, incoming
        self.idle_tag = ""
        self.folder = "INBOX"

    def run(self) -> None:
        self._misbehave("GREETING")
        self._say("* OK ready")
        while line := self.incoming.readline():  # type: ignore[attr-defined]  # a socket file
            tag, _, rest = line.decode("latin-1").strip().partition(" ")
            if tag == "DONE":
                self._say(f"{self.idle_tag} OK done")
                continue
            rest = re.sub(r"^UID ", "", rest, flags=re.IGNORECASE)
            command, _, arguments = rest.partition(" ")
            self._misbehave(command.upper(), tag)
            answer = getattr(self, f"do_{command.lower()}", None)
            if answer is None:
                self._say(f"{tag} BAD {command}?")
            else:
                answer(tag, arguments)

    def _mails(self) -> list[bytes]:
        return self.server.appended if self.folder == "Sent" else self.server.mails

    def do_capability(self, tag: str, _: str) -> None:
        self._say(f"* CAPABILITY {self.server.capabilities}", f"{tag} OK done")

    def do_login(self, tag: str, _: str) -> None:
        self._say(f"{tag} OK done")

    def do_noop(self, tag: str, _: str) -> None:
        self._say(f"* {self._count()} EXISTS", f"{tag} OK done")

    def do_close(self, tag: str, _: str) -> None:
        self._say(f"{tag} OK done")

    def do_list(self, tag: str, _: str) -> None:
        sent = ['* LIST (\\Sent) "/" Sent'] if self.server.list_sent or self.server.created else []
        self._say('* LIST () "/" INBOX', *sent, f"{tag} OK done")

    def do_create(self, tag: str, arguments: str) -> None:
        self.server.created.append(arguments.strip('"'))
        self._say(f"{tag} OK done")

    def do_subscribe(self, tag: str, _: str) -> None:
        self._say(f"{tag} OK done")

    def do_status(self, tag: str, arguments: str) -> None:
        name = arguments.partition(" (")[0]
        self.folder = name.strip('"')
        numbers = f"MESSAGES {self._count()} UIDNEXT {self._uidnext()} UIDVALIDITY {self.server.uidvalidity}"
        self._say(f"* STATUS {name} ({numbers})", f"{tag} OK done")

    def do_examine(self, tag: str, arguments: str) -> None:
        self.folder = arguments.strip('"')
        self._say(
            "* FLAGS (\\Seen)",
            f"* {self._count()} EXISTS",
            "* 0 RECENT",
            f"* OK [UIDVALIDITY {self.server.uidvalidity}] .",
            f"* OK [UIDNEXT {self._uidnext()}] .",
            f"{tag} OK [READ-ONLY] done",
        )

    def do_search(self, tag: str, arguments: str) -> None:
        uids = list(range(1, len(self._mails()) + 1))
        if arguments.upper().startswith("UID "):
            uids = self._chosen(arguments[4:])
        if arguments.upper().startswith("HEADER"):
            wanted = arguments.split()[-1].strip('"').encode()
            uids = [uid for uid in uids if wanted in self._mails()[uid - 1]]
        if self.server.fault == "hide":
            uids = [uid for uid in uids if uid != len(self._mails())]
        self._say(" ".join(["* SEARCH", *map(str, uids)]), f"{tag} OK done")

    def do_fetch(self, tag: str, arguments: str) -> None:
        chosen, _, items = arguments.partition(" ")
        uids = self._chosen(chosen)
        if self.server.fault == "omit":
            uids = [uid for uid in uids if uid != len(self._mails())]
        if self.server.fault == "unasked":
            self._say("* 1 FETCH (UID 999 RFC822.SIZE 3 INTERNALDATE " + _DATE + " BODY[] {3}\r\nBad)")
        for uid in uids:
            self._give(uid, items.upper())
        self._say(f"{tag} OK done")

    def do_append(self, tag: str, arguments: str) -> None:
        size = int(re.search(r"\{(\d+)\}$", arguments).group(1))  # type: ignore[union-attr]  # or the test fails
        if self.server.fault == "full":
            self._say(f"{tag} NO [OVERQUOTA] Quota exceeded (mailbox for user is full)")
            return
        self._say("+ go on")
        self.server.appended.append(self.incoming.read(size))  # type: ignore[attr-defined]  # a socket file
        self.incoming.readline()  # type: ignore[attr-defined]  # a socket file
        self._say(f"{tag} OK done")

    def do_idle(self, tag: str, _: str) -> None:
        self.idle_tag = tag
        self._say("+ idling")

    def do_logout(self, tag: str, _: str) -> None:
        self._say("* BYE", f"{tag} OK done")
        raise _Ended

    def _give(self, uid: int, items: str) -> None:
        raw = self._mails()[uid - 1]
        head = f"* {uid} FETCH (UID {uid} RFC822.SIZE {len(raw)} INTERNALDATE {_DATE}"
        if "X-GM-THRID" in items:
            head += " X-GM-THRID 1278455344230334865"
        if "BODY" not in items:
            self._say(head + ")")
            return
        if self.server.fault == "nil":
            self._say(head + " BODY[] NIL)")
            return
        if self.server.fault == "huge":
            self._say(head + " BODY[] {99999999999}")
        self._say(head + f" BODY[] {{{len(raw)}}}")
        self.connection.sendall(raw[: len(raw) // 2])
        if self.server.fault == "half":
            raise _Ended
        self.connection.sendall(raw[len(raw) // 2 :] + b")\r\n")

    def _chosen(self, said: str) -> list[int]:
        """Read a set of numbers; ``n:*`` includes the last mail whatever n is."""
        last = len(self._mails())
        found: set[int] = set()
        for part in said.split(","):
            low, _, high = part.partition(":")
            if high == "*":
                found |= set(range(min(int(low), last), last + 1))
            else:
                found |= set(range(int(low), int(high or low) + 1))
        return sorted(uid for uid in found if 1 <= uid <= last)

    def _count(self) -> int:
        return len(self._mails()) + (self.server.fault == "ghost")

    def _uidnext(self) -> int:
        return 1 if self.server.fault == "uidnext_back" else len(self._mails()) + 1

    def _say(self, *lines: str) -> None:
        self.connection.sendall("".join(f"{line}\r\n" for line in lines).encode("latin-1"))

    def _misbehave(self, command: str, tag: str = "*") -> None:
        kind, _, where = self.server.fault.partition(":")
        if where != command:
            return
        if kind == "hang":
            self.server.let_go |= not self.server.stopping.wait(_HOLDS)
            raise _Ended
        if kind == "drop":
            raise _Ended
        if kind == "bye":
            self._say("* BYE the server is going down")
            raise _Ended
        if kind == "no":
            self._say(f"{tag} NO [UNAVAILABLE] not now")
        if kind == "garbage":
            self._say("\x00\xff<html>HTTP/1.1 400 Bad Request", "* ((((((", f"{tag} WHAT")
        ends = time.monotonic() + _HOLDS
        while kind in ("trickle", "flood") and not self.server.stopping.is_set():
            self.connection.sendall(b"* OK still busy\r\n" * 1000 if kind == "flood" else b"*")
            time.sleep(0 if kind == "flood" else 0.05)
            if time.monotonic() > ends:
                self.server.let_go = True
                break
        raise _Ended
