"""Whether a machine wrote a mail, and by which sign (RFC 3834, RFC 3464, RFC 8098 and what programs really send).

A person's complaint taken for a machine's is silenced, so words alone count only when subject and text agree.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from intake import machine_words as said
from intake.message import Party

# A field of a web form, at the start of a line.
_FORM_FIELD = re.compile(
    r"^\W{0,4}(?:uw |je |your |votre |ihre )?"
    r"(?:naam|voornaam|name|nom|vorname|bericht|message|omschrijving|klacht)\s?:",
    re.IGNORECASE | re.MULTILINE,
)
_AUTO_HEADERS = ("x-autoreply", "x-autorespond", "x-mail-autoreply")
_BULK = frozenset({"bulk", "junk", "list", "auto_reply", "auto-reply"})
# Absences and receipts are short; a longer text has something to say.
_AWAY_LENGTH = 1_500
_RECEIPT_LENGTH = 800


@dataclass(frozen=True, slots=True)
class Signs:
    """What the signs of a machine are looked for in."""

    headers: Mapping[str, str]
    sender: Party
    null_sender: bool
    """Whether the envelope has no sender to answer to."""
    recipients: tuple[str, ...]
    subject: str
    own: str
    """The writer's own words."""
    text: str
    report: str = ""
    """`delivery-status` or `disposition-notification` when the mail is such a report by its structure."""


def automatic(signs: Signs) -> str | None:
    """Why a machine must have written the mail, as a Dutch sentence.

    None for a person's mail, also when a web form or a list of our own sent it on.
    """
    if signs.headers.get("x-klachtwijzer"):
        return "Dit is eigen post die terugkomt: ze draagt ons eigen merkteken (X-Klachtwijzer)."
    if signs.report == "delivery-status" or signs.headers.get("x-failed-recipients"):
        return "Dit is een bezorgrapport (DSN) over een eerder verzonden mail."
    if signs.report == "disposition-notification":
        return "Dit is een leesbevestiging (MDN)."
    if _is_form(signs):
        return None
    return _by_words(signs) or _by_headers(signs) or _by_list(signs)


def is_bounce(signs: Signs) -> bool:
    """Whether a mail that a machine wrote tells that another mail did not arrive."""
    if signs.report == "delivery-status" or signs.headers.get("x-failed-recipients"):
        return True
    return bool(said.BOUNCE_SUBJECT.match(signs.subject)) or bool(said.BOUNCE_TEXT.search(signs.text[:5000]))


def _is_form(signs: Signs) -> bool:
    """A web form sends from a machine's address what a person wrote."""
    if any(known.match(signs.subject) for known in (said.AWAY_SUBJECT, said.BOUNCE_SUBJECT, said.READ_SUBJECT)):
        return False
    fields = len(_FORM_FIELD.findall(signs.text[:5000]))
    return fields >= 2 or (fields == 1 and bool(said.FORM_SUBJECT.search(signs.subject)))


def _by_words(signs: Signs) -> str | None:
    told = signs.text[:5000]
    machine = signs.null_sender or bool(said.MACHINE_SENDER.match(signs.sender.address))
    subject_bounces = bool(said.BOUNCE_SUBJECT.match(signs.subject))
    text_bounces = said.BOUNCE_TEXT.search(told) is not None
    # People also write that a letter was not delivered; only machines speak of recipients and codes with it.
    technical = subject_bounces and text_bounces and bool(said.TECHNICAL_TEXT.search(told))
    if technical or (machine and (subject_bounces or text_bounces)):
        return "Dit is een melding dat een mail niet bezorgd kon worden."
    if said.READ_SUBJECT.match(signs.subject) and len(signs.own) < _RECEIPT_LENGTH and said.READ_TEXT.search(told):
        return "Dit is een leesbevestiging."
    if len(signs.own) > _AWAY_LENGTH:
        return None
    if _is_away(signs):
        return "De tekst is die van een automatisch antwoord of een afwezigheidsmelding."
    if _is_receipt(signs):
        return "Dit is een automatische ontvangstmelding."
    return None


def _is_away(signs: Signs) -> bool:
    told = said.ABSENT_TEXT.search(signs.own) or said.ANSWER_TEXT.search(signs.own)
    if told and (signs.null_sender or said.AWAY_SUBJECT.match(signs.subject)):
        return True
    if said.SURE_SUBJECT.match(signs.subject) and said.AWAY_WORD.search(signs.own):
        return True
    # Without a telling subject the text must begin with the absence and ask nothing.
    asks = "?" in signs.own
    return not asks and bool(said.ABSENT_TEXT.search(signs.own[:200]) and said.UNREAD_TEXT.search(signs.own))


def _is_receipt(signs: Signs) -> bool:
    """Whether an address that nobody reads says of its own mail that it is automatic, and that ours came in."""
    if len(signs.own) > _RECEIPT_LENGTH or not said.NOBODY_SENDER.match(signs.sender.address):
        return False
    return said.ITSELF_TEXT.search(signs.own) is not None and said.RECEIVED_TEXT.search(signs.own) is not None


def _by_headers(signs: Signs) -> str | None:
    headers = signs.headers
    if headers.get("x-loop", "").strip().lower() in {address.lower() for address in signs.recipients if address}:
        return "Dit is eigen post die terugkomt: de kop X-Loop noemt ons eigen adres."
    submitted = headers.get("auto-submitted", "").split(";")[0].strip().lower()
    if submitted and submitted != "no":
        return f"De kop Auto-Submitted zegt dat een machine dit bericht verstuurde ({submitted[:30]})."
    if any(headers.get(name) for name in _AUTO_HEADERS):
        return "De kop van het bericht zegt dat het een automatisch antwoord is."
    return None


def _by_list(signs: Signs) -> str | None:
    headers = signs.headers
    # When our own address is a list, all mail to us carries its headers, and they say nothing about the writer.
    if _own_list(signs):
        return None
    precedence = headers.get("precedence", "").strip().lower()
    if precedence in _BULK:
        return f"De kop Precedence zegt dat dit geen persoonlijk bericht is ({precedence})."
    if headers.get("list-id"):
        return "Het bericht kwam via een verzendlijst (List-Id)."
    if not headers.get("list-unsubscribe"):
        return None
    nobody = said.NOBODY_SENDER.match(signs.sender.address)
    if headers.get("feedback-id") or nobody or said.BULK_TEXT.search(signs.text[-20_000:]):
        return "Het bericht is een nieuwsbrief of massaverzending (List-Unsubscribe)."
    return None


def _own_list(signs: Signs) -> bool:
    told = f"{signs.headers.get('list-id', '')} {signs.headers.get('list-post', '')}".lower()
    for address in signs.recipients:
        local, _, domain = address.lower().partition("@")
        if domain and (f"{local}@{domain}" in told or f"<{local}.{domain}>" in told):
            return True
    return False
