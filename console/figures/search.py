"""The search: words and filters, kept in the address."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from console import words
from console.figures.asked import as_day
from console.figures.sight import sight
from console.pages import staff_page
from console.roles import Reader
from console.room import Here
from register import accounts
from register.record import as_text
from register.seeking import Wanted, seek

router = APIRouter()
PAGE = 50
STATUSES = {"open": "Open", "gesloten": "Gesloten"}


class Sought(BaseModel):
    """What the address asks for."""

    zoek: str = Field(default="", max_length=200)
    sector: str = Field(default="", max_length=100)
    decreet: str = Field(default="", max_length=100)
    status: str = Field(default="", max_length=20)
    van: str = Field(default="", max_length=10)
    tot: str = Field(default="", max_length=10)
    behandelaar: str = Field(default="", max_length=200)
    organisator: str = Field(default="", max_length=200)
    ernst: str = Field(default="", max_length=20)
    na: str = Field(default="", max_length=60)

    def wanted(self, department_of: str) -> Wanted:
        """The same for the register."""
        return Wanted(
            text=self.zoek,
            sector=as_text(self.sector),
            decreet=as_text(self.decreet),
            status=as_text(self.status),
            first=as_day(self.van),
            last=as_day(self.tot),
            handler=as_text(self.behandelaar),
            place=self.organisator,
            severity=as_text(self.ernst),
            department_of=department_of,
        )

    def query(self) -> dict[str, str]:
        """What must stand in the address to ask the same again, from its first page on."""
        return {name: value for name, value in self.model_dump(exclude={"na"}).items() if value}


@router.get("/zoeken")
def search(request: Request, here: Here, account: Reader, sought: Annotated[Sought, Query()]) -> Response:
    """A page of what was found, the newest dossier first; an empty search shows the newest of all."""
    seen = sight(here, account)
    query = sought.query()
    try:
        with here.book.engine.connect() as connection:
            found = seek(
                connection, sought.wanted(seen.department_of), here.book.key, after=as_text(sought.na), limit=PAGE
            )
            handlers = accounts.names(connection)
    except ValueError:
        return RedirectResponse(f"/zoeken?{urlencode(query)}", status_code=303)
    names = here.desk.glossary()
    return staff_page(
        request,
        "cijfers/zoeken.html",
        dossiers=found.entries if seen.opens else (),
        gekozen=sought,
        gezocht=bool(query),
        zicht=seen,
        keuzes={
            "sector": words.choices("sector", names),
            "decreet": words.choices("decreten", names),
            "status": STATUSES,
            "ernst": {one: name[:1].upper() + name[1:] for one, name in here.book.law.choices("ernst").items()},
            "behandelaar": {one: one for one in handlers},
        },
        namen=names,
        volgende=f"?{urlencode(query | {'na': found.next})}" if found.next else "",
        eerste=f"?{urlencode(query)}" if sought.na else "",
    )
