"""Webhooks: other programs are told what happened, without a word or a name; what fails is tried again, ever later."""

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select, update

from register import events
from register.access_tables import webhook, webhook_delivery
from register.record import as_text
from register.sealing import Key
from register.tables import item

MADE = "webhook gemaakt"
STOPPED = "webhook gestopt"
GIVEN_UP = "webhook opgegeven"
WORDS = {
    "bericht.ingeschreven": events.ENTERED,
    "bericht.afgehandeld": events.SETTLED,
    "oordeel.verbeterd": events.CORRECTED,
    "dossier.geopend": events.OPENED,
    "dossier.beantwoord": events.ANSWERED,
    "dossier.gesloten": events.CLOSED,
    "brief.verzonden": events.SENT,
    "brief.mislukt": events.FAILED,
}
"""What can be told, by the name under which it is told."""
_NAMES = {what: name for name, what in WORDS.items()}
WAITS = tuple(timedelta(minutes=one) for one in (1, 5, 30, 120, 360, 720, 1440))
"""How long after each failure it is tried again; after the last it is given up."""
_WHAT = "webhook"
_REMEMBERED = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where something is told."""

    id: int
    url: str
    wanted: tuple[str, ...]
    """Names, as in `WORDS`."""
    made: datetime
    made_by: str
    stopped: datetime | None
    waiting: int
    """How many things are still to be told there."""
    given_up: int
    """How many were given up, and not tried again since."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One thing that is told, and how far it came."""

    id: int
    what: str
    at: datetime
    reference: str | None
    tries: int
    ended: datetime | None
    delivered: bool
    said: str
    next_try: datetime


@dataclass(frozen=True, slots=True)
class Parcel:
    """What goes out: where to, under which secret, and the body to the byte."""

    id: int
    webhook: int
    url: str
    secret: str = field(repr=False)
    body: bytes
    tries: int


def make(connection: Connection, url: str, names: Iterable[str], key: Key, who: str) -> str:
    """Add a webhook; the secret of its signatures, shown this once. Raises ValueError for an unknown name or none."""
    chosen = sorted(set(names))
    if not chosen or set(chosen) - WORDS.keys():
        raise ValueError("a webhook needs names that are known")
    secret = secrets.token_urlsafe(32)
    row = {"url": url, "wanted": [WORDS[name] for name in chosen], "sealed": key.seal(secret, _WHAT), "made_by": who}
    connection.execute(insert(webhook).values(row))
    events.write(connection, events.line(MADE, who=who, adres=_place(url), meldt=chosen))
    return secret


def stop(connection: Connection, number: int, who: str, now: datetime) -> bool:
    """Tell nothing more there, also not what waits; False when there is no such webhook."""
    mine = (webhook.c.id == number, webhook.c.stopped.is_(None))
    url = connection.scalar(update(webhook).where(*mine).values(stopped=now).returning(webhook.c.url))
    if url is None:
        return False
    waiting = (webhook_delivery.c.webhook == number, webhook_delivery.c.ended.is_(None))
    connection.execute(update(webhook_delivery).where(*waiting).values(ended=now, said="Gestopt."))
    events.write(connection, events.line(STOPPED, who=who, adres=_place(url)))
    return True


def listed(connection: Connection) -> tuple[Webhook, ...]:
    """All webhooks, the newest first."""
    told = webhook_delivery
    of_it = (told.c.webhook == webhook.c.id, told.c.delivered.is_(False))
    waiting = select(func.count()).where(*of_it, told.c.ended.is_(None)).scalar_subquery()
    lost = (told.c.ended.is_not(None), webhook.c.stopped.is_(None))
    given_up = select(func.count()).where(*of_it, *lost).scalar_subquery()
    wanted = select(webhook, waiting.label("waiting"), given_up.label("given_up")).order_by(webhook.c.id.desc())
    return tuple(
        Webhook(
            row.id, row.url, tuple(_NAMES.get(one, one) for one in row.wanted), row.made, row.made_by, row.stopped,
            row.waiting, row.given_up,
        )
        for row in connection.execute(wanted)
    )  # fmt: skip


def deliveries(connection: Connection, number: int, *, limit: int = 50) -> tuple[Delivery, ...]:
    """The last things told there, newest first."""
    table = webhook_delivery
    wanted = _told().where(table.c.webhook == number).order_by(table.c.id.desc()).limit(limit)
    return tuple(
        Delivery(
            row.id, _NAMES.get(row.what, row.what), row.at, row.reference, row.tries, row.ended, row.delivered,
            row.said, row.next_try,
        )
        for row in connection.execute(wanted)
    )  # fmt: skip


def again(connection: Connection, number: int, now: datetime, *, of: int) -> bool:
    """Tell the webhook `of` once more what was given up; False when it was not, or when it is stopped."""
    table = webhook_delivery
    alive = select(webhook.c.id).where(webhook.c.id == table.c.webhook, webhook.c.stopped.is_(None)).exists()
    lost = (table.c.id == number, table.c.webhook == of, table.c.ended.is_not(None), table.c.delivered.is_(False))
    change = update(table).where(*lost, alive).values(ended=None, tries=0, next_try=now)
    return bool(connection.execute(change).rowcount)


def forget(connection: Connection, now: datetime) -> int:
    """Remove what ended ninety days ago, delivered or not; how many. The events themselves stay in the journal."""
    over = webhook_delivery.c.ended < now - _REMEMBERED
    return connection.execute(webhook_delivery.delete().where(over)).rowcount


def claim(
    connection: Connection, now: datetime, key: Key, address: str, *, without: Iterable[int] = ()
) -> Parcel | None:
    """What is to go out first, locked for this transaction so that no other process tells it; None when all is told.

    `address` is where the console stands; `without` are webhooks to leave alone for now.
    """
    table = webhook_delivery
    due = (table.c.ended.is_(None), table.c.next_try <= now, table.c.webhook.not_in(list(without)))
    wanted = _told().add_columns(webhook.c.url, webhook.c.sealed).join(webhook, webhook.c.id == table.c.webhook)
    first = wanted.where(*due).order_by(table.c.next_try, table.c.id).limit(1)
    row = connection.execute(first.with_for_update(of=table, skip_locked=True)).one_or_none()
    if row is None:
        return None
    told = {"id": row.id, "soort": _NAMES.get(row.what, row.what), "op": row.at.isoformat()}
    told |= {"referentie": row.reference, "digest": row.digest}
    told["pagina"] = f"{address.rstrip('/')}/bericht/{row.digest}" if row.digest and address else None
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    return Parcel(row.id, row.webhook, row.url, key.open(bytes(row.sealed), _WHAT), body, row.tries)


def arrived(connection: Connection, parcel: Parcel, said: str, now: datetime) -> None:
    """The other side took it."""
    values = {"ended": now, "delivered": True, "tries": parcel.tries + 1, "said": as_text(said)[:200]}
    connection.execute(update(webhook_delivery).where(webhook_delivery.c.id == parcel.id).values(values))


def missed(connection: Connection, parcel: Parcel, why: str, now: datetime) -> bool:
    """The other side did not take it: later again, or given up, and so in the journal; whether it was given up."""
    over = parcel.tries >= len(WAITS)
    values = {"tries": parcel.tries + 1, "said": as_text(why)[:200], "ended": now if over else None}
    if over:
        events.write(connection, events.line(GIVEN_UP, adres=_place(parcel.url), nummer=parcel.id))
    else:
        values["next_try"] = now + WAITS[parcel.tries]
    connection.execute(update(webhook_delivery).where(webhook_delivery.c.id == parcel.id).values(values))
    return over


def _place(url: str) -> str:
    # A question behind an address may hold a secret of the other side, and the journal forgets nothing.
    return url.partition("?")[0]


def _told() -> Select[*tuple[Any, ...]]:
    # What happened to a message alone is told with the dossier in which the message lies now.
    table = webhook_delivery
    reference = func.coalesce(table.c.dossier, item.c.dossier).label("reference")
    return select(table, reference).outerjoin(item, item.c.digest == table.c.digest)
