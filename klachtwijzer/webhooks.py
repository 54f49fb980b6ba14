"""Tells other programs what happened, outside the queue of mails: one that does not answer holds up no escalation."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from register import webhooks
from register.book import Book
from responder.call import SIGNATURE, CallError, call, signature

_MOST = 200
_EVERY = 2.0
_TIDIED_EVERY = 3600.0
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells what is due. Any number of processes may do so at the same time."""

    book: Book
    address: str = ""
    """Where people reach the console; empty: nothing told has a link."""
    inside: bool = False
    """Whether programs on our own network may be told."""

    async def run(self, stop: asyncio.Event) -> None:
        """Tell until `stop` is set. A database that goes away is waited for; what was under way is told again then."""
        stopping = asyncio.create_task(stop.wait())
        tidied = -_TIDIED_EVERY
        while not stop.is_set():
            try:
                await asyncio.to_thread(self.tell, stop.is_set)
                if time.monotonic() - tidied > _TIDIED_EVERY:
                    await asyncio.to_thread(self.forget)
                    tidied = time.monotonic()
            except Exception as trouble:
                log.warning("telling interrupted, it begins again", kind=type(trouble).__name__)
            await asyncio.wait({stopping}, timeout=_EVERY)
        stopping.cancel()

    def tell(self, stopped: Callable[[], bool] = lambda: False) -> int:
        """Tell what is due, the oldest first; how many were taken. Called every few seconds.

        Whoever did not answer once is left alone for this round, so that one program that is away does not keep the
        news from the others.
        """
        away: set[int] = set()
        taken = 0
        for _ in range(_MOST):
            told = None if stopped() else self._next(away)
            if told is None:
                break
            taken += told
        return taken

    def forget(self) -> None:
        """Remove what was told long ago."""
        with self.book.engine.begin() as connection:
            webhooks.forget(connection, self.book.now())

    def _next(self, away: set[int]) -> bool | None:
        """Tell one thing; whether it was taken, or None when nothing is due."""
        if self.book.key is None:
            return None
        with self.book.engine.begin() as connection:
            parcel = webhooks.claim(connection, self.book.now(), self.book.key, self.address, without=away)
            if parcel is None:
                return None
            headers = {SIGNATURE: signature(parcel.secret, parcel.body, int(time.time()))}
            try:
                status = call(parcel.url, parcel.body, headers, inside=self.inside)
            except CallError as trouble:
                away.add(parcel.webhook)
                over = webhooks.missed(connection, parcel, str(trouble), self.book.now())
                log.warning("webhook failed", webhook=parcel.webhook, tries=parcel.tries + 1, given_up=over)
                return False
            webhooks.arrived(connection, parcel, f"Antwoord {status}.", self.book.now())
            return True
