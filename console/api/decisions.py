"""Decisions, for programs: those in force, and all that were ever made about one message."""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query

from console.api.gate import Here, MayReadDecisions
from console.api.problem import answers
from console.api.shapes import History, Judged, Part, Row, Rows
from register.listing import Filter
from register.reading import Judgement
from triage import decision
from triage.vocabulary import DRINGENDHEDEN, UITKOMSTEN, VELDEN

router = APIRouter()
_REFUSALS = answers(401, 403, 404, 422, 429)


@router.get("/beslissingen", responses=_REFUSALS)
def decisions(  # noqa: PLR0913, PLR0917 — one argument a parameter of the address.
    here: Here,
    token: MayReadDecisions,
    uitkomst: Annotated[str, Query(pattern=f"^({'|'.join(UITKOMSTEN)})?$")] = "",
    dringendheid: Annotated[str, Query(pattern=f"^({'|'.join(DRINGENDHEDEN)})?$")] = "",
    open: Annotated[bool | None, Query(description="Alleen open of alleen afgehandelde berichten.")] = None,
    na: Annotated[str, Query(max_length=500, description="`volgende` van de vorige bladzijde.")] = "",
    grens: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Rows:
    """De geldende beslissingen. Open berichten in volgorde van dringendheid, andere van nieuw naar oud."""
    chosen = Filter(open=open, uitkomst=uitkomst or None, dringendheid=dringendheid or None)
    try:
        listing = here.book.items(chosen, after=na or None, limit=grens)
    except ValueError:
        raise HTTPException(404, "na: dit is geen `volgende` van een bladzijde.") from None
    rows = [
        Row(
            digest=item.digest, referentie=item.reference, ontvangen=item.received, open=item.open,
            uitkomst=item.uitkomst, soort=item.soort, sector=item.sector, betrokkene=item.betrokkene,
            dringendheid=item.dringendheid, taal=item.taal,
        )
        for item in listing.items
    ]  # fmt: skip
    return Rows(beslissingen=rows, volgende=listing.next)


@router.get("/berichten/{digest}/beslissingen", responses=_REFUSALS)
def history(here: Here, token: MayReadDecisions, digest: Annotated[str, Path(pattern="^[0-9a-f]{64}$")]) -> History:
    """Alle beslissingen over één bericht, ook die van collega's. Het lezen wordt genoteerd."""
    record = here.book.record(digest)
    if record is None:
        raise HTTPException(404, "Dit bericht is er niet, of het is nog niet verwerkt.")
    with here.book.begin() as page:
        page.note_read(token.who, digest)
    return History(digest=digest, beslissingen=[_judged(one) for one in record.judgements])


def _judged(one: Judgement) -> Judged:
    made = one.decision
    return Judged(
        **_fields(made),
        op=one.at,
        wie=one.who,
        regel=made.regel,
        zekerheid=made.zekerheid,
        rulebook=made.rulebook,
        model=made.model,
        redenen=[reason.text for reason in made.reasons],
        delen=[Part(**_fields(part)) for part in made.delen],
    )


def _fields(part: decision.Part) -> dict[str, Any]:
    values = {name: getattr(part, name) for name in VELDEN}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
