"""The conversation itself: one question at a time, each of which may be skipped."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated

import structlog
from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, Field

from console.chat.listening import LONGEST, change, full, hear, weigh
from console.chat.lobby import Here, Lobby, Mine, show
from console.chat.phrases import Phrases, phrases
from intake.chat import Turn
from register import chat
from register.chat import Conversation, Talk

router = APIRouter()
log = structlog.get_logger()
MORE = "meer"
"""What the person adds without being asked."""
CHOICES = {"veilig": ("ja", "nee", "twijfel"), "gesproken": ("ja", "bezig", "nee")}
_ASKED = frozenset({"veilig", "feiten", "betrokkene", "wanneer", "gesproken", "naam", "contact"})
_ADDRESS = re.compile(r"[^\s@<>,;:\"()]+@[^\s@<>,;:\"()]+\.[^\s@<>,;:\"()]+")


class Reply(BaseModel):
    """An answer to one question; a question is skipped with `sla_over`."""

    vraag: str = Field(default="", max_length=20)
    beurt: int = Field(default=-1, ge=-1, le=10_000)
    antwoord: str = ""
    keuze: str = Field(default="", max_length=20)
    naam: str = Field(default="", max_length=200)
    adres: str = Field(default="", max_length=400)
    mail: str = Field(default="", max_length=250)
    telefoon: str = Field(default="", max_length=60)
    sla_over: str = Field(default="", max_length=10)


@router.get("/gesprek", response_class=HTMLResponse)
def conversation(request: Request, here: Here, one: Mine) -> Response:
    """What was said, and the next question; under danger the numbers, and nothing that must be answered."""
    if one.ended is not None:
        return RedirectResponse("/gesprek/einde", status_code=303)
    return _page(request, here, one, Reply())


@router.post("/gesprek", response_class=HTMLResponse)
def reply(request: Request, here: Here, one: Mine, given: Annotated[Reply, Form()]) -> Response:
    """Take an answer in. The same answer sent twice, as over a broken connection, counts once."""
    if one.ended is not None:
        return RedirectResponse("/gesprek/einde", status_code=303)
    t = phrases(one.talk.language, young=one.talk.young)
    if fault := _fault(given, t):
        return _page(request, here, one, given, fault=fault, status=422)
    if full(one.talk) and not given.sla_over:
        return _page(request, here, one, given, fault="fout_vol", status=422)
    if wait := here.turns.wait(one.key):
        return _page(request, here, one, given, fault="fout_wacht", status=429, wait=wait)
    try:
        heard = change(here, one.number, lambda now: _with(now, given, t, here))
        if len(heard.talk.turns) > len(one.talk.turns):
            hear(here, heard)
    except Exception as trouble:
        log.error("answer not kept", trouble=type(trouble).__name__)
        return _page(request, here, one, given, fault="fout_bewaar", status=503)
    return RedirectResponse("/gesprek#vraag", status_code=303)


def _fault(given: Reply, t: Phrases) -> str:
    """What is wrong with the answer, as the name of a phrase; empty when nothing is."""
    if given.sla_over:
        return ""
    if len(given.antwoord) > LONGEST:
        return "fout_lang"
    if given.mail.strip() and not is_address(given.mail):
        return "fout_mail"
    return "" if any(text for _, text in _texts(given, t)) else "fout_leeg_antwoord"


def is_address(text: str) -> bool:
    """Whether a letter can be sent there, as far as its look tells."""
    return _ADDRESS.fullmatch(text.strip()) is not None and text.isascii()


def _with(one: Conversation, given: Reply, t: Phrases, here: Lobby) -> Conversation:
    """The conversation with this answer, unless it stands there already."""
    talk = one.talk
    question = given.vraag if given.vraag in _ASKED else MORE
    if given.sla_over:
        return replace(one, talk=chat.said(talk, question=question))
    now = here.book.now()
    texts = "\n".join(text for _, text in _texts(given, t) if text)
    turns = [Turn("persoon", texts, now, question)]
    if question != MORE:
        turns.insert(0, Turn("wij", t[f"vraag_{question}"], now, question))
    seen = talk.turns[given.beurt : given.beurt + len(turns)] if given.beurt >= 0 else ()
    if [turn.text for turn in seen] == [turn.text for turn in turns]:
        return one
    talk = replace(talk, name=" ".join(given.naam.split()) or talk.name, mail=given.mail.strip() or talk.mail)
    return replace(one, talk=chat.said(talk, *turns, question=question))


def _texts(given: Reply, t: Phrases) -> Iterator[tuple[str, str]]:
    """The parts of an answer as sentences of the person's own."""
    if given.keuze in CHOICES.get(given.vraag, ()):
        yield "keuze", t[f"{given.vraag}_{given.keuze}"]
    for field in ("naam", "adres", "telefoon", "mail"):
        value = " ".join(str(getattr(given, field)).split())
        yield field, f"{t[f'zeg_{field}']} {value}" if value else ""
    yield "antwoord", given.antwoord.strip()


def next_question(here: Lobby, one: Conversation) -> str:
    """The first question that is left and was neither answered nor skipped; empty when there is none."""
    if one.danger is not None:
        return ""
    return next((name for name in weigh(here, one).missing if name not in one.talk.asked), "")


def log_of(talk: Talk) -> list[Turn]:
    """What the page shows as said: our questions only where they were answered."""
    return [turn for turn in talk.turns if turn.text]


def _page(  # noqa: PLR0913 — one page with all that may have to be said on it.
    request: Request,
    here: Lobby,
    one: Conversation,
    given: Reply,
    *,
    fault: str = "",
    status: int = 200,
    wait: int = 0,
) -> HTMLResponse:
    with here.book.engine.connect() as connection:
        files = chat.enclosed(connection, one.number)
    shown = show(
        "gesprek",
        one.talk,
        status=status,
        g=given,
        fout=fault,
        minuten=max(1, round(wait / 60)),
        beurten=log_of(one.talk),
        beurt=len(one.talk.turns),
        vraag=given.vraag if fault and given.vraag in _ASKED else next_question(here, one),
        keuzes=CHOICES,
        gevaar=one.danger is not None,
        antwoord=here.desk.answer(one) if one.danger is not None else None,
        bestanden=files,
        link=f"{request.base_url}verder/{request.cookies.get(here.cookie, '')}",
        langst=LONGEST,
        bijlage_fout=request.query_params.get("bijlage", ""),
    )
    if wait:
        shown.headers["retry-after"] = str(wait)
    return shown
