"""Notes for colleagues on a mail, kept while one types, and who else has the mail before them."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from console.forms import OwnForm, back_to
from console.mail import company, found
from console.pages import page, staff_page
from console.rewording import OTHER_WINDOW
from console.roles import Reader, Worker
from console.room import Here
from console.wording import typed
from register import drafts
from register.drafts import DraftChangedError, Place

router = APIRouter(prefix="/bericht/{digest}")
Tekst = Annotated[str, Form(max_length=5000)]
Klad = Annotated[int, Form(ge=0, lt=2**31)]


@router.post("/notitie", dependencies=[OwnForm])
def note(here: Here, account: Worker, digest: str, tekst: Tekst = "", klad: Klad = 0) -> Response:
    """A remark for colleagues."""
    record = found(here, digest)
    words = typed("", tekst).text
    if not words.strip():
        return back_to(f"/bericht/{digest}", anchor="tijdlijn")
    with here.book.begin() as on:
        on.note(account.name, words.strip(), reference=record.item.reference, digest=digest)
        # What this person typed further in another window is not in the note, and stays.
        mine = (one for one in drafts.of_mail(on.connection, digest) if one.outgoing is None)
        if any(one.account == account.name and (one.version == klad or one.text == words) for one in mine):
            drafts.drop(on.connection, Place(digest), account.name)
    return back_to(f"/bericht/{digest}", "notitie", anchor="tijdlijn")


@router.post("/notitie/klad", dependencies=[OwnForm])
def keep(  # noqa: PLR0913, PLR0917 — three of them are who asks and where.
    request: Request, here: Here, account: Worker, digest: str, tekst: Tekst = "", klad: Klad = 0
) -> Response:
    """Keep a note that is not written yet; one without words goes."""
    record = found(here, digest)
    words = typed("", tekst)
    part = request.headers.get("x-deel") == "klad"
    place = Place(record.message.digest)
    try:
        with here.book.begin() as on:
            version = drafts.keep(on.connection, place, account.name, words, seen=klad)
            if not words.text.strip():
                drafts.drop(on.connection, place, account.name)
                version = 0
    except DraftChangedError as trouble:
        if part:
            return page("klad.html", status=409, geweigerd=OTHER_WINDOW, one=None, gelezen=None, klad=klad)
        return staff_page(
            request, "notitie_botsing.html", status=409, bericht=digest, uitleg=OTHER_WINDOW, tekst=words.text,
            bewaard=trouble.kept, klad=trouble.kept.version if trouble.kept is not None else 0,
        )  # fmt: skip
    if not part:
        return back_to(f"/bericht/{digest}", "klad", anchor="tijdlijn")
    return page("klad.html", geweigerd="", one=None, gelezen=None, klad=version, ingehaald="")


@router.get("/wie")
def who(here: Here, account: Reader, digest: str) -> Response:
    """Who else looks at the mail or writes at it, for the open page to renew. This look is not written down."""
    return page("wie.html", gezelschap=company(here, digest, account.name), bericht=digest)
