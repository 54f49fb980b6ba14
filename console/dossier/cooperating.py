"""What people do together in a dossier: tasks, questions to the department, persons, notes, links and moved mails."""

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException
from fastapi.responses import Response

from console.dossier.acts import Act, Day, Long, NoteForm, Seen, SeenForm, Short, at_work
from console.forms import OwnForm, back_to
from console.roles import WORKERS, Reader, Worker, may
from console.room import Here
from register import file, parties, parts, reading, work
from register.file import UnknownDossierError
from register.moving import moved
from register.parties import Person

router = APIRouter(prefix="/dossier/{reference}", dependencies=[OwnForm], route_class=Act)


class Errand(Seen):
    """A task."""

    wat: Long = ""
    wie: Short = ""
    tegen: Day = None


@router.post("/taak")
def set_task(here: Here, account: Worker, reference: str, given: Annotated[Errand, Form()]) -> Response:
    """Something to do, for this person or a colleague."""
    with at_work(here, account, reference, given.versie) as (page, treat):
        if not given.wat.strip():
            raise ValueError("zeg wat er te doen is")
        to = given.wie or account.name
        work.set_task(page.connection, treat.reference, account.name, given.wat.strip(), to, given.tegen)
    return _back(reference, "taak", "taken")


@router.post("/taak/{number}/gedaan")
def end_task(here: Here, account: Worker, reference: str, number: int, given: SeenForm) -> Response:
    """The task is done."""
    with at_work(here, account, reference, given.versie) as (page, treat):
        if number not in {one.id for one in work.tasks(page.connection, reference=treat.reference)}:
            raise LookupError(number)
        work.end_task(page.connection, number, account.name, treat.now)
    return _back(reference, "taak-gedaan", "taken")


class Question(Seen):
    """A question to the competent department."""

    afdeling: Short = ""
    rol: Short = ""
    aan: Short = ""
    vraag: Long = ""
    deel: int | None = None
    tegen: Day = None


@router.post("/vraag")
def ask(here: Here, account: Worker, reference: str, given: Annotated[Question, Form()]) -> Response:
    """Ask the klantenbeheerder or beleidsmedewerker for their part of the answer, inside the dossier."""
    with at_work(here, account, reference, given.versie) as (page, treat):
        if not given.afdeling.strip() or not given.vraag.strip():
            raise ValueError("zeg aan welke afdeling u wat vraagt")
        if given.deel is not None:
            parts.one(page.connection, treat.reference, given.deel)
        work.ask(
            page.connection,
            treat.reference,
            account.name,
            given.vraag.strip(),
            department=given.afdeling.strip(),
            role=given.rol,
            to=given.aan,
            part=given.deel,
            due=given.tegen,
        )
    return _back(reference, "gevraagd", "bijdragen")


@router.post("/vraag/{number}/antwoord")
def contribute(here: Here, account: Reader, reference: str, number: int, given: NoteForm) -> Response:
    """The department's answer: by whoever was asked, or by a colleague who passes it on."""
    with at_work(here, account, reference, given.versie) as (page, treat):
        asked = {one.id: one for one in work.contributions(page.connection, treat.reference)}[number]
        if asked.account != account.name and not may(account, WORKERS):
            raise HTTPException(403, "Deze vraag is aan iemand anders gesteld.")
        if not given.tekst.strip():
            raise ValueError("schrijf eerst een antwoord")
        work.contribute(page.connection, number, account.name, given.tekst.strip(), treat.now)
    return _back(reference, "beantwoord", "bijdragen")


class PersonWords(Seen):
    """A person of the dossier."""

    rol: Short = ""
    naam: Short = ""
    geboren: Day = None
    nummer: Short = ""
    contact: Short = ""


@router.post("/persoon")
def add_person(here: Here, account: Worker, reference: str, given: Annotated[PersonWords, Form()]) -> Response:
    """Somebody who has to do with it; what names them is sealed."""
    with at_work(here, account, reference, given.versie) as (_, treat):
        if not given.naam.strip():
            raise ValueError("een persoon heeft een naam nodig, of een omschrijving zoals ‘de buurvrouw’")
        treat.add_person(Person(given.rol, given.naam.strip(), given.geboren, given.nummer.strip(), given.contact))
    return _back(reference, "persoon", "betrokkenen")


@router.post("/persoon/{number}/schrappen")
def remove_person(here: Here, account: Worker, reference: str, number: int, given: SeenForm) -> Response:
    """Take somebody out of the dossier, with everything that names them."""
    with at_work(here, account, reference, given.versie) as (page, treat):
        if number not in parties.numbers(page.connection, treat.reference):
            raise LookupError(number)
        parties.remove(page.connection, number, account.name, treat.now)
    return _back(reference, "persoon-weg", "betrokkenen")


@router.post("/notitie")
def note(here: Here, account: Worker, reference: str, given: NoteForm) -> Response:
    """A remark for colleagues."""
    with at_work(here, account, reference, given.versie) as (page, treat):
        if not given.tekst.strip():
            raise ValueError("schrijf eerst een notitie")
        page.note(account.name, given.tekst.strip(), reference=treat.reference)
    return _back(reference, "notitie", "tijdlijn")


class Bond(Seen):
    """Another dossier, and what ties the two."""

    ander: Short = ""
    band: Short = ""


@router.post("/verband")
def bind(here: Here, account: Worker, reference: str, given: Annotated[Bond, Form()]) -> Response:
    """Tie this dossier to another."""
    with at_work(here, account, reference, given.versie) as (page, treat):
        other = given.ander.strip().upper()
        try:
            work.bind(page.connection, treat.reference, other, account.name, given.band, treat.law)
        except UnknownDossierError:
            raise ValueError(f"dossier {other or 'zonder nummer'} is er niet") from None
    return _back(reference, "verbonden", "verbanden")


class Moving(Seen):
    """Where a mail belongs."""

    bericht: Short = ""
    naar: Short = ""


@router.post("/verplaats")
def move(here: Here, account: Worker, reference: str, given: Annotated[Moving, Form()]) -> Response:
    """A mail of this dossier belongs to another one; letters that wait on it are taken back."""
    with at_work(here, account, reference, given.versie) as (page, treat):
        record, to = reading.record(page.connection, given.bericht), given.naar.strip().upper()
        if record is None or record.dossier is None or record.dossier.reference != treat.reference:
            raise LookupError(given.bericht)
        if to == treat.reference:
            raise ValueError("het bericht zit al in dit dossier")
        try:
            there = file.row(page.connection, to)
        except UnknownDossierError:
            raise ValueError(f"dossier {to or 'zonder nummer'} is er niet") from None
        if there.status == "vervallen":
            raise ValueError(f"dossier {to} is vervallen")
        page.redecide(given.bericht, *moved(record, to, account.name), account.name)
    return back_to(f"/dossier/{to}", "verplaatst", anchor="berichten")


def _back(reference: str, done: str, anchor: str) -> Response:
    return back_to(f"/dossier/{reference.strip().upper()}", done, anchor=anchor)
