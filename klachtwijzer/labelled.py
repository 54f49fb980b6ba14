"""A labelled set: a folder with one .eml per mail and a `labels.jsonl` (triage-policy §6)."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from intake.message import Envelope, Message
from intake.parse import parse

BRUSSELS = ZoneInfo("Europe/Brussels")
Label = Mapping[str, Any]


class LabelledError(Exception):
    """A labelled set cannot be used; the message is one line that says where and why."""


@dataclass(frozen=True, slots=True)
class Labelled:
    file: str
    message: Message
    label: Label
    on: date


def read_mail(path: Path) -> Message:
    """The message of a file on disk: received when its Date header says, sent by its Return-Path. Raises OSError."""
    raw = path.read_bytes()
    message = parse(raw, Envelope("file", "", (), datetime.fromtimestamp(path.stat().st_mtime, UTC)))
    sender = parseaddr(message.headers.get("return-path", ""))[1]
    received = message.sent or message.envelope.received
    return parse(raw, Envelope("file", sender, tuple(party.address for party in message.recipients), received))


def day(message: Message) -> date:
    """The day of receipt in Brussels."""
    return message.envelope.received.astimezone(BRUSSELS).date()


def labels(folder: Path) -> dict[str, Label]:
    """Labels by file name, in their order. Raises LabelledError."""
    path = folder / "labels.jsonl"
    found: dict[str, Label] = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise LabelledError(f"{path}: {error.strerror}; a labelled set holds .eml files and labels.jsonl") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            label = json.loads(line)
            found[Path(label["file"]).name] = label
        except (ValueError, KeyError, TypeError):
            raise LabelledError(f"{path}:{number}: not a JSON object with `file`") from None
    return found


def labelled(folder: Path) -> Iterator[Labelled]:
    """The mails of a labelled set. Raises LabelledError for a mail that is not there."""
    for file, label in labels(folder).items():
        try:
            message = read_mail(folder / file)
        except OSError as error:
            raise LabelledError(f"{folder / file}: {error.strerror}") from None
        yield Labelled(file, message, label, day(message))
