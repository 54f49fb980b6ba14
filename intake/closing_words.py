"""How mails end in nl, fr, en and de: greetings, lines of a device, disclaimers, and what no business card says."""

import re


def line(*phrases: str, end: str = "") -> re.Pattern[str]:
    """Matches a line that begins with any of the phrases, marks before it aside."""
    return re.compile(rf"^\W{{0,6}}(?:{'|'.join(phrases)}){end}", re.IGNORECASE)


# A greeting that stands alone on its line; the name follows below it.
FORMULA = line(
    # Any greeting that names itself: "Met confraternele groeten", "Avec mes meilleures salutations".
    r"(?:met|avec|mit|with)\s[^.!?\n]{0,60}\b(?:groet(?:en|jes)?|hoogachting|salutations(?: \w+)?|regards)",
    r"mit\s[^.!?\n]{0,40}\bgr(?:ü|ue)(?:ß|ss)en",
    r"(?:(?:heel |veel )?(?:vriendelijke?|hartelijke?|beste|warme|lieve|collegiale|bezorgde|sportieve|zonnige) )?"
    r"groet(?:en|jes|je)?(?: en [^,.\n]{1,30})?",
    *("hoogachtend", r"m\.?\s?v\.?\s?g", r"vr\.?\s?gr", "gr", "grtz", "grtjs", "grtn"),
    r"(?:alvast |hartelijk )?(?:bedankt|dank(?: ?u(?: ?wel)?)?)(?: alvast| bij voorbaat)?",
    *(r"namens [^.!?\n]{1,50}", r"onder (?:alle |uitdrukkelijk )?voorbehoud [^.!?\n]{0,80}"),
    *(r"(?:bien |très )?(?:cordialement|sincèrement|respectueusement)", r"bien à (?:vous|toi)", r"merci d['’]avance"),
    r"(?:sincères |meilleures |cordiales )?salutations(?: \w+)?",
    *(r"(?:kind(?:est)?|best|warm|many)? ?regards", "yours (?:sincerely|faithfully|truly)", "sincerely(?: yours)?"),
    *("best wishes", r"(?:many )?thanks(?: in advance)?", "thank you(?: in advance)?", "cheers"),
    *(r"(?:freundliche|beste|viele|liebe|herzliche) gr(?:ü|ue)(?:ß|ss)e", "mfg", "lg", "vg", "hochachtungsvoll"),
    r"(?:vielen )?danke?(?: im voraus)?",
    end=r"\s*[,.!;]*\s*$",
)

_DEVICES = "|".join(
    (
        *("iphone", "ipad", "galaxy", "samsung", "android", "huawei", "xiaomi", "redmi", "oneplus", "pixel", "nokia"),
        *("motorola", "blackberry", "windows", "outlook", "yahoo", "proton ?mail", "proton", "telenet", "proximus"),
        *("e?-?mail", "webmail", "smartphone", "gsm", "telefoon", "tablet", "toestel", "mobiel", "mobile", "handy"),
        "téléphone",
    )
)
DEVICE = line(
    rf"(?:verzonden|verstuurd|gestuurd|sent|envoyé|gesendet|von)\b[^\n]{{0,40}}\b(?:{_DEVICES})\b[^\n]{{0,50}}",
    r"(?:download|haal|get|télécharge[rz]?|obtenir|holen sie sich) outlook\b[^\n]{0,60}",
    r"outlook (?:voor|pour|for|für) (?:ios|android|mac)[^\n]{0,60}",
    end=r"\s*$",
)

_THIS_MAIL = (
    r"(?:dit (?:e-?mail)?bericht|deze (?:e-?)?mail"
    r"|de (?:inhoud|informatie) (?:van|in) (?:deze|dit) (?:e-?mail|mail|bericht))"
)
_CE_MESSAGE = r"(?:ce (?:message|courriel|mail)|cet e-?mail)"
# "Dit bericht is vertrouwelijk, zeg het niet aan mijn vader" is a wish and no disclaimer; hence what must follow it.
_IN_CONFIDENCE = (
    r"(?:strikt )?vertrouwelijke?"
    r"(?=\s*(?:$|\.|en (?:uitsluitend|enkel|alleen|kan|valt)|of\b|medische|informatie|gegevens))"
)
DISCLAIMER = line(
    *(r"disclaimer\b", r"vertrouwelijkheids(?:clausule|verklaring)", "onze briefwisseling is vertrouwelijk"),
    rf"{_THIS_MAIL}[^.\n]{{0,70}}?\b(?:is|zijn|kan|kunnen|bevat|bevatten) (?:mogelijk )?{_IN_CONFIDENCE}",
    rf"{_THIS_MAIL}[^.\n]{{0,90}}?\b(?:uitsluitend|enkel|alleen|slechts)\b[^.\n]{{0,20}}\b(?:bestemd|bedoeld)",
    rf"{_THIS_MAIL} (?:bindt het bestuur niet|valt onder het beroepsgeheim)",
    r"indien u (?:dit|deze) [^.\n]{0,40}(?:vergissing|ten onrechte|per abuis|foutief)",
    *("bent u niet de (?:bestemmeling|geadresseerde)", r"op (?:dit bericht|deze mail) is (?:een|onze|de) disclaimer"),
    *(r"denk (?:eens )?aan het milieu", "spaar het milieu"),
    r"(?:ons|het|de) (?:lokaal )?(?:bestuur|organisatie|gemeente) verwerkt (?:uw|je|persoons)",
    *("avis de confidentialité", r"pensez à l['’]environnement", "avant d['’]imprimer"),
    rf"{_CE_MESSAGE}[^.\n]{{0,60}}(?:confidentiel|destiné|strictement)",
    rf"si vous (?:n['’]êtes pas (?:le|la) destinataire|avez reçu {_CE_MESSAGE} par erreur)",
    *(
        "confidentiality notice",
        r"the information (?:contained )?in this (?:e-?mail|message)",
        "think before you print",
    ),
    r"this (?:e-?mail|message|communication)[^.\n]{0,60}(?:confidential|intended (?:only|solely|for))",
    *("if you are not the intended", "(?:please )?(?:consider|think of) the environment"),
    r"diese (?:e-?mail|nachricht)[^.\n]{0,60}(?:vertraulich|bestimmt)",
    *("wenn sie nicht der richtige adressat", "bitte denken sie an die umwelt"),
)

_OUTSIDE = "|".join(
    (
        *("van buiten (?:de|onze|het)", "externe afzender", "outside (?:of )?(?:the|your|our)", "external sender"),
        *("extérieur", "externen absender"),
    )
)
BANNER = line(
    r"extern(?:al|e)?(?: (?:e-?)?mail| sender| afzender)?\]?\s*$",
    rf"(?:let op|opgelet|pas op|caution|warning|attention|achtung)\b\W{{0,4}}[^\n]{{0,60}}(?:{_OUTSIDE})",
)

AFTERWORD = line(r"p\.?\s?s\b", r"n\.?\s?b\b", r"naschrift\b", r"ps\d\b")

CONTACT = re.compile(
    r"@|www\.|https?:|\btel\b|\bt[.:]|\bgsm\b|\bm[.:]|\+\d{2}|\b0\d{1,3}[ /.]|\b\d{4}\s+[A-Z]", re.IGNORECASE
)

# Who says these speaks for himself; no disclaimer does.
MYSELF = frozenset({"ik", "mij", "mijn", "hij", "moi", "i", "my", "he", "she", "ich", "mich", "mein", "meine"})

# Words by which people speak of themselves or of danger; a line that has one is no line of a business card.
SPOKEN = frozenset(
    (
        *("ik", "mij", "me", "mijn", "wil", "wilt", "help", "niet", "nie", "ni", "dood", "bang", "hij", "zij", "hem"),
        *("haar", "ben", "heb", "moet", "durf", "pijn", "slaat", "geslagen", "misbruikt", "zelfmoord"),
        *("je", "moi", "il", "elle", "suis", "veux", "peur", "aidez", "aide", "mort", "battu", "frappe"),
        *("i", "my", "he", "she", "him", "her", "not", "please", "am", "want", "afraid", "dead", "hurt"),
        *("ich", "mich", "mir", "er", "sie", "nicht", "bitte", "bin", "habe", "angst", "tot", "will", "hilfe"),
    )
)
