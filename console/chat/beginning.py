"""The first page: the story in the person's own words; and the ways back into a conversation or out of it."""

import secrets
from dataclasses import replace
from typing import Annotated

import structlog
from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, Field

from console.chat import proof
from console.chat.listening import LONGEST, hear
from console.chat.lobby import GoneError, Here, Lobby, Mine, Perhaps, show
from console.chat.phrases import LANGUAGES, phrases
from console.chat.questions import STORY
from intake.chat import Turn
from register import chat
from register.chat import Conversation, Talk

router = APIRouter()
log = structlog.get_logger()


class Story(BaseModel):
    """What the first page sends. Nothing but the story is needed."""

    verhaal: str = ""
    taal: str = Field(default="", max_length=10)
    vorm: str = Field(default="", max_length=10)
    som: str = Field(default="", max_length=100)
    uitkomst: str = Field(default="", max_length=40)


class Asked(BaseModel):
    """How the address of the first page asks for it."""

    taal: str = Field(default="", max_length=10)
    vorm: str = Field(default="", max_length=10)
    fout: str = Field(default="", max_length=20)
    gedaan: str = Field(default="", max_length=20)


@router.get("/", response_class=HTMLResponse)
def first(here: Here, found: Perhaps, asked: Annotated[Asked, Query()]) -> Response:
    """The empty form, in the language and form of the address."""
    wrong = "fout_verlopen" if asked.fout == "verlopen" else ""
    return _form(here, Story(taal=asked.taal, vorm=asked.vorm), found, fault=wrong, done=asked.gedaan == "gewist")


@router.post("/", response_class=HTMLResponse)
def begin(request: Request, here: Here, given: Annotated[Story, Form()]) -> Response:
    """Keep the story, weigh it, and go on; what goes wrong never loses the person's words."""
    story = given.verhaal.strip()
    if not story or len(story) > LONGEST:
        return _form(here, given, None, fault="fout_lang" if story else "fout_leeg", status=422)
    now = here.book.now()
    proven = proof.holds(here.book.secret, given.som, given.uitkomst, now)
    address = request.client.host if request.client else ""
    if wait := (here.quick if proven else here.slow).wait(address):
        answer = _form(here, given, None, fault="fout_wacht", status=429, wait=wait)
        answer.headers["retry-after"] = str(wait)
        return answer
    try:
        token, one = _kept(here, given, story)
    except Exception as trouble:
        log.error("conversation not kept", trouble=type(trouble).__name__)
        return _form(here, given, None, fault="fout_bewaar", status=503)
    try:
        hear(here, one)
    except Exception as trouble:
        # The words are kept. Whoever looks after silent conversations passes on what is urgent.
        log.error("conversation not heard", trouble=type(trouble).__name__)
    return _enter(here, token)


def _kept(here: Lobby, given: Story, story: str) -> tuple[str, Conversation]:
    """The conversation with this story, and its token; a story that was sent twice is in one conversation once."""
    secret, now, talk = here.book.secret, here.book.now(), _talk(given)
    t = phrases(talk.language, young=talk.young)
    told = Turn("persoon", story, now, STORY)
    talk = chat.said(talk, Turn("wij", t["vraag_verhaal"], now, STORY), told, question=STORY)
    token = proof.token(secret, given.som) if proof.ours(secret, given.som, now) else secrets.token_urlsafe(32)
    with here.book.begin() as page:
        if not chat.begin(page.connection, talk, token, now):
            found = chat.find(page.connection, token, now)
            if found is None or found.ended is not None:
                # Somebody went back to the first page and tells something else.
                token = secrets.token_urlsafe(32)
                chat.begin(page.connection, talk, token, now)
            elif all(turn.text != story for turn in found.talk.turns):
                more = replace(found, talk=chat.said(found.talk, told))
                chat.write(page.connection, more, now)
        one = chat.find(page.connection, token, now)
    if one is None:
        raise GoneError
    return token, one


@router.get("/verder/{token}")
def resume(here: Here, token: str) -> Response:
    """Take a conversation up again by its link; an unknown or old one leads to the first page."""
    with here.book.engine.connect() as connection:
        found = chat.find(connection, token, here.book.now())
    return _enter(here, token) if found is not None else RedirectResponse("/?fout=verlopen", status_code=303)


@router.post("/gesprek/wis")
def wipe(here: Here, one: Mine) -> Response:
    """Wipe the conversation. What must still reach a person is passed on before."""
    if one.danger is not None or one.urgent:
        here.desk.deliver(one.number)
    with here.book.begin() as page:
        chat.forget(page.connection, one.number)
    answer = RedirectResponse("/?gedaan=gewist", status_code=303)
    answer.delete_cookie(here.cookie, path="/", secure=here.secure, httponly=True, samesite="lax")
    return answer


def _enter(here: Lobby, token: str) -> Response:
    answer = RedirectResponse("/gesprek#vraag", status_code=303)
    # Lax and not strict: a link in a mail must find its way in. Without an age it ends with the browser.
    answer.set_cookie(here.cookie, token, path="/", secure=here.secure, httponly=True, samesite="lax")
    return answer


def _talk(given: Story) -> Talk:
    chosen = given.taal in LANGUAGES
    return Talk(language=given.taal if chosen else "nl", chosen=chosen, young=given.vorm == "je")


def _form(  # noqa: PLR0913 — one page with all that may have to be said on it.
    here: Lobby,
    given: Story,
    found: Conversation | None,
    *,
    fault: str = "",
    status: int = 200,
    wait: int = 0,
    done: bool = False,
) -> HTMLResponse:
    asked = "" if status == 503 else proof.challenge(here.book.secret, here.book.now())
    return show(
        "begin",
        _talk(given),
        status=status,
        g=given,
        som=asked,
        bits=proof.BITS,
        fout=fault,
        minuten=max(1, round(wait / 60)),
        loopt=found is not None,
        gewist=done,
        langst=LONGEST,
    )
