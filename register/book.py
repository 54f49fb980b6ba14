"""The book: everything on file, and the only way to write in it."""

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Engine

from intake.message import Envelope, Receipt
from register import accounts, clock, drafts, export, journal, letters, listing, mail, reading, report, retention
from register.accounts import Account
from register.clock import Due, Reckoning
from register.deadlines import day_of_receipt
from register.dossier import Event
from register.drafts import Draft, Onlooker
from register.journal import Head, Verdict
from register.law import Law, shipped
from register.listing import OPEN, Counts, Filter, Listing
from register.outgoing import Dispatch, State
from register.page import Page
from register.reading import File, Record
from register.report import ALL, Only, Period, Report
from register.sealing import Key


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Book:
    """One database, many pages. Safe to share between threads; holds no state but the engine."""

    def __init__(
        self,
        engine: Engine,
        *,
        now: Callable[[], datetime] = _utc_now,
        law: Law | None = None,
        key: Key | None = None,
    ) -> None:
        self.engine = engine
        self.now = now
        self.law = law or shipped()
        self.key = key
        """Opens what names a person; without it parties can be neither written nor read."""
        self._secret = ""
        self._proposed: date | None = None

    # Writing

    def keep(self, raw: bytes, envelope: Envelope) -> Receipt:
        """Make the mail durable together with its job, or raise; a known mail gets neither a row nor a job."""
        return self.keep_many([(raw, envelope)])[0]

    def keep_many(self, mails: Sequence[tuple[bytes, Envelope]]) -> list[Receipt]:
        """Make several mails durable in one commit; all or none. Receipts come in the order of the mails."""
        with self.engine.begin() as connection:
            return mail.keep(connection, mails)

    @contextmanager
    def begin(self) -> Iterator[Page]:
        """One transaction: committed at the end of the block, undone when an exception leaves it."""
        secret = self.secret
        with self.engine.begin() as connection:
            yield Page(connection, self.engine, self.now, secret, self.law, self.key)

    @property
    def secret(self) -> str:
        """The key that signs reply addresses; made once per database."""
        if not self._secret:
            with self.engine.begin() as connection:
                self._secret = mail.setting(connection, "antwoordadres", lambda: secrets.token_hex(32))
        return self._secret

    def sweep(self, *, older_than: timedelta = timedelta(minutes=2), posting: bool = True) -> int:
        """Defer again what was kept, never entered and has no job (with `posting` released letters too); how many."""
        with self.engine.begin() as connection:
            taken_up = mail.sweep(connection, older_than=older_than)
            taken_up += letters.sweep(connection, older_than=older_than) if posting else 0
        self.upkeep()
        return taken_up

    def upkeep(self) -> None:
        """Chain the journal, sum up the tallies, and propose what is to be erased; cheap when idle."""
        with self.engine.begin() as connection:
            journal.seal(connection)
        with self.engine.begin() as connection:
            report.fold(connection)
            # What is over its time today was not so yesterday, and stays so until tomorrow.
            if (today := day_of_receipt(self.now())) != self._proposed:
                retention.propose(connection, self.law, today)
                self._proposed = today

    # Reading

    def items(self, chosen: Filter = OPEN, *, after: str | None = None, limit: int = 50) -> Listing:
        """A page of the work list: `nu` before `vandaag` before `gewoon`, then by due date, then by receipt.

        `after` is the `next` of the page before; a value that is none raises ValueError.
        """
        with self.engine.connect() as connection:
            return listing.items(connection, chosen, after=after, limit=limit)

    def counts(self) -> Counts:
        """How much is open, late, held, failed or waiting to be understood."""
        with self.engine.connect() as connection:
            return listing.counts(connection, self.now())

    def record(self, digest: str) -> Record | None:
        """Everything on one mail: message, judgements, letters and events; None when it was never entered."""
        with self.engine.connect() as connection:
            return reading.record(connection, digest)

    def file(self, reference: str) -> File | None:
        """Everything on one dossier; None when there is none of that reference (any case)."""
        with self.engine.connect() as connection:
            return reading.file(connection, reference)

    def dues(self, *, handler: str | None = None, within: int = 14) -> tuple[Due, ...]:
        """Terms that are late or end within so many days, of all dossiers or of one handler; the latest first."""
        with self.engine.connect() as connection:
            return clock.dues(connection, day_of_receipt(self.now()), self.law, handler=handler, within=within)

    def calendar(self, handler: str) -> bytes:
        """The terms of a handler for three months as an iCalendar feed; references and days, no names."""
        return clock.feed(self.dues(handler=handler, within=92), self.now())

    def reckoning(self, reference: str) -> Reckoning | None:
        """The dates of a dossier with their reasons (`waarom deze datum`); None when no term runs."""
        with self.engine.connect() as connection:
            return clock.reckoning(connection, reference, self.law)

    def report(self, period: Period, only: Only = ALL) -> Report:
        """The yearly report of a period, with the sums that do not hold."""
        with self.engine.connect() as connection:
            return report.yearly(connection, period, self.law, only)

    def verify_journal(self, noted: Head | None = None) -> Verdict:
        """Whether the journal is as it was written; `noted` is an end of its chain that was kept elsewhere."""
        with self.engine.begin() as connection:
            return journal.verify(connection, noted=noted)

    def raw(self, digest: str) -> bytes | None:
        """The mail as it came in, byte for byte."""
        with self.engine.connect() as connection:
            return mail.raw(connection, digest)

    def dispatches(self, *states: State, limit: int = 200) -> list[Dispatch]:
        """Letters in any of these states (all when none is named), newest first."""
        with self.engine.connect() as connection:
            return letters.listed(connection, states, limit=limit)

    def dispatch(self, outgoing_id: int) -> Dispatch | None:
        """One letter with its state."""
        with self.engine.connect() as connection:
            return letters.one(connection, outgoing_id)

    def drafts(self, digest: str) -> tuple[Draft, ...]:
        """What people typed at a mail's letters and notes and did not put there yet, the latest first."""
        with self.engine.connect() as connection:
            return drafts.of_mail(connection, digest)

    def onlookers(self, digest: str, *, within: timedelta = timedelta(minutes=10)) -> tuple[Onlooker, ...]:
        """Who opened the mail no longer ago than that, the latest first."""
        with self.engine.connect() as connection:
            return drafts.looking(connection, digest, now=self.now(), within=within)

    def events(self, *, digest: str | None = None, reference: str | None = None) -> list[Event]:
        """What happened to a mail or a dossier, oldest first."""
        with self.engine.connect() as connection:
            return reading.events(connection, digest=digest, reference=reference)

    def export(self) -> Iterator[dict[str, object]]:
        """One mapping a message, in order of receipt, with the keys of `export --json`."""
        with self.engine.connect() as connection:
            yield from export.lines(connection)

    def reply_address(self, reference: str, mailbox: str) -> str:
        """The signed address on which an answer surely finds its dossier."""
        with self.begin() as page:
            return page.reply_address(reference, mailbox)

    # People

    def create_account(self, name: str, password: str | None, roles: Iterable[str]) -> Account:
        """A new account, with a password or (None) with login links alone; a name in use raises `NameTakenError`."""
        with self.engine.begin() as connection:
            return accounts.create(connection, name, password, roles)

    def account(self, name: str) -> Account | None:
        """The account of that name, or None."""
        with self.engine.connect() as connection:
            return accounts.find(connection, name)

    def verify(self, name: str, password: str) -> Account | None:
        """The account when name and password fit and it is not locked; five misses lock it for fifteen minutes."""
        with self.engine.begin() as connection:
            return accounts.verify(connection, name, password, self.now())

    def login_link(self, name: str, *, valid: timedelta = timedelta(hours=1)) -> str:
        """A token that opens one session for this account, once, until it expires. Only its hash is kept."""
        with self.engine.begin() as connection:
            return accounts.login_link(connection, name, self.now() + valid)

    def redeem(self, token: str) -> Account | None:
        """The account of a login link, which is then used up; None when used, expired or unknown."""
        with self.engine.begin() as connection:
            return accounts.redeem(connection, token, self.now())

    def open_session(self, name: str, *, valid: timedelta = timedelta(hours=12)) -> str:
        """A session token for this account. Only its hash is kept."""
        with self.engine.begin() as connection:
            return accounts.open_session(connection, name, self.now() + valid)

    def session(self, token: str) -> Account | None:
        """The account behind a session token that has not ended or expired."""
        with self.engine.connect() as connection:
            return accounts.session(connection, token, self.now())

    def close_session(self, token: str) -> None:
        """End a session; an unknown token is no mistake."""
        with self.engine.begin() as connection:
            accounts.close_session(connection, token, self.now())
