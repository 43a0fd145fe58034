"""Mailboxes reached by IMAP (RFC 9051) and SMTP."""

from typing import Self

from relent.transports import imap_folders, smtp
from relent.transports.base import Account, Check, FolderRole, MailReader, MailSender, MailWatcher, TransportError
from relent.transports.imap_reader import ImapReader
from relent.transports.imap_session import Session
from relent.transports.imap_watch import ImapWatcher
from relent.transports.smtp import SmtpSender


class ImapTransport:
    """Options: imap_host, imap_port, imap_tls (tls, starttls, none), smtp_host, smtp_port, smtp_tls, username, auth
    (password, xoauth2), sent_copies (relent, server), ca_file. Secrets: password; or access_token; or refresh_token,
    client_id, client_secret and token_url.

    ``sent_copies`` says who files a copy of what was sent: the mail server itself, or Relent by ``store_sent``.
    """

    def __init__(self, account: Account) -> None:
        self._account = account

    @classmethod
    def for_account(cls, account: Account) -> Self:
        return cls(account)

    def reader(self) -> MailReader:
        return ImapReader(self._account)

    def sender(self) -> MailSender:
        return SmtpSender(self._account)

    def watcher(self) -> MailWatcher:
        return ImapWatcher(self._account)

    def check(self) -> list[Check]:
        return [*self._check_imap(), *smtp.check(self._account)]

    def _check_imap(self) -> list[Check]:
        trail: list[Check] = []
        try:
            session = Session(self._account, trail)
            try:
                folders = imap_folders.listing(session).folders
            finally:
                session.close()
        except TransportError as error:
            return [*trail, Check(error.part, False, str(error))]
        known = [f"{folder.role}: {folder.name}" for folder in folders if folder.role is not FolderRole.OTHER]
        return [*trail, Check("imap.folders", True, f"{len(folders)} folders can be read ({', '.join(known)}).")]
