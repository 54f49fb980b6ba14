"""XOAUTH2: a token server over real HTTP, and a Dovecot that asks it whether a token is good."""

import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

import pytest

from intake.oauth import Grant, TokenError, Tokens
from tests.intake.door import Shelf
from tests.intake.dovecot import USER, dovecot
from tests.intake.test_imap import Slate, reading, until, written


class Issuer:
    """What the token server knows, and what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.good: set[str] = set()
        self.refresh_token = "eerste"
        self.lasts = 3600
        self.broken: bytes | None = None
        self.url = ""

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, bytes]:
        if path == "/nagaan":
            good = form.get("token") in self.good
            return 200, json.dumps({"active": good, "username": USER} if good else {"active": False}).encode()
        self.asked.append(form)
        if self.broken is not None:
            return 200, self.broken
        if form["grant_type"] == "refresh_token" and form["refresh_token"] != self.refresh_token:
            return 400, b'{"error": "invalid_grant", "error_description": "geheim"}'
        token = f"token{len(self.asked)}"
        self.good.add(token)
        found: dict[str, object] = {"access_token": token, "expires_in": self.lasts, "token_type": "Bearer"}
        if form["grant_type"] == "refresh_token":
            self.refresh_token = f"volgende{len(self.asked)}"
            found["refresh_token"] = self.refresh_token
        return 200, json.dumps(found).encode()


@contextmanager
def running(issuer: Issuer) -> Iterator[None]:
    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            status, body = issuer.answer(self.path, form)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    issuer.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    made = Issuer()
    with running(made):
        yield made


def grant(issuer: Issuer, refresh_token: str = "eerste") -> Grant:
    return Grant(f"{issuer.url}/token", "ons", "zeer geheim", refresh_token, "imap")


def test_a_token_is_asked_once_and_again_before_it_ends(issuer: Issuer) -> None:
    kept: list[str] = []
    tokens = Tokens(grant(issuer), renewed=kept.append)
    assert tokens.token() == tokens.token() == "token1"
    assert tokens.token(fresh=True) == "token2"
    # The server replaced its refresh token each time; the newest one is shown, and was handed over to be kept.
    assert [form["refresh_token"] for form in issuer.asked] == ["eerste", "volgende1"]
    assert kept == ["volgende1", "volgende2"]
    issuer.lasts = 30
    assert tokens.token(fresh=True) == "token3"
    assert tokens.token() == "token4"


def test_without_a_refresh_token_the_client_asks_for_itself(issuer: Issuer) -> None:
    assert Tokens(grant(issuer, "")).token() == "token1"
    assert issuer.asked == [
        {"client_id": "ons", "client_secret": "zeer geheim", "scope": "imap", "grant_type": "client_credentials"}
    ]


def test_a_refusal_is_told_by_its_short_word_alone(issuer: Issuer) -> None:
    with pytest.raises(TokenError, match=r"^the token server refuses: 400 invalid_grant$"):
        Tokens(grant(issuer, "verlopen")).token()


@pytest.mark.parametrize("broken", [b"<html>", b"[]", b"{}", b'{"access_token": ""}', b"\xff"])
def test_an_answer_without_a_token_is_an_error(issuer: Issuer, broken: bytes) -> None:
    issuer.broken = broken
    with pytest.raises(TokenError):
        Tokens(grant(issuer)).token()


@pytest.mark.parametrize("url", ["http://login.example/token", "file:///etc/passwd", "login.example", ""])
def test_secrets_are_only_shown_over_https(url: str) -> None:
    with pytest.raises(ValueError, match="https"):
        Grant(url, "ons")


async def test_a_mailbox_is_read_with_tokens_and_a_withdrawn_one_is_replaced(
    issuer: Issuer, shelf: Shelf, slate: Slate, caplog: pytest.LogCaptureFixture
) -> None:
    with dovecot(introspection_url=f"{issuer.url}/nagaan") as server:
        server.put(*written(1))
        tokens = Tokens(grant(issuer))
        box = replace(server.account(), password="")
        with caplog.at_level(logging.WARNING):
            async with reading(shelf, slate, box, tokens=tokens):
                await until(lambda: shelf.kept)
            # The server forgets the token before its time.
            issuer.good.clear()
            server.put(*written(2))
            async with reading(shelf, slate, box, tokens=tokens):
                await until(lambda: len(shelf.kept) == 2)
    assert [raw for raw, _ in shelf.kept] == written(1, 2)
    assert len(issuer.asked) == 2
    assert "token1" not in caplog.text


@pytest.fixture
def slate() -> Slate:
    return Slate()
