"""A draft of other rules: begun, taken over, brought up to date, put away, or laid before a second person."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import Response

from console.forms import OwnForm, back_to
from console.pages import staff_page
from console.roles import MAINTAINERS, Maintainer, Overseer
from console.room import Here, Room
from console.workbench import chosen as rules_of
from console.workbench.access import Shop
from console.workbench.compare import difference
from console.workbench.merging import moved
from register import rule_drafts, rule_runs, rulebooks
from register.rule_drafts import Draft, DraftChangedError, DraftGoneError, NotTheirsError, edits_between
from triage.mistakes import Mistake

router = APIRouter(prefix="/regels")
Text = Annotated[str, Form(max_length=300)]
Versie = Annotated[int, Form()]
GONE = "Dit ontwerp is al voorgesteld of weggelegd. Er is niets veranderd."


@router.post("/ontwerp", dependencies=[OwnForm])
def begin(here: Here, account: Maintainer, shop: Shop, pad: Text = "", ontwerp: Annotated[int, Form()] = 0) -> Response:
    """A new draft on the rules in force (or one's own open draft), and on to the file that was asked for."""
    number = rules_of.draft(here, ontwerp).id if ontwerp else 0
    if not number:
        live = shop.live()
        with here.book.engine.begin() as connection:
            number = rule_drafts.begin(connection, who=account.name, base=live.fingerprint)
    where = f"/bestand?pad={pad}" if pad in shop.live().files else ""
    return back_to(f"/regels/ontwerp/{number}{where}")


@router.get("/ontwerp/{number}")
def draft(request: Request, here: Here, account: Overseer, shop: Shop, number: int) -> Response:
    """The draft: what it changes, what is wrong with it, what was tried, and what may be done."""
    one = rules_of.draft(here, number)
    now = rules_of.of_draft(here, one)
    base, live = rules_of.on_file(here, one.base), shop.live()
    mistakes = shop.check(now.rules.files)
    with here.book.engine.connect() as connection:
        runs = rule_runs.of(connection, now.rules.fingerprint)
    own = one.who == account.name and bool(MAINTAINERS & set(account.roles))
    return staff_page(
        request,
        "regels/ontwerp.html",
        o=one,
        regels=now,
        wijzigingen=difference(base.files, now.rules.files),
        fouten=[mistake for mistake in mistakes if not mistake.warning],
        waarschuwingen=fresh_warnings(mistakes, shop.check(base.files)),
        proeven_lijst=runs,
        verouderd=one.base != live.fingerprint,
        elders=sorted(path for path in one.edits if base.files.get(path) != live.files.get(path)),
        mag_wijzigen=own and one.state == "open",
        mag_overnemen=not own and one.state == "open" and bool(MAINTAINERS & set(account.roles)),
        mag_regels=bool(MAINTAINERS & set(account.roles)),
    )


@router.post("/ontwerp/{number}/basis", dependencies=[OwnForm])
def bring_up_to_date(here: Here, account: Maintainer, shop: Shop, number: int, versie: Versie) -> Response:
    """Put the edits on the rules that are in force now."""
    one, live = rules_of.draft(here, number), shop.live()
    edits, clashes = moved(one.edits, rules_of.on_file(here, one.base).files, live.files)
    write(here, one, account.name, versie, edits, base=live.fingerprint)
    return back_to(f"/regels/ontwerp/{number}", "botsing" if clashes else "bijgewerkt")


@router.post("/ontwerp/{number}/neem-over", dependencies=[OwnForm])
def take_over(here: Here, account: Maintainer, number: int) -> Response:
    """From now on this person works on it."""
    rules_of.draft(here, number)
    try:
        with here.book.engine.begin() as connection:
            rule_drafts.hand_over(connection, number, to=account.name)
    except DraftGoneError:
        raise HTTPException(409, GONE) from None
    return back_to(f"/regels/ontwerp/{number}", "overgenomen")


@router.post("/ontwerp/{number}/weg", dependencies=[OwnForm])
def put_away(here: Here, account: Maintainer, number: int) -> Response:
    """Nothing comes of it."""
    rules_of.draft(here, number)
    try:
        with here.book.engine.begin() as connection:
            rule_drafts.close(connection, number, who=account.name)
    except (DraftGoneError, NotTheirsError):
        raise HTTPException(409, GONE) from None
    return back_to("/regels", "ontwerp-weg")


@router.post("/ontwerp/{number}/voorstel", dependencies=[OwnForm])
def propose(  # noqa: PLR0913, PLR0917 — two of them are who asks and where.
    here: Here, account: Maintainer, shop: Shop, number: int, versie: Versie, waarom: Text = ""
) -> Response:
    """Lay the draft before a second person, exactly as this one saw it."""
    one = rules_of.draft(here, number)
    why = " ".join(waarom.split())
    if not why:
        raise HTTPException(422, "Zeg waarom u dit voorstelt. Uw collega beslist daarmee, en het blijft bewaard.")
    if one.version != versie:
        raise HTTPException(409, "Dit ontwerp veranderde terwijl u keek. Bekijk het eerst opnieuw.")
    rules = rules_of.of_draft(here, one).rules
    if one.base != shop.live().fingerprint:
        raise HTTPException(409, "Intussen gelden andere regels. Breng uw ontwerp eerst bij.")
    if rules.fingerprint == one.base:
        raise HTTPException(422, "Dit ontwerp verandert niets aan de regels.")
    if any(not mistake.warning for mistake in shop.check(rules.files)):
        raise HTTPException(422, "Er staan nog fouten in dit ontwerp. Verbeter ze eerst.")
    try:
        with here.book.engine.begin() as connection:
            proposed = rulebooks.propose(
                connection, rules.fingerprint, rules.files, who=account.name, why=why, parent=one.base
            )
            rule_drafts.close(connection, number, who=account.name, proposal=proposed)
    except (DraftGoneError, NotTheirsError):
        raise HTTPException(409, GONE) from None
    return back_to(f"/regels/voorstel/{proposed}", "voorgesteld")


@router.post("/voorstel/{number}/ontwerp", dependencies=[OwnForm])
def again(here: Here, account: Maintainer, number: int) -> Response:
    """A new draft with the edits of a proposal, to work on."""
    one = rules_of.proposal(here, number)
    base = rules_of.on_file(here, one.parent or one.fingerprint)
    edits = edits_between(base.files, rules_of.on_file(here, one.fingerprint).files)
    with here.book.engine.begin() as connection:
        made = rule_drafts.begin(connection, who=account.name, base=base.fingerprint, why=one.why, edits=edits)
    return back_to(f"/regels/ontwerp/{made}", "ontwerp")


def fresh_warnings(now: Sequence[Mistake], before: Sequence[Mistake]) -> list[Mistake]:
    """The warnings that the base does not have; a line may have moved."""
    known = {(one.file, one.name, one.what) for one in before}
    return [one for one in now if one.warning and (one.file, one.name, one.what) not in known]


def write(  # noqa: PLR0913
    here: Room, one: Draft, who: str, seen: int, edits: rule_drafts.Edits, *, base: str | None = None
) -> int:
    """Keep the edits; 409 when the draft is gone, of somebody else, or was changed elsewhere."""
    try:
        with here.book.engine.begin() as connection:
            return rule_drafts.write(connection, one.id, who=who, seen=seen, edits=edits, base=base)
    except DraftGoneError:
        raise HTTPException(409, GONE) from None
    except NotTheirsError as trouble:
        raise HTTPException(409, f"Dit ontwerp is nu van {trouble}. Er is niets bewaard.") from None
    except DraftChangedError:
        raise HTTPException(409, "Dit ontwerp veranderde in een ander venster. Er is niets bewaard.") from None
