"""How machines speak in nl, fr, en and de: bounces, read receipts, absences, newsletters, web forms."""

from typing import Protocol, cast

import re2


class Words(Protocol):
    """A set of phrases that can be looked for."""

    def search(self, text: str) -> object | None: ...


class Opening(Protocol):
    """A set of phrases with which a line may begin."""

    def match(self, text: str) -> object | None: ...


def anywhere(*phrases: str) -> Words:
    """Finds any of the phrases. RE2 takes time in proportion to the text, whatever a stranger wrote in it."""
    return cast(Words, re2.compile(f"(?is)(?:{'|'.join(phrases)})"))


def opening(*phrases: str) -> Opening:
    """Finds any of the phrases at the start."""
    return cast(Opening, re2.compile(rf"(?is)^[^\pL\pN]{{0,3}}(?:{'|'.join(phrases)})"))


MACHINE_SENDER = opening(
    "mailer-?daemon",
    "postmaster",
    "mail[-._]?delivery",
    "system-?administrator",
    "mail-?system",
    "bounces?\\b",
    "double-?bounce",
)
NOBODY_SENDER = opening(
    "no-?_?reply", "do-?not-?reply", "niet-?beantwoorden", "ne-?pas-?repondre", "nieuwsbrief", "news"
)

FORM_SUBJECT = anywhere(
    r"(?:klachten|contact|web|meldings?)[ -]?formulier",
    r"formulier\b.{0,40}(?:klacht|bericht|contact|melding)",
    r"formulaire (?:de contact|de plainte|web)",
    r"(?:contact|complaint|web) ?form\b",
    r"(?:kontakt|beschwerde)formular",
)

BOUNCE_SUBJECT = opening(
    *("niet te bezorgen", "niet bezorgd", "onbestelbaar"),
    *("non remis", "échec de (?:la )?remise", "courrier non distribué", "message non distribuable"),
    *("undeliver(?:able|ed)", "mail delivery (?:failed|failure|system)", "returned mail", "failure notice"),
    *("delivery (?:status notification|failure|has failed|report|notification)", "mail system error"),
    *("failure delivery", "(?:e-?mail )?delivery (?:failure|warning|problem)", "mail delivery (?:warning|problem)"),
    *("returned mail", r"warning: (?:message|could not)", "mail failed", "mail could not be delivered"),
    r"your message\b.{0,80}\bcould not be delivered",
    *("unzustellbar", "zustellung fehlgeschlagen"),
)
BOUNCE_TEXT = anywhere(
    *("niet (?:worden )?(?:bezorgd|afgeleverd)", "diagnostische gegevens"),
    "n['’]a pas pu être (?:remis|distribué)",
    *("could(?:n['’]t| not) be delivered", "delivery (?:has failed|report)", "this is the mail system at host"),
    *("user unknown", "unknown user", "no such user", "did not reach the following", "could not deliver"),
    *("(?:able|unable) to deliver", "not (?:yet )?been delivered", "can(?:not|['’]t) be delivered", "undeliverable"),
    *("delivery attempt", "delivery errors?", "was not delivered"),
    *(
        "mailbox full",
        "recipient(?:'s)? (?:address|mailbox)",
        r"\b5\d\d[ -]5\.\d\.\d",
        "diagnostic(?:-code| information)",
    ),
    "konnte nicht zugestellt werden",
)
TECHNICAL_TEXT = anywhere(
    *(r"\b[45]\d\d[ -]#?[45]\.\d", r"#[45]\.\d\.\d", "smtp", "remote host", "mail system", "mailbox"),
    *(r"\brecipients?\b", "geadresseerde", "destinataires?", "empfänger", "user unknown", "unknown user"),
)

READ_SUBJECT = opening(
    r"(?:niet |on)?gelezen ?:",
    r"leesbevestiging ?:",
    r"(?:non )?lu ?:",
    r"accusé de lecture ?:",
    r"(?:not )?read(?: receipt)? ?:",
    r"(?:un)?gelesen ?:",
    r"lesebestätigung ?:",
)
READ_TEXT = anywhere(
    r"(?:bericht|mail)\b.{0,160}\b(?:is|werd|was) (?:ongelezen )?(?:gelezen|geopend|weergegeven|verwijderd)",
    *("accusé de lecture", "a été (?:lu|affiché|ouvert)"),
    *(r"your message\b.{0,160}\bwas (?:read|displayed|deleted)", "was (?:read|displayed) on"),
    "wurde (?:am .{0,60} )?(?:gelesen|angezeigt|geöffnet)",
)

AWAY_SUBJECT = opening(
    *("automatisch antwoord", "automatische (?:reactie|beantwoording)", "auto-?antwoord"),
    *("afwezig(?:heid)?(?:smelding|sbericht|sassistent)?\\b", "ik ben (?:er niet|afwezig)", "niet aanwezig"),
    *("réponse automatique", "message d['’]absence", r"absence(?: du bureau)?\s?:", "absence du bureau", "absente?\\b"),
    *(
        "automatic re(?:ply|sponse)",
        "auto[- ]?re(?:ply|sponse)",
        "out of (?:the )?office",
        "on leave\\b",
        "vacation\\b",
    ),
    *("automatische (?:antwort|abwesenheit)", "abwesen(?:heit|d)"),
)
# What only programs write at the start of a subject; with it a looser word for the absence is enough.
SURE_SUBJECT = opening(
    *("automatisch antwoord", "automatische (?:reactie|beantwoording)", "auto-?antwoord"),
    *("afwezigheids?(?:bericht|melding|assistent)", "réponse automatique", "message d['’]absence"),
    *("automatic re(?:ply|sponse)", "auto[- ]?re(?:ply|sponse)", "out of (?:the )?office"),
    *("automatische (?:antwort|abwesenheit)", "abwesenheits(?:notiz|meldung|assistent)"),
)
AWAY_WORD = anywhere(
    *(
        r"\bafwezig",
        r"\b(?:met|in) [a-z]{0,14}verlof",
        r"\bvakantie",
        r"niet (?:langer|meer) (?:bij|werkzaam|in dienst)",
    ),
    *(
        r"werk (?:ik )?niet (?:langer|meer|op)",
        "beperkte? toegang",
        r"neemt (?:uw|je) [a-z]{4,8} over",
        "niet op kantoor",
    ),
    *(r"\babsente?\b", "en congé", r"plus (?:partie|employée?) (?:de|par)", "ne travaille (?:plus|pas)"),
    *(
        "out of (?:the )?office",
        "no longer (?:work|with|employed)",
        r"on [a-z]{0,10} ?leave",
        "limited access",
        "i am away",
    ),
    *("urlaub", "nicht im büro", "nicht mehr (?:bei|für|in)", "abwesend"),
)
# The receipt that a desk's program sends at once: it calls itself automatic, and says that the mail came in.
ITSELF_TEXT = anywhere(
    *("(?:dit is|u ontvangt) een automatisch", "gelieve niet te antwoorden", "niet beantwoorden op (?:deze|dit)"),
    *("ceci est un (?:message|courriel) automatique", "merci de ne pas (?:y )?répondre"),
    *(
        "this is an automat",
        "do not reply to this",
        "dies ist eine automatisch",
        "nicht auf diese (?:e-?mail|nachricht)",
    ),
)
RECEIVED_TEXT = anywhere(
    *("(?:ontvingen|ontvangen|kregen) (?:wij |we )?(?:uw|je)", "(?:uw|je) .{0,30}(?:ontvangen|geregistreerd)"),
    *(
        "bien (?:été )?reçu",
        "(?:have |been )received your",
        "your .{0,30}(?:was|has been) received",
        "thank(?:s| you) for",
    ),
    "ihre .{0,30}(?:erhalten|eingegangen)",
)
# The writer says of himself that he is away.
ABSENT_TEXT = anywhere(
    r"\bik ben\b.{0,60}\b(?:afwezig|met (?:verlof|vakantie)|niet (?:aanwezig|bereikbaar|op kantoor)|buiten dienst)",
    r"lees mijn (?:e-?)?mails? niet",
    r"geen toegang tot mijn (?:e-?)?mail",
    r"je (?:suis|serai)\b.{0,60}(?:\babsente?|en congés?|en vacances|hors du bureau|indisponible)",
    r"\bi(?:['’]m| am| will be)\b.{0,60}\b(?:out of (?:the )?office|on vacation|on holiday|away|travell?ing)",
    r"\bi(?:['’]m| am| will be) on (?:annual |sick |maternity )?leave",
    r"\bich (?:bin|werde)\b.{0,80}\b(?:urlaub|abwesend|nicht im (?:büro|haus)|nicht erreichbar)",
)
# The thanks and the opening hours of an automatic answer.
ANSWER_TEXT = anywhere(
    r"\b(?:centrum|secretariaat|kantoor|onthaal|dienst|bureau|school|praktijk)\b.{0,30}\bgesloten\b",
    r"mails? (?:worden|wordt)\b.{0,60}\bniet gelezen",
    r"(?:dit is|u ontvangt) een automatisch",
    r"automatische? (?:antwoord|bericht|ontvangstmelding)",
    r"(?:bedankt|dank) voor (?:uw|je) (?:bericht|e-?mail)",
    r"(?:bericht|e-?mail) (?:wordt|worden) niet doorgestuurd",
    r"(?:message|réponse) automatique",
    r"messages ne seront pas (?:transférés|lus)",
    r"(?:bureau|secrétariat) (?:est|sera) fermé du",
    r"limited access to (?:my )?e-?mail",
    r"this (?:is an automat|mailbox is not)",
    r"thank(?:s| you) for (?:getting in touch|your (?:message|e-?mail))",
    r"in dieser zeit nicht (?:beantworten|lesen)",
    r"dies ist eine automatisch",
    r"vielen dank für ihre (?:nachricht|e-?mail)",
)
# What only a machine adds to an absence: that the mail stays unread.
UNREAD_TEXT = anywhere(
    *("niet gelezen", "lees mijn (?:e-?)?mails? niet", "geen toegang tot mijn", "niet doorgestuurd"),
    *("automatisch (?:antwoord|bericht)", "beperkte? (?:toegang tot|bereikbaar)"),
    *("ne (?:seront|sera) pas (?:transféré|lu)", "réponse automatique"),
    *("limited access to", "not (?:be )?(?:monitored|forwarded|checking)", "automatic reply"),
    "nicht (?:weitergeleitet|gelesen|beantworten)",
)

BULK_TEXT = anywhere(
    *(
        "uitschrijven",
        "afmelden",
        "unsubscribe",
        "se désinscrire",
        "désabonner",
        "désinscription",
        "abmelden",
        "abbestellen",
    )
)
