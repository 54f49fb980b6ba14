"""Every letter that we can send, as somebody would get it: to read it before anybody does."""

from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from console import words
from console.pages import staff_page
from console.roles import Reader
from console.room import Here, Room
from register.deadlines import day_of_receipt
from responder.letter import Letter
from responder.specimen import Proof, proof

router = APIRouter(prefix="/brieven")
# The one page that shows a letter in a frame, and the letter in it: styled by itself, without scripts or anything else.
_AROUND = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_INSIDE = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; "
    "sandbox"
)
Omvang = Literal["vol", "kaal"]


class Wish(BaseModel):
    """Which letters to show."""

    uitkomst: str = Field(default="", max_length=50)
    vorm: str = Field(default="", max_length=10)
    kijk: str = Field(default="", max_length=20)

    def fits(self, one: Proof) -> bool:
        """Whether the letter is one of them."""
        heading = one.letter.heading
        wanted = not self.uitkomst or self.uitkomst in heading.uitkomst
        spoken = self.vorm not in ("u", "je") or self.vorm == heading.aanspreking
        looked = {"opmerkingen": bool(one.review.remarks), "wacht": bool(one.held), "contacten": bool(one.unchecked)}
        return wanted and spoken and looked.get(self.kijk, True)


@router.get("/sjablonen")
def all_(request: Request, here: Here, account: Reader, wish: Annotated[Wish, Query()]) -> Response:
    """All letters with how plainly they read and what is the matter with them."""
    proofs = [_proof(here, one, "vol") for one in here.desk.letters().ours]
    outcomes = sorted({name for one in proofs for name in one.letter.heading.uitkomst})
    return staff_page(
        request,
        "sjablonen.html",
        alle=len(proofs),
        proeven=[one for one in proofs if wish.fits(one)],
        gekozen=wish.model_dump(),
        uitkomsten={name: words.readable(name) for name in outcomes},
    )


@router.get("/sjabloon/{name}")
def one(request: Request, here: Here, account: Reader, name: str, omvang: Omvang = "vol") -> Response:
    """One letter, as text and as it looks in a mail program, with all remarks on it."""
    letter = _found(here, name)
    page = staff_page(
        request,
        "sjabloon.html",
        p=_proof(here, letter, omvang),
        omvang=omvang,
        anderen=here.desk.letters().counterparts(letter),
    )
    page.headers["content-security-policy"] = _AROUND
    return page


@router.get("/sjabloon/{name}/html")
def html(here: Here, account: Reader, name: str, omvang: Omvang = "vol") -> Response:
    """The letter as a mail program gets it, shut off from the page around it."""
    made = _proof(here, _found(here, name), omvang)
    headers = {"content-security-policy": _INSIDE, "x-frame-options": "SAMEORIGIN"}
    return Response(made.reply.html, media_type="text/html; charset=utf-8", headers=headers)


def _found(here: Room, name: str) -> Letter:
    letter = here.desk.letters().find(name)
    if letter is None:
        raise HTTPException(404, "Deze brief is er niet.")
    return letter


def _proof(here: Room, letter: Letter, omvang: Omvang) -> Proof:
    on = day_of_receipt(here.book.now())
    return proof(letter, here.desk.letters(), here.desk.bodies(), on, full=omvang == "vol")
