"""Bytes to a `Message`, within this process and without a limit of time; `parse` decides where this may run."""

import hashlib
from dataclasses import replace

from intake import body, chat, mime, quoting, report
from intake.automatic import Signs, automatic, is_bounce
from intake.contents import TEXT_LENGTH, Contents, Reach
from intake.headers import Head
from intake.message import Envelope, Message

_NULL_SENDERS = frozenset({"<>", "< >"})


def understand(raw: bytes, envelope: Envelope, *, reach: Reach = "full") -> Message:
    """What the bytes of a mail say.

    Raises TooHeavyError in a light reading when the mail asks for more. What else goes wrong inside a part costs that
    part only and is told among the faults; the caller still guards against errors that nobody foresaw.
    """
    tree = mime.tree(raw)
    top = tree.top.head
    contents = body.read(tree, reach=reach)
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
    signs = _signs(message, contents.report)
    why = automatic(signs)
    reports = tuple(contents.reports)
    if why and not reports and is_bounce(signs):
        failed = message.headers.get("x-failed-recipients", "")
        known = frozenset(address.lower() for address in (*signs.recipients, message.sender.address))
        reports = report.from_words(text, failed, contents.returned, known)
    return replace(message, automatic=why, reports=reports) if why else message


def _bounded(contents: Contents) -> str:
    text = contents.text
    if len(text) > TEXT_LENGTH:
        contents.fault("De tekst is ongewoon lang en werd ingekort; het volledige bericht blijft bewaard.")
        text = text[:TEXT_LENGTH]
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


def _signs(message: Message, kind: str) -> Signs:
    return Signs(
        headers=message.headers,
        sender=message.sender,
        null_sender=_is_null(message),
        recipients=(*message.envelope.recipients, *(party.address for party in message.recipients)),
        subject=message.subject,
        own=message.own,
        text=message.text,
        report=kind,
    )


def _is_null(message: Message) -> bool:
    """Whether nobody may answer; at a mailbox or in a file only the Return-Path knows."""
    if message.envelope.channel in ("smtp", "lmtp"):
        return not message.envelope.sender
    return message.headers.get("return-path", "") in _NULL_SENDERS
