"""Forms that change something: whoever sends one must have been given it by us."""

import hmac
from urllib.parse import urlencode

from fastapi import Depends, HTTPException, Request
from fastapi.responses import RedirectResponse

from console.pages import csrf_of
from console.roles import NotLoggedIn
from console.room import Here


async def own_form(request: Request, here: Here) -> None:
    """Refuses with 403 a form without the token of this session."""
    given = str((await request.form()).get("bewijsje", ""))
    session = request.cookies.get(here.cookie, "")
    if not session:
        raise NotLoggedIn
    if not hmac.compare_digest(csrf_of(session).encode(), given.encode("utf-8", "replace")):
        raise HTTPException(403, "Dit formulier is verlopen. Ga terug, laad de pagina opnieuw en probeer nog eens.")


OwnForm = Depends(own_form)


def back_to(path: str, done: str = "", *, anchor: str = "") -> RedirectResponse:
    """Go on at one of our own pages, which then says what was done."""
    query = f"{'&' if '?' in path else '?'}{urlencode({'gedaan': done})}" if done else ""
    return RedirectResponse(f"{path}{query}{f'#{anchor}' if anchor else ''}", status_code=303)
