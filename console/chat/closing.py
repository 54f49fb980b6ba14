"""The summary, which may be corrected; and what became of the conversation once it was sent."""

from dataclasses import replace

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from console.chat.listening import LONGEST, MOST_WORDS, change, hear, weigh
from console.chat.lobby import Here, Lobby, Mine, show
from console.chat.talking import MORE, is_address
from console.chat.transcript import transcript
from intake.chat import Turn
from register import chat
from register.chat import Conversation, Talk

router = APIRouter()
log = structlog.get_logger()


@router.get("/gesprek/overzicht", response_class=HTMLResponse)
def overview(here: Here, one: Mine) -> Response:
    """Everything that was told, each part to be corrected, and what we understood."""
    if one.ended is not None:
        return RedirectResponse("/gesprek/einde", status_code=303)
    return _page(here, one)


@router.post("/gesprek/overzicht", response_class=HTMLResponse)
async def correct(request: Request, here: Here, one: Mine) -> Response:
    """Take corrections in; with the button to send, end the conversation and enter it."""
    form = await request.form()
    return await run_in_threadpool(_correct, here, one, form)


def _correct(here: Lobby, one: Conversation, form: FormData) -> Response:
    if one.ended is not None:
        return RedirectResponse("/gesprek/einde", status_code=303)
    if fault := _fault(one.talk, form, here):
        return _page(here, one, fault=fault, status=422, mail=_text(form, "mail"))
    try:
        changed = change(here, one.number, lambda now: replace(now, talk=_corrected(now.talk, form, here)))
        changed = hear(here, changed)
        if _text(form, "daad") != "verstuur":
            return RedirectResponse("/gesprek/overzicht", status_code=303)
        change(here, one.number, lambda now: replace(now, ended=now.ended or here.book.now()))
    except Exception as trouble:
        log.error("conversation not ended", trouble=type(trouble).__name__)
        return _page(here, one, fault="fout_bewaar", status=503)
    _deliver(here, changed)
    return RedirectResponse("/gesprek/einde", status_code=303)


def _fault(talk: Talk, form: FormData, here: Lobby) -> str:
    """What is wrong with the corrections, as the name of a phrase; empty when nothing is."""
    mail = _text(form, "mail")
    if mail and (len(mail) > 250 or not is_address(mail)):
        return "fout_mail"
    corrected = _corrected(talk, form, here)
    if any(len(turn.text) > LONGEST for turn in corrected.turns) or _words(corrected) > 2 * MOST_WORDS:
        return "fout_lang"
    return "" if any(turn.who == "persoon" for turn in corrected.turns) else "fout_leeg"


def _deliver(here: Lobby, one: Conversation) -> None:
    try:
        here.desk.deliver(one.number)
    except Exception as trouble:
        # That it ended is kept, so that whoever looks after silent conversations delivers it.
        log.error("conversation not delivered", trouble=type(trouble).__name__)


@router.get("/gesprek/einde", response_class=HTMLResponse)
def end(here: Here, one: Mine) -> Response:
    """The reference with the due dates, or where to go; under danger the numbers first and no promise."""
    if one.ended is None:
        return RedirectResponse("/gesprek", status_code=303)
    return show("einde", one.talk, a=here.desk.answer(one), mail=one.talk.mail, kopie=one.talk.copy)


@router.get("/gesprek/kopie.txt")
def copy(here: Here, one: Mine) -> Response:
    """The conversation as a text to keep."""
    reference = here.desk.answer(one).reference or ""
    name = f"gesprek{f'-{reference}' if reference else ''}.txt"
    return PlainTextResponse(
        transcript(one, reference), headers={"content-disposition": f'attachment; filename="{name}"'}
    )


def _corrected(talk: Talk, form: FormData, here: Lobby) -> Talk:
    """The talk as the person wants it; what staff have already stays as it was said."""
    turns, told = list(talk.turns), set(talk.told)
    for place, turn in enumerate(turns):
        given = form.get(f"beurt-{place}")
        if turn.who == "persoon" and place not in told and isinstance(given, str):
            turns[place] = replace(turn, text=given.replace("\r\n", "\n").strip())
    kept = [place for place, turn in enumerate(turns) if place in told or turn.who == "wij" or turn.text]
    turns = [turns[place] for place in kept]
    if wrong := _text(form, "fout"):
        turns.append(Turn("persoon", wrong[: LONGEST + 1], here.book.now(), MORE))
    return replace(
        talk,
        turns=tuple(turns),
        told=tuple(kept.index(place) for place in talk.told),
        mail=_text(form, "mail") if "mail" in form else talk.mail,
        copy=_text(form, "kopie") == "ja",
    )


def _words(talk: Talk) -> int:
    return sum(len(turn.text) for turn in talk.turns)


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def _page(here: Lobby, one: Conversation, *, fault: str = "", status: int = 200, mail: str = "") -> HTMLResponse:
    weighed = weigh(here, one)
    with here.book.engine.connect() as connection:
        files = chat.enclosed(connection, one.number)
    return show(
        "overzicht",
        one.talk,
        status=status,
        fout=fault,
        minuten=0,
        beurten=list(enumerate(one.talk.turns)),
        gehoord=weighed.retold if one.talk.language == "nl" else (),
        mail=mail or one.talk.mail,
        bestanden=files,
        gevaar=one.danger is not None,
        langst=LONGEST,
    )
