"""Slips in patterns that RE2 accepts and that can never match what their author meant."""

import re
from collections.abc import Iterator

_SIGN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?[a-zA-Z:<>]*[:>]|.", re.DOTALL)
_REPEATS = frozenset("*+?")


def blind(pattern: str) -> Iterator[str]:
    """In Dutch, each place where `\\b` or `\\w` (ASCII only) stands beside a letter that they do not know."""
    signs = _SIGN.findall(pattern)
    for place, sign in enumerate(signs):
        if sign not in {r"\b", r"\w"}:
            continue
        letters = [*_edge(signs, place - 1, -1), *_edge(signs, place + 1, 1)]
        foreign = [one for one in letters if _foreign(one)]
        if foreign:
            hint = "daar is voor RE2 geen woordgrens" if sign == r"\b" else "die letter hoort voor RE2 niet bij `\\w`"
            yield f"naast `{sign}` staat `{foreign[0]}`; {hint}"


def _foreign(sign: str) -> bool:
    """Whether a letter or class holds a letter that ASCII lacks."""
    return not sign.startswith("\\") and any(not char.isascii() and char.isalpha() for char in sign)


def _edge(signs: list[str], place: int, step: int) -> Iterator[str]:
    """The letters that may stand at this place, seen from the side one comes from; into groups, past repeats."""
    if step < 0 and place >= 0 and signs[place] in _REPEATS:
        place -= 1
    if not 0 <= place < len(signs):
        return
    opening, closing = ("(", ")") if step > 0 else (")", "(")
    sign = signs[place]
    if not sign.startswith(opening) or (opening == "(" and sign.startswith("\\")):
        if not sign.startswith(closing) and sign != "|":
            yield sign
        return
    # Each alternative of the group begins (or ends) at the edge.
    depth, at = 0, place + step
    yield from _edge(signs, at, step)
    while 0 <= at < len(signs) and depth >= 0:
        if signs[at].startswith(opening):
            depth += 1
        elif signs[at].startswith(closing):
            depth -= 1
        elif signs[at] == "|" and depth == 0:
            yield from _edge(signs, at + step, step)
        at += step
