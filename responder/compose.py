"""A mail, its decision and its dossier become a reply, or nothing when we do not write."""

from collections.abc import Iterator, Mapping
from datetime import date

from intake.message import Message, Party
from register.law import Law, shipped
from responder import markup
from responder.choose import ByPerson, choose, chosen_letter, referred
from responder.contact import Referable
from responder.filling import Case, Filed, fill
from responder.language import LANGUAGES, named
from responder.letter import Letter, Letters
from responder.markup import Section
from responder.recipient import addressee, answered_subject, one_line
from responder.reply import Reply, open_places
from triage.assessment import Assessment
from triage.decision import Decision

# Every letter of ours bears this header, and intake knows our own mail by it when it comes back.
MARKER = "X-Klachtwijzer"

SENDER_NAME = "Klachtenteam Opgroeien"

CHOSEN = "Een medewerker koos deze brief."
"""Why a letter waits that no rule named."""

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
    assessment: Assessment | None = None,
    chosen: ByPerson = "",
    law: Law | None = None,
) -> Reply | None:
    """The reply to a mail, or None when we stay silent: nothing to answer, a machine, or nobody to write to.

    `on` is today; `reply_address` the signed address on which an answer finds this dossier; `assessment` what the
    summary is built from; `chosen` the id of the letter that a person asked for in place of the usual one, of which a
    minor gets the je-form; `law` what the last days are reckoned by (None: that of the checkout). A reply that a person
    must see first says so in `held_because`. Nothing is sent here.

    Raises UnknownLetterError when there is no letter `chosen`.
    """
    letter, doubt = chosen_letter(message, decision, letters, chosen) if chosen else choose(message, decision, letters)
    to, hesitation = addressee(message)
    ours = {sender_address.casefold(), reply_address.casefold()}
    if letter is None or to is None or to.address.casefold() in ours:
        return None
    case = Case(message, decision, dossier, bodies, sender_address, on, assessment, law or shipped())
    sections: list[Section] = []
    doubts = [doubt, hesitation, *_personal(letter, chosen), *_late(case, letter), *_foreign(decision.taal)]
    for one in (_courtesy(decision.taal, letters), letter):
        if one is not None:
            filling = fill(case, one, letters)
            sections.append(Section(one.language, one.template.render(filling.values)))
            doubts += [*_unread(one), *filling.doubts]
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
        headers={MARKER: dossier.reference},
        automatic=decision.automatisch and decision.uitkomst != "escaleren" and not held_because,
        held_because=held_because,
    )


def _courtesy(language: str, letters: Letters) -> Letter | None:
    """The note that stands above the letter for who does not write Dutch: in their language, else in English."""
    return letters.find(_COURTESY, language) or (letters.find(_COURTESY, "en") if language != LANGUAGES[0] else None)


def _personal(letter: Letter, chosen: str) -> Iterator[str]:
    if letter.heading.beslist == "persoon":
        yield "Over deze brief beslist altijd een medewerker."
    elif chosen:
        yield CHOSEN


def _unread(letter: Letter) -> Iterator[str]:
    if not letter.heading.nagelezen:
        yield f"Nog niemand die de taal kent, las de nota na ({named(letter.language)})."


def _foreign(language: str) -> Iterator[str]:
    if language not in LANGUAGES:
        yield f"De mail is in een taal ({named(language)}) die onze regels niet dekken."


def _late(case: Case, letter: Letter) -> Iterator[str]:
    """Why the date in the letter, or the dossier that it names, cannot stand as it is."""
    due = case.dossier.due_answer
    if due is not None and due < case.on:
        yield "De termijn voor het antwoord is al voorbij: pas de datum in de brief aan."
    if letter.id == "toegevoegd" and case.decision.dossier is None:
        yield "Het is niet zeker bij welk dossier de mail hoort."


def _thread(message: Message) -> tuple[str, ...]:
    """The References of the answer (RFC 5322 §3.6.4): those of the mail and its own id last, bounded in number."""
    chain = (*(message.references or message.in_reply_to), message.message_id)
    known = tuple(dict.fromkeys(one_line(id) for id in chain if id.strip()))
    return known if len(known) <= _MOST_REFERENCES else (known[0], *known[-(_MOST_REFERENCES - 1) :])
