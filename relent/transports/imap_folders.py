"""The folders of an IMAP mailbox: which can hold mail, what each is for, and how far each has grown."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from imapclient.imap_utf7 import decode
from imapclient.response_parser import parse_response

from relent.transports import roles
from relent.transports.base import Folder, FolderRole, TransportError
from relent.transports.imap_session import Session

_PART = "imap.folders"
_STATUS_ITEMS = "MESSAGES UIDNEXT UIDVALIDITY"
_NO_MAIL = frozenset({"\\noselect", "\\nonexistent"})


@dataclass(frozen=True, slots=True)
class Growth:
    """How far a folder has grown. ``uidnext`` is 0 where the server does not say it."""

    uidvalidity: int
    uidnext: int
    messages: int


@dataclass(frozen=True, slots=True)
class Listing:
    """The folders, INBOX first, without Drafts and mere views; and the growth that the server reported with them."""

    folders: list[Folder]
    growth: dict[str, Growth]
    delimiter: str


def listing(session: Session) -> Listing:
    """List the folders, in one command together with their growth where the server can (RFC 5819)."""
    options = _return_options(session)
    with session.asking(_PART, "list the folders") as client:
        typ, data = client.imap.xatom("LIST", '""', '"*"', *([f"RETURN ({' '.join(options)})"] if options else []))
        if typ != "OK":
            message = f"{session.endpoint} refused to list the folders: {data!r:.200}"
            raise TransportError(message, part=_PART)
        rows = list(_rows(client.imap.response("LIST")[1]))
        growth = dict(_growths(client.imap.response("STATUS")[1]))
    if not any(name.upper() == "INBOX" for _, _, name in rows):
        session.close()
        raise TransportError(f"{session.endpoint} lists no INBOX.", part=_PART)
    delimiter = next((d for _, d, _ in rows if d), "")
    return Listing(_folders(rows), growth, delimiter)


def status(session: Session, name: str) -> Growth:
    """Ask how far one folder has grown; it need not be selected."""
    with session.asking(_PART, f"give the status of {name!r}") as client:
        said = client.folder_status(name, _STATUS_ITEMS.split())
        return growth_of(said)


def growth_of(said: dict[bytes, Any]) -> Growth:
    """Read the numbers of a STATUS or SELECT response; raises ValueError where they are no numbers."""
    validity = said.get(b"UIDVALIDITY")
    messages = said.get(b"MESSAGES", said.get(b"EXISTS"))
    uidnext = said.get(b"UIDNEXT", 0)
    if not (isinstance(validity, int) and isinstance(messages, int) and isinstance(uidnext, int)):
        raise ValueError(f"a folder without UIDVALIDITY or a count of mails: {said!r:.200}")
    return Growth(validity, uidnext, messages)


def _return_options(session: Session) -> list[str]:
    options = []
    if session.has("LIST-EXTENDED") and session.has("SPECIAL-USE"):
        options.append("SPECIAL-USE")
    if session.has("LIST-STATUS"):
        options.append(f"STATUS ({_STATUS_ITEMS})")
    return options


def _rows(data: list[Any]) -> Iterator[tuple[list[str], str, str]]:
    """Yield attributes (lower case), delimiter and name of each line of a LIST response."""
    for flags, delimiter, name, *_ in _lines(data):  # more follows in extended answers (RFC 5258 section 6)
        attributes = [bytes(flag).decode("ascii", "replace").lower() for flag in flags]
        yield attributes, (delimiter or b"").decode("ascii", "replace"), _name(name)


def _growths(data: list[Any]) -> Iterator[tuple[str, Growth]]:
    for name, items, *_ in _lines(data):
        pairs = iter(items)
        yield _name(name), growth_of(dict(zip(pairs, pairs, strict=True)))


def _lines(data: list[Any]) -> Iterator[tuple[Any, ...]]:
    """Yield the atoms of each response line; imaplib gives a line with literals in several pieces."""
    line: list[Any] = []
    for piece in data:
        if piece is not None:
            line.append(piece)
        if line and not isinstance(piece, tuple):
            yield parse_response(line)
            line = []


def _name(atom: Any) -> str:
    # The parser makes numbers of names like 2024, and nothing of one called NIL.
    return str(atom) if isinstance(atom, int) else "NIL" if atom is None else decode(atom)


def _folders(rows: list[tuple[list[str], str, str]]) -> list[Folder]:
    found: list[Folder] = []
    claimed = {roles.by_attributes(name, attributes) for attributes, _, name in rows}
    for attributes, delimiter, name in rows:
        if _NO_MAIL.intersection(attributes) or roles.VIEWS.intersection(attributes):
            continue
        role = roles.by_attributes(name, attributes)
        if role is FolderRole.OTHER and (guess := roles.by_name(name, delimiter)) not in claimed:
            role = guess
        found.append(Folder(name, role))
    found = [folder for folder in found if folder.role is not FolderRole.DRAFTS]
    return sorted(found, key=lambda folder: (roles.rank(folder.role), folder.name))
