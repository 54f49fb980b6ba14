"""The page of one mail: its words, the proposal, why, the letters, and what happened."""

import re

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from console import marks, proposal, words
from console.letters import gaps, letter_version
from console.pages import staff_page
from console.roles import Reader
from console.room import Here, Room
from register.reading import Record

router = APIRouter()
_DIGEST = re.compile("[0-9a-f]{64}")


@router.get("/bericht/{digest}")
def mail(request: Request, here: Here, account: Reader, digest: str) -> Response:
    """One mail, with everything that was ever held about it. Who looks is written down."""
    record = found(here, digest)
    with here.book.begin() as page:
        page.note_read(account.name, record.message.digest)
    names = here.desk.glossary()
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
        brieven=[(one, letter_version(one), gaps(one)) for one in reversed(record.letters)],
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


def version(record: Record) -> str:
    """Changes with every judgement and every end of work, so that two people never overwrite each other."""
    return f"{len(record.judgements)}{'o' if record.item.open else 'd'}"
