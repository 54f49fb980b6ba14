"""Many doors, one commit: what arrives while the disk is busy shares the next write."""

import asyncio
import queue
import threading
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy.exc import DataError, IntegrityError

from intake.message import Envelope, Receipt
from register.book import Book

_MOST_MAILS = 200
_MOST_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Waiting:
    raw: bytes
    envelope: Envelope
    loop: asyncio.AbstractEventLoop
    answer: asyncio.Future[Receipt]


class GroupCommit:
    """An `intake.message.Keep`: awaiting it returns once the mail is durable, and raises when it is not.

    One thread writes. It never waits for company: under load the mails that came during one commit share the next.
    """

    def __init__(self, book: Book) -> None:
        self._book = book
        self._waiting: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._closed = False
        self._writer = threading.Thread(target=self._write, name="groupcommit", daemon=True)
        self._writer.start()

    async def __call__(self, raw: bytes, envelope: Envelope) -> Receipt:
        """Keep this mail; the promise of `Book.keep`."""
        if self._closed:
            raise RuntimeError("the register is closing")
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Receipt] = loop.create_future()
        self._waiting.put(_Waiting(raw, envelope, loop, answer))
        return await answer

    def close(self) -> None:
        """Write what still waits, then stop; call it when the doors are shut."""
        if not self._closed:
            self._closed = True
            self._waiting.put(None)
            self._writer.join()

    def _write(self) -> None:
        open_ = True
        while open_:
            batch, open_ = self._gather()
            if batch:
                self._keep(batch)
        # A door that was still shutting when the writer stopped gets its refusal, never silence.
        while not self._waiting.empty():
            if (late := self._waiting.get()) is not None:
                _tell(late, RuntimeError("the register is closed"))

    def _gather(self) -> tuple[list[_Waiting], bool]:
        first = self._waiting.get()
        if first is None:
            return [], False
        batch, size = [first], len(first.raw)
        while len(batch) < _MOST_MAILS and size < _MOST_BYTES:
            try:
                following = self._waiting.get_nowait()
            except queue.Empty:
                break
            if following is None:
                return batch, False
            batch.append(following)
            size += len(following.raw)
        return batch, True

    def _keep(self, batch: list[_Waiting]) -> None:
        try:
            receipts = self._book.keep_many([(mail.raw, mail.envelope) for mail in batch])
        except (DataError, IntegrityError) as problem:
            # One mail that the database refuses must not cost the others their place.
            if len(batch) == 1:
                _tell(batch[0], problem)
            else:
                for mail in batch:
                    self._keep([mail])
        except Exception as problem:
            for mail in batch:
                _tell(mail, problem)
        else:
            for mail, receipt in zip(batch, receipts, strict=True):
                _tell(mail, receipt)


def _tell(mail: _Waiting, outcome: Receipt | Exception) -> None:
    def settle() -> None:
        # A session that hung up meanwhile has cancelled its wait; the mail is kept all the same.
        if mail.answer.done():
            return
        if isinstance(outcome, Receipt):
            mail.answer.set_result(outcome)
        else:
            mail.answer.set_exception(outcome)

    # A loop that was closed has nobody left to tell.
    with suppress(RuntimeError):
        mail.loop.call_soon_threadsafe(settle)
