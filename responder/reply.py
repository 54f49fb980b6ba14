"""A filled letter, ready to be held or posted."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from intake.message import Party
from register.outgoing import Outgoing

_OPEN_PLACE = re.compile(r"\[\[(.+?)\]\]", re.DOTALL)


def open_places(text: str) -> tuple[str, ...]:
    """What staff must still fill in: the words between `[[` and `]]`. A letter with any must not leave."""
    return tuple(" ".join(found.split()) for found in _OPEN_PLACE.findall(text))


@dataclass(frozen=True, slots=True)
class Reply:
    """What we write back to one mail. Composed only: nothing has left yet."""

    sender: Party
    """The address we write from."""
    to: Party
    subject: str
    text: str
    html: str
    letter: str
    """Id of the letter."""
    language: str
    bodies: tuple[str, ...]
    """Ids of the bodies it points to."""
    reply_to: str = ""
    """The signed address on which an answer finds its dossier; empty for none."""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    automatic: bool = False
    """True when the decision lets it leave without a person and nothing holds it."""
    held_because: str = ""
    """Why it must wait for a person, in Dutch; empty when nothing hinders."""

    def outgoing(self, digest: str) -> Outgoing:
        """The same as the register keeps it, as the answer to the mail of that digest."""
        return Outgoing(
            digest=digest,
            letter=self.letter,
            sender=self.sender,
            to=self.to,
            subject=self.subject,
            text=self.text,
            html=self.html,
            language=self.language,
            bodies=self.bodies,
            reply_to=self.reply_to,
            in_reply_to=self.in_reply_to,
            references=self.references,
            headers=self.headers,
            automatic=self.automatic,
            held_because=self.held_because,
        )
