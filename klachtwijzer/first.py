"""The first start: the shipped sample mails come in through our own SMTP door, and one sees what became of them."""

import smtplib
import time
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import parseaddr

from klachtwijzer.serve import Running
from klachtwijzer.settings import CHECKOUT, address

SAMPLES = CHECKOUT / "samples"
ACCOUNT = "beheerder"
ROLES = ("medewerker", "behandelaar", "regelbeheerder", "beheerder")
PATIENCE = 120.0


def is_first(running: Running) -> bool:
    """Whether nothing was ever kept in this register."""
    return not running.book.counts().kept and next(running.book.export(), None) is None


def send_samples(running: Running) -> list[tuple[str, str]]:
    """Sends every sample mail, with its Return-Path as envelope sender; returns file name and Message-ID."""
    host, port = address(running.addresses["smtp"])
    sent: list[tuple[str, str]] = []
    with smtplib.SMTP(host, port, timeout=30) as door:
        for path in sorted(SAMPLES.glob("*.eml")):
            raw = path.read_bytes()
            head = BytesHeaderParser(policy=compat32).parsebytes(raw)
            sender = parseaddr(str(head.get("Return-Path", "")))[1]
            door.sendmail(sender, [running.settings.recipients[0]], raw)
            sent.append((path.name, str(head.get("Message-ID", "")).strip().strip("<>")))
    return sent


def wait(running: Running) -> None:
    """Until every kept mail is entered, or patience ends."""
    end = time.monotonic() + PATIENCE
    while running.book.counts().kept and time.monotonic() < end:
        time.sleep(0.1)


def login_link(running: Running) -> str:
    """The console's address with a one-time login link for the first account, which is made when missing."""
    if running.book.account(ACCOUNT) is None:
        running.book.create_account(ACCOUNT, None, ROLES)
    return f"http://{running.addresses['console']}/inloggen/{running.book.login_link(ACCOUNT)}"
