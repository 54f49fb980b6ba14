"""Conditions of rules: rule-engine expressions over typed facts, checked before they ever run."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

import rule_engine
from rule_engine import ast

from triage.clauses import Clause, Compare, Constant, Either, Every, Flag, Not, Plain, holds
from triage.mistakes import nearest
from triage.shapes import FactKind

_TOKEN = re.compile(r"\"[^\"]*\"|'[^']*'|[A-Za-z_]\w*|\d+(?:\.\d+)?|[=!<>]=?~*|\S")
_NAME = re.compile(r"[A-Za-z_]\w*")
_KEYWORDS = frozenset({"and", "or", "not", "true", "false"})
_SIGNS = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_FLIPPED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_TYPES = {
    "waar": rule_engine.DataType.BOOLEAN,
    "keuze": rule_engine.DataType.STRING,
    "getal": rule_engine.DataType.FLOAT,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a condition; `offset` counts characters of the condition as written."""

    name: str
    what: str
    hint: str
    offset: int


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names that conditions may use, with their type and their value when nobody found them."""

    types: Mapping[str, str]
    values: Mapping[str, frozenset[str]]
    """The values of each `keuze`; a free one is missing here."""
    defaults: Mapping[str, Plain]
    context: rule_engine.Context = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Condition:
    """A checked condition, compiled for the truth and as a tree for the reasons."""

    text: str
    clause: Clause
    rule: rule_engine.Rule = field(compare=False, repr=False)

    def holds(self, facts: Mapping[str, Plain]) -> bool:
        """Whether it is true of the facts, which must hold every name of the vocabulary."""
        # The tree is a sieve that costs a tenth; what passes it is judged by the rule engine.
        return holds(self.clause, facts) and bool(self.rule.matches(facts))


@cache
def flag_name(fact: str, value: str) -> str:
    """The boolean that says whether a fact of several values has this one."""
    return f"{fact}_{value.replace('-', '_')}"


def vocabulary(facts: Mapping[str, FactKind]) -> Vocabulary:
    """The names that follow from `rules/feiten.yaml`; facts that only staff may state are left out."""
    types: dict[str, str] = {}
    values: dict[str, frozenset[str]] = {}
    defaults: dict[str, Plain] = {}
    for kind in facts.values():
        if kind.van == "persoon":
            continue
        if kind.type == "keuzes":
            for value in kind.waarden:
                types[flag_name(kind.id, value)], defaults[flag_name(kind.id, value)] = "waar", False
        elif kind.type == "keuze":
            types[kind.id], defaults[kind.id] = "keuze", kind.anders
            if kind.waarden:
                values[kind.id] = frozenset({*kind.waarden, kind.anders})
        else:
            types[kind.id] = kind.type
            defaults[kind.id] = 0.0 if kind.type == "getal" else False
    resolver = rule_engine.type_resolver_from_dict({name: _TYPES[of] for name, of in types.items()})
    return Vocabulary(types, values, defaults, rule_engine.Context(type_resolver=resolver))


def compiled(text: str, words: Vocabulary) -> tuple[Condition | None, list[Fault]]:
    """The condition ready for use, or everything that is wrong with it."""
    try:
        return _compiled(text, words)
    except RecursionError:
        return None, [Fault("slechte-voorwaarde", "deze voorwaarde is te diep genest", "maak er twee regels van", 0)]


def _compiled(text: str, words: Vocabulary) -> tuple[Condition | None, list[Fault]]:
    faults = list(_unknown_names(text, words))
    if faults:
        return None, faults
    try:
        rule = rule_engine.Rule(text, context=words.context)
    except rule_engine.errors.RuleSyntaxError as error:
        # The line that the library reports leaks from one parse into the next; only the offset is sound.
        offset = error.token.lexpos if error.token is not None else len(text)
        return None, [Fault("slechte-voorwaarde", "hier loopt de voorwaarde fout", _syntax_hint(text, offset), offset)]
    except rule_engine.errors.EngineError:
        return None, list(_mismatches(text, words)) or [
            Fault("slechte-voorwaarde", "de types van deze voorwaarde passen niet bij elkaar", "", 0)
        ]
    faults = []
    clause = _clause(rule.statement.expression, text, words, faults.append)
    return (Condition(text, clause, rule), []) if clause is not None and not faults else (None, faults)


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    for found in _TOKEN.finditer(text):
        yield found.group(), found.start()


def _unknown_names(text: str, words: Vocabulary) -> Iterator[Fault]:
    before = ""
    for token, offset in _tokens(text):
        if _NAME.fullmatch(token) and token not in _KEYWORDS and token not in words.types:
            if before == "$":
                what = "functies zijn in een voorwaarde niet toegelaten"
                yield Fault("verboden-in-voorwaarde", what, "maak er een feit van", offset)
            elif token in {"en", "of", "niet", "in", "waar"}:
                english = {"en": "and", "of": "or", "niet": "not", "in": 'x == "a" or x == "b"', "waar": "true"}[token]
                yield Fault("slechte-voorwaarde", f"`{token}` is hier geen woord", f"schrijf `{english}`", offset)
            else:
                hint = nearest(token, words.types) or "de feiten staan in rules/feiten.yaml"
                yield Fault("onbekend-feit", f"`{token}` is geen feit", hint, offset)
        before = token


def _syntax_hint(text: str, offset: int) -> str:
    if re.search(r"\d,\d", text):
        return "schrijf een kommagetal met een punt"
    if text[offset : offset + 1] in {"&", "|", "!"}:
        return "schrijf `and`, `or`, `not`"
    if re.search(r"(?<![=!<>])=(?!=)", text):
        return "schrijf `==` om te vergelijken"
    return "is een haakje, `and` of aanhalingsteken vergeten?"


def _mismatches(text: str, words: Vocabulary) -> Iterator[Fault]:
    """Comparisons whose two sides have different types, found by their tokens."""
    tokens = [*_tokens(text), ("", len(text))]
    for place, (token, offset) in enumerate(tokens[:-2]):
        sign, value = tokens[place + 1][0], tokens[place + 2][0]
        if sign in _FLIPPED and token in words.types:
            kind = words.types[token]
            ordered = sign not in {"==", "!="}
            if (ordered and kind != "getal") or (kind == "getal" and value[:1] in "\"'"):
                what = f"`{token}` is van het type {kind} en laat zich zo niet vergelijken met {value}"
                yield Fault("onmogelijke-vergelijking", what, "", offset)


def _clause(node: ast.ExpressionBase, text: str, words: Vocabulary, report: Callable[[Fault], None]) -> Clause | None:
    found: Clause | None = None
    if isinstance(node, ast.LogicExpression):
        parts = [_clause(side, text, words, report) for side in (node.left, node.right)]
        known = tuple(inner for part in parts if part is not None for inner in _same(node.type, part))
        if None not in parts:
            found = Every(known) if node.type == "and" else Either(known)
    elif isinstance(node, ast.UnaryExpression) and node.type == "not":
        inside = _clause(node.right, text, words, report)
        found = None if inside is None else Not(inside)
    elif isinstance(node, ast.SymbolExpression):
        kind = words.types[node.name]
        found = Flag(node.name)
        if kind != "waar":
            what, hint = f"`{node.name}` is een {kind} en staat hier zonder vergelijking", f"schrijf `{node.name} == …`"
            report(Fault("onmogelijke-vergelijking", what, hint, _at(text, node.name)))
    elif isinstance(node, ast.BooleanExpression):
        found = Constant(bool(node.value))
    elif type(node) in {ast.ComparisonExpression, ast.ArithmeticComparisonExpression}:
        found = _comparison(node, text, words, report)
    else:
        what = "hier staat iets anders dan feiten, vergelijkingen met een vaste waarde, `and`, `or` en `not`"
        report(Fault("verboden-in-voorwaarde", what, "patronen horen bij de signalen", _first_odd(text)))
    return found


def _same(sign: str, part: Clause) -> tuple[Clause, ...]:
    if isinstance(part, Every) and sign == "and":
        return part.parts
    if isinstance(part, Either) and sign == "or":
        return part.parts
    return (part,)


def _comparison(
    node: ast.ComparisonExpression, text: str, words: Vocabulary, report: Callable[[Fault], None]
) -> Clause | None:
    left, right, sign = node.left, node.right, _SIGNS[node.type]
    if not isinstance(left, ast.SymbolExpression):
        left, right, sign = right, left, _FLIPPED[sign]
    if not isinstance(left, ast.SymbolExpression) or not isinstance(
        right, ast.StringExpression | ast.FloatExpression | ast.BooleanExpression
    ):
        what = "vergelijk een feit met een vaste waarde"
        report(Fault("verboden-in-voorwaarde", what, "", _first_odd(text)))
        return None
    name, kind = left.name, words.types[left.name]
    expected = {"waar": ast.BooleanExpression, "keuze": ast.StringExpression, "getal": ast.FloatExpression}[kind]
    if not isinstance(right, expected):
        what = f"`{name}` is van het type {kind} en kan nooit gelijk zijn aan {right.value}"
        report(Fault("onmogelijke-vergelijking", what, "", _at(text, name)))
        return None
    if kind != "getal" and sign not in {"==", "!="}:
        what = f"`{name}` is van het type {kind} en kent geen groter of kleiner"
        report(Fault("onmogelijke-vergelijking", what, "gebruik `==` of `!=`", _at(text, name)))
        return None
    value = float(right.value) if kind == "getal" else right.value
    if isinstance(value, str) and name in words.values and value not in words.values[name]:
        what = f"`{value}` is geen waarde van `{name}`"
        report(Fault("onbekende-waarde", what, nearest(value, words.values[name]), _at_value(text, name, value)))
    if kind == "getal" and not 0 <= value <= 1:
        report(Fault("onmogelijke-vergelijking", f"`{name}` ligt altijd tussen 0 en 1", "", _at(text, name)))
    return Compare(name, sign, value)


def _at(text: str, name: str) -> int:
    return next((offset for token, offset in _tokens(text) if token == name), 0)


def _at_value(text: str, name: str, value: str) -> int:
    """Where `value` stands beside `name`, on either side of the sign."""
    tokens = list(_tokens(text))
    for place, (token, offset) in enumerate(tokens):
        if token[:1] not in {'"', "'"} or token[1:-1] != value:
            continue
        for sign, other in ((place - 1, place - 2), (place + 1, place + 2)):
            inside = min(sign, other) >= 0 and max(sign, other) < len(tokens)
            if inside and tokens[sign][0] in _FLIPPED and tokens[other][0] == name:
                return offset
    return 0


def _first_odd(text: str) -> int:
    """The first token that a plain condition has no use for."""
    plain = {"(", ")", *_FLIPPED}
    for token, offset in _tokens(text):
        if token not in plain and not _NAME.fullmatch(token) and not re.fullmatch(r"[\"'].*[\"']|\d+(\.\d+)?", token):
            return offset
    return 0
