"""The marks by which mail programs in nl, fr, en and de show that other people's words begin."""

import re
from typing import Literal

Label = Literal["from", "date", "to", "subject"]

_FLAGS = re.IGNORECASE

# A dashed line above the original of an answer.
ORIGINAL = re.compile(
    r"^\W{0,3}[-_]{2,}\s{0,3}(?:oorspronkelijk|origineel|originele|original|message d['’]origine|message original"
    r"|ursprüngliche|original-?nachricht)[^\n]{0,80}?[-_]{2,}\s*$",
    _FLAGS,
)

# A line above a forwarded mail, dashed or as Apple writes it.
FORWARDED = re.compile(
    r"^(?:\W{0,3}-{2,}\s{0,3}(?:doorgestuurd(?:e)? (?:bericht|mail)|doorgezonden bericht|forwarded (?:message|mail|by)"
    r"|message (?:transféré|réexpédié|transmis)|weitergeleitete (?:nachricht|e-?mail)|weitergeleitet von)[^\n]{0,120}"
    r"|(?:begin doorgestuurd bericht|begin forwarded message|début du (?:message (?:réexpédié|transféré)|courriel)"
    r"|anfang der weitergeleiteten (?:nachricht|e-mail))\s{0,2}:?)\s*$",
    _FLAGS,
)

# A line that closes a forwarded mail; what follows is the writer's again.
END_OF_FORWARDED = re.compile(
    r"^\W{0,3}-{2,}\s{0,3}(?:einde (?:van het )?(?:doorgestuurde?|oorspronkelijke?) bericht|end of forwarded message"
    r"|fin du message (?:transféré|réexpédié)|ende der weitergeleiteten nachricht)[^\n]{0,40}$",
    _FLAGS,
)

RULER = re.compile(r"^\s*[_\-=*–—]{5,}\s*$")

_LABEL = re.compile(r"^[\s|]{0,4}[*_]{0,2}([a-zà-ÿ][a-zà-ÿ ]{0,18}?)\s?:[*_]{0,2}(?:\s|$)", _FLAGS)
_LABELS: dict[str, Label] = {
    **dict.fromkeys(("van", "from", "de", "von", "afzender", "expéditeur", "absender"), "from"),
    **dict.fromkeys(
        (
            *("verzonden", "verzonden op", "verstuurd", "verzenddatum", "datum"),
            *("date", "sent", "envoyé", "envoyé le"),
            *("date d'envoi", "gesendet", "gesendet am", "date sent"),
        ),
        "date",
    ),
    **dict.fromkeys(("aan", "to", "à", "an", "pour", "cc", "kopie", "copie", "bcc", "destinataire"), "to"),
    **dict.fromkeys(("onderwerp", "subject", "objet", "sujet", "betreff"), "subject"),
}

# Labels of web forms; a block that has one of these is a filled-in form and not the head of a mail.
_FORM_LABELS = frozenset(
    (
        *("naam", "voornaam", "familienaam", "adres", "straat", "postcode", "gemeente", "geboortedatum", "telefoon"),
        *("telefoonnummer", "gsm", "e-mail", "email", "e-mailadres", "bericht", "boodschap", "omschrijving"),
        *("uw naam", "uw e-mail", "uw bericht", "je bericht", "nom", "prénom", "adresse", "téléphone", "votre message"),
        *("name", "message", "your message", "vorname", "telefon", "nachricht", "ihre nachricht"),
    )
)

_OPENER = re.compile(r"^[\s>]{0,6}(?:op|on|le|am|il|el|em|den|dne|w dniu|en date d[ue])\b", _FLAGS)
_VERB = re.compile(
    r"\b(?:schreef|geschreven|wrote|(?:a|ont) écrit|schrieb|hat geschrieben|escribió|ha scritto|escreveu|napisał"
    r"|skrev|citeren|quoting|citation de|zitat von)\b",
    _FLAGS,
)
_TIME = re.compile(r"\b\d{1,2}\s?[:.hu]\s?\d{2}\b", _FLAGS)
_DIGIT = re.compile(r"\d")

REPLY_SUBJECT = re.compile(r"^\W{0,3}(?:re|antw|aw|sv|rép|ré|betr|antwoord|réponse)\s?(?:\[\d+\])?\s?:", _FLAGS)
FORWARD_SUBJECT = re.compile(
    r"^\W{0,3}(?:fw|fwd|doorst|doorgest|doorgestuurd|dw|tr|trans|wg|wtr|i)\s?(?:\[\d+\])?\s?:", _FLAGS
)


def label(line: str) -> Label | None:
    """Which head line of a mail this is, in any of the languages; None when it is none."""
    found = _LABEL.match(line)
    return _LABELS.get(found[1].lower()) if found else None


def form_label(line: str) -> bool:
    """Whether the line is a field of a web form."""
    name, colon, _ = line.partition(":")
    return bool(colon) and len(name) < 30 and name.strip(" *_>").lower() in _FORM_LABELS


def tells_time(line: str) -> bool:
    return bool(_TIME.search(line))


def may_attribute(line: str) -> bool:
    """Whether a line may begin an attribution that runs on over the next lines."""
    return bool(_OPENER.match(line)) and bool(_DIGIT.search(line)) and not line.rstrip().endswith((".", "!", "?"))


def attributes(line: str) -> Literal["surely", "perhaps", ""]:
    """Whether a line says "on that day, such a one wrote:".

    `surely` needs what only programs write: an address, or the hour beside the date. A person who retells ("Op 3 maart
    schreef de directie mij:") is at most `perhaps`.
    """
    if not line.rstrip().endswith(":") or len(line) > 500 or not _VERB.search(line):
        return ""
    dated = bool(_DIGIT.search(line))
    return "surely" if "@" in line or (dated and _OPENER.match(line) and tells_time(line)) else "perhaps"
