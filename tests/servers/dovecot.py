"""A Dovecot of our own: IMAP (plain, STARTTLS and TLS) and LMTP. Any user exists; all have one password."""

import shutil
import smtplib
import subprocess
from datetime import timedelta
from pathlib import Path

from imapclient import IMAPClient

from tests.servers import certificates, ground

PASSWORD = "correct-horse"

_CONFIG = """
base_dir = {dir}/run
state_dir = {dir}/run
log_path = {dir}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = yes
ssl_cert = <{cert}
ssl_key = <{key}
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2 oauthbearer
auth_failure_delay = 0
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:~/Maildir
mailbox_idle_check_interval = 1 s
mail_max_userip_connections = 1000
default_client_limit = 3000
default_process_limit = 500
default_vsz_limit = 512M
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {dir}/oauth2.conf.ext
}}
passdb {{
  driver = static
  mechanisms = plain login
  args = password={password}
}}
userdb {{
  driver = static
  args = allow_all_users=yes uid={uid} gid={gid} home={dir}/mail/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Sent {{
    auto = subscribe
    special_use = \\Sent
  }}
  mailbox Junk {{
    auto = subscribe
    special_use = \\Junk
  }}
  mailbox Drafts {{
    auto = subscribe
    special_use = \\Drafts
  }}
  mailbox Trash {{
    auto = subscribe
    special_use = \\Trash
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  chroot =
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
lda_mailbox_autocreate = yes
lmtp_save_to_detail_mailbox = yes
recipient_delimiter = +
"""

_OAUTH2 = """
introspection_mode = local
local_validation_key_dict = fs:posix:prefix={dir}/keys/
username_attribute = email
"""


class Dovecot:
    """A running Dovecot. Ports: ``imap``, ``imaps``, ``lmtp``; ``ca`` is the certificate to trust."""

    def __init__(self) -> None:
        program = ground.program("dovecot", "dovecot-imapd dovecot-lmtpd", "/usr/sbin")
        if not Path("/usr/lib/dovecot/lmtp").exists():
            raise ground.Missing("Dovecot has no LMTP: apt-get install -y --no-install-recommends dovecot-lmtpd")
        self.directory = ground.directory("dovecot")
        self.imap, self.imaps, self.lmtp = ground.free_ports(3)
        self.tokens = certificates.TokenIssuer()
        self._configure()
        command = [program, "-F", "-c", str(self.directory / "dovecot.conf")]
        self.process = subprocess.Popen(ground.as_unprivileged(command), stderr=subprocess.DEVNULL)
        try:
            ground.until(lambda: ground.answers(self.imap) and ground.answers(self.lmtp), "Dovecot", self.process)
        except RuntimeError as error:
            said = self.log()
            self.stop()
            raise RuntimeError(f"{error}: {said[-2000:]}") from error

    def deliver(self, user: str, raw: bytes, sender: str = "") -> None:
        """Deliver a mail by LMTP into the user's INBOX (``user+Folder@…`` names another folder)."""
        with smtplib.LMTP("127.0.0.1", self.lmtp, local_hostname="localhost") as lmtp:
            lmtp.sendmail(sender, [user], raw)

    def client(self, user: str) -> IMAPClient:
        """Return a signed-in IMAP client, as the user's own mail program would be."""
        client = IMAPClient("127.0.0.1", self.imap, ssl=False, timeout=60)
        client.login(user, PASSWORD)
        return client

    def token(self, user: str, lasts: timedelta = timedelta(hours=1)) -> str:
        """Return an access token with which ``user`` can sign in by XOAUTH2."""
        return self.tokens.token(user, lasts)

    def options(self, **changed: str) -> dict[str, str]:
        """Return an account's IMAP options for this server, unencrypted."""
        return {"imap_host": "127.0.0.1", "imap_port": str(self.imap), "imap_tls": "none", **changed}

    def maildir(self, user: str) -> Path:
        """Return where the user's mail lies."""
        return self.directory / "mail" / user / "Maildir"

    def log(self) -> str:
        """Return Dovecot's log."""
        path = self.directory / "dovecot.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def stop(self) -> None:
        """End the server and remove its directory."""
        ground.stop(self.process)
        shutil.rmtree(self.directory, ignore_errors=True)

    def _configure(self) -> None:
        certificate = certificates.make(self.directory)
        self.ca = certificate.ca
        keys = self.directory / "keys" / "default" / "RS256"
        keys.mkdir(parents=True)
        (keys / "test").write_bytes(self.tokens.public_pem())
        (self.directory / "mail").mkdir()
        user = ground.unprivileged()
        config = _CONFIG.format(
            dir=self.directory,
            cert=certificate.certificate,
            key=certificate.key,
            user=user.pw_name,
            group=_group(user.pw_gid),
            uid=user.pw_uid,
            gid=user.pw_gid,
            password=PASSWORD,
            imap=self.imap,
            imaps=self.imaps,
            lmtp=self.lmtp,
        )
        (self.directory / "dovecot.conf").write_text(config)
        (self.directory / "oauth2.conf.ext").write_text(_OAUTH2.format(dir=self.directory))
        for path in self.directory.rglob("*"):
            ground.give(path)


def _group(gid: int) -> str:
    import grp

    return grp.getgrgid(gid).gr_name
