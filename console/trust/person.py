"""The rights of a person: what is held on somebody, a copy of it, and its erasure (GDPR articles 15 and 17)."""

import json
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from console.forms import OwnForm, back_to
from console.pages import page, staff_page
from console.roles import Keeper
from console.room import Here, Room
from console.trust.watching import sought
from register import access, events, retention
from register.accounts import Account
from register.record import Json, as_text
from register.retention import AlreadyProposedError, HeldError
from register.seeking import entries

router = APIRouter(prefix="/vertrouwen/persoon")
# What a copy calls the fields of the register, where the field's own name is no Dutch word.
LABELS = {
    "reference": "Nummer",
    "year": "Jaar",
    "number": "Volgnummer of rijksregisternummer",
    "sender_name": "Naam van de schrijver",
    "sender_address": "Adres van de schrijver",
    "opened": "Geopend",
    "due_ack": "Bevestigen tegen",
    "due_answer": "Antwoorden tegen",
    "acknowledged": "Bevestigd",
    "answered": "Beantwoord",
    "closed": "Gesloten",
    "status": "Stand",
    "regime": "Regeling",
    "day_zero": "Dag van ontvangst",
    "handler": "Behandelaar",
    "qualification": "Telt als",
    "reporter": "Melder",
    "form": "Afhandelingsvorm",
    "ground": "Reden",
    "finding": "Eindbevinding",
    "solution": "Oplossing",
    "severity": "Ernst",
    "admissible": "Ontvankelijk",
    "norms": "Ombudsnormen",
    "carriers": "Drager",
    "channels": "Kanaal",
    "themes": "Thema's",
    "outcomes": "Opvolging",
    "role": "Rol",
    "name": "Naam",
    "birth": "Geboren",
    "contact": "Contact",
    "address": "Adres",
    "subject": "Onderwerp",
    "text": "Tekst",
    "to": "Aan",
    "sender": "Van",
    "at": "Wanneer",
    "who": "Wie",
    "what": "Wat",
    "sent": "Verzonden",
    "made": "Gemaakt",
    "released": "Vrijgegeven",
    "state": "Stand",
    "question": "Vraag",
    "answer": "Antwoord",
    "department": "Afdeling",
    "asked": "Gevraagd",
    "asked_by": "Gevraagd door",
    "answered_by": "Antwoord van",
    "account": "Medewerker",
    "detail": "Bijzonderheden",
    "ground_words": "Reden in woorden",
    "finding_words": "Eindbevinding in woorden",
    "satisfaction_words": "Tevredenheid in woorden",
}


@router.get("")
def form(request: Request, here: Here, account: Keeper) -> Response:
    """The form to look somebody up."""
    return staff_page(request, "vertrouwen/persoon.html", gezocht="", gevonden=None, sleutel=here.book.key is not None)


@router.post("", dependencies=[OwnForm])
def look_up(request: Request, here: Here, account: Keeper, wie: Annotated[str, Form(max_length=200)] = "") -> Response:
    """What is held on somebody; the name is sent in a form, so that it stands in no address and no log."""
    found = sought(here, wie)
    with here.book.engine.connect() as connection:
        dossiers = entries(connection, tuple(found.references))
    mails = [record.item for digest in found.digests if (record := here.book.record(digest)) is not None]
    return staff_page(
        request,
        "vertrouwen/persoon.html",
        gezocht=wie.strip(),
        gevonden=found,
        dossiers=dossiers,
        berichten=mails,
        namen=here.desk.glossary(),
        sleutel=here.book.key is not None,
    )


class Copy(BaseModel):
    """Which dossiers and mails to copy, and in which form."""

    dossier: list[str] = Field(default_factory=list, max_length=200)
    bericht: list[str] = Field(default_factory=list, max_length=200)
    vorm: str = Field(default="html", max_length=10)


@router.post("/afschrift", dependencies=[OwnForm])
def copy(here: Here, account: Keeper, wanted: Annotated[Copy, Form()]) -> Response:
    """A copy of what is held, to be looked through before it is handed over; that it was made is written down."""
    whole = _copied(here, account, wanted.dossier, wanted.bericht)
    form_ = wanted.vorm if wanted.vorm == "json" else "html"
    if form_ == "json":
        content = json.dumps(whole, ensure_ascii=False, indent=1).encode()
    else:
        content = bytes(page("vertrouwen/afschrift.html", inhoud=whole, namen=LABELS).body)
    name = f"afschrift-{here.book.now():%Y-%m-%d}.{form_}"
    headers = {
        "content-disposition": f'attachment; filename="{name}"',
        "content-security-policy": "default-src 'none'; sandbox",
    }
    return Response(content, media_type={"json": "application/json", "html": "text/html"}[form_], headers=headers)


class Request17(BaseModel):
    """What somebody asked to erase, and why."""

    dossier: list[str] = Field(default_factory=list, max_length=200)
    bericht: list[str] = Field(default_factory=list, max_length=200)
    waarom: str = Field(default="", max_length=500)


@router.post("/wissen", dependencies=[OwnForm])
def erase(here: Here, account: Keeper, wanted: Annotated[Request17, Form()]) -> Response:
    """Propose to erase the persons of these dossiers and mails; two people must approve it afterwards."""
    why = " ".join(as_text(wanted.waarom).split())
    if not why or not (wanted.dossier or wanted.bericht):
        raise HTTPException(422, "Kies wat gewist moet worden, en schrijf waarom.")
    try:
        with here.book.begin() as written:
            for reference in wanted.dossier:
                retention.ask(written.connection, as_text(reference), account.name, why)
            for digest in wanted.bericht:
                retention.ask(written.connection, None, account.name, why, digest=as_text(digest))
    except (AlreadyProposedError, HeldError) as trouble:
        raise HTTPException(409, f"Er is niets voorgesteld: {trouble}.") from None
    except LookupError:
        raise HTTPException(404) from None
    return back_to("/vertrouwen/bewaren", "wissen-gevraagd")


def _copied(here: Room, account: Account, references: Sequence[str], digests: Sequence[str]) -> Json:
    """The copy, and the lines that tell who made it. Raises HTTPException 404 or 422."""
    if not references and not digests:
        raise HTTPException(422, "Kies eerst waarvan u een afschrift wilt.")
    with here.book.begin() as written:
        files: list[Json] = []
        for reference in references:
            found = access.extract(written.connection, as_text(reference), here.book.key)
            if found is None:
                raise HTTPException(404)
            files.append(found)
            written.note_read(account.name, reference=reference)
            line = events.line(events.EXTRACTED, who=account.name, dossier=reference)
            events.write(written.connection, line)
        mails = access.extract_mails(written.connection, [as_text(one) for one in digests])
        for digest in digests:
            written.note_read(account.name, as_text(digest))
            events.write(written.connection, events.line(events.EXTRACTED, who=account.name, digest=as_text(digest)))
    return {"dossiers": files, "berichten zonder dossier": mails}
