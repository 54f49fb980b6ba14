"""The law's clock: pure functions from a day of receipt and a regime to the last day of a term, and why it is that day.

How long a term is, and whether it shifts or stands still, is never said here: that is in `rules/termijnen.yaml`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.easter import easter  # type: ignore[import-untyped]

from register.law import Holiday, Law, Regime, in_force

BRUSSELS = ZoneInfo("Europe/Brussels")
_DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
    "december",
)  # fmt: skip


class NoPauseError(ValueError):
    """No rule lets this clock stand still on that ground."""


class TooLateError(ValueError):
    """The extension should have been announced before the first term ended, or cannot be had at all."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A regime that runs for a dossier, and what changed its length."""

    regime: Regime
    day_zero: date
    extended: date | None = None
    """The day on which the extension was announced, with its reasons."""
    paused: int = 0
    """Days that the clock stood still, on grounds of the regime."""


def day_of_receipt(received: datetime) -> date:
    """Day 0: the day in Brussels on which the mail reached us, whoever opened it when."""
    return received.astimezone(BRUSSELS).date()


def clock_runs(soort: str, uitkomst: str) -> bool:
    """Whether the terms of a complaint run: for a complaint, and for what is registered or asked to be completed."""
    return uitkomst != "negeren" and (soort == "klacht" or uitkomst in ("registreren", "opvragen"))


def holidays(year: int, known: tuple[Holiday, ...]) -> dict[date, str]:
    """The public holidays of a year with their names, in order."""
    found: dict[date, str] = {}
    for holiday in known:
        if holiday.dag is not None:
            month, day = holiday.dag.split("-")
            on = date(year, int(month), int(day))
        else:
            on = easter(year) + timedelta(days=holiday.na_pasen or 0)
        if in_force((holiday,), on):
            found[on] = holiday.naam
    return dict(sorted(found.items()))


def due(clock: Clock, name: str, known: tuple[Holiday, ...] = ()) -> date | None:
    """The last day of a term, whole until midnight in Brussels; None when the regime has no such term.

    The day of receipt is day 0 (Bestuursdecreet, art. II.30 for its own terms). Weekends and holidays count, and a
    last day on one of them stays, unless the regime says otherwise.
    """
    term = clock.regime.term(name)
    if term is None:
        return None
    length = term.verlengd if clock.extended and term.verlengd else term.dagen
    last = _counted(clock.day_zero, length + clock.paused, clock.regime, known)
    while clock.regime.verschuift and _rests(last, known):
        last += timedelta(days=1)
    return last


def first_due(clock: Clock, name: str, known: tuple[Holiday, ...] = ()) -> date | None:
    """The last day as it was before any extension."""
    return due(Clock(clock.regime, clock.day_zero, None, clock.paused), name, known)


def answer_by(law: Law, regime: str, day_zero: date, *, extended: bool = False) -> date | None:
    """The last day to answer under a regime, as it is or as an extension would make it; None without that regime."""
    found = law.regime(regime, day_zero)
    if found is None:
        return None
    return due(Clock(found, day_zero, day_zero if extended else None), "antwoorden", law.holidays)


def check_extension(clock: Clock, announced: date, known: tuple[Holiday, ...] = ()) -> None:
    """Raises TooLateError unless the answer may be put off by a notice on that day."""
    term = clock.regime.term("antwoorden")
    if term is None or term.verlengd is None:
        raise TooLateError(f"de regeling {clock.regime.id} kent geen verlenging")
    if clock.extended is not None:
        raise TooLateError(f"de termijn werd al verlengd op {clock.extended:%d-%m-%Y}")
    last = first_due(clock, "antwoorden", known)
    if last is not None and announced > last:
        raise TooLateError(f"de eerste termijn liep af op {last:%d-%m-%Y}; verlengen kon tot die dag")


def check_pause(regime: Regime, ground: str) -> None:
    """Raises NoPauseError unless the regime names the ground."""
    if ground not in {one.id for one in regime.pauze}:
        raise NoPauseError(f"geen regel laat de termijn van {regime.id} stilstaan op grond van {ground}")


def why(clock: Clock, name: str, known: tuple[Holiday, ...] = ()) -> tuple[str, ...]:
    """`waarom deze datum`, in sentences for staff; empty when the regime has no such term."""
    term, last = clock.regime.term(name), due(clock, name, known)
    if term is None or last is None:
        return ()
    said = [
        f"Ontvangen op {_spoken(clock.day_zero)}: dat is dag 0.",
        f"We hebben {term.dagen} {clock.regime.telling} om {term.wat} ({term.bron}).",
    ]
    if clock.extended is not None and term.verlengd is not None:
        said.append(
            f"Op {_spoken(clock.extended)} werd de verlenging met redenen aangekondigd, voor de eerste termijn afliep: "
            f"samen {term.verlengd} {clock.regime.telling}."
        )
    if clock.paused:
        said.append(f"De termijn stond {clock.paused} dagen stil, op een grond die de regeling noemt.")
    said.append(f"De laatste dag is {_spoken(last)}, tot 24 uur.")
    if _rests(last, known):
        name_of_day = _named(last, known) or "weekend"
        tail = "" if clock.regime.verschuift else " De termijn schuift daarvoor niet op; antwoord dus vroeger."
        said.append(f"Dat is een rustdag ({name_of_day}).{tail}")
    return tuple(said)


def holidays_between(first: date, last: date, known: tuple[Holiday, ...]) -> Mapping[date, str]:
    """The public holidays from the first to the last day, for showing."""
    return {
        day: name
        for year in range(first.year, last.year + 1)
        for day, name in holidays(year, known).items()
        if first <= day <= last
    }


def _counted(start: date, length: int, regime: Regime, known: tuple[Holiday, ...]) -> date:
    if regime.telling == "kalenderdagen":
        return start + timedelta(days=length)
    last = start
    while length:
        last += timedelta(days=1)
        length -= not _rests(last, known)
    return last


def _named(day: date, known: tuple[Holiday, ...]) -> str:
    return holidays(day.year, known).get(day, "")


def _rests(day: date, known: tuple[Holiday, ...]) -> bool:
    return day.isoweekday() > 5 or bool(_named(day, known))


def _spoken(day: date) -> str:
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"
