"""The words of a mail and everything that hangs on it, in the order of its parts."""

import re

from intake import attached, attachment, markup, mime, report, transfer
from intake.charset import clean, decode
from intake.contents import TEXT_LENGTH, Contents, Place, Reach, TooHeavyError
from intake.mime import Part, Tree

_STUB_LENGTH = 300
_LETTER = re.compile(r"\w")
_QUOTE_DEPTH = re.compile(r"^[>]*")
_ENRICHED = re.compile(r"<(?:/?[a-zA-Z][\w-]{0,30})>")
_STUB = re.compile(r"html|browser|webversie|online versie|e-?mail ?client|e-?mailprogramma", re.IGNORECASE)
_INLINE_TEXT = frozenset(
    {"text/plain", "text/html", "text/enriched", "text/richtext", "text/x-amp-html", "text/markdown"}
)
_IGNORED_ALTERNATIVES = frozenset({"text/x-amp-html", "text/watch-html"})
_BINARY = (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"MZ\x90", b"\xd0\xcf\x11\xe0")
_REPORTS = frozenset(("message/delivery-status", "message/global-delivery-status", "message/disposition-notification"))
_ENCODING = "Een deel van het bericht is beschadigd bij het verzenden en werd zo goed mogelijk gelezen."
_LOCKED = "Het bericht is versleuteld; de inhoud staat er zoals ze aankwam."
_HIDDEN = "Het bericht bevat tekst die in de opmaak verborgen is; die staat apart onderaan."


def read(tree: Tree, *, reach: Reach = "full") -> Contents:
    """The text and attachments of a mail. Raises TooHeavyError, and only in a light reading."""
    contents = Contents(reach=reach)
    visit(tree.top, contents, Place())
    if not contents.text and not contents.attachments:
        contents.pieces.append(clean(decode(tree.top.aside[0], "")[0]).strip())
    for sentence in tree.faults:
        contents.fault(sentence)
    return contents


def visit(part: Part, contents: Contents, place: Place) -> None:
    """Read one part and all below it."""
    # One part that no reader foresaw must not cost the others.
    try:
        _read_part(part, contents, place)
    except TooHeavyError:
        raise
    except Exception:
        contents.fault("Een deel van het bericht is beschadigd en kon niet gelezen worden.")


def _read_part(part: Part, contents: Contents, place: Place) -> None:
    kind = part.media_type
    if kind.startswith("message/") and part.children:
        if place.depth == 1 and contents.returned is None:
            contents.returned = part.children[0].head
        if place.depth == 1 and contents.report:
            contents.reports = report.about(contents.reports, part.children[0].head)
        attached.mail(part, contents, place, visit)
    elif kind == "multipart/alternative" and part.children:
        _read_alternative(part.children, contents, place)
    elif part.children:
        for child in part.children:
            visit(child, contents, place.below())
        told = clean(decode(part.aside[1][:TEXT_LENGTH], "")[0]).strip()
        if told and not place.spoken and _LETTER.search(told):
            contents.fault("Achter het einde van het bericht stond nog tekst; die is toegevoegd.")
            contents.pieces.append(told)
    elif kind in _REPORTS:
        _read_report(part, contents, place.depth)
    else:
        _read_leaf(part, contents, place)


def _read_leaf(part: Part, contents: Contents, place: Place) -> None:
    raw, whole = part.octets()
    if not whole:
        contents.fault(_ENCODING)
    kind, name = part.media_type, part.name()
    if kind.startswith("multipart/"):
        # A multipart whose parts could not be found is one text.
        kind = "text/plain"
    aside = part.disposition()[0] == "attachment"
    inline = kind in _INLINE_TEXT and not aside and not name
    if (inline or (place.depth == 0 and kind.startswith("text/") and not (aside and name))) and not raw.startswith(
        _BINARY
    ):
        if not place.spoken:
            contents.pieces.append(_body_words(part, kind, raw, contents))
        return
    if kind == "text/rfc822-headers" and contents.report and place.depth == 1:
        contents.reports = report.about(contents.reports, mime.tree(raw, depth=mime.DEPTH).top.head)
    attached.leaf(part, raw, contents, place, visit)


def _body_words(part: Part, kind: str, raw: bytes, contents: Contents) -> str:
    if kind not in _INLINE_TEXT:
        text, fault = attachment.words("", kind, raw, part.parameters.get("charset", ""), contents)
        contents.fault(fault)
        return text
    found = transfer.yenc_file(raw) if b"=ybegin " in raw else None
    if found is not None:
        raw = found[0]
        attached.octets(found[1], "application/octet-stream", found[2], contents)
    text, fault = decode(raw[: TEXT_LENGTH * 4], part.parameters.get("charset", ""))
    contents.fault(fault)
    if kind == "text/html" or (kind != "text/plain" and "<html" in text[:500].lower()) or _is_page(text):
        return _page_words(text, contents)
    text = clean(text)
    if kind in ("text/enriched", "text/richtext"):
        text = _ENRICHED.sub("", text).replace("<<", "<")
    if "-----BEGIN PGP MESSAGE-----" in text:
        contents.fault(_LOCKED)
    text, files = transfer.files_in_text(text)
    for name, payload in files:
        attached.octets(name, "application/octet-stream", payload, contents)
    if part.parameters.get("format", "").lower() == "flowed":
        text = _unflow(text, part.parameters.get("delsp", "").lower() == "yes")
    return text.strip("\n")


def _is_page(text: str) -> bool:
    """Whether text that is declared plain is a page of HTML, as some programs send it."""
    start = text[:200].lstrip().lower()
    return start.startswith(("<!doctype html", "<html")) and "<body" in text[:20_000].lower()


def _page_words(source: str, contents: Contents) -> str:
    heavy = markup.is_large(source)
    words = clean(markup.crude(source) if heavy and not contents.heavy() else markup.text(source))
    if markup.HIDDEN in words:
        contents.fault(_HIDDEN)
    return words


def _read_alternative(kids: list[Part], contents: Contents, place: Place) -> None:
    """The plain reading when it says enough, otherwise the richer one; attachments count in both."""
    plain = [kid for kid in kids if kid.media_type == "text/plain"]
    rich = [kid for kid in kids if kid.media_type != "text/plain" and kid.media_type not in _IGNORED_ALTERNATIVES]
    before = len(contents.pieces)
    for kid in plain:
        visit(kid, contents, place.below())
    told = "\n".join(contents.pieces[before:])
    between = len(contents.pieces)
    if place.spoken or not _is_stub(told):
        for kid in rich:
            visit(kid, contents, place.below(spoken=True))
        return
    for kid in rich:
        visit(kid, contents, place.below())
    richer = "\n".join(contents.pieces[between:])
    # A short plain part may be all that was written; only a clearly longer rich part shows that it was a stub.
    more = 1 if _STUB.search(told) else 2
    if len(_LETTER.findall(richer)) > more * len(_LETTER.findall(told)):
        del contents.pieces[before:between]
    else:
        del contents.pieces[between:]


def _is_stub(told: str) -> bool:
    bare = told.strip()
    return len(bare) < 40 or (len(bare) < _STUB_LENGTH and bool(_STUB.search(bare)))


def _read_report(part: Part, contents: Contents, depth: int) -> None:
    """The machine-readable half of a delivery or reading report (RFC 3464, RFC 8098)."""
    kind = part.media_type.removeprefix("message/").removeprefix("global-")
    text = clean(decode(part.octets()[0][:100_000], "utf-8")[0]).strip()
    if depth <= 1:
        contents.report = kind
        contents.reports += report.read(kind, text)
    attached.text(part.media_type, text[:20_000], part.size, contents)


def _unflow(text: str, delete_space: bool) -> str:
    """Join the soft line ends of format=flowed (RFC 3676), within one depth of quotation."""
    # Joined at the end, because a text may be one soft line of half a million characters.
    out: list[list[str]] = []
    soft = False
    depth_before = -1
    for line in text.split("\n"):
        marks = _QUOTE_DEPTH.match(line)
        depth = marks.end() if marks else 0
        bare = line[depth:].removeprefix(" ")
        flows = bare.endswith(" ") and bare != "-- "
        shown = bare[:-1] if flows and delete_space else bare
        if soft and depth == depth_before:
            out[-1].append(shown)
        else:
            out.append([f"{line[:depth]} {shown}" if depth else shown])
        soft, depth_before = flows, depth
    return "\n".join("".join(pieces) for pieces in out)
