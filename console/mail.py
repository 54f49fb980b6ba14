"""The page of one mail: its words, the proposal, why, the letters, and what happened."""

import re
from dataclasses import dataclass

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from console import marks, proposal, words
from console.letters import gaps
from console.pages import staff_page
from console.roles import Reader
from console.room import Here, Room
from console.wording import Desktop, Reread, composed, desktop, letter_version, reread, written
from register.drafts import Draft, Onlooker
from register.letters import WAITING
from register.outgoing import Dispatch
from register.reading import Record
from responder.letter import Letter, Letters

router = APIRouter()
_DIGEST = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Shown:
    """A letter on the page of its mail."""

    letter: Dispatch
    version: str
    gaps: tuple[str, ...]
    read: Reread | None
    """None for a letter that cannot be reworded any more."""
    desktop: Desktop
    remarks: Reread | None
    """On what the person has before them to write on: their draft, or else the letter."""


@dataclass(frozen=True, slots=True)
class Company:
    """Who else is at a mail."""

    looking: tuple[Onlooker, ...]
    writing: tuple[Draft, ...]

    def __bool__(self) -> bool:
        return bool(self.looking or self.writing)


@router.get("/bericht/{digest}")
def mail(request: Request, here: Here, account: Reader, digest: str) -> Response:
    """One mail, with everything that was ever held about it. Who looks is written down."""
    record = found(here, digest)
    with here.book.begin() as page:
        page.note_read(account.name, record.message.digest)
    names, letters = here.desk.glossary(), here.desk.letters()
    waiting = {one.outgoing.letter for one in record.letters if one.withdrawn is None}
    facts = marks.seen(record.assessment, tuple(words.FIELDS))
    trials, drafts = record.decision.trials, here.book.drafts(digest)
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
        brieven=[_shown(record, one, letters, drafts, account.name) for one in reversed(record.letters)],
        notitieklad=next((one for one in drafts if one.outgoing is None and one.account == account.name), None),
        gezelschap=company(here, digest, account.name),
        bericht=digest,
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


def company(here: Room, digest: str, account: str) -> Company:
    """Who besides this person opened the mail in the last minutes, and who has words for it that are nowhere yet."""
    if not _DIGEST.fullmatch(digest):
        raise HTTPException(404, "Dit bericht is er niet.")
    return Company(
        tuple(one for one in here.book.onlookers(digest) if one.account != account),
        tuple(one for one in here.book.drafts(digest) if one.account != account),
    )


def offered(record: Record, letters: Letters) -> tuple[Letter, ...]:
    """The letters that fit the outcome and the writer; none without a dossier."""
    decision = record.decision
    if record.dossier is None:
        return ()
    return letters.offered(decision.uitkomst, decision.ontvankelijkheid, minor="D10" in decision.gevaar)


def undoable(record: Record, account: str) -> bool:
    """Whether the judgement in force is a correction of this person."""
    return len(record.judgements) > 1 and record.judgements[-1].who == account


def _shown(record: Record, letter: Dispatch, letters: Letters, drafts: tuple[Draft, ...], account: str) -> Shown:
    read, table = _reread(record, letter, letters), desktop(letter, drafts, account)
    mine = table.mine.draft.words if table.mine is not None else None
    remarks = read if read is None or mine is None else reread(letter, mine, written(letter), letters)
    return Shown(letter, letter_version(letter), gaps(letter), read, table, remarks)


def _reread(record: Record, letter: Dispatch, letters: Letters) -> Reread | None:
    if letter.withdrawn is not None or letter.state not in WAITING:
        return None
    return reread(letter, written(letter), composed(letter, record.events), letters)


def version(record: Record) -> str:
    """Changes with every judgement and every end of work, so that two people never overwrite each other."""
    return f"{len(record.judgements)}{'o' if record.item.open else 'd'}"
