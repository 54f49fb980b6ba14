"""The page of one mail: its words, the proposal, why, the letters, and what happened."""

import re

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from console import marks, proposal, words
from console.letters import gaps, letter_version
from console.pages import staff_page
from console.roles import Reader
from console.room import Here, Room
from console.wording import WAITING, Reread, composed, reread, written
from register.outgoing import Dispatch
from register.reading import Record
from responder.letter import Letter, Letters

router = APIRouter()
_DIGEST = re.compile("[0-9a-f]{64}")


@router.get("/bericht/{digest}")
def mail(request: Request, here: Here, account: Reader, digest: str) -> Response:
    """One mail, with everything that was ever held about it. Who looks is written down."""
    record = found(here, digest)
    with here.book.begin() as page:
        page.note_read(account.name, record.message.digest)
    names, letters = here.desk.glossary(), here.desk.letters()
    waiting = {one.outgoing.letter for one in record.letters if one.withdrawn is None}
    facts = marks.seen(record.assessment, tuple(words.FIELDS))
    trials = record.decision.trials
    try:
        why = here.desk.explain(digest)
    except LookupError:
        # The reasons that the decision carries itself are shown below in any case.
        why = ()
    return staff_page(
        request,
        "bericht.html",
        r=record,
        b=record.message,
        d=record.decision,
        onderwerp=marks.part(record.message.subject, facts, "onderwerp"),
        stukken=marks.stretches(record.message, facts),
        bijlagen=[(one, marks.part(one.text, facts, one.name)) for one in record.message.attachments],
        rijen=proposal.rows(record.decision, facts, names),
        tekens=proposal.signs(facts, names),
        feiten=facts,
        waarom=why,
        geraakt=[trial for trial in trials if trial.hit],
        gemist=[trial for trial in trials if not trial.hit],
        brieven=[
            (one, letter_version(one), gaps(one), _reread(record, one, letters)) for one in reversed(record.letters)
        ],
        keuze=[one for one in offered(record, letters) if one.id not in waiting],
        mag_terug=undoable(record, account.name),
        versie_bericht=version(record),
        namen=names,
    )


@router.get("/bericht/{digest}/ruw.eml")
def raw(here: Here, account: Reader, digest: str) -> Response:
    """The mail as it came in, to keep and never to open in the browser."""
    content = here.book.raw(digest) if _DIGEST.fullmatch(digest) else None
    if content is None:
        raise HTTPException(404, "Dit bericht is er niet.")
    with here.book.begin() as page:
        page.note_read(account.name, digest)
    headers = {
        "content-disposition": f'attachment; filename="bericht-{digest[:12]}.eml"',
        "content-security-policy": "default-src 'none'; sandbox",
    }
    return Response(content, media_type="application/octet-stream", headers=headers)


def found(here: Room, digest: str) -> Record:
    """The record of a mail, or 404."""
    record = here.book.record(digest) if _DIGEST.fullmatch(digest) else None
    if record is None:
        raise HTTPException(404, "Dit bericht is er niet.")
    return record


def offered(record: Record, letters: Letters) -> tuple[Letter, ...]:
    """The letters that fit the outcome and the writer; none without a dossier."""
    decision = record.decision
    if record.dossier is None:
        return ()
    return letters.offered(decision.uitkomst, decision.ontvankelijkheid, minor="D10" in decision.gevaar)


def undoable(record: Record, account: str) -> bool:
    """Whether the judgement in force is a correction of this person."""
    return len(record.judgements) > 1 and record.judgements[-1].who == account


def _reread(record: Record, letter: Dispatch, letters: Letters) -> Reread | None:
    if letter.withdrawn is not None or letter.state not in WAITING:
        return None
    return reread(letter, written(letter), composed(letter, record.events), letters)


def version(record: Record) -> str:
    """Changes with every judgement and every end of work, so that two people never overwrite each other."""
    return f"{len(record.judgements)}{'o' if record.item.open else 'd'}"
