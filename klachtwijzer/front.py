"""What the pages ask for, answered by the story and the register."""

from collections.abc import Mapping

from fastapi import FastAPI

from console.accounts.entry import Entry
from console.chat.app import public
from console.desk import Glossary, glossary
from console.staff import staff
from klachtwijzer.conversation import Conversations
from klachtwijzer.programs import ForPrograms
from klachtwijzer.ruleset import Ruleset
from klachtwijzer.story import Story
from klachtwijzer.workshop import Workbench
from register.book import Book
from register.recall import recall
from responder.letter import Letters
from triage.assessment import Value
from triage.mistakes import RulebookError
from triage.shapes import Body


class Front:
    """The desk behind both applications; it records and passes on, and decides nothing."""

    def __init__(
        self, book: Book, story: Story, rules: Ruleset, *, secure: bool = False, entry: Entry | None = None
    ) -> None:
        self.book, self.story, self.rules, self.secure, self.entry = book, story, rules, secure, entry

    def staff(self, *, largest: int = 35_000_000) -> FastAPI:
        """The staff console and the API, which takes mails of so many bytes."""
        versions, story = self.rules.versions, self.story
        bench = Workbench(self.rules, versions, mailbox=story.mailbox, now=story.now) if versions else None
        programs = ForPrograms(self.rules, mailbox=story.mailbox, largest=largest, now=story.now)
        return staff(self.book, self, self.secure, bench, entry=self.entry, programs=programs)

    def public(self) -> FastAPI:
        """The pages for complainants, with no session in common with the console."""
        return public(self.book, Conversations(self.book, self.story, self.rules), self.secure)

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

    def bodies(self) -> Mapping[str, Body]:
        """The other bodies that letters may name."""
        return self.rules.now().pipeline.rulebook.bodies

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
