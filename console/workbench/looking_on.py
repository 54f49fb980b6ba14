"""Rules that look on: what a shadow would have decided otherwise, and who let it begin or stop."""

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import Response

from console.forms import OwnForm, back_to
from console.pages import staff_page
from console.roles import MAINTAINERS, Maintainer, Overseer
from console.room import Here
from console.workbench.access import Shop
from console.workbench.chosen import chosen
from console.workbench.compare import compared
from register.rulebooks import Differences
from register.versions import Versions

router = APIRouter(prefix="/regels/meekijken")


@router.get("")
def shadow(request: Request, here: Here, account: Overseer, shop: Shop, versie: str = "") -> Response:
    """The mails of which the shadow would have said something else; the escalations first."""
    versions = Versions(here.book.engine)
    running = versions.current("schaduw")
    shown = versie or running or ""
    seen, shades = versions.shades(shown) if shown else (0, [])
    return staff_page(
        request,
        "regels/meekijken.html",
        loopt=running,
        getoond=shown,
        gezien=seen,
        anders=[(one, compared(one.differs)) for one in sorted(shades, key=lambda one: _weight(one.differs))],
        beurten=versions.history("schaduw", limit=20),
        namen=here.desk.glossary(),
        mag_regels=bool(MAINTAINERS & set(account.roles)),
    )


@router.post("", dependencies=[OwnForm])
def begin(
    here: Here,
    account: Maintainer,
    shop: Shop,
    regels: Annotated[str, Form(max_length=50)],
) -> Response:
    """From the next mail on these rules look on, without any effect."""
    rules = chosen(here, shop, regels)
    if any(not mistake.warning for mistake in shop.check(rules.rules.files)):
        raise HTTPException(422, "Er staan nog fouten in deze regels. Verbeter ze eerst.")
    versions = Versions(here.book.engine)
    versions.take_over(rules.rules.fingerprint, rules.rules.files, who=account.name, why=rules.title, role="schaduw")
    return back_to("/regels/meekijken", "meekijken")


@router.post("/stop", dependencies=[OwnForm])
def stop(here: Here, account: Maintainer) -> Response:
    """No rules look on any more; what they saw stays."""
    Versions(here.book.engine).end_shadow(who=account.name, why="gestopt in de console")
    return back_to("/regels/meekijken", "meekijken-stop")


def _weight(differs: Differences) -> int:
    if "escaleren" in differs.get("uitkomst", ()):
        return 0
    return 1 if "dringendheid" in differs else 2
