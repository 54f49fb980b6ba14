"""A page of the book: one transaction. What is written on it is all kept or all forgotten."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, Engine

from intake.message import Envelope, Message
from register import correcting, drafts, entering, events, guard, letters, lookup, mail
from register.dossier import Dossier
from register.law import Law
from register.outgoing import Dispatch, Outgoing, State, Wording
from register.sealing import Key
from register.treating import Treatment, open_by_hand
from triage.assessment import Assessment
from triage.decision import Decision, Known


@dataclass(frozen=True, slots=True)
class Page:
    """Handed out by `Book.begin()`; every method works inside that one transaction."""

    connection: Connection
    engine: Engine
    now: Callable[[], datetime]
    secret: str
    law: Law
    key: Key | None = None

    def treat(self, reference: str, account: str) -> Treatment:
        """The dossier, to be worked on by this person inside this page."""
        return Treatment(self.connection, reference.strip().upper(), account, self.now(), self.law, self.key)

    def open_by_hand(
        self,
        account: str,
        received: datetime,
        carriers: Iterable[str],
        *,
        sector: str = "",
        betrokkene: str = "onbekend",
    ) -> str:
        """A dossier for a complaint that came by letter, telephone or visit; its reference."""
        return open_by_hand(
            self.connection, account, received, self.law, carriers=carriers, sector=sector, betrokkene=betrokkene
        )

    def take(self, digest: str) -> tuple[bytes, Envelope] | None:
        """The kept mail, locked for this page; None when unknown or entered already, so that it happens once."""
        return mail.take(self.connection, digest)

    def known(self, message: Message, today: date) -> Known:
        """What the register knows of this mail's dossier and sender, up to and with `today`."""
        return lookup.known(self.connection, message, today, secret=self.secret)

    def enter(
        self, message: Message, assessment: Assessment, decision: Decision, known: Known | None = None
    ) -> Dossier | None:
        """Store the mail with its judgement and return its dossier, opened or added to; None for `negeren`.

        `known` is what this page said before; without it, it is looked up again.
        The mail must have been kept, and may be entered once: a second time raises `AlreadyEnteredError`.
        """
        if known is None:
            known = lookup.known(self.connection, message, decision.on, secret=self.secret)
        return entering.enter(self.connection, message, assessment, decision, known=known, law=self.law, key=self.key)

    def hear(self, message: Message) -> None:
        """Remember the words of an entered mail for the guard against loops."""
        guard.hear(self.connection, message)

    def brake(self, message: Message) -> str | None:
        """Why no letter may leave by itself in answer to this mail, in Dutch; None when nothing speaks against it."""
        return guard.brake(self.connection, message, self.now())

    def redecide(self, digest: str, assessment: Assessment, decision: Decision, account: str) -> Dossier | None:
        """Add a person's correction and what followed from it; what stood before stays readable.

        The mail moves to the dossier that the new decision asks for; letters that wait for release are withdrawn
        when outcome, letter or bodies changed, so that none leaves on a judgement that no longer stands.
        """
        if correcting.redecide(
            self.connection, digest, assessment, decision, account=account, law=self.law, key=self.key
        ):
            letters.withdraw_waiting(self.connection, digest, account, now=self.now())
        return entering.dossier_of(self.connection, digest)

    def shunt(self, digest: str, why: str, message: Message | None = None) -> Dossier | None:
        """Put a mail that could not be treated before a person: `beoordelen`, `vandaag`, with the clock running.

        `why` is for staff and never holds text of the mail. None when it was entered after all.
        """
        return entering.shunt(self.connection, digest, why, message, self.law, self.key)

    def settle(self, digest: str, account: str) -> None:
        """Take the mail off the list of open work: this person accepted or finished it."""
        correcting.settle(self.connection, digest, account)

    def reopen(self, digest: str, account: str) -> None:
        """Put the mail back on the list of open work."""
        correcting.reopen(self.connection, digest, account)

    def note(self, account: str, text: str, *, reference: str | None = None, digest: str | None = None) -> None:
        """Write a remark of a person on a dossier or a mail."""
        events.write(
            self.connection, events.line(events.NOTED, who=account, dossier=reference, digest=digest, tekst=text)
        )

    def note_read(self, account: str, digest: str = "", *, reference: str = "") -> None:
        """Keep who read which mail, or which dossier, and when."""
        events.write_reading(self.connection, account, digest, reference)

    # The law of the moment, the guard and the draft are no business of each other.
    def hold(
        self,
        reference: str | None,
        outgoing: Outgoing,
        *,
        released: bool,
        draft: bool = False,
        apart: timedelta = letters.APART,
    ) -> int:
        """Keep a letter and return its id; `released` ones are posted, the others wait for a person.

        `draft` marks a frame that staff must complete. A letter with a `held_because` is never released here.
        The same letter for the same mail is kept once: a second call returns the id of the first.
        """
        waits: State = "concept" if draft else "vastgehouden"
        state: State = "vrijgegeven" if released and not outgoing.held_because else waits
        return letters.hold(self.connection, reference, outgoing, state=state, now=self.now(), apart=apart)

    def revise(self, outgoing_id: int, account: str, words: Wording) -> None:
        """Change the wording of a letter that has not left; the former wording stays in the events."""
        letters.revise(self.connection, outgoing_id, account, words)

    def release(self, outgoing_id: int, account: str) -> None:
        """Let a held or failed letter leave, on this person's word; `LetterGoneError` once it left.

        What people typed and did not put in it is thrown away.
        """
        drafts.drop_all(self.connection, outgoing_id)
        letters.release(self.connection, outgoing_id, account, now=self.now())

    def withdraw(self, outgoing_id: int, account: str) -> None:
        """Take back a letter that has not left: it stays on file and is never posted."""
        letters.withdraw(self.connection, outgoing_id, account, now=self.now())

    def claim_outgoing(self, outgoing_id: int) -> Dispatch | None:
        """The released letter, locked for this page; None when it may not or need not be posted.

        The try is recorded at once, outside this page. A try that was begun and never ended is not repeated,
        since nobody can tell whether the letter left: it becomes `mislukt` and a person decides.
        """
        return letters.claim(self.connection, self.engine, outgoing_id, now=self.now())

    def sent(self, outgoing_id: int, message_id: str, *, copy: str = "", answer: str = "") -> None:
        """The relay took the letter: the dossier counts as acknowledged from now. `copy` is the mail as it left."""
        letters.sent(self.connection, outgoing_id, message_id, now=self.now(), law=self.law, copy=copy, answer=answer)

    def came_back(self, message: Message) -> tuple[int, ...]:
        """Show as failed the letters of ours that this mail reports undeliverable; their ids."""
        return letters.came_back(self.connection, message.reports)

    def failed(self, outgoing_id: int, why: str, *, permanent: bool) -> None:
        """The relay did not take it. Unless `permanent`, a later try is planned; after five days it is `mislukt`."""
        letters.failed(self.connection, outgoing_id, why, permanent=permanent, now=self.now())

    def reply_address(self, reference: str, mailbox: str) -> str:
        """The signed address on which an answer surely finds its dossier."""
        return lookup.reply_address(reference, mailbox, secret=self.secret)
