"""One IMAP connection: log in, see what is new, fetch it without marking it, move it away, wait for more."""

import imaplib
import re
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import MailboxFetchError, MailboxLoginError
from imap_tools.utils import check_command_status, encode_folder

from intake.oauth import Tokens

_TIMEOUT = 60.0
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_DATE = re.compile(rb'INTERNALDATE "[^"]*"')
# A line that comes in so soon after the other side hung up is no news but the end.
_INSTANT = 0.5


class LineBrokenError(ConnectionError):
    """The server hung up."""


@dataclass(frozen=True, slots=True)
class Account:
    """A mailbox and how it is reached."""

    host: str
    port: int
    user: str
    password: str
    folder: str
    security: Literal["tls", "starttls", "none"]
    done: str = ""
    """Folder to which mails go once they are kept; empty: they stay where they are."""

    @property
    def name(self) -> str:
        """What the mark in this mailbox is kept under."""
        return f"{self.user}@{self.host}:{self.port}/{self.folder}"


def account(url: str, done: str = "") -> Account:
    """The account of `imap[s]://user:password@host:port/folder`; raises ValueError, which never repeats the URL.

    `imaps` speaks TLS from the start; `imap` begins with STARTTLS, and goes without only on this very machine.
    """
    shape = "must look like imap[s]://user:password@host:port/folder"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError(shape) from None
    if parts.scheme not in ("imap", "imaps") or not host or not parts.username:
        raise ValueError(shape)
    plain: Literal["starttls", "none"] = "none" if host in _HERE else "starttls"
    return Account(
        host=host,
        port=port or (993 if parts.scheme == "imaps" else 143),
        user=unquote(parts.username),
        password=unquote(parts.password or ""),
        folder=unquote(parts.path.strip("/")) or "INBOX",
        security="tls" if parts.scheme == "imaps" else plain,
        done=done,
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """A mail in the mailbox, not fetched yet."""

    uid: int
    size: int
    """In bytes, as the server counts."""
    received: datetime | None
    """When the mailbox got it (INTERNALDATE), aware."""


class Line:
    """A connection with the folder selected. Every failure is an OSError, an imaplib or an imap-tools error."""

    def __init__(self, account: Account, tokens: Tokens | None, context: ssl.SSLContext | None = None) -> None:
        self._account = account
        self._box = _connected(account, context)
        try:
            _log_in(self._box, account, tokens)
            typ, told = self._box.client.capability()
            self._can = set(told[-1].decode("ascii", "replace").upper().split()) if typ == "OK" and told[-1] else set()
            self._box.client.capabilities = tuple(self._can)
            self._box.folder.set(account.folder)
            validity = self._box.client.response("UIDVALIDITY")[1]
            self.validity = int(validity[0]) if validity and validity[0] else 0
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Takes leave if that is still possible, and hangs up in any case."""
        try:
            self._box.client.logout()
        except (OSError, imaplib.IMAP4.error):
            self._box.client.shutdown()

    def new(self, after: int) -> list[int]:
        """The UIDs behind `after`, in order."""
        # "n:*" always names the last mail too, also when its number is smaller (RFC 3501 §6.4.8).
        return sorted(number for uid in self._box.uids(f"UID {after + 1}:*") if (number := int(uid)) > after)

    def listed(self, uids: Sequence[int]) -> list[Listed]:
        """Size and date of these mails, in order; those that are gone are left out."""
        found = []
        for told, _ in self._fetched(uids, "(UID RFC822.SIZE INTERNALDATE)"):
            uid, size = _UID.search(told), _SIZE.search(told)
            if uid and size:
                found.append(Listed(int(uid[1]), int(size[1]), _moment(told)))
        return sorted(found, key=lambda one: one.uid)

    def raw(self, uids: Sequence[int], most: int = 0) -> dict[int, bytes]:
        """The bytes of these mails, or their first `most` bytes; nothing is marked as read."""
        part = f"<0.{most}>" if most else ""
        found = {}
        for told, octets in self._fetched(uids, f"(UID BODY.PEEK[]{part})"):
            if (uid := _UID.search(told)) and octets is not None:
                found[int(uid[1])] = octets
        return found

    def _fetched(self, uids: Sequence[int], what: str) -> Iterator[tuple[bytes, bytes | None]]:
        answer = self._box.client.uid("FETCH", ",".join(map(str, uids)), what)
        check_command_status(answer, MailboxFetchError)
        waiting: tuple[bytes, bytes | None] | None = None
        for item in answer[1]:
            if isinstance(item, tuple):
                if waiting:
                    yield waiting
                waiting = item[0], item[1]
            elif isinstance(item, bytes):
                # Some servers tell the UID behind the words, so the end belongs to what stood before.
                told, octets = waiting or (b"", None)
                yield told + item, octets
                waiting = None
        if waiting:
            yield waiting

    def make_done(self) -> None:
        """Makes the folder for kept mails when it is missing."""
        if self._account.done and not self._box.folder.exists(self._account.done):
            self._box.folder.create(self._account.done)

    def move(self, uids: Sequence[int]) -> None:
        """Moves these mails, and these alone: what somebody else marked as deleted is never swept away."""
        if not uids or not self._account.done:
            return
        if "MOVE" in self._can:
            self._box.move([str(uid) for uid in uids], self._account.done)
            return
        numbers = ",".join(map(str, uids))
        there: Any = encode_folder(self._account.done)
        check_command_status(self._box.client.uid("COPY", numbers, there), MailboxFetchError)
        check_command_status(self._box.client.uid("STORE", numbers, "+FLAGS", r"(\Deleted)"), MailboxFetchError)
        if "UIDPLUS" in self._can:
            self._box.client.uid("EXPUNGE", numbers)

    def wait(self, seconds: float, every: float, halted: Callable[[float], bool]) -> None:
        """Until the server has news (IDLE, RFC 2177), or the time is over; `halted` waits a while and may end it.

        `every` is for servers without IDLE. Raises LineBrokenError when the server hung up.
        """
        if "IDLE" not in self._can:
            halted(every)
            self._box.client.noop()
            return
        self._box.idle.start()  # type: ignore[no-untyped-call]
        ends = time.monotonic() + seconds
        while not halted(0) and time.monotonic() < ends:
            begun = time.monotonic()
            news = self._box.idle.poll(timeout=1.0)
            if any(line.startswith(b"* BYE") for line in news) or (not news and time.monotonic() - begun < _INSTANT):
                raise LineBrokenError("the server hung up")
            if news:
                break
        self._box.idle.stop()  # type: ignore[no-untyped-call]


def _connected(account: Account, context: ssl.SSLContext | None) -> BaseMailBox:
    if account.security == "none":
        return MailBoxUnencrypted(account.host, account.port, timeout=_TIMEOUT)
    # imaplib's own context would believe any certificate.
    trust = context or ssl.create_default_context()
    kind = MailBox if account.security == "tls" else MailBoxStartTls
    return kind(account.host, account.port, timeout=_TIMEOUT, ssl_context=trust)


def _log_in(box: BaseMailBox, account: Account, tokens: Tokens | None) -> None:
    if tokens is None:
        login = box.login if account.password.isascii() and account.user.isascii() else box.login_utf8
        login(account.user, account.password, initial_folder=None)
        return
    try:
        box.xoauth2(account.user, tokens.token(), initial_folder=None)
    except (MailboxLoginError, imaplib.IMAP4.error):
        # A token may have been withdrawn before its time; the next try asks for a new one.
        tokens.token(fresh=True)
        raise


def _moment(told: bytes) -> datetime | None:
    found = _DATE.search(told)
    parts = imaplib.Internaldate2tuple(found[0]) if found else None
    return None if parts is None else datetime.fromtimestamp(time.mktime(parts), UTC)
