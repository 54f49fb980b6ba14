"""The value of a structured header: `text/plain; charset=utf-8` (RFC 2045 §5.1, RFC 2231), however badly written."""

import re

from intake.charset import decode, header

# Nobody honest writes longer values, and a stranger's must not cost more than its length.
_LENGTH = 8_000
_PARAMETERS = 100

_MAIN = re.compile(r"[^\s;]*")
_SPLIT_NAME = re.compile(r"^(.+?)\*(?:(\d{1,3})(\*)?)?$")
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")
_ESCAPED = re.compile(r"\\(.)")
# Only here a blank may stand inside a value without quotes; elsewhere it begins a comment.
_NAMES = frozenset({"name", "filename"})


def split(raw: str) -> tuple[str, dict[str, str]]:
    """The main value, lower-cased, and the parameters by lower-cased name. Never raises; linear in the length."""
    raw = raw[:_LENGTH]
    found = _MAIN.match(raw := raw.lstrip())
    main = found[0] if found else ""
    if len(main) == len(raw):
        return main.lower(), {}
    values: dict[str, str] = {}
    at = len(main)
    while at < len(raw) and len(values) < _PARAMETERS:
        name, value, at = _next(raw, at)
        if name:
            values.setdefault(name, value)
    if any("*" in name for name in values):
        values = _joined(values)
    return main.lower(), values


def _next(raw: str, at: int) -> tuple[str, str, int]:
    """The parameter that begins at or behind `at`, and where the next one begins."""
    equals = raw.find("=", at)
    if equals < 0:
        return "", "", len(raw)
    name = raw[max(at, raw.rfind(";", at, equals) + 1) : equals].strip("; \t\r\n")
    # A missing semicolon leaves a comment or a second word before the name.
    name = name.rpartition(" ")[2].lower()
    start = equals + 1
    while start < len(raw) and raw[start] in " \t\r\n":
        start += 1
    if raw[start : start + 1] == '"':
        end = _closing_quote(raw, start + 1)
        return name, _ESCAPED.sub(r"\1", raw[start + 1 : end]), end + 1
    end = raw.find(";", start)
    end = len(raw) if end < 0 else end
    bare = raw[start:end].strip().strip("'\"")
    return name, bare if name.partition("*")[0] in _NAMES else bare.partition(" ")[0], end


def _closing_quote(raw: str, start: int) -> int:
    at = start
    while True:
        quote = raw.find('"', at)
        if quote < 0:
            return len(raw)
        backslashes = quote - len(raw[start:quote].rstrip("\\")) - start
        if backslashes % 2 == 0:
            return quote
        at = quote + 1


def _joined(values: dict[str, str]) -> dict[str, str]:
    """Put together what RFC 2231 cut into numbered pieces and wrote as percent signs."""
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    out: dict[str, str] = {}
    for name, value in values.items():
        found = _SPLIT_NAME.match(name)
        if found is None:
            out.setdefault(name, value)
        else:
            encoded = found[2] is None or found[3] is not None
            pieces.setdefault(found[1], []).append((int(found[2] or 0), encoded, value))
    for name, several in pieces.items():
        out[name] = _whole(sorted(several, key=lambda piece: piece[0]))
    return out


def _whole(pieces: list[tuple[int, bool, str]]) -> str:
    octets, charset = b"", ""
    for number, (_, encoded, value) in enumerate(pieces):
        text = value
        if encoded and number == 0 and value.count("'") >= 2:
            charset, _, text = value.split("'", 2)
        raw = text.encode("utf-8", "surrogateescape")
        octets += _PERCENT.sub(lambda hit: bytes([int(hit[1], 16)]), raw) if encoded else raw
    # Some programs put encoded words (RFC 2047) into what they then cut in pieces.
    return header(decode(octets, charset)[0])
