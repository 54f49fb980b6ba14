"""The dossiers behind a figure, and the mails behind a figure of the triage."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response
from pydantic import Field

from console import dates, words
from console.figures.asked import Asked, link, told
from console.figures.named import AGES, FEATURES, TERMS, namer
from console.figures.sight import opening
from console.pages import staff_page
from console.roles import Reader
from console.room import Here, Room
from register import overview
from register import report as yearly
from register.record import as_text
from register.report import Only, Period
from register.seeking import entries

router = APIRouter(prefix="/cijfers")
PAGE = 50


class Figure(Asked):
    """Which figure somebody opened, of which period and filters."""

    reeks: str = Field(default="kenmerk", max_length=20)
    veld: str = Field(default="", max_length=50)
    waarde: str = Field(default="", max_length=200)
    na: str = Field(default="", max_length=40)


class Rule(Asked):
    """Which rule somebody opened, of which period."""

    regel: str = Field(default="", max_length=100)
    alle: str = Field(default="", max_length=2)
    """`ja` for every mail that the rule decided, and not only those that were corrected."""


@router.get("/dossiers")
def dossiers(request: Request, here: Here, account: Reader, figure: Annotated[Figure, Query()]) -> Response:
    """The dossiers that a figure counts, in order of reference."""
    sight = opening(here, account)
    period = figure.period(dates.today(here.book.now()))
    only = figure.only(sight.department_of)
    references = _references(here, period, figure, only)
    with here.book.engine.connect() as connection:
        found = entries(connection, references[:PAGE])
    query = figure.query(period) | {"reeks": figure.reeks, "veld": figure.veld, "waarde": figure.waarde}
    return staff_page(
        request,
        "cijfers/dossiers.html",
        titel=_title(here, period, figure),
        periode_tekst="" if figure.reeks == "leeftijd" else told(period),
        dossiers=found,
        zicht=sight,
        namen=here.desk.glossary(),
        volgende=f"?{urlencode(query | {'na': references[PAGE - 1]})}" if len(references) > PAGE else "",
        eerste=f"?{urlencode(query)}" if figure.na else "",
        terug=link(_FROM.get(figure.reeks, "/cijfers"), figure.query(period)),
    )


@router.get("/verbeterd")
def of_rule(request: Request, here: Here, account: Reader, asked: Annotated[Rule, Query()]) -> Response:
    """The mails that a rule decided, or those of them that staff corrected."""
    if opening(here, account).department_of:
        raise HTTPException(403, "De berichten zelf zijn voor wie ze behandelt.")
    period = asked.period(dates.today(here.book.now()))
    with here.book.engine.connect() as connection:
        rule, corrected = as_text(asked.regel), asked.alle != "ja"
        digests = overview.decided(connection, period, rule, corrected=corrected)
    records = [record for digest in digests[:PAGE] if (record := here.book.record(digest)) is not None]
    return staff_page(
        request,
        "cijfers/verbeterd.html",
        regel=words.readable(asked.regel) if asked.regel else "Geen regel paste",
        periode_tekst=told(period),
        berichten=[record.item for record in records],
        verbeterd=corrected,
        meer=len(digests) > PAGE,
        namen=here.desk.glossary(),
        terug=link("/cijfers/triage", asked.query(period)),
    )


_FROM = {"verslag": "/cijfers/verslag", "termijn": "/cijfers/termijnen", "leeftijd": "/cijfers/termijnen"}


def _references(here: Room, period: Period, figure: Figure, only: Only) -> tuple[str, ...]:
    """References behind the figure, one more than a page holds. Raises HTTPException 404 for a figure that is none."""
    value, after, limit = as_text(figure.waarde), as_text(figure.na), PAGE + 1
    with here.book.engine.connect() as connection:
        if figure.reeks == "verslag":
            field, founded = as_text(figure.veld), here.book.law.founded()
            return yearly.behind(connection, period, field, value, only, founded=founded, after=after, limit=limit)
        if figure.reeks == "alle":
            return overview.opened(connection, period, only, after=after, limit=limit)
        if figure.reeks == "leeftijd" and value in AGES:
            today = dates.today(here.book.now())
            return overview.aged(connection, today, value, only, after=after, limit=limit)
        if figure.reeks == "termijn" and value in TERMS:
            return overview.punctual(connection, period, value, only, after=after, limit=limit)
        if figure.reeks == "kenmerk" and figure.veld in FEATURES:
            return overview.behind(connection, period, figure.veld, value, only, after=after, limit=limit)
    raise HTTPException(404)


def _title(here: Room, period: Period, figure: Figure) -> str:
    """What the figure counts, in words."""
    if figure.reeks == "verslag":
        lines = here.book.report(period).lines
        key = (figure.veld, figure.waarde)
        return next((line.label for line in lines if (line.field, line.value) == key), "Jaarverslag")
    if figure.reeks == "alle":
        return "Geopende dossiers"
    if figure.reeks == "leeftijd":
        return f"Open dossiers van {AGES[figure.waarde]}"
    if figure.reeks == "termijn":
        return TERMS[figure.waarde]
    return f"{FEATURES[figure.veld]}: {namer(here, figure.veld, [figure.waarde])(figure.waarde)}"
