"""What other systems get: one plain mapping a message."""

from collections.abc import Iterator

from sqlalchemy import Connection, Row, select

from register.deadlines import BRUSSELS
from register.tables import decision, dossier, item, message, outgoing
from triage.vocabulary import VELDEN

_AT_ONCE = 500


def lines(connection: Connection) -> Iterator[dict[str, object]]:
    """Every message in order of receipt, with the keys and words of `export --json`."""
    rows = connection.execution_options(yield_per=_AT_ONCE).execute(
        select(
            item.c.digest,
            item.c.dossier.label("reference"),
            item.c.received,
            message.c.message_id,
            decision.c.record,
            dossier.c.due_ack,
            dossier.c.due_answer,
        )
        .select_from(item)
        .join(message, message.c.digest == item.c.digest)
        .join(decision, decision.c.id == item.c.decision)
        .outerjoin(dossier, dossier.c.reference == item.c.dossier)
        .order_by(item.c.received, item.c.digest)
    )
    for batch in rows.partitions():
        written = _letters(connection, [row.digest for row in batch])
        for row in batch:
            yield _line(row, written.get(row.digest, []))


def _line(row: Row[*tuple[object, ...]], written: list[dict[str, object]]) -> dict[str, object]:
    return {
        "referentie": row.reference,
        "message_id": row.message_id,
        "ontvangen": row.received.astimezone(BRUSSELS).isoformat(),
        **{name: row.record[name] for name in VELDEN},
        "delen": [{name: part[name] for name in VELDEN} for part in row.record["delen"]],
        "bevestigen_voor": row.due_ack.isoformat() if row.due_ack else None,
        "antwoorden_voor": row.due_answer.isoformat() if row.due_answer else None,
        "brieven": written,
    }


def _letters(connection: Connection, digests: list[str]) -> dict[str, list[dict[str, object]]]:
    # A cursor that is being read leaves the connection free for other statements, since it lives on the server.
    bodies = outgoing.c.record["bodies"].label("bodies")
    wanted = select(outgoing.c.id, outgoing.c.digest, outgoing.c.letter, outgoing.c.state, bodies)
    of_these = (outgoing.c.digest.in_(digests), outgoing.c.withdrawn.is_(None))
    found: dict[str, list[dict[str, object]]] = {}
    for row in connection.execution_options(yield_per=None).execute(wanted.where(*of_these).order_by(outgoing.c.id)):
        line = {"id": row.id, "sjabloon": row.letter, "instanties": row.bodies, "staat": row.state}
        found.setdefault(row.digest, []).append(line)
    return found
