"""What a person does with a mail: agree, correct, choose a letter, take it up again."""

from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException
from fastapi.responses import Response
from pydantic import BaseModel, Field

from console import words
from console.forms import OwnForm, back_to
from console.mail import found, offered, undoable, version
from console.roles import Worker
from console.room import Here, Room
from register.letters import LetterGoneError
from register.reading import Record
from triage.assessment import Value

router = APIRouter(prefix="/bericht/{digest}", dependencies=[OwnForm])
Versie = Annotated[str, Form()]


@router.post("/akkoord")
def accept(here: Here, account: Worker, digest: str, versie: Versie = "") -> Response:
    """The whole proposal is right: the mail leaves the work list."""
    _unchanged(here, digest, versie)
    here.desk.accept(digest, account.name)
    return back_to("/werkvoorraad", "akkoord")


class Correction(BaseModel):
    """One field as a person knows it."""

    veld: str = Field(max_length=100)
    waarde: list[str] = Field(default_factory=list, max_length=200)
    versie: str = ""


@router.post("/verbeter")
def correct(here: Here, account: Worker, digest: str, given: Annotated[Correction, Form()]) -> Response:
    """A person knows one field better; the decision is made again."""
    record = _unchanged(here, digest, given.versie)
    veld, waarde = given.veld, given.waarde
    names = here.desk.glossary()
    value: Value
    if veld in words.FIELDS:
        held = getattr(record.decision, veld)
        value = _chosen(veld, waarde, set(words.choices(veld, names)) | set(held if veld in words.MANY else [held]))
        if veld == "decreten" and isinstance(value, tuple):
            # The main decree comes first; what is left of the former order stays in it.
            value = tuple(sorted(value, key=lambda one: held.index(one) if one in held else len(held)))
    elif veld in names.signs or veld in record.assessment.facts:
        value = _chosen(veld, waarde, {"ja", "nee"}) == "ja"
    else:
        raise HTTPException(422, "Dit veld bestaat niet.")
    try:
        here.desk.correct(digest, veld, value, account.name)
    except ValueError:
        raise HTTPException(422, "Deze waarde past niet bij dit veld.") from None
    return back_to(f"/bericht/{digest}", "verbeterd", anchor="voorstel")


@router.post("/terug")
def undo(here: Here, account: Worker, digest: str, versie: Versie = "") -> Response:
    """Put back what stood before this person's last correction; the correction stays readable."""
    record = _unchanged(here, digest, versie)
    if not undoable(record, account.name):
        raise HTTPException(409, "De laatste wijziging is niet van u. Er is niets veranderd.")
    here.desk.undo(digest, account.name)
    return back_to(f"/bericht/{digest}", "teruggezet", anchor="voorstel")


@router.post("/brief")
def choose_letter(
    here: Here, account: Worker, digest: str, brief: Annotated[str, Form(max_length=100)] = "", versie: Versie = ""
) -> Response:
    """Another letter takes the place of those that wait; these are taken back and stay on file."""
    record = _unchanged(here, digest, versie)
    if brief not in [one.id for one in offered(record, here.desk.letters())]:
        raise HTTPException(422, "Deze brief past niet bij de uitkomst.")
    number = here.desk.write(digest, brief)
    if number is None:
        raise HTTPException(409, "Op dit bericht kan geen brief volgen: het komt van een machine of heeft geen adres.")
    with here.book.begin() as page:
        for other in record.letters:
            if other.id != number and other.withdrawn is None and other.state in ("concept", "vastgehouden"):
                # One that a colleague just released is on its way; the page then shows both.
                with suppress(LetterGoneError):
                    page.withdraw(other.id, account.name)
    return back_to(f"/bericht/{digest}", "gekozen", anchor=f"brief-{number}")


@router.post("/heropen")
def reopen(here: Here, account: Worker, digest: str) -> Response:
    """Put the mail back on the work list."""
    found(here, digest)
    with here.book.begin() as page:
        page.reopen(digest, account.name)
    return back_to(f"/bericht/{digest}", "heropend")


def _unchanged(here: Room, digest: str, seen: str) -> Record:
    """The record, when it still is what the person saw; otherwise 409."""
    record = found(here, digest)
    if seen != version(record):
        raise HTTPException(
            409,
            "Een collega veranderde dit bericht terwijl u keek. Bekijk eerst wat er veranderde. Er is niets bewaard.",
        )
    return record


def _chosen(field: str, given: list[str], allowed: set[str]) -> str | tuple[str, ...]:
    unknown = [value for value in given if value not in allowed]
    if unknown or (field not in words.MANY and len(given) != 1):
        raise HTTPException(422, "Deze waarde past niet bij dit veld.")
    return tuple(given) if field in words.MANY else given[0]
