"""In by the provider of the organisation: a real one (oidc-provider on Node), in a process of its own."""

import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi import FastAPI

from console.accounts.entry import Entry
from console.staff import staff
from klachtwijzer.provider import OpenId, Terms
from register.book import Book
from tests.console.made import MadeDesk

PROVIDER = Path(__file__).parent / "provider"
NODE, NPM = shutil.which("node"), shutil.which("npm")
pytestmark = pytest.mark.skipif(
    NODE is None or NPM is None, reason="the provider is a program for Node: install node and npm"
)
ROLES = {"kw-beheer": "beheerder", "kw-behandelaars": "behandelaar", "kw-lezers": "lezer"}


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The provider, installed from its lock file outside the tree."""
    folder = tmp_path_factory.mktemp("provider")
    for name in ("package.json", "package-lock.json", "provider.js"):
        shutil.copy(PROVIDER / name, folder)
    command = [str(NPM), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"]
    told = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    assert told.returncode == 0, told.stderr[-2000:]
    return folder / "provider.js"


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def app(book: Book, desk: MadeDesk, port: int) -> FastAPI:
    terms = Terms(f"http://127.0.0.1:{port}", "klachtwijzer", "geheim/van:ons", name="Vlaanderen", roles=ROLES)
    # Who needs a second step here has it at the provider already.
    entry = Entry(provider=OpenId(terms), second_for=frozenset({"beheerder", "behandelaar"}))
    return staff(book, desk, secure=False, entry=entry)


@pytest.fixture
def provider(console: str, port: int, program: Path) -> Iterator[str]:
    back = f"{console}/inloggen/organisatie/terug"
    assert NODE is not None
    with subprocess.Popen(
        [NODE, program, str(port), back],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={"PATH": "/usr/bin"},
    ) as process:
        assert process.stdout is not None
        assert any(line.strip() == "ready" for line in process.stdout)
        yield f"http://127.0.0.1:{port}"
        process.terminate()


@pytest.fixture
def visitor(console: str, provider: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=console, follow_redirects=True, timeout=60) as client:
        yield client


def to_the_door(visitor: httpx.Client, name: str) -> str:
    """Log in at the provider as this person; the address at which it sends them back, not yet opened."""
    assert 'href="/inloggen/organisatie"' in visitor.get("/inloggen").text
    page = visitor.get("/inloggen/organisatie")
    for _ in range(2):
        action = re.search(r'action="([^"]+)"', page.text)
        prompt = re.search(r'name="prompt" value="(\w+)"', page.text)
        assert action is not None
        assert prompt is not None
        data = {"prompt": prompt[1], "login": name, "password": "x"}
        answer = visitor.post(str(page.url.join(action[1])), data=data, follow_redirects=False)
        while answer.is_redirect:
            to = str(answer.url.join(answer.headers["location"]))
            if "/inloggen/organisatie/terug" in to:
                return to
            answer = visitor.get(to, follow_redirects=False)
        page = answer
    raise AssertionError("the provider never led back")


def test_the_provider_proves_who_somebody_is_and_its_groups_become_roles(book: Book, visitor: httpx.Client) -> None:
    visitor.get(to_the_door(visitor, "lien"))
    assert visitor.get("/werkvoorraad").url.path == "/werkvoorraad"
    account = book.account("lien")
    assert account is not None
    assert account.roles == ("behandelaar",)


def test_who_is_called_like_somebody_here_does_not_become_them(book: Book, visitor: httpx.Client) -> None:
    book.create_account("lien", None, ["medewerker"])
    visitor.get(to_the_door(visitor, "an"))
    account = book.account("lien-2")
    assert account is not None
    assert account.roles == ("behandelaar", "beheerder")
    assert "lien-2" in visitor.get("/mijn-toegang").text


def test_the_same_person_comes_back_to_the_same_account(book: Book, visitor: httpx.Client) -> None:
    for _ in range(2):
        assert (
            "U bent ingelogd" in visitor.get(to_the_door(visitor, "mia"), headers={"sec-fetch-site": "cross-site"}).text
        )
        visitor.cookies.clear()
    assert (book.account("mia"), book.account("mia-2")) == (book.account("mia"), None)


def test_who_has_no_role_there_does_not_come_in(book: Book, visitor: httpx.Client) -> None:
    page = visitor.get(to_the_door(visitor, "gast"))
    assert page.status_code == 401
    assert "nog geen rol" in page.text
    assert book.account("gast") is None


def test_a_way_back_that_began_elsewhere_or_was_used_leads_nowhere(book: Book, visitor: httpx.Client) -> None:
    back = to_the_door(visitor, "lien")
    journey = {one.name: one.value for one in visitor.cookies.jar if one.name == "reis"}
    state = parse_qs(urlsplit(back).query)["state"][0]
    assert visitor.get(back.replace(state, "x" * len(state))).status_code == 400
    # After a refusal the journey is over, even for the right address.
    assert visitor.get(back).status_code == 400
    for name, value in journey.items():
        visitor.cookies.set(name, value or "", domain="127.0.0.1", path="/")
    assert visitor.get(back).url.path == "/werkvoorraad"
    for name, value in journey.items():
        visitor.cookies.set(name, value or "", domain="127.0.0.1", path="/")
    assert visitor.get(back).status_code == 401
    assert visitor.get("/inloggen/organisatie/terug?error=access_denied&state=x").status_code == 400


def test_a_locked_account_stays_shut_for_who_comes_by_the_provider(book: Book, visitor: httpx.Client) -> None:
    visitor.get(to_the_door(visitor, "lien"))
    with book.engine.begin() as connection:
        connection.exec_driver_sql("update account set disabled = true")
    visitor.cookies.clear()
    assert visitor.get(to_the_door(visitor, "lien")).status_code == 403
