"""The work list: what is open, the most urgent first, as the address says."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from console import words
from console.pages import staff_page
from console.roles import Reader
from console.room import Here
from register.listing import OPEN, Filter, Item
from register.record import as_text

router = APIRouter()
PAGE = 50
BAND = 20
_OPEN = {"open": True, "afgehandeld": False, "alle": None}


@router.get("/")
def front(account: Reader) -> Response:
    """The front page is the work list."""
    return RedirectResponse("/werkvoorraad", status_code=303)


class Wish(BaseModel):
    """What the address asks of the list."""

    uitkomst: str = Field(default="", max_length=50)
    sector: str = Field(default="", max_length=50)
    dringendheid: str = Field(default="", max_length=50)
    soort: str = Field(default="", max_length=50)
    staat: str = Field(default="open", max_length=50)
    zoek: str = Field(default="", max_length=200)
    na: str = Field(default="", max_length=500)

    def chosen(self) -> Filter:
        """The same for the book."""
        return Filter(
            open=_OPEN.get(self.staat, True),
            uitkomst=as_text(self.uitkomst) or None,
            sector=as_text(self.sector) or None,
            dringendheid=self.dringendheid or None,
            soort=as_text(self.soort) or None,
            text=self.zoek,
        )

    def query(self) -> dict[str, str]:
        """What must stand in the address to ask the same again, from its first page on."""
        return {name: value for name, value in self.model_dump(exclude={"na"}).items() if value not in ("", "open")}


@router.get("/werkvoorraad")
def worklist(request: Request, here: Here, account: Reader, wish: Annotated[Wish, Query()]) -> Response:
    """A page of the list; on its plain first page the escalations stand apart, on top."""
    chosen, query, na = wish.chosen(), wish.query(), wish.na
    try:
        listing = here.book.items(chosen, after=na or None, limit=PAGE)
    except ValueError:
        return RedirectResponse(f"/werkvoorraad?{urlencode(query)}", status_code=303)
    band: tuple[Item, ...] = ()
    if chosen == OPEN and not na:
        band = here.book.items(Filter(uitkomst="escaleren"), limit=BAND).items
    apart = {item.digest for item in band}
    names = here.desk.glossary()
    return staff_page(
        request,
        "werkvoorraad.html",
        band=band,
        items=[item for item in listing.items if item.digest not in apart],
        volgende=f"?{urlencode(query | {'na': listing.next})}" if listing.next else "",
        eerste=f"?{urlencode(query)}" if na else "",
        stand=here.book.counts(),
        keuzes={
            "uitkomst": words.choices("uitkomst", names),
            "dringendheid": words.choices("dringendheid", names),
            "sector": words.choices("sector", names),
            "soort": words.choices("soort", names),
        },
        gekozen=wish.model_dump() | {"staat": wish.staat if wish.staat in _OPEN else "open"},
        gefilterd=bool(query),
        namen=names,
    )


@router.get("/volgende")
def following(here: Here, account: Reader, na: Annotated[str, Query(max_length=100)] = "") -> Response:
    """The open mail after this one in the order of the list, or the first; the list itself when nothing is open."""
    digests = [item.digest for item in here.book.items(OPEN, limit=200).items]
    rest = digests[digests.index(na) + 1 :] if na in digests else digests
    found = next(iter(rest or [digest for digest in digests if digest != na]), None)
    return RedirectResponse(f"/bericht/{found}" if found else "/werkvoorraad", status_code=303)


@router.get("/stand")
def state(here: Here, account: Reader) -> dict[str, int]:
    """The numbers that a page renews while it stands open."""
    counts = here.book.counts()
    return {
        "open": counts.open,
        "nu": counts.dringendheid.get("nu", 0),
        "vandaag": counts.dringendheid.get("vandaag", 0),
        "escaleren": counts.uitkomst.get("escaleren", 0),
        "late": counts.late,
    }
