"""One file of a draft under a person's hands: checked and kept at every pause, and never written over unseen."""

import re
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from console.forms import OwnForm, back_to
from console.pages import page, staff_page
from console.roles import Maintainer
from console.room import Here, Room
from console.workbench import chosen as rules_of
from console.workbench.access import Shop
from console.workbench.compare import file_change
from console.workbench.drafting import GONE, fresh_warnings, write
from console.workbench.workshop import Workshop
from register import rule_drafts
from register.rule_drafts import Draft, DraftChangedError, DraftGoneError, NotTheirsError
from register.rulebooks import Files

router = APIRouter(prefix="/regels/ontwerp/{number}")
_NEW = re.compile(r"(uitkomsten|signalen|instanties|sectoren|decreten)/[a-z0-9][a-z0-9_-]{0,80}\.yaml")
_LARGEST = 300_000
Pad = Annotated[str, Query(max_length=200)]
FormPad = Annotated[str, Form(max_length=200)]


class Written(BaseModel):
    """A file as a person wrote it."""

    pad: str = Field(max_length=200)
    tekst: str = Field(default="", max_length=_LARGEST)
    versie: int


@router.get("/bestand")
def edit(  # noqa: PLR0913, PLR0917 — three of them are who asks and where.
    request: Request, here: Here, account: Maintainer, shop: Shop, number: int, pad: Pad = ""
) -> Response:
    """The file to edit; that of a colleague leads to a page to read."""
    one = rules_of.draft(here, number)
    if one.who != account.name or one.state != "open":
        return back_to(f"/regels/ontwerp/{number}")
    files, base = rules_of.of_draft(here, one).rules.files, rules_of.on_file(here, one.base).files
    if pad not in files:
        raise HTTPException(404, "Dit bestand staat niet in dit ontwerp.")
    try:
        text = files[pad].decode()
    except UnicodeDecodeError:
        raise HTTPException(
            409, "Dit bestand is geen gewone tekst (UTF-8) en kan hier niet gewijzigd worden."
        ) from None
    return staff_page(
        request,
        "regels/schrijven.html",
        o=one,
        tekst=text,
        basis=one.base,
        verouderd=one.base != shop.live().fingerprint,
        nieuw=pad not in base,
        **_found(shop, pad, files, base),
    )


@router.post("/bestand", dependencies=[OwnForm])
def keep(  # noqa: PLR0913, PLR0917 — two of them are who asks and where.
    request: Request, here: Here, account: Maintainer, shop: Shop, number: int, given: Annotated[Written, Form()]
) -> Response:
    """Keep the file in the draft; the answer is its mistakes, whole or as a part for a page that asks for it."""
    one = rules_of.draft(here, number)
    base = rules_of.on_file(here, one.base).files
    part = request.headers.get("x-deel") == "nazicht"
    text = re.sub(r"\r\n?", "\n", given.tekst)
    if given.pad not in base and given.pad not in one.edits:
        raise HTTPException(404, "Dit bestand staat niet in dit ontwerp.")
    edits = {**one.edits, given.pad: text}
    if base.get(given.pad) == text.encode():
        edits.pop(given.pad)
    try:
        with here.book.engine.begin() as connection:
            version = rule_drafts.write(connection, number, who=account.name, seen=given.versie, edits=edits)
    except (DraftGoneError, NotTheirsError, DraftChangedError) as trouble:
        said = _said(trouble)
        if part:
            return page("regels/nazicht.html", status=409, geweigerd=said, versie_ontwerp=given.versie)
        return _refused(request, here, one, given.pad, text, said)
    if not part:
        return back_to(f"/regels/ontwerp/{number}/bestand?pad={given.pad}", "ontwerp-bewaard")
    files = rule_drafts.applied(base, edits)
    return page(
        "regels/nazicht.html",
        geweigerd="",
        versie_ontwerp=version,
        **_found(shop, given.pad, files, base),
    )


@router.post("/nieuw", dependencies=[OwnForm])
def new_file(here: Here, account: Maintainer, number: int, pad: FormPad, versie: Annotated[int, Form()]) -> Response:
    """A new file in the draft, with its first lines."""
    one = rules_of.draft(here, number)
    if not _NEW.fullmatch(pad):
        raise HTTPException(422, "Kies een map en een naam van kleine letters, cijfers en koppeltekens.")
    if pad in rules_of.of_draft(here, one).rules.files:
        raise HTTPException(422, "Er is al een bestand met die naam.")
    folder = pad.split("/", maxsplit=1)[0]
    first = f"# yaml-language-server: $schema=../../docs/schema/{folder}.json\n"
    write(here, one, account.name, versie, {**one.edits, pad: first})
    return back_to(f"/regels/ontwerp/{number}/bestand?pad={pad}")


@router.post("/verwijder", dependencies=[OwnForm])
def remove(here: Here, account: Maintainer, number: int, pad: FormPad, versie: Annotated[int, Form()]) -> Response:
    """The rules go without this file."""
    one = rules_of.draft(here, number)
    if pad not in rules_of.of_draft(here, one).rules.files:
        raise HTTPException(404, "Dit bestand staat niet in dit ontwerp.")
    edits = {**one.edits, pad: None}
    if pad not in rules_of.on_file(here, one.base).files:
        edits.pop(pad)
    write(here, one, account.name, versie, edits)
    return back_to(f"/regels/ontwerp/{number}", "ontwerp-bewaard")


@router.post("/herstel", dependencies=[OwnForm])
def restore(here: Here, account: Maintainer, number: int, pad: FormPad, versie: Annotated[int, Form()]) -> Response:
    """The file as it stands in the rules that the draft was begun on."""
    one = rules_of.draft(here, number)
    write(here, one, account.name, versie, {path: text for path, text in one.edits.items() if path != pad})
    return back_to(f"/regels/ontwerp/{number}", "ontwerp-bewaard")


def _found(shop: Workshop, pad: str, files: Files, base: Files) -> dict[str, Any]:
    mistakes = shop.check(files)
    wrong = [one for one in mistakes if not one.warning]
    odd = fresh_warnings(mistakes, shop.check(base))
    return {
        "fouten_hier": [one for one in wrong if one.file == pad],
        "fouten_elders": [one for one in wrong if one.file != pad],
        "waarschuwingen": odd,
        "pad_bestand": pad,
        "wijziging": file_change(pad, base.get(pad), files[pad]) if base.get(pad) != files[pad] else None,
    }


def _said(trouble: Exception) -> str:
    if isinstance(trouble, NotTheirsError):
        return f"Dit ontwerp is nu van {trouble}."
    return GONE if isinstance(trouble, DraftGoneError) else "Dit bestand veranderde in een ander venster."


def _refused(request: Request, here: Room, one: Draft, pad: str, text: str, said: str) -> Response:  # noqa: PLR0913, PLR0917
    """Nothing was kept: what the person wrote stays before them, beside what stands there now."""
    kept = rules_of.of_draft(here, one).rules.files.get(pad)
    return staff_page(
        request,
        "regels/botsing.html",
        status=409,
        o=one,
        pad_bestand=pad,
        tekst=text,
        uitleg=said,
        wijziging=file_change(pad, kept, text.encode()),
        mag_bewaren=one.state == "open" and said != GONE and not said.startswith("Dit ontwerp is nu"),
    )
