"""The languages that our letters know: the one we work in, those the rules cover, and those of courtesies only."""

from collections.abc import Mapping

# The language we work in comes first; in the others we only have courtesies. The rules cover these four.
LANGUAGES: tuple[str, ...] = ("nl", "fr", "en", "de")

# Every language that may have a folder of letters, by its code (ISO 639-1), with its Dutch name.
NAMES: Mapping[str, str] = {
    "nl": "Nederlands",
    "fr": "Frans",
    "en": "Engels",
    "de": "Duits",
    "ar": "Arabisch",
    "bg": "Bulgaars",
    "es": "Spaans",
    "fa": "Perzisch",
    "it": "Italiaans",
    "pl": "Pools",
    "ps": "Pasjtoe",
    "pt": "Portugees",
    "ro": "Roemeens",
    "ru": "Russisch",
    "so": "Somalisch",
    "sq": "Albanees",
    "tr": "Turks",
    "uk": "Oekraïens",
}

_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ps", "ur"})


def direction(language: str) -> str:
    """How the language is written, as the `dir` of HTML: `rtl` or `ltr`."""
    return "rtl" if language in _RIGHT_TO_LEFT else "ltr"


def named(language: str) -> str:
    """The Dutch name of a language, or its code when we know none."""
    return NAMES.get(language, language or "een onbekende taal")
