"""What the pages ask for, answered by the story and the register."""

import time
from collections.abc import Sequence
from datetime import date

from fastapi import FastAPI

from console.desk import Answer, Glossary, Signpost, glossary
from console.public import public
from console.staff import staff
from intake.chat import Turn, compose
from klachtwijzer.ruleset import Ruleset
from klachtwijzer.story import Story
from klachtwijzer.workshop import Workbench
from register.book import Book
from register.reading import Record
from register.recall import recall
from responder.choose import referred
from responder.letter import Letters
from triage.assessment import Value
from triage.mistakes import RulebookError
from triage.vocabulary import ACUUT

# A worker takes milliseconds; when none runs, the person is told that the story is kept.
PATIENCE = 8.0
LOOK_EVERY = 0.1


class Front:
    """The desk behind both applications; it records and passes on, and decides nothing."""

    def __init__(self, book: Book, story: Story, rules: Ruleset, *, secure: bool = False) -> None:
        self.book, self.story, self.rules, self.secure = book, story, rules, secure

    def staff(self) -> FastAPI:
        """The staff console."""
        versions, story = self.rules.versions, self.story
        bench = Workbench(self.rules, versions, mailbox=story.mailbox, now=story.now) if versions else None
        return staff(self.book, self, self.secure, bench)

    def public(self) -> FastAPI:
        """The public page, with no session in common with the console."""
        return public(self, self.secure)

    def correct(self, digest: str, field: str, value: Value, account: str) -> object:
        """Record what this person knows better, and decide again."""
        return self.story.correct(digest, field, value, account)

    def accept(self, digest: str, account: str) -> None:
        """This person agrees with the whole proposal."""
        with self.book.begin() as page:
            page.settle(digest, account)

    def release(self, outgoing_id: int, account: str) -> None:
        """Let a waiting letter leave on this person's word."""
        with self.book.begin() as page:
            page.release(outgoing_id, account)

    def hold(self, outgoing_id: int, account: str) -> None:
        """Keep a released letter back, if it has not left yet."""
        with self.book.begin() as page:
            recall(page.connection, outgoing_id, account)

    def undo(self, digest: str, account: str) -> object:
        """Put back the judgement before this person's last one."""
        return self.story.undo(digest, account)

    def letters(self) -> Letters:
        """The letters in force."""
        return self.rules.now().letters

    def write(self, digest: str, letter: str) -> int | None:
        """Lay this letter ready as an answer to the mail."""
        return self.story.write(digest, letter)

    def explain(self, digest: str) -> tuple[str, ...]:
        """Why the decision in force is what it is."""
        return self.story.why(digest)

    def rules_state(self) -> str | None:
        """What is wrong with the rules on disk, or None when they are in force."""
        try:
            self.rules.now()
        except RulebookError:
            return self.rules.trouble
        return self.rules.trouble

    def glossary(self) -> Glossary:
        """The words of the rulebook in force."""
        return glossary(self.rules.now().pipeline.rulebook)

    def submit(self, turns: Sequence[Turn], *, conversation: str, name: str, address: str) -> Answer:
        """Keep a citizen's story as one message, wait a moment for the worker, and say what came of it."""
        raw, envelope = compose(
            turns, conversation=conversation, recipient=self.story.mailbox, name=name, address=address
        )
        digest = self.book.keep(raw, envelope).digest
        end = time.monotonic() + PATIENCE
        while (record := self.book.record(digest)) is None and time.monotonic() < end:
            time.sleep(LOOK_EVERY)
        return Answer(None, "") if record is None else self._answer(record)

    def _answer(self, record: Record) -> Answer:
        decision, dossier = record.decision, record.dossier
        danger = decision.uitkomst == "escaleren" or bool(ACUUT & set(decision.gevaar))
        return Answer(
            reference=dossier.reference if dossier else None,
            uitkomst=decision.uitkomst,
            danger=danger,
            acknowledge_by=dossier.due_ack if dossier else None,
            answer_by=self._answer_by(record),
            bodies=() if danger else self._signposts(referred(decision)),
            missing=decision.ontbreekt,
        )

    @staticmethod
    def _answer_by(record: Record) -> date | None:
        return record.dossier.due_answer if record.dossier else None

    def _signposts(self, ids: Sequence[str]) -> tuple[Signpost, ...]:
        bodies = self.rules.now().pipeline.rulebook.bodies
        known = [bodies[one] for one in ids if one in bodies]
        return tuple(Signpost(body.naam, body.wat, body.checked) for body in known if body.checked)
