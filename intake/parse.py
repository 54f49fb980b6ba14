"""Raw bytes to a `Message`: never raises, never drops a word that it could read."""

import email
import hashlib
from dataclasses import replace
from email.message import Message as Tree

from intake import body, chat, quoting
from intake.automatic import Signs, automatic
from intake.body import Contents
from intake.charset import clean, decode
from intake.headers import Head, head
from intake.message import Envelope, Message, Party, Passage, Role

# A head beyond this size is an attack on the parser; what stands behind it is kept raw and not read.
_HEAD_BYTES = 262_144
_BLANK_BYTES = 4096
_NULL_SENDERS = frozenset({"<>", "< >"})


def parse(raw: bytes, envelope: Envelope) -> Message:
    """What the bytes of a mail say: always a `Message`; what could not be read is told among its faults."""
    # The guard is deliberately as wide as it can be: a mail that cannot be understood must still reach a person.
    try:
        return _parse(raw, envelope)
    except Exception as trouble:
        return _unread(raw, envelope, type(trouble).__name__)


def _parse(raw: bytes, envelope: Envelope) -> Message:
    tree, fault = _tree(raw)
    top = head(tree.raw_items())
    contents = body.read(tree)
    contents.fault(fault)
    text = _bounded(contents)
    message = Message(
        digest=hashlib.sha256(raw).hexdigest(),
        envelope=envelope,
        message_id=top.message_id,
        sent=top.sent,
        sender=top.sender,
        reply_to=top.reply_to,
        recipients=top.recipients,
        subject=top.text("subject"),
        text=text,
        passages=(),
        attachments=tuple(contents.attachments),
        in_reply_to=top.in_reply_to,
        references=top.references,
        headers=top.kept(),
    )
    passages = chat.passages(text) if envelope.channel == "chat" else quoting.split(text, _setting(message))
    message = replace(message, passages=passages, faults=tuple(_faults(top, contents)))
    if envelope.channel == "chat":
        return replace(message, sender=chat.visitor(message.sender))
    return replace(message, automatic=automatic(_signs(message, contents.report)))


def _tree(raw: bytes) -> tuple[Tree, str]:
    """The MIME tree, and what was wrong with the bytes as a whole."""
    fault = ""
    # An mbox line or blank lines before the head would make the standard parser read the head as text.
    raw = raw[:_BLANK_BYTES].lstrip(b"\r\n\t ") + raw[_BLANK_BYTES:] if raw[:1] in b"\r\n\t " else raw
    if raw.startswith(b"From ") or raw.startswith(b">From "):
        raw = raw.partition(b"\n")[2]
    head_end = _head_end(raw)
    if head_end > _HEAD_BYTES:
        cut = raw.rfind(b"\n", 0, _HEAD_BYTES) + 1
        raw = raw[:cut] + raw[head_end:]
        fault = "De kop van het bericht is onredelijk lang en werd maar voor een deel gelezen."
    return email.message_from_bytes(raw), fault


def _head_end(raw: bytes) -> int:
    ends = [at for at in (raw.find(b"\r\n\r\n"), raw.find(b"\n\n"), raw.find(b"\r\r")) if at >= 0]
    return min(ends) if ends else len(raw)


def _bounded(contents: Contents) -> str:
    text = contents.text
    if len(text) > body.TEXT_LENGTH:
        contents.fault("De tekst is ongewoon lang en werd ingekort; het volledige bericht blijft bewaard.")
        text = text[: body.TEXT_LENGTH]
    return text


def _faults(top: Head, contents: Contents) -> list[str]:
    faults = list(contents.faults)
    if not top.sender.address:
        faults.append("Het bericht noemt geen leesbare afzender.")
    if top.fields.get("date") and top.sent is None:
        faults.append("De datum van het bericht is onleesbaar.")
    return faults


def _setting(message: Message) -> quoting.Setting:
    return quoting.Setting(
        subject=message.subject,
        threaded=bool(message.in_reply_to or message.references),
        writer=message.sender.name,
        recipients=message.envelope.recipients or tuple(party.address for party in message.recipients),
    )


def _signs(message: Message, report: str) -> Signs:
    return Signs(
        headers=message.headers,
        sender=message.sender,
        null_sender=_is_null(message),
        recipients=(*message.envelope.recipients, *(party.address for party in message.recipients)),
        subject=message.subject,
        own=message.own,
        text=message.text,
        report=report,
    )


def _is_null(message: Message) -> bool:
    """Whether nobody may answer; at a mailbox or in a file only the Return-Path knows."""
    if message.envelope.channel in ("smtp", "lmtp"):
        return not message.envelope.sender
    return message.headers.get("return-path", "") in _NULL_SENDERS


def _unread(raw: bytes, envelope: Envelope, trouble: str) -> Message:
    """The fallback: the bytes as plain text, so that a person can still read them."""
    text = clean(decode(raw[: body.TEXT_LENGTH], "")[0])
    role: Role = "eigen"
    return Message(
        digest=hashlib.sha256(raw).hexdigest(),
        envelope=envelope,
        message_id="",
        sent=None,
        sender=Party("", envelope.sender),
        reply_to=None,
        recipients=tuple(Party("", address) for address in envelope.recipients),
        subject="",
        text=text,
        passages=(Passage(0, len(text), role),) if text else (),
        faults=(f"Het bericht kon niet ontleed worden en is als ruwe tekst bewaard ({trouble}).",),
    )
