"""Who writes, as far as form tells: a full name, a street address, only quoted words."""

import re2
from spacy.language import Language
from spacy.tokens import Doc

from intake.message import Message
from triage.reading import Reading

if not Doc.has_extension("message"):
    Doc.set_extension("message", default=None)
if not Doc.has_extension("writer"):
    Doc.set_extension("writer", default=None)

# A capitalised word, particles and initials included: "De Smet", "O'Neill", "van den Bossche".
_WORD = r"\p{Lu}[\p{L}'’.-]*\p{L}"
_PARTICLE = r"(?:van|de|den|der|el|al|ben|von|du|le|la|te|ter|ten|d'|Van|De|Den|Der|El|Al|Ben|Le|La|Ter|Ten|Du|Mc|O')"
_NAME = re2.compile(rf"^(?:{_WORD}|\p{{Lu}}\.)(?:[ -]{_PARTICLE})*(?:[ -](?:{_WORD}|\p{{Lu}}\.))+$")
_TITLES = re2.compile(r"^(?:(?:[Dd]hr|[Mm]evr|[Mm]vr|[Mm]w|[Mm]eester|[Mm]r|[Dd]r|[Mm]evrouw|[Dd]e heer|[Mm]eneer|[Mm]e|Mme|Mr)\.? )+")
_OWN_NAME = re2.compile(
    rf"(?:[Ii]k ben|[Mm]ijn naam is|[Ii]k heet|[Nn]aam ?:|[Jj]e m'appelle|[Jj]e suis|[Mm]y name is|[Ii]ch heiße|[Mm]ein Name ist)"
    rf"[ :]+({_WORD}(?: {_PARTICLE})*(?: {_WORD})+)"
)
_LAST_LINE_NAME = re2.compile(rf"(?m)^[ \t]*({_WORD}(?: {_PARTICLE})*(?: (?:{_WORD}|\p{{Lu}}\.))+)[ \t]*,?$")

_STREET = re2.compile(
    r"(?i)\b[\p{L}'’.-]+(?:[ -][\p{L}0-9'’.-]+){0,4}?"
    r"(?:straat|str\.|laan|weg|steenweg|stwg|baan|plein|plaats|dreef|lei|kaai|dijk|berg|veld|hof|pad|park|markt|wijk|"
    r"singel|vest|ring|gaarde|akker|kouter|hoek|heide|meers|bos|kerkhof|brug|poort|donk|broek|dal|eind|gat|hil|hout|"
    r"oever|rede|rode|sluis|steeg|beek|dries|plantsoen|boulevard|kade|ham|linde|linden|weide|wal|loop|kens?)"
    r"[ ,]+(?:n[r°]\.? ?)?\d{1,4}\b"
)
_RUE = re2.compile(
    r"(?i)\b(?:rue|avenue|av\.|boulevard|bd|chaussée|place|allée|chemin|square|clos|quai|impasse)\s+(?:[\p{L}'’.-]+ ?){1,6},? ?\d{1,4}\b"
)
# Any capitalised words, a house number, and a Belgian postcode with a town behind it.
_POSTCODE = re2.compile(r"\p{Lu}[^\n\d]{2,40} \d{1,4} ?[a-zA-Z]?(?: ?(?:bus|bte|b) ?\w{1,5})?[ ,\n/-]+(?:B-)?[1-9]\d{3}[ \n]+\p{Lu}")


class Writer:
    """Sets `doc._.writer` to a mapping of what form tells about the writer."""

    def __call__(self, doc: Doc) -> Doc:
        message: Message = doc._.message
        reading: Reading = doc._.reading
        own = reading.words(frozenset({"eigen", "handtekening"}))
        doc._.writer = {
            "naam": _has_name(message.sender.name, own),
            "adres": any(pattern.search(own) is not None for pattern in (_STREET, _RUE, _POSTCODE)),
            "alleen_aanhaling": not any(c.isalpha() for c in reading.words(frozenset({"eigen"})).replace(message.subject, "")),
        }
        return doc


def _has_name(sender: str, own: str) -> bool:
    sender = _TITLES.sub("", sender.strip()).strip(" ,\"'")
    if "," in sender:
        last, _, first = sender.partition(",")
        sender = f"{first.strip()} {last.strip()}"
    if _NAME.search(sender):
        return True
    return _OWN_NAME.search(own) is not None or _LAST_LINE_NAME.search(own) is not None


@Language.factory("schrijver", requires=["doc._.message", "doc._.reading"], assigns=["doc._.writer"])
def writer(nlp: Language, name: str) -> Writer:
    """The component."""
    return Writer()
