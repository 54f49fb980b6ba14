"""The little mark-up of our letters, as plain text and as accessible HTML.

A letter knows headings (`##`, `###`), lists (`- ` and `1. `), a line (`---`), **bold** and
[links](https://…); a line end inside a paragraph stays a line end. Whatever else it holds is text.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from responder.language import direction

Kind = Literal["h2", "h3", "ul", "ol", "hr", "p"]

_HEADING = re.compile(r"^(##|###) +(.+)$")
_BULLET = re.compile(r"^- +(.+)$")
_NUMBER = re.compile(r"^\d{1,2}\. +(.+)$")
_BOLD = re.compile(r"\*\*([^*\n]+)\*\*")
_LINK = re.compile(r"\[([^\[\]\n]+)\]\(((?:https://|mailto:|tel:)[^\s()<>\"']+)\)")

_BODY = "font-family: Verdana, Arial, sans-serif; font-size: 1em; line-height: 1.5; color: #1a1a1a; background: #ffffff"


@dataclass(frozen=True, slots=True)
class Block:
    kind: Kind
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a letter in one language."""

    language: str
    source: str


def blocks(source: str) -> Iterator[Block]:
    """The letter in blocks; empty lines and changes of kind part them."""
    kind: Kind | None = None
    lines: list[str] = []
    for line in [*source.splitlines(), ""]:
        found, content = _classify(line.rstrip())
        if found != kind or found in ("h2", "h3", "hr"):
            if kind is not None:
                yield Block(kind, tuple(lines))
            kind, lines = found, []
        lines.append(content)


def plain(sections: Iterable[Section]) -> str:
    """The letter as text for every reader: no marks, one empty line between blocks."""
    return "\n\n".join(_plain_block(block) for section in _parted(sections) for block in blocks(section.source)) + "\n"


def page(sections: Sequence[Section], title: str) -> str:
    """The same letter as HTML with one heading, real lists, the language of every part, and no outside resources."""
    main = sections[-1].language if sections else "nl"
    parts = []
    for section in _parted(sections):
        inner = "\n".join(_html_block(block) for block in blocks(section.source))
        parts.append(inner if section.language == main else _foreign(section.language, inner))
    heading = escape(title)
    return (
        f'<!doctype html>\n<html lang="{escape(main)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{heading}</title>\n</head>\n'
        f'<body style="{_BODY}">\n<main style="max-width: 40em">\n'
        f'<h1 style="font-size: 1.4em">{heading}</h1>\n' + "\n".join(parts) + "\n</main>\n</body>\n</html>\n"
    )


def _foreign(language: str, inner: str) -> str:
    """A stretch in another language, marked so that it is read aloud and set in its own direction."""
    way = ' dir="rtl"' if direction(language) == "rtl" else ""
    return f'<div lang="{escape(language)}"{way}>\n{inner}\n</div>'


def _parted(sections: Iterable[Section]) -> Iterator[Section]:
    """The sections, with a line between two of them."""
    for number, section in enumerate(sections):
        yield Section(section.language, ("---\n\n" if number else "") + section.source)


def _classify(line: str) -> tuple[Kind | None, str]:
    if not line.strip():
        return None, ""
    if line == "---":
        return "hr", ""
    if match := _HEADING.match(line):
        return ("h2" if match[1] == "##" else "h3"), match[2]
    if match := _BULLET.match(line):
        return "ul", match[1]
    if match := _NUMBER.match(line):
        return "ol", match[1]
    return "p", line.strip()


def _plain_block(block: Block) -> str:
    lines = [_LINK.sub(r"\1", _BOLD.sub(r"\1", line)) for line in block.lines]
    if block.kind == "hr":
        return "----------"
    if block.kind == "ul":
        return "\n".join(f"- {line}" for line in lines)
    if block.kind == "ol":
        return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))
    return "\n".join(lines)


def _html_block(block: Block) -> str:
    lines = [_inline(line) for line in block.lines]
    if block.kind == "hr":
        return "<hr>"
    if block.kind in ("ul", "ol"):
        items = "\n".join(f"<li>{line}</li>" for line in lines)
        return f"<{block.kind}>\n{items}\n</{block.kind}>"
    if block.kind in ("h2", "h3"):
        size = "1.2em" if block.kind == "h2" else "1.05em"
        return f'<{block.kind} style="font-size: {size}">{lines[0]}</{block.kind}>'
    return f"<p>{'<br>'.join(lines)}</p>"


def _inline(line: str) -> str:
    """Escaped first, marked up after: whatever a letter holds, it cannot become a tag."""
    text = escape(line, quote=False)
    text = _LINK.sub(r'<a href="\2">\1</a>', text)
    return _BOLD.sub(r"<strong>\1</strong>", text)
