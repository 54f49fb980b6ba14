"""What machines report of a mail that was sent: delivered or not (RFC 3464), read or deleted (RFC 8098)."""

import re
from dataclasses import replace

from intake.headers import Head
from intake.message import Report

_REPORTS = 50
_DIAGNOSTIC = 500
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_SMTP_STATUS = re.compile(r"(?<![\d.])([45]\d\d)[ \-#](?:\(?#?([45]\.\d{1,3}\.\d{1,3})\)?)?")
_ID = re.compile(r"^[ \t>]{0,4}Message-ID:\s{0,3}<([^<>\s]{1,500})>", re.IGNORECASE | re.MULTILINE)
_ADDRESS = re.compile(r"[^\s<>;,:=\"'()\[\]]{1,64}@[\w.-]{1,250}\w")
_FIELD = re.compile(r"^([A-Za-z][\w-]{0,60})[ \t]*:[ \t]*(.*)$")
_DELAYED = re.compile(
    r"delayed|not yet been delivered|vertraagd|will (?:be retried|retry)|retardé|verzögert|still trying", re.IGNORECASE
)
_TEXT = 20_000
# Behind such words the addresses are those that failed, and behind the others stands a copy of the mail.
_FAILING = re.compile(
    r"did not (?:reach|receive)|could not be delivered|cannot be delivered|not delivered|fatal errors|failed addresses"
    r"|failed recipient|following (?:address|recipient)|(?:unable|able) to deliver|undeliverable|intended recipient"
    r"|delivery (?:has failed|to)|kon(?:den)? niet|niet bezorgd|geadresseerden|n['’]a pas pu être|destinataires?"
    r"|konnte nicht|empfänger",
    re.IGNORECASE,
)
_COPY = re.compile(
    r"^.{0,40}(?:copy of (?:the|your)|below this line|(?:original |returned )?message (?:text |header |body )?follows"
    r"|original message (?:as|was|follows)|mail follows)",
    re.IGNORECASE | re.MULTILINE,
)


def read(kind: str, text: str) -> list[Report]:
    """The reports in the machine-readable half of a report mail; `kind` is its subtype. Never raises."""
    blocks = _blocks(text)
    if kind == "disposition-notification":
        return [_reading(block) for block in blocks[:1]]
    about_mail, *readers = blocks or [{}]
    if not readers and ("final-recipient" in about_mail or "original-recipient" in about_mail):
        readers = [about_mail]
    return [_delivery(block) for block in readers[:_REPORTS] if "action" in block or "final-recipient" in block]


def about(reports: list[Report], head: Head) -> list[Report]:
    """The same reports, with the Message-ID of the returned mail where they do not name it themselves."""
    return [replace(one, original_id=one.original_id or head.message_id) for one in reports]


def from_words(text: str, failed: str, returned: Head | None, known: frozenset[str]) -> tuple[Report, ...]:
    """What a report tells that is written for people only.

    `failed` is the header X-Failed-Recipients and `returned` the head of the mail that came back with it; `known` are
    addresses in lower case that can not have failed: ours, and the machine's own.
    """
    text = text[:_TEXT]
    named = _ADDRESS.findall(failed) or _failed_addresses(text, known)
    if not named and returned is not None:
        named = [party.address for party in returned.recipients[:1]]
    found = _ID.search(text)
    original = returned.message_id if returned is not None else found[1] if found else ""
    status = _STATUS.search(text)
    smtp = _SMTP_STATUS.search(text)
    code = status[1] if status else f"{smtp[1][0]}.0.0" if smtp else ""
    action = "delayed" if _DELAYED.search(text) and not code.startswith("5") else "failed"
    return tuple(Report("bezorging", one, action, code, original_id=original) for one in named[:_REPORTS])


def _failed_addresses(text: str, known: frozenset[str]) -> list[str]:
    """The address that stands first behind the words that something failed; else the first of all."""
    copy = _COPY.search(text)
    told = text[: copy.start()] if copy and copy.start() > 0 else text
    failing = _FAILING.search(told)
    for piece in (told[failing.start() :] if failing else "", told, text):
        for address in _ADDRESS.findall(piece):
            local = address.lower().partition("@")[0]
            if address.lower() not in known and not local.startswith(("postmaster", "mailer-daemon", "abuse", "uucp")):
                return [address]
    return []


def _blocks(text: str) -> list[dict[str, str]]:
    """The groups of fields between blank lines, folded lines joined, first value of each field."""
    blocks: list[dict[str, str]] = [{}]
    name = ""
    for line in text.split("\n"):
        if not line.strip():
            if blocks[-1]:
                blocks.append({})
            name = ""
            continue
        found = _FIELD.match(line)
        if line[0] in " \t" and name:
            blocks[-1][name] += " " + line.strip()
        elif found:
            name = found[1].lower()
            blocks[-1].setdefault(name, found[2].strip())
    return [block for block in blocks if block]


def _delivery(block: dict[str, str]) -> Report:
    status = _STATUS.search(block.get("status", ""))
    return Report(
        kind="bezorging",
        recipient=_address(block.get("final-recipient", "")) or _address(block.get("original-recipient", "")),
        original_recipient=_address(block.get("original-recipient", "")),
        action=block.get("action", "").split(";")[0].split("(")[0].strip().lower()[:30],
        status=status[1] if status else "",
        diagnostic=block.get("diagnostic-code", "")[:_DIAGNOSTIC],
    )


def _reading(block: dict[str, str]) -> Report:
    _, _, way = block.get("disposition", "").partition(";")
    return Report(
        kind="lezing",
        recipient=_address(block.get("final-recipient", "")) or _address(block.get("original-recipient", "")),
        action=way.split("/")[0].split(",")[0].strip().lower()[:30],
        original_id=block.get("original-message-id", "").strip("<> ")[:500],
    )


def _address(field: str) -> str:
    """The address of a field as `rfc822; a@b.example`."""
    kind, semicolon, value = field.partition(";")
    bare = (value if semicolon else kind).strip()
    # Exchange of old put the kind of address into the address itself.
    return bare.removeprefix("SMTP=").removeprefix("smtp=").strip("<>")[:320]
