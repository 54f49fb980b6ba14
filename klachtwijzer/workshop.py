"""What the console's pages for rule maintainers ask for, answered by the rules, the folder and the register."""

import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from console.workbench.workshop import Disk, Rules, Tried
from intake.message import Message
from klachtwijzer import exchange
from klachtwijzer.labelled import BRUSSELS
from klachtwijzer.rehearsal import spoken
from klachtwijzer.rule_runs import Runner
from klachtwijzer.ruleset import Ruleset
from klachtwijzer.settings import CHECKOUT
from register import law
from register.rulebooks import Files
from register.versions import Versions
from responder.compose import compose
from responder.reply import Reply
from triage import rulebook
from triage.assess import assess
from triage.decide import decide, tried
from triage.decision import Known
from triage.explain import explain
from triage.mistakes import Mistake, RulebookError
from triage.pipeline import Pipeline, build

CASES = CHECKOUT / "tests" / "cases"
# A pipeline takes seconds to make and some tens of megabytes: so many are kept ready.
_READY = 3
_CHECKED = 16
# Bestuursdecreet II.83; only to show a letter that is never sent.
_TERM = timedelta(days=45)


@dataclass(frozen=True, slots=True)
class _NoDossier:
    """In the place of a dossier, for a letter that is only shown."""

    reference: str
    opened: date
    due_answer: date | None


class Workbench:
    """Reads and tries rules; safe to share between threads."""

    def __init__(
        self,
        rules: Ruleset,
        versions: Versions,
        *,
        mailbox: str,
        now: Callable[[], datetime],
        cases: Path | None = CASES,
    ) -> None:
        self.rules, self.versions, self.mailbox, self.now = rules, versions, mailbox, now
        self.runner = Runner(
            versions,
            self.pipeline,
            cases=cases if cases is not None and cases.is_dir() else None,
            trained=rules.model is not None,
            today=self.today,
        )
        self._lock = threading.Lock()
        self._pipelines: OrderedDict[str, Pipeline] = OrderedDict()
        self._checks: OrderedDict[tuple[str, date], tuple[Mistake, ...]] = OrderedDict()

    def today(self) -> date:
        """The day in Brussels."""
        return self.now().astimezone(BRUSSELS).date()

    def live(self) -> Rules:
        """The rules in force."""
        # At its first look the ruleset hands the folder to a register that has no rules yet.
        in_force = self.rules.now()
        named = self.versions.current() or in_force.fingerprint
        return Rules(named, self.versions.files(named) or rulebook.files(self.rules.folder))

    def check(self, files: Files) -> tuple[Mistake, ...]:
        """Every mistake and warning; the same files are looked through once a day."""
        key = (rulebook.fingerprint(files), self.today())
        with self._lock:
            if (known := self._checks.get(key)) is not None:
                self._checks.move_to_end(key)
                return known
        letters = self.rules.now().letters
        found = rulebook.assemble(files, letters=letters.ids, on=self.today())[1]
        mistakes = tuple(sorted([*found, *_in_the_law(files)]))
        with self._lock:
            self._checks[key] = mistakes
            if len(self._checks) > _CHECKED:
                self._checks.popitem(last=False)
        return mistakes

    def disk(self) -> Disk | None:
        """The folder, where it holds something else than what is in force; None also when it is gone."""
        live = self.live()
        there = rulebook.files(self.rules.folder) if self.rules.folder.is_dir() else {}
        if not there or there == dict(live.files):
            return None
        version = rulebook.fingerprint(there)
        changed = sorted(path for path in {*there, *live.files} if there.get(path) != live.files.get(path))
        wrong = tuple(one for one in self.check(there) if not one.warning)
        return Disk(Rules(version, there), tuple(changed), wrong, self.versions.known(version))

    def write_disk(self) -> None:
        """Write what is in force to the folder; ValueError when edits would be lost, OSError when it cannot be."""
        try:
            exchange.write_out(self.versions, self.rules.folder)
        except exchange.ExchangeError as trouble:
            raise ValueError(str(trouble)) from None

    def read(self, words: str, subject: str, on: date) -> Message:
        """Pasted words as a mail that came in on that day."""
        return spoken(words, subject=" ".join(subject.split()), on=on)

    def attempt(self, files: Files, message: Message, on: date, known: Known) -> Tried:
        """What these rules make of the mail. Raises RulebookError for broken ones."""
        pipeline = self.pipeline(files)
        book = pipeline.rulebook
        assessment = assess(message, pipeline)
        decision = decide(assessment, book, on, known)
        letters = self.rules.now().letters
        filed = _NoDossier("KW-0000-00000", on, on + _TERM if decision.soort == "klacht" else None)
        letter: Reply | None = compose(
            message,
            decision,
            filed,
            letters,
            book.bodies,
            on=self.today(),
            sender_address=self.mailbox,
            assessment=assessment,
        )
        sentences = explain(assessment, decision, book)
        return Tried(message, assessment, decision, book, sentences, tried(assessment, decision, book), letter)

    def start(self) -> None:
        """Do the runs that wait."""
        self.runner.start()

    def pipeline(self, files: Files) -> Pipeline:
        """What reads a mail under these rules; the last few are kept ready. Raises RulebookError."""
        live = self.rules.now().pipeline
        version = rulebook.fingerprint(files)
        if version == live.rulebook.fingerprint:
            return live
        with self._lock:
            if version not in self._pipelines:
                book, mistakes = rulebook.assemble(files, letters=self.rules.now().letters.ids)
                if book is None:
                    raise RulebookError(one for one in mistakes if not one.warning)
                self._pipelines[version] = build(book, self.rules.model, self.rules.alarm)
                if len(self._pipelines) > _READY:
                    self._pipelines.popitem(last=False)
            self._pipelines.move_to_end(version)
            return self._pipelines[version]


def _in_the_law(files: Files) -> list[Mistake]:
    """Mistakes in the files that the register reads; those that only a site has need not be there."""
    with tempfile.TemporaryDirectory(prefix="klachtwijzer-") as name:
        folder = Path(name)
        for path, text in files.items():
            if "/" not in path:
                (folder / path).write_bytes(text)
        return law.check(folder)
