"""YAML of which every value still knows its line and column."""

from collections.abc import Sequence
from dataclasses import dataclass

import yaml

from triage.mistakes import Mistake

Plain = str | None | list["Plain"] | dict[str, "Plain"]

# The parser's own words are English; these are the slips that maintainers make.
_SAID = (
    ("end of stream", "een aanhalingsteken of haakje wordt niet gesloten"),
    ("mapping values are not allowed", "een dubbele punt te veel; zet de tekst tussen aanhalingstekens"),
    ("expected ',' or", "tussen twee stukken ontbreekt een komma, of een haakje wordt niet gesloten"),
    ("expected key", "deze regel springt niet in zoals de regels erboven"),
    ("expected '-' indicator", "hier wordt een streepje verwacht; kijk hoe ver de regel inspringt"),
    ("cannot start any token", "met dit teken kan geen tekst beginnen; zet ze tussen aanhalingstekens"),
    ("expected <document start>", "hier hoort het bestand op te houden; springt de regel juist in?"),
)
_UNCOUNTED = frozenset(" \t\n\r\"'\\")
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True)
class Placed:
    """One YAML file: its plain content, and where each part of it stands."""

    file: str
    plain: Plain
    node: yaml.Node | None
    text: str = ""

    def place(self, path: Sequence[str | int], *, key: bool = False) -> tuple[int, int]:
        """Line and column, from 1, of the deepest part of `path` that the file has.

        With `key` the place of the last key is given instead of that of its value.
        """
        node = self.node
        mark = None if node is None else node.start_mark
        for depth, step in enumerate(path):
            found = _child(node, step)
            if found is None:
                continue
            own_key, node = found
            last = depth == len(path) - 1
            mark = own_key.start_mark if key and last and own_key is not None else node.start_mark
        return (1, 1) if mark is None else (mark.line + 1, mark.column + 1)

    def mistake(  # noqa: PLR0913
        self,
        path: Sequence[str | int],
        name: str,
        what: str,
        hint: str = "",
        *,
        key: bool = False,
        warning: bool = False,
    ) -> Mistake:
        """A mistake that stands at `path` in this file."""
        line, column = self.place(path, key=key)
        return Mistake(self.file, line, column, name, what, hint, warning)

    def place_inside(self, path: Sequence[str | int], offset: int) -> tuple[int, int]:
        """Line and column of the character at `offset` of the string at `path`.

        Quotes, folded lines and indentation make file and string differ in blanks and quotes
        only, so the character is found again by counting those that are neither.
        """
        node = self.node
        for step in path:
            found = _child(node, step)
            if found is None:
                return self.place(path)
            node = found[1]
        if not isinstance(node, yaml.ScalarNode):
            return self.place(path)
        wanted = sum(1 for char in node.value[:offset] if char not in _UNCOUNTED)
        quoted = node.value[offset : offset + 1] in _UNCOUNTED
        index = node.start_mark.index
        # The header of a block scalar (`>-`) is no part of the string.
        if node.style in ("|", ">"):
            index = self.text.find("\n", index) + 1
        while index < node.end_mark.index and (wanted or self.text[index] in _UNCOUNTED):
            wanted -= self.text[index] not in _UNCOUNTED
            index += 1
        if quoted and index and self.text[index - 1] in "\"'":
            index -= 1
        before = self.text[:index]
        return before.count("\n") + 1, index - before.rfind("\n")


def read(file: str, text: str) -> tuple[Placed, list[Mistake]]:
    """The content of a YAML file and the mistakes of its form; never raises.

    Scalars stay strings, whatever they look like: the shapes say what is a number, a date or
    a boolean, so that `no`, `1.70` and `112` in a list of words remain the words they are.
    """
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        return Placed(file, None, None), [_unreadable(file, error)]
    except (yaml.YAMLError, RecursionError) as error:
        what = str(error).splitlines()[0] if str(error) else "geen geldige YAML"
        return Placed(file, None, None), [Mistake(file, 1, 1, "ongeldige-yaml", what)]
    mistakes: list[Mistake] = []
    try:
        plain = _plain(node, file, mistakes, set())
    except RecursionError:
        return Placed(file, None, None), [Mistake(file, 1, 1, "ongeldige-yaml", "dit bestand is te diep genest")]
    return Placed(file, plain, node, text), mistakes


def _unreadable(file: str, error: yaml.MarkedYAMLError) -> Mistake:
    problem = error.problem or error.context or "geen geldige YAML"
    mark = error.problem_mark or error.context_mark
    # What was never closed is to be mended where it was opened, not at the end of the file.
    if "end of stream" in problem and error.context_mark is not None:
        mark = error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return Mistake(
        file, line, column, "ongeldige-yaml", next((said for part, said in _SAID if part in problem), problem)
    )


def _plain(node: yaml.Node | None, file: str, mistakes: list[Mistake], seen: set[int]) -> Plain:
    if node is None:
        return None
    if isinstance(node, yaml.ScalarNode):
        return None if not node.style and node.value in _NULLS else str(node.value)
    # An alias may point at its own ancestor; the rules have no use for aliases, so none is followed.
    if id(node) in seen:
        mark = node.start_mark
        what = "een verwijzing met * naar een eerder stuk wordt niet gelezen"
        mistakes.append(Mistake(file, mark.line + 1, mark.column + 1, "yaml-verwijzing", what, "schrijf het stuk uit"))
        return None
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, file, mistakes, seen) for child in node.value]
    return _mapping(node, file, mistakes, seen)


def _mapping(node: yaml.Node, file: str, mistakes: list[Mistake], seen: set[int]) -> dict[str, Plain]:
    plain: dict[str, Plain] = {}
    for key, value in node.value:
        mark = key.start_mark
        if not isinstance(key, yaml.ScalarNode):
            what = "een sleutel moet een gewoon woord zijn"
            mistakes.append(Mistake(file, mark.line + 1, mark.column + 1, "ongeldige-yaml", what))
            continue
        if key.value in plain:
            what = f"`{key.value}` staat hier voor de tweede keer"
            mistakes.append(Mistake(file, mark.line + 1, mark.column + 1, "dubbele-sleutel", what))
            continue
        plain[key.value] = _plain(value, file, mistakes, seen)
    return plain


def _child(node: yaml.Node | None, step: str | int) -> tuple[yaml.Node | None, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value == str(step):
                return key, value
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and 0 <= step < len(node.value):
        return None, node.value[step]
    return None
