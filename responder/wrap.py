"""An outgoing letter as a mail on the wire: MIME, threading, and headers that nothing can break out of."""

import re
from contextlib import suppress
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime

from intake.message import Party
from register.outgoing import Outgoing
from responder.recipient import is_address, one_line

# A letter that left without a person says so (RFC 3834 §5), also to Exchange, which has its own word for it. One that a
# person released is a person's letter: some offices throw away whatever calls itself automatic.
_AUTOMATIC = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}

# Only these may be added to a letter from outside; who it goes to is never among them.
_FREE = re.compile(r"^(Auto-Submitted|X-[A-Za-z0-9-]{1,60})$")
_ID = re.compile(r"^[\x21-\x3b\x3d\x3f-\x7e]{1,900}$")


class _Ids(UnstructuredHeader):
    """A header of message ids, one a line.

    The library would cut ids that are longer than a line into encoded words, and no mail program would find the
    thread again.
    """

    def fold(self, *, policy: Policy) -> str:
        name: str = self.name  # type: ignore[attr-defined]
        return f"{name}: " + f"{policy.linesep} ".join(str(self).split()) + policy.linesep


def _registry() -> HeaderRegistry:
    registry = HeaderRegistry()
    for name in ("message-id", "in-reply-to", "references"):
        # At run time the registry itself joins the class to BaseHeader.
        registry.map_to_type(name, _Ids)  # type: ignore[arg-type]
    return registry


_POLICY = SMTP.clone(header_factory=_registry())


def wire(mail: EmailMessage, *, wide: bool) -> bytes:
    """The bytes of a mail; `wide` ones carry addresses outside ASCII as they are (RFC 6531)."""
    return mail.as_bytes(policy=_POLICY.clone(utf8=wide))


def wrap(outgoing: Outgoing, sent: datetime) -> EmailMessage:
    """The letter as a mail; the same letter and moment give the same headers, so that a retry is the same mail.

    Raises ValueError for an address that cannot stand in a header, a missing message id, or a header that is not free.
    """
    if not _ID.fullmatch(outgoing.message_id):
        raise ValueError("een brief heeft een Message-ID nodig")
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = _address(outgoing.sender)
    mail["To"] = _address(outgoing.to)
    mail["Subject"] = _calm(outgoing.subject)
    mail["Date"] = format_datetime(sent)
    mail["Message-ID"] = f"<{outgoing.message_id}>"
    if outgoing.reply_to:
        mail["Reply-To"] = _address(Party(outgoing.sender.name, outgoing.reply_to))
    if _ID.fullmatch(outgoing.in_reply_to):
        mail["In-Reply-To"] = f"<{outgoing.in_reply_to}>"
    if chain := [f"<{id}>" for id in outgoing.references if _ID.fullmatch(id)]:
        mail["References"] = " ".join(chain)
    given = {name: value for name, value in outgoing.headers.items() if name not in _AUTOMATIC}
    for name, value in (given | (_AUTOMATIC if outgoing.automatic else {})).items():
        if not _FREE.fullmatch(name):
            raise ValueError("een brief krijgt alleen kopregels die vrij zijn")
        mail[name] = _calm(value)
    mail.set_content(outgoing.text, cte="quoted-printable")
    if outgoing.html:
        mail.add_alternative(outgoing.html, subtype="html", cte="quoted-printable")
    # Set last: the library moves what it finds about the content into the first part.
    mail["Content-Language"] = _calm(outgoing.language)
    # The library draws a random boundary; drawn from the id, a retry is the same to the byte.
    if mail.is_multipart():
        mail.set_boundary("=_" + re.sub(r"[^A-Za-z0-9]", "", outgoing.message_id)[:60])
    return mail


def _address(party: Party) -> Address:
    local, _, domain = party.address.rpartition("@")
    if is_address(party.address):
        # A domain travels in ASCII, so that only the local part may need SMTPUTF8.
        with suppress(UnicodeError, ValueError, MessageError):
            return Address(_calm(party.name), username=local, domain=domain.encode("idna").decode("ascii"))
    raise ValueError("een adres van de brief is geen geldig mailadres")


def _calm(text: str) -> str:
    """One line, and no word that a reader would decode into something else (RFC 2047)."""
    return one_line(text).replace("=?", "= ?")
