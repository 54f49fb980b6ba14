"""What the conversation says, per language and form: fixed sentences, never words of the person."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import yaml
from pydantic import TypeAdapter

Phrases = Mapping[str, str]
_HERE = Path(__file__).parent / "phrases"
_SHAPE = TypeAdapter(dict[str, str])
FORMS: Mapping[str, Phrases] = {
    path.stem: _SHAPE.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
    for path in sorted(_HERE.glob("*.yaml"))
}
"""By form: `nl-u`, `nl-je`, `fr`, `en`. All have the same names."""
LANGUAGES: Mapping[str, str] = {"nl": "Nederlands", "fr": "Français", "en": "English"}
"""The languages of the frame, each in its own words."""
LINES = ("112", "101", "1712", "1813", "102")
"""The numbers that always stand in sight, in this order."""
FURTHER = ("116000", "106")
"""Numbers that a page about danger adds."""
YOUNG_LINES = ("112", "101", "102", "1712", "1813")
"""The same for a young person, who reads of Awel sooner."""


def phrases(language: str, *, young: bool = False) -> Phrases:
    """The sentences for this language (Dutch when we do not speak it), in the je-form for a young person."""
    if language in ("fr", "en"):
        return FORMS[language]
    return FORMS["nl-je" if young else "nl-u"]


def written_day(t: Phrases, on: date) -> str:
    """`maandag 2 maart 2026`, in the language of these phrases."""
    return f"{t['dagen'].split()[on.weekday()]} {on.day} {t['maanden'].split()[on.month - 1]} {on.year}"
