"""What hangs on a mail: files, mails inside the mail, and the wrappers in which some programs put both."""

from collections.abc import Callable

from intake import attachment, markup, mime, office, signed, suspect, tnef
from intake.charset import clean
from intake.contents import ATTACHED_WORDS, Contents, Place
from intake.headers import Head
from intake.message import Attachment
from intake.mime import Part

_MAIL_WORDS = 100_000
_SEALED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_LOCKED = "Het bericht is versleuteld of in een S/MIME-omslag gestoken; de inhoud staat in de bijlage."
_PARTIAL = "Dit is maar een stuk van een bericht dat de verzender in delen opsplitste."
_MAIL_TYPES = frozenset({"application/octet-stream", "message/rfc822", "text/plain"})
_ELSEWHERE = "Een bijlage werd niet meegestuurd maar staat elders; ze is niet opgehaald."
_FAULTS = {"application/pgp-encrypted": _LOCKED, "message/external-body": _ELSEWHERE}

Visit = Callable[[Part, Contents, Place], None]
"""Reads one part of a tree into contents: `body.visit`, which in turn comes here with what it finds attached."""


def leaf(part: Part, raw: bytes, contents: Contents, place: Place, visit: Visit) -> None:
    """A part that is no text of the mail itself: a file, or a wrapper around further parts; `raw` is its octets."""
    kind, name = part.media_type, part.name()
    if kind in _SEALED or (kind.startswith("application/") and name.lower().endswith(".p7m")):
        _sealed(part, raw, contents, place, visit)
    elif kind in _TNEF or name.lower() == "winmail.dat" or raw.startswith(tnef.SIGNATURE):
        _unwrap_tnef(name, raw, contents, spoken=place.spoken)
    elif kind == "message/partial":
        contents.fault(_PARTIAL)
        _inside(raw, contents, place, visit)
    elif name.lower().endswith(".eml") and kind in _MAIL_TYPES and place.depth < mime.DEPTH:
        inner = mime.tree(raw, depth=place.depth + 1)
        mail(Part(part.head, kind, part.parameters, size=len(raw), children=[inner.top]), contents, place, visit)
    else:
        if kind in _FAULTS:
            contents.fault(_FAULTS[kind])
        octets(name, kind, raw, contents, part.parameters.get("charset", ""))


def _inside(raw: bytes, contents: Contents, place: Place, visit: Visit) -> None:
    """Read what a wrapper holds as if it stood in the mail itself."""
    inner = mime.tree(raw, depth=place.depth + 1)
    visit(inner.top, contents, place.below())
    for sentence in inner.faults:
        contents.fault(sentence)


def octets(name: str, kind: str, raw: bytes, contents: Contents, charset: str = "") -> None:
    """A file: its text when there is a reader for it, and what speaks against opening it."""
    words = ""
    warnings = suspect.warnings(name, kind, raw, contents)
    if contents.attached_words < ATTACHED_WORDS and not suspect.is_program(raw):
        words, fault = attachment.words(name, kind, raw, charset, contents)
        contents.fault(fault)
    contents.attach(Attachment(name or unnamed(kind), kind, len(raw), words, warnings))


def text(kind: str, words: str, size: int, contents: Contents) -> None:
    """A part whose words were read already."""
    contents.attach(Attachment(unnamed(kind), kind, size, words))


def mail(part: Part, contents: Contents, place: Place, visit: Visit) -> None:
    """An attached mail becomes one attachment with its own text, followed by its attachments."""
    top, inner = part.children[0], Contents(reach=contents.reach, attached_words=contents.attached_words)
    visit(top, inner, Place(place.depth + 1))
    name = part.name() or f"{top.head.text('subject', 80) or 'bericht'}.eml"
    words = "\n".join(_lines(top.head)) + "\n\n" + inner.text
    contents.attach(Attachment(name, "message/rfc822", part.size, words[:_MAIL_WORDS]))
    for one in inner.attachments:
        # Of mails within mails only the outermost and the innermost are named.
        way = "/…/" if "/" in one.name else "/"
        label = f"{name}{way}{one.name.rpartition('/')[2]}"[:300]
        contents.attach(Attachment(label, one.media_type, one.size, one.text, one.warnings))
    for sentence in inner.faults:
        contents.fault(sentence)


def _lines(head: Head) -> list[str]:
    """How the head of an attached mail is told."""
    told = [("Van", f"{head.sender.name} <{head.sender.address}>".strip())]
    told += [("Datum", head.text("date", 100)), ("Onderwerp", head.text("subject", 500))]
    return [f"{label}: {value}" for label, value in told if value]


def _sealed(part: Part, raw: bytes, contents: Contents, place: Place, visit: Visit) -> None:
    """An S/MIME wrapper: what is only signed can be read; what is encrypted stays as it is (RFC 8551)."""
    inside = signed.content(raw)
    if inside is None or place.depth >= mime.DEPTH:
        contents.fault(_LOCKED)
        contents.attach(Attachment(part.name() or unnamed(part.media_type), part.media_type, len(raw)))
    else:
        _inside(inside, contents, place, visit)


def _unwrap_tnef(name: str, raw: bytes, contents: Contents, *, spoken: bool) -> None:
    """Outlook's winmail.dat: its text counts when the mail has no other, and its files are attached."""
    found = tnef.read(raw) if contents.heavy() else None
    if found is None:
        contents.fault("Een bijlage is beschadigd of beveiligd; haar tekst kon niet gelezen worden.")
        contents.attach(Attachment(name or "winmail.dat", "application/ms-tnef", len(raw)))
        return
    words = found.text.strip()
    if not words and found.page:
        words = markup.text(found.page)
    if not words and found.rich:
        words = office.rich(found.rich)
    words = clean(words).strip("\n")
    told = not contents.text.strip() and not spoken
    if words and told:
        contents.pieces.append(words)
    contents.attach(Attachment(name or "winmail.dat", "application/ms-tnef", len(raw), "" if told else words))
    for title, payload in found.files:
        octets(clean(title)[:200], "application/octet-stream", payload, contents)


def unnamed(kind: str) -> str:
    return f"naamloos ({kind})"
