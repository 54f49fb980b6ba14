import re
from html import unescape

import pytest

from register.book import Book
from tests.console.conftest import LogIn
from tests.console.figures.conftest import filled
from tests.console.made import entered, written

YEAR = "van=2026-01-01&tot=2026-12-31"


def words(page: str) -> str:
    main = page.partition('<main id="inhoud"')[2].partition(">")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def links(page: str, of: str) -> list[str]:
    return [one for one in map(unescape, re.findall(r'href="([^"]+)"', page)) if one.startswith(of)]


def listed(page: str) -> set[str]:
    return set(re.findall(r'href="/dossier/(KW-[\d-]+)"', page))


def test_volumes_are_drawn_and_told_and_each_number_opens_its_dossiers(book: Book, log_in: LogIn) -> None:
    made = filled(book)
    client = log_in("medewerker")
    page = client.get(f"/cijfers?{YEAR}").text
    assert "15 dossiers: alle dossiers geopend" in words(page)
    (every,) = [one for one in links(page, "/cijfers/dossiers") if "reeks=alle" in one]
    assert len(listed(client.get(every).text)) == 15
    assert "Kinderopvang 9 dossiers: Kinderopvang 60 %" in words(page)
    assert '<title id="g-sector-t">Dossiers per sector</title>' in page
    (care,) = [one for one in links(page, "/cijfers/dossiers") if "veld=sector&waarde=kinderopvang" in one]
    assert listed(client.get(care).text) == {*made["opvang"], *made["laat"]}
    (march,) = [one for one in links(page, "/cijfers/dossiers") if "veld=month&waarde=2026-03" in one]
    assert len(listed(client.get(march).text)) == 9
    narrowed = client.get(f"/cijfers?{YEAR}&thema=communicatie").text
    assert "7 dossiers: alle dossiers geopend" in words(narrowed)
    (care,) = [one for one in links(narrowed, "/cijfers/dossiers") if "veld=sector" in one]
    assert listed(client.get(care).text) == set(made["opvang"])


def test_every_feature_has_its_page_and_an_organiser_its_name(book: Book, log_in: LogIn) -> None:
    made = filled(book)
    client = log_in("lezer", "medewerker")
    page = client.get(f"/cijfers/kenmerk?veld=organiser&{YEAR}").text
    assert "Crèche De Bij 7" in words(page) and "Niet ingevuld 8" in words(page)
    for address in links(page, "/cijfers/kenmerk"):
        assert client.get(address).status_code == 200, address
    assert client.get("/cijfers/kenmerk?veld=kleur").status_code == 404
    (empty,) = [one for one in links(page, "/cijfers/dossiers") if one.endswith("veld=organiser")]
    assert listed(client.get(empty).text).isdisjoint(made["opvang"])


def test_terms_and_ageing_open_their_dossiers(book: Book, log_in: LogIn) -> None:
    made = filled(book)
    client = log_in("medewerker")
    page = client.get(f"/cijfers/termijnen?{YEAR}").text
    assert "Op tijd beantwoord 8" in words(page) and "Te laat beantwoord 2" in words(page)
    opened = {
        address.rpartition("=")[2]: listed(client.get(address).text) for address in links(page, "/cijfers/dossiers")
    }
    assert opened["late"] == set(made["laat"])
    assert opened["21-45"] == {*made["pleegzorg"], *made["geweigerd"]}


def test_the_report_shows_its_sums_and_every_figure_opens_its_dossiers(book: Book, log_in: LogIn) -> None:
    filled(book)
    client = log_in("medewerker")
    page = client.get(f"/cijfers/verslag?{YEAR}").text
    assert "Nog niet alle sommen kloppen" in words(page) and "5 klachten zijn nog niet beantwoord." in words(page)
    headings = re.findall(r"<h2 id=\"v-\d+\">([^<]+)</h2>", page)
    assert [one.partition(".")[0] for one in headings] == [str(number) for number in range(1, 11)]
    cells = re.findall(r'<a href="(/cijfers/dossiers[^"]+)">([\d,]+)<', page)
    assert len(cells) > 12
    for address, number in cells:
        shown = listed(client.get(unescape(address)).text)
        assert len(shown) == (10 if "gemiddelde" in address else int(number)), address


@pytest.mark.parametrize(("form", "start"), [("xlsx", b"PK"), ("csv", b"\xef\xbb\xbfveld;"), ("json", b"{")])
def test_the_report_comes_as_a_file_of_the_same_period_and_filters(
    book: Book, log_in: LogIn, form: str, start: bytes
) -> None:
    filled(book)
    client = log_in("lezer")
    (address,) = links(
        client.get(f"/cijfers/verslag?{YEAR}&sector=pleegzorg").text,
        f"/cijfers/verslag/bestand?{YEAR}&sector=pleegzorg&vorm={form}",
    )
    answer = client.get(address)
    assert answer.content.startswith(start)
    assert answer.headers["content-disposition"].endswith(f'verslag-2026-01-01-tot-2026-12-31.{form}"')
    if form == "json":
        assert answer.json()["alleen"] == ["sector: pleegzorg"]
        assert answer.json()["regels"][0]["aantal"] == 5
    assert client.get("/cijfers/verslag/bestand?vorm=exe").status_code == 404


def test_a_rise_is_told_with_its_rule_and_opens_its_dossiers(book: Book, log_in: LogIn) -> None:
    made = filled(book)
    client = log_in("medewerker")
    page = client.get("/cijfers/stijgingen?van=2026-03-01&tot=2026-03-31").text
    told = words(page)
    assert "Crèche De Bij 7 dossiers: Crèche De Bij 0,0 minder dan 1 op een miljoen" in told
    assert "hoogstens één op de 10 toeval" in told and "Minder dan 3 dossiers" in told
    address = next(one for one in links(page, "/cijfers/dossiers") if "veld=organiser&" in one)
    assert listed(client.get(address).text) == set(made["opvang"])
    usual = client.get("/cijfers/stijgingen").text
    assert "18 mei 2026 tot en met 14 juni 2026" in words(usual)


def test_what_staff_corrected_stands_by_its_rule_and_leads_to_the_mails(book: Book, log_in: LogIn) -> None:
    digest, other = entered(book, written()), entered(book, written("Anders.", number="2"))
    desk_client = log_in("medewerker")
    record = book.record(digest)
    assert record is not None
    with book.begin() as page:
        page.redecide(digest, record.assessment, record.decision, "lien")
    period = "van=2020-01-01&tot=2030-12-31"
    shown = desk_client.get(f"/cijfers/triage?{period}").text
    assert "2 berichten met een voorstel" in words(shown) and "1 door mensen verbeterd, 50 %" in words(shown)
    every, address = sorted(links(shown, "/cijfers/verbeterd"), key=len, reverse=True)
    assert all(one in desk_client.get(every).text for one in (digest, other))
    mails = desk_client.get(address).text
    assert f"/bericht/{digest}" in mails and f"/bericht/{other}" not in mails


def test_a_reader_sees_counts_and_nothing_behind_them(book: Book, log_in: LogIn) -> None:
    filled(book)
    client = log_in("lezer")
    for path in ("/cijfers", "/cijfers/termijnen", "/cijfers/verslag", "/cijfers/kenmerk", "/cijfers/stijgingen"):
        seen = client.get(f"{path}?{YEAR}")
        assert seen.status_code == 200
        assert "ziet u alleen aantallen" in words(seen.text), path
        assert links(seen.text, "/cijfers/dossiers") == [], path
    refused = client.get(f"/cijfers/dossiers?reeks=kenmerk&veld=sector&waarde=pleegzorg&{YEAR}")
    assert refused.status_code == 403
    assert listed(client.get("/zoeken").text) == set()
    assert client.get(f"/cijfers/verbeterd?{YEAR}").status_code == 403


def test_a_reader_of_a_department_opens_what_his_department_was_asked_about(book: Book, log_in: LogIn) -> None:
    made = filled(book)
    client = log_in("lezer", name="odile")
    with book.begin() as page:
        page.connection.exec_driver_sql(
            "insert into contribution (dossier, department, account) values (%s, 'Pleegzorg', 'odile')",
            (made["pleegzorg"][0],),
        )
    shown = client.get(f"/cijfers?{YEAR}").text
    assert "de dossiers van uw afdeling: Pleegzorg" in words(shown)
    (address,) = [one for one in links(shown, "/cijfers/dossiers") if "waarde=pleegzorg" in one and "sector" in one]
    assert listed(client.get(address).text) == {made["pleegzorg"][0]}
    assert listed(client.get("/zoeken").text) == {made["pleegzorg"][0]}
    assert client.get(f"/cijfers/verbeterd?{YEAR}").status_code == 403


@pytest.mark.parametrize(
    "address",
    [
        "/cijfers?van=onzin&tot=2026-99-99",
        "/cijfers?van=2026-12-31&tot=2026-01-01",
        "/cijfers/stijgingen?van=0001-01-01",
        "/cijfers?sector=%00&thema=%27%3B--",
        "/cijfers/verslag?van=2030-01-01&tot=2030-12-31",
        "/zoeken?zoek=%00%27%22+%28&organisator=%25&van=x",
        "/zoeken?na=onzin",
    ],
)
def test_an_odd_address_gives_a_page_all_the_same(book: Book, log_in: LogIn, address: str) -> None:
    filled(book)
    assert log_in("medewerker").get(address).status_code == 200


@pytest.mark.parametrize(
    "address",
    ["/cijfers/dossiers?reeks=leeftijd&waarde=x", "/cijfers/dossiers?reeks=termijn&waarde=x",
     "/cijfers/dossiers?reeks=kenmerk&veld=x", "/cijfers/dossiers?reeks=x"],
)  # fmt: skip
def test_a_figure_that_is_none_is_not_found(log_in: LogIn, address: str) -> None:
    assert log_in("medewerker").get(address).status_code == 404


def test_a_long_list_behind_a_figure_goes_on_at_the_next_page(book: Book, log_in: LogIn) -> None:
    filled(book)
    from_db = set()
    with book.engine.begin() as connection:
        connection.exec_driver_sql(
            "insert into dossier (reference, year, number, opened, sector)"
            " select 'KW-2026-' || lpad(n::text, 5, '0'), 2026, n, '2026-04-01', 'adoptie'"
            " from generate_series(1001, 1060) as n"
        )
    client = log_in("medewerker")
    page = client.get(f"/cijfers/dossiers?reeks=kenmerk&veld=sector&waarde=adoptie&{YEAR}").text
    from_db |= listed(page)
    following = re.search(r'href="(\?[^"]+)" rel="next"', page)
    assert following is not None
    from_db |= listed(client.get("/cijfers/dossiers" + unescape(following[1])).text)
    assert len(from_db) == 60


def test_the_search_keeps_words_and_filters_in_the_address(book: Book, log_in: LogIn) -> None:
    made = filled(book)
    digest = entered(book, written())
    record = book.record(digest)
    assert record is not None and record.item.reference is not None
    client = log_in("medewerker")
    assert listed(client.get("/zoeken?zoek=begeleidster").text) == {record.item.reference}
    page = client.get("/zoeken?sector=kinderopvang&van=2026-01-01&organisator=creche").text
    assert listed(page) == set()
    page = client.get("/zoeken?sector=kinderopvang&van=2026-01-01&organisator=crèche").text
    assert listed(page) == set(made["opvang"])
    assert 'value="crèche"' in page and '<option value="kinderopvang" selected>' in page
    assert listed(client.get("/zoeken?ernst=gevaar").text) == set(made["vorig"])
    assert "Geen dossier past" in words(client.get("/zoeken?zoek=bestaatniet").text)
