"""Other words for a letter: read again while one types, kept at every pause, and never written over unseen."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from console.forms import OwnForm
from console.letters import GONE, letter_of, to_letter
from console.pages import page, staff_page
from console.roles import Worker
from console.room import Here
from console.wording import composed, letter_version, reread, settled, typed, written
from register import drafts, letters
from register.drafts import Draft, DraftChangedError, Place
from register.events import REVISED
from register.letters import WAITING, LetterGoneError
from register.outgoing import Dispatch, Wording
from register.page import Page
from responder.markup import Section
from responder.markup import page as as_html

router = APIRouter(prefix="/brief/{number}", dependencies=[OwnForm])
OTHER_WINDOW = "Uw klad veranderde in een ander venster. Wat u hier schreef, is nog niet bewaard."


class NewWords(BaseModel):
    """A letter as a person rewrote it."""

    onderwerp: str = Field(default="", max_length=300)
    tekst: str = Field(default="", max_length=20_000)
    versie: str = Field(default="", max_length=50)
    klad: int = Field(default=0, ge=0, lt=2**31)
    """The version of this person's draft that the page holds; 0 for none."""

    def words(self) -> Wording:
        """The same with the line ends that we keep."""
        return typed(self.onderwerp, self.tekst)


Given = Annotated[NewWords, Form()]


@dataclass(frozen=True, slots=True)
class Clash:
    """Why words were not put in the letter, and what stands there instead of what the person saw."""

    letter: Dispatch
    said: str
    kept: Draft | None = None
    """The person's own draft, where that is what changed."""


@router.post("/nalezen")
def read_again(request: Request, here: Here, account: Worker, number: int, given: Given) -> Response:
    """Remarks on words that are not kept yet, and what changed."""
    letter, words = letter_of(here, number), given.words()
    first = composed(letter, here.book.events(digest=letter.outgoing.digest))
    found = reread(letter, words, first, here.desk.letters())
    return staff_page(request, "nalezen.html", gelezen=found, one=letter, woorden=words, gegeven=given)


@router.post("/klad")
def keep(request: Request, here: Here, account: Worker, number: int, given: Given) -> Response:
    """Keep words that are not in the letter yet; the answer is what one reads in them, as a part or on the page."""
    letter, words = letter_of(here, number), given.words()
    part = request.headers.get("x-deel") == "klad"
    place = Place(letter.outgoing.digest, number)
    try:
        with here.book.begin() as on:
            version = drafts.keep(on.connection, place, account.name, words, seen=given.klad, base=given.versie)
            if settled(words) == settled(written(letter)):
                # Whoever is back at the words of the letter has nothing to put in it.
                drafts.drop(on.connection, place, account.name)
                version = 0
    except (DraftChangedError, LetterGoneError) as trouble:
        kept = trouble.kept if isinstance(trouble, DraftChangedError) else None
        said = OTHER_WINDOW if isinstance(trouble, DraftChangedError) else GONE
        if part:
            return page("klad.html", status=409, geweigerd=said, one=letter, gelezen=None, klad=given.klad)
        return _clashed(request, here, Clash(letter, said, kept), given)
    if not part:
        return to_letter(letter, "klad")
    first = composed(letter, here.book.events(digest=letter.outgoing.digest))
    found = reread(letter, words, first, here.desk.letters())
    late = "" if given.versie == letter_version(letter) else _by_whom(here, letter)
    return page("klad.html", geweigerd="", one=letter, gelezen=found, klad=version, ingehaald=late)


@router.post("/klad/weg")
def throw_away(here: Here, account: Worker, number: int) -> Response:
    """This person's draft goes; the letter stays as it is."""
    letter = letter_of(here, number)
    with here.book.begin() as on:
        drafts.drop(on.connection, Place(letter.outgoing.digest, number), account.name)
    return to_letter(letter, "klad-weg")


@router.post("/tekst")
def reword(request: Request, here: Here, account: Worker, number: int, given: Given) -> Response:
    """Other words for a letter that waits; the former ones stay in its history."""
    letter, words = letter_of(here, number), settled(given.words())
    if not words.subject or not words.text.strip():
        raise HTTPException(422, "Een brief heeft een onderwerp en een tekst nodig.")
    made = Wording(words.subject, words.text, as_html([Section(letter.outgoing.language, words.text)], words.subject))
    try:
        with here.book.begin() as on:
            clash = _clash(here, on, number, account.name, given)
            if clash is None:
                on.revise(number, account.name, made)
                drafts.drop(on.connection, Place(letter.outgoing.digest, number), account.name)
    except LetterGoneError:
        clash = Clash(letter_of(here, number), GONE)
    if clash is None:
        return to_letter(letter, "gewijzigd")
    return _clashed(request, here, clash, _set_aside(here, clash, account.name, given))


def _clash(here: Here, on: Page, number: int, account: str, given: NewWords) -> Clash | None:
    """What changed since the page was shown; nobody changes more until `on` is closed."""
    letter = letters.one(on.connection, number, lock=True)
    if letter is None:
        raise LetterGoneError(number)
    if given.versie != letter_version(letter):
        return Clash(letter, _by_whom(here, letter) if _waits(letter) else GONE)
    written_here = drafts.of_mail(on.connection, letter.outgoing.digest)
    own = next((one for one in written_here if one.outgoing == number and one.account == account), None)
    if own is None or own.version == given.klad or settled(own.words) == settled(given.words()):
        return None
    return Clash(letter, OTHER_WINDOW, own)


def _set_aside(here: Here, clash: Clash, account: str, given: NewWords) -> NewWords:
    """What could not be put in the letter stays in the person's draft, where that overwrites nothing."""
    letter = clash.letter
    if clash.kept is None and _waits(letter):
        place = Place(letter.outgoing.digest, letter.id)
        try:
            with here.book.begin() as on:
                kept = drafts.keep(
                    on.connection, place, account, given.words(), seen=given.klad, base=letter_version(letter)
                )
        except (DraftChangedError, LetterGoneError):
            return given
        return given.model_copy(update={"klad": kept})
    return given


def _clashed(request: Request, here: Here, clash: Clash, given: NewWords) -> Response:
    """Nothing was overwritten: what the person wrote stays before them, beside what stands there now."""
    letter, words = clash.letter, given.words()
    stands = clash.kept.words if clash.kept is not None else written(letter)
    return staff_page(
        request,
        "brief_botsing.html",
        status=409,
        one=letter,
        uitleg=clash.said,
        eigen=clash.kept is not None,
        woorden=words,
        wijziging=reread(letter, settled(words), settled(stands), here.desk.letters()),
        mag_bewaren=_waits(letter),
        versie_brief=letter_version(letter),
        klad=clash.kept.version if clash.kept is not None else given.klad,
    )


def _waits(letter: Dispatch) -> bool:
    return letter.withdrawn is None and letter.state in WAITING


def _by_whom(here: Here, letter: Dispatch) -> str:
    """Who changed the letter last, in a sentence."""
    events = here.book.events(digest=letter.outgoing.digest)
    last = next((one for one in reversed(events) if one.what == REVISED and one.detail.get("brief") == letter.id), None)
    who = "Een collega" if last is None else last.who
    return f"{who} veranderde deze brief terwijl u schreef."
