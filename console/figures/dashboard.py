"""Dashboards: how many dossiers of what, terms met, ageing, unusual rises, and how good the triage is."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response
from pydantic import Field

from console import dates, words
from console.figures.asked import Asked, Wish, link
from console.figures.charts import Chart, lying, share, standing
from console.figures.named import AGES, FEATURES, TERMS, namer
from console.figures.sight import frame
from console.pages import staff_page
from console.roles import Reader
from console.room import Here, Room
from register import overview
from register.overview import Punctuality, Volume
from register.report import Only, Period
from register.rises import BEFORE, FALSE_SHARE, LEAST, rises

router = APIRouter(prefix="/cijfers")
_FIRST = ("sector", "decreet", "organiser_kind", "themes")
_TOP = 8
# The usual period of a rise: four whole weeks, so that each day of the week counts as often.
_WEEKS = timedelta(days=28)


@router.get("")
def numbers(request: Request, here: Here, account: Reader, asked: Wish) -> Response:
    """How many dossiers came in, by month, sector, decree, kind of organiser and theme."""
    period = asked.period(dates.today(here.book.now()))
    only, query = asked.only(), asked.query(period)
    with here.book.engine.connect() as connection:
        counted = {one: overview.volumes(connection, period, one, only) for one in _FIRST}
        months = {one.value: one.number for one in overview.volumes(connection, period, "month", only)}
        met = overview.punctuality(connection, period, only)
    over_time = tuple(Volume(one, months.get(one, 0)) for one in _months(period, dates.today(here.book.now())))
    charts = [
        (
            one,
            FEATURES[one],
            len(volumes),
            lying(volumes[:_TOP], namer(here, one), _behind(one, query), of=sum(months.values())),
        )
        for one, volumes in counted.items()
    ]
    return staff_page(
        request,
        "cijfers/aantallen.html",
        maanden=standing(over_time, namer(here, "month"), _behind("month", query)),
        grafieken=charts,
        totaal=sum(months.values()),
        termijn=met,
        deel=share,
        tegels={
            name: link("/cijfers/dossiers", query, reeks="termijn", waarde=name)
            for name in ("in_time", "late", "running")
        }
        | {"alle": link("/cijfers/dossiers", query, reeks="alle")},
        kenmerken={one: title for one, title in FEATURES.items() if one not in ("month", "year")},
        blad=frame(here, account, asked, period, "/cijfers"),
    )


class OneFeature(Asked):
    """Period, filters and the feature to count by."""

    veld: str = Field(default="sector", max_length=50)


@router.get("/kenmerk")
def feature(request: Request, here: Here, account: Reader, asked: Annotated[OneFeature, Query()]) -> Response:
    """All values of one feature."""
    veld = asked.veld
    if veld not in FEATURES:
        raise HTTPException(404)
    period = asked.period(dates.today(here.book.now()))
    with here.book.engine.connect() as connection:
        volumes = overview.volumes(connection, period, veld, asked.only())
        # Each dossier has one year, and may have several values of another feature.
        every = sum(one.number for one in overview.volumes(connection, period, "year", asked.only()))
    name = namer(here, veld, [one.value for one in volumes])
    chart = lying(volumes, name, _behind(veld, asked.query(period)), of=every)
    return staff_page(
        request,
        "cijfers/kenmerk.html",
        veld=veld,
        titel=FEATURES[veld],
        grafiek=chart,
        kenmerken=FEATURES,
        blad=frame(here, account, asked, period, "/cijfers/kenmerk"),
    )


@router.get("/termijnen")
def terms(request: Request, here: Here, account: Reader, asked: Wish) -> Response:
    """Answers and acknowledgements in time, and how old the open dossiers are."""
    today = dates.today(here.book.now())
    period = asked.period(today)
    only, query = asked.only(), asked.query(period)
    with here.book.engine.connect() as connection:
        met = overview.punctuality(connection, period, only)
        ages = overview.ageing(connection, today, only)
    return staff_page(
        request,
        "cijfers/termijnen.html",
        antwoord=_terms(met, ("in_time", "late", "running"), query),
        bevestiging=_terms(met, ("acknowledged_in_time", "acknowledged_late"), query),
        leeftijd=lying(
            ages, lambda one: AGES[one], lambda one: link("/cijfers/dossiers", query, reeks="leeftijd", waarde=one)
        ),
        blad=frame(here, account, asked, period, "/cijfers/termijnen"),
    )


@router.get("/stijgingen")
def risen(request: Request, here: Here, account: Reader, asked: Wish) -> Response:
    """What is complained of unusually often, by organiser, location, theme and sector, with the rule in words."""
    today = dates.today(here.book.now())
    period = asked.period(today, usual=Period(today - _WEEKS, today - timedelta(days=1)))
    return staff_page(
        request,
        "cijfers/stijgingen.html",
        groepen=[_rises(here, period, one, asked.only(), asked.query(period)) for one in _LOOKED_AT],
        minstens=LEAST,
        dagen=(period.last - period.first).days + 1,
        ervoor=BEFORE,
        deel=round(1 / FALSE_SHARE),
        vooruit=period.last >= today,
        blad=frame(here, account, asked, period, "/cijfers/stijgingen"),
    )


@router.get("/triage")
def triage(request: Request, here: Here, account: Reader, asked: Wish) -> Response:
    """Per rule how often staff corrected what it had decided, and which fields."""
    period = asked.period(dates.today(here.book.now()))
    query = asked.query(period)
    with here.book.engine.connect() as connection:
        quality = overview.rule_quality(connection, period)
    decided, corrected = sum(one.decided for one in quality), sum(one.corrected for one in quality)
    rows = sorted(quality, key=lambda one: (-one.corrected, -one.decided, one.rule))
    return staff_page(
        request,
        "cijfers/triage.html",
        regels=[
            (
                words.readable(one.rule) if one.rule else "Geen regel paste",
                one,
                share(one.corrected, one.decided),
                ", ".join(f"{words.FIELDS.get(name, words.readable(name))} ({number})" for name, number in one.fields),
                link("/cijfers/verbeterd", query, regel=one.rule),
                link("/cijfers/verbeterd", query, regel=one.rule, alle="ja"),
            )
            for one in rows
        ],
        beslist=decided,
        verbeterd=corrected,
        aandeel=share(corrected, decided),
        blad=frame(here, account, asked, period, "/cijfers/triage"),
    )


_LOOKED_AT = ("organiser", "location", "themes", "sector")


def _rises(here: Room, period: Period, feature: str, only: Only, query: dict[str, str]) -> dict[str, object]:
    with here.book.engine.connect() as connection:
        found = rises(connection, period, feature, only)
    name, behind = namer(here, feature, [one.value for one in found.found]), _behind(feature, query)
    return {
        "titel": FEATURES[feature],
        "bekeken": found.looked_at,
        "rijen": [
            (name(one.value), one.number, f"{one.expected:.1f}".replace(".", ","), _odds(one.chance), behind(one.value))
            for one in found.found
        ],
    }


def _odds(chance: float) -> str:
    """`1 op 3.000`, roundly."""
    if chance <= 1e-6:
        return "minder dan 1 op een miljoen"
    times = 1 / chance
    size = 10 ** max(0, len(str(int(times))) - 2)
    return f"1 op {round(times / size) * size:,}".replace(",", ".")


def _terms(met: Punctuality, fields: tuple[str, ...], query: dict[str, str]) -> Chart:
    volumes = [Volume(one, int(getattr(met, one))) for one in fields]
    return lying(
        volumes,
        lambda one: TERMS[one],
        lambda one: link("/cijfers/dossiers", query, reeks="termijn", waarde=one),
    )


def _behind(feature: str, query: dict[str, str]) -> Callable[[str], str]:
    """From a value of this feature to the address of its dossiers."""
    return lambda value: link("/cijfers/dossiers", query, reeks="kenmerk", veld=feature, waarde=value)


def _months(period: Period, today: date) -> tuple[str, ...]:
    """Every month of the period that has begun, at most the last sixty of them."""
    last = min(period.last, max(today, period.first))
    count = (last.year - period.first.year) * 12 + last.month - period.first.month + 1
    start = period.first.year * 12 + period.first.month - 1
    return tuple(f"{n // 12}-{n % 12 + 1:02d}" for n in range(start, start + count))[-60:]
