"""The people of a dossier. Names, birth date, number and contact are sealed; whoever seeks one must know it whole."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Row, insert, or_, select, update
from stdnum.be import bis, nn

from intake.message import Party
from register import events
from register.file_tables import party
from register.law import Law
from register.record import as_text
from register.sealing import Key

_SEALED = ("name", "birth", "number", "contact")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a dossier, as a person with the right role may read it."""

    role: str
    """Of the list `rol`: klager, kind, ouder …"""
    name: str = ""
    birth: date | None = None
    number: str = ""
    """Rijksregisternummer or bisnummer, eleven digits."""
    contact: str = ""
    """Mail address, phone or street, as told."""
    id: int = 0


def add(connection: Connection, reference: str, account: str, person: Person, *, key: Key, law: Law) -> int:  # noqa: PLR0913
    """Write a person into a dossier; the number. Raises ValueError for a role or a number that cannot be."""
    if person.role not in law.choices("rol"):
        raise ValueError(f"rol: {person.role} staat niet in de lijst rol")
    number = nn.compact(person.number) if person.number else ""
    if number and not (nn.is_valid(number) or bis.is_valid(number)):
        raise ValueError("dit is geen geldig rijksregisternummer of bisnummer")
    words = {"name": person.name, "birth": person.birth.isoformat() if person.birth else "", "number": number}
    words |= {"contact": person.contact}
    row: dict[str, object] = {"dossier": reference, "role": person.role}
    for what, said in words.items():
        if plain := as_text(said).strip():
            row |= {f"{what}_sealed": key.seal(plain, what), f"{what}_mark": key.mark(plain, what)}
    made = connection.scalar(insert(party).values(row).returning(party.c.id))
    # The event says that somebody was added and as what; who it is stays sealed.
    events.write(
        connection, events.line(events.PARTY_ADDED, who=account, dossier=reference, persoon=made, rol=person.role)
    )
    return int(made or 0)


def add_writer(  # noqa: PLR0913
    connection: Connection, reference: str, writer: Party, regime: str, *, key: Key | None, law: Law
) -> None:
    """The writer of the mail that opened a dossier stands in it as a person; nobody without a key, name or address."""
    if key is None or not (writer.name or writer.address):
        return
    # A list of this site that lacks a role must not keep a mail out.
    wanted = ("klager",) if regime == "klacht" else ("schrijver", "klager")
    roles = [role for role in wanted if role in law.choices("rol")]
    if roles:
        person = Person(roles[0], writer.name, contact=writer.address)
        add(connection, reference, events.PROGRAM, person, key=key, law=law)


def remove(connection: Connection, number: int, account: str, now: datetime) -> None:
    """Take a person out of a dossier, with what was sealed; that somebody stood there stays."""
    empty = {f"{what}_{kind}": None for what in _SEALED for kind in ("sealed", "mark")}
    gone = update(party).where(party.c.id == number, party.c.removed.is_(None)).values(removed=now, **empty)
    row = connection.execute(gone.returning(party.c.dossier)).one_or_none()
    if row is None:
        raise LookupError(f"no party {number}")
    events.write(connection, events.line(events.PARTY_REMOVED, who=account, dossier=row.dossier, persoon=number))


def of(connection: Connection, reference: str, key: Key) -> tuple[Person, ...]:
    """The people of a dossier, opened."""
    mine = select(party).where(party.c.dossier == reference, party.c.removed.is_(None)).order_by(party.c.id)
    return tuple(_opened(row, key) for row in connection.execute(mine))


def numbers(connection: Connection, reference: str) -> tuple[int, ...]:
    """The numbers of the people of a dossier; no key is needed for these."""
    mine = select(party.c.id).where(party.c.dossier == reference, party.c.removed.is_(None)).order_by(party.c.id)
    return tuple(connection.scalars(mine))


def found(connection: Connection, words: str, key: Key) -> tuple[str, ...]:
    """References of dossiers with somebody of exactly that name, number or contact (case and accents aside)."""
    marks = or_(*(getattr(party.c, f"{what}_mark") == key.mark(words, what) for what in ("name", "number", "contact")))
    wanted = select(party.c.dossier).distinct().where(marks, party.c.removed.is_(None)).order_by(party.c.dossier)
    return tuple(connection.scalars(wanted))


def _opened(row: Row[*tuple[object, ...]], key: Key) -> Person:
    said = {what: key.open(sealed, what) if (sealed := getattr(row, f"{what}_sealed")) else "" for what in _SEALED}
    birth = date.fromisoformat(said["birth"]) if said["birth"] else None
    return Person(row.role, said["name"], birth, said["number"], said["contact"], row.id)
