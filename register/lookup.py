"""What is on file already about the dossier and the sender of a mail."""

import hashlib
import hmac
import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection, func, select

from intake.message import Message, Party
from register.deadlines import BRUSSELS
from register.record import as_text
from register.tables import dossier, item, outgoing
from register.tables import message as messages
from triage.decision import Known

_REFERENCE = re.compile(r"\bKW-(\d{4})-(\d{5,9})\b", re.IGNORECASE)
_SIGNED = re.compile(r"\+(kw-\d{4}-\d{5,9})-([0-9a-f]{8})@", re.IGNORECASE)
# A reference stands in the subject or near the top of what is quoted; more would be a way to keep us busy.
_READ = 50_000
_ADDRESS_HEADERS = ("delivered-to", "x-original-to", "envelope-to")


def correspondent(message: Message) -> Party:
    """Who wrote and gets the answer: Reply-To before From, for a web form sends in its own name; address lower case."""
    party = message.reply_to if message.reply_to and message.reply_to.address else message.sender
    return Party(as_text(party.name), as_text(party.address).strip().lower())


def reply_address(reference: str, mailbox: str, *, secret: str) -> str:
    """`mailbox` with the reference and its signature in it."""
    local, _, domain = mailbox.rpartition("@")
    return f"{local.partition('+')[0]}+{reference.lower()}-{_signature(reference, secret)}@{domain}"


def known(connection: Connection, message: Message, today: date, *, secret: str) -> Known:
    """The dossier when it is sure, otherwise a suggestion; and the sender's history up to and with `today`."""
    writer = correspondent(message).address
    sure = (
        _by_address(connection, message, secret)
        or _by_thread(connection, message, writer)
        or _by_citation(connection, message, writer)
    )
    suggestion = None if sure else _by_citation(connection, message, None)
    return Known(
        register=True,
        dossier=sure,
        suggestion=suggestion,
        earlier=_earlier(connection, writer, today),
        last_automatic=_last_automatic(connection, writer, today),
    )


def _signature(reference: str, secret: str) -> str:
    return hmac.new(secret.encode(), reference.upper().encode(), hashlib.sha256).hexdigest()[:8]


def _by_address(connection: Connection, message: Message, secret: str) -> str | None:
    for address in _addresses(message):
        for reference, signature in _SIGNED.findall(address):
            if hmac.compare_digest(_signature(reference, secret), signature.lower()):
                return _existing(connection, [reference.upper()], None)
    return None


def _addresses(message: Message) -> Iterator[str]:
    yield from message.envelope.recipients
    yield from (party.address for party in message.recipients)
    yield from (message.headers.get(name, "") for name in _ADDRESS_HEADERS)


def _by_thread(connection: Connection, message: Message, writer: str) -> str | None:
    ids = [as_text(one) for one in (*message.in_reply_to, *message.references) if one]
    if not ids:
        return None
    ours = select(outgoing.c.dossier).where(outgoing.c.message_id.in_(ids), outgoing.c.dossier.is_not(None))
    found = connection.scalars(ours.order_by(outgoing.c.id.desc()).limit(1)).first()
    if found or not writer:
        return found
    # Whoever answers a mail of their own cites its number; it proves something for the dossier's own sender alone.
    theirs = (
        select(item.c.dossier)
        .join(messages, messages.c.digest == item.c.digest)
        .join(dossier, dossier.c.reference == item.c.dossier)
        .where(messages.c.message_id.in_(ids), dossier.c.sender_address == writer, dossier.c.status != "vervallen")
    )
    return connection.scalars(theirs.order_by(item.c.received.desc()).limit(1)).first()


def _by_citation(connection: Connection, message: Message, writer: str | None) -> str | None:
    if writer == "":
        return None
    words = f"{message.subject[:_READ]}\n{message.text[:_READ]}"
    cited = list(dict.fromkeys(f"KW-{year}-{number}" for year, number in _REFERENCE.findall(words)))
    return _existing(connection, cited[:20], writer)


def _existing(connection: Connection, references: list[str], writer: str | None) -> str | None:
    if not references:
        return None
    wanted = select(dossier.c.reference).where(dossier.c.reference.in_(references), dossier.c.status != "vervallen")
    if writer is not None:
        wanted = wanted.where(dossier.c.sender_address == writer)
    found = set(connection.scalars(wanted))
    return next((reference for reference in references if reference in found), None)


def _earlier(connection: Connection, writer: str, today: date) -> tuple[str, ...]:
    if not writer:
        return ()
    mine = (dossier.c.sender_address == writer, dossier.c.due_answer.is_not(None), dossier.c.opened <= today)
    wanted = select(dossier.c.reference).where(*mine, dossier.c.status != "vervallen")
    return tuple(connection.scalars(wanted.order_by(dossier.c.opened.desc(), dossier.c.number.desc()).limit(20)))


def _last_automatic(connection: Connection, writer: str, today: date) -> date | None:
    if not writer:
        return None
    midnight = datetime.combine(today + timedelta(days=1), time(), BRUSSELS)
    moment = func.coalesce(outgoing.c.sent, outgoing.c.released)
    last: datetime | None = connection.scalar(
        select(func.max(moment)).where(
            outgoing.c.automatic,
            outgoing.c.recipient == writer,
            outgoing.c.state.in_(("vrijgegeven", "verzonden")),
            moment < midnight,
        )
    )
    return None if last is None else last.astimezone(BRUSSELS).date()
