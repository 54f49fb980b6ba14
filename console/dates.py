"""Days and moments as people in Flanders write them."""

from datetime import date, datetime

from register.deadlines import BRUSSELS

_DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip


def day(on: date) -> str:
    """`2 maart 2026`."""
    return f"{on.day} {_MONTHS[on.month - 1]} {on.year}"


def written_day(iso: str) -> str:
    """`2 maart 2026` for the day that an event keeps as `2026-03-02`."""
    return day(date.fromisoformat(iso))


def weekday(on: date) -> str:
    """`maandag 2 maart 2026`."""
    return f"{_DAYS[on.weekday()]} {day(on)}"


def moment(at: datetime) -> str:
    """`2 maart 2026 om 10:30`, in Brussels."""
    there = at.astimezone(BRUSSELS)
    return f"{day(there.date())} om {there:%H:%M}"


def today(now: datetime) -> date:
    """The day in Brussels."""
    return now.astimezone(BRUSSELS).date()


def left(due: date, now: datetime) -> str:
    """How long there is until a day: `nog 3 dagen`, `vandaag`, `2 dagen te laat`."""
    days = (due - today(now)).days
    if days == 0:
        return "vandaag"
    if days == 1:
        return "morgen"
    if days > 1:
        return f"nog {days} dagen"
    return "1 dag te laat" if days == -1 else f"{-days} dagen te laat"
