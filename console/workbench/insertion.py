"""A new example in the text of a rule or signal; every other character of the file stays as its author wrote it."""

import json
from collections.abc import Iterator
from typing import Literal

import yaml

from register.rulebooks import Files
from triage.placed import Plain, read

Kind = Literal["raak", "mis"]
_HOMES = ("uitkomsten/", "signalen/")


class NoRoomError(LookupError):
    """The rule or signal is not there, or its file cannot be read."""


def with_example(files: Files, name: str, kind: Kind, words: str) -> tuple[str, str]:
    """The path of the file that holds the rule or signal of that id, and its text with the example added.

    Line ends and runs of blanks in the words become one blank. Raises NoRoomError.
    """
    example = " ".join(words.split())
    for path in sorted(path for path in files if path.startswith(_HOMES)):
        text = files[path].decode("utf-8", "replace")
        if name not in text or not example:
            continue
        placed, _ = read(path, text)
        entry = next((one for one in _entries(placed.node) if _word(one, "id") == name), None)
        if entry is None:
            continue
        longer = _added(text, entry, kind, json.dumps(example, ensure_ascii=False))
        if example not in _examples(read(path, longer)[0].plain, name, kind):
            raise NoRoomError(name)
        return path, longer
    raise NoRoomError(name)


def _added(text: str, entry: yaml.MappingNode, kind: Kind, quoted: str) -> str:
    home = _value(entry, "voorbeelden")
    if not isinstance(home, yaml.MappingNode):
        return _key_added(text, entry, f"voorbeelden: {{{kind}: [{quoted}]}}")
    examples = _value(home, kind)
    if not isinstance(examples, yaml.SequenceNode):
        return _key_added(text, home, f"{kind}: [{quoted}]")
    if not examples.value:
        return _put(text, examples.start_mark.index + 1, quoted)
    if examples.flow_style:
        return _put(text, _end(examples.value[-1]), f", {quoted}")
    return _line_added(text, _end(examples.value[-1]), f"{' ' * examples.start_mark.column}- {quoted}")


def _key_added(text: str, node: yaml.MappingNode, written: str) -> str:
    if not node.value:
        return _put(text, node.start_mark.index + 1, written)
    if node.flow_style:
        return _put(text, _end(node.value[-1][1]), f", {written}")
    return _line_added(text, _end(node.value[-1][1]), " " * node.start_mark.column + written)


def _line_added(text: str, index: int, line: str) -> str:
    """The line after that in which `index` stands; a comment at its end stays there."""
    if text[index - 1 : index] == "\n":
        # A text over several lines ends for the parser after the empty lines that follow it.
        while text[index - 2 : index] == "\n\n":
            index -= 1
        return _put(text, index, f"{line}\n")
    end = text.find("\n", index)
    return f"{text}\n{line}\n" if end < 0 else _put(text, end, f"\n{line}")


def _put(text: str, index: int, more: str) -> str:
    return text[:index] + more + text[index:]


def _end(node: yaml.Node) -> int:
    """Where its last word ends: a block itself ends for the parser only where the next thing begins."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return int(node.end_mark.index)


def _entries(node: yaml.Node | None) -> Iterator[yaml.MappingNode]:
    for one in node.value if isinstance(node, yaml.SequenceNode) else ():
        if isinstance(one, yaml.MappingNode):
            yield one


def _value(node: yaml.MappingNode, name: str) -> yaml.Node | None:
    return next((value for key, value in node.value if getattr(key, "value", None) == name), None)


def _word(node: yaml.MappingNode, name: str) -> str:
    found = _value(node, name)
    return str(found.value) if isinstance(found, yaml.ScalarNode) else ""


def _examples(plain: Plain, name: str, kind: Kind) -> list[Plain]:
    for one in plain if isinstance(plain, list) else ():
        if isinstance(one, dict) and one.get("id") == name:
            home = one.get("voorbeelden")
            found = home.get(kind) if isinstance(home, dict) else None
            return found if isinstance(found, list) else []
    return []
