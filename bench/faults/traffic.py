"""The mails that are sent, each until it is answered "250", and what a clerk does with the letters."""

import hashlib
import json
import random
import re
import smtplib
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import parseaddr
from itertools import count

import httpx
from sqlalchemy.exc import SQLAlchemyError

from bench.faults.scene import Scene
from bench.posting import OURS
from bench.running import ROOT
from console.pages import csrf_of
from console.wording import letter_version

SAMPLES = ROOT / "samples"
CONNECTIONS = 4
CLERK = "baliemedewerker"
_numbers, _turns = count(1), count()
LINES = [json.loads(line) for line in (SAMPLES / "verwacht.jsonl").read_text(encoding="utf-8").splitlines()]


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that was never sent before."""

    raw: bytes
    sender: str
    danger: bool
    """Whether a person must see it at once, by the expectation of its sample."""

    @property
    def digest(self) -> str:
        """As the register names it."""
        return hashlib.sha256(self.raw).hexdigest()


def mails(number: int) -> list[Mail]:
    """So many mails: the samples in turn, each time by another writer and with another Message-ID."""
    return [_made(LINES[next(_turns) % len(LINES)]) for _ in range(number)]


def _made(line: dict[str, object]) -> Mail:
    raw, turn = (SAMPLES / str(line["file"])).read_bytes(), f"{next(_numbers)}-{random.randrange(10**9)}"
    sender = parseaddr(str(BytesHeaderParser(policy=compat32).parsebytes(raw).get("Return-Path", "")))[1]
    raw = re.sub(rb"(?im)^(message-id: *<)", rb"\g<1>" + turn.encode() + b"-", raw, count=1)
    name, _, domain = sender.partition("@")
    other = f"{name}.{turn}@{domain}" if name else ""
    if other:
        raw = raw.replace(sender.encode(), other.encode())
    raw = re.sub(rb"\r?\n", b"\r\n", raw)
    return Mail(raw, other, line["uitkomst"] == "escaleren")


@dataclass(slots=True)
class Traffic:
    """Mails that are handed over by several connections until `stop`; safe to look at while they are."""

    scene: Scene
    per_second: float = 8.0
    sent: list[Mail] = field(default_factory=list)
    """Offered at least once."""
    accepted: list[Mail] = field(default_factory=list)
    """Answered "250"."""
    refused: int = 0
    """Times that the door said "not now"."""
    broken: int = 0
    """Times that there was no answer."""
    released: set[int] = field(default_factory=set)
    """Letters that the console said were released."""
    clerk: bool = True
    """Whether somebody releases letters."""
    _waiting: list[Mail] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> None:
        """Begins; the clerk logs in by a session of its own."""
        todo = [self._offer] + [self._hand_over] * CONNECTIONS
        if self.clerk and self.scene.consoles:
            book = self.scene.book
            book.create_account(CLERK, None, ["behandelaar"])
            session = book.open_session(CLERK, valid=timedelta(days=4000))
            threads = [threading.Thread(target=self._release, args=(session,), daemon=True)]
        else:
            threads = []
        self._threads = threads + [threading.Thread(target=one, daemon=True) for one in todo]
        for thread in self._threads:
            thread.start()

    def add(self, *more: Mail) -> None:
        """Offers these as well, as fast as the door takes them."""
        with self._lock:
            self._waiting += more

    def stop(self, *, within: float = 90.0) -> None:
        """No new mails; what was offered is offered until it is taken, or until the time is over."""
        self._over.set()
        end = time.monotonic() + within
        for thread in self._threads:
            thread.join(max(0.1, end - time.monotonic()))

    def _offer(self) -> None:
        while not self._over.wait(1 / self.per_second):
            self.add(*mails(1))

    def _next(self) -> Mail | None:
        with self._lock:
            return self._waiting.pop(0) if self._waiting else None

    def _hand_over(self) -> None:
        door: smtplib.SMTP | None = None
        while not self._over.is_set() or self._waiting:
            mail = self._next()
            if mail is None:
                time.sleep(0.02)
                continue
            if mail not in self.sent:
                self.sent.append(mail)
            try:
                door = door or smtplib.SMTP(*self.scene.smtp, timeout=20)
                door.sendmail(mail.sender, [OURS], mail.raw)
            except smtplib.SMTPResponseException:
                self.refused += 1
            except (OSError, smtplib.SMTPException):
                self.broken += 1
                door = None
            else:
                self.accepted.append(mail)
                continue
            # Nobody knows whether it was kept, so it is offered again, as every mail server would.
            self.add(mail)
            time.sleep(0.2)
        if door is not None:
            with suppress(OSError, smtplib.SMTPException):
                door.quit()

    def _release(self, session: str) -> None:
        """Looks at the work list and releases letters, through one console after another."""
        with httpx.Client(cookies={"zitting": session}, timeout=30, trust_env=False) as browser:
            while not self._over.wait(0.5):
                with suppress(httpx.HTTPError, SQLAlchemyError):
                    where = random.choice(self.scene.consoles)
                    browser.get(f"http://{where}/werkvoorraad")
                    waiting = self.scene.book.dispatches("vastgehouden", limit=5)
                    for letter in waiting:
                        given = {"bewijsje": csrf_of(session), "versie": letter_version(letter)}
                        answer = browser.post(f"http://{where}/brief/{letter.id}/vrijgeven", data=given)
                        if answer.status_code == 303:
                            self.released.add(letter.id)
