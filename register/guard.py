"""The guard against loops: when no letter of ours may leave by itself, whatever the rules allow."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import Connection, Select, func, select
from sqlalchemy.dialects.postgresql import insert

from intake.message import Message
from register.lookup import correspondent
from register.tables import heard, outgoing
from register.tables import message as messages

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOST_FROM_ONE = 10
"""Mails of one sender in an hour; who writes more is a machine, or in a state that needs a person."""
MOST_ALIKE = 5
"""Mails with the same words in a day, from anybody."""
MOST_LETTERS = 60
"""Letters that leave by themselves in an hour, all together."""
# Shorter texts ("Bedankt!", "Zie bijlage") are alike without a loop.
_TELLING = 60


def hear(connection: Connection, message: Message) -> None:
    """Remember the words of an entered mail, as a mark from which nobody reads them."""
    if mark := _mark(message):
        connection.execute(insert(heard).values(digest=message.digest, words=mark).on_conflict_do_nothing())


def brake(connection: Connection, message: Message, now: datetime) -> str | None:
    """Why no letter may leave by itself in answer to this mail, in Dutch; None when nothing speaks against it."""
    if message.envelope.channel == "file":
        return "Dit bericht werd uit een bestand ingelezen en kan al oud zijn: een medewerker beslist over de brief."
    writer = correspondent(message).address
    mine = select(func.count()).where(messages.c.sender_address == writer, messages.c.entered > now - HOUR)
    if writer and _count(connection, mine) > MOST_FROM_ONE:
        return f"Deze afzender schreef meer dan {MOST_FROM_ONE} keer in een uur: misschien antwoordt een machine."
    alike = select(func.count()).where(heard.c.words == _mark(message), heard.c.at > now - DAY)
    if _mark(message) and _count(connection, alike) > MOST_ALIKE:
        return f"Dezelfde tekst kwam meer dan {MOST_ALIKE} keer in een dag binnen: misschien antwoordt een machine."
    left = select(func.count()).where(outgoing.c.automatic, outgoing.c.released > now - HOUR)
    if _count(connection, left) >= MOST_LETTERS:
        return f"In een uur vertrokken al {MOST_LETTERS} brieven vanzelf: de noodrem houdt de volgende tegen."
    return None


def _count(connection: Connection, wanted: Select[int]) -> int:
    return int(connection.execute(wanted).scalar_one())


def _mark(message: Message) -> str:
    letters = "".join(letter for letter in message.own.casefold() if letter.isalpha())
    return hashlib.sha256(letters.encode()).hexdigest() if len(letters) >= _TELLING else ""
