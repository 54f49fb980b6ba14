"""Every mail on file with the judgement in force, in a stream: what a what-if looks back on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from intake.message import Message
from register.record import Json, restored
from register.tables import assessment, decision, item, message, raw_mail
from triage.assessment import Assessment
from triage.decision import Known

_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Judged:
    """What was understood of one mail, as it stands now, with all that deciding again takes."""

    digest: str
    reference: str | None
    received: datetime
    assessment: Assessment
    """Without the words that carry the facts: no decision depends on them, and they are most of what is stored."""
    on: date
    known: Known
    erased: bool
    """Whether the words are gone, so that nobody can read the mail anew."""


def judged(connection: Connection, since: datetime | None) -> Iterator[Judged]:
    """Mails received since then, oldest first. Rows come in small portions, however many there are."""
    said = decision.c.record
    wanted = (
        select(
            item.c.digest,
            item.c.dossier,
            item.c.received,
            assessment.c.record.label("seen"),
            said["on"].astext.label("on"),
            said["known"].label("known"),
            said["dossier"].astext.label("joined"),
            raw_mail.c.state,
        )
        .join(decision, decision.c.id == item.c.decision)
        .join(assessment, assessment.c.id == decision.c.assessment)
        .join(raw_mail, raw_mail.c.digest == item.c.digest)
        .order_by(item.c.received, item.c.digest)
    )
    wanted = wanted if since is None else wanted.where(item.c.received >= since)
    with connection.execution_options(yield_per=_AT_ONCE).execute(wanted) as rows:
        for row in rows:
            # Decisions of before this was kept say only to which dossier the mail was added.
            known = restored(Known, row.known) if row.known else Known(register=True, dossier=row.joined)
            seen = restored(Assessment, _bare(row.seen))
            yield Judged(
                row.digest, row.dossier, row.received, seen, date.fromisoformat(row.on), known, row.state == "gewist"
            )


def _bare(record: Json) -> Json:
    for facts in (record.get("facts", {}), *record.get("parts", ())):
        for fact in facts.values():
            fact.pop("evidence", None)
    return record


def count(connection: Connection, since: datetime | None) -> int:
    """How many mails `judged` gives."""
    wanted = select(func.count()).select_from(item)
    return connection.scalar(wanted if since is None else wanted.where(item.c.received >= since)) or 0


def messages(connection: Connection, digests: Sequence[str]) -> list[Message]:
    """These mails as they were parsed, in the order asked for."""
    rows = connection.execute(select(message.c.digest, message.c.record).where(message.c.digest.in_(digests)))
    found = {row.digest: restored(Message, row.record) for row in rows}
    return [found[digest] for digest in digests]
