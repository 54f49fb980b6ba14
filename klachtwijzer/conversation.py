"""Conversations with complainants: weighed after each message by the same rules, kept and entered like any mail."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from console.chat.desk import Answer, Signpost, Weighed
from console.chat.questions import left
from console.chat.transcript import transcript
from intake.chat import Enclosure, Turn, compose
from intake.message import Message, Party
from intake.parse import parse
from klachtwijzer.ruleset import InForce, Ruleset
from klachtwijzer.story import Story
from register import chat
from register.book import Book
from register.chat import Conversation, Talk
from register.deadlines import day_of_receipt
from register.mail import keep
from register.outgoing import Outgoing
from register.page import Page
from register.reading import Record
from responder.choose import referred
from responder.compose import SENDER_NAME
from responder.language import LANGUAGES
from responder.summary import Form, summarise
from triage.assess import assess
from triage.assessment import Assessment
from triage.decide import decide
from triage.decision import Decision, Known
from triage.vocabulary import ACUUT

COPY = "kopie-gesprek"
# How long a person may be silent before what was not sent goes to staff all the same: under danger, and when urgent.
SILENCE = timedelta(minutes=5)
LONG_SILENCE = timedelta(minutes=30)
_SURE_LANGUAGE = 0.8
_HELD = "Kopie van een gesprek, gevraagd door wie schreef: kijk na of het adres klopt."
log = structlog.get_logger()


class Conversations:
    """The desk behind the public pages; it weighs, keeps and passes on, and decides nothing by itself."""

    def __init__(self, book: Book, story: Story, rules: Ruleset) -> None:
        self.book, self.story, self.rules = book, story, rules

    def weigh(self, talk: Talk) -> Weighed:
        """What the words come to under the rules in force: as a whole, and the last words on their own."""
        rules, now = self.rules.now(), self.book.now()
        message, assessment, decision = self._judged(talk.turns, talk, rules, now)
        last = next((turn for turn in reversed(talk.turns) if turn.who == "persoon"), None)
        alone = self._judged((last,), talk, rules, now)[2] if last is not None else decision
        dangers = dict.fromkeys((*decision.gevaar, *alone.gevaar))
        language = assessment.facts.get("taal")
        form: Form = "je" if talk.young or "D10" in dangers else "u"
        return Weighed(
            danger=_alarming(decision) or _alarming(alone),
            apart=_alarming(alone) and not _alarming(decision),
            dangers=tuple(one for one in dangers if one in ACUUT),
            urgent=decision.dringendheid != "gewoon",
            young="D10" in dangers,
            language=decision.taal if language and language.confidence >= _SURE_LANGUAGE else "",
            missing=left(assessment, decision, message.own, mail=talk.mail),
            retold=summarise(message, assessment, rules.letters.retelling, form),
        )

    def _judged(
        self, turns: Sequence[Turn], talk: Talk, rules: InForce, now: datetime
    ) -> tuple[Message, Assessment, Decision]:
        raw, envelope = compose(
            turns, conversation="weging", recipient=self.story.mailbox, name=talk.name, address=talk.mail
        )
        message = parse(raw, envelope)
        assessment = assess(message, rules.pipeline)
        on = day_of_receipt(now)
        return message, assessment, decide(assessment, rules.pipeline.rulebook, on, Known(register=True))

    def deliver(self, number: int, *, apart: bool = False) -> None:
        """Keep what no mail holds yet, together with the note that it was kept; then enter it, here and now."""
        with self.book.begin() as page:
            one = chat.take(page.connection, number)
            if one is None:
                return
            recipient = self._recipient(page, one.talk)
            places = one.talk.pending
            if apart:
                own = [place for place in places if one.talk.turns[place].who == "persoon"]
                places = tuple(own[-1:])
            files = () if apart else chat.hand_over(page.connection, number)
            turns = _worded([one.talk.turns[place] for place in places], files, page.now())
            if not any(turn.who == "persoon" for turn in turns):
                chat.write(page.connection, _told(one, places), page.now(), spoken=False)
                return
            key = f"{one.key}-{len(one.talk.digests)}"
            raw, envelope = compose(
                turns,
                conversation=key,
                recipient=recipient,
                name=one.talk.name,
                address=one.talk.mail,
                enclosures=files,
            )
            digest = keep(page.connection, [(raw, envelope)])[0].digest
            one = _told(one, places, digest)
            chat.write(page.connection, one, page.now(), spoken=False)
        self._enter(digest)
        self._hold_copy(one)

    def _enter(self, digest: str) -> None:
        try:
            self.story.triage(digest)
        except Exception as trouble:
            # It is kept and has its job, so that the worker does it.
            log.warning("conversation left to the worker", digest=digest[:12], kind=type(trouble).__name__)

    def _recipient(self, page: Page, talk: Talk) -> str:
        """Our address; that of the dossier when an earlier mail of the conversation opened one."""
        record = self._record(talk)
        if record is None or record.dossier is None:
            return self.story.mailbox
        return page.reply_address(record.dossier.reference, self.story.mailbox)

    def _record(self, talk: Talk) -> Record | None:
        return self.book.record(talk.digests[0]) if talk.digests else None

    def answer(self, conversation: Conversation) -> Answer:
        """What became of what was delivered; under danger neither bodies nor terms."""
        record = self._record(conversation.talk)
        danger = conversation.danger is not None
        if record is None:
            return Answer(None, "", danger)
        decision, dossier = record.decision, record.dossier
        danger = danger or _alarming(decision)
        return Answer(
            reference=dossier.reference if dossier else None,
            uitkomst=decision.uitkomst,
            danger=danger,
            acknowledge_by=dossier.due_ack if dossier else None,
            answer_by=dossier.due_answer if dossier else None,
            bodies=() if danger else self._signposts(referred(decision)),
            missing=decision.ontbreekt,
        )

    def _signposts(self, ids: Sequence[str]) -> tuple[Signpost, ...]:
        bodies = self.rules.now().pipeline.rulebook.bodies
        known = [bodies[one] for one in ids if one in bodies]
        return tuple(Signpost(body.naam, body.wat, body.checked) for body in known if body.checked)

    def _hold_copy(self, one: Conversation) -> None:
        """Lay a copy of the conversation ready for the person; like every letter it leaves when staff let it."""
        talk, record = one.talk, self._record(one.talk)
        wanted = one.ended is not None and talk.copy and not talk.copied and talk.mail
        if not wanted or record is None or record.dossier is None:
            return
        outgoing = Outgoing(
            digest=record.item.digest,
            letter=COPY,
            sender=Party(SENDER_NAME, self.story.mailbox),
            to=Party(talk.name, talk.mail),
            subject=f"Kopie van uw gesprek ({record.dossier.reference})",
            text=transcript(one, record.dossier.reference),
            language=talk.language if talk.language in LANGUAGES else LANGUAGES[0],
            reply_to=self.book.reply_address(record.dossier.reference, self.story.mailbox),
            held_because=_HELD,
        )
        with self.book.begin() as page:
            page.hold(record.dossier.reference, outgoing, released=False)
            now = chat.take(page.connection, one.number)
            if now is not None:
                copied = replace(now, talk=replace(now.talk, copied=True))
                chat.write(page.connection, copied, page.now(), spoken=False)

    def tend(self) -> int:
        """Pass on what is urgent and fell silent, wipe what is over its days; how many were passed on."""
        with self.book.begin() as page:
            now = page.now()
            waiting = chat.waiting(page.connection, in_danger=now - SILENCE, others=now - LONG_SILENCE)
            asking = chat.uncopied(page.connection)
        for number in waiting:
            self.deliver(number)
        for one in asking:
            self._hold_copy(one)
        with self.book.begin() as page:
            wiped = chat.wipe(page.connection, page.now())
        if waiting or wiped:
            log.info("conversations tended", passed_on=len(waiting), wiped=wiped)
        return len(waiting)


def _told(one: Conversation, places: Sequence[int], *digests: str) -> Conversation:
    talk = replace(one.talk, told=(*one.talk.told, *places), digests=(*one.talk.digests, *digests))
    return replace(one, talk=talk)


def _alarming(decision: Decision) -> bool:
    return decision.uitkomst == "escaleren" or bool(ACUUT & set(decision.gevaar))


def _worded(turns: list[Turn], files: Sequence[Enclosure], now: datetime) -> list[Turn]:
    """The turns, with a word of the person when there are files alone: a mail needs one."""
    if not files or any(turn.who == "persoon" for turn in turns):
        return turns
    return [*turns, Turn("persoon", "Hierbij een bijlage.", now)]
