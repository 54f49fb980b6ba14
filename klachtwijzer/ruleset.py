"""The rules in force: loaded once, read again when they change, never half.

Without a register the folder is what counts. With one, the register names the rulebook in force and every process
follows it at its next mail; a change in the folder that has no mistake is handed to the register.
"""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import structlog

from register.rulebooks import OvertakenError
from register.versions import Versions
from responder import letter as letters_on_disk
from responder.letter import Letters
from triage import alarm as alarms
from triage import model as models
from triage import rulebook as rulebooks
from triage.alarm import Alarm
from triage.mistakes import RulebookError
from triage.model import Model
from triage.pipeline import Pipeline, build
from triage.rulebook import Rulebook

LOOK_EVERY = 1.0
MODEL = Path(rulebooks.__file__).parent / "geleerd.npz"
EAR = Path(rulebooks.__file__).parent / "gehoor.npz"
FOLDER = "map"
"""Who changed the rules, in the history, when they were changed on disk."""
# So many earlier rulebooks are kept ready for explanations.
_FORMER = 8
log = structlog.get_logger()

Stamp = tuple[tuple[str, int, int], ...]
Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class InForce:
    """One rulebook with everything that was made from it; whoever holds it works with it to the end."""

    pipeline: Pipeline
    letters: Letters

    @property
    def fingerprint(self) -> str:
        return self.pipeline.rulebook.fingerprint


class Ruleset:
    """The rules in force. Broken ones are refused whole and the last good rules stay."""

    def __init__(
        self, folder: Path, versions: Versions | None = None, *, trained: bool = True, look_every: float = LOOK_EVERY
    ) -> None:
        self.folder = folder
        self.versions = versions
        self.look_every = look_every
        """Seconds between two looks at the folder; a look costs a tenth of what a mail does."""
        self.model: Model | None = models.load(MODEL) if trained and MODEL.exists() else None
        self.alarm: Alarm | None = alarms.load(EAR) if trained and EAR.exists() else None
        self.trouble: str | None = None
        """Why what is on disk, or what the register names, is not in force; None when all is one."""
        self._lock = threading.Lock()
        self._stamp: Stamp = ()
        self._looked = 0.0
        self._on_disk = ""
        self._refused = ""
        self._now: InForce | None = None
        self._shadow: InForce | None = None
        self._letters: Letters | None = None
        self._former: dict[str, Rulebook | None] = {}

    def now(self) -> InForce:
        """The rules in force at this moment. Raises RulebookError when no good ones ever were."""
        with self._lock:
            if self._now is None or time.monotonic() - self._looked >= self.look_every:
                self._look()
            if self.versions is not None:
                self._follow(self.versions)
            if self._now is None:
                raise RulebookError([])
            return self._now

    def shadow(self) -> InForce | None:
        """The rules that look on without effect, or None."""
        if self.versions is None:
            return None
        named = self.versions.current("schaduw")
        with self._lock:
            if named is None:
                self._shadow = None
            elif self._shadow is None or self._shadow.fingerprint != named:
                files = self.versions.files(named)
                book = None if files is None else self._assembled(files)
                self._shadow = self._made(book) if isinstance(book, Rulebook) else None
            return self._shadow

    def version(self, fingerprint: str) -> Rulebook | None:
        """The rules of then; None when they are not on file, or this program cannot read them any more."""
        live = self.now().pipeline.rulebook
        if fingerprint == live.fingerprint:
            return live
        with self._lock:
            if fingerprint not in self._former:
                files = None if self.versions is None else self.versions.files(fingerprint)
                # The letters of then may be gone, and a decision does not need them.
                self._former[fingerprint] = None if files is None else rulebooks.assemble(files)[0]
                if len(self._former) > _FORMER:
                    self._former.pop(next(iter(self._former)))
            return self._former[fingerprint]

    def _look(self) -> None:
        self._looked = time.monotonic()
        stamp = _stamp(self.folder)
        if stamp != self._stamp or self._now is None:
            self._stamp = stamp
            self._read()

    def _read(self) -> None:
        files = rulebooks.files(self.folder)
        book = self._assembled(files)
        if isinstance(book, RulebookError):
            self.trouble = f"De regels op schijf hebben {len(book.mistakes)} fout(en): {book.mistakes[0]}"
            if self._now is None and (self.versions is None or self.versions.current() is None):
                raise book
            log.error("rulebook refused, the last good one stays", mistakes=len(book.mistakes))
            return
        self.trouble = None
        if self.versions is None:
            self._now = self._made(book)
        else:
            self._hand_over(book.fingerprint, files, self.versions)
        self._on_disk = book.fingerprint

    def _hand_over(self, fingerprint: str, files: Files, versions: Versions) -> None:
        """Tells the register of a change on disk, unless that would undo one that was made elsewhere."""
        named = versions.current()
        if named == fingerprint:
            return
        started = not self._on_disk
        if started and named is not None and versions.known(fingerprint):
            self.trouble = f"De map bevat een vroegere versie van de regels ({fingerprint[:12]}). {_WAY_OUT}"
            return
        latest = versions.history(limit=1)
        # What two people published did not come from a folder, so that this one need not hold it.
        ours = latest[0].second == "" if latest and started else self._on_disk == (named or "")
        if named is not None and not ours:
            self.trouble = f"De regels zijn elders gewijzigd én in de map. Niets werd overschreven. {_WAY_OUT}"
            return
        why = "gewijzigd in de map" if named else "de eerste regels"
        try:
            versions.take_over(fingerprint, files, who=FOLDER, why=why, instead_of=named)
        except OvertakenError:
            self.trouble = f"De regels werden net elders gewijzigd. Niets werd overschreven. {_WAY_OUT}"

    def _follow(self, versions: Versions) -> None:
        """Changes over to what the register names, whoever put it there."""
        named = versions.current()
        if named is None or named == self._refused or (self._now is not None and self._now.fingerprint == named):
            return
        files = versions.files(named)
        book = None if files is None else self._assembled(files)
        if isinstance(book, Rulebook):
            self._now, self._refused = self._made(book), ""
            log.info("rulebook in force", rulebook=book.short, model=self.model.version if self.model else "geen")
            return
        # A version of the program that knows fewer letters or keys than the one that published it.
        self._refused = named
        self.trouble = f"De regels {named[:12]} die in het register gelden, kan dit programma niet lezen."
        log.error("rulebook of the register refused, the last good one stays", rulebook=named[:12])

    def _assembled(self, files: Files) -> Rulebook | RulebookError:
        if self._letters is None:
            self._letters = letters_on_disk.load()
        book, mistakes = rulebooks.assemble(files, letters=self._letters.ids)
        return book or RulebookError(one for one in mistakes if not one.warning)

    def _made(self, book: Rulebook) -> InForce:
        letters = self._letters or letters_on_disk.load()
        return InForce(build(book, self.model, self.alarm), letters)


_WAY_OUT = "Haal met `klachtwijzer rules export` op wat geldt, of zet met `klachtwijzer rules import` de map in dienst."


def _stamp(folder: Path) -> Stamp:
    """Changes whenever a file of the folder does."""
    found = []
    for path in folder.rglob("*.yaml"):
        status = path.stat()
        found.append((str(path), status.st_mtime_ns, status.st_size))
    return tuple(sorted(found))
