"""Letters leave over real sockets: relays that take, refuse, delay, vanish, ask for a name or speak TLS."""

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from intake.message import Party
from responder.post import post
from responder.relay import PermanentFailure, TemporaryFailure
from tests.responder.test_wrap import LETTER, SENT

# A self-signed certificate for tests only; its name is relay.example.
CERTIFICATE = Path(__file__).parent / "relay.pem"


class Taker:
    """Takes every letter; answers of other relays are set by the tests."""

    def __init__(self, *, rcpt: str = "", data: str = "250 2.0.0 Ok: queued as 4XyZ") -> None:
        self.rcpt = rcpt
        self.data = data
        self.taken: list[Envelope] = []
        self.secure: list[bool] = []
        self.logins: list[bytes] = []

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.rcpt:
            return self.rcpt
        envelope.rcpt_tos.append(address)
        return "250 Ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.taken.append(envelope)
        self.secure.append(session.ssl is not None)
        return self.data

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any
    ) -> AuthResult:
        assert isinstance(given, LoginPassword)
        self.logins.append(given.password)
        return AuthResult(success=given == LoginPassword(b"brief", b"ge:heim@1"), handled=False)


@asynccontextmanager
async def listening(make: Callable[[], asyncio.Protocol], **options: Any) -> AsyncIterator[int]:
    server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", 0, **options)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


@asynccontextmanager
async def serving(taker: Taker, **options: Any) -> AsyncIterator[str]:
    async with listening(lambda: SMTP(taker, enable_SMTPUTF8=True, **options)) as port:
        yield f"smtp://127.0.0.1:{port}"


def tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


def content(envelope: Envelope) -> bytes:
    assert isinstance(envelope.content, bytes)
    return envelope.content


async def test_a_released_letter_reaches_its_reader_with_our_signed_address_behind_it() -> None:
    taker = Taker()
    async with serving(taker) as url:
        posted = await post(LETTER, url, sent=SENT)
    (envelope,) = taker.taken
    assert envelope.mail_from == LETTER.reply_to
    assert envelope.rcpt_tos == ["jan@voorbeeld.example"]
    mail = message_from_bytes(content(envelope), policy=default)
    assert mail["Message-ID"] == "<brief.7@opgroeien.example>"
    assert mail["Subject"] == LETTER.subject
    assert posted.message_id == LETTER.message_id
    assert (posted.code, posted.answer) == (250, "2.0.0 Ok: queued as 4XyZ")


async def test_an_automatic_letter_has_the_null_return_path() -> None:
    taker = Taker()
    async with serving(taker) as url:
        await post(replace(LETTER, automatic=True), url, sent=SENT)
    # The server of these tests writes the null path as it stands on the wire.
    assert taker.taken[0].mail_from == "<>"


async def test_a_letter_tried_twice_is_the_same_letter_twice() -> None:
    taker = Taker()
    async with serving(taker) as url:
        for _ in range(2):
            await post(LETTER, url, sent=SENT)
    first, second = (content(envelope) for envelope in taker.taken)
    assert first == second


async def test_lines_that_begin_with_a_dot_arrive_whole() -> None:
    taker = Taker()
    async with serving(taker) as url:
        await post(replace(LETTER, text="Beste\n.\n.. twee\n", html=""), url, sent=SENT)
    mail = message_from_bytes(content(taker.taken[0]), policy=default)
    assert mail.get_content().split() == ["Beste", ".", "..", "twee"]


@pytest.mark.parametrize(
    "answers", [{"rcpt": "550 5.1.1 <jan@voorbeeld.example> unknown"}, {"data": "554 5.7.1 Klacht"}]
)
async def test_a_refusal_is_for_good_and_says_only_its_code(answers: dict[str, str]) -> None:
    async with serving(Taker(**answers)) as url:
        with pytest.raises(PermanentFailure, match=r"\(55[04]\)") as refused:
            await post(LETTER, url, sent=SENT)
    assert "voorbeeld" not in str(refused.value)
    assert "Klacht" not in str(refused.value)


@pytest.mark.parametrize("answers", [{"rcpt": "450 4.2.1 grey"}, {"data": "451 4.3.0 later"}])
async def test_a_delay_is_tried_again(answers: dict[str, str]) -> None:
    async with serving(Taker(**answers)) as url:
        with pytest.raises(TemporaryFailure, match=r"\(45[01]\)") as delayed:
            await post(LETTER, url, sent=SENT)
    assert not delayed.value.uncertain


async def test_a_relay_that_wants_another_login_blames_no_letter() -> None:
    async with serving(Taker(rcpt="530 5.7.0 Authentication required")) as url:
        with pytest.raises(TemporaryFailure):
            await post(LETTER, url, sent=SENT)


class Dropper(asyncio.Protocol):
    """A relay that hangs up, or falls silent, at a chosen moment."""

    def __init__(self, at: bytes, *, silent: bool = False) -> None:
        self.at = at
        self.silent = silent
        self.seen = b""
        self.reading = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.say(b"220 relay.example", b"connect")

    def say(self, answer: bytes, moment: bytes) -> None:
        if moment != self.at:
            self.transport.write(answer + b"\r\n")
        elif not self.silent:
            self.transport.abort()

    def data_received(self, data: bytes) -> None:
        self.seen += data
        if self.reading:
            if self.seen.endswith(b"\r\n.\r\n"):
                self.reading, self.seen = False, b""
                self.say(b"250 Ok", b"end")
            return
        while b"\r\n" in self.seen:
            line, self.seen = self.seen.split(b"\r\n", 1)
            verb = line[:4].upper()
            self.reading = verb == b"DATA"
            self.say({b"DATA": b"354 Go", b"QUIT": b"221 Bye"}.get(verb, b"250 Ok"), verb)


@pytest.mark.parametrize(
    ("at", "uncertain"), [(b"connect", False), (b"EHLO", False), (b"MAIL", False), (b"RCPT", False), (b"end", True)]
)
async def test_a_lost_connection_is_tried_again_and_known_as_uncertain_once_the_letter_was_given(
    at: bytes, uncertain: bool
) -> None:
    async with listening(lambda: Dropper(at)) as port:
        with pytest.raises(TemporaryFailure) as lost:
            await post(LETTER, f"smtp://127.0.0.1:{port}", sent=SENT)
    assert lost.value.uncertain is uncertain


@pytest.mark.parametrize(("at", "uncertain"), [(b"connect", False), (b"RCPT", False), (b"end", True)])
async def test_a_relay_that_falls_silent_does_not_hold_us(at: bytes, uncertain: bool) -> None:
    async with listening(lambda: Dropper(at, silent=True)) as port:
        with pytest.raises(TemporaryFailure) as lost:
            await post(LETTER, f"smtp://127.0.0.1:{port}", sent=SENT, patience=0.3)
    assert lost.value.uncertain is uncertain


async def test_a_relay_that_hangs_up_after_its_answer_has_taken_the_letter() -> None:
    async with listening(lambda: Dropper(b"QUIT")) as port:
        posted = await post(LETTER, f"smtp://127.0.0.1:{port}", sent=SENT)
    assert posted.code == 250


async def test_a_relay_that_is_not_there_is_tried_again() -> None:
    async with listening(lambda: Dropper(b"")) as port:
        pass
    with pytest.raises(TemporaryFailure, match="niet bereikbaar"):
        await post(LETTER, f"smtp://127.0.0.1:{port}", sent=SENT)


async def test_tls_is_used_when_the_relay_offers_it() -> None:
    taker = Taker()
    async with serving(taker, tls_context=tls()) as url:
        await post(LETTER, url, sent=SENT)
    assert taker.secure == [True]


async def test_tls_from_the_first_byte_is_used_when_the_address_says_so() -> None:
    taker = Taker()
    async with listening(lambda: SMTP(taker), ssl=tls()) as port:
        await post(LETTER, f"smtps://127.0.0.1:{port}", sent=SENT)
    assert len(taker.taken) == 1


async def test_a_relay_elsewhere_must_show_a_certificate_that_we_trust(monkeypatch: pytest.MonkeyPatch) -> None:
    taker = Taker()
    # No host of this machine is called otherwise, so that the rule for other hosts is put on this one.
    monkeypatch.setattr("responder.relay.Relay.nearby", property(lambda _: False))
    async with serving(taker, tls_context=tls()) as url:
        with pytest.raises(TemporaryFailure, match="niet bereikbaar"):
            await post(LETTER, url, sent=SENT)
    assert taker.taken == []


async def test_a_password_opens_the_relay_and_is_never_said_aloud(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    taker = Taker()
    async with serving(taker, authenticator=taker.authenticate, auth_require_tls=False) as url:
        await post(LETTER, url.replace("//", "//brief:ge%3Aheim%401@"), sent=SENT)
        with pytest.raises(TemporaryFailure, match="aanvaardt ons niet") as refused:
            await post(LETTER, url.replace("//", "//brief:verkeerd@"), sent=SENT)
    assert len(taker.taken) == 1
    assert taker.logins[0] == b"ge:heim@1"
    assert set(taker.logins[1:]) == {b"verkeerd"}
    assert "verkeerd" not in str(refused.value)
    ours = [record for record in caplog.records if not record.name.startswith(("mail.log", "asyncio"))]
    assert [record for record in ours if "verkeerd" in record.getMessage()] == []


async def test_a_password_does_not_cross_the_net_in_the_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("responder.relay.Relay.nearby", property(lambda _: False))
    taker = Taker()
    async with serving(taker, authenticator=taker.authenticate, auth_require_tls=False) as url:
        with pytest.raises(TemporaryFailure, match="TLS"):
            await post(LETTER, url.replace("//", "//brief:geheim@"), sent=SENT)
    assert taker.logins == []
    assert taker.taken == []


async def test_an_address_outside_ascii_needs_a_relay_that_can() -> None:
    letter = replace(LETTER, to=Party("José", "josé@voorbeeld.example"))
    taker = Taker()
    async with serving(taker) as url:
        await post(letter, url, sent=SENT)
    assert taker.taken[0].rcpt_tos == ["josé@voorbeeld.example"]
    async with listening(lambda: SMTP(taker, enable_SMTPUTF8=False)) as port:
        with pytest.raises(PermanentFailure, match="ASCII"):
            await post(letter, f"smtp://127.0.0.1:{port}", sent=SENT)


async def test_a_domain_outside_ascii_travels_as_ascii() -> None:
    taker = Taker()
    async with serving(taker) as url:
        await post(replace(LETTER, to=Party("Jan", "jan@müller.example")), url, sent=SENT)
    assert taker.taken[0].rcpt_tos == ["jan@xn--mller-kva.example"]


@pytest.mark.parametrize(
    "bad", ["jan@voorbeeld.example, piet@elders.example", "jan@voorbeeld.example\r\nRCPT TO:<x@y.example>"]
)
async def test_a_letter_that_cannot_be_addressed_never_reaches_the_relay(bad: str) -> None:
    taker = Taker()
    async with serving(taker) as url:
        with pytest.raises(PermanentFailure) as refused:
            await post(replace(LETTER, to=Party("Jan", bad)), url, sent=SENT)
    assert taker.taken == []
    assert "voorbeeld" not in str(refused.value)


async def test_a_wrong_setting_is_for_the_operator_and_blames_no_letter() -> None:
    for url in ("", "http://relay.example", "smtp://", "smtp://relay.example:poort"):
        with pytest.raises(TemporaryFailure, match="het relay moet eruitzien"):
            await post(LETTER, url, sent=SENT)
