"""Bytes to words: bodies by declaration and then by detection, header values by RFC 2047 and RFC 2231."""

import binascii
import codecs
import re
import unicodedata
from contextlib import suppress

from charset_normalizer import from_bytes

# Names under which senders declare Latin-1 although their program wrote Windows-1252 (curly quotes, the euro sign).
_WESTERN = frozenset({"ascii", "iso8859-1", "cp1252"})

# Python knows these as codecs, but no mail program writes them: they compress, encode, or are slow on purpose.
_NO_MAIL = frozenset(
    (
        *("punycode", "idna", "unicode-escape", "raw-unicode-escape", "unicode_escape", "raw_unicode_escape"),
        *("undefined", "base64", "bz2", "hex", "quopri", "rot13", "uu", "zlib"),
    )
)

# Detection looks at a head of the bytes only, so that its cost does not grow with the mail.
_DETECT_BYTES = 8192

# In a language of Western Europe few letters carry an accent; above this share the bytes are of another alphabet.
_WESTERN_SHARE = 0.15

_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,80})\?([bBqQ])\?([^?\n]*)\?=")
_FOLD = re.compile(r"[\r\n]+[ \t]?")
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b\u2060\ufeff\ud800-\udfff\ufffe\uffff]")
_SPACES = re.compile("[\u00a0\u2007\u202f]")
_HIGH = re.compile(rb"[\x80-\xff]")
# Words of another alphabet are long runs of such bytes; in Dutch or French at most two accents stand side by side.
_HIGH_RUN = re.compile(rb"[\x80-\xff]{3}")
_QUOTED_BYTE = re.compile(rb"=([0-9A-Fa-f]{2})")


def _as_western(error: UnicodeError) -> tuple[str, int]:
    """Read the bytes that are no UTF-8 as Windows-1252, one by one: mails glued from two programs stay whole."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    broken = error.object[error.start : error.end]
    return "".join(bytes([byte]).decode("cp1252", "replace") for byte in broken), error.end


codecs.register_error("intake.western", _as_western)


def clean(text: str) -> str:
    """The text composed (NFC), with LF line ends and plain spaces, without controls and invisible marks."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isascii():
        text = unicodedata.normalize("NFC", _SPACES.sub(" ", text).replace("\u2028", "\n").replace("\u2029", "\n"))
    return _UNWANTED.sub("", text)


def decode(raw: bytes, declared: str) -> tuple[str, str]:
    """The words of a text part, and what was wrong with its declared charset (empty when nothing was). Never raises."""
    if raw.isascii() and not _hides_letters(declared):
        return raw.decode("ascii"), ""
    name = _codec(declared)
    if name and name not in _WESTERN and name != "utf-8":
        try:
            return raw.decode(name), ""
        except ValueError:
            return _detected(raw), "De opgegeven tekenset klopt niet; de tekst is naar best vermogen gelezen."
    # Western text that happens to be valid UTF-8 is so rare that the bytes are believed above the declaration.
    with suppress(UnicodeDecodeError):
        return raw.decode("utf-8-sig"), ""
    if not name or not declared.strip():
        return _detected(raw), "De tekenset is onbekend; de tekst is naar best vermogen gelezen."
    fault = "De tekst is geen zuivere UTF-8; vreemde tekens zijn hersteld." if name == "utf-8" else ""
    return raw.decode("utf-8" if fault else "cp1252", "intake.western" if fault else "replace"), fault


def header(value: str) -> str:
    """A raw header value as one line of readable text. Never raises."""
    value = _FOLD.sub(" ", value)
    if "=?" in value:
        value = _encoded_words(value)
    return clean(_raw_bytes(value)).replace("\n", " ").strip()


def _hides_letters(declared: str) -> bool:
    """Whether bytes of the ASCII range may stand for other characters in this charset."""
    lowered = declared.lower()
    return lowered.startswith(("iso-2022", "iso2022", "utf-7", "utf7", "hz", "utf-16", "utf-32", "utf16", "utf32"))


def _codec(declared: str) -> str:
    """Python's name for a declared charset; empty when it is none that a mail may use."""
    declared = declared.strip().strip("\"'").split("*")[0]
    if not declared:
        return "ascii"
    try:
        name = codecs.lookup(declared).name
    except (LookupError, ValueError):
        return ""
    return "" if name in _NO_MAIL else name


def _detected(raw: bytes) -> str:
    """The likeliest reading of bytes whose charset nobody said."""
    with suppress(UnicodeDecodeError):
        return raw.decode("utf-8")
    sample = raw[:_DETECT_BYTES]
    if len(_HIGH.findall(sample)) < _WESTERN_SHARE * len(sample) or not _HIGH_RUN.search(sample):
        return raw.decode("utf-8", "intake.western")
    best = from_bytes(sample, steps=5, chunk_size=512).best()
    if best is not None:
        with suppress(UnicodeError, LookupError):
            return raw.decode(best.encoding)
    return raw.decode("utf-8", "intake.western")


def _raw_bytes(value: str) -> str:
    """Undo the surrogates by which the standard parser carries bytes outside ASCII."""
    if value.isascii():
        return value
    try:
        raw = value.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return value
    return raw.decode("utf-8", "intake.western")


def _encoded_words(value: str) -> str:
    """Decode each run of encoded words.

    Neighbours of one charset are joined as bytes first, because some programs cut in the middle of a character.
    """
    out: list[str] = []
    pending, pending_charset, end = b"", "", 0
    for match in _ENCODED_WORD.finditer(value):
        between = value[end : match.start()]
        charset = match[1].split("*")[0].lower()
        adjacent = bool(pending_charset) and not between.strip()
        if pending_charset and not (adjacent and charset == pending_charset):
            out.append(decode(pending, pending_charset)[0])
            pending = b""
        if not adjacent:
            out.append(_raw_bytes(between))
        pending += _word_bytes(match[2], match[3])
        pending_charset, end = charset, match.end()
    if pending_charset:
        out.append(decode(pending, pending_charset)[0])
    return "".join(out) + _raw_bytes(value[end:])


def _word_bytes(kind: str, word: str) -> bytes:
    """The bytes that one encoded word carries; a damaged word stands for itself."""
    raw = word.encode("utf-8", "surrogateescape")
    if kind in "qQ":
        return _QUOTED_BYTE.sub(lambda match: bytes([int(match[1], 16)]), raw.replace(b"_", b" "))
    kept = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
    try:
        return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))
    except binascii.Error:
        return raw
