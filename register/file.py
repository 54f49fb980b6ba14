"""Changes of a dossier: each is an event with what was and what is; the row is the picture that follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, case, func, select, update

from register import events
from register.file_tables import conclusion
from register.law import Law
from register.record import Json, storable
from register.tables import dossier, event

# Column of `dossier` to its list in `rules/keuzelijsten.yaml`.
LISTS: Mapping[str, str] = {
    "reporter": "melder",
    "form": "vorm",
    "ground": "onontvankelijk",
    "finding": "bevinding",
    "solution": "oplossing",
    "norms": "ombudsnorm",
    "carriers": "drager",
    "channels": "kanaal",
    "mediation": "bemiddeling",
    "outcomes": "opvolging",
    "themes": "thema",
    "severity": "ernst",
    "satisfaction": "tevredenheid",
}
DossierRow = Row[*tuple[object, ...]]
# The next last day: to acknowledge, then to answer.
_NEXT = case(
    (dossier.c.answered.is_not(None), None),
    (dossier.c.acknowledged.is_(None), func.coalesce(dossier.c.due_ack, dossier.c.due_answer)),
    else_=dossier.c.due_answer,
)
QUALIFICATIONS = ("", "klacht", "andere")


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What people concluded in words; empty where nothing was said."""

    ground_words: str = ""
    finding_words: str = ""
    satisfaction_words: str = ""


class UnknownDossierError(LookupError):
    """There is no dossier of that reference."""


def row(connection: Connection, reference: str, *, lock: bool = False) -> DossierRow:
    """The row of a dossier. Raises UnknownDossierError."""
    wanted = select(dossier).where(dossier.c.reference == reference)
    found = connection.execute(wanted.with_for_update() if lock else wanted).one_or_none()
    if found is None:
        raise UnknownDossierError(reference)
    return found


def conclusion_of(connection: Connection, reference: str) -> Conclusion:
    """The words of the conclusions of a dossier."""
    row = connection.execute(select(conclusion).where(conclusion.c.dossier == reference)).one_or_none()
    return Conclusion() if row is None else Conclusion(row.ground_words, row.finding_words, row.satisfaction_words)


def change(  # noqa: PLR0913
    connection: Connection,
    reference: str,
    account: str,
    what: str,
    values: Mapping[str, object],
    *,
    law: Law | None = None,
    **detail: object,
) -> bool:
    """Change columns of a dossier with their event; False when nothing would change and no detail is told.

    Raises ValueError for a value outside its list, and UnknownDossierError.
    """
    if law is not None:
        check(values, law)
    before = row(connection, reference, lock=True)
    was = {name: getattr(before, name) for name in values if _plain(getattr(before, name)) != _plain(values[name])}
    if not was and not detail:
        return False
    now = {name: values[name] for name in was}
    if now:
        connection.execute(update(dossier).where(dossier.c.reference == reference).values(now))
    events.write(connection, events.told(what, account, reference, {"was": was, "nu": now} | detail))
    return True


def check(values: Mapping[str, object], law: Law) -> None:
    """Raises ValueError for a value that its list does not have; empty means not known."""
    if values.get("qualification", "") not in QUALIFICATIONS:
        raise ValueError(f"qualification: kies uit {', '.join(QUALIFICATIONS[1:])}")
    for name, list_ in LISTS.items():
        given = values.get(name)
        for one in () if not given else (given,) if isinstance(given, str) else tuple(given):  # type: ignore[arg-type]
            if one not in law.choices(list_):
                raise ValueError(f"{name}: {one} staat niet in de lijst {list_}")


def handled(connection: Connection, account: str, *, limit: int = 200) -> tuple[DossierRow, ...]:
    """The open dossiers of a handler, what is due first on top."""
    mine = select(dossier).where(dossier.c.handler == account, dossier.c.status == "open")
    return tuple(connection.execute(mine.order_by(_NEXT.nulls_last(), dossier.c.reference).limit(limit)))


def untaken(connection: Connection, *, limit: int = 50) -> tuple[DossierRow, ...]:
    """Open complaints that wait for an answer and have no handler, what is due first on top."""
    waits = (dossier.c.answered.is_(None), dossier.c.due_answer.is_not(None), dossier.c.handler.is_(None))
    wanted = select(dossier).where(dossier.c.status == "open", dossier.c.regime == "klacht", *waits)
    return tuple(connection.execute(wanted.order_by(dossier.c.due_answer, dossier.c.reference).limit(limit)))


def turn(connection: Connection, reference: str | None, status: str | None, account: str) -> None:
    """Close or open a dossier; an event when that is a change."""
    if reference is None or status is None or row(connection, reference).status == status:
        return
    closed: datetime | None = connection.scalar(select(func.clock_timestamp())) if status == "gesloten" else None
    what = events.CLOSED if status == "gesloten" else events.TURNED_OPEN
    change(connection, reference, account, what, {"status": status, "closed": closed})


def replayed(connection: Connection, reference: str) -> Json:
    """The columns of a dossier as its events tell them; what no event changed is missing."""
    wanted = select(event.c.detail).where(event.c.dossier == reference, event.c.detail.has_key("nu"))
    picture: Json = {}
    for detail in connection.scalars(wanted.where(event.c.what.not_like("deel %")).order_by(event.c.id)):
        picture |= detail["nu"]
    return picture


def _plain(value: object) -> object:
    return storable(value)
