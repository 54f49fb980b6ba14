"""The story, in order: a mail is kept, parsed, assessed, decided, entered, answered and posted."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

import structlog

from intake.message import Message
from intake.parse import parse
from klachtwijzer.ruleset import InForce, Ruleset
from register.book import Book
from register.deadlines import day_of_receipt
from register.dossier import Dossier
from register.page import Page
from responder.compose import compose
from responder.post import post
from responder.relay import PermanentFailure, TemporaryFailure
from triage.assess import assess
from triage.assessment import Fact, Value
from triage.decide import decide
from triage.decision import Decision
from triage.explain import explain
from triage.rulebook import Rulebook

log = structlog.get_logger()


class UnknownMailError(LookupError):
    """No such mail or file is on record."""


class Story:
    """What happens to a mail once a door has kept it. Every step is one transaction, and may be tried again."""

    def __init__(
        self, book: Book, rules: Ruleset, *, mailbox: str, relay: str = "", now: Callable[[], datetime]
    ) -> None:
        self.book = book
        self.rules = rules
        self.mailbox = mailbox
        """The address we write from."""
        self.relay = relay
        self.now = now

    def triage(self, digest: str) -> None:
        """Parse, assess, decide, enter and answer a kept mail; nothing when that was done before."""
        rules = self.rules.now()
        with self.book.begin() as page:
            kept = page.take(digest)
            if kept is None:
                return
            message = parse(*kept)
            on = day_of_receipt(message.envelope.received)
            assessment = assess(message, rules.pipeline)
            known = page.known(message, on)
            decision = decide(assessment, rules.pipeline.rulebook, on, known)
            dossier = page.enter(message, assessment, decision, known)
            if dossier is not None:
                self._answer(page, message, decision, dossier, rules)
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

    def _answer(self, page: Page, message: Message, decision: Decision, dossier: Dossier, rules: InForce) -> None:
        """Compose the letter that goes with the decision and hold it; only what the policy allows leaves by itself."""
        reply = compose(
            message,
            decision,
            dossier,
            rules.letters,
            rules.pipeline.rulebook.bodies,
            on=decision.on,
            sender_address=self.mailbox,
            reply_address=page.reply_address(dossier.reference, self.mailbox),
        )
        if reply is not None:
            page.hold(dossier.reference, reply.outgoing(message.digest), released=reply.automatic)

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
                self._answer(page, message, decision, dossier, rules)
        return decision

    def why(self, digest: str) -> tuple[str, ...]:
        """The reasons of the decision in force, as sentences. Raises UnknownMailError."""
        record = self.book.record(digest)
        if record is None:
            raise UnknownMailError(digest)
        return explain(record.assessment, record.decision, self.rules.now().pipeline.rulebook)

    def post(self, outgoing: int) -> None:
        """Send a released letter through the relay. Without one it waits; a passing failure is tried again later."""
        if not self.relay:
            return
        with self.book.begin() as page:
            dispatch = page.claim_outgoing(outgoing)
            if dispatch is None:
                return
            try:
                sent = asyncio.run(post(dispatch.outgoing, self.relay, sent=self.now()))
            except TemporaryFailure as failure:
                page.failed(outgoing, str(failure), permanent=False)
            except PermanentFailure as failure:
                page.failed(outgoing, str(failure), permanent=True)
            else:
                page.sent(outgoing, sent.message_id)


def _expect_possible(name: str, value: Value, rulebook: Rulebook) -> None:
    """Raises ValueError for a fact or a value that the rules do not know: it would stay on file for ever."""
    kind = rulebook.facts.get(name)
    values = value if isinstance(value, tuple) else (value,)
    if kind is not None and (kind.type == "keuzes") == isinstance(value, tuple):
        truth = isinstance(value, bool)
        if truth if kind.type == "waar" else not truth and not (kind.waarden and set(values) - set(kind.waarden)):
            return
    raise ValueError(f"{name} cannot be {value!r}")
