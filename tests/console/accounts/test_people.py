"""Accounts, as their administrator and their owner see them."""

import re

import httpx

from register import people
from register.book import Book
from tests.console.accounts.conftest import PASSWORD, enter
from tests.console.conftest import LogIn
from tests.console.forms import act


def whats(book: Book) -> list[tuple[str, object]]:
    return [(event.what, event.detail.get("account")) for event in book.events()]


def test_a_new_account_opens_by_a_link_that_is_shown_once(book: Book, log_in: LogIn, visitor: httpx.Client) -> None:
    keeper = log_in("beheerder", name="an")
    page = act(keeper, "/mensen", "/mensen", naam="Lien Vermeer", rollen=["medewerker", "lezer"])
    link = re.search(r'value="http://[^/]+(/inloggen/[^"]+)"', page.text)
    assert link is not None
    assert visitor.get(link[1]).url.path == "/werkvoorraad"
    assert visitor.get("/mensen").status_code == 403
    account = book.account("lien vermeer")
    assert account is not None
    assert account.roles == ("lezer", "medewerker")
    assert link[1].rpartition("/")[2] not in keeper.get("/mensen").text
    assert whats(book) == [(people.MADE, "lien vermeer")]


def test_a_change_of_roles_ends_the_sessions_that_had_the_former_ones(book: Book, log_in: LogIn) -> None:
    keeper, worker = log_in("beheerder", name="an"), log_in("beheerder", name="lien")
    assert worker.get("/mensen").status_code == 200
    act(keeper, "/mensen", "/mensen/lien/rollen", rollen="lezer")
    assert worker.get("/mensen").url.path == "/inloggen"
    assert keeper.get("/mensen").status_code == 200
    assert whats(book) == [(people.ROLES, "lien")]


def test_a_locked_account_is_out_at_once_and_in_again_when_opened(
    book: Book, log_in: LogIn, visitor: httpx.Client
) -> None:
    keeper, worker = log_in("beheerder", name="an"), log_in("medewerker", name="lien")
    with book.begin() as page:
        people.set_password(page.connection, "lien", PASSWORD)
    act(keeper, "/mensen", "/mensen/lien/slot")
    assert worker.get("/werkvoorraad").url.path == "/inloggen"
    assert enter(visitor).status_code == 401
    act(keeper, "/mensen", "/mensen/lien/open")
    assert enter(visitor).url.path == "/werkvoorraad"


def test_the_last_administrator_can_neither_be_locked_nor_lose_the_role(book: Book, log_in: LogIn) -> None:
    keeper = log_in("beheerder", name="an")
    book.create_account("lien", None, ["medewerker"])
    assert act(keeper, "/mensen", "/mensen/an/slot").status_code == 409
    assert act(keeper, "/mensen", "/mensen/an/rollen", rollen="lezer").status_code == 409
    assert keeper.get("/mensen").status_code == 200
    assert whats(book) == []


def test_a_reset_forgets_password_and_sessions_and_gives_a_link(
    book: Book, log_in: LogIn, visitor: httpx.Client
) -> None:
    keeper, worker = log_in("beheerder", name="an"), log_in("medewerker", name="lien")
    with book.begin() as page:
        people.set_password(page.connection, "lien", PASSWORD)
    old = book.login_link("lien")
    shown = act(keeper, "/mensen", "/mensen/lien/vernieuw")
    assert worker.get("/werkvoorraad").url.path == "/inloggen"
    assert enter(visitor).status_code == 401
    assert visitor.get(f"/inloggen/{old}").status_code == 401
    link = re.search(r"(/inloggen/[\w-]{20,})", shown.text)
    assert link is not None
    assert visitor.get(link[1]).url.path == "/werkvoorraad"


def test_a_new_password_ends_all_other_sessions_and_renews_this_one(book: Book, log_in: LogIn) -> None:
    mine = log_in("medewerker")
    with book.begin() as page:
        people.set_password(page.connection, "lien", PASSWORD)
    other = httpx.Client(base_url=mine.base_url, follow_redirects=True)
    assert enter(other).url.path == "/werkvoorraad"
    before, stolen = mine.cookies["zitting"], dict(mine.cookies)
    own, to = "/mijn-toegang", "/mijn-toegang/wachtwoord"
    fresh = {"nieuw": "nog een langer wachtwoord", "nogmaals": "nog een langer wachtwoord"}
    assert act(mine, own, to, **fresh, huidig="fout").status_code == 422
    assert act(mine, own, to, nieuw="kort", nogmaals="kort", huidig=PASSWORD).status_code == 422
    assert act(mine, own, to, nieuw="lien-lien-lien", nogmaals="lien-lien-lien", huidig=PASSWORD).status_code == 422
    assert act(mine, own, to, **fresh, huidig=PASSWORD).status_code == 200
    assert mine.cookies["zitting"] != before
    assert other.get("/werkvoorraad").url.path == "/inloggen"
    with httpx.Client(base_url=mine.base_url, cookies=stolen, follow_redirects=True) as thief:
        assert thief.get("/werkvoorraad").url.path == "/inloggen"
    other.close()


def test_logging_in_again_does_not_go_on_with_the_former_session(book: Book, visitor: httpx.Client) -> None:
    book.create_account("lien", PASSWORD, ["medewerker"])
    enter(visitor)
    before = visitor.cookies["zitting"]
    enter(visitor)
    assert visitor.cookies["zitting"] != before
    assert book.session(before) is None


def test_nobody_ends_a_session_of_somebody_else(book: Book, log_in: LogIn) -> None:
    lien, jan = log_in("medewerker", name="lien"), log_in("medewerker", name="jan")
    with book.engine.connect() as connection:
        (of_jan,) = people.sessions(connection, "jan", book.now())
    token = dict(re.findall(r'name="(bewijsje)" value="(\w+)"', lien.get("/mijn-toegang").text))
    assert lien.post(f"/mijn-toegang/zittingen/{of_jan.key}/einde", data=token).status_code == 404
    assert jan.get("/werkvoorraad").url.path == "/werkvoorraad"
    own = jan.post(
        f"/mijn-toegang/zittingen/{of_jan.key}/einde",
        data=dict(re.findall(r'name="(bewijsje)" value="(\w+)"', jan.get("/mijn-toegang").text)),
    )
    assert own.url.path == "/inloggen"
