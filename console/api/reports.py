"""The yearly report, for programs."""

from typing import Annotated

from fastapi import APIRouter, Path

from console.api.gate import Here, MayReadReports
from console.api.problem import answers
from console.api.shapes import Figure, Yearly
from register import report

router = APIRouter(prefix="/verslagen")


@router.get("/jaar/{jaar}", responses=answers(401, 403, 422, 429))
def yearly(here: Here, token: MayReadReports, jaar: Annotated[int, Path(ge=2000, le=2100)]) -> Yearly:
    """De cijfers van het verslag aan de Vlaamse Ombudsdienst, in zijn volgorde."""
    found = here.book.report(report.year(jaar))
    figures = [
        Figure(rubriek=one.section, omschrijving=one.label, getal=one.number, veld=one.field, waarde=one.value)
        for one in found.lines
    ]
    return Yearly(jaar=jaar, cijfers=figures, klopt_niet=list(found.broken))
