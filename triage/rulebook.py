"""The rules of a folder: read, linked, checked as a whole, frozen and fingerprinted.

The only file of this package that reads files. A rulebook with a mistake is refused whole.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter

from triage.conditions import Condition, Vocabulary, vocabulary
from triage.entries import Entry, entries, written
from triage.index import Index, index
from triage.links import Draft, conditions, filled_in, unfit
from triage.mistakes import Mistake, RulebookError, nearest
from triage.oddities import notable
from triage.placed import read
from triage.reach import reach
from triage.shapes import Body, Danger, Decree, FactKind, OutcomeRule, Sector, Settings
from triage.terms import Cue, Signal

T = TypeVar("T")

# Where each kind of thing stands (a folder ends in /), whether one file holds a list, and its place in the draft.
_SHELVES: tuple[tuple[str, bool, str, TypeAdapter[object]], ...] = (
    ("feiten.yaml", True, "facts", TypeAdapter(FactKind)),
    ("gevaren.yaml", True, "dangers", TypeAdapter(Danger)),
    ("instellingen.yaml", False, "settings", TypeAdapter(Settings)),
    ("kwalificaties.yaml", True, "cues", TypeAdapter(Cue)),
    ("uitkomsten/", True, "outcomes", TypeAdapter(OutcomeRule)),
    ("signalen/", True, "signals", TypeAdapter(Signal)),
    ("instanties/", False, "bodies", TypeAdapter(Body)),
    ("sectoren/", False, "sectors", TypeAdapter(Sector)),
    ("decreten/", False, "decrees", TypeAdapter(Decree)),
)
# Law that the register reads (`register.law`): part of the fingerprint, and of no concern to a decision.
_OF_THE_REGISTER = frozenset({"termijnen.yaml", "feestdagen.yaml", "keuzelijsten.yaml", "bewaring.yaml"})
_REQUIRED = ("feiten.yaml", "instellingen.yaml", "uitkomsten/")


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Everything that the rules say, ready for use."""

    fingerprint: str
    """SHA-256 over the paths and bytes of all files, in hex; people see its first twelve."""
    words: str
    """SHA-256 over all that `assess` depends on: with the same words, model and mail the assessment is the same."""
    facts: Mapping[str, FactKind]
    outcomes: tuple[OutcomeRule, ...]
    """In the order in which they are tried; the first that holds wins."""
    conditions: Mapping[str, Condition]
    """The compiled condition per outcome rule."""
    index: Index
    """Which of the outcome rules could hold of a mail, by their place in `outcomes`."""
    additions: Mapping[str, Condition]
    """The compiled condition per decree that may join that of the sector."""
    vocabulary: Vocabulary
    signals: tuple[Signal, ...]
    cues: tuple[Cue, ...]
    bodies: Mapping[str, Body]
    sectors: Mapping[str, Sector]
    decrees: Mapping[str, Decree]
    dangers: Mapping[str, Danger]
    settings: Settings
    places: Mapping[str, str]
    """Per outcome rule and signal id the `file:line` where it stands."""

    @property
    def short(self) -> str:
        """The fingerprint as people see it."""
        return self.fingerprint[:12]


def load(folder: Path, *, letters: Iterable[str] | None = None) -> Rulebook:
    """The rulebook in `folder`; raises RulebookError with every mistake when there is one.

    With `letters` the letters that rules name must be among them.
    """
    book, mistakes = assemble(files(folder), letters=letters)
    if book is None:
        raise RulebookError(mistake for mistake in mistakes if not mistake.warning)
    return book


def check(folder: Path, *, letters: Iterable[str] | None = None, on: date | None = None) -> list[Mistake]:
    """Every mistake and warning in `folder`, sorted by place; nothing but warnings means that it loads."""
    return assemble(files(folder), letters=letters, on=on)[1]


def overlaps(contents: Mapping[str, bytes]) -> list[Mistake]:
    """Every pair of rules that can hold together and conclude different things, also between files."""
    draft, _ = _draft(contents)
    words = vocabulary(filled_in(draft))
    ready, _ = conditions(draft.written.get("outcomes", []), words)
    asked = reach(draft.outcomes, ready, words)
    return [*asked.overlaps(between_files=True), *asked.unknown]


def files(folder: Path) -> dict[str, bytes]:
    """The YAML files under `folder` by their path from it, sorted; other files do not count."""
    paths = sorted(path for path in folder.rglob("*.yaml") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def assemble(
    contents: Mapping[str, bytes], *, letters: Iterable[str] | None = None, on: date | None = None
) -> tuple[Rulebook | None, list[Mistake]]:
    """A rulebook from the bytes of its files, and all mistakes; None when one is more than a warning.

    With `on`, the day of today, it also warns of overlaps, gaps and sources that nobody looked at for too long.
    """
    draft, mistakes = _draft(contents)
    facts = filled_in(draft)
    words = vocabulary(facts)
    ready, wrong = conditions(draft.written.get("outcomes", []), words)
    additions, amiss = conditions(draft.written.get("decrees", []), words)
    mistakes += wrong + amiss
    mistakes += unfit(draft, facts, letters)
    asked = reach(draft.outcomes, ready, words)
    mistakes += asked.dead()
    if on is not None:
        mistakes += [*asked.overlaps(), *asked.gaps(), *notable(draft, on), *asked.unknown]
    mistakes.sort()
    if not all(mistake.warning for mistake in mistakes):
        return None, mistakes
    places = {entry.value.id: entry.where for entry in draft.outcomes}
    places |= {entry.value.id: entry.where for entry in draft.signals}
    book = Rulebook(
        fingerprint=fingerprint(contents),
        words=_words(contents, facts, draft.settings[0].value),
        facts=facts,
        outcomes=tuple(entry.value for entry in draft.outcomes),
        conditions=ready,
        index=index([ready[entry.value.id].clause for entry in draft.outcomes], words.types),
        additions=additions,
        vocabulary=words,
        signals=tuple(entry.value for entry in draft.signals),
        cues=tuple(entry.value for entry in draft.cues),
        bodies={entry.value.id: entry.value for entry in draft.bodies},
        sectors={entry.value.id: entry.value for entry in draft.sectors},
        decrees={entry.value.id: entry.value for entry in draft.decrees},
        dangers={entry.value.id: entry.value for entry in draft.dangers},
        settings=draft.settings[0].value,
        places=places,
    )
    return book, mistakes


def fingerprint(contents: Mapping[str, bytes]) -> str:
    """The same for the same files with the same bytes, and for nothing else."""
    digest = hashlib.sha256()
    for path in sorted(contents):
        name = path.encode()
        # Lengths go in as well, so that no bytes can move from one file or name to the next unseen.
        digest.update(b"%d:%b%d:" % (len(name), name, len(contents[path])))
        digest.update(contents[path])
    return digest.hexdigest()


def _words(contents: Mapping[str, bytes], facts: Mapping[str, FactKind], settings: Settings) -> str:
    listened = {path: text for path, text in contents.items() if path.startswith(("signalen/", "kwalificaties.yaml"))}
    asked = [(kind.id, kind.type, kind.van, sorted(kind.waarden)) for kind in facts.values()]
    listened["feiten"] = repr(asked).encode()
    listened["wegen"] = repr(sorted(settings.wegen.items())).encode()
    return fingerprint(listened)


def _draft(contents: Mapping[str, bytes]) -> tuple[Draft, list[Mistake]]:
    draft = Draft()
    mistakes = [
        Mistake(name, 1, 1, "ontbrekend-bestand", f"{name} ontbreekt of is leeg")
        for name in _REQUIRED
        if not any(path.startswith(name) for path in contents)
    ]
    for path in sorted(contents.keys() - _OF_THE_REGISTER):
        shelf = next((shelf for shelf in _SHELVES if _belongs(path, shelf[0])), None)
        if shelf is None:
            hint = nearest(path.split("/")[0] + "/", [name for name, *_ in _SHELVES]) or "zie docs/handboek-regels.md"
            mistakes.append(Mistake(path, 1, 1, "onbekend-bestand", "dit bestand hoort nergens bij", hint))
            continue
        try:
            text = contents[path].decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = contents[path][: error.start].count(b"\n") + 1
            mistakes.append(Mistake(path, line, 1, "ongeldige-yaml", "dit bestand is geen UTF-8"))
            continue
        placed, wrong = read(path, text)
        mistakes += wrong
        if placed.node is not None or not wrong:
            found, bad = entries(placed, shelf[3], many=shelf[1])
            list_of: list[Entry[object]] = getattr(draft, shelf[2])
            list_of += found
            draft.written.setdefault(shelf[2], []).extend(written(placed, many=shelf[1]))
            mistakes += bad
    return draft, mistakes


def _belongs(path: str, shelf: str) -> bool:
    return path.startswith(shelf) if shelf.endswith("/") else path == shelf
