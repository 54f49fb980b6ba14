"""A real Dovecot on a free port, with a configuration, users and mailboxes of its own."""

import imaplib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from intake.mailbox import Account

USER, PASSWORD = "klachten@opgroeien.example", "een geheim"
PATIENCE = 30.0

_CONFIGURATION = """
base_dir = {home}/run
state_dir = {home}/run
log_path = {home}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
auth_mechanisms = plain xoauth2
mail_location = maildir:{home}/mail/%u
first_valid_uid = 1
imap_capability = {capability}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {home}/users
}}
{oauth2}
userdb {{
  driver = static
  args = uid={owner} gid={owner_group} home={home}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
"""
_OAUTH2 = """
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {home}/oauth2.conf
}}
"""


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Dovecot:
    """One server; started by the fixture, stopped and started again by tests that need it."""

    def __init__(self, home: Path, introspection_url: str = "", capability: str = "") -> None:
        self.home, self.port = home, free_port()
        self._running: subprocess.Popen[bytes] | None = None
        root = os.geteuid() == 0
        own = pwd.getpwuid(os.geteuid()).pw_name
        internal = "dovecot" if root else own
        found = pwd.getpwnam(internal)
        mail = home / "mail"
        mail.mkdir(parents=True)
        if root:
            os.chown(mail, found.pw_uid, found.pw_gid)
        (home / "users").write_text(f"{USER}:{PASSWORD}\n")
        (home / "oauth2.conf").write_text(
            f"introspection_mode = post\nintrospection_url = {introspection_url}\nusername_attribute = username\n"
            "active_attribute = active\nactive_value = true\ntokeninfo_url =\n"
        )
        (home / "dovecot.conf").write_text(
            _CONFIGURATION.format(
                home=home,
                port=self.port,
                internal=internal,
                group="dovecot" if root else found.pw_gid,
                login="dovenull" if root else own,
                owner=found.pw_uid,
                owner_group=found.pw_gid,
                capability=capability,
                oauth2=_OAUTH2.format(home=home) if introspection_url else "",
            )
        )

    def start(self) -> None:
        """Runs it until it greets."""
        program = shutil.which("dovecot") or "/usr/sbin/dovecot"
        with (self.home / "said").open("ab") as said:
            command = [program, "-F", "-c", str(self.home / "dovecot.conf")]
            self._running = subprocess.Popen(command, stdout=said, stderr=said, start_new_session=True)
        end = time.monotonic() + PATIENCE
        while True:
            try:
                self.client().logout()
            except (OSError, imaplib.IMAP4.error):
                told = (self.home / "said").read_text() + self.log()
                assert self._running.poll() is None and time.monotonic() < end, told
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        """Ends it with all its connections, as a crash would: no process of it says goodbye."""
        if self._running is not None:
            os.killpg(self._running.pid, signal.SIGKILL)
            self._running.wait(timeout=PATIENCE)
            self._running = None

    def log(self) -> str:
        path = self.home / "log"
        return path.read_text() if path.exists() else ""

    def client(self) -> imaplib.IMAP4:
        """A connection of our own, logged in."""
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=PATIENCE)
        client.login(USER, PASSWORD)
        return client

    def put(self, *mails: bytes, folder: str = "INBOX") -> None:
        """New mails in the mailbox."""
        client = self.client()
        for raw in mails:
            assert client.append(folder, "", "", raw)[0] == "OK"
        client.logout()

    def inside(self, folder: str = "INBOX") -> list[bytes]:
        """All mails of a folder, in order; none when there is no such folder."""
        client = self.client()
        found: list[bytes] = []
        if client.select(folder, readonly=True)[0] == "OK":
            for item in client.fetch("1:*", "(BODY.PEEK[])")[1] if client.search(None, "ALL")[1][0] else []:
                found += [item[1]] if isinstance(item, tuple) else []
        client.logout()
        return found

    def account(self, done: str = "", folder: str = "INBOX", password: str = PASSWORD) -> Account:
        """How a door reaches it."""
        return Account("127.0.0.1", self.port, USER, password, folder, "none", done)


@contextmanager
def dovecot(introspection_url: str = "", capability: str = "") -> Iterator[Dovecot]:
    """A running server in a folder of its own, which other users may enter."""
    # Not pytest's own folder: under root the server's processes are other users, and that is shut to them.
    with tempfile.TemporaryDirectory(prefix="dovecot-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        server = Dovecot(Path(name), introspection_url, capability)
        try:
            server.start()
            yield server
        finally:
            server.stop()
