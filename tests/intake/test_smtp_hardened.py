"""The door against clients that are hostile, slow, broken or in a hurry."""

import asyncio
import smtplib
import socket
import ssl
import subprocess
from pathlib import Path

import aiosmtplib
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from intake.reception import Login
from intake.smtp import Certificate, SmtpDoor
from tests.intake.door import FROM, HEAD, Opener, Shelf, last_words, post, talk
from tests.intake.written import OURS, mail

FALSE_ENDS = (
    *(b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r\n.\r", b"\r.\r\n", b"\n.\r", b"\r.\n"),
    *(
        b"\r\r\n.\r\r\n",
        b"\r\n.\r\r\n",
        b"\n\n.\n\n",
        b"\r\n\x00.\r\n",
        b"\r\n.\x00\r\n",
        b"\r\n. \r\n",
        b"\r\n.\t\r\n",
    ),
    *(b"\r\n..\r\n", b"\x0b.\x0b", b"\x0c.\x0c", b"\xc2\x85.\xc2\x85", b"\xe2\x80\xa8.\xe2\x80\xa8", b"\x1e.\x1e"),
)
LOGIN = Login("relais", "een lang wachtwoord")


def certificate(folder: Path, name: str = "mx.opgroeien.example") -> tuple[Path, Path]:
    """A fresh self-signed pair."""
    chain, key = folder / "keten.pem", folder / "sleutel.pem"
    kind = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2")
    named = ("-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}", "-keyout", str(key), "-out", str(chain))
    subprocess.run(["openssl", "req", "-x509", *kind, *named], check=True, capture_output=True)
    return chain, key


@pytest.mark.parametrize("end", FALSE_ENDS, ids=repr)
async def test_no_other_mark_than_the_true_one_ends_a_mail(opened: Opener, shelf: Shelf, end: bytes) -> None:
    door = await opened()
    smuggled = b"MAIL FROM:<vals@x.example>\r\nRCPT TO:<%s>\r\nDATA\r\nSubject: vals\r\n\r\nvals" % OURS.encode()
    words = b"Subject: echt\r\n\r\neen" + end + smuggled + b"\r\n.\r\n"
    replies = await talk(door, HEAD, words, b"NOOP\r\n", until=12)
    assert [reply[:3] for reply in replies[-3:]] == ["354", "250", "250"]
    [(raw, envelope)] = shelf.kept
    assert envelope.sender == "a@b.example"
    assert b"MAIL FROM:<vals@x.example>" in raw
    assert raw.count(b"\r\n") == raw.count(b"\r") == raw.count(b"\n")


async def test_a_carriage_return_too_many_does_not_split_a_head(opened: Opener, shelf: Shelf) -> None:
    door = await opened()
    await talk(door, HEAD, b"Subject: x\r\r\nFrom: y\nTo: z\r\n\r\nwoord\rwoord\r\n.\r\n", until=11)
    assert shelf.kept[0][0] == b"Subject: x\r\nFrom: y\r\nTo: z\r\n\r\nwoord\r\nwoord\r\n"


async def test_an_empty_mail_and_one_of_dots_come_through(opened: Opener, shelf: Shelf) -> None:
    door = await opened()
    again = HEAD.split(b"\r\n", 1)[1]
    await talk(door, HEAD, b".\r\n", again, b"\r\n.\r\n", again, b"..\r\n...\r\n\r\n.\r\n", until=19)
    assert [raw for raw, _ in shelf.kept] == [b"", b"\r\n", b".\r\n..\r\n\r\n"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.lists(some.sampled_from([b".", b"\r\n", b"x", b"\xff", b"y" * 30_000, b"\x00"]), max_size=12))
async def test_whatever_the_words_they_are_kept_to_the_byte(opened: Opener, shelf: Shelf, pieces: list[bytes]) -> None:
    raw = b"".join(pieces) + b"\r\n"
    door = await opened(size_limit=1_000_000)
    stuffed = (b"\r\n" + raw).replace(b"\r\n.", b"\r\n..")[2:]
    await talk(door, HEAD, stuffed + b".\r\n", until=11)
    assert shelf.kept.pop()[0] == raw


async def test_the_end_is_found_wherever_the_pieces_are_cut(opened: Opener, shelf: Shelf) -> None:
    door = await opened()
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    writer.write(HEAD)
    while not (await reader.readline()).startswith(b"354"):
        pass
    for octet in b"Subject: x\r\n\r\n..\r\n.\r\n":
        writer.write(bytes([octet]))
        await writer.drain()
        await asyncio.sleep(0.001)
    assert (await reader.readline()).startswith(b"250")
    assert shelf.kept[0][0] == b"Subject: x\r\n\r\n.\r\n"
    writer.close()


async def test_a_mail_of_one_long_line_is_taken(opened: Opener, shelf: Shelf) -> None:
    door = await opened(size_limit=2_000_000)
    raw = mail(b"x" * 1_500_000 + b"\r\n")
    await talk(door, HEAD, raw + b".\r\n", until=11)
    assert shelf.kept[0][0] == raw


async def test_what_the_door_can_is_announced(opened: Opener) -> None:
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=(await opened()).port, start_tls=False) as client:
        await client.ehlo()
        assert set(client.esmtp_extensions) >= {"size", "8bitmime", "smtputf8", "pipelining"}
        assert not {"auth", "starttls", "chunking"} & set(client.esmtp_extensions)
        assert (await client.execute_command(b"AUTH", b"PLAIN", b"AGEAYg==")).code >= 500


async def test_a_client_that_drips_is_cut_and_one_that_is_slow_but_steady_is_not(opened: Opener, shelf: Shelf) -> None:
    async def drip(door: SmtpDoor, number: int) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
        writer.write(HEAD)
        while not (await reader.readline()).startswith(b"354"):
            pass
        reading = asyncio.ensure_future(last_words(reader))
        for _ in range(number):
            writer.write(b"x\r\n")
            await asyncio.sleep(0.1)
            if reading.done():
                break
        else:
            writer.write(b".\r\nQUIT\r\n")
        said = await reading
        writer.transport.abort()
        return said

    steady = await opened(idle_seconds=0.4)
    assert (await drip(steady, 10)).startswith(b"250")
    impatient = await opened(idle_seconds=5.0, data_seconds=0.5)
    assert (await drip(impatient, 10)).startswith(b"421 4.4.2")
    assert len(shelf.kept) == 1


async def test_a_client_that_never_ends_its_command_is_cut(opened: Opener) -> None:
    door = await opened(idle_seconds=0.4)
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    await reader.readline()
    reading = asyncio.ensure_future(last_words(reader))
    for octet in b"EHLO een.lange.naam.example":
        if not reading.done():
            writer.write(bytes([octet]))
        await asyncio.sleep(0.05)
    assert (await reading).startswith(b"421")
    writer.transport.abort()


async def test_a_client_that_does_not_read_is_cut(opened: Opener) -> None:
    door = await opened(idle_seconds=0.5, connections=1)
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port, limit=100)
    await reader.readline()
    writer.transport.pause_reading()  # type: ignore[attr-defined]
    [session] = door._open
    # The buffers of the system would hold megabytes of replies.
    session.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2048)  # type: ignore[union-attr]
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    writer.write(b"RSET\r\n" * 300_000)
    for _ in range(100):
        await asyncio.sleep(0.1)
        if session.ended:
            break
    assert (await talk(door, until=1))[0].startswith("220")
    writer.transport.abort()


async def test_a_mail_without_end_is_not_read_for_ever(opened: Opener, shelf: Shelf) -> None:
    door = await opened(size_limit=100_000)
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    writer.write(HEAD)
    while not (await reader.readline()).startswith(b"354"):
        pass
    reading = asyncio.ensure_future(last_words(reader))
    for _ in range(100):
        if not reading.done():
            writer.write(b"x" * 10_000)
        await asyncio.sleep(0.002)
    assert (await reading).startswith(b"421 4.3.4")
    assert shelf.kept == []
    writer.transport.abort()


async def test_more_mails_at_once_than_memory_holds_are_put_off(opened: Opener, shelf: Shelf) -> None:
    door = await opened(size_limit=1_000_000)
    door._room.take(512_000_000 - 50_000)
    with pytest.raises(aiosmtplib.SMTPResponseException) as refused:
        await post(door, mail("x\r\n" * 100_000))
    assert refused.value.code == 452
    # What was refused takes no room any more.
    assert await post(door, mail("x\r\n" * 10_000)) == "250"
    assert await post(door, mail("x\r\n" * 10_000)) == "250"


async def test_a_register_that_does_not_answer_gives_the_mail_back(opened: Opener, shelf: Shelf) -> None:
    door = await opened(keep_seconds=0.2, idle_seconds=0.2)
    shelf.gate.clear()
    with pytest.raises(aiosmtplib.SMTPResponseException) as refused:
        await post(door, mail())
    assert refused.value.code == 451
    shelf.gate.set()


async def test_a_peer_beyond_its_pace_is_put_off(opened: Opener, shelf: Shelf) -> None:
    door = await opened(per_minute=2)
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=door.port, start_tls=False) as client:
        codes = []
        for number in range(5):
            await client.rset()
            try:
                codes.append((await client.mail(f"a{number}@b.example")).code)
            except aiosmtplib.SMTPSenderRefused as refused:
                codes.append(refused.code)
    # The minute may turn in the middle, so two or, once more, two are let through.
    assert codes[:2] == [250, 250]
    assert 450 in codes


async def test_who_guesses_addresses_is_shown_the_door(opened: Opener) -> None:
    guesses = b"".join(b"RCPT TO:<a%d@opgroeien.example>\r\n" % number for number in range(40))
    replies = await talk(await opened(), b"HELO x\r\nMAIL FROM:<>\r\n", guesses, until=24)
    assert replies[3].startswith("550")
    assert replies[-1].startswith("421")


async def test_starttls_is_spoken_and_nothing_said_before_it_counts(
    opened: Opener, shelf: Shelf, tmp_path: Path
) -> None:
    door = await opened(certificate=Certificate(*certificate(tmp_path)))
    trust = ssl.create_default_context(cafile=tmp_path / "keten.pem")
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    writer.write(b"EHLO x\r\n")
    while not (said := await reader.readline()).startswith(b"250 "):
        assert said
    writer.write(b"STARTTLS\r\nMAIL FROM:<vals@x.example>\r\n")
    assert (await reader.readline()).startswith(b"220")
    await writer.start_tls(trust, server_hostname="mx.opgroeien.example")
    writer.write(b"NOOP\r\nMAIL FROM:<a@b.example>\r\n")
    assert (await reader.readline()).startswith(b"250")
    # The greeting of before the handshake is forgotten as well (RFC 3207 §4.2).
    assert (await reader.readline()).startswith(b"503")
    writer.write(HEAD)
    writer.write(mail() + b".\r\n")
    while not (said := await reader.readline()).startswith(b"354"):
        assert b"STARTTLS" not in said
    assert (await reader.readline()).startswith(b"250")
    assert [envelope.sender for _, envelope in shelf.kept] == ["a@b.example"]
    writer.close()


async def test_a_renewed_certificate_is_used_and_a_broken_one_is_not(opened: Opener, tmp_path: Path) -> None:
    def shown(door: SmtpDoor) -> str:
        trust = ssl.create_default_context(cafile=tmp_path / "vertrouwd.pem")
        trust.check_hostname = False
        with smtplib.SMTP("127.0.0.1", door.port) as client:
            client.starttls(context=trust)
            subject = client.sock.getpeercert()["subject"]  # type: ignore[union-attr]
        return str(subject[0][0][1])

    chain, key = certificate(tmp_path, "oud.example")
    former = chain.read_bytes()
    door = await opened(certificate=Certificate(chain, key))
    certificate(tmp_path, "nieuw.example")
    (tmp_path / "vertrouwd.pem").write_bytes(former + chain.read_bytes())
    assert await asyncio.to_thread(shown, door) == "nieuw.example"
    key.write_text("geen sleutel")
    assert await asyncio.to_thread(shown, door) == "nieuw.example"


async def test_with_a_login_nobody_hands_over_mail_without_it(opened: Opener, shelf: Shelf, tmp_path: Path) -> None:
    door = await opened(certificate=Certificate(*certificate(tmp_path)), login=LOGIN)
    trust = ssl.create_default_context(cafile=tmp_path / "keten.pem")
    trust.check_hostname = False

    def visit(name: str, password: str) -> tuple[int, int]:
        with smtplib.SMTP("127.0.0.1", door.port) as client:
            client.ehlo()
            assert not client.has_extn("auth")
            before = client.mail(FROM)[0]
            client.starttls(context=trust)
            client.login(name, password)
            return before, 250 if not client.sendmail(FROM, [OURS], mail()) else 0

    assert await asyncio.to_thread(visit, LOGIN.name, LOGIN.password) == (530, 250)
    for name, password in ((LOGIN.name, "fout"), ("ander", LOGIN.password), (LOGIN.name, "")):
        with pytest.raises(smtplib.SMTPAuthenticationError):
            await asyncio.to_thread(visit, name, password)
    assert len(shelf.kept) == 1


async def test_a_login_without_a_certificate_is_no_door(opened: Opener) -> None:
    with pytest.raises(ValueError, match="in the clear"):
        await opened(login=LOGIN)
