"""Years, months and ages that the writer names, set against the day on which he wrote."""

from datetime import date

import re2
from spacy.language import Language
from spacy.tokens import Doc

from intake.message import Message
from triage.reading import Reading

if not Doc.has_extension("dates"):
    Doc.set_extension("dates", default=None)

_YEAR = re2.compile(r"\b(19[5-9]\d|20[0-4]\d)\b")
# "Ik ben 14", "I am only 12", "mam 15 lat": a number behind a first person, and what makes it an age.
_PERSON = (
    r"\bik (?:ben|word|wordt) (?:nu |pas |bijna |net |al |ook |maar )*|\bben (?:nu |pas |bijna )?|"
    r"\bje (?:suis|vais avoir) |\bj'ai |\bi(?:'m| am) (?:only |just )?|\bich bin |\bmam |\btengo |\bam |"
    # To RE2 only the letters of ASCII have a word edge.
    r"мені |عمري "
)
_YEARS = r"j\b|jr\b|jaar|jaren|ans\b|years?|yo\b|jahre|lat\b|años|ani\b|рок|سنة|btw|en\b|!|,|\."
_AGE = re2.compile(rf"(?i)(?:{_PERSON})(\d{{1,2}})(?:,5|½)? ?(?:{_YEARS})")

# Decree on integrale jeugdhulp in force: older facts fall under bijzondere jeugdbijstand (policy §3).
INTEGRALE_JEUGDHULP = 2014


class Dates:
    """Sets `doc._.dates`: `ouder_dan_een_jaar` and `voor_2014` as far as bare years tell, the writer's `leeftijd`.

    The age is 0 when unsaid; `plaats` says where in the reading it stands.
    """

    def __call__(self, doc: Doc) -> Doc:
        message: Message = doc._.message
        reading: Reading = doc._.reading
        own = reading.words(frozenset({"eigen"}))
        written = (message.sent or message.envelope.received).date()
        years = [int(found.group()) for found in _YEAR.finditer(own)]
        past = [year for year in years if year <= written.year]
        ages = [(int(found.group(1)), found.span()) for found in _AGE.finditer(reading.text)]
        young = [(age, span) for age, span in ages if age >= 5 and reading.stretch(span[0]).role == "eigen"]
        age, place = min(young, default=(0, (0, 0)))
        doc._.dates = {
            "ouder_dan_een_jaar": bool(past) and _over_a_year(max(past), written),
            "voor_2014": bool(past) and max(past) < INTEGRALE_JEUGDHULP,
            "leeftijd": age,
            "plaats": place,
        }
        return doc


def _over_a_year(latest: int, written: date) -> bool:
    # A bare year says nothing about the month, so only years that ended over a year ago count.
    return latest < written.year - 1


@Language.factory("data", requires=["doc._.message", "doc._.reading"], assigns=["doc._.dates"])
def dates(nlp: Language, name: str) -> Dates:
    """The component."""
    return Dates()
