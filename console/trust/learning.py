"""The file to learn from: mails without names, with the judgement in force."""

import json
from collections.abc import Iterator

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from console.forms import OwnForm
from console.pages import staff_page
from console.roles import Keeper
from console.room import Here, Room
from register import access, events

router = APIRouter(prefix="/vertrouwen/leerbestand")


@router.get("")
def explain(request: Request, here: Here, account: Keeper) -> Response:
    """What the file holds, what it leaves out, and the button."""
    return staff_page(request, "vertrouwen/leerbestand.html", sleutel=here.book.key is not None)


@router.post("", dependencies=[OwnForm])
def export(here: Here, account: Keeper) -> Response:
    """One JSON object a line; who made it is written down first."""
    with here.book.begin() as page:
        events.write(page.connection, events.line(events.LEARNED, who=account.name))
    name = f"leerbestand-{here.book.now():%Y-%m-%d}.jsonl"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(_lines(here), media_type="application/x-ndjson", headers=headers)


def _lines(here: Room) -> Iterator[str]:
    with here.book.engine.connect() as connection:
        for one in access.pseudonymised(connection, here.book.key):
            yield json.dumps(one, ensure_ascii=False) + "\n"
