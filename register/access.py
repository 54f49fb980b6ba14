"""What a person may ask for: a copy of what is held on them (GDPR art. 15); and mails without names, to learn from."""

import re
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, select

from intake.message import Message
from register import parties, work
from register.file_tables import conclusion, party
from register.letters import of as letters_of
from register.reading import events as events_of
from register.record import Json, restored, storable
from register.sealing import Key
from register.tables import decision, dossier, item, message, outgoing
from triage.vocabulary import VELDEN

_AT_ONCE = 500
# In this order: what is longer and surer goes first. All of them are read in linear time.
_PATTERNS = (
    ("[e-mail]", re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")),
    ("[rijksregisternummer]", re.compile(r"\b\d{2}[. ]?\d{2}[. ]?\d{2}[- ]?\d{3}[. ]?\d{2}\b")),
    ("[rekening]", re.compile(r"\b[A-Z]{2}\d{2}(?: ?\d{4}){3}\b")),
    ("[telefoon]", re.compile(r"(?<!\w)(?:\+\d{2} ?|00\d{2} ?|0)\d{1,3}[ /.]?\d{2,3}(?:[ .]?\d{2}){2}(?!\d)")),
    ("[datum]", re.compile(r"\b\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d{2}\b")),
    ("[adres]", re.compile(r"\b[A-Z][\w'-]{1,40}(?:straat|laan|weg|plein|dreef|lei|steenweg|kaai|hof) \d{1,4}\w?\b")),
    ("[gemeente]", re.compile(r"\b[1-9]\d{3} [A-Z][\w'-]{2,30}\b")),
)
_SHORTEST_NAME = 3


def found(connection: Connection, words: str, key: Key | None) -> tuple[str, ...]:
    """References of dossiers that lead to a person: by address or name of the writer, or by a sealed field."""
    plain = words.strip()
    writer = (dossier.c.sender_address == plain.lower()) | (dossier.c.sender_name == plain)
    references = set(connection.scalars(select(dossier.c.reference).where(writer)))
    references |= set(parties.found(connection, plain, key)) if key else set()
    return tuple(sorted(references))


def mails(connection: Connection, words: str) -> tuple[str, ...]:
    """Digests of mails without a dossier from an address or a name, newest first."""
    plain = words.strip()
    writer = (message.c.sender_address == plain.lower()) | (message.c.sender_name == plain)
    wanted = select(item.c.digest).join(message, message.c.digest == item.c.digest)
    return tuple(
        connection.scalars(wanted.where(writer, item.c.dossier.is_(None)).order_by(item.c.received.desc()).limit(200))
    )


def extract(connection: Connection, reference: str, key: Key | None) -> Json | None:
    """Everything held in a dossier as one mapping, to be looked through by a person before it is handed over.

    Other people's names stand in it as well; what concerns them is not the asker's (GDPR art. 15 (4)).
    """
    row = connection.execute(select(dossier).where(dossier.c.reference == reference)).one_or_none()
    if row is None:
        return None
    mails = select(message.c.record).join(item, item.c.digest == message.c.digest).where(item.c.dossier == reference)
    words = connection.execute(select(conclusion).where(conclusion.c.dossier == reference)).one_or_none()
    people = parties.of(connection, reference, key) if key else ()
    return {
        "dossier": storable({name: value for name, value in row._mapping.items() if value not in (None, "", [])}),
        "personen": storable(people),
        "berichten": [
            _told(restored(Message, record)) for record in connection.scalars(mails.order_by(item.c.received))
        ],
        "brieven": [storable(dispatch) for dispatch in letters_of(connection, reference=reference)],
        "besluiten": {} if words is None else storable(dict(words._mapping)),
        "bijdragen": storable(work.contributions(connection, reference)),
        "documenten": storable(work.documents(connection, reference)),
        "gebeurtenissen": storable(events_of(connection, reference=reference)),
    }


def extract_mails(connection: Connection, digests: Sequence[str]) -> list[Json]:
    """What is held of these mails that have no dossier, in order of receipt."""
    wanted = select(message.c.record).join(item, item.c.digest == message.c.digest).where(item.c.digest.in_(digests))
    return [_told(restored(Message, record)) for record in connection.scalars(wanted.order_by(item.c.received))]


def pseudonymised(connection: Connection, key: Key | None) -> Iterator[Json]:
    """One mapping a message: subject and text without names, numbers and addresses, with its judgement in force.

    For learning inside the house. Pseudonymous is not anonymous: what somebody tells may still give them away.
    """
    rows = connection.execution_options(yield_per=_AT_ONCE).execute(
        select(item.c.digest, item.c.dossier, message.c.record, decision.c.record.label("judged"))
        .select_from(item)
        .join(message, message.c.digest == item.c.digest)
        .join(decision, decision.c.id == item.c.decision)
        .order_by(item.c.received, item.c.digest)
    )
    for row in rows:
        told = restored(Message, row.record)
        if not told.text:
            continue
        names = [told.sender.name, *(one.name for one in told.recipients), *_names(connection, row.dossier, key)]
        labels = {name: row.judged.get(name) for name in VELDEN}
        yield {"onderwerp": hidden(told.subject, names), "tekst": hidden(told.text, names)} | labels


def hidden(words: str, names: Sequence[str]) -> str:
    """The words with what leads to a person replaced: addresses, numbers, dates, and the words of these names."""
    for mark, pattern in _PATTERNS:
        words = pattern.sub(mark, words)
    parts = {part for name in names for part in re.findall(r"[^\W\d_][\w'-]+", name) if len(part) >= _SHORTEST_NAME}
    if parts:
        ordered = sorted(parts, key=lambda part: (-len(part), part))
        either = "|".join(re.escape(part) for part in ordered)
        words = re.sub(rf"\b(?:{either})(?:'?s)?\b", "[naam]", words, flags=re.IGNORECASE)
    return words


def _names(connection: Connection, reference: str | None, key: Key | None) -> list[str]:
    if key is None or reference is None:
        return []
    wanted = select(party.c.name_sealed).where(party.c.dossier == reference, party.c.name_sealed.is_not(None))
    plain = connection.execution_options(yield_per=None)
    return [key.open(bytes(sealed), "name") for sealed in plain.scalars(wanted)]


def _told(one: Message) -> Json:
    values = {"ontvangen": one.envelope.received, "van": one.sender, "onderwerp": one.subject, "tekst": one.text}
    return storable(values)  # type: ignore[no-any-return]


def letters_to(connection: Connection, address: str) -> tuple[int, ...]:
    """Numbers of the letters that went to an address."""
    return tuple(connection.scalars(select(outgoing.c.id).where(outgoing.c.recipient == address.strip().lower())))
