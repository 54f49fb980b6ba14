"""The words of office documents: PDF, Word, OpenDocument and RTF. Only the sandbox may run these readers.

Each may raise whatever its library raises; the caller holds the bounds of time and memory.
"""

import io
import re
import threading
import zipfile

import pypdfium2
from docx import Document
from docx.oxml.ns import qn
from lxml import etree  # type: ignore[import-untyped]
from striprtf.striprtf import rtf_to_text

_PAGES = 40
_UNPACKED = 60_000_000
_ENTRIES = 2_000
_SWOLLEN = "Een bijlage zwelt bij het uitpakken te veel op; haar tekst is niet gelezen."

# PDFium keeps global state and is not safe for threads.
_PDFIUM = threading.Lock()

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_BREAKS = frozenset({f"{_TEXT}p", f"{_TEXT}h", f"{_TEXT}line-break"})
# RTF that Exchange made of HTML carries the tags in groups of their own, and hides what only the RTF needs.
_HTML_TAG = re.compile(r"\{\\\*\\htmltag\d*[^{}]*\}")
_HTML_HIDDEN = re.compile(r"\\htmlrtf(?:1)? ?.{0,2000}?\\htmlrtf0 ?", re.DOTALL)


def pdf(raw: bytes, length: int) -> tuple[str, str]:
    """The text of the first pages, and in words what was left out."""
    pieces: list[str] = []
    with _PDFIUM:
        document = pypdfium2.PdfDocument(raw)
        try:
            pages = len(document)
            for index in range(min(pages, _PAGES)):
                page = document[index]
                textpage = page.get_textpage()
                pieces.append(textpage.get_text_bounded())
                textpage.close()
                page.close()
                if sum(map(len, pieces)) > length:
                    break
        finally:
            document.close()
    text = "\n\n".join(pieces)
    if not text.strip():
        return "", "Een pdf bevat geen leesbare tekst (wellicht een scan)."
    return text, "Van een lange pdf zijn enkel de eerste bladzijden gelezen." if pages > _PAGES else ""


def word(raw: bytes) -> tuple[str, str]:
    """The text of a Word document, tables and text boxes in the order of the page."""
    if _swells(raw):
        return "", _SWOLLEN
    document = Document(io.BytesIO(raw))
    written, tab, broken, paragraph = qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:p")
    pieces: list[str] = []
    for element in document.element.body.iter():
        if element.tag == written:
            pieces.append(element.text or "")
        elif element.tag == tab:
            pieces.append("\t")
        elif element.tag in (broken, paragraph):
            pieces.append("\n")
    return "".join(pieces), ""


def open_document(raw: bytes) -> tuple[str, str]:
    """The text of an OpenDocument text (ISO/IEC 26300), without what was struck out by tracked changes."""
    if _swells(raw):
        return "", _SWOLLEN
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        content = package.read("content.xml")
    # No entity of a stranger is resolved, and no address is fetched.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, recover=True)
    root = etree.fromstring(content, parser)
    pieces: list[str] = []
    found = root.find(f".//{_OFFICE}text")
    for removed in root.iter(f"{_TEXT}tracked-changes"):
        removed.clear()
    for event, element in etree.iterwalk(found if found is not None else root, events=("start", "end")):
        if event == "start":
            if element.tag in (f"{_TEXT}tab", f"{_TEXT}s"):
                pieces.append(" ")
            pieces.append(element.text or "")
        else:
            if element.tag in _BREAKS:
                pieces.append("\n")
            pieces.append(element.tail or "")
    return "".join(pieces), ""


def rich(raw: bytes) -> str:
    """The words of an RTF text, also of one that Exchange made of HTML."""
    source = raw.decode("latin-1")
    if "\\fromhtml" in source[:2000]:
        source = _HTML_TAG.sub("", _HTML_HIDDEN.sub("", source))
    text: str = rtf_to_text(source, errors="replace")  # type: ignore[no-untyped-call]
    return text


def _swells(raw: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        entries = package.infolist()
    return len(entries) > _ENTRIES or sum(entry.file_size for entry in entries) > _UNPACKED
