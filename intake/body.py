"""The MIME tree of a mail: its readable text, and everything that hangs on it."""

import email
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import Message as Tree

from intake import markup
from intake.attachment import words
from intake.charset import clean, decode, header
from intake.headers import head
from intake.message import Attachment

TEXT_LENGTH = 500_000
_PARTS = 500
_DEPTH = 30
_ATTACHMENTS = 100
_ATTACHED_WORDS = 400_000
_STUB_LENGTH = 300

_BOUNDARY = re.compile(rb"^--([^\r\n]{1,70}?)[ \t]*\r?\n(?=[Cc]ontent-)", re.MULTILINE)
_LETTER = re.compile(r"\w")
_QUOTE_DEPTH = re.compile(r"^[>]*")
_INLINE_TEXT = frozenset({"text/plain", "text/html", "text/enriched", "text/x-amp-html"})
_IGNORED_ALTERNATIVES = frozenset({"text/x-amp-html", "text/watch-html"})


@dataclass(slots=True)
class Contents:
    """What a tree holds; filled while it is walked."""

    pieces: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    report: str = ""
    """`delivery-status` or `disposition-notification` when the mail itself is such a report."""
    parts: int = 0
    attached_words: int = 0

    @property
    def text(self) -> str:
        return "\n\n".join(piece for piece in self.pieces if piece.strip())

    def fault(self, sentence: str) -> None:
        if sentence and sentence not in self.faults:
            self.faults.append(sentence)


def read(tree: Tree) -> Contents:
    """The text and attachments of a mail, in the order of its parts. Bounded in parts, depth and length."""
    contents = Contents()
    _visit(tree, contents, depth=0, spoken=False)
    if not contents.text and isinstance(tree.preamble, str) and not contents.attachments:
        contents.pieces.append(clean(decode(_octets(tree.preamble), "")[0]))
    return contents


def _visit(part: Tree, contents: Contents, *, depth: int, spoken: bool) -> None:
    """Read one part; `spoken` when its words were already told by an alternative, so that only attachments count."""
    contents.parts += 1
    if contents.parts > _PARTS or depth > _DEPTH:
        contents.fault("Het bericht heeft te veel of te diep geneste delen; de rest is niet gelezen.")
        return
    # One damaged part must not cost the others; the standard parser raises a wide choice of errors on it.
    try:
        _read_part(part, contents, depth, spoken)
    except Exception:
        contents.fault("Een deel van het bericht is beschadigd en kon niet gelezen worden.")


def _read_part(part: Tree, contents: Contents, depth: int, spoken: bool) -> None:
    media_type = header(part.get_content_type())[:100]
    children = part.get_payload()
    if media_type.startswith("message/") and isinstance(children, list):
        _read_message(part, children, media_type, contents, depth)
    elif isinstance(children, list):
        kids = [child for child in children if isinstance(child, Tree)]
        if media_type == "multipart/alternative":
            _read_alternative(kids, contents, depth, spoken)
            return
        for kid in kids:
            _visit(kid, contents, depth=depth + 1, spoken=spoken)
    elif media_type.startswith("multipart/"):
        _read_unbounded(part, contents, depth, spoken)
    else:
        _read_leaf(part, media_type, contents, depth, spoken)


def _read_leaf(part: Tree, media_type: str, contents: Contents, depth: int, spoken: bool) -> None:
    raw = part.get_payload(decode=True)
    raw = raw if isinstance(raw, bytes) else b""
    charset = _parameter(part, "charset")
    name = head([("name", part.get_filename() or "")]).text("name", 200)
    inline = media_type in _INLINE_TEXT and part.get_content_disposition() != "attachment" and not name
    if inline or (depth == 0 and media_type.startswith("text/")):
        if not spoken:
            contents.pieces.append(_body_words(part, media_type, raw, charset, contents))
        return
    if len(contents.attachments) >= _ATTACHMENTS:
        contents.fault("Het bericht heeft te veel bijlagen; de rest is niet opgesomd.")
        return
    text = ""
    if media_type in ("message/rfc822", "application/octet-stream") and name.lower().endswith(".eml"):
        _attach_mail(email.message_from_bytes(raw), name, len(raw), contents, depth)
        return
    if contents.attached_words < _ATTACHED_WORDS:
        text, fault = words(name, media_type, raw, charset)
        contents.fault(fault)
    contents.attached_words += len(text)
    if media_type in ("application/pgp-encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"):
        contents.fault("Het bericht is versleuteld of in een S/MIME-omslag gestoken; de inhoud staat in de bijlage.")
    contents.attachments.append(Attachment(name or _unnamed(media_type), media_type, len(raw), text))


def _body_words(part: Tree, media_type: str, raw: bytes, charset: str, contents: Contents) -> str:
    text, fault = decode(raw[: TEXT_LENGTH * 4], charset)
    contents.fault(fault)
    if media_type == "text/html" or (media_type != "text/plain" and "<html" in text[:500].lower()):
        return clean(markup.text(text))
    text = clean(text)
    if _parameter(part, "format").lower() == "flowed":
        text = _unflow(text, _parameter(part, "delsp").lower() == "yes")
    return text.strip("\n")


def _read_alternative(kids: list[Tree], contents: Contents, depth: int, spoken: bool) -> None:
    """The plain reading when it says enough, otherwise the richer one; attachments count in both."""
    plain = [kid for kid in kids if kid.get_content_type() == "text/plain"]
    rich = [kid for kid in kids if kid.get_content_type() not in _IGNORED_ALTERNATIVES and kid not in plain]
    before = len(contents.pieces)
    for kid in plain:
        _visit(kid, contents, depth=depth + 1, spoken=spoken)
    told = "\n".join(contents.pieces[before:])
    if spoken or not _is_stub(told):
        for kid in rich:
            _visit(kid, contents, depth=depth + 1, spoken=True)
        return
    for kid in rich:
        _visit(kid, contents, depth=depth + 1, spoken=False)
    richer = "\n".join(contents.pieces[before + len(plain) :])
    # A short plain part may be all that was written; only a clearly longer rich part shows that it was a stub.
    more = 1 if "html" in told.lower() else 2
    if len(_LETTER.findall(richer)) > more * len(_LETTER.findall(told)):
        del contents.pieces[before : before + len(plain)]
    else:
        del contents.pieces[before + len(plain) :]


def _is_stub(told: str) -> bool:
    bare = told.strip()
    return len(bare) < 40 or (len(bare) < _STUB_LENGTH and "html" in bare.lower())


def _read_unbounded(part: Tree, contents: Contents, depth: int, spoken: bool) -> None:
    """A part that calls itself multipart but shows no parts: guess the boundary, or read it as text."""
    contents.fault("Het bericht zegt dat het uit delen bestaat, maar de grenzen ertussen kloppen niet.")
    payload = part.get_payload()
    raw = _octets(payload if isinstance(payload, str) else "")
    guess = _BOUNDARY.search(raw)
    if guess and b'"' not in guess[1] and depth < _DEPTH:
        rebuilt = email.message_from_bytes(b'Content-Type: multipart/mixed; boundary="' + guess[1] + b'"\n\n' + raw)
        if rebuilt.is_multipart():
            _visit(rebuilt, contents, depth=depth + 1, spoken=spoken)
            return
    if not spoken:
        text = clean(decode(raw[: TEXT_LENGTH * 4], "")[0])
        contents.pieces.append(clean(markup.text(text)) if "<html" in text[:2000].lower() else text.strip("\n"))


def _read_message(part: Tree, children: Sequence[object], media_type: str, contents: Contents, depth: int) -> None:
    """A mail inside the mail, or the machine-readable half of a report."""
    trees = [child for child in children if isinstance(child, Tree)]
    if media_type == "message/rfc822" and trees:
        name = head([("name", part.get_filename() or "")]).text("name", 200)
        _attach_mail(trees[0], name, len(trees[0].as_bytes()), contents, depth)
        return
    if depth <= 1 and media_type in ("message/delivery-status", "message/disposition-notification"):
        contents.report = media_type.removeprefix("message/")
    blocks = ["\n".join(f"{name}: {value}" for name, value in tree.raw_items()) for tree in trees]
    told = [tree.get_payload() for tree in trees]
    text = "\n\n".join([*blocks, *(word for word in told if isinstance(word, str))])
    text = clean(decode(_octets(text), "")[0]).strip()
    contents.attachments.append(Attachment(_unnamed(media_type), media_type, len(text.encode()), text[:20_000]))


def _attach_mail(tree: Tree, name: str, size: int, contents: Contents, depth: int) -> None:
    """An attached mail becomes one attachment with its own text, followed by its attachments."""
    inner = Contents(parts=contents.parts, attached_words=contents.attached_words)
    _visit(tree, inner, depth=depth + 1, spoken=False)
    contents.parts, contents.attached_words = inner.parts, inner.attached_words
    top = head(tree.raw_items())
    name = name or f"{top.text('subject', 80) or 'bericht'}.eml"
    lines = [("Van", f"{top.sender.name} <{top.sender.address}>".strip()), ("Datum", top.text("date", 100))]
    lines.append(("Onderwerp", top.text("subject", 500)))
    text = "\n".join(f"{label}: {value}" for label, value in lines if value) + "\n\n" + inner.text
    contents.attachments.append(Attachment(name, "message/rfc822", size, text[:100_000]))
    for attached in inner.attachments[: _ATTACHMENTS - len(contents.attachments)]:
        inside = Attachment(f"{name}/{attached.name}"[:300], attached.media_type, attached.size, attached.text)
        contents.attachments.append(inside)
    for sentence in inner.faults:
        contents.fault(sentence)


def _unflow(text: str, delete_space: bool) -> str:
    """Join the soft line ends of format=flowed (RFC 3676), within one depth of quotation."""
    out: list[str] = []
    soft = False
    depth_before = -1
    for line in text.split("\n"):
        marks = _QUOTE_DEPTH.match(line)
        depth = marks.end() if marks else 0
        bare = line[depth:].removeprefix(" ")
        if soft and depth == depth_before:
            out[-1] = (out[-1][:-1] if delete_space else out[-1]) + bare
        else:
            out.append(f"{line[:depth]} {bare}" if depth else bare)
        soft, depth_before = bare.endswith(" ") and bare != "-- ", depth
    return "\n".join(out)


def _parameter(part: Tree, name: str) -> str:
    value = part.get_param(name, "")
    if isinstance(value, tuple):
        value = value[2]
    return str(value or "").strip()


def _octets(text: str) -> bytes:
    """The bytes behind text of the standard parser, which carries eight-bit bytes as surrogates."""
    return text.encode("utf-8", "surrogateescape")


def _unnamed(media_type: str) -> str:
    return f"naamloos ({media_type})"
