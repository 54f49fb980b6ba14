"""The door over real sockets: nothing is promised before it is kept, nothing is relayed, nothing is changed."""

import asyncio
import logging
import smtplib

import aiosmtplib
import pytest

from tests.intake.door import FROM, SECOND, Opener, Shelf, post, talk
from tests.intake.written import OURS, mail


async def test_a_mail_is_kept_to_the_byte_before_it_is_acknowledged(opened: Opener, shelf: Shelf) -> None:
    door = await opened()
    raw = mail(b".begint met een punt\r\n..\r\nhoog: \xe9\xff\r\n" + b"x" * 20_000 + b"\r\n")
    shelf.gate.clear()
    sending = asyncio.ensure_future(post(door, raw))
    await asyncio.sleep(0.1)
    assert not sending.done()
    shelf.gate.set()
    assert await sending == "250"
    [(kept, envelope)] = shelf.kept
    assert kept == raw
    assert (envelope.channel, envelope.sender, envelope.recipients, envelope.peer) == (
        "smtp",
        FROM,
        (OURS,),
        "127.0.0.1",
    )
    assert envelope.received.tzinfo is not None


async def test_when_keeping_fails_the_sender_keeps_the_mail(
    opened: Opener, shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    door = await opened()
    shelf.broken = True
    with caplog.at_level(logging.DEBUG), pytest.raises(aiosmtplib.SMTPResponseException) as refused:
        await post(door, mail("geheim"))
    assert (refused.value.code, refused.value.message[:5]) == (451, "4.3.0")
    assert "geheim" not in caplog.text + refused.value.message
    shelf.broken = False
    assert await post(door, mail("geheim")) == "250"


@pytest.mark.parametrize(
    "address", ["iemand@anders.example", "klacht@opgroeien.example", "klachten@opgroeien.example@x.example"]
)
async def test_mail_for_others_is_refused_and_never_relayed(opened: Opener, shelf: Shelf, address: str) -> None:
    door = await opened()
    with pytest.raises((aiosmtplib.SMTPRecipientRefused, aiosmtplib.SMTPResponseException)) as refused:
        await post(door, mail(), to=(address,))
    assert refused.value.code in (550, 553)
    assert shelf.kept == []


@pytest.mark.parametrize(
    "address", [OURS.upper(), "klachten+abc.123@opgroeien.example", "postmaster@opgroeien.example"]
)
async def test_our_addresses_are_taken_in_each_form(opened: Opener, shelf: Shelf, address: str) -> None:
    assert await post(await opened(), mail(), to=(address,)) == "250"


async def test_postmaster_without_a_domain_is_taken(opened: Opener, shelf: Shelf) -> None:
    door = await opened()
    replies = await talk(door, b"HELO x\r\nMAIL FROM:<>\r\nRCPT TO:<postmaster>\r\n", until=4)
    assert replies[3].startswith("250")


async def test_a_null_sender_is_an_empty_sender(opened: Opener, shelf: Shelf) -> None:
    door = await opened()
    await talk(
        door,
        b"HELO x\r\nMAIL FROM:<>\r\nRCPT TO:<",
        OURS.encode(),
        b">\r\nDATA\r\n",
        b"Subject: x\r\n\r\ny\r\n.\r\n",
        until=6,
    )
    assert shelf.kept[0][1].sender == ""


async def test_the_size_limit_is_announced_and_held(opened: Opener, shelf: Shelf) -> None:
    door = await opened(size_limit=5_000)
    client = aiosmtplib.SMTP(hostname="127.0.0.1", port=door.port, start_tls=False)
    async with client:
        await client.ehlo()
        assert client.esmtp_extensions["size"] == "5000"
        assert (await client.execute_command(b"MAIL", b"FROM:<a@b.example>", b"SIZE=6000")).code == 552
    with pytest.raises(aiosmtplib.SMTPResponseException) as refused:
        await post(door, mail("x\r\n" * 3_000))
    assert refused.value.code == 552
    assert shelf.kept == []


async def test_two_mails_in_one_session_are_two_mails(opened: Opener, shelf: Shelf) -> None:
    door = await opened()
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=door.port, start_tls=False) as client:
        for text in ("een", "twee"):
            await client.sendmail(FROM, [OURS], mail(text))
    assert [raw.endswith(word) for (raw, _), word in zip(shelf.kept, (b"een\r\n", b"twee\r\n"), strict=True)] == [
        True,
        True,
    ]


async def test_pipelined_commands_give_each_mail_its_reply(opened: Opener, shelf: Shelf) -> None:
    door = await opened()
    one = b"MAIL FROM:<a@b.example>\r\nRCPT TO:<%s>\r\nDATA\r\nSubject: x\r\n\r\n%s\r\n.\r\n"
    replies = await talk(
        door, b"HELO x\r\n", one % (OURS.encode(), b"een"), one % (SECOND.encode(), b"twee"), b"QUIT\r\n", until=11
    )
    assert [reply[:3] for reply in replies] == ["220", "250", *(["250", "250", "354", "250"] * 2), "221"]
    assert [envelope.recipients for _, envelope in shelf.kept] == [(OURS,), (SECOND,)]


async def test_an_address_with_accents_is_taken_with_smtputf8(opened: Opener, shelf: Shelf) -> None:
    assert await post(await opened(), mail("één"), "zoë@telenet.example", smtputf8=True) == "250"
    assert shelf.kept[0][1].sender == "zoë@telenet.example"


async def test_connections_beyond_the_cap_are_told_to_come_back(opened: Opener, shelf: Shelf) -> None:
    door = await opened(connections=1)
    first, writer = await asyncio.open_connection("127.0.0.1", door.port)
    assert (await first.readline()).startswith(b"220")
    assert (await talk(door, until=1))[0].startswith("421")
    writer.close()
    await writer.wait_closed()
    await asyncio.sleep(0.05)
    assert (await talk(door, until=1))[0].startswith("220")


async def test_an_idle_connection_is_closed(opened: Opener, shelf: Shelf) -> None:
    door = await opened(idle_seconds=0.2)
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    assert (await reader.readline()).startswith(b"220")
    assert (await asyncio.wait_for(reader.read(), 3)).startswith(b"421 4.4.2")
    writer.close()


async def test_a_client_that_hangs_up_does_not_stop_the_keeping(opened: Opener, shelf: Shelf) -> None:
    door = await opened()
    shelf.gate.clear()
    head = b"HELO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<" + OURS.encode() + b">\r\nDATA\r\n"
    await talk(door, head, b"Subject: x\r\n\r\ny\r\n.\r\n", until=5)
    await asyncio.sleep(0.05)
    shelf.gate.set()
    await door.stop()
    assert len(shelf.kept) == 1


async def test_lmtp_answers_once_for_each_recipient(opened: Opener, shelf: Shelf) -> None:
    door = await opened(lmtp=True)

    def deliver(raw: bytes, expected: int) -> list[int]:
        with smtplib.LMTP("127.0.0.1", door.port) as client:
            client.ehlo_or_helo_if_needed()
            client.mail(FROM)
            for address in (OURS, "vreemd@anders.example", SECOND):
                client.rcpt(address)
            client.putcmd("DATA")
            assert client.getreply()[0] == 354
            client.send(raw + b".\r\n")
            codes = [client.getreply()[0] for _ in range(expected)]
            assert client.noop()[0] == 250
            return codes

    assert await asyncio.to_thread(deliver, mail("y\r\n"), 2) == [250, 250]
    assert len(shelf.kept) == 1
    assert shelf.kept[0][1].recipients == (OURS, SECOND)
    assert shelf.kept[0][1].channel == "lmtp"
    assert await asyncio.to_thread(deliver, mail("x\r\n" * 50_000), 2) == [552, 552]
    shelf.broken = True
    assert await asyncio.to_thread(deliver, mail("y\r\n"), 2) == [451, 451]


async def test_lmtp_does_not_greet_as_smtp(opened: Opener, shelf: Shelf) -> None:
    door = await opened(lmtp=True)
    replies = await talk(door, b"EHLO x\r\n", until=2)
    assert replies[1].startswith("500")
