"""The page of one dossier: who and what, its terms, its parts, how far it is, and one timeline."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from console.dossier.folder import gather
from console.dossier.papers import ENDINGS
from console.dossier.told import named
from console.pages import staff_page
from console.roles import DECIDERS, Reader, may
from console.room import Here
from register.deadlines import day_of_receipt
from register.record import as_text

router = APIRouter()
# Which lists the forms of the page choose from, by the name that the templates use.
_LISTS = (
    "rol", "melder", "stroom", "vorm", "onontvankelijk", "bevinding", "oplossing", "ombudsnorm", "drager", "kanaal",
    "opvolging", "thema", "ernst", "tevredenheid", "band",
)  # fmt: skip


@router.get("/dossier/{reference}")
def dossier(request: Request, here: Here, account: Reader, reference: str) -> Response:
    """One dossier. Who looks is written down."""
    now = here.book.now()
    found = gather(here.book, as_text(reference), day_of_receipt(now))
    if found is None:
        raise HTTPException(404, "Dit dossier is er niet.")
    if reference != found.row.reference:
        return RedirectResponse(f"/dossier/{found.row.reference}", status_code=303)
    with here.book.begin() as page:
        page.note_read(account.name, reference=found.row.reference)
    law = here.book.law
    return staff_page(
        request,
        "dossier/dossier.html",
        f=found,
        d=found.row,
        adres=f"/dossier/{found.row.reference}",
        mag_beslissen=may(account, DECIDERS),
        lijst={name: law.choices(name, day_of_receipt(now)) for name in _LISTS},
        genoemd=lambda column, value: named(column, value, law),
        gegrond=law.founded(),
        soorten_stuk=ENDINGS,
        versie_dossier=found.version,
        namen=here.desk.glossary(),
    )
