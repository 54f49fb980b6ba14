"""The IMAP door: keeps what comes into a mailbox, in order, and remembers how far it came."""

import asyncio
import imaplib
import logging
import random
import ssl
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from imap_tools.errors import ImapToolsError, MailboxLoginError

from intake.arrival import arrival
from intake.mailbox import Account, Line, LineBrokenError, Listed
from intake.message import Envelope, Keep, Receipt
from intake.oauth import TokenError, Tokens

_log = logging.getLogger("klachtwijzer.intake.imap")

_MOST_MAILS = 100
_MOST_BYTES = 16_000_000
# Of a mail that is too large so much is read that the words in front, and mostly all words, come along.
_SHOWN_BYTES = 1_000_000
_TRIES = 3
_IDLE_SECONDS = 540.0
_LONGEST_PAUSE = 300.0
_REFUSED_PAUSE = 60.0


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a mailbox was read: every UID up to `uid` is kept, as long as UIDVALIDITY stays the same."""

    validity: int
    uid: int


class Marks(Protocol):
    """Where marks are remembered; called from another thread than the event loop's."""

    def read(self, mailbox: str) -> Mark | None:
        """The mark of this mailbox, or None."""

    def advance(self, mailbox: str, mark: Mark) -> None:
        """Remember this mark, unless a farther one of the same validity is known."""

    def note(self, digest: str, words: str) -> None:
        """Write a remark for staff on a mail, once."""


class ImapDoor:
    """Keeps every mail of one folder, once, and goes on where it stopped.

    A mail counts as taken when `keep` returned; then it is moved to the account's `done` folder, if there is one, and
    the mark moves on. So a crash fetches a mail again and never skips one, and a second poller of the same mailbox does
    no harm: a known mail is known. A mail above `size_limit` bytes is kept with its first part and stays in its place.
    """

    def __init__(  # noqa: PLR0913 - a door has this many settings, and each is named by its caller.
        self,
        keep: Keep,
        marks: Marks,
        account: Account,
        *,
        size_limit: int,
        tokens: Tokens | None = None,
        context: ssl.SSLContext | None = None,
        every_seconds: float = 60.0,
        first_pause: float = 1.0,
    ) -> None:
        self._keep = keep
        self._marks = marks
        self._account = account
        self._size_limit = size_limit
        self._tokens = tokens
        self._context = context
        self._every = every_seconds
        self._first_pause = first_pause
        self._halt = threading.Event()
        self._failures = 0
        self._stuck: Counter[int] = Counter()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Reads and waits until `stop` is set; whatever goes wrong is tried again after a pause that grows."""
        self._loop = asyncio.get_running_loop()
        self._halt.clear()
        reading = asyncio.create_task(asyncio.to_thread(self._read_on))
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({reading, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._halt.set()
            stopping.cancel()
            await reading

    def _read_on(self) -> None:
        while not self._halt.is_set():
            try:
                line = Line(self._account, self._tokens, self._context)
                try:
                    self._attend(line)
                finally:
                    line.close()
            except Exception as trouble:
                # The register may be away as well as the mailbox, so the guard is wide; the mark did not move.
                self._failures += 1
                self._told(trouble)
                self._halt.wait(self._pause(refused=isinstance(trouble, MailboxLoginError | TokenError)))

    def _told(self, trouble: Exception) -> None:
        known = isinstance(trouble, OSError | imaplib.IMAP4.error | ImapToolsError | TokenError)
        # Servers put words of mails into their answers, so only the kind of trouble is told.
        said = f"{type(trouble).__name__}{f': {trouble}' if isinstance(trouble, TokenError) else ''}"
        (_log.warning if known else _log.error)("mailbox not read, try %d: %s", self._failures, said)

    def _pause(self, *, refused: bool) -> float:
        grown: float = min(_LONGEST_PAUSE, self._first_pause * 2 ** min(self._failures - 1, 10))
        # Servers lock who knocks too often with a wrong key.
        least = min(_REFUSED_PAUSE, self._first_pause * 60) if refused else 0.0
        return max(grown, least) * random.uniform(0.75, 1.25)  # noqa: S311 - only spreads the tries.

    def _attend(self, line: Line) -> None:
        try:
            line.make_done()
        except ImapToolsError as trouble:
            _log.error("folder for kept mails not made: %s", type(trouble).__name__)
        while not self._halt.is_set():
            mark = self._marks.read(self._account.name)
            if mark is None or mark.validity != line.validity:
                _log.warning("mailbox read from its beginning")
                mark = Mark(line.validity, 0)
            for batch in _batches(line.new(mark.uid), _MOST_MAILS):
                if self._halt.is_set():
                    return
                self._take(line, batch)
            self._failures = 0
            line.wait(_IDLE_SECONDS, self._every, self._halt.wait)

    def _take(self, line: Line, uids: Sequence[int]) -> None:
        """Keep these mails, then move them, then remember that."""
        taken: list[int] = []
        for batch in self._portions(line.listed(uids)):
            taken += self._keep_all(line, batch)
        try:
            line.move(taken)
        except ImapToolsError as trouble:
            # The mails are safe; that they lie in the wrong place must not stop the next ones.
            _log.error("kept mails not moved: %s", type(trouble).__name__)
        self._marks.advance(self._account.name, Mark(line.validity, uids[-1]))
        for uid in uids:
            self._stuck.pop(uid, None)

    def _portions(self, listed: Sequence[Listed]) -> Iterator[list[Listed]]:
        """Mails that can be fetched together; one that made trouble before comes alone."""
        portion: list[Listed] = []
        for one in listed:
            alone = one.size > self._size_limit or self._stuck[one.uid]
            if portion and (alone or sum(other.size for other in portion) + one.size > _MOST_BYTES):
                yield portion
                portion = []
            portion.append(one)
            if alone:
                yield portion
                portion = []
        if portion:
            yield portion

    def _keep_all(self, line: Line, portion: Sequence[Listed]) -> list[int]:
        """The UIDs of the mails that are now kept whole."""
        large = portion[0].size > self._size_limit
        try:
            raws = self._fetched(line, portion, large=large)
        except Exception:
            self._stuck.update(one.uid for one in portion)
            raise
        found = [one for one in portion if one.uid in raws]
        envelopes = [arrival(raws[one.uid], "imap", now=datetime.now(UTC), received=one.received) for one in found]
        receipts = self._kept([(raws[one.uid], envelope) for one, envelope in zip(found, envelopes, strict=True)])
        whole = []
        for one, receipt in zip(found, receipts, strict=True):
            if large or self._stuck[one.uid] >= _TRIES:
                self._marks.note(receipt.digest, self._remark(one, large=large))
            else:
                whole.append(one.uid)
        return whole

    def _fetched(self, line: Line, portion: Sequence[Listed], *, large: bool) -> dict[int, bytes]:
        first = portion[0]
        if self._stuck[first.uid] >= _TRIES:
            return {first.uid: self._stand_in(first)}
        uids = [one.uid for one in portion]
        raws = line.raw(uids, min(_SHOWN_BYTES, self._size_limit) if large else 0)
        # What another program moved meanwhile is no longer listed; what is listed and not given out is not skipped.
        missing = [uid for uid in uids if uid not in raws]
        if missing and line.listed(missing):
            raise LineBrokenError("a mail that is listed was not given out")
        return raws

    def _kept(self, mails: Sequence[tuple[bytes, Envelope]]) -> list[Receipt]:
        assert self._loop is not None

        async def together() -> list[Receipt]:
            return list(await asyncio.gather(*(self._keep(raw, envelope) for raw, envelope in mails)))

        return asyncio.run_coroutine_threadsafe(together(), self._loop).result()

    def _stand_in(self, one: Listed) -> bytes:
        """A mail in place of one that the server does not give out, so that somebody looks; the same each time."""
        lines = (
            f"From: {self._account.user}",
            f"Message-ID: <onleesbaar-{one.uid}.{self._account.port}@{self._account.host}>",
            "Subject: Een bericht in de mailbox kan niet gelezen worden",
            "Content-Type: text/plain; charset=utf-8",
            "",
            self._remark(one, large=False),
        )
        return "\r\n".join((*lines, "")).encode()

    def _remark(self, one: Listed, *, large: bool) -> str:
        place = f"Het staat nog in de mailbox {self._account.user}, map {self._account.folder} (UID {one.uid})."
        if large:
            return (
                f"Dit bericht is te groot ({one.size / 1e6:.1f} MB): alleen het begin werd gelezen, "
                f"bijlagen kunnen ontbreken. {place}"
            )
        return f"De mailserver geeft dit bericht van {one.size} bytes niet vrij. {place}"


def _batches(uids: Sequence[int], most: int) -> Iterator[Sequence[int]]:
    return (uids[at : at + most] for at in range(0, len(uids), most))
