"""The story, in order: a mail is kept, parsed, assessed, decided, entered, answered and posted."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from intake.parse import parse
from klachtwijzer.replay import sentences
from klachtwijzer.ruleset import InForce, Ruleset
from klachtwijzer.said import Judged
from klachtwijzer.shadow import look_on
from register.book import Book
from register.deadlines import day_of_receipt
from register.dossier import Dossier
from register.page import Page
from responder.compose import compose
from responder.delivery import deliver
from responder.reply import Reply
from responder.seal import Seal
from triage.assess import assess
from triage.assessment import Fact, Value
from triage.decide import decide
from triage.decision import Decision
from triage.rulebook import Rulebook

log = structlog.get_logger()

UNREADABLE = "Het bericht kon niet gelezen worden. Het staat hier zoals het binnenkwam."


class UnknownMailError(LookupError):
    """No such mail or file is on record."""


class Story:
    """What happens to a mail once a door has kept it. Every step is one transaction, and may be tried again."""

    # Where letters go and what signs them is for the operator, one thing at a time.
    def __init__(  # noqa: PLR0913
        self,
        book: Book,
        rules: Ruleset,
        *,
        mailbox: str,
        relay: str = "",
        seal: Seal | None = None,
        scanner: str = "",
        now: Callable[[], datetime],
    ) -> None:
        self.book = book
        self.rules = rules
        self.mailbox = mailbox
        """The address we write from."""
        self.relay = relay
        self.seal = seal
        self.scanner = scanner
        """The clamd that looks at every mail; empty asks none."""
        self.now = now

    def triage(self, digest: str) -> None:
        """Parse, assess, decide, enter and answer a kept mail; nothing when that was done before."""
        rules = self.rules.now()
        with self.book.begin() as page:
            kept = page.take(digest)
            if kept is None:
                return
            message = parse(*kept, scanner=self.scanner)
            if message.unreadable:
                page.shunt(digest, UNREADABLE, message)
                return
            on = day_of_receipt(message.envelope.received)
            assessment = assess(message, rules.pipeline)
            known = page.known(message, on)
            decision = decide(assessment, rules.pipeline.rulebook, on, known)
            dossier = page.enter(message, assessment, decision, known)
            page.hear(message)
            page.came_back(message)
            if dossier is not None:
                self._answer(page, Judged(message, assessment, decision), dossier, rules)
        look_on(self.rules, rules, message, assessment, decision)
        log.info(
            "mail entered",
            digest=digest[:12],
            uitkomst=decision.uitkomst,
            dringendheid=decision.dringendheid,
            referentie=dossier.reference if dossier else None,
        )

    def shunt(self, digest: str, why: str) -> None:
        """Put a mail before a person that could not be treated after several tries: silence is never an answer."""
        with self.book.begin() as page:
            dossier = page.shunt(digest, why)
        log.error("mail shunted", digest=digest[:12], why=why, referentie=dossier.reference if dossier else None)

    def _answer(self, page: Page, judged: Judged, dossier: Dossier, rules: InForce) -> None:
        """Compose the letter that goes with the decision and hold it; only what the policy allows leaves by itself."""
        message, reply = judged.message, self._compose(page, judged, dossier, rules)
        if reply is None:
            return
        if reply.automatic and (why := page.brake(message)):
            # The letter stays, and says why, so that a person can let it leave.
            log.warning("letter held by the guard against loops", digest=message.digest[:12])
            reply = replace(reply, automatic=False, held_because=why)
        apart = timedelta(days=rules.pipeline.rulebook.settings.brief_tussentijd_dagen)
        page.hold(dossier.reference, reply.outgoing(message.digest), released=reply.automatic, apart=apart)

    def write(self, digest: str, letter: str) -> int | None:
        """Hold the letter that a person asked for as an answer to this mail; its id, or None when nobody gets one.

        Raises UnknownMailError, or UnknownLetterError for a letter that does not exist.
        """
        record = self.book.record(digest)
        if record is None or record.dossier is None:
            raise UnknownMailError(digest)
        rules = self.rules.now()
        with self.book.begin() as page:
            judged = Judged(record.message, record.assessment, record.decision)
            reply = self._compose(page, judged, record.dossier, rules, chosen=letter)
            if reply is None:
                return None
            return page.hold(record.dossier.reference, reply.outgoing(digest), released=False)

    def _compose(
        self, page: Page, judged: Judged, dossier: Dossier, rules: InForce, *, chosen: str = ""
    ) -> Reply | None:
        return compose(
            judged.message,
            judged.decision,
            dossier,
            rules.letters,
            rules.pipeline.rulebook.bodies,
            on=day_of_receipt(self.now()),
            sender_address=self.mailbox,
            reply_address=page.reply_address(dossier.reference, self.mailbox),
            assessment=judged.assessment,
            chosen=chosen,
            law=self.book.law,
        )

    def correct(self, digest: str, field: str, value: Value, account: str) -> Decision:
        """A person's fact: it wins over every rule; the mail is decided again and its letter written anew.

        Raises UnknownMailError, or ValueError when the value is not one of the policy's.
        """
        return self.correct_all(digest, {field: value}, account)

    def correct_all(self, digest: str, fields: Mapping[str, Value], account: str) -> Decision:
        """Several facts of one person in one judgement; see `correct`."""
        record = self.book.record(digest)
        if record is None:
            raise UnknownMailError(digest)
        rules = self.rules.now()
        for name, value in fields.items():
            _expect_possible(name, value, rules.pipeline.rulebook)
        said = {name: Fact(value, 1.0, f"persoon:{account}") for name, value in fields.items()}
        assessment = replace(record.assessment, facts={**record.assessment.facts, **said})
        message = record.message
        on = day_of_receipt(message.envelope.received)
        with self.book.begin() as page:
            decision = decide(assessment, rules.pipeline.rulebook, on, page.known(message, on))
            dossier = page.redecide(digest, assessment, decision, account)
            if dossier is not None:
                self._answer(page, Judged(message, assessment, decision), dossier, rules)
        return decision

    def undo(self, digest: str, account: str) -> Decision:
        """Put back the judgement before this person's last one, which stays on file; its letter waits for a person.

        Raises UnknownMailError when there is no such mail, or the judgement in force is not a correction of theirs.
        """
        record = self.book.record(digest)
        if record is None or len(record.judgements) < 2 or record.judgements[-1].who != account:
            raise UnknownMailError(digest)
        former = record.judgements[-2]
        # Nothing leaves by itself because somebody changed their mind.
        calm = replace(former.decision, automatisch=False)
        with self.book.begin() as page:
            dossier = page.redecide(digest, former.assessment, former.decision, account)
            if dossier is not None:
                self._answer(page, Judged(record.message, former.assessment, calm), dossier, self.rules.now())
        return former.decision

    def why(self, digest: str) -> tuple[str, ...]:
        """The reasons of the decision in force, as sentences. Raises UnknownMailError."""
        record = self.book.record(digest)
        if record is None:
            raise UnknownMailError(digest)
        return tuple(sentences(record, self.rules, erased=self.book.raw(digest) == b""))

    def post(self, outgoing: int) -> None:
        """Send a released letter through the relay. Without one it waits; a passing failure is tried again later."""
        if not self.relay:
            return
        deliver(self.book.begin, outgoing, self.relay, now=self.now, seal=self.seal)


def _expect_possible(name: str, value: Value, rulebook: Rulebook) -> None:
    """Raises ValueError for a fact or a value that the rules do not know: it would stay on file for ever."""
    kind = rulebook.facts.get(name)
    values = value if isinstance(value, tuple) else (value,)
    if kind is not None and (kind.type == "keuzes") == isinstance(value, tuple):
        truth = isinstance(value, bool)
        if truth if kind.type == "waar" else not truth and not (kind.waarden and set(values) - set(kind.waarden)):
            return
    raise ValueError(f"{name} cannot be {value!r}")
