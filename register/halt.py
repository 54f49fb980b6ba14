"""The general pause: one switch that keeps every letter in, whoever released it."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert

from register import events, tables

HALTED = "verzenden stilgezet"
GOES_ON = "verzenden hervat"
_NAME = "verzenden_stil"
_setting = tables.setting


@dataclass(frozen=True, slots=True)
class Halt:
    """Nothing leaves since then."""

    since: datetime
    who: str
    why: str


def halted(connection: Connection) -> Halt | None:
    """Who keeps all letters in, since when and why; None while they may leave."""
    value = connection.scalar(select(_setting.c.value).where(_setting.c.name == _NAME))
    if not value:
        return None
    told = json.loads(value)
    return Halt(datetime.fromisoformat(told["sinds"]), told["wie"], told["waarom"])


def halt(connection: Connection, account: str, why: str, *, now: datetime) -> None:
    """Keep every letter in until `go_on`; one that is being handed to the relay this moment is past stopping."""
    value = json.dumps({"sinds": now.isoformat(), "wie": account, "waarom": why}, ensure_ascii=False)
    kept = insert(_setting).values(name=_NAME, value=value)
    connection.execute(kept.on_conflict_do_update(index_elements=["name"], set_={"value": value}))
    events.write(connection, events.line(HALTED, who=account, waarom=why))


def go_on(connection: Connection, account: str) -> None:
    """Let released letters leave again; the worker takes them up within a minute."""
    if connection.execute(delete(_setting).where(_setting.c.name == _NAME)).rowcount:
        events.write(connection, events.line(GOES_ON, who=account))
