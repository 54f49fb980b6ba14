"""Opens the doors that the settings ask for: those that listen, and those that go and look."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from intake.folder import FolderDoor
from intake.imap import ImapDoor
from intake.mailbox import account
from intake.message import Keep
from intake.oauth import Tokens
from intake.reception import Login
from intake.smtp import Certificate, SmtpDoor
from klachtwijzer.settings import Settings, address, grant
from register.marks import Marks


class DoorError(Exception):
    """A door cannot be opened; the message is one line."""


class Watch(Protocol):
    """A door that goes and looks."""

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set."""


async def listening(settings: Settings, keep: Keep) -> dict[str, SmtpDoor]:
    """The SMTP and LMTP doors, listening, by their name. Raises DoorError."""
    opened: dict[str, SmtpDoor] = {}
    certificate = _certificate(settings)
    for name, listen in (("smtp", settings.smtp_listen), ("lmtp", settings.lmtp_listen)):
        if not listen:
            continue
        host, port = address(listen)
        user, _, password = settings.smtp_login.partition(":")
        door = SmtpDoor(
            keep,
            host=host,
            port=port,
            recipients=settings.recipients,
            size_limit=settings.size_limit,
            lmtp=name == "lmtp",
            connections=settings.connections,
            per_minute=settings.smtp_rate if name == "smtp" else 0,
            certificate=certificate,
            login=Login(user, password) if user and name == "smtp" else None,
        )
        try:
            await door.start()
        except OSError as trouble:
            for other in opened.values():
                await other.stop()
            where = f"KLACHTWIJZER_{name.upper()}_LISTEN"
            raise DoorError(f"{where}: cannot listen on {listen}: {trouble.strerror}") from trouble
        opened[name] = door
    return opened


def _certificate(settings: Settings) -> Certificate | None:
    if not settings.smtp_cert:
        if settings.smtp_login:
            raise DoorError(
                "KLACHTWIJZER_SMTP_LOGIN: needs KLACHTWIJZER_SMTP_CERT, for no password is sent in the clear"
            )
        return None
    try:
        return Certificate(Path(settings.smtp_cert), Path(settings.smtp_key or settings.smtp_cert))
    except OSError as trouble:
        raise DoorError(f"KLACHTWIJZER_SMTP_CERT: certificate or key cannot be used: {trouble.strerror}") from trouble


def watching(settings: Settings, roles: Sequence[str], keep: Keep, marks: Marks) -> dict[str, Watch]:
    """The IMAP and folder doors of these roles, as far as they are set, by their name. Raises DoorError."""
    found: dict[str, Watch] = {}
    if "imap" in roles and settings.imap:
        box = replace(account(settings.imap), done=settings.imap_done)
        tokens = None
        if settings.imap_oauth:
            tokens = Tokens(
                grant(settings.imap_oauth),
                refresh_token=marks.refresh_token(box.name),
                renewed=lambda refresh_token: marks.renew(box.name, refresh_token),
            )
        found["imap"] = ImapDoor(keep, marks, box, size_limit=settings.size_limit, tokens=tokens)
    if "folder" in roles and settings.folder:
        folder = FolderDoor(keep, marks.note, Path(settings.folder).expanduser(), size_limit=settings.size_limit)
        try:
            folder.start()
        except OSError as trouble:
            raise DoorError(f"KLACHTWIJZER_FOLDER: cannot be used: {trouble.strerror}") from trouble
        found["folder"] = folder
    for role in ("imap", "folder"):
        if tuple(roles) == (role,) and role not in found:
            raise DoorError(f"KLACHTWIJZER_{role.upper()}: is empty, so the role {role} has nothing to do")
    return found
