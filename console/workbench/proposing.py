"""Proposals: read by a second person, who puts them in force or refuses them, both for good and with a name."""

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import Response

from console.forms import OwnForm, back_to
from console.pages import staff_page
from console.roles import MAINTAINERS, Maintainer, Overseer
from console.room import Here
from console.workbench import chosen as rules_of
from console.workbench.access import Shop
from console.workbench.compare import difference
from console.workbench.drafting import fresh_warnings
from register import rule_runs
from register.rulebooks import OvertakenError, ProposalGoneError, SamePersonError
from register.versions import Versions

router = APIRouter(prefix="/regels")
_GONE = "Over dit voorstel is al beslist. Er is niets veranderd."


@router.get("/voorstellen")
def proposals(request: Request, here: Here, account: Overseer, shop: Shop) -> Response:
    """All proposals, decided ones included."""
    return staff_page(
        request, "regels/voorstellen.html", voorstellen=Versions(here.book.engine).proposals(open_only=False)
    )


@router.get("/voorstel/{number}")
def proposal(request: Request, here: Here, account: Overseer, shop: Shop, number: int) -> Response:
    """What a proposal changes and why, what was tried, and what may be done with it."""
    one = rules_of.proposal(here, number)
    rules = rules_of.on_file(here, one.fingerprint)
    base = rules_of.on_file(here, one.parent) if one.parent else rules
    mistakes = shop.check(rules.files)
    versions = Versions(here.book.engine)
    with here.book.engine.connect() as connection:
        runs = rule_runs.of(connection, one.fingerprint)
    maintains = bool(MAINTAINERS & set(account.roles))
    return staff_page(
        request,
        "regels/voorstel.html",
        v=one,
        wijzigingen=difference(base.files, rules.files),
        fouten=[mistake for mistake in mistakes if not mistake.warning],
        waarschuwingen=fresh_warnings(mistakes, shop.check(base.files)),
        proeven_lijst=runs,
        ingehaald=one.state == "open" and one.parent != shop.live().fingerprint,
        eigen=one.who == account.name,
        mag_regels=maintains,
        kijkt_mee=versions.current("schaduw") == one.fingerprint,
    )


@router.post("/voorstel/{number}/publiceer", dependencies=[OwnForm])
def publish(here: Here, account: Maintainer, shop: Shop, number: int) -> Response:
    """A second person puts it in force, for every worker from its next mail on."""
    one = rules_of.proposal(here, number)
    if any(not mistake.warning for mistake in shop.check(rules_of.on_file(here, one.fingerprint).files)):
        raise HTTPException(409, "Deze regels hebben fouten voor dit programma. Maak er een nieuw ontwerp van.")
    try:
        Versions(here.book.engine).publish(number, who=account.name)
    except SamePersonError:
        raise HTTPException(403, "U stelde dit zelf voor. Een tweede regelbeheerder moet het publiceren.") from None
    except ProposalGoneError:
        raise HTTPException(409, _GONE) from None
    except OvertakenError:
        raise HTTPException(
            409, "Intussen gelden andere regels dan toen dit geschreven werd. Maak er een nieuw ontwerp van."
        ) from None
    return back_to("/regels", "gepubliceerd")


@router.post("/voorstel/{number}/weiger", dependencies=[OwnForm])
def refuse(
    here: Here, account: Maintainer, shop: Shop, number: int, waarom: Annotated[str, Form(max_length=300)] = ""
) -> Response:
    """Set it aside, with a reason; whoever proposed it may take it back so."""
    rules_of.proposal(here, number)
    why = " ".join(waarom.split())
    if not why:
        raise HTTPException(422, "Zeg waarom u dit weigert. Wie het voorstelde, leest het.")
    try:
        Versions(here.book.engine).refuse(number, who=account.name, why=why)
    except ProposalGoneError:
        raise HTTPException(409, _GONE) from None
    return back_to(f"/regels/voorstel/{number}", "regels-geweigerd")
