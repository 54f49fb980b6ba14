"""The tree of a mail's parts (RFC 2045, RFC 2046): read from bytes in linear time, bounded, and it never raises.

Python's own parser splits a mail as well, but raises on odd mails as soon as one asks for a parameter, a charset or a
payload, and takes seconds for deep nesting; see docs/records.
"""

import re
from dataclasses import dataclass, field

from intake import parameters, transfer
from intake.charset import header
from intake.headers import Head

PARTS = 500
DEPTH = 30
# A head beyond this size is an attack; what stands behind it is kept raw and not read.
HEAD_BYTES = 262_144

_BLANK_LINE = re.compile(rb"\n\r?\n|\r\r")
_NAME = re.compile(r"[!-9;-~]+[ \t]*$")
_KNOWN = re.compile(
    r"(?:from|to|cc|subject|date|message-id|mime-version|content-[a-z-]+|received|return-path|reply-to|x-[a-z-]+)"
    r"[ \t]?:",
    re.IGNORECASE,
)
_TYPE = re.compile(r"[\w.+*-]{1,60}/[\w.+*-]{1,80}$", re.ASCII)
_GUESS = re.compile(rb"^--([^\r\n]{1,70}?)[ \t]*\r?\n(?=content-)", re.MULTILINE | re.IGNORECASE)
# The line that a mailbox file puts before each mail; "From :" is a header with a blank too many.
_MBOX = re.compile(rb">?From (?![ \t]*:)")
_LINE_END = re.compile(rb"\r?\n|\r|\Z")
_MAILS = frozenset({"message/rfc822", "message/global", "message/news"})

# So many lines that are no headers may stand before a header; with more of them they are taken for text.
_RUBBISH = 3

_LONG_HEAD = "De kop van het bericht is onredelijk lang en werd maar voor een deel gelezen."
_MANY = "Het bericht heeft te veel of te diep geneste delen; de rest is niet gelezen."
_UNBOUNDED = "Het bericht zegt dat het uit delen bestaat, maar de grenzen ertussen kloppen niet."
_ENCODING = "Een deel van het bericht is beschadigd bij het verzenden en werd zo goed mogelijk gelezen."
_UTF16 = "Het bericht was als UTF-16 bewaard en is omgezet."


@dataclass(slots=True)
class Part:
    """One part of a mail, or the mail itself."""

    head: Head
    media_type: str
    """Lower-case `type/subtype`; `text/plain` when it is missing or unreadable (RFC 2045 §5.2)."""
    parameters: dict[str, str]
    raw: bytes = b""
    """The body, still in its transfer encoding; empty for a multipart with parts."""
    children: list["Part"] = field(default_factory=list)
    size: int = 0
    """Bytes of the body as it came."""
    aside: tuple[bytes, bytes] = (b"", b"")
    """What a multipart has before its first and behind its last part."""

    def octets(self) -> tuple[bytes, bool]:
        """The body without its transfer encoding, and whether that was undamaged."""
        return transfer.octets(self.raw, self.head.fields.get("content-transfer-encoding", ""))

    def disposition(self) -> tuple[str, dict[str, str]]:
        """`inline` or `attachment`, and its parameters; empty when nothing is said."""
        raw = self.head.fields.get("content-disposition", "")
        return parameters.split(raw) if raw else ("", {})

    def name(self) -> str:
        """The file name that the part gives itself; empty when it has none."""
        found = self.disposition()[1].get("filename", "") or self.parameters.get("name", "")
        return header(found[:2000])[:200] if found else ""


@dataclass(slots=True)
class Tree:
    """The parts of a mail, and what was wrong with them, in words for staff."""

    top: Part
    faults: list[str] = field(default_factory=list)
    parts: int = 0

    def fault(self, sentence: str) -> None:
        if sentence not in self.faults:
            self.faults.append(sentence)


def tree(raw: bytes, *, depth: int = 0) -> Tree:
    """The tree of a whole mail; `depth` is how deep in another mail it already lies."""
    found = Tree(Part(Head({}), "text/plain", {}))
    raw = _opened(raw, found)
    found.top = _part(raw, (0, len(raw)), found, depth)
    return found


def _opened(raw: bytes, found: Tree) -> bytes:
    """The bytes from the first header on, with line ends that can be told; what was put around a mail is undone."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff") or (len(raw) > 20 and not raw[1:20:2].strip(b"\x00")):
        if any(raw[:20]):
            found.fault(_UTF16)
        raw = raw.decode("utf-16" if raw[:1] in b"\xff\xfe" else "utf-16-le", "replace").encode("utf-8")
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    start = raw[:4096]
    if b"\n" not in start and b"\r" in start and b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    elif b"\r\r\n" in start:
        raw = raw.replace(b"\r\r\n", b"\r\n")
    if raw[:1] in b"\r\n\t \x00":
        raw = raw[:4096].lstrip(b"\r\n\t \x00") + raw[4096:]
    while _MBOX.match(raw):
        raw = raw.partition(b"\n")[2]
    return raw


def _part(raw: bytes, span: tuple[int, int], found: Tree, depth: int, default: str = "text/plain") -> Part:
    found.parts += 1
    end = span[1]
    head, body = _head(raw, span[0], end, found)
    value = head.fields.get("content-type", "")
    media_type, values = parameters.split(header(value) if "=?" in value else value) if value else (default, {})
    if not _TYPE.match(media_type):
        media_type = default if not value else "text/html" if media_type == "html" else "text/plain"
    part = Part(head, media_type, values, size=end - body)
    if media_type.startswith("multipart/"):
        _fill(part, raw, (body, end), found, depth)
    elif media_type in _MAILS:
        _fill_mail(part, raw, (body, end), found, depth)
    else:
        part.raw = raw[body:end]
    return part


def _head(raw: bytes, start: int, end: int, found: Tree) -> tuple[Head, int]:
    """The head of a part, and where its body begins."""
    if raw[start : start + 1] == b"\n" or raw[start : start + 2] == b"\r\n":
        return Head({}), start + 1 + (raw[start] == 0x0D)
    blank = _BLANK_LINE.search(raw, start, end)
    stop, body = (blank.start(), blank.end()) if blank else (end, end)
    if stop - start > HEAD_BYTES:
        found.fault(_LONG_HEAD)
        stop = max(raw.rfind(b"\n", start, start + HEAD_BYTES), start)
    text = raw[start:stop].decode("ascii", "surrogateescape").rstrip("\r\n")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    head, read = _fields(lines)
    if read < len(lines):
        # Text follows the head without a blank line; it begins where no header stands any more.
        body = start
        for _ in range(read):
            line_end = _LINE_END.search(raw, body, end)
            body = line_end.end() if line_end else end
    return head, min(body, end)


def _fields(lines: list[str]) -> tuple[Head, int]:
    """First value of every header, and how many lines belong to the head."""
    fields: dict[str, str] = {}
    name, value, read = "", "", len(lines)
    for number, line in enumerate(lines):
        before, colon, behind = line.partition(":")
        if line[:1] in (" ", "\t"):
            value += "\n" + line
        elif colon and _NAME.match(before):
            fields.setdefault(name, value)
            name, value = before.rstrip().lower(), behind.lstrip(" \t")
        elif line and any(_KNOWN.match(one) for one in lines[number + 1 : number + 1 + _RUBBISH]):
            # A line that lost its indentation, or rubbish between headers; the head goes on below it.
            value += "\n " + line
        else:
            read = number
            break
    fields.setdefault(name, value)
    fields.pop("", None)
    return Head(fields), read


def _fill(part: Part, raw: bytes, span: tuple[int, int], found: Tree, depth: int) -> None:
    """The parts of a multipart; without a boundary that occurs, the boundary is guessed, or the whole is one text."""
    start, end = span
    default = "message/rfc822" if part.media_type == "multipart/digest" else "text/plain"
    boundary = part.parameters.get("boundary", "").rstrip().encode("utf-8", "surrogateescape")
    spans, aside = _spans(raw, start, end, boundary) if boundary else ([], b"")
    if not spans:
        guess = _GUESS.search(raw, start, end)
        spans, aside = _spans(raw, start, end, guess[1]) if guess else ([], b"")
        if raw[start:end].strip():
            found.fault(_UNBOUNDED)
    if not spans:
        part.raw = raw[start:end]
        return
    part.aside = (raw[start : spans[0].start].rpartition(b"--")[0], aside)
    inner: Part | None = None
    for one in spans:
        if found.parts >= PARTS or depth >= DEPTH:
            found.fault(_MANY)
            return
        child = _part(raw, (one.start, one.end), found, depth + 1, default)
        (inner or part).children.append(child)
        # A multipart that has the boundary of the one around it is empty, and its parts stand behind it.
        same = child.media_type.startswith("multipart/") and child.parameters.get("boundary") == part.parameters.get(
            "boundary"
        )
        if same and inner is None and not child.children and not child.raw.strip():
            inner = child
        if one.last:
            inner = None


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    last: bool
    """Whether the delimiter behind it says that no further part follows."""


def _spans(raw: bytes, start: int, end: int, boundary: bytes) -> tuple[list[_Span], bytes]:
    """Where each part between the delimiters of a boundary lies, and what stands outside of all behind the first.

    Parts that follow a closing delimiter count as well: some programs use one boundary inside and outside.
    """
    mark = b"--" + boundary
    spans: list[_Span] = []
    aside: list[bytes] = []
    opened, outside, at = -1, -1, raw.find(mark, start, end)
    while at >= 0 and len(spans) <= PARTS:
        line_end = _LINE_END.search(raw, at + len(mark), end)
        behind = line_end.end() if line_end else end
        rest = raw[at + len(mark) : line_end.start() if line_end else end].strip()
        if (at == start or raw[at - 1] in b"\r\n") and rest in (b"", b"--"):
            if opened >= 0:
                stop = at - 1 - (raw[at - 2 : at] == b"\r\n")
                spans.append(_Span(opened, max(opened, stop), bool(rest)))
            elif outside >= 0:
                aside.append(raw[outside:at])
            opened, outside = (-1, behind) if rest else (behind, -1)
        at = raw.find(mark, behind, end)
    if opened >= 0:
        spans.append(_Span(opened, end, True))
    elif outside >= 0:
        aside.append(raw[outside:end])
    return spans, b"".join(aside)


def _fill_mail(part: Part, raw: bytes, span: tuple[int, int], found: Tree, depth: int) -> None:
    """A mail inside the mail; some programs encode it although they may not (RFC 2046 §5.2.1)."""
    start, end = span
    encoding = part.head.fields.get("content-transfer-encoding", "").strip().lower()
    if found.parts >= PARTS or depth >= DEPTH:
        found.fault(_MANY)
        part.raw = raw[start:end]
        return
    if encoding in ("base64", "quoted-printable"):
        inner, whole = transfer.octets(raw[start:end], encoding)
        if not whole:
            found.fault(_ENCODING)
        raw, start, end = inner, 0, len(inner)
    while raw[start : start + 1] in (b"\r", b"\n") and start < end:
        start += 1
    part.children.append(_part(raw, (start, end), found, depth + 1))
