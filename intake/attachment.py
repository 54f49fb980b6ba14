"""What an attachment says, as far as its kind can be read: text, HTML, PDF, Word, OpenDocument, RTF and calendars."""

from collections.abc import Callable

from intake import appointment, markup, office
from intake.charset import clean, decode
from intake.contents import Contents

TEXT_LENGTH = 100_000
_BYTES = 20_000_000

_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_OPEN_TYPE = "application/vnd.oasis.opendocument.text"
_WORD_ENDINGS = (".docx", ".docm", ".dotx", ".dotm")
_OPEN_ENDINGS = (".odt", ".ott", ".fodt")
_PLAIN_ENDINGS = (".txt", ".md", ".csv", ".log", ".vcf", ".text")
_HTML_ENDINGS = (".html", ".htm", ".xhtml")
_CALENDAR_TYPES = frozenset({"text/calendar", "application/ics", "text/x-vcalendar"})
_NO_TEXT = frozenset({"text/css", "text/javascript", "text/rtf"})
_UNREAD = {"": "", "old": "Een bijlage is in het oude Word-formaat (.doc); haar tekst kan niet gelezen worden."}
_HEAVY: dict[str, Callable[[bytes], tuple[str, str]]] = {
    "pdf": lambda raw: office.pdf(raw, TEXT_LENGTH),
    "word": office.word,
    "open": office.open_document,
    "rich": lambda raw: (office.rich(raw), ""),
}


def words(name: str, media_type: str, raw: bytes, charset: str, contents: Contents) -> tuple[str, str]:
    """The text of an attachment, and in words what could not be read; both may be empty.

    Raises TooHeavyError in a light reading when the kind asks for a reader of the sandbox, and nothing else.
    """
    kind = _kind(name.lower(), media_type.lower(), raw) if raw else ""
    if kind in ("", "old") or len(raw) > _BYTES:
        return "", _UNREAD.get(kind, "Een bijlage is te groot om de tekst ervan te lezen.")
    heavy = kind in _HEAVY or (kind == "page" and len(raw) > markup.LIGHT_BYTES)
    if heavy and not contents.heavy():
        return "", ""
    # The readers below meet bytes of strangers; whatever they raise, the mail itself must go on.
    try:
        text, fault = _read(kind, raw, charset)
    except Exception:
        return "", "Een bijlage is beschadigd of beveiligd; haar tekst kon niet gelezen worden."
    text = clean(text).strip("\n")
    if len(text) > TEXT_LENGTH:
        return text[:TEXT_LENGTH], "De tekst van een lange bijlage is ingekort."
    return text, fault


def _read(kind: str, raw: bytes, charset: str) -> tuple[str, str]:
    if kind in _HEAVY:
        return _HEAVY[kind](raw)
    text, fault = decode(raw[: TEXT_LENGTH * 4], charset)
    if kind == "calendar":
        text = appointment.words(text)
    return markup.text(text) if kind == "page" else text, fault


def _kind(name: str, media_type: str, raw: bytes) -> str:
    """Which reader fits; the first bytes are believed above the name, and the name above the declared type."""
    start = raw[:1024].lstrip()
    if start.startswith(b"%PDF-") or (b"%PDF-" in start and (name.endswith(".pdf") or media_type == "application/pdf")):
        return "pdf"
    if start.startswith(b"{\\rtf"):
        return "rich"
    if raw.startswith(b"PK\x03\x04"):
        open_document = name.endswith(_OPEN_ENDINGS) or media_type == _OPEN_TYPE
        word = name.endswith(_WORD_ENDINGS) or media_type == _WORD_TYPE
        return "open" if open_document else "word" if word else ""
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        return "old" if name.endswith((".doc", ".dot")) or media_type == "application/msword" else ""
    return _text_kind(name, media_type, raw)


def _text_kind(name: str, media_type: str, raw: bytes) -> str:
    if media_type in _CALENDAR_TYPES or name.endswith(".ics"):
        return "calendar"
    if media_type == "text/html" or name.endswith(_HTML_ENDINGS):
        return "page"
    if media_type.startswith("text/") and media_type not in _NO_TEXT:
        return "text"
    return "text" if name.endswith(_PLAIN_ENDINGS) and b"\x00" not in raw[:4096] else ""
