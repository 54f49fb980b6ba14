"""The fixed words of a language that letters need: months, themes, what is missing, labels of contacts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import ConfigDict, Field, with_config

from triage.vocabulary import ONTBREEKT

Address = str
"""`u` or `je`: how a letter speaks to its reader."""

LABELS: tuple[str, ...] = ("telefoon", "chat", "web", "mail", "adres")


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class Words:
    """What `woorden.yaml` of a language holds."""

    maanden: Annotated[tuple[str, ...], Field(min_length=12, max_length=12)]
    themas: Mapping[str, str]
    """Per sector, after "over": what it is about in gewone woorden."""
    ontbreekt: Mapping[Address, Mapping[str, str]]
    """Per form of address and per missing piece, what we ask for."""
    contact: Mapping[str, str]
    """Label per way to reach a body."""

    def day(self, day: date) -> str:
        """A date written out: `3 december 2026`."""
        return f"{day.day} {self.maanden[day.month - 1]} {day.year}"

    def gaps(self) -> list[str]:
        """Which words are missing that some letter may need."""
        asked = [f"ontbreekt.{form}.{piece}" for form in ("u", "je") for piece in ONTBREEKT]
        have = {f"ontbreekt.{form}.{piece}" for form, pieces in self.ontbreekt.items() for piece in pieces}
        return [name for name in asked if name not in have] + [
            f"contact.{label}" for label in LABELS if label not in self.contact
        ]
