"""The rules in force: loaded once, read again when the files change, never half."""

import threading
from dataclasses import dataclass
from pathlib import Path

import structlog

from responder import letter as letters_on_disk
from responder.letter import Letters
from triage import model as models
from triage import rulebook as rulebooks
from triage.mistakes import RulebookError
from triage.model import Model
from triage.pipeline import Pipeline, build

MODEL = Path(rulebooks.__file__).parent / "geleerd.npz"
log = structlog.get_logger()

Stamp = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class InForce:
    """One rulebook with everything that was made from it; whoever holds it works with it to the end."""

    pipeline: Pipeline
    letters: Letters


class Ruleset:
    """The rules of a folder. A broken folder is refused whole and the last good rules stay in force."""

    def __init__(self, folder: Path, model: Path | None = MODEL) -> None:
        self.folder = folder
        self.model: Model | None = models.load(model) if model is not None and model.exists() else None
        self.trouble: str | None = None
        """What is wrong with the folder on disk, or None when it is what is in force."""
        self._lock = threading.Lock()
        self._stamp: Stamp = ()
        self._now: InForce | None = None

    def now(self) -> InForce:
        """The rules in force, read from disk when they changed. Raises RulebookError when no good ones ever were."""
        with self._lock:
            stamp = _stamp(self.folder)
            if stamp != self._stamp or self._now is None:
                self._stamp = stamp
                self._read()
            if self._now is None:
                raise RulebookError([])
            return self._now

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
        self._now = InForce(build(book, self.model), letters)
        self.trouble = None
        log.info("rulebook in force", rulebook=book.short, model=self.model.version if self.model else "geen")


def _stamp(folder: Path) -> Stamp:
    """Changes whenever a file of the folder does; cheap enough to look at before every mail."""
    found = []
    for path in folder.rglob("*.yaml"):
        status = path.stat()
        found.append((str(path), status.st_mtime_ns, status.st_size))
    return tuple(sorted(found))
