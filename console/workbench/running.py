"""Runs of examples, or of history, for rules that are not in force yet: asked for, followed while they go, and read."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import Response

from console.forms import OwnForm, back_to
from console.pages import page, staff_page
from console.roles import Maintainer, Overseer
from console.room import Here
from console.workbench.access import Shop
from console.workbench.chosen import LIVE, chosen
from console.workbench.results import Impacted, Rehearsed
from register import rule_runs, rulebooks
from register.record import restored
from register.rule_runs import Kind, Run

router = APIRouter(prefix="/regels")
_KINDS: dict[str, Kind] = {"proeven": "proeven", "gevolgen": "gevolgen"}
_DAYS = 3_660
LEVELS = (
    "Escalaties die erbij komen of wegvallen",
    "Andere dringendheid",
    "Andere uitkomst",
    "Andere gegevens of brief",
)
_SHOWN = 200


@router.post("/loop", dependencies=[OwnForm])
def ask(  # noqa: PLR0913, PLR0917 — three of them are who asks and where.
    here: Here,
    account: Maintainer,
    shop: Shop,
    regels: Annotated[str, Form(max_length=50)],
    soort: Annotated[str, Form(max_length=20)],
    dagen: Annotated[int, Form(ge=0, le=_DAYS)] = 0,
) -> Response:
    """Have it done beside the pages; the answer leads to the page that follows it."""
    kind, live = _KINDS.get(soort), shop.live()
    if kind is None:
        raise HTTPException(422, "Dit soort proef bestaat niet.")
    rules = chosen(here, shop, regels).rules
    if any(not mistake.warning for mistake in shop.check(rules.files)):
        raise HTTPException(422, "Er staan nog fouten in deze regels. Verbeter ze eerst.")
    since = here.book.now() - timedelta(days=dagen) if dagen and kind == "gevolgen" else None
    with here.book.engine.begin() as connection:
        rulebooks.keep(connection, rules.fingerprint, rules.files)
        number = rule_runs.ask(connection, kind, rules.fingerprint, live.fingerprint, who=account.name, since=since)
    shop.start()
    origin = f"?van={regels}" if regels != LIVE else ""
    return back_to(f"/regels/loop/{number}{origin}")


@router.get("/loop/{number}")
def run(  # noqa: PLR0913, PLR0917 — three of them are who asks and where.
    request: Request, here: Here, account: Overseer, shop: Shop, number: int, van: str = ""
) -> Response:
    """How far it is or what came of it: whole, or as a part for a page that renews itself."""
    with here.book.engine.connect() as connection:
        one = rule_runs.find(connection, number) if 0 < number < 2**63 else None
    if one is None:
        raise HTTPException(404, "Deze proef is er niet.")
    if not one.over:
        shop.start()
    shown: dict[str, Any] = {"l": one, "namen": here.desk.glossary()} | _result(one)
    if request.headers.get("x-deel") == "loop":
        return page("regels/loop_deel.html", **shown)
    back = chosen(here, shop, van) if van else None
    return staff_page(request, "regels/loop.html", terug=back, **shown)


def _result(one: Run) -> dict[str, Any]:
    rehearsed = restored(Rehearsed, one.result) if one.result and one.kind == "proeven" else None
    impacted = restored(Impacted, one.result) if one.result and one.kind == "gevolgen" else None
    levels = []
    for level, title in enumerate(LEVELS if impacted else ()):
        here = [change for change in impacted.changes if change.level == level] if impacted else []
        levels.append((title, here[:_SHOWN], len(here)))
    return {"proeven": rehearsed, "gevolgen": impacted, "trappen": [one for one in levels if one[2]]}
