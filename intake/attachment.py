"""What an attachment says, as far as its kind can be read: text, HTML, PDF and Word."""

import io
import threading
import zipfile

import pypdfium2
from docx import Document
from docx.oxml.ns import qn

from intake import markup
from intake.charset import clean, decode

TEXT_LENGTH = 100_000
_BYTES = 20_000_000
_PAGES = 40
_UNPACKED = 60_000_000
_ENTRIES = 2_000

_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_PLAIN_ENDINGS = (".txt", ".md", ".csv", ".log", ".ics")
_HTML_ENDINGS = (".html", ".htm")

# PDFium keeps global state and is not safe for threads.
_PDFIUM = threading.Lock()


def words(name: str, media_type: str, raw: bytes, charset: str = "") -> tuple[str, str]:
    """The text of an attachment, and in words what could not be read. Both may be empty. Never raises."""
    kind = _kind(name.lower(), media_type.lower(), raw)
    if not kind or not raw:
        return "", ""
    if len(raw) > _BYTES:
        return "", "Een bijlage is te groot om de tekst ervan te lezen."
    # The readers below meet bytes of strangers; whatever they raise, the mail itself must go on.
    try:
        if kind == "pdf":
            text, fault = _pdf(raw)
        elif kind == "word":
            text, fault = _word(raw)
        else:
            text, fault = decode(raw[: TEXT_LENGTH * 4], charset)
            text = markup.text(text) if kind == "html" else text
    except Exception:
        return "", "Een bijlage is beschadigd of beveiligd; haar tekst kon niet gelezen worden."
    text = clean(text).strip("\n")
    if len(text) > TEXT_LENGTH:
        return text[:TEXT_LENGTH], "De tekst van een lange bijlage is ingekort."
    return text, fault


def _kind(name: str, media_type: str, raw: bytes) -> str:
    """Which reader fits; the first bytes are believed above the name, and the name above the declared type."""
    if raw.startswith(b"%PDF-"):
        return "pdf"
    if raw.startswith(b"PK\x03\x04"):
        return "word" if name.endswith((".docx", ".docm")) or media_type == _WORD_TYPE else ""
    if media_type == "text/html" or name.endswith(_HTML_ENDINGS):
        return "html"
    if media_type.startswith("text/") and media_type != "text/rtf":
        return "text"
    return "text" if name.endswith(_PLAIN_ENDINGS) and b"\x00" not in raw[:4096] else ""


def _pdf(raw: bytes) -> tuple[str, str]:
    pieces: list[str] = []
    length = 0
    with _PDFIUM:
        document = pypdfium2.PdfDocument(raw)
        try:
            pages = len(document)
            for index in range(min(pages, _PAGES)):
                page = document[index]
                textpage = page.get_textpage()
                piece = textpage.get_text_bounded()
                textpage.close()
                page.close()
                pieces.append(piece)
                length += len(piece)
                if length > TEXT_LENGTH:
                    break
        finally:
            document.close()
    text = "\n\n".join(pieces)
    if not text.strip():
        return "", "Een pdf bevat geen leesbare tekst (wellicht een scan)."
    return text, "Van een lange pdf zijn enkel de eerste bladzijden gelezen." if pages > _PAGES else ""


def _word(raw: bytes) -> tuple[str, str]:
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        entries = package.infolist()
        if len(entries) > _ENTRIES or sum(entry.file_size for entry in entries) > _UNPACKED:
            return "", "Een bijlage zwelt bij het uitpakken te veel op; haar tekst is niet gelezen."
    document = Document(io.BytesIO(raw))
    written, tab, broken, paragraph = qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:p")
    pieces: list[str] = []
    # The elements are walked in the order of the page, so that tables and text boxes are read as well.
    for element in document.element.body.iter():
        if element.tag == written:
            pieces.append(element.text or "")
        elif element.tag == tab:
            pieces.append("\t")
        elif element.tag in (broken, paragraph):
            pieces.append("\n")
    return "".join(pieces), ""
