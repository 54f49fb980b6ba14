"""A mail that was judged wrongly becomes an example in the rule that erred, in words that a person chose."""

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from console.forms import OwnForm, back_to
from console.mail import found
from console.pages import staff_page
from console.roles import MAINTAINERS, Teacher
from console.room import Here
from console.workbench.access import Shop
from console.workbench.insertion import Kind, NoRoomError, with_example
from register import rule_drafts
from register.access import hidden
from register.events import PROGRAM
from register.reading import Record
from register.record import as_text
from triage.rulebook import assemble

router = APIRouter(prefix="/regels/voorbeeld")
_KINDS: dict[str, Kind] = {"mis": "mis", "raak": "raak"}


class Example(BaseModel):
    """An example as a person wants it."""

    bericht: str = Field(max_length=64)
    regel: str = Field(max_length=200)
    soort: str = Field(max_length=10)
    tekst: str = Field(max_length=5_000)


@router.get("")
def form(request: Request, here: Here, account: Teacher, shop: Shop, bericht: str = "") -> Response:
    """The words of the mail without names and numbers, to be cut down by the person, and the rule that erred."""
    record = found(here, bericht)
    with here.book.begin() as page:
        page.note_read(account.name, record.message.digest)
    book = assemble(shop.live().files)[0]
    return staff_page(
        request,
        "regels/voorbeeld.html",
        b=record.message,
        tekst=suggested(record),
        fout_regel=erred(record),
        nu_regel=record.decision.regel,
        regels=[(rule.id, rule.omdat) for rule in book.outcomes] if book else [],
        mag_regels=bool(MAINTAINERS & set(account.roles)),
    )


@router.post("", dependencies=[OwnForm])
def keep(here: Here, account: Teacher, shop: Shop, given: Annotated[Example, Form()]) -> Response:
    """The example stands in a new draft: of this person, or for a maintainer to take over."""
    record, live = found(here, given.bericht), shop.live()
    kind, text = _KINDS.get(given.soort), as_text(" ".join(given.tekst.split()))
    if kind is None or not text:
        raise HTTPException(422, "Schrijf de zin of zinnen die het voorbeeld moeten zijn.")
    try:
        path, longer = with_example(live.files, given.regel, kind, text)
    except NoRoomError:
        raise HTTPException(422, "Deze regel staat niet in de regels die nu gelden.") from None
    where = record.item.reference or record.message.digest[:12]
    why = f"voorbeeld uit {where}: moet {kind} zijn voor {given.regel}"
    with here.book.engine.begin() as connection:
        number = rule_drafts.begin(connection, who=account.name, base=live.fingerprint, why=why, edits={path: longer})
    if MAINTAINERS & set(account.roles):
        return back_to(f"/regels/ontwerp/{number}", "voorbeeld")
    return back_to(f"/bericht/{record.message.digest}", "voorbeeld-klaar")


def erred(record: Record) -> str:
    """The rule by which the program decided last before a person knew better; empty when it never did."""
    return next((one.decision.regel for one in reversed(record.judgements) if one.who == PROGRAM), "")


def suggested(record: Record) -> str:
    """The writer's own words, without what leads to a person as far as the program sees it."""
    message = record.message
    own = "".join(message.text[one.start : one.end] for one in message.passages if one.role == "eigen")
    names = [message.sender.name, *(one.name for one in message.recipients)]
    return " ".join(hidden(own or message.text, names).split())
