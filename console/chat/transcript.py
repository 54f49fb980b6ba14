"""A conversation as plain text, for the person's own copy."""

from console.chat.phrases import phrases
from console.dates import moment
from register.chat import Conversation


def transcript(one: Conversation, reference: str) -> str:
    """What was asked and said, in order, with the moment of each of the person's turns."""
    t = phrases(one.talk.language, young=one.talk.young)
    head = [t["merk"], f"{t['nummer_titel']}: {reference}"] if reference else [t["merk"]]
    blocks = ["\n".join(head)]
    for turn in one.talk.turns:
        who = t["gesprek_u"] if turn.who == "persoon" else t["gesprek_wij"]
        at = f" ({moment(turn.at)})" if turn.who == "persoon" else ""
        blocks.append(f"{who}{at}:\n{turn.text}")
    return "\n\n".join([*blocks, t["voet"]]) + "\n"
