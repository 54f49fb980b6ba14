"""Letters on their way out: seen, reworded, released, kept back or taken back."""

import re
from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from console.forms import OwnForm, back_to
from console.pages import page, staff_page
from console.roles import Reader, Releaser, Worker
from console.room import Here, Room
from console.wording import composed, reread
from register.letters import LetterGoneError
from register.outgoing import Dispatch, State, Wording
from responder.markup import Section
from responder.markup import page as as_html
from responder.reply import open_places

router = APIRouter()
_STATES: dict[str, tuple[State, ...]] = {
    "wacht": ("concept", "vastgehouden"),
    "onderweg": ("vrijgegeven",),
    "mislukt": ("mislukt",),
    "verzonden": ("verzonden",),
    "alle": (),
}
_GONE = "Deze brief is al vertrokken, of een collega nam hem terug. Er is niets veranderd."
Versie = Annotated[str, Form()]


@router.get("/brieven")
def outgoing(
    request: Request, here: Here, account: Reader, staat: Annotated[str, Query(max_length=20)] = "wacht"
) -> Response:
    """The letters by state."""
    staat = staat if staat in _STATES else "wacht"
    counts = here.book.counts().letters
    numbers = {name: sum(counts.get(one, 0) for one in states or counts) for name, states in _STATES.items()}
    letters = here.book.dispatches(*_STATES[staat])
    return staff_page(request, "brieven.html", brieven=letters, staat=staat, aantallen=numbers)


@router.post("/brief/{number}/vrijgeven", dependencies=[OwnForm])
def release(here: Here, account: Releaser, number: int, versie: Versie = "") -> Response:
    """Let the letter leave, exactly as this person saw it."""
    letter = _as_seen(here, number, versie)
    if gaps(letter):
        raise HTTPException(409, "In deze brief staan nog plaatsen die u eerst moet invullen.")
    try:
        here.desk.release(number, account.name)
    except LookupError:
        raise HTTPException(409, _GONE) from None
    return _to_letter(letter, "vrijgegeven")


@router.post("/brief/{number}/vasthouden", dependencies=[OwnForm])
def hold(here: Here, account: Worker, number: int) -> Response:
    """Keep a released letter back while it has not left."""
    letter = _letter(here, number)
    try:
        here.desk.hold(number, account.name)
    except LookupError:
        raise HTTPException(409, _GONE) from None
    return _to_letter(letter, "vastgehouden")


@router.post("/brief/{number}/intrekken", dependencies=[OwnForm])
def withdraw(here: Here, account: Worker, number: int, versie: Versie = "") -> Response:
    """Take a letter back for good; it stays on file."""
    letter = _as_seen(here, number, versie)
    try:
        with here.book.begin() as written:
            written.withdraw(number, account.name)
    except LetterGoneError:
        raise HTTPException(409, _GONE) from None
    return _to_letter(letter, "ingetrokken")


class NewWords(BaseModel):
    """A letter as a person rewrote it."""

    onderwerp: str = Field(default="", max_length=300)
    tekst: str = Field(default="", max_length=20_000)
    versie: str = ""


@router.post("/brief/{number}/nalezen", dependencies=[OwnForm])
def read_again(
    request: Request, here: Here, account: Worker, number: int, given: Annotated[NewWords, Form()]
) -> Response:
    """Remarks on words that are not kept yet, and what changed: whole, or as a part for a page that asks for it."""
    letter = _letter(here, number)
    words = Wording(given.onderwerp, re.sub(r"\r\n?", "\n", given.tekst))
    first = composed(letter, here.book.events(digest=letter.outgoing.digest))
    found = reread(letter, words, first, here.desk.letters())
    if request.headers.get("x-deel") == "nalezing":
        return page("nalezing.html", gelezen=found)
    return staff_page(request, "nalezen.html", gelezen=found, one=letter, woorden=words, versie_brief=given.versie)


@router.post("/brief/{number}/tekst", dependencies=[OwnForm])
def reword(here: Here, account: Worker, number: int, given: Annotated[NewWords, Form()]) -> Response:
    """Other words for a letter that waits; the former ones stay in its history."""
    letter = _as_seen(here, number, given.versie)
    subject, text = " ".join(given.onderwerp.split()), re.sub(r"\r\n?", "\n", given.tekst).strip() + "\n"
    if not subject or not text.strip():
        raise HTTPException(422, "Een brief heeft een onderwerp en een tekst nodig.")
    words = Wording(subject, text, as_html([Section(letter.outgoing.language, text)], subject))
    try:
        with here.book.begin() as written:
            written.revise(number, account.name, words)
    except LetterGoneError:
        raise HTTPException(409, _GONE) from None
    return _to_letter(letter, "gewijzigd")


def letter_version(letter: Dispatch) -> str:
    """Changes with the words and the state, so that nobody releases what they did not read."""
    shown = "\0".join((letter.outgoing.subject, letter.outgoing.text, letter.state, str(letter.withdrawn)))
    return sha256(shown.encode("utf-8", "replace")).hexdigest()[:16]


def gaps(letter: Dispatch) -> tuple[str, ...]:
    """What staff must still fill in before it may leave."""
    return open_places(f"{letter.outgoing.subject}\n{letter.outgoing.text}")


def _letter(here: Room, number: int) -> Dispatch:
    letter = here.book.dispatch(number) if 0 < number < 2**63 else None
    if letter is None:
        raise HTTPException(404, "Deze brief is er niet.")
    return letter


def _as_seen(here: Room, number: int, seen: str) -> Dispatch:
    letter = _letter(here, number)
    if seen != letter_version(letter):
        raise HTTPException(409, "Deze brief veranderde terwijl u keek. Lees hem eerst opnieuw. Er is niets bewaard.")
    return letter


def _to_letter(letter: Dispatch, done: str) -> Response:
    return back_to(f"/bericht/{letter.outgoing.digest}", done, anchor=f"brief-{letter.id}")
