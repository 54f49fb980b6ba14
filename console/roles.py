"""Who may do what: each route names the roles that it is for."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import BaseRoute

from console.room import Here
from register.accounts import Account

ROLES = ("medewerker", "behandelaar", "regelbeheerder", "lezer", "beheerder")
EVERYBODY = frozenset(ROLES)
"""Whoever may look."""
WORKERS = frozenset({"medewerker", "behandelaar", "beheerder"})
"""Whoever may judge a mail."""
RELEASERS = frozenset({"behandelaar", "beheerder"})
"""Whoever may let a letter leave."""
DECIDERS = frozenset({"behandelaar", "beheerder"})
"""Whoever may decide on a complaint: admit it, find on it, close it."""
KEEPERS = frozenset({"beheerder"})
"""Whoever may keep every letter in."""
MAINTAINERS = frozenset({"regelbeheerder"})
"""Whoever may change the rules."""
OVERSEERS = frozenset({"regelbeheerder", "beheerder"})
"""Whoever may see the rules and try a mail on them."""
TEACHERS = WORKERS | MAINTAINERS
"""Whoever may give a mail as an example for a rule."""


class NotLoggedIn(Exception):  # noqa: N818 — it is no error: the answer is the way to the login page.
    """Nobody is logged in; the answer is the login page."""


@dataclass(frozen=True, slots=True)
class Needs:
    """Lets a logged-in person through who has one of these roles, and answers 403 to any other."""

    roles: frozenset[str]

    def __call__(self, request: Request, here: Here) -> Account:
        token = request.cookies.get(here.cookie, "")
        account = here.book.session(token) if token else None
        if account is None:
            raise NotLoggedIn
        if not self.roles & set(account.roles):
            raise HTTPException(403, "Uw rol laat dit niet toe.")
        request.state.account = account
        return account


Reader = Annotated[Account, Depends(Needs(EVERYBODY))]
Worker = Annotated[Account, Depends(Needs(WORKERS))]
Releaser = Annotated[Account, Depends(Needs(RELEASERS))]
Decider = Annotated[Account, Depends(Needs(DECIDERS))]
Keeper = Annotated[Account, Depends(Needs(KEEPERS))]
Maintainer = Annotated[Account, Depends(Needs(MAINTAINERS))]
Overseer = Annotated[Account, Depends(Needs(OVERSEERS))]
Teacher = Annotated[Account, Depends(Needs(TEACHERS))]


def of_routes(routes: list[BaseRoute]) -> Iterator[tuple[str, str, frozenset[str] | None]]:
    """Per route its method, its path and its roles; None when it names none and so is open to all."""
    for found in iter_route_contexts(routes):
        route = found.original_route
        roles = None
        if isinstance(route, APIRoute):
            needs = [one.call.roles for one in route.dependant.dependencies if isinstance(one.call, Needs)]
            roles = frozenset.intersection(*needs) if needs else None
        for method in sorted(getattr(route, "methods", None) or ["GET"]):
            yield method, str(found.path), roles


def may(account: Account | None, roles: frozenset[str]) -> bool:
    """Whether this person has one of the roles."""
    return account is not None and bool(roles & set(account.roles))
