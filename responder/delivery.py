"""A released letter leaves at most once, whatever dies on the way.

`claim` writes down that a try begins, in a transaction of its own, before the relay is called; the outcome is noted in
the transaction that holds the letter's lock. So there are four endings:

- the relay answered and we noted it: sent, delayed or refused;
- we died before the relay had the letter: the next claim finds a try without an end;
- the relay took it and we died before we noted so: the same, and nobody can tell the two apart;
- the connection was lost after the letter was given: as good as the same.

In the last three the letter becomes `mislukt` with the reason, and a person decides whether it goes again: a letter
that comes twice is a nuisance, but one of which nobody knows whether it left is a broken term.
"""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from register.outgoing import Dispatch
from responder.post import PATIENCE, Posted, post
from responder.relay import PermanentFailure, TemporaryFailure
from responder.seal import Seal

UNCERTAIN = "De verbinding viel weg nadat het relay de hele brief had: het is niet zeker of hij vertrok."


class Desk(Protocol):
    """One transaction of the register; `register.page.Page` is one."""

    def claim_outgoing(self, outgoing_id: int) -> Dispatch | None: ...
    def sent(self, outgoing_id: int, message_id: str, *, copy: str = "", answer: str = "") -> None: ...
    def failed(self, outgoing_id: int, why: str, *, permanent: bool) -> None: ...


# Who sends, what, by which way and when: each is another's to know.
def deliver(  # noqa: PLR0913
    begin: Callable[[], AbstractContextManager[Desk]],
    outgoing_id: int,
    url: str,
    *,
    now: Callable[[], datetime],
    seal: Seal | None = None,
    patience: float = PATIENCE,
) -> Posted | None:
    """Sends the letter if it is released and nobody else is sending it; None when it did not leave now.

    `begin` opens a page of the register. A passing failure is planned again by the register, ever later and for at most
    five days; a lasting one is shown to staff.
    """
    with begin() as desk:
        dispatch = desk.claim_outgoing(outgoing_id)
        if dispatch is None:
            return None
        try:
            posted = asyncio.run(post(dispatch.outgoing, url, sent=now(), seal=seal, patience=patience))
        except TemporaryFailure as failure:
            why = UNCERTAIN if failure.uncertain else str(failure)
            desk.failed(outgoing_id, why, permanent=failure.uncertain)
        except PermanentFailure as failure:
            desk.failed(outgoing_id, str(failure), permanent=True)
        else:
            desk.sent(outgoing_id, posted.message_id, copy=posted.copy, answer=posted.answer)
            return posted
    return None
