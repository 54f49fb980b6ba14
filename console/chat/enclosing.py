"""Files that the person adds: few, small, and of kinds that staff can open."""

from pathlib import PurePosixPath
from typing import Annotated

from fastapi import APIRouter, File, Form, UploadFile
from fastapi.responses import RedirectResponse, Response

from console.chat.lobby import Here, Mine
from intake.chat import Enclosure
from register import chat

router = APIRouter()
LARGEST = 5_000_000
MOST = 5
TYPES = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".heic": "image/heic",
    ".webp": "image/webp",
    ".txt": "text/plain",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".odt": "application/vnd.oasis.opendocument.text",
}


@router.post("/gesprek/bijlage")
def add(here: Here, one: Mine, bestand: Annotated[UploadFile, File()]) -> Response:
    """Add a file. Its kind follows from its name; what the browser says of it is not believed."""
    name = PurePosixPath((bestand.filename or "").replace("\\", "/")).name[-120:]
    kind = TYPES.get(PurePosixPath(name).suffix.lower())
    content = bestand.file.read(LARGEST + 1)
    if one.ended is not None or kind is None or not 0 < len(content) <= LARGEST or here.turns.wait(one.key):
        return _back("fout_bestand")
    with here.book.begin() as page:
        if chat.take(page.connection, one.number) is None:
            return _back("fout_bestand")
        if len(chat.enclosed(page.connection, one.number)) >= MOST:
            return _back("fout_bestanden")
        chat.enclose(page.connection, one.number, Enclosure(name, kind, content))
    if one.danger is not None:
        here.desk.deliver(one.number)
    return _back()


@router.post("/gesprek/bijlage/weg")
def take_back(here: Here, one: Mine, nummer: Annotated[int, Form()]) -> Response:
    """Take back a file that staff do not have yet."""
    with here.book.begin() as page:
        chat.withdraw(page.connection, one.number, nummer)
    return _back()


def _back(fault: str = "") -> Response:
    return RedirectResponse(f"/gesprek{f'?bijlage={fault}' if fault else ''}#bijlagen", status_code=303)
