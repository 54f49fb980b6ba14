"""A rule or a letter as a weapon: neither reaches Python, a file, or time without end."""

import re
import time
from pathlib import Path

import pytest

from klachtwijzer.settings import CHECKOUT
from responder.letter import LettersError
from responder.letter import load as load_letters
from responder.template import Sheets, sample
from tests.responder.test_letter import folder, letter
from triage.conditions import compiled, vocabulary
from triage.mistakes import RulebookError
from triage.rulebook import load
from triage.shapes import FactKind

RULES = CHECKOUT / "rules"
# The known ways out of Jinja's sandbox, and those of old.
ESCAPES = (
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ naam.__init__.__globals__ }}",
    "{{ self.__init__.__globals__.__builtins__.open('/etc/passwd').read() }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "{{ joiner.__init__.__globals__ }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ naam|attr('__class__') }}",
    "{{ naam|attr('_' ~ '_class__') }}",
    "{{ '{0.__class__.__mro__}'.format(naam) }}",
    "{{ '%s'|format(naam.__class__) }}",
    "{{ naam.format_map({}).__class__ }}",
    "{% set f = naam.format %}{{ f(naam.__class__) }}",
    "{{ instanties|map(attribute='__class__')|list }}",
    "{% for x in (1).__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "{{ range(999999999)|list }}",
    "{% include '/etc/passwd' %}",
    "{% include '../../../etc/passwd' %}",
    "{% import 'os' as os %}{{ os }}",
    "{% extends '/etc/passwd' %}",
    "{{ get_flashed_messages.__globals__ }}",
    "{{ instanties.append(1) }}",
    "{{ nummers.update({'x': 1}) }}",
)


@pytest.mark.parametrize("escape", ESCAPES)
def test_no_letter_reaches_out_of_its_sandbox(escape: str, tmp_path: Path) -> None:
    try:
        load_letters(folder(tmp_path, letter("a", f"{escape}\n")))
    except LettersError as refused:
        assert refused.mistakes
    else:
        # What is let through must at least say nothing.
        said = Sheets({"a": escape}).template("a").render(sample(()))
        assert not re.search(r"<class|root:|uid=|object at|module", said), said


CONDITIONS = (
    "__import__('os').system('id')",
    "sector.__class__",
    "sector.as_lower.__class__",
    "$now",
    "$any([1])",
    "[x for x in [1]]",
    "sector =~ '(a+)+$'",
    "sector =~~ '.*'",
    "(lambda: 1)()",
    "open('/etc/passwd')",
    "sector == 'a' or globals()",
    "f'{sector}'",
    "not " * 5000 + "ernstig",
)
WORDS = vocabulary(
    {
        "sector": FactKind("sector", "keuze", "De sector.", ("a", "b"), "x"),
        "ernstig": FactKind("ernstig", "waar", "De zaak is ernstig."),
    }
)


@pytest.mark.parametrize("text", CONDITIONS, ids=range(len(CONDITIONS)))
def test_no_condition_of_a_rule_is_more_than_a_comparison_of_facts(text: str) -> None:
    begun = time.perf_counter()
    condition, faults = compiled(text, WORDS)
    assert condition is None and faults
    assert time.perf_counter() - begun < 5


@pytest.mark.parametrize("text", ["9 ** 9 ** 9 == 1", "((((((((((" * 100 + "ernstig" + "))))))))))" * 100])
def test_an_odd_condition_costs_no_time(text: str) -> None:
    begun = time.perf_counter()
    condition, faults = compiled(text, WORDS)
    assert faults or (condition is not None and not condition.holds({"sector": "a", "ernstig": False}))
    assert time.perf_counter() - begun < 5


@pytest.mark.parametrize(
    "evil",
    [
        "!!python/object/apply:os.system ['id']\n",
        "!!python/name:os.system\n",
        "a: &a [x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]\n"
        "d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c]\ne: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d]\n"
        "f: [*e, *e, *e, *e, *e]\n",
        "- " * 3000 + "x\n",
    ],
    ids=["apply", "name", "laughs", "deep"],
)
def test_no_rule_file_makes_objects_or_eats_the_memory(evil: str, tmp_path: Path) -> None:
    for path in RULES.glob("*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "feiten.yaml").write_text(evil, encoding="utf-8")
    begun = time.perf_counter()
    with pytest.raises(RulebookError) as refused:
        load(tmp_path)
    assert refused.value.mistakes
    assert time.perf_counter() - begun < 20


def test_the_letters_of_the_product_pass_the_same_check() -> None:
    assert load_letters()
