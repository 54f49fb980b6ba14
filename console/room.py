"""What the staff pages share while the application runs."""

from dataclasses import dataclass, field
from typing import Annotated, cast

from fastapi import Depends, Request

from console.accounts.entry import Entry
from console.desk import Desk
from console.throttle import Throttle
from console.workbench.workshop import Workshop
from register.book import Book


@dataclass(frozen=True, slots=True)
class Room:
    """The book to read in, the desk to pass work on to, and how the cookies are called."""

    book: Book
    desk: Desk
    secure: bool
    """Whether people come by HTTPS; the cookies then say so."""
    tries: Throttle = field(default_factory=lambda: Throttle(limit=10, within=300))
    """Holds back whoever guesses passwords or links."""
    workshop: Workshop | None = None
    """What rule maintainers work with; without it there are no pages for them."""
    entry: Entry = field(default_factory=Entry)
    """Who needs a second step, and the provider of the organisation."""

    @property
    def cookie(self) -> str:
        """Name of the session cookie; the prefix makes a browser hold it to this very host."""
        return "__Host-zitting" if self.secure else "zitting"

    @property
    def door_cookie(self) -> str:
        """Name of the cookie that belongs to the login form."""
        return "__Host-deur" if self.secure else "deur"

    @property
    def half_cookie(self) -> str:
        """Name of the cookie of somebody who gave the password and not yet the code."""
        return "__Host-halfweg" if self.secure else "halfweg"


def room(request: Request) -> Room:
    """The room of the application that answers this request."""
    return cast(Room, request.app.state.room)


Here = Annotated[Room, Depends(room)]
