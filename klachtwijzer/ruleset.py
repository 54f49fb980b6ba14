"""The rules in force: loaded once, read again when the files change, never half."""

import threading
import time
from dataclasses import dataclass
from pathlib import Path

import structlog

from responder import letter as letters_on_disk
from responder.letter import Letters
from triage import alarm as alarms
from triage import model as models
from triage import rulebook as rulebooks
from triage.alarm import Alarm
from triage.mistakes import RulebookError
from triage.model import Model
from triage.pipeline import Pipeline, build

LOOK_EVERY = 1.0
MODEL = Path(rulebooks.__file__).parent / "geleerd.npz"
EAR = Path(rulebooks.__file__).parent / "gehoor.npz"
log = structlog.get_logger()

Stamp = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class InForce:
    """One rulebook with everything that was made from it; whoever holds it works with it to the end."""

    pipeline: Pipeline
    letters: Letters


class Ruleset:
    """The rules of a folder. A broken folder is refused whole and the last good rules stay in force."""

    def __init__(self, folder: Path, *, trained: bool = True, look_every: float = LOOK_EVERY) -> None:
        self.folder = folder
        self.look_every = look_every
        """Seconds between two looks at the folder; a look costs a tenth of what a mail does."""
        self.model: Model | None = models.load(MODEL) if trained and MODEL.exists() else None
        self.alarm: Alarm | None = alarms.load(EAR) if trained and EAR.exists() else None
        self.trouble: str | None = None
        """What is wrong with the folder on disk, or None when it is what is in force."""
        self._lock = threading.Lock()
        self._stamp: Stamp = ()
        self._looked = 0.0
        self._now: InForce | None = None

    def now(self) -> InForce:
        """The rules in force, read from disk when they changed. Raises RulebookError when no good ones ever were."""
        with self._lock:
            if self._now is None or time.monotonic() - self._looked >= self.look_every:
                self._look()
            if self._now is None:
                raise RulebookError([])
            return self._now

    def _look(self) -> None:
        self._looked = time.monotonic()
        stamp = _stamp(self.folder)
        if stamp != self._stamp or self._now is None:
            self._stamp = stamp
            self._read()

    def _read(self) -> None:
        letters = self._now.letters if self._now else letters_on_disk.load()
        try:
            book = rulebooks.load(self.folder, letters=letters.ids)
        except RulebookError as error:
            self.trouble = f"De regels op schijf hebben {len(error.mistakes)} fout(en): {error.mistakes[0]}"
            if self._now is None:
                raise
            log.error("rulebook refused, the last good one stays", mistakes=len(error.mistakes))
            return
        self._now = InForce(build(book, self.model, self.alarm), letters)
        self.trouble = None
        log.info("rulebook in force", rulebook=book.short, model=self.model.version if self.model else "geen")


def _stamp(folder: Path) -> Stamp:
    """Changes whenever a file of the folder does."""
    found = []
    for path in folder.rglob("*.yaml"):
        status = path.stat()
        found.append((str(path), status.st_mtime_ns, status.st_size))
    return tuple(sorted(found))
