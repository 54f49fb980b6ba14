"""How a complaint is treated: taken up, admitted or refused, mediated, put off, answered and closed."""

from datetime import datetime, time
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from console.dossier.acts import Act, Day, Long, NoteForm, Seen, SeenForm, Short, at_work
from console.forms import OwnForm, back_to
from console.roles import Decider, Worker
from console.room import Here
from register import correcting, reading
from register.deadlines import BRUSSELS
from register.page import Page
from register.treating import Treatment

router = APIRouter(prefix="/dossier/{reference}", dependencies=[OwnForm], route_class=Act)


class TakeUp(Seen):
    """The person confirms not to be involved in the facts."""

    bevestiging: Short = ""


@router.post("/opnemen")
def take_up(here: Here, account: Worker, reference: str, given: Annotated[TakeUp, Form()]) -> Response:
    """This person treats the dossier, and says not to be involved in the facts (art. II.86)."""
    with at_work(here, account, reference, given.versie) as (_, treat):
        treat.hand_to(account.name, not_involved=given.bevestiging == "ja")
    return _back(reference, "opgenomen")


@router.post("/ontvankelijk")
def admit(here: Here, account: Decider, reference: str, given: SeenForm) -> Response:
    """The complaint will be treated."""
    with at_work(here, account, reference, given.versie) as (_, treat):
        treat.admit()
    return _back(reference, "ontvankelijk")


class Refusal(Seen):
    """Why a complaint is not treated."""

    grond: Short = ""
    woorden: Long = ""


@router.post("/weigeren")
def refuse(here: Here, account: Decider, reference: str, given: Annotated[Refusal, Form()]) -> Response:
    """The complaint is not treated, on a ground and with reasons (art. II.77)."""
    with at_work(here, account, reference, given.versie) as (_, treat):
        treat.refuse(given.grond, given.woorden)
    return _back(reference, "geweigerd")


class Mediation(Seen):
    """A step of mediation."""

    stap: Short = ""
    tegen: Day = None


@router.post("/bemiddeling")
def mediate(here: Here, account: Worker, reference: str, given: Annotated[Mediation, Form()]) -> Response:
    """Mediation was offered, accepted or refused, or nothing was heard (art. II.82)."""
    with at_work(here, account, reference, given.versie) as (_, treat):
        if not given.stap:
            raise ValueError("kies eerst wat er met de bemiddeling gebeurde")
        if given.tegen is not None and given.tegen < treat.today:
            raise ValueError("de dag om te antwoorden ligt al achter ons")
        treat.mediate(given.stap, until=given.tegen)
    return _back(reference, "bemiddeling")


@router.post("/verlengen")
def extend(here: Here, account: Worker, reference: str, given: NoteForm) -> Response:
    """The answer is put off, announced today with reasons (art. II.83)."""
    with at_work(here, account, reference, given.versie) as (_, treat):
        treat.extend(given.tekst)
    return _back(reference, "verlengd", "termijnen")


class Pause(Seen):
    """On what ground the clock stands still."""

    grond: Short = ""


@router.post("/stilleggen")
def pause(here: Here, account: Worker, reference: str, given: Annotated[Pause, Form()]) -> Response:
    """The clock stands still from today, on a ground that a rule names."""
    with at_work(here, account, reference, given.versie) as (_, treat):
        treat.pause(given.grond)
    return _back(reference, "stilgelegd", "termijnen")


@router.post("/hervatten")
def resume(here: Here, account: Worker, reference: str, given: SeenForm) -> Response:
    """The clock runs again from today."""
    with at_work(here, account, reference, given.versie) as (_, treat):
        treat.resume()
    return _back(reference, "loopt", "termijnen")


class Closing(Seen):
    """How the dossier ends."""

    hoe: Short = ""
    op: Day = None
    reden: Long = ""
    berichten: Short = ""


@router.post("/afsluiten")
def close(here: Here, account: Decider, reference: str, given: Annotated[Closing, Form()]) -> Response:
    """The dossier is finished: with our answer, which stops the clock, or without one for a reason that is noted."""
    with at_work(here, account, reference, given.versie) as (page, treat):
        if given.hoe == "antwoord":
            treat.answered(_moment(treat, given))
        elif given.hoe == "zonder" and given.reden.strip():
            page.note(account.name, f"Afgesloten zonder antwoord: {given.reden.strip()}", reference=treat.reference)
        elif given.hoe != "klaar":
            raise ValueError("zeg of ons antwoord vertrokken is, of waarom er geen antwoord komt")
        if given.berichten == "ja":
            _settle_all(page, treat)
        treat.close()
    return _back(reference, "afgesloten")


@router.post("/heropenen")
def reopen(here: Here, account: Worker, reference: str, given: SeenForm) -> Response:
    """The dossier is taken up again."""
    with at_work(here, account, reference, given.versie) as (_, treat):
        treat.reopen()
    return _back(reference, "dossier-heropend")


class Satisfaction(Seen):
    """What the complainant said of the treatment."""

    antwoord: Short = ""
    woorden: Long = ""


@router.post("/tevredenheid")
def satisfied(here: Here, account: Worker, reference: str, given: Annotated[Satisfaction, Form()]) -> Response:
    """Whether the complainant is satisfied with the treatment."""
    with at_work(here, account, reference, given.versie) as (_, treat):
        if not given.antwoord:
            raise ValueError("kies eerst het antwoord van de klager")
        treat.satisfied(given.antwoord, given.woorden)
    return _back(reference, "bewaard")


@router.post("/bewaren")
def hold(here: Here, account: Decider, reference: str, given: NoteForm) -> Response:
    """The dossier may not be erased, for this reason; empty words lift that."""
    with at_work(here, account, reference, given.versie) as (_, treat):
        treat.hold(given.tekst)
    return _back(reference, "bewaren" if given.tekst.strip() else "bewaren-weg", "beheer")


def _moment(treat: Treatment, given: Closing) -> datetime:
    if given.op is None or given.op == treat.today:
        return treat.now
    if given.op > treat.today:
        raise ValueError("een antwoord kan niet in de toekomst vertrokken zijn")
    return datetime.combine(given.op, time(12), BRUSSELS)


def _settle_all(page: Page, treat: Treatment) -> None:
    found = reading.file(page.connection, treat.reference)
    for item in found.items if found else ():
        if item.open:
            correcting.settle(page.connection, item.digest, treat.account)


def _back(reference: str, done: str, anchor: str = "behandeling") -> Response:
    return back_to(f"/dossier/{reference.strip().upper()}", done, anchor=anchor)
