"""What stands inside an S/MIME wrapper that only signs (RFC 5652 §5.2); no signature is checked here."""

_SEQUENCE, _OCTETS, _OCTETS_BUILT, _OID, _EXPLICIT = 0x30, 0x04, 0x24, 0x06, 0xA0
_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_DEPTH = 12


def content(raw: bytes) -> bytes | None:
    """The signed mail inside, or None when the wrapper is encrypted, damaged, or not of this kind. Never raises."""
    try:
        outer = _inside(raw, 0, _SEQUENCE)
        kind, at = _value(raw, outer, _OID)
        if kind != _SIGNED_DATA:
            return None
        signed = _inside(raw, _inside(raw, at, _EXPLICIT), _SEQUENCE)
        at = _skip(raw, _skip(raw, signed))
        wrapped = _inside(raw, at, _SEQUENCE)
        at = _inside(raw, _skip(raw, wrapped), _EXPLICIT)
        pieces: list[bytes] = []
        _gather(raw, at, pieces, 0)
    except (IndexError, ValueError):
        return None
    return b"".join(pieces) or None


def _header(raw: bytes, at: int) -> tuple[int, int, int]:
    """Tag, start and end of the value at `at`; an end of -1 says that it runs up to its end mark (BER)."""
    tag, length = raw[at], raw[at + 1]
    start = at + 2
    if length == 0x80:
        return tag, start, -1
    if length & 0x80:
        count = length & 0x7F
        if count > 6 or start + count > len(raw):
            raise ValueError("length")
        length = int.from_bytes(raw[start : start + count], "big")
        start += count
    if start + length > len(raw):
        raise ValueError("length")
    return tag, start, start + length


def _inside(raw: bytes, at: int, expected: int) -> int:
    tag, start, _ = _header(raw, at)
    if tag != expected:
        raise ValueError("tag")
    return start


def _value(raw: bytes, at: int, expected: int) -> tuple[bytes, int]:
    tag, start, end = _header(raw, at)
    if tag != expected or end < 0:
        raise ValueError("tag")
    return raw[start:end], end


def _skip(raw: bytes, at: int, depth: int = 0) -> int:
    """Where the value behind the one at `at` begins."""
    _, start, end = _header(raw, at)
    if end >= 0:
        return end
    if depth > _DEPTH:
        raise ValueError("depth")
    while raw[start : start + 2] != b"\x00\x00":
        start = _skip(raw, start, depth + 1)
    return start + 2


def _gather(raw: bytes, at: int, pieces: list[bytes], depth: int) -> int:
    """Collect the octets at `at`, which may be cut into pieces; return where the next value begins."""
    tag, start, end = _header(raw, at)
    if tag == _OCTETS and end >= 0:
        pieces.append(raw[start:end])
        return end
    if tag != _OCTETS_BUILT or depth > _DEPTH:
        raise ValueError("tag")
    while start < end if end >= 0 else raw[start : start + 2] != b"\x00\x00":
        start = _gather(raw, start, pieces, depth + 1)
    return end if end >= 0 else start + 2
