import re
from collections.abc import Iterator

import httpx
import pytest

from console.staff import staff
from register.book import Book
from tests.console.conftest import LogIn, running
from tests.console.made import MadeDesk

PASSWORD = "een-lang-wachtwoord"


@pytest.fixture
def visitor(console: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=console, follow_redirects=True) as client:
        yield client


def attempt(
    visitor: httpx.Client, password: str, *, name: str = "lien", after: str = "/", **headers: str
) -> httpx.Response:
    form = visitor.get("/inloggen", params={"verder": after})
    door = re.search(r'name="deur" value="(\w+)"', form.text)
    after_in_form = re.search(r'name="verder" value="([^"]*)"', form.text)
    data = {"naam": name, "wachtwoord": password, "deur": door[1] if door else ""}
    data["verder"] = after_in_form[1] if after_in_form else ""
    return visitor.post("/inloggen", data=data, headers=headers, follow_redirects=False)


def test_the_right_password_opens_the_page_that_was_asked_for(book: Book, visitor: httpx.Client) -> None:
    book.create_account("lien", PASSWORD, ["medewerker"])
    asked = visitor.get("/brieven?staat=alle")
    assert asked.url.path == "/inloggen"
    answer = attempt(visitor, PASSWORD, after="/brieven?staat=alle")
    assert (answer.status_code, answer.headers["location"]) == (303, "/brieven?staat=alle")
    assert "Uitgaande brieven" in visitor.get("/brieven").text


@pytest.mark.parametrize(
    "after", ["//elders.example", "https://elders.example", "/\\elders.example", "javascript:x", ""]
)
def test_nobody_is_led_to_another_site_after_login(book: Book, visitor: httpx.Client, after: str) -> None:
    book.create_account("lien", PASSWORD, ["medewerker"])
    assert attempt(visitor, PASSWORD, after=after).headers["location"] == "/"


def test_five_misses_lock_the_name_even_for_the_right_password(book: Book, visitor: httpx.Client) -> None:
    book.create_account("lien", PASSWORD, ["medewerker"])
    assert [attempt(visitor, "fout").status_code for _ in range(5)] == [401] * 5
    assert attempt(visitor, PASSWORD).status_code == 401


def test_after_ten_tries_from_one_place_even_another_name_must_wait(visitor: httpx.Client) -> None:
    assert [attempt(visitor, "fout", name=f"n{number}").status_code for number in range(10)] == [401] * 10
    answer = attempt(visitor, "fout", name="nog-een")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 300


def test_a_login_link_works_once(book: Book, visitor: httpx.Client) -> None:
    book.create_account("lien", None, ["medewerker"])
    path = f"/inloggen/{book.login_link('lien')}"
    assert visitor.get(path).url.path == "/werkvoorraad"
    visitor.cookies.clear()
    again = visitor.get(path)
    assert again.status_code == 401
    assert "al gebruikt" in again.text


def test_a_browser_that_looks_ahead_does_not_use_the_link_up(book: Book, visitor: httpx.Client) -> None:
    book.create_account("lien", None, ["medewerker"])
    path = f"/inloggen/{book.login_link('lien')}"
    assert visitor.get(path, headers={"sec-purpose": "prefetch;prerender"}).status_code == 425
    assert visitor.get(path).url.path == "/werkvoorraad"


def test_a_link_in_a_web_mail_opens_by_a_page_of_ours_so_that_the_strict_cookie_counts(
    book: Book, visitor: httpx.Client
) -> None:
    book.create_account("lien", None, ["medewerker"])
    answer = visitor.get(f"/inloggen/{book.login_link('lien')}", headers={"sec-fetch-site": "cross-site"})
    assert 'content="0;url=/werkvoorraad"' in answer.text
    assert visitor.get("/werkvoorraad").url.path == "/werkvoorraad"


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(book: Book, desk: MadeDesk) -> None:
    book.create_account("lien", None, ["medewerker"])
    with running(staff(book, desk, secure=True)) as address:
        answer = httpx.get(f"{address}/inloggen/{book.login_link('lien')}")
    cookie = next(value for value in answer.headers.get_list("set-cookie") if value.startswith("__Host-zitting="))
    assert {"HttpOnly", "Secure", "SameSite=strict", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert "max-age" in answer.headers["strict-transport-security"]


def test_after_logging_out_the_old_cookie_is_worth_nothing(log_in: LogIn) -> None:
    lien = log_in()
    cookie = lien.cookies["zitting"]
    token = re.search(r'name="bewijsje" value="(\w+)"', lien.get("/werkvoorraad").text)
    assert token is not None
    assert "U bent uitgelogd" in lien.post("/uitloggen", data={"bewijsje": token[1]}).text
    lien.cookies.set("zitting", cookie)
    assert lien.get("/werkvoorraad").url.path == "/inloggen"


def test_a_form_of_another_site_is_refused_before_anything_is_looked_at(book: Book, visitor: httpx.Client) -> None:
    book.create_account("lien", PASSWORD, ["medewerker"])
    assert attempt(visitor, PASSWORD, origin="https://elders.example").status_code == 403
    assert attempt(visitor, PASSWORD, **{"sec-fetch-site": "cross-site"}).status_code == 403
    assert attempt(visitor, PASSWORD, origin=str(visitor.base_url).rstrip("/")).status_code == 303


def test_a_login_form_that_was_not_given_by_us_is_refused(book: Book, visitor: httpx.Client) -> None:
    book.create_account("lien", PASSWORD, ["medewerker"])
    answer = visitor.post("/inloggen", data={"naam": "lien", "wachtwoord": PASSWORD, "deur": "geraden"})
    assert answer.status_code == 403


def test_every_answer_bears_the_headers_that_keep_a_browser_strict(visitor: httpx.Client) -> None:
    for path in ("/inloggen", "/niets", "/static/console.css", "/healthz"):
        headers = visitor.get(path).headers
        assert "script-src 'self'" in headers["content-security-policy"], path
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
    assert visitor.get("/inloggen").headers["cache-control"] == "no-store"
