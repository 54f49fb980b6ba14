"""The webhooks, for the administrator: which programs are told what, how that went, and once more."""

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import Response

from console.accounts.second import key_of
from console.forms import OwnForm, back_to
from console.pages import staff_page
from console.roles import Keeper
from console.room import Here
from register import webhooks
from register.record import as_text
from responder.call import SIGNATURE, check

router = APIRouter(prefix="/meldingen")
_PLAIN = {
    "bericht.ingeschreven": "Een bericht is ingeschreven",
    "bericht.afgehandeld": "Een bericht is afgehandeld",
    "oordeel.verbeterd": "Een medewerker verbeterde het voorstel",
    "dossier.geopend": "Een dossier is geopend",
    "dossier.beantwoord": "Een klacht is beantwoord",
    "dossier.gesloten": "Een dossier is gesloten",
    "brief.verzonden": "Een brief is verzonden",
    "brief.mislukt": "Een brief kon niet vertrekken",
}


@router.get("")
def overview(request: Request, here: Here, account: Keeper) -> Response:
    """All webhooks, with what waits and what was given up."""
    with here.book.engine.connect() as connection:
        known = webhooks.listed(connection)
    return staff_page(request, "toegang/meldingen.html", webhooks=known, soorten=_kinds())


@router.post("", dependencies=[OwnForm])
def make(
    request: Request,
    here: Here,
    account: Keeper,
    adres: Annotated[str, Form(max_length=500)] = "",
    soorten: Annotated[list[str], Form(max_length=30)] = [],  # noqa: B006 — the framework copies it.
) -> Response:
    """A new webhook; the secret of its signatures is shown this once."""
    url = as_text(adres).strip()
    try:
        check(url, inside=here.entry.inside)
    except ValueError as wrong:
        raise HTTPException(422, str(wrong)) from None
    if not soorten or set(soorten) - webhooks.WORDS.keys():
        raise HTTPException(422, "Kies minstens één soort melding.")
    with here.book.begin() as page:
        secret = webhooks.make(page.connection, url, soorten, key_of(here), account.name)
    return staff_page(
        request,
        "toegang/geheim.html",
        terug="/meldingen",
        titel="Geheim van de meldingen",
        uitleg=f"Hiermee kijkt het programma de handtekening van elke melding na ({SIGNATURE}).",
        geheim=secret,
    )


@router.get("/{number}")
def one(request: Request, here: Here, account: Keeper, number: int) -> Response:
    """The last things told there."""
    with here.book.engine.connect() as connection:
        found = next((hook for hook in webhooks.listed(connection) if hook.id == number), None)
        told = webhooks.deliveries(connection, number) if found else ()
    if found is None:
        raise HTTPException(404)
    return staff_page(request, "toegang/melding.html", webhook=found, afgeleverd=told, soorten=_kinds())


@router.post("/{number}/stop", dependencies=[OwnForm])
def stop(here: Here, account: Keeper, number: int) -> Response:
    """Tell nothing more there."""
    with here.book.begin() as page:
        if not (0 < number < 2**63 and webhooks.stop(page.connection, number, account.name, here.book.now())):
            raise HTTPException(409, "Deze meldingen waren al gestopt, of ze zijn er niet.")
    return back_to("/meldingen", "melding-weg")


@router.post("/{number}/opnieuw/{delivery}", dependencies=[OwnForm])
def again(here: Here, account: Keeper, number: int, delivery: int) -> Response:
    """Tell once more what was given up."""
    if not (0 < number < 2**63 and 0 < delivery < 2**63):
        raise HTTPException(404)
    with here.book.begin() as page:
        if not webhooks.again(page.connection, delivery, here.book.now(), of=number):
            raise HTTPException(409, "Deze melding is niet opgegeven, of haar programma krijgt niets meer.")
    return back_to(f"/meldingen/{number}", "melding-opnieuw")


def _kinds() -> dict[str, str]:
    return {name: _PLAIN.get(name, name) for name in webhooks.WORDS}
