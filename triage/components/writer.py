"""Who writes, as far as form tells: a full name, a postal address, any word of their own."""

import re2
from spacy.language import Language
from spacy.tokens import Doc

from intake.message import Message
from triage.hit import Hit
from triage.reading import Reading

if not Doc.has_extension("message"):
    Doc.set_extension("message", default=None)
if not Doc.has_extension("writer"):
    Doc.set_extension("writer", default=None)

# Signals whose presence, in the writer's words or signature, means a postal address (rules/signalen/schrijver.yaml).
ADDRESS = frozenset({"adres-straat", "adres-postcode", "adres-regel"})

# A capitalised word; between two of them particles and initials: "De Smet", "O'Neill", "van den Bossche".
_WORD = r"\p{Lu}[\p{L}'’.-]*\p{L}"
_PARTICLE = r"(?:\p{L}{1,3}|van|der|den|Van|Der|Den)"
_NAME = re2.compile(rf"^(?:{_WORD}|\p{{Lu}}\.)(?:[ -]{_PARTICLE})*(?:[ -](?:{_WORD}|\p{{Lu}}\.))+$")
_TITLE = r"(?:[Dd]hr|[Mm]evr|[Mm]vr|[Mm]w|[Mm]eester|[Mm]r|[Dd]r|[Mm]evrouw|[Dd]e heer|[Mm]eneer|[Mm]e|[Mm]me)"
_TITLES = re2.compile(rf"^(?:{_TITLE}\.? )+")
_SAID = (
    r"(?:[Ii]k ben|[Mm]ijn naam is|[Ii]k heet|[Nn]aam ?:|[Jj]e m'appelle|[Jj]e suis|[Mm]y name is|"
    r"[Ii]ch heiße|[Mm]ein Name ist)"
)
_OWN_NAME = re2.compile(rf"{_SAID}[ :]+({_WORD}(?: {_PARTICLE})*(?: {_WORD})+)")
_NAME_LINE = re2.compile(rf"(?m)^[ \t]*({_WORD}(?: {_PARTICLE})*(?: (?:{_WORD}|\p{{Lu}}\.))+)[ \t]*,?$")

# A line that begins so greets someone else or takes leave: "Beste Mevrouw", "Met Vriendelijke Groeten".
_GREETING = re2.compile(
    r"(?i)^(?:beste|dag|geachte|hallo|hoi|hey|hi|lieve|waarde|goede(?:dag|morgen|middag|navond)?|met|vriendelijke|"
    r"hartelijke|mvg|groet(?:en|jes)?|alvast|bonjour|bonsoir|chère?|madame|monsieur|bien|dear|hello|kind|best|"
    r"sehr|liebe[r]?|guten|mit) "
)


class Writer:
    """Sets `doc._.writer` to a mapping of what form tells about the writer."""

    def __call__(self, doc: Doc) -> Doc:
        message: Message = doc._.message
        reading: Reading = doc._.reading
        hits: list[Hit] = doc._.hits
        own = reading.words(frozenset({"eigen", "handtekening"}))
        body = [one for one in reading.stretches if one.role == "eigen" and one.part != "onderwerp"]
        doc._.writer = {
            "naam": _has_name(message.sender.name, own),
            "adres": any(hit.signal.id in ADDRESS and hit.role in ("eigen", "handtekening") for hit in hits),
            "alleen_aanhaling": not any(any(map(str.isalpha, reading.text[one.start : one.end])) for one in body),
        }
        return doc


def _has_name(sender: str, own: str) -> bool:
    sender = _TITLES.sub("", sender.strip()).strip(" ,\"'")
    if "," in sender:
        last, _, given = sender.partition(",")
        sender = f"{given.strip()} {last.strip()}"
    if _NAME.search(sender):
        return True
    return _OWN_NAME.search(own) is not None or any(
        not _GREETING.search(line.group(1)) for line in _NAME_LINE.finditer(own)
    )


@Language.factory("schrijver", requires=["doc._.message", "doc._.reading", "doc._.hits"], assigns=["doc._.writer"])
def writer(nlp: Language, name: str) -> Writer:
    """The component."""
    return Writer()
