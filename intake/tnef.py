"""Outlook's winmail.dat, the Transport Neutral Encapsulation Format (MS-OXTNEF): its text and its files.

The one library for it was last published in 2021; what a mail needs of the format is this small.
"""

import struct
from contextlib import suppress
from dataclasses import dataclass, field

from intake.charset import decode

SIGNATURE = b"\x78\x9f\x3e\x22"

_BODY, _MAIL_PROPERTIES, _CODEPAGE = 0x800C, 0x9003, 0x9007
_FILE_BEGINS, _FILE_TITLE, _FILE_OCTETS, _FILE_PROPERTIES = 0x9002, 0x8010, 0x800F, 0x9005
_TEXT, _RICH, _PAGE = 0x1000, 0x1009, 0x1013
_LONG_NAME, _FILE_OBJECT = 0x3707, 0x3701
# Bytes of one value of a property type (MS-OXCDATA §2.11.1); a variable length is told with the value.
_FIXED = {0x0002: 2, 0x0003: 4, 0x0004: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x000A: 4, 0x000B: 2, 0x0014: 8, 0x0040: 8}
_FIXED |= {0x0048: 16}
_VARIABLE = frozenset({0x000D, 0x001E, 0x001F, 0x0102})
_ATTRIBUTES = 2_000
_PROPERTIES = 5_000
_UNPACKED = 20_000_000
# What every compressed RTF text may refer back to before it has said anything (MS-OXRTFCP §2.1.3.1.2).
_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
    b"\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)


@dataclass(slots=True)
class Wrapped:
    """What a winmail.dat holds; each of the three texts may be empty."""

    text: str = ""
    page: str = ""
    """HTML source."""
    rich: bytes = b""
    """RTF source."""
    files: list[tuple[str, bytes]] = field(default_factory=list)


def read(raw: bytes) -> Wrapped | None:
    """The texts and files of a winmail.dat, as far as it is whole; None when it is none. Never raises."""
    if not raw.startswith(SIGNATURE):
        return None
    found, charset, at = Wrapped(), "cp1252", 6
    for _ in range(_ATTRIBUTES):
        if at + 9 > len(raw):
            break
        name, _, length = struct.unpack_from("<HHI", raw, at + 1)
        value = raw[at + 9 : at + 9 + length]
        at += 11 + length
        if name == _CODEPAGE and len(value) >= 4:
            charset = f"cp{struct.unpack_from('<I', value)[0]}"
        elif name == _BODY:
            found.text = decode(value.rstrip(b"\x00"), charset)[0]
        elif name == _MAIL_PROPERTIES:
            _read_texts(found, _properties(value), charset)
        elif name == _FILE_BEGINS:
            found.files.append(("", b""))
        elif found.files and name in (_FILE_TITLE, _FILE_OCTETS, _FILE_PROPERTIES):
            found.files[-1] = _file(found.files[-1], name, value, charset)
    found.files = [(title or "naamloos", payload) for title, payload in found.files if payload]
    return found


def _read_texts(found: Wrapped, values: dict[int, tuple[int, bytes]], charset: str) -> None:
    found.text = found.text or _string(values.get(_TEXT), charset)
    found.page = found.page or _string(values.get(_PAGE), charset)
    if _RICH in values and not found.rich:
        found.rich = unpacked(values[_RICH][1])


def _file(known: tuple[str, bytes], name: int, value: bytes, charset: str) -> tuple[str, bytes]:
    title, payload = known
    if name == _FILE_TITLE:
        return title or decode(value.rstrip(b"\x00"), charset)[0], payload
    if name == _FILE_OCTETS:
        return title, value
    values = _properties(value)
    inner = values.get(_FILE_OBJECT, (0, b""))[1]
    # An embedded mail or object begins with the sixteen bytes that name its interface.
    return _string(values.get(_LONG_NAME), charset) or title, payload or inner[16:]


def _string(value: tuple[int, bytes] | None, charset: str) -> str:
    if value is None:
        return ""
    kind, raw = value
    if kind == 0x001F:
        return raw.decode("utf-16-le", "replace").rstrip("\x00")
    return decode(raw.rstrip(b"\x00"), charset)[0]


def _properties(raw: bytes) -> dict[int, tuple[int, bytes]]:
    """First value of each property with its type, up to the first that cannot be read."""
    found: dict[int, tuple[int, bytes]] = {}
    # What was read before the damage counts.
    with suppress(struct.error, ValueError):
        (count,) = struct.unpack_from("<I", raw, 0)
        at = 4
        for _ in range(min(count, _PROPERTIES)):
            kind, name = struct.unpack_from("<HH", raw, at)
            at = _named(raw, at + 4) if name >= 0x8000 else at + 4
            value, at = _values(raw, at, kind)
            found.setdefault(name, (kind & 0x0FFF, value))
    return found


def _named(raw: bytes, at: int) -> int:
    """Behind the name of a property that has one of its own."""
    (by_string,) = struct.unpack_from("<I", raw, at + 16)
    if not by_string:
        return at + 24
    length = int.from_bytes(raw[at + 20 : at + 24], "little")
    return at + 24 + length + -length % 4


def _values(raw: bytes, at: int, kind: int) -> tuple[bytes, int]:
    """The first value of a property, and where the next property begins."""
    several, single = bool(kind & 0x1000), kind & 0x0FFF
    count, first = 1, b""
    if several or single in _VARIABLE:
        (count,) = struct.unpack_from("<I", raw, at)
        at += 4
    if single not in _VARIABLE and single not in _FIXED:
        raise ValueError("type")
    for number in range(min(count, _PROPERTIES)):
        if single in _VARIABLE:
            (length,) = struct.unpack_from("<I", raw, at)
            at += 4
        else:
            length = _FIXED[single]
        if at + length > len(raw):
            raise ValueError("length")
        first = raw[at : at + length] if number == 0 else first
        at += length + -length % 4
    return first, at


def unpacked(raw: bytes) -> bytes:
    """Compressed RTF as RTF (MS-OXRTFCP); empty when it is damaged from the start."""
    if len(raw) < 16:
        return b""
    packed, size, kind = struct.unpack_from("<II4s", raw, 0)
    if kind == b"MELA":
        return raw[16 : 16 + size]
    if kind != b"LZFu" or size > _UNPACKED:
        return b""
    window = bytearray(_DICTIONARY.ljust(4096, b"\x00"))
    out, write, at, end = bytearray(), len(_DICTIONARY), 16, min(len(raw), packed + 4)
    while at < end and len(out) < size:
        flags = raw[at]
        at += 1
        for bit in range(8):
            if at >= end:
                break
            if not flags >> bit & 1:
                piece, at = raw[at : at + 1], at + 1
            else:
                token = int.from_bytes(raw[at : at + 2], "big")
                start, at = token >> 4, at + 2
                if start == write:
                    return bytes(out[:size])
                piece = b""
                for step in range((token & 15) + 2):
                    window[(write + step) % 4096] = window[(start + step) % 4096]
                    piece += bytes([window[(start + step) % 4096]])
            for byte in piece:
                window[write] = byte
                write = (write + 1) % 4096
            out += piece
    return bytes(out[:size])
