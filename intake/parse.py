"""Raw bytes to a `Message`: never raises, drops no word that it could read, keeps to two seconds and 300 MB."""

import hashlib
from contextlib import suppress
from dataclasses import replace

from intake import clamd, mime
from intake.charset import clean, decode
from intake.contents import TooHeavyError
from intake.headers import Head
from intake.message import Envelope, Message, Party, Passage, Role
from intake.sandbox import SANDBOX, OverrunError
from intake.understand import understand

# Below these bounds reading costs some tens of milliseconds at the very worst, so that no walls are needed.
_LIGHT_BYTES = 64_000
_LIGHT_LINES = 2_000
_LIGHT_PARTS = 40
_LIGHT_DEPTH = 12
# So much of an unreadable mail is shown; the whole of it lies on file.
_SHOWN = 20_000


def parse(raw: bytes, envelope: Envelope, *, scanner: str = "") -> Message:
    """What the bytes of a mail say: always a `Message`; what could not be read is told among its faults.

    Small mails without documents are read here, all others in the sandbox. `scanner` is the address of a clamd, as
    `clamd.scan` takes it; empty asks none.
    """
    message = _parse(raw, envelope)
    fault = clamd.scan(raw, scanner).fault if scanner else ""
    return replace(message, faults=(*message.faults, fault)) if fault else message


def _parse(raw: bytes, envelope: Envelope) -> Message:
    # The guard is deliberately as wide as it can be: a mail that cannot be understood must still reach a person.
    try:
        if _is_light(raw):
            # What turns out to be heavier than it looked is read behind the wall after all.
            with suppress(TooHeavyError):
                return understand(raw, envelope, reach="light")
        return SANDBOX.understand(raw, envelope)
    except OverrunError as trouble:
        return _unread(raw, envelope, str(trouble))
    except Exception as trouble:
        return _unread(raw, envelope, type(trouble).__name__)


def _is_light(raw: bytes) -> bool:
    """Whether the mail can be read at a bounded cost, whatever stands in it."""
    if len(raw) > _LIGHT_BYTES or raw.count(b"\n") > _LIGHT_LINES or raw.count(b"\r") > _LIGHT_LINES:
        return False
    return raw.count(b"\n--") <= _LIGHT_PARTS and raw.lower().count(b"boundary") <= _LIGHT_DEPTH


def _unread(raw: bytes, envelope: Envelope, trouble: str) -> Message:
    """The fallback: a stretch of the bytes as plain text, so that a person can still read them."""
    text = clean(decode(raw[:_SHOWN], "")[0])
    role: Role = "eigen"
    top = _top(raw)
    return Message(
        digest=hashlib.sha256(raw).hexdigest(),
        envelope=envelope,
        message_id=top.message_id,
        sent=top.sent,
        sender=top.sender if top.sender.address else Party("", envelope.sender),
        reply_to=top.reply_to,
        recipients=top.recipients or tuple(Party("", address) for address in envelope.recipients),
        subject=top.text("subject"),
        text=text,
        passages=(Passage(0, len(text), role),) if text else (),
        in_reply_to=top.in_reply_to,
        references=top.references,
        headers=top.kept(),
        faults=(f"Het bericht kon niet ontleed worden en is als ruwe tekst bewaard ({trouble}).",),
        unreadable=True,
    )


def _top(raw: bytes) -> Head:
    """The head of a mail whose parts cannot be read, as far as it is short and sound."""
    try:
        top = mime.tree(raw[:_SHOWN].partition(b"\r\n\r\n")[0] + b"\r\n\r\n").top.head
        # Everything that is asked of it later is tried here, because nothing behind this line may fail.
        _ = (top.message_id, top.sent, top.sender, top.reply_to, top.recipients, top.in_reply_to, top.kept())
    except Exception:
        return Head({})
    return top
