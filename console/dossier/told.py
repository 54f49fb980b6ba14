"""What an event of a dossier tells, in sentences: names of lists and real dates, never a code."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from console import dates
from console.words import readable
from register import events, file
from register.law import Law
from register.timeline import Moment

_LISTS = {**file.LISTS, "stream": "stroom", "role": "rol"}
_COLUMNS = {
    "handler": "Behandelaar",
    "reporter": "Soort melder",
    "form": "Vorm",
    "ground": "Reden van weigering",
    "finding": "Bevinding",
    "solution": "Oplossing",
    "norms": "Ombudsnormen",
    "carriers": "Drager",
    "channels": "Kanaal",
    "mediation": "Bemiddeling",
    "mediation_until": "Antwoord op het aanbod ten laatste op",
    "outcomes": "Opvolging",
    "themes": "Thema's",
    "severity": "Ernst",
    "satisfaction": "Tevredenheid",
    "qualification": "Telt als",
    "admissible": "Ontvankelijk",
    "stream": "Behandeling",
    "sector": "Sector",
    "subject": "Onderwerp",
    "department": "Afdeling",
    "reasoning": "Motivering",
    "hold": "Bewaren opgelegd",
    "soort": "Soort",
    "betrokkene": "Over wie",
}
_PLACES = {"organiser": "De organisator van het deel werd aangeduid.", "location": "De locatie werd aangeduid."}
# These follow from another column, or the name of the event says them already.
_QUIET = frozenset({"uninvolved", "closed", "status", "proposed", "decreet"})


def named(column: str, value: object, law: Law) -> str:
    """The value of a column of a dossier or part as a person reads it; empty stays empty."""
    if value is None or value in ("", []):
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, list | tuple):
        return ", ".join(named(column, one, law) for one in value)
    if column == "mediation_until":
        return dates.day(date.fromisoformat(str(value)))
    if column in _LISTS:
        return law.choices(_LISTS[column]).get(str(value), readable(str(value)))
    return str(value) if column in ("handler", "subject", "department", "reasoning", "hold") else readable(str(value))


def told(moment: Moment, law: Law, tasks: Mapping[int, str], actions: Mapping[int, str]) -> tuple[str, ...]:
    """The sentences of an event; nothing for what its name says already, and nothing for another kind of moment."""
    detail = moment.detail
    said = [str(detail[name]) for name in ("tekst", "waarom", "redenen") if detail.get(name)]
    said += _changes(detail, law)
    for name, words in (("taak", tasks), ("actie", actions)):
        if isinstance(number := detail.get(name), int) and number in words:
            said.append(words[number])
    if detail.get("voor"):
        said.append(f"Voor {detail['voor']}{_until(detail)}.")
    if rol := detail.get("rol"):
        said.append(f"Als {law.choices('rol').get(str(rol), str(rol))}.")
    if moment.what == events.CLOCK_SET and detail.get("antwoorden_voor"):
        said.append(f"Antwoorden tegen {_day(detail['antwoorden_voor'])}.")
    if moment.what == events.ANSWERED:
        said.append(f"Ons antwoord vertrok op {dates.moment(datetime.fromisoformat(str(detail['op'])))}.")
    if isinstance(detail.get("dagen"), int):
        said.append(f"De termijn stond {detail['dagen']} dagen stil.")
    if detail.get("ander"):
        kind = law.choices("band").get(str(detail.get("band")), "")
        said.append(f"Ander dossier: {detail['ander']}{f' ({kind})' if kind else ''}.")
    if moment.what == events.CORRECTED and detail.get("van") != detail.get("naar"):
        said.append(f"Uitkomst: {readable(str(detail['van'])).lower()} werd {readable(str(detail['naar'])).lower()}.")
    return tuple(said)


def _changes(detail: Mapping[str, object], law: Law) -> Sequence[str]:
    now, was = detail.get("nu"), detail.get("was")
    if not isinstance(now, Mapping):
        return ()
    before = was if isinstance(was, Mapping) else {}
    said = []
    for column, value in now.items():
        if column in _PLACES:
            said.append(_PLACES[column])
        elif column in _COLUMNS and column not in _QUIET:
            new, old = named(column, value, law), named(column, before.get(column), law)
            if new or old:
                line = f"{_COLUMNS[column]}: {new or 'leeggemaakt'}{f' (was: {old})' if old else ''}"
                said.append(f"{line.rstrip('.')}.")
    return said


def _until(detail: Mapping[str, object]) -> str:
    return f", tegen {_day(detail['tegen'])}" if detail.get("tegen") else ""


def _day(iso: object) -> str:
    return dates.day(date.fromisoformat(str(iso)))
