"""What programs bring: a message to keep, or a text to have assessed and forgotten."""

import secrets
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Annotated

from fastapi import APIRouter, Body, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field

from console.api.gate import Counter, Here, MayAssess, MayBring
from console.api.problem import answers
from console.api.shapes import Assessed, Kept
from intake.message import Envelope
from responder.recipient import is_address

router = APIRouter()
_LONGEST = 200_000
_LARGEST = 1_500_000
_MAIL = ("message/rfc822", "application/octet-stream")
_REFUSALS = answers(400, 401, 403, 413, 422, 429)


class Told(BaseModel):
    """Een bericht als losse velden."""

    model_config = ConfigDict(extra="forbid")

    tekst: Annotated[str, Field(min_length=1, max_length=_LONGEST, pattern=r"\S")]
    onderwerp: Annotated[str, Field(max_length=500)] = ""
    naam: Annotated[str, Field(max_length=200, description="Naam van wie schrijft.")] = ""
    adres: Annotated[str, Field(max_length=250, description="E-mailadres van wie schrijft; leeg: geen antwoord.")] = ""
    sleutel: Annotated[
        str, Field(max_length=80, pattern="^[A-Za-z0-9_-]*$", description="Uw eigen nummer: tweemaal is één bericht.")
    ] = ""


class Text(BaseModel):
    """Een tekst om te beoordelen."""

    model_config = ConfigDict(extra="forbid")

    tekst: Annotated[str, Field(min_length=1, max_length=_LONGEST, pattern=r"\S")]
    onderwerp: Annotated[str, Field(max_length=500)] = ""


@router.post("/berichten", status_code=202, responses=_REFUSALS, max_body_size=_LARGEST)
def bring(here: Here, token: MayBring, told: Told) -> Kept:
    """Breng een bericht binnen. Na dit antwoord is het bewaard; het wordt daarna verwerkt zoals elke mail."""
    key = f"{token.id}-{told.sleutel}" if told.sleutel else secrets.token_urlsafe(18)
    # A repeated key must give the same mail to the byte, so such a mail has no Date of its own.
    sender = told.adres if is_address(told.adres) else ""
    return _keep(here, _written(here, told, key, dated=not told.sleutel), sender)


@router.post(
    "/berichten/eml",
    status_code=202,
    responses=_REFUSALS | answers(415),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {kind: {"schema": {"type": "string", "minLength": 1}} for kind in _MAIL},
        }
    },
    max_body_size=35_000_000,
)
async def bring_mail(request: Request, here: Here, token: MayBring) -> Kept:
    """Breng een hele mail binnen (RFC 5322), byte voor byte zoals hij was."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in _MAIL:
        raise HTTPException(415, "Stuur de mail als message/rfc822.")
    raw = await request.body()
    if len(raw) > here.programs.largest:
        raise HTTPException(413, "Deze mail is te groot.")
    if not raw:
        raise HTTPException(422, "De mail is leeg.")
    # The book writes to disk; meanwhile the other pages go on.
    return await run_in_threadpool(_keep, here, raw, "")


@router.post("/beoordelingen", responses=_REFUSALS, max_body_size=_LARGEST)
def assess(here: Here, token: MayAssess, told: Annotated[Text, Body()]) -> Assessed:
    """Laat een tekst beoordelen zonder hem te bewaren: alsof hij nu als mail binnenkwam, van een onbekende."""
    whole = Told(tekst=told.tekst, onderwerp=told.onderwerp)
    return Assessed.model_validate(here.programs.assess(_written(here, whole, "proef", dated=True)))


def _keep(here: Counter, raw: bytes, sender: str) -> Kept:
    envelope = Envelope("file", sender, (here.programs.mailbox,), here.book.now())
    receipt = here.book.keep(raw, envelope)
    return Kept(digest=receipt.digest, nieuw=not receipt.known)


def _written(here: Counter, told: Told, key: str, *, dated: bool) -> bytes:
    mail = EmailMessage(policy=SMTP)
    # An address that was mistyped must not lose the message; it stands readable in the name.
    right = is_address(told.adres)
    local, _, domain = (told.adres if right else "onbekend@api.invalid").rpartition("@")
    name = told.naam if right or not told.adres else f"{told.naam} ({told.adres})"
    mail["From"] = Address(_line(name), username=local, domain=domain)
    mail["To"] = here.programs.mailbox
    mail["Subject"] = _line(told.onderwerp)
    mail["Message-ID"] = f"<api-{key}@{here.programs.mailbox.rpartition('@')[2]}>"
    if dated:
        mail["Date"] = format_datetime(here.book.now())
    mail.set_content(told.tekst, charset="utf-8", cte="base64")
    return mail.as_bytes()


def _line(words: str) -> str:
    """One line of printable words; anything else could end the header."""
    return " ".join("".join(one if one.isprintable() else " " for one in words).split())
