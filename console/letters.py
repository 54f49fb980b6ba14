"""Letters on their way out: seen, released, kept back or taken back."""

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import Response

from console.forms import OwnForm, back_to
from console.pages import staff_page
from console.roles import Reader, Releaser, Worker
from console.room import Here, Room
from console.wording import desktop, letter_version
from register.letters import LetterGoneError
from register.outgoing import Dispatch, State
from responder.reply import open_places

router = APIRouter()
_STATES: dict[str, tuple[State, ...]] = {
    "wacht": ("concept", "vastgehouden"),
    "onderweg": ("vrijgegeven",),
    "mislukt": ("mislukt",),
    "verzonden": ("verzonden",),
    "alle": (),
}
GONE = "Deze brief is al vertrokken, of een collega nam hem terug. Er is niets veranderd."
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
def release(
    here: Here, account: Releaser, number: int, versie: Versie = "", schrijvers: Annotated[str, Form()] = ""
) -> Response:
    """Let the letter leave, exactly as this person saw it, and not while words of theirs wait to be put in it."""
    letter = _as_seen(here, number, versie)
    if gaps(letter):
        raise HTTPException(409, "In deze brief staan nog plaatsen die u eerst moet invullen.")
    writing = desktop(letter, here.book.drafts(letter.outgoing.digest), account.name)
    if writing.unsettled:
        raise HTTPException(409, "U schreef woorden die nog niet in de brief staan. Bewaar ze, of gooi uw klad weg.")
    if writing.writers != schrijvers:
        raise HTTPException(
            409, "Een collega is intussen aan deze brief aan het schrijven. Lees eerst wat er verandert."
        )
    try:
        here.desk.release(number, account.name)
    except LookupError:
        raise HTTPException(409, GONE) from None
    return to_letter(letter, "vrijgegeven")


@router.post("/brief/{number}/vasthouden", dependencies=[OwnForm])
def hold(here: Here, account: Worker, number: int) -> Response:
    """Keep a released letter back while it has not left."""
    letter = letter_of(here, number)
    try:
        here.desk.hold(number, account.name)
    except LookupError:
        raise HTTPException(409, GONE) from None
    return to_letter(letter, "vastgehouden")


@router.post("/brief/{number}/intrekken", dependencies=[OwnForm])
def withdraw(here: Here, account: Worker, number: int, versie: Versie = "") -> Response:
    """Take a letter back for good; it stays on file."""
    letter = _as_seen(here, number, versie)
    try:
        with here.book.begin() as written:
            written.withdraw(number, account.name)
    except LetterGoneError:
        raise HTTPException(409, GONE) from None
    return to_letter(letter, "ingetrokken")


def gaps(letter: Dispatch) -> tuple[str, ...]:
    """What staff must still fill in before it may leave."""
    return open_places(f"{letter.outgoing.subject}\n{letter.outgoing.text}")


def letter_of(here: Room, number: int) -> Dispatch:
    """The letter, or 404."""
    letter = here.book.dispatch(number) if 0 < number < 2**63 else None
    if letter is None:
        raise HTTPException(404, "Deze brief is er niet.")
    return letter


def _as_seen(here: Room, number: int, seen: str) -> Dispatch:
    letter = letter_of(here, number)
    if seen != letter_version(letter):
        raise HTTPException(409, "Deze brief veranderde terwijl u keek. Lees hem eerst opnieuw. Er is niets bewaard.")
    return letter


def to_letter(letter: Dispatch, done: str) -> Response:
    """Go on at the letter, on the page of its mail."""
    return back_to(f"/bericht/{letter.outgoing.digest}", done, anchor=f"brief-{letter.id}")
