"""Documents of a dossier: put in by a person, and handed out as downloads that no browser opens by itself."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, File, Form, HTTPException, UploadFile
from fastapi.responses import Response

from console.dossier.acts import Act, NotKeptError, at_work
from console.forms import OwnForm, back_to
from console.roles import Reader, Worker
from console.room import Here
from register import work
from register.record import as_text

router = APIRouter(prefix="/dossier/{reference}", route_class=Act)
LARGEST = 25_000_000
_OFFICE = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
# Ending to media type and how such a file begins; plain text has no sign of its own.
_SAFE: dict[str, tuple[str, bytes]] = {
    "pdf": ("application/pdf", b"%PDF-"),
    "png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    "jpg": ("image/jpeg", b"\xff\xd8\xff"),
    "jpeg": ("image/jpeg", b"\xff\xd8\xff"),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", _OFFICE),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _OFFICE),
    "odt": ("application/vnd.oasis.opendocument.text", _OFFICE),
    "ods": ("application/vnd.oasis.opendocument.spreadsheet", _OFFICE),
    "doc": ("application/msword", _OLD_OFFICE),
    "msg": ("application/vnd.ms-outlook", _OLD_OFFICE),
    "eml": ("message/rfc822", b""),
    "txt": ("text/plain", b""),
    "csv": ("text/csv", b""),
}
ENDINGS = ",".join(f".{ending}" for ending in _SAFE)


@router.post("/document", dependencies=[OwnForm], max_body_size=LARGEST + 100_000)
def add(
    here: Here,
    account: Worker,
    reference: str,
    stuk: Annotated[UploadFile | None, File()] = None,
    versie: Annotated[int, Form()] = 0,
) -> Response:
    """Put a document in the dossier; only kinds that are known to be harmless to keep."""
    name = as_text((stuk.filename if stuk else "") or "").replace("\\", "/").rpartition("/")[2].strip()[:200]
    content = stuk.file.read(LARGEST + 1) if stuk else b""
    number = reference.strip().upper()
    if not name or not content:
        raise NotKeptError(422, "Kies eerst een document; een leeg bestand wordt niet bewaard.", number)
    if len(content) > LARGEST:
        raise NotKeptError(413, "Dit document is groter dan 25 MB.", number)
    kind, begins = _SAFE.get(name.rpartition(".")[2].lower(), ("", b""))
    if not kind:
        raise NotKeptError(422, "Dit soort bestand bewaren we niet. Maak er bijvoorbeeld een pdf van.", number)
    if not content.startswith(begins):
        raise NotKeptError(422, "De inhoud past niet bij de naam van het bestand. Sla het opnieuw op.", number)
    with at_work(here, account, reference, versie) as (page, treat):
        work.add_document(page.connection, treat.reference, account.name, name, kind, content)
    return back_to(f"/dossier/{number}", "document", anchor="documenten")


@router.get("/document/{number}")
def download(here: Here, account: Reader, reference: str, number: int) -> Response:
    """A document, to keep and never to open in the browser. Who takes it is written down."""
    wanted = as_text(reference).strip().upper()
    with here.book.begin() as page:
        known = {one.id: one for one in work.documents(page.connection, wanted)}
        content = work.content(page.connection, number) if number in known else None
        if content is None:
            raise HTTPException(404, "Dit document is er niet.")
        page.note_read(account.name, reference=wanted)
    # The name stands percent-encoded (RFC 6266), so that no sign in it can end the header.
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(known[number].name.encode('utf-8', 'replace'))}",
        "content-security-policy": "default-src 'none'; sandbox",
    }
    return Response(content, media_type="application/octet-stream", headers=headers)
