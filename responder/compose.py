"""A mail, its decision and its dossier become a reply, or nothing when we do not write."""

from collections.abc import Mapping
from datetime import date

from intake.message import Message, Party
from responder import markup
from responder.choose import choose, referred
from responder.contact import Referable
from responder.filling import Case, Filed, fill
from responder.letter import LANGUAGES, Letter, Letters
from responder.markup import Section
from responder.recipient import addressee, answered_subject, one_line
from responder.reply import Reply, open_places
from triage.decision import Decision

# Every letter of ours bears this header, and intake knows our own mail by it when it comes back.
MARKER = "X-Klachtwijzer"

SENDER_NAME = "Klachtenteam Opgroeien"

_COURTESY = "werktaal"
_MOST_REFERENCES = 20


# The parts of a case come from five packages and none of them may be left out.
def compose(  # noqa: PLR0913
    message: Message,
    decision: Decision,
    dossier: Filed,
    letters: Letters,
    bodies: Mapping[str, Referable],
    *,
    on: date,
    sender_address: str,
    reply_address: str = "",
) -> Reply | None:
    """The reply to a mail, or None when we stay silent: nothing to answer, a machine, or nobody to write to.

    `on` is today; `reply_address` the signed address on which an answer finds this dossier. A reply that a person
    must see first says so in `held_because`. Nothing is sent here.
    """
    letter, doubt = choose(message, decision, letters)
    to, hesitation = addressee(message)
    ours = {sender_address.casefold(), reply_address.casefold()}
    if letter is None or to is None or to.address.casefold() in ours:
        return None
    case = Case(message, decision, dossier, bodies, sender_address)
    sections: list[Section] = []
    doubts = [doubt, hesitation, *_late(case, letter, on), *_foreign(decision.taal)]
    for one in (_courtesy(decision.taal, letters), letter):
        if one is not None:
            filling = fill(case, one, letters.words)
            sections.append(Section(one.language, one.template.render(filling.values)))
            doubts += filling.doubts
    text = markup.plain(sections)
    doubts += [f"Nog in te vullen: {place}" for place in open_places(text)]
    held_because = " ".join(dict.fromkeys(one for one in doubts if one))
    return Reply(
        sender=Party(SENDER_NAME, sender_address),
        to=to,
        subject=answered_subject(message.subject, dossier.reference, letter.heading.onderwerp),
        text=text,
        html=markup.page(sections, letter.heading.onderwerp),
        letter=letter.id,
        language=letter.language,
        bodies=referred(decision),
        reply_to=reply_address,
        in_reply_to=one_line(message.message_id),
        references=_thread(message),
        headers={"Auto-Submitted": "auto-replied", MARKER: dossier.reference},
        automatic=decision.automatisch and decision.uitkomst != "escaleren" and not held_because,
        held_because=held_because,
    )


def _courtesy(language: str, letters: Letters) -> Letter | None:
    """The note that stands above the letter for who does not write Dutch: in their language, else in English."""
    return letters.find(_COURTESY, language) or (letters.find(_COURTESY, "en") if language != LANGUAGES[0] else None)


def _foreign(language: str) -> list[str]:
    if language in LANGUAGES:
        return []
    return [f"De mail is in een taal ({language or 'onbekend'}) die onze regels niet dekken."]


def _late(case: Case, letter: Letter, on: date) -> list[str]:
    """Why the date in the letter, or the dossier that it names, cannot stand as it is."""
    doubts: list[str] = []
    due = case.dossier.due_answer
    if due is not None and due < on:
        doubts.append("De termijn voor het antwoord is al voorbij: pas de datum in de brief aan.")
    if letter.id == "toegevoegd" and case.decision.dossier is None:
        doubts.append("Het is niet zeker bij welk dossier de mail hoort.")
    return doubts


def _thread(message: Message) -> tuple[str, ...]:
    """The References of the answer (RFC 5322 §3.6.4): those of the mail and its own id last, bounded in number."""
    chain = (*(message.references or message.in_reply_to), message.message_id)
    known = tuple(dict.fromkeys(one_line(id) for id in chain if id.strip()))
    return known if len(known) <= _MOST_REFERENCES else (known[0], *known[-(_MOST_REFERENCES - 1) :])
