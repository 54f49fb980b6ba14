"""Octets behind their transfer encoding (RFC 2045 §6), also where it is damaged, and files that stand in the text."""

import binascii
import re

_ALPHABET = b"+/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_REST = bytes(byte for byte in range(256) if byte not in _ALPHABET + b"=")

_UU_BEGIN = re.compile(r"^begin(?:-base64)? [0-7]{3,4} ([^\n]{1,200})\n", re.MULTILINE)
_UU_LINE = re.compile(r"^[\x20-\x60]{1,90}$")
_YENC_BEGIN = re.compile(rb"^=ybegin [^\r\n]{0,200}?\bname=([^\r\n]{1,200})\r?\n", re.MULTILINE)
_BLOCKS = 50


def octets(raw: bytes, encoding: str) -> tuple[bytes, bool]:
    """The bytes behind a transfer encoding, and whether all of it could be decoded. Never raises.

    An unknown encoding leaves the bytes as they are.
    """
    kind = encoding.strip().strip("\"'").lower().partition(";")[0].strip()
    if kind == "quoted-printable":
        return binascii.a2b_qp(raw), True
    if kind == "base64":
        return unbase64(raw)
    if kind in ("x-uuencode", "uuencode", "uue", "x-uue"):
        return _uu_body(raw)
    if kind in ("x-yenc", "yenc"):
        return _yenc(raw), True
    return raw, kind in ("", "7bit", "8bit", "binary")


def unbase64(raw: bytes) -> tuple[bytes, bool]:
    """Base64 with whatever stands between its letters; what is cut off at the end is left out."""
    stray = len(raw.translate(None, _ALPHABET + b"= \t\r\n"))
    # Nobody puts blanks between the letters of base64; such a text is plain and only wrongly declared.
    if stray + raw.count(b" ") > len(raw) // 10:
        return raw, False
    whole = True
    # A "=" in the middle shows two encoded texts put together; each is decoded on its own.
    out: list[bytes] = []
    for letters in raw.translate(None, _REST).split(b"="):
        # One letter alone holds six bits, which make no octet.
        piece = letters[:-1] if len(letters) % 4 == 1 else letters
        whole = whole and piece == letters
        if piece:
            out.append(binascii.a2b_base64(piece + b"=" * (-len(piece) % 4)))
    return b"".join(out), whole and not stray


def _uu_body(raw: bytes) -> tuple[bytes, bool]:
    text = raw.decode("latin-1").replace("\r\n", "\n")
    found = _UU_BEGIN.search(text)
    if found is None:
        return raw, False
    payload, _ = _uu(text, found.end())
    return payload, True


def _uu(text: str, start: int) -> tuple[bytes, int]:
    """Decode the lines of a uuencoded block; also where the block ends."""
    out: list[bytes] = []
    at = start
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        line = text[at:end].rstrip("\r")
        if line == "end" or (line and not _UU_LINE.match(line)):
            return b"".join(out), end if line == "end" else at
        if line:
            length = (ord(line[0]) - 32) & 63
            # Mail programs cut the blanks at the end of a line, and others put a mark behind it. Whole groups of four
            # are decoded and cut afterwards, because what fills the last group is not always nothing.
            groups = (length + 2) // 3
            body = chr(32 + groups * 3) + line[1 : 1 + groups * 4].ljust(groups * 4)
            out.append(binascii.a2b_uu(body.encode("ascii"))[:length])
        at = end + 1
    return b"".join(out), len(text)


def _yenc(raw: bytes) -> bytes:
    """The bytes of a yEnc block (yenc.org, draft 1.3)."""
    out = bytearray()
    for line in raw.splitlines():
        if line.startswith((b"=ybegin", b"=ypart", b"=yend")):
            continue
        pieces = line.replace(b"..", b".", 1).split(b"=") if line.startswith(b"..") else line.split(b"=")
        out += bytes((byte - 42) & 255 for byte in pieces[0])
        for piece in pieces[1:]:
            if piece:
                out.append((piece[0] - 106) & 255)
                out += bytes((byte - 42) & 255 for byte in piece[1:])
    return bytes(out)


def files_in_text(text: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The text without the uuencoded files that stand in it, and those files with their names.

    A block is taken out only when it is whole, up to its `end`; a person may also begin a line with "begin".
    """
    if "begin" not in text:
        return text, []
    kept: list[str] = []
    files: list[tuple[str, bytes]] = []
    at = 0
    for found in _UU_BEGIN.finditer(text):
        if found.start() < at or len(files) >= _BLOCKS:
            continue
        payload, end = _uu(text, found.end()) if "-base64" not in found[0] else _plain_base64(text, found.end())
        if payload and text[max(0, end - 4) : end].strip() in ("end", "===="):
            kept.append(text[at : found.start()])
            files.append((found[1].strip(), payload))
            at = end
    kept.append(text[at:])
    return "".join(kept), files


def _plain_base64(text: str, start: int) -> tuple[bytes, int]:
    end = text.find("\n====", start)
    return (unbase64(text[start:end].encode("ascii", "replace"))[0], end + 5) if end > 0 else (b"", start)


def yenc_file(raw: bytes) -> tuple[bytes, str, bytes] | None:
    """A yEnc file in the bytes of a text: the words before it, its name and its bytes."""
    found = _YENC_BEGIN.search(raw)
    end = raw.find(b"=yend", found.end()) if found else -1
    if found is None or end < 0:
        return None
    return raw[: found.start()], found[1].decode("utf-8", "replace").strip(), _yenc(raw[found.end() : end])
