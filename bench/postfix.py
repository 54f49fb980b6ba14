"""A Postfix of our own beside ours: its own configuration, queue and port, and every mail is held in its queue."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_DAEMONS = Path("/usr/lib/postfix/sbin")
_MAIN = """
compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
command_directory = /usr/sbin
daemon_directory = {daemons}
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = proef.example
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
local_recipient_maps =
default_transport = discard
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_client_restrictions = check_client_access static:HOLD
smtpd_client_connection_count_limit = 0
default_process_limit = 100
"""
_MASTER = """
127.0.0.1:{port} inet n - n - 100 smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
discard unix - - n - - discard
"""


def present() -> str | None:
    """Why Postfix cannot be run here, or None."""
    if not (shutil.which("postfix") or Path("/usr/sbin/postfix").exists()):
        return "postfix is not installed"
    return None if os.geteuid() == 0 else "postfix can only be started by root"


@contextmanager
def running(port: int) -> Iterator[Path]:
    """Postfix on this port; yields its folder of held mails."""
    with tempfile.TemporaryDirectory(prefix="postfix-", ignore_cleanup_errors=True) as name:
        home = Path(name)
        home.chmod(0o755)
        for folder in ("conf", "queue", "data"):
            (home / folder).mkdir()
        shutil.chown(home / "data", "postfix", "postfix")
        (home / "conf" / "main.cf").write_text(_MAIN.format(home=home, daemons=_DAEMONS))
        (home / "conf" / "master.cf").write_text(_MASTER.format(port=port))
        command = ["/usr/sbin/postfix", "-c", str(home / "conf")]
        subprocess.run([*command, "start"], check=True, capture_output=True)
        try:
            _greeted(port)
            yield home / "queue" / "hold"
        finally:
            subprocess.run([*command, "stop"], check=True, capture_output=True)


def _greeted(port: int) -> None:
    end = time.monotonic() + 20
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as door:
                if door.recv(100).startswith(b"220"):
                    return
        except OSError:
            pass
        if time.monotonic() > end:
            raise SystemExit("postfix does not greet")
        time.sleep(0.05)
