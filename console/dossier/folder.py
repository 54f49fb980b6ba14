"""Everything that the page of a dossier shows, gathered in one reading."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from console.dossier.steps import Step, steps
from console.dossier.told import told
from register import accounts, clock, directory, file, parties, parts, reading, timeline, work
from register.book import Book
from register.clock import Reckoning
from register.directory import Earlier
from register.file import Conclusion, DossierRow
from register.law import PauseGround
from register.parties import Person
from register.parts import Part
from register.reading import File
from register.timeline import Moment
from register.work import Contribution, Document, Improvement, Task


@dataclass(frozen=True, slots=True)
class Term:
    """One term of the dossier, with what staff must know of it."""

    what: str
    due: date
    why: tuple[str, ...]
    done: datetime | None
    """When it was met; None while it runs."""
    warns: bool
    """Whether the last day is near."""


@dataclass(frozen=True, slots=True)
class Folder:
    """One dossier with all that belongs to it."""

    file: File
    row: DossierRow
    version: int
    parts: tuple[Part, ...]
    places: Mapping[int, tuple[str, str]]
    """Per part the names of organiser and location."""
    people: tuple[Person, ...] | None
    """None when the key that opens names is missing."""
    earlier: tuple[Earlier, ...]
    steps: tuple[Step, ...]
    terms: tuple[Term, ...]
    holidays: tuple[tuple[date, str], ...]
    extendable: bool
    grounds: tuple[PauseGround, ...]
    """On what a rule lets the clock stand still."""
    pausing: tuple[str, date] | None
    moments: tuple[tuple[Moment, tuple[str, ...]], ...]
    """Newest first, each with its sentences."""
    contributions: tuple[Contribution, ...]
    tasks: tuple[Task, ...]
    improvements: tuple[Improvement, ...]
    documents: tuple[Document, ...]
    bonds: tuple[tuple[str, str], ...]
    words: Conclusion
    accounts: tuple[str, ...]


def gather(book: Book, reference: str, today: date) -> Folder | None:
    """The folder of a dossier (any case); None when there is none."""
    with book.engine.connect() as connection:
        found = reading.file(connection, reference)
        if found is None:
            return None
        number = found.dossier.reference
        row, objects = file.row(connection, number), parts.of(connection, number)
        reckoning = clock.reckoning(connection, number, book.law)
        tasks, actions = work.tasks(connection, reference=number), work.improvements(connection, number)
        happened = timeline.timeline(connection, number)
        named = ({one.id: one.what for one in tasks}, {one.id: one.what for one in actions})
        return Folder(
            file=found,
            row=row,
            version=timeline.version(connection, number),
            parts=objects,
            places=parts.directory_of(connection, number),
            people=parties.of(connection, number, book.key) if book.key else None,
            earlier=directory.earlier(connection, number),
            steps=steps(row, objects),
            terms=_terms(reckoning, row, today),
            holidays=reckoning.holidays if reckoning else (),
            extendable=_extendable(reckoning, row, today),
            grounds=reckoning.clock.regime.pauze if reckoning and row.answered is None else (),
            pausing=clock.pausing(connection, number),
            moments=tuple((one, told(one, book.law, *named)) for one in reversed(happened)),
            contributions=work.contributions(connection, number),
            tasks=tasks,
            improvements=actions,
            documents=work.documents(connection, number),
            bonds=work.bonds(connection, number),
            words=file.conclusion_of(connection, number),
            accounts=accounts.names(connection),
        )


def _terms(found: Reckoning | None, row: DossierRow, today: date) -> tuple[Term, ...]:
    if found is None:
        return ()
    near = max(found.clock.regime.waarschuw, default=0)
    told_ = (
        ("Ontvangst bevestigen", found.due_ack, found.why_ack, row.acknowledged),
        ("Antwoorden", found.due_answer, found.why_answer, row.answered),
    )
    return tuple(
        Term(what, due, why, done, done is None and (due - today).days <= near)
        for what, due, why, done in told_
        if due is not None
    )


def _extendable(found: Reckoning | None, row: DossierRow, today: date) -> bool:
    if found is None or row.answered is not None or found.clock.extended is not None or found.due_answer is None:
        return False
    term = found.clock.regime.term("antwoorden")
    return term is not None and term.verlengd is not None and today <= found.due_answer
