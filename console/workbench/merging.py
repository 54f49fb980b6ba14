"""Two people changed the same rules: their edits brought together, line by line, where they do not touch."""

from collections.abc import Mapping
from difflib import SequenceMatcher

from console.workbench.compare import readable
from register.rule_drafts import Edits
from register.rulebooks import Files

_Edit = tuple[int, int, list[str]]


def moved(edits: Edits, former: Files, now: Files) -> tuple[Mapping[str, str | None], tuple[str, ...]]:
    """The edits, made on the former rules, as edits on those of now; and the files where both changed the same lines.

    In such a file the edits stay whole, which undoes what the other person wrote there: somebody must look.
    """
    carried: dict[str, str | None] = {}
    clashes: list[str] = []
    for path, text in edits.items():
        before, after = former.get(path), now.get(path)
        result = text
        if before != after:
            both = text is not None and before is not None and after is not None
            merged = merge(readable(before or b""), text or "", readable(after or b"")) if both else None
            same = text is None and after is None
            if merged is None and not same:
                clashes.append(path)
            result = text if merged is None else merged
        if (None if result is None else result.encode()) != after:
            carried[path] = result
    return carried, tuple(clashes)


def merge(former: str, ours: str, theirs: str) -> str | None:
    """The text with the edits of both, or None when they touch the same or neighbouring lines."""
    old = former.splitlines(keepends=True)
    edits = sorted([*_edits(old, ours), *_edits(old, theirs)], key=lambda one: one[:2])
    done, place = list[str](), 0
    last: _Edit | None = None
    for edit in edits:
        start, end, lines = edit
        if edit == last:
            continue
        if last is not None and start <= last[1]:
            return None
        done += [*old[place:start], *lines]
        place, last = end, edit
    return "".join([*done, *old[place:]])


def _edits(old: list[str], text: str) -> list[_Edit]:
    new = text.splitlines(keepends=True)
    opcodes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [(i1, i2, new[j1:j2]) for tag, i1, i2, j1, j2 in opcodes if tag != "equal"]
