"""The page of one dossier: its mails, its letters, its terms and why they end on that day."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from console import dates
from console.pages import staff_page
from console.roles import Reader
from console.room import Here
from register.record import as_text

router = APIRouter()


@router.get("/dossier/{reference}")
def file(request: Request, here: Here, account: Reader, reference: str) -> Response:
    """One dossier."""
    found = here.book.file(as_text(reference))
    if found is None:
        raise HTTPException(404, "Dit dossier is er niet.")
    if reference != found.dossier.reference:
        return RedirectResponse(f"/dossier/{found.dossier.reference}", status_code=303)
    return staff_page(
        request,
        "dossier.html",
        f=found,
        d=found.dossier,
        termijnen=dates.reasons(found.dossier),
        namen=here.desk.glossary(),
    )
