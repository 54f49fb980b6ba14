"""The policy's words as staff read them on a page."""

from collections.abc import Mapping

from console.desk import Glossary
from triage.vocabulary import BETROKKENEN, DRINGENDHEDEN, ONTBREEKT, ONTVANKELIJKHEID, SOORTEN, UITKOMSTEN

FIELDS: Mapping[str, str] = {
    "uitkomst": "Uitkomst",
    "dringendheid": "Dringendheid",
    "soort": "Soort",
    "sector": "Sector",
    "betrokkene": "Over wie",
    "decreten": "Decreten",
    "instanties": "Instanties",
    "gevaar": "Gevaar",
    "ontbreekt": "Wat ontbreekt",
    "ontvankelijkheid": "Mogelijke gronden om niet te behandelen",
    "taal": "Taal",
}
MANY = frozenset({"decreten", "instanties", "gevaar", "ontbreekt", "ontvankelijkheid"})
STATES: Mapping[str, str] = {
    "concept": "Ontwerp, nog aan te vullen",
    "vastgehouden": "Wacht op vrijgave",
    "vrijgegeven": "Vrijgegeven, vertrekt",
    "verzonden": "Verzonden",
    "mislukt": "Niet verzonden",
    "ingetrokken": "Ingetrokken",
}
ROLES: Mapping[str, str] = {
    "eigen": "Eigen woorden van de schrijver",
    "aangehaald": "Aangehaald uit een eerder bericht",
    "doorgestuurd": "Doorgestuurd bericht van iemand anders",
    "handtekening": "Handtekening",
    "disclaimer": "Disclaimer",
}
LANGUAGES: Mapping[str, str] = {
    "nl": "Nederlands",
    "fr": "Frans",
    "en": "Engels",
    "de": "Duits",
    "tr": "Turks",
    "ar": "Arabisch",
    "pl": "Pools",
    "ro": "Roemeens",
    "es": "Spaans",
    "it": "Italiaans",
    "uk": "Oekraïens",
    "ru": "Russisch",
}
_PLAIN: Mapping[str, str] = {
    "registreren": "Registreren",
    "doorverwijzen": "Doorverwijzen",
    "beantwoorden": "Beantwoorden",
    "opvragen": "Meer vragen",
    "escaleren": "Escaleren",
    "toevoegen": "Toevoegen aan dossier",
    "negeren": "Negeren",
    "beoordelen": "Zelf beoordelen",
    "nu": "Nu",
    "vandaag": "Vandaag",
    "gewoon": "Gewoon",
    "opgroeien": "Opgroeien",
    "organisator": "Organisator",
    "andere": "Andere instantie",
    "onbekend": "Niet bekend",
    "naam": "Naam",
    "adres": "Adres",
    "feiten": "Feiten",
    "betrokkene": "Over wie het gaat",
    "geen-belang": "Geen belang",
    "al-behandeld": "Al behandeld",
    "ouder-dan-een-jaar": "Feiten ouder dan een jaar",
    "beroep-open": "Een beroep staat nog open",
    "beroep-hangend": "Een beroep loopt",
    "kennelijk-ongegrond": "Kennelijk ongegrond",
    "kennelijk-onredelijk": "Kennelijk onredelijk",
    "beleid-of-regelgeving": "Over beleid of regelgeving",
    "anoniem": "Anoniem",
}


def readable(word: str) -> str:
    """A word of the policy or of the rules, as a label."""
    return _PLAIN.get(word) or (word[:1].upper() + word[1:]).replace("-", " ").replace("_", " ")


def label(field: str, value: str, names: Glossary) -> str:
    """The value of a field as staff read it."""
    named = {
        "sector": names.sectors,
        "decreten": names.decrees,
        "instanties": names.bodies,
        "taal": LANGUAGES,
    }.get(field, {})
    if field == "gevaar":
        return f"{value}: {names.dangers[value]}" if value in names.dangers else value
    return named.get(value) or readable(value)


def choices(field: str, names: Glossary) -> dict[str, str]:
    """What a person may choose for a field: value and label, in the order of the policy or the rules."""
    values = {
        "soort": SOORTEN,
        "betrokkene": BETROKKENEN,
        "uitkomst": UITKOMSTEN,
        "dringendheid": DRINGENDHEDEN,
        "ontbreekt": ONTBREEKT,
        "ontvankelijkheid": ONTVANKELIJKHEID,
        "taal": tuple(LANGUAGES),
        "gevaar": tuple(names.dangers),
        "sector": tuple(names.sectors),
        "decreten": tuple(names.decrees),
        "instanties": tuple(sorted(names.bodies, key=lambda body: names.bodies[body].casefold())),
    }[field]
    return {value: label(field, value, names) for value in values}
