"""Whose words are whose: the text of a mail as passages by role, nothing dropped.

In doubt a line stays the writer's own: own words taken for a quotation could hide a child in danger.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from intake import clients, closing, markup
from intake.message import Passage, Role

_QUOTED = re.compile(r"^\s{0,3}(?:>|\|\s?>)")
_MARKS = re.compile(r"^[\s>|]+")
_HEAD_LINES = 14
_WRAPPED_LINES = 4
_ATTRIBUTION_LENGTH = 400


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known of the mail around its text."""

    subject: str = ""
    threaded: bool = False
    """Whether the mail names the mail that it answers."""
    writer: str = ""
    """What the From calls the writer; a signature may begin with it."""
    recipients: tuple[str, ...] = ()
    """Addresses that the mail was sent to: ours."""

    @property
    def forwards(self) -> bool:
        return bool(clients.FORWARD_SUBJECT.match(self.subject))

    @property
    def answers(self) -> bool:
        return self.threaded or bool(clients.REPLY_SUBJECT.match(self.subject))


@dataclass(frozen=True, slots=True)
class _Opening:
    """Lines after which other people's words follow."""

    end: int
    """First line behind the opening."""
    role: Role
    open_ended: bool
    """Whether all that follows is quoted, also without "> " before it."""


def split(text: str, setting: Setting) -> tuple[Passage, ...]:
    """Passages that cover `text` in order without gap or overlap; none for an empty text. Linear in its length."""
    lines = text.split("\n")
    roles = _quotation(lines, setting)
    if "-----BEGIN PGP SIG" in text:
        _armour(lines, roles)
    _closings(lines, roles, setting)
    return _passages(lines, roles)


def _quotation(lines: Sequence[str], setting: Setting) -> list[Role]:
    roles: list[Role] = ["eigen"] * len(lines)
    # In an answer "> " is a quotation; in a fresh mail it may be a bullet, until an attribution shows.
    trusted: Role | None = "doorgestuurd" if setting.forwards else "aangehaald" if setting.answers else None
    at = 0
    while at < len(lines):
        if _QUOTED.match(lines[at]):
            end = _block_end(lines, at)
            role = trusted or ("aangehaald" if _opens_quoted(lines[at]) else None)
            if role:
                roles[at:end] = [role] * (end - at)
                trusted = role
            at = end
            continue
        found = _opening(lines, at, setting)
        if found is None:
            at += 1
            continue
        behind = _next_written(lines, found.end)
        marked = behind < len(lines) and bool(_QUOTED.match(lines[behind]))
        if not marked and not found.open_ended:
            at += 1
            continue
        end = behind if marked else _forward_end(lines, found.end)
        roles[at:end] = [found.role] * (end - at)
        trusted, at = found.role, end
    return roles


def _armour(lines: Sequence[str], roles: list[Role]) -> None:
    """Mark what PGP writes around a signed text (RFC 9580 §6.2); the text itself stays the writer's."""
    role: Role | None = None
    for at, line in enumerate(lines):
        if line.startswith("-----BEGIN PGP SIGNED MESSAGE-----"):
            role = "disclaimer"
        elif line.startswith("-----BEGIN PGP SIGNATURE-----"):
            role = "handtekening"
        elif role == "disclaimer" and not line.startswith("Hash:"):
            role = None
        if role and roles[at] == "eigen":
            roles[at] = role
        if line.startswith("-----END PGP SIGNATURE-----"):
            role = None


def _block_end(lines: Sequence[str], start: int) -> int:
    """First line behind a block of "> " lines; blank lines inside the block belong to it."""
    end = start
    for at in range(start, len(lines)):
        if _QUOTED.match(lines[at]):
            end = at + 1
        elif lines[at].strip():
            break
    return end


def _opens_quoted(line: str) -> bool:
    """Whether the first line of a "> " block itself says who wrote it, as some web mail does."""
    bare = _MARKS.sub("", line)
    return clients.attributes(bare) == "surely" or bool(clients.ORIGINAL.match(bare))


def _opening(lines: Sequence[str], at: int, setting: Setting) -> _Opening | None:
    line = lines[at]
    if not line.strip():
        return None
    if line == markup.HIDDEN:
        return _Opening(at + 1, "aangehaald", open_ended=True)
    if clients.FORWARDED.match(line):
        return _Opening(_head_end(lines, at + 1), "doorgestuurd", open_ended=True)
    if clients.ORIGINAL.match(line):
        end = _head_end(lines, at + 1)
        return _Opening(end, _whose(lines[at:end], setting), open_ended=True)
    if clients.RULER.match(line):
        return _ruled_head(lines, at, setting)
    return _bare_head(lines, at, setting) if clients.label(line) else _attribution(lines, at, setting)


def _ruled_head(lines: Sequence[str], at: int, setting: Setting) -> _Opening | None:
    """A head below a ruler, as Outlook writes; a ruler alone is the writer's own."""
    start = _next_written(lines, at + 1)
    end = _head_end(lines, start) if start <= at + 3 else start
    block = lines[start:end]
    return _Opening(end, _whose(block, setting), open_ended=True) if _is_head(block) else None


def _bare_head(lines: Sequence[str], at: int, setting: Setting) -> _Opening | None:
    """A head ("Van: … Verzonden: …") without a line above it, as Outlook writes in plain text."""
    end = _head_end(lines, at)
    block = lines[at:end]
    if not _is_head(block):
        return None
    signs = setting.answers or setting.forwards
    if not signs:
        # A letter may begin with "Van: … Aan: …", and a form is sent on with such fields; those are own words.
        if not any(line.strip() for line in lines[:at]):
            return None
        if not any("@" in line or clients.tells_time(line) for line in block):
            return None
        if any(clients.form_label(line) for line in lines[at : end + 3]):
            return None
    return _Opening(end, _whose(block, setting), open_ended=True)


def _attribution(lines: Sequence[str], at: int, setting: Setting) -> _Opening | None:
    joined, end = lines[at], at + 1
    if clients.may_attribute(joined):
        while not joined.rstrip().endswith(":") and end < min(at + _WRAPPED_LINES, len(lines)):
            if not lines[end].strip() or len(joined) > _ATTRIBUTION_LENGTH:
                break
            joined, end = f"{joined} {lines[end].strip()}", end + 1
    sure = clients.attributes(joined)
    if not sure:
        return None
    role: Role = "doorgestuurd" if setting.forwards else "aangehaald"
    # Without "> " below, only an address, or an hour in what is an answer anyway, proves a program's hand.
    open_ended = sure == "surely" and ("@" in joined or setting.answers or setting.forwards)
    return _Opening(end, role, open_ended)


def _head_end(lines: Sequence[str], start: int) -> int:
    """First line behind the head lines at `start`; single blank lines and wrapped addresses may stand between."""
    end, seen, wrapped = start, False, 0
    for at in range(start, min(start + _HEAD_LINES, len(lines))):
        bare = _MARKS.sub("", lines[at])
        if not bare.strip():
            if at > start and not lines[at - 1].strip():
                break
        elif clients.label(bare):
            end, seen = at + 1, True
        elif seen and wrapped < 3 and ("@" in bare or ";" in bare) and end == at:
            end, wrapped = at + 1, wrapped + 1
        else:
            break
    return end


def _is_head(block: Sequence[str]) -> bool:
    """Whether head lines name a sender and either a moment, or both reader and subject."""
    found = {clients.label(_MARKS.sub("", line)) for line in block}
    return "from" in found and ("date" in found or {"to", "subject"} <= found)


def _whose(block: Sequence[str], setting: Setting) -> Role:
    """Quoted when the mail answers us; forwarded when it brings a mail that we never saw."""
    if setting.forwards:
        return "doorgestuurd"
    if setting.answers:
        return "aangehaald"
    origin = next((line.lower() for line in block if clients.label(_MARKS.sub("", line)) == "from"), "")
    for address in setting.recipients:
        domain = address.lower().rpartition("@")[2]
        if domain and (domain in origin or domain.split(".")[0] in origin):
            return "aangehaald"
    return "doorgestuurd" if origin else "aangehaald"


def _next_written(lines: Sequence[str], start: int) -> int:
    for at in range(start, len(lines)):
        if lines[at].strip():
            return at
    return len(lines)


def _forward_end(lines: Sequence[str], start: int) -> int:
    """Where a forwarded mail says that it ends; otherwise the end of the text."""
    for at in range(start, len(lines)):
        if clients.END_OF_FORWARDED.match(lines[at]):
            return at + 1
    return len(lines)


def _closings(lines: Sequence[str], roles: list[Role], setting: Setting) -> None:
    """Mark signatures and disclaimers inside each run of own lines."""
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and roles[end] == "eigen":
            end += 1
        if end > start:
            roles[start:end] = closing.roles(lines[start:end], setting.writer)
        start = end + 1


def _passages(lines: Sequence[str], roles: Sequence[Role]) -> tuple[Passage, ...]:
    passages: list[Passage] = []
    start = at = 0
    current: Role | None = None
    for line, role in zip(lines, roles, strict=True):
        # A blank line belongs to what stands above it, so that a passage begins with words.
        effective = role if line.strip() or current is None else current
        if current is not None and effective != current:
            passages.append(Passage(start, at, current))
            start = at
        current = effective
        at += len(line) + 1
    total = at - 1
    if current is not None and total > start:
        passages.append(Passage(start, total, current))
    return tuple(passages)
