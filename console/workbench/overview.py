"""The front page of the rules: what is in force, what is under way, what changed, and every file to read."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response

from console.forms import OwnForm, back_to
from console.pages import staff_page
from console.roles import MAINTAINERS, Maintainer, Overseer
from console.room import Here
from console.workbench.access import Shop
from console.workbench.chosen import LIVE, chosen
from console.workbench.compare import compared, readable
from register import rule_drafts
from register.rule_drafts import edits_between
from register.rulebooks import Files
from register.versions import Versions

router = APIRouter(prefix="/regels")
SHELVES: Mapping[str, str] = {
    "uitkomsten/": "Regels: wat volgt uit de feiten",
    "signalen/": "Signalen: de woorden waaraan we feiten herkennen",
    "instanties/": "Instanties",
    "sectoren/": "Sectoren",
    "decreten/": "Decreten",
    "": "Feiten, gevaren, termijnen en instellingen",
}
_MOST_FOUND = 100
Path_ = Annotated[str, Query(alias="pad", max_length=200)]


@router.get("")
def overview(request: Request, here: Here, account: Overseer, shop: Shop) -> Response:
    """What is in force since when and why, and everything that waits."""
    versions = Versions(here.book.engine)
    live = shop.live()
    history = versions.history(limit=12)
    shadow = versions.current("schaduw")
    with here.book.engine.connect() as connection:
        drafts = rule_drafts.being_written(connection)
    seen, shades = versions.shades(shadow) if shadow else (0, [])
    return staff_page(
        request,
        "regels/overzicht.html",
        geldend=live,
        beurten=history,
        schijf=shop.disk(),
        ontwerpen=drafts,
        voorstellen=versions.proposals(),
        schaduw=shadow,
        schaduw_gezien=seen,
        schaduw_anders=[(one, compared(one.differs)) for one in shades[:3]],
        schaduw_aantal=len(shades),
        planken=shelves(live.files),
        mag_regels=bool(MAINTAINERS & set(account.roles)),
    )


def shelves(files: Files) -> dict[str, list[str]]:
    """The paths of the files by the title of where they stand."""
    found: dict[str, list[str]] = {title: [] for title in SHELVES.values()}
    for path in sorted(files):
        found[next(title for shelf, title in SHELVES.items() if path.startswith(shelf))].append(path)
    return {title: paths for title, paths in found.items() if paths}


@router.get("/bestand")
def file(  # noqa: PLR0913, PLR0917 — three of them are who asks and where.
    request: Request, here: Here, account: Overseer, shop: Shop, pad: Path_ = "", regels: str = LIVE
) -> Response:
    """One file with the numbers of its lines."""
    rules = chosen(here, shop, regels)
    text = rules.rules.files.get(pad)
    if text is None:
        raise HTTPException(404, "Dit bestand staat niet in deze regels.")
    with here.book.engine.connect() as connection:
        mine = [one for one in rule_drafts.being_written(connection) if one.who == account.name]
    return staff_page(
        request,
        "regels/bestand.html",
        pad_bestand=pad,
        regels=rules,
        zinnen=readable(text).splitlines(),
        mijn_ontwerpen=mine,
        mag_regels=bool(MAINTAINERS & set(account.roles)) and rules.name == LIVE,
    )


@router.get("/zoek")
def search(
    request: Request, here: Here, account: Overseer, shop: Shop, woord: Annotated[str, Query(max_length=100)] = ""
) -> Response:
    """The lines of the rules in force in which some words stand."""
    found = list(_lines(shop.live().files, woord.strip().casefold())) if woord.strip() else []
    return staff_page(request, "regels/zoek.html", woord=woord, gevonden=found[:_MOST_FOUND], aantal=len(found))


def _lines(files: Files, wanted: str) -> Iterator[tuple[str, int, str]]:
    for path in sorted(files):
        for number, line in enumerate(readable(files[path]).splitlines(), 1):
            if wanted in line.casefold():
                yield path, number, line.strip()


@router.post("/map/schrijf", dependencies=[OwnForm])
def write_disk(account: Maintainer, shop: Shop) -> Response:
    """Make the folder hold what is in force."""
    try:
        shop.write_disk()
    except ValueError:
        raise HTTPException(
            409, "De map bevat wijzigingen die nergens anders bewaard zijn. Maak er eerst een ontwerp van."
        ) from None
    except OSError:
        raise HTTPException(409, "De map kan niet beschreven worden. Vraag het aan wie het systeem beheert.") from None
    return back_to("/regels", "map-geschreven")


@router.post("/map/ontwerp", dependencies=[OwnForm])
def from_disk(here: Here, account: Maintainer, shop: Shop) -> Response:
    """What stands in the folder becomes a draft."""
    disk, live = shop.disk(), shop.live()
    if disk is None:
        raise HTTPException(409, "De map bevat precies wat geldt.")
    try:
        edits = edits_between(live.files, disk.rules.files)
    except UnicodeDecodeError:
        raise HTTPException(409, "In de map staat een bestand dat geen gewone tekst is (UTF-8).") from None
    with here.book.engine.begin() as connection:
        number = rule_drafts.begin(connection, who=account.name, base=live.fingerprint, edits=edits)
    return back_to(f"/regels/ontwerp/{number}", "ontwerp")
