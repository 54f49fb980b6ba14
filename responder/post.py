"""The one place where letters leave: one letter, one relay, one try.

A try ends in `Posted`, `TemporaryFailure` or `PermanentFailure`. When the connection is lost after the relay had the
whole letter, nobody can tell whether it left: `TemporaryFailure.uncertain` says so. Such a letter is not tried again by
itself (see `delivery.py`). When a person lets it leave again, it bears the same Message-ID, by which mail programs know
it as the same.
"""

import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import AddressHeader
from email.message import EmailMessage
from socket import gethostname

import aiosmtplib

from register.outgoing import Outgoing
from responder.relay import PermanentFailure, Relay, TemporaryFailure, relay
from responder.seal import Seal, sealed
from responder.wrap import wire, wrap

# Seconds that we wait for each answer of a relay.
PATIENCE = 30.0

# So many times longer for the answer to the whole letter: a relay that has it may still be looking for viruses, and who
# hangs up too early sends twice (RFC 5321 §4.5.3.2.6 asks for ten minutes, §6.1 tells why).
_LAST_PATIENCE = 20

_LOST = (aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPTimeoutError, ConnectionError, TimeoutError)

# Answers that want another login from us (RFC 4954 §6): the setting is at fault and not the letter.
_OUR_LOGIN = frozenset({530, 534, 535, 538})


@dataclass(frozen=True, slots=True)
class Posted:
    """The relay has taken the letter upon itself."""

    message_id: str
    code: int
    answer: str
    """The relay's own word, where it names its queue; never text of ours."""
    copy: str
    """The mail as it was handed over, headers and signature included."""


async def post(
    outgoing: Outgoing, url: str, *, sent: datetime, seal: Seal | None = None, patience: float = PATIENCE
) -> Posted:
    """Gives one letter to the relay at `url` (`smtp[s]://user:pass@host:port`), `sent` being its Date.

    With a `seal` it bears a DKIM signature of the domain that we write from.

    An automatic letter leaves with the null return path, so that no machine can answer it (RFC 3834 §3.3); a released
    one with its signed address, so that a bounce finds the dossier.
    """
    try:
        target = relay(url)
    except ValueError as error:
        raise TemporaryFailure(str(error)) from None
    try:
        mail = wrap(outgoing, sent)
    except ValueError as error:
        raise PermanentFailure(f"De brief kan zo niet weg: {error}.") from None
    back = "" if outgoing.automatic else _spec(mail["Reply-To"] or mail["From"])
    client = await _connect(target, patience)
    try:
        return await _hand_over(client, mail, back, seal)
    finally:
        with suppress(aiosmtplib.SMTPException, OSError):
            await client.quit(timeout=5)
        client.close()


async def _connect(target: Relay, patience: float) -> aiosmtplib.SMTP:
    client = aiosmtplib.SMTP(
        hostname=target.host,
        port=target.port,
        use_tls=target.tls,
        start_tls=False if target.tls else None,
        tls_context=_trust(target),
        # The library would ask the DNS for our own name, which may take many seconds.
        local_hostname=gethostname(),
        timeout=patience,
    )
    try:
        await client.connect()
        if target.user:
            if client.get_transport_info("ssl_object") is None and not target.nearby:
                raise TemporaryFailure("Het relay biedt geen TLS aan: ons wachtwoord gaat niet leesbaar over het net.")
            await client.login(target.user, target.password)
    except TemporaryFailure:
        client.close()
        raise
    except (aiosmtplib.SMTPException, OSError) as error:
        client.close()
        # A relay that refuses us refuses every letter: that is for the operator, no letter is to blame.
        raise TemporaryFailure(f"Het relay is niet bereikbaar of aanvaardt ons niet ({_said(error)}).") from None
    return client


def _trust(target: Relay) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if target.nearby:
        # Nobody stands between us and our own machine, and no certificate bears the name 127.0.0.1.
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


async def _hand_over(client: aiosmtplib.SMTP, mail: EmailMessage, back: str, seal: Seal | None) -> Posted:
    to = _spec(mail["To"])
    wide = not (back + to).isascii()
    if wide and not client.supports_extension("smtputf8"):
        raise PermanentFailure("Het relay kan geen adres aan met letters buiten ASCII.")
    raw = wire(mail, wide=wide)
    if seal is not None:
        raw = sealed(raw, seal, _spec(mail["From"]).rpartition("@")[2])
    whole = False
    try:
        await client.mail(back, options=["SMTPUTF8"] if wide else None, encoding="utf-8" if wide else "ascii")
        await client.rcpt(to, encoding="utf-8" if wide else "ascii")
        whole = True
        answer = await client.data(raw, timeout=(client.timeout or PATIENCE) * _LAST_PATIENCE)
    except aiosmtplib.SMTPResponseException as error:
        if 500 <= error.code < 600 and error.code not in _OUR_LOGIN:
            raise PermanentFailure(f"Het relay weigert de brief ({_said(error)}).") from None
        raise TemporaryFailure(f"Het relay vraagt om later opnieuw te proberen ({_said(error)}).") from None
    except _LOST:
        raise TemporaryFailure("De verbinding met het relay viel weg.", uncertain=whole) from None
    except (aiosmtplib.SMTPException, OSError) as error:
        raise TemporaryFailure(f"Het gesprek met het relay mislukte ({_said(error)}).", uncertain=whole) from None
    said = " ".join(answer.message.split())[:200]
    return Posted(str(mail["Message-ID"]).strip("<>"), answer.code, said, raw.decode("utf-8"))


def _said(error: Exception) -> str:
    """The code of the relay's answer, or the kind of error; an answer's own words may hold an address."""
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return str(error.code)
    return type(error).__name__


def _spec(header: AddressHeader) -> str:
    return header.addresses[0].addr_spec
