"""The yearly report to the Vlaamse Ombudsdienst, as a page and as a file."""

from collections.abc import Callable, Mapping
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response
from pydantic import Field

from console import dates
from console.figures.asked import Asked, Wish, link
from console.figures.sight import frame
from console.pages import staff_page
from console.roles import Reader
from console.room import Here
from register.report import Line, Report
from register.sheets import as_csv, as_json, as_xlsx

router = APIRouter(prefix="/cijfers/verslag")
# The fields of the form, in its order; the tenth is written by people.
SECTIONS: Mapping[int, str] = {
    1: "Aantal klachten",
    2: "Dagen tussen de ontvangst van de klacht en de verzending van het antwoord",
    3: "Ontvankelijkheid",
    4: "Onontvankelijk, volgens de reden",
    5: "Ontvankelijk, volgens de mate van gegrondheid",
    6: "(Deels) gegrond, volgens de mate van oplossing",
    7: "Toegepaste ombudsnormen",
    8: "Volgens de drager",
    9: "Volgens het kanaal",
}
_SHEETS: Mapping[str, tuple[str, Callable[[Report], bytes]]] = {
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
    "csv": ("text/csv; charset=utf-8", as_csv),
    "json": ("application/json", lambda report: as_json(report).encode()),
}


@router.get("")
def report(request: Request, here: Here, account: Reader, asked: Wish) -> Response:
    """The report of a period with its sums; every figure leads to its dossiers."""
    period = asked.period(dates.today(here.book.now()))
    query = asked.query(period)
    made = here.book.report(period, asked.only())

    def behind(line: Line) -> str:
        return link("/cijfers/dossiers", query, reeks="verslag", veld=line.field, waarde=line.value)

    law = here.book.law
    return staff_page(
        request,
        "cijfers/verslag.html",
        verslag=made,
        vakjes=[
            (number, title, [(line, behind(line)) for line in made.lines if line.section == number])
            for number, title in SECTIONS.items()
        ],
        normen=_norms(made, law.choices("ombudsnorm"), law.founded(), behind),
        kolommen=[law.choices("bevinding")[one] for one in law.founded()],
        bestanden=[(form, link("/cijfers/verslag/bestand", query, vorm=form)) for form in _SHEETS],
        blad=frame(here, account, asked, period, "/cijfers/verslag"),
    )


class Sheet(Asked):
    """Period, filters and the form of the file."""

    vorm: str = Field(default="xlsx", max_length=10)


@router.get("/bestand")
def sheet(here: Here, account: Reader, asked: Annotated[Sheet, Query()]) -> Response:
    """The same report as a file for a spreadsheet or another program; it holds counts and no names."""
    vorm = asked.vorm
    if vorm not in _SHEETS:
        raise HTTPException(404)
    period = asked.period(dates.today(here.book.now()))
    type_, written = _SHEETS[vorm]
    name = f"verslag-{period.first}-tot-{period.last}.{vorm}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(written(here.book.report(period, asked.only())), media_type=type_, headers=headers)


def _norms(
    made: Report, names: Mapping[str, str], founded: tuple[str, ...], behind: Callable[[Line], str]
) -> list[tuple[str, list[tuple[Line, str]]]]:
    """Per norm its sum and then its number for each finding; the norms that occur come as the form names them."""
    lines = {(line.field, line.value): line for line in made.lines if line.section == 7}
    rows = []
    for norm, name in names.items():
        own = [lines["", norm], *(lines["norm", f"{finding}:{norm}"] for finding in founded)]
        rows.append((name[:1].upper() + name[1:], [(line, behind(line)) for line in own]))
    return rows
