"""Which period and which dossiers somebody asks about, as the address of the page says."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query
from pydantic import BaseModel, Field

from console import dates
from register.record import as_text
from register.report import Only, Period


class Asked(BaseModel):
    """Period and filters; what is empty or no day does not matter."""

    van: str = Field(default="", max_length=10)
    tot: str = Field(default="", max_length=10)
    sector: str = Field(default="", max_length=100)
    decreet: str = Field(default="", max_length=100)
    betrokkene: str = Field(default="", max_length=100)
    thema: str = Field(default="", max_length=100)
    behandelaar: str = Field(default="", max_length=200)

    def period(self, today: date, *, usual: Period | None = None) -> Period:
        """The period, in the right order; without days the usual one, which is this year."""
        usual = usual or Period(date(today.year, 1, 1), date(today.year, 12, 31))
        first, last = as_day(self.van), as_day(self.tot)
        if first is None and last is None:
            return usual
        first, last = first or min(last or today, usual.first), last or max(first or today, today)
        return Period(min(first, last), max(first, last))

    def only(self, department_of: str = "") -> Only:
        """The filters, for the register."""
        return Only(
            sector=as_text(self.sector),
            decreet=as_text(self.decreet),
            betrokkene=as_text(self.betrokkene),
            theme=as_text(self.thema),
            handler=as_text(self.behandelaar),
            department_of=department_of,
        )

    def query(self, period: Period) -> dict[str, str]:
        """What must stand in an address to ask the same again."""
        filters = self.model_dump(include=_FILTERS)
        days = {"van": period.first.isoformat(), "tot": period.last.isoformat()}
        return days | {name: value for name, value in filters.items() if value}


_FILTERS = {"sector", "decreet", "betrokkene", "thema", "behandelaar"}
Wish = Annotated[Asked, Query()]


def as_day(words: str) -> date | None:
    """A day as forms write it; None when it is none or lies outside of what a register can hold."""
    try:
        found = date.fromisoformat(words)
    except ValueError:
        return None
    return found if 1990 <= found.year <= 2200 else None


def link(path: str, query: Mapping[str, str], **more: str) -> str:
    """An address with this question in it."""
    return f"{path}?{urlencode({**query, **{name: value for name, value in more.items() if value}})}"


def presets(today: date) -> tuple[tuple[str, Period], ...]:
    """Periods that are often asked for."""
    month, year = today.replace(day=1), today.year
    before = (month - timedelta(days=1)).replace(day=1)
    following = (month + timedelta(days=31)).replace(day=1)
    return (
        (f"Dit jaar ({year})", Period(date(year, 1, 1), date(year, 12, 31))),
        (f"Vorig jaar ({year - 1})", Period(date(year - 1, 1, 1), date(year - 1, 12, 31))),
        ("Deze maand", Period(month, following - timedelta(days=1))),
        ("Vorige maand", Period(before, month - timedelta(days=1))),
        ("Laatste twaalf maanden", Period(date(year - 1, month.month, 1), month - timedelta(days=1))),
    )


def told(period: Period) -> str:
    """`1 januari 2026 tot en met 31 december 2026`."""
    return f"{dates.day(period.first)} tot en met {dates.day(period.last)}"
