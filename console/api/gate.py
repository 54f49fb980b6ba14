"""Who may ask what: each route of the API names its scope."""

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from console.api.programs import Programs
from console.throttle import Throttle
from register import tokens
from register.book import Book
from register.tokens import Token

_bearer = HTTPBearer(auto_error=False, description="Een token dat een beheerder maakte op de pagina Toegang.")
_REALM = {"www-authenticate": 'Bearer realm="klachtwijzer"'}


@dataclass(frozen=True, slots=True)
class Counter:
    """What the routes of the API share while it runs."""

    book: Book
    programs: Programs
    pace: Throttle
    """Bounds how often one token may ask."""
    strangers: Throttle
    """Bounds how often one place may try words that are no token."""


def counter(request: Request) -> Counter:
    """The counter of the application that answers this request."""
    return cast(Counter, request.app.state.counter)


Here = Annotated[Counter, Depends(counter)]


@dataclass(frozen=True, slots=True)
class Scope:
    """Lets a token through that has this scope: 401 without a good token, 403 without the scope, 429 when too fast."""

    name: str

    def __call__(
        self, request: Request, here: Here, shown: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
    ) -> Token:
        token = None
        if shown is not None:
            with here.book.engine.begin() as connection:
                token = tokens.check(connection, shown.credentials, here.book.now())
        if token is None:
            place = request.client.host if request.client else ""
            _slow_down(here.strangers.wait(place))
            raise HTTPException(401, "Toon een geldig token.", headers=_REALM)
        _slow_down(here.pace.wait(str(token.id)))
        if self.name not in token.scopes:
            raise HTTPException(403, f"Dit token heeft het recht {self.name} niet.")
        return token


def _slow_down(wait: int) -> None:
    if wait:
        raise HTTPException(429, "Te veel vragen.", headers={"retry-after": str(wait)})


MayBring = Annotated[Token, Depends(Scope("berichten:schrijven"))]
MayAssess = Annotated[Token, Depends(Scope("beoordelen"))]
MayReadDossiers = Annotated[Token, Depends(Scope("dossiers:lezen"))]
MayReadDecisions = Annotated[Token, Depends(Scope("beslissingen:lezen"))]
MayReadReports = Annotated[Token, Depends(Scope("verslagen:lezen"))]
