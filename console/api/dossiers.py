"""Dossiers, for programs."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query

from console.api.gate import Here, MayReadDossiers
from console.api.problem import answers
from console.api.shapes import Dossier, InDossier, Letter, Spine, Spines, State, Writer
from register import shelf

router = APIRouter(prefix="/dossiers")
_REFUSALS = answers(401, 403, 422, 429)
_REFERENCE = r"^KW-\d{4}-\d{5,7}$"


@router.get("", responses=_REFUSALS)
def dossiers(
    here: Here,
    token: MayReadDossiers,
    staat: State = "",
    na: Annotated[str, Query(pattern=rf"^({_REFERENCE[1:-1]})?$", description="De laatste referentie die u had.")] = "",
    grens: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Spines:
    """Dossiers in volgorde van hun nummer, zonder namen."""
    with here.book.engine.connect() as connection:
        found = shelf.along(connection, after=na, status=staat, limit=grens + 1)
    following = found[grens - 1].reference if len(found) > grens else None
    return Spines(dossiers=[Spine.model_validate(_fields(one)) for one in found[:grens]], volgende=following)


@router.get("/{referentie}", responses=_REFUSALS | answers(404))
def dossier(here: Here, token: MayReadDossiers, referentie: Annotated[str, Path(pattern=_REFERENCE)]) -> Dossier:
    """Eén dossier, met zijn berichten en brieven. Het lezen wordt genoteerd."""
    file = here.book.file(referentie)
    with here.book.engine.connect() as connection:
        spine = shelf.spine(connection, referentie)
    if file is None or spine is None:
        raise HTTPException(404, "Dit dossier is er niet.")
    with here.book.begin() as page:
        page.note_read(token.who, reference=referentie)
    return Dossier(
        **_fields(spine),  # type: ignore[arg-type]
        afzender=Writer(naam=file.dossier.sender_name, adres=file.dossier.sender_address),
        berichten=[
            InDossier(
                digest=item.digest, ontvangen=item.received, onderwerp=item.subject, uitkomst=item.uitkomst,
                open=item.open,
            )
            for item in file.items
        ],
        brieven=[
            Letter(
                id=one.id, sjabloon=one.outgoing.letter, instanties=list(one.outgoing.bodies), staat=one.state,
                verzonden=one.sent,
            )
            for one in file.letters
            if one.withdrawn is None
        ],
    )  # fmt: skip


def _fields(one: shelf.Spine) -> dict[str, object]:
    return {
        "referentie": one.reference,
        "geopend": one.opened,
        "staat": one.status,
        "kwalificatie": one.qualification,
        "sector": one.sector,
        "ernst": one.severity,
        "behandelaar": one.handler,
        "bevestigen_voor": one.due_ack,
        "antwoorden_voor": one.due_answer,
        "bevestigd": one.acknowledged,
        "beantwoord": one.answered,
        "gesloten": one.closed,
    }
