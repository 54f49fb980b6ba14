"""Where the writer's words end and the signature and the disclaimer begin; in doubt words stay words."""

import re
from collections.abc import Sequence

from intake import closing_words as words
from intake.message import Role

_DASHES = re.compile(r"^--\s?$")
_WORD = re.compile(r"[^\W\d_]+")

_SIGNATURE_LINES = 6
_CARD_LINES = 10
_CARD_REACH = 24
_LINE_LENGTH = 120
_SENTENCE_WORDS = 7
_LOOK_BACK = 16


def roles(lines: Sequence[str], name: str) -> list[Role]:
    """The role of each line of a run of own lines; `name` is what the mail's From calls the writer."""
    found: list[Role] = ["eigen"] * len(lines)
    _mark_banner(lines, found)
    end = _mark_tail(lines, found, len(lines))
    start = _dashes(lines, end)
    if start is None:
        start = _anchor(lines, end, name)
    if start is not None:
        for at in range(start, end):
            # Disclaimers and lines of the device may also stand between the lines of a signature.
            found[at] = "handtekening" if found[at] == "eigen" else found[at]
    return found


def _mark_banner(lines: Sequence[str], found: list[Role]) -> None:
    """The warning that a mail server sets above mail from outside."""
    for at, line in enumerate(lines[:6]):
        if line.strip():
            if words.BANNER.match(line):
                found[at] = "disclaimer"
            return


def _mark_tail(lines: Sequence[str], found: list[Role], end: int) -> int:
    """Mark disclaimers and "sent from my phone" at the end, from below; return where the rest ends."""
    while True:
        while end and not lines[end - 1].strip():
            end -= 1
        if not end:
            return end
        if words.DEVICE.match(lines[end - 1]):
            end -= 1
            found[end] = "handtekening"
            continue
        start = end
        while start and lines[start - 1].strip():
            start -= 1
        opening = next((at for at in range(start, end) if words.DISCLAIMER.match(lines[at])), None)
        # A disclaimer that begins the whole text is what the writer has to say, so it is left alone.
        if opening is None or not any(line.strip() for line in lines[:opening]):
            return end
        if _says(lines[opening:end], words.MYSELF):
            return end
        found[opening:end] = ["disclaimer"] * (end - opening)
        end = opening


def _dashes(lines: Sequence[str], end: int) -> int | None:
    """The line of two dashes that begins a signature by old convention (RFC 3676 §4.3)."""
    for at in range(end - 1, max(-1, end - _CARD_REACH), -1):
        if _DASHES.match(lines[at]):
            below = [line for line in lines[at + 1 : end] if line.strip()]
            # The trailing blank is what programs write; a person who draws two dashes may go on with his story.
            return at if below and _is_card(below, named=lines[at] == "-- ") else None
    return None


def _anchor(lines: Sequence[str], end: int, name: str) -> int | None:
    """Where a signature without dashes begins: behind a closing formula, or at the writer's own name."""
    written = [at for at in range(end) if lines[at].strip()]
    tokens = frozenset(token.lower() for token in _WORD.findall(name))
    for at in written[-_LOOK_BACK:]:
        formula = bool(words.FORMULA.match(lines[at]))
        named = at != written[0] and _begins_with_name(lines[at], tokens)
        if not formula and not named:
            continue
        start = at + 1 if formula else at
        block = [line for line in lines[start:end] if line.strip()]
        # A postscript under the signature is the writer's word; then nothing below the formula is marked.
        if not block or any(words.AFTERWORD.match(line) for line in block):
            continue
        if _is_card(block, named=named or _begins_with_name(block[0], tokens)):
            return start
    return None


def _begins_with_name(line: str, tokens: frozenset[str]) -> bool:
    """Whether a line begins with first name and family name of the writer, in either order."""
    first = [word.lower() for word in _WORD.findall(line[:_LINE_LENGTH])][:2]
    return len(first) == 2 and first[0] != first[1] and tokens.issuperset(first)


def _is_card(block: Sequence[str], *, named: bool) -> bool:
    """Whether lines read like a business card: few, short, nobody speaking.

    Below the writer's name a whole sentence may be the motto of an office; elsewhere it may be the writer's.
    """
    limit = _CARD_LINES if any(words.CONTACT.search(line) for line in block) else _SIGNATURE_LINES
    if len(block) > limit or any(len(line) > _LINE_LENGTH for line in block) or _says(block, words.SPOKEN):
        return False
    return named or not any(_is_sentence(line) for line in block)


def _says(block: Sequence[str], spoken: frozenset[str]) -> bool:
    return any(word.lower() in spoken for line in block for word in _WORD.findall(line))


def _is_sentence(line: str) -> bool:
    return line.rstrip().endswith((".", "!", "?")) and len(_WORD.findall(line)) >= _SENTENCE_WORDS
