"""What the public pages share while the application runs, and the conversation of the person who asks."""

from dataclasses import dataclass, field
from typing import Annotated, cast

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse

from console.chat.desk import ChatDesk
from console.chat.phrases import FURTHER, LANGUAGES, LINES, YOUNG_LINES, phrases, written_day
from console.pages import page
from console.throttle import Throttle
from register import chat
from register.book import Book
from register.chat import Conversation, Talk


@dataclass(frozen=True, slots=True)
class Lobby:
    """The book in which conversations are kept, the desk that weighs and delivers, and who comes too often."""

    book: Book
    desk: ChatDesk
    secure: bool
    """Whether people come by HTTPS; the cookie then says so."""
    quick: Throttle
    """Conversations of one address whose machine did the sum."""
    slow: Throttle
    """Conversations of one address without the sum."""
    turns: Throttle = field(default_factory=lambda: Throttle(limit=60, within=600))
    """Answers and files within one conversation."""

    @property
    def cookie(self) -> str:
        """Name of the one cookie; it ends with the browser's session."""
        return "__Host-gesprek" if self.secure else "gesprek"


class GoneError(Exception):
    """There is no conversation (any more) for this browser."""


def lobby(request: Request) -> Lobby:
    """The lobby of the application that answers this request."""
    return cast(Lobby, request.app.state.lobby)


Here = Annotated[Lobby, Depends(lobby)]


def running(request: Request, here: Here) -> Conversation | None:
    """The conversation of the cookie, if there is one."""
    token = request.cookies.get(here.cookie, "")
    if not token:
        return None
    with here.book.engine.connect() as connection:
        return chat.find(connection, token, here.book.now())


Perhaps = Annotated[Conversation | None, Depends(running)]


def mine(found: Perhaps) -> Conversation:
    """The conversation of the cookie. Raises GoneError, whose answer is the first page."""
    if found is None:
        raise GoneError
    return found


Mine = Annotated[Conversation, Depends(mine)]


def show(name: str, talk: Talk, *, status: int = 200, **shown: object) -> HTMLResponse:
    """A page in the language and form of this talk."""
    t = phrases(talk.language, young=talk.young)
    frame = {
        "t": t,
        "talk": talk,
        "talen": LANGUAGES,
        "lijnen": YOUNG_LINES if talk.young else LINES,
        "verdere_lijnen": FURTHER,
        "dag_van": lambda on: written_day(t, on),
        "fout": "",
    }
    return page(f"gesprek/{name}.html", status=status, **(frame | shown))
