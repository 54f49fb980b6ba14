"""How far somebody may look behind a figure, and what the pages of figures have in common."""

from dataclasses import dataclass

from fastapi import HTTPException

from console import dates, words
from console.figures.asked import Asked, link, presets, told
from console.room import Room
from register import accounts
from register.accounts import Account
from register.report import Period, departments


@dataclass(frozen=True, slots=True)
class Sight:
    """Which dossiers somebody may open from a figure."""

    department_of: str
    """The account whose department limits the dossiers; empty when nothing does."""
    departments: tuple[str, ...]
    opens: bool
    """False for a reader whose department the register does not know: counts only."""


def sight(here: Room, account: Account) -> Sight:
    """Whoever only reads sees counts, and the dossiers of their own department where the register knows one."""
    if set(account.roles) - {"lezer"}:
        return Sight("", (), opens=True)
    with here.book.engine.connect() as connection:
        known = departments(connection, account.name)
    return Sight(account.name, known, opens=bool(known))


def opening(here: Room, account: Account) -> Sight:
    """The same for a page that shows dossiers; 403 for whoever may see counts only."""
    found = sight(here, account)
    if not found.opens:
        raise HTTPException(403, "Met uw rol ziet u alleen aantallen. De dossiers erachter zijn voor wie ze behandelt.")
    return found


def frame(here: Room, account: Account, asked: Asked, period: Period, path: str) -> dict[str, object]:
    """What every page of figures shows around its own: the filters, the other pages, and who may look behind."""
    names, law = here.desk.glossary(), here.book.law
    query = asked.query(period)
    with here.book.engine.connect() as connection:
        handlers = accounts.names(connection)
    return {
        "gevraagd": asked,
        "periode": period,
        "periode_tekst": told(period),
        "zoekvraag": query,
        "hier": path,
        "filters": bool(query.keys() - {"van", "tot"}),
        "vakken": tuple((one, title, link(one, query)) for one, title in PAGES),
        "vooraf": tuple(
            (title, link(path, query | {"van": one.first.isoformat(), "tot": one.last.isoformat()}), one == period)
            for title, one in presets(dates.today(here.book.now()))
        ),
        "keuzes": {
            "sector": words.choices("sector", names),
            "decreet": words.choices("decreten", names),
            "betrokkene": words.choices("betrokkene", names),
            "thema": law.choices("thema"),
            "behandelaar": {one: one for one in handlers},
        },
        "zicht": sight(here, account),
    }


PAGES = (
    ("/cijfers", "Aantallen"),
    ("/cijfers/termijnen", "Termijnen"),
    ("/cijfers/stijgingen", "Stijgingen"),
    ("/cijfers/triage", "Triage"),
    ("/cijfers/verslag", "Jaarverslag"),
)
