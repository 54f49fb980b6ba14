"""What happens after each word of the person: kept first, then weighed, and passed on at once when there is danger."""

from collections.abc import Callable
from dataclasses import replace

import structlog

from console.chat.desk import Weighed
from console.chat.lobby import GoneError, Lobby
from register import chat
from register.chat import Conversation, Talk

MOST_TURNS = 40
"""Answers that one conversation holds."""
LONGEST = 20_000
"""Characters of one answer."""
MOST_WORDS = 60_000
"""Characters of one conversation."""
log = structlog.get_logger()


def full(talk: Talk) -> bool:
    """Whether the conversation holds no more words."""
    said = [turn.text for turn in talk.turns if turn.who == "persoon"]
    return len(said) >= MOST_TURNS or sum(map(len, said)) >= MOST_WORDS


def change(here: Lobby, number: int, become: Callable[[Conversation], Conversation]) -> Conversation:
    """The conversation as `become` makes it of what is on file now, kept. Raises GoneError when it was wiped."""
    with here.book.begin() as page:
        one = chat.take(page.connection, number)
        if one is None:
            raise GoneError
        changed = become(one)
        if changed is not one:
            chat.write(page.connection, changed, page.now())
        return changed


def hear(here: Lobby, one: Conversation) -> Conversation:
    """Weigh what was said and is kept already; under danger a person gets it now, whatever follows."""
    fresh = _fresh(one)
    if not any(turn.who == "persoon" for turn in fresh.turns):
        return one
    try:
        weighed = here.desk.weigh(fresh)
    except Exception as trouble:
        # Nobody knows what was said, so a person must look.
        log.error("conversation not weighed", trouble=type(trouble).__name__)
        one = change(here, one.number, lambda now: replace(now, urgent=True))
        here.desk.deliver(one.number)
        return one
    new = set(weighed.dangers) - set(one.talk.dangers)
    alarmed = one.danger is not None
    one = change(here, one.number, lambda now: _marked(now, weighed, here))
    if weighed.danger and (new or not alarmed):
        here.desk.deliver(one.number, apart=weighed.apart)
    elif alarmed and not weighed.danger:
        here.desk.deliver(one.number)
    return one


def weigh(here: Lobby, one: Conversation) -> Weighed:
    """What the whole conversation comes to; nothing when it cannot be weighed."""
    try:
        return here.desk.weigh(one.talk)
    except Exception as trouble:
        log.error("conversation not weighed", trouble=type(trouble).__name__)
        return Weighed()


def _fresh(one: Conversation) -> Talk:
    """What staff do not have yet, once they were alarmed: the danger that they know of is no news."""
    if one.danger is None:
        return one.talk
    return replace(one.talk, turns=tuple(one.talk.turns[place] for place in one.talk.pending))


def _marked(one: Conversation, weighed: Weighed, here: Lobby) -> Conversation:
    talk = one.talk
    spoken = weighed.language if weighed.language in ("nl", "fr", "en") and not talk.chosen else talk.language
    talk = replace(
        talk,
        young=talk.young or weighed.young,
        language=spoken,
        dangers=tuple(dict.fromkeys((*talk.dangers, *weighed.dangers))),
    )
    danger = one.danger or (here.book.now() if weighed.danger else None)
    return replace(one, talk=talk, danger=danger, urgent=one.urgent or weighed.urgent)
