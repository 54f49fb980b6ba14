"""A message laid out for the pipeline: one text, of which every stretch knows its part and whose words it holds."""

from bisect import bisect_right
from dataclasses import dataclass

from intake.message import Message, Role

# Longer texts are cut: the longest honest mail that we met has 9,000 characters.
LIMIT = 40_000
ATTACHMENT_LIMIT = 8_000

# One code point for one code point, so that positions stay true.
_FLAT = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "“": '"', "”": '"', "\u00a0": " ", "–": "-", "—": "-"})


@dataclass(frozen=True, slots=True)
class Stretch:
    """[start, end) of the reading: `part` from its own position `offset` on."""

    start: int
    end: int
    part: str
    offset: int
    role: Role


@dataclass(frozen=True, slots=True)
class Reading:
    text: str
    """Subject, body and readable attachments below each other; quotes and dashes made plain."""
    stretches: tuple[Stretch, ...]
    starts: tuple[int, ...]

    def stretch(self, position: int) -> Stretch:
        """The stretch that holds a position of the text."""
        return self.stretches[max(0, bisect_right(self.starts, position) - 1)]

    def words(self, roles: frozenset[Role]) -> str:
        """The text of all stretches with one of these roles, a line end between them."""
        return "\n".join(self.text[one.start : one.end] for one in self.stretches if one.role in roles)


def lay_out(message: Message) -> Reading:
    """Lays a message out. Positions of the body are those of `Message.text`, shifted by the stretch's offset."""
    pieces: list[str] = []
    stretches: list[Stretch] = []
    length = 0

    def add(text: str, part: str, offset: int, role: Role) -> None:
        nonlocal length
        if text:
            stretches.append(Stretch(length, length + len(text), part, offset, role))
            pieces.append(text + "\n")
            length += len(text) + 1

    add(message.subject[:500], "onderwerp", 0, "eigen")
    for passage in message.passages:
        room = LIMIT - length
        if room > 0:
            add(
                message.text[passage.start : min(passage.end, passage.start + room)],
                "tekst",
                passage.start,
                passage.role,
            )
    for attachment in message.attachments:
        room = min(ATTACHMENT_LIMIT, LIMIT - length)
        if attachment.text and room > 0:
            add(attachment.text[:room], attachment.name or "bijlage", 0, "eigen")
    text = "".join(pieces).translate(_FLAT)
    return Reading(text, tuple(stretches), tuple(one.start for one in stretches))
