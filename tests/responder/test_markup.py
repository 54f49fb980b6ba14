"""The mark-up of letters: the same words as text and as HTML, and never a tag from outside."""

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from responder.markup import Section, page, plain

SOURCE = """Beste Jan

Een regel
en nog een, met **nadruk**.
## Kop
### Kleine kop

- een
- [1700](tel:1700) en [site](https://kinderrechten.be)

1. eerst
2. dan



Groeten
"""


class Words(HTMLParser):
    """The words and the tags of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words += data.split()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.tags += [f"{tag}.{name}" for name, _ in attrs]


def read(html: str) -> Words:
    words = Words()
    words.feed(html)
    return words


def test_plain_text_bears_no_marks_and_one_empty_line_between_blocks() -> None:
    assert plain([Section("nl", SOURCE)]) == (
        "Beste Jan\n\nEen regel\nen nog een, met nadruk.\n\nKop\n\nKleine kop\n\n- een\n- 1700 en site\n\n"
        "1. eerst\n2. dan\n\nGroeten\n"
    )


def test_html_has_headings_lists_links_and_line_ends() -> None:
    html = page([Section("nl", SOURCE)], "Titel")
    assert "<p>Een regel<br>en nog een, met <strong>nadruk</strong>.</p>" in html
    assert '<a href="tel:1700">1700</a>' in html
    assert '<a href="https://kinderrechten.be">site</a>' in html
    assert "<ol>\n<li>eerst</li>\n<li>dan</li>\n</ol>" in html
    assert html.count("<h1") == 1
    assert html.index("<h1") < html.index("<h2") < html.index("<h3")


def test_both_forms_say_the_same_words() -> None:
    text = plain([Section("nl", SOURCE)]).replace("- ", "").replace("1. ", "").replace("2. ", "")
    words = read(page([Section("nl", SOURCE)], "Titel")).words
    assert "".join(words) == "TitelTitel" + "".join(text.split())


def test_a_link_to_anything_but_a_site_a_mail_or_a_phone_stays_text() -> None:
    html = page([Section("nl", "[klik](javascript:alert(1)) [hier](http://x.example)")], "Titel")
    assert "<a" not in html


def test_only_the_other_language_is_marked_as_such() -> None:
    html = page([Section("fr", "Bonjour"), Section("nl", "Dag")], "Titel")
    assert '<html lang="nl">' in html
    assert '<div lang="fr">\n<p>Bonjour</p>\n</div>\n<hr>\n<p>Dag</p>' in html
    assert plain([Section("fr", "Bonjour"), Section("nl", "Dag")]) == "Bonjour\n\n----------\n\nDag\n"


def test_a_tag_in_the_text_stays_text() -> None:
    source = '- <script>alert(1)</script>\n\n## <img src=x>\n\n[a](https://x.example/?a=1&b="><b>)'
    html = page([Section("nl", source)], "</title><b>")
    assert not {"script", "img", "b"} & set(read(html).tags)
    assert "<script>alert(1)</script>" in plain([Section("nl", source)])


@given(st.text(), st.text())
def test_no_words_can_become_a_tag_or_an_attribute(source: str, title: str) -> None:
    found = read(page([Section("nl", source)], title))
    assert set(found.tags) <= {
        *("html", "html.lang", "head", "meta", "meta.charset", "meta.name", "meta.content", "title", "body", "main"),
        *(
            "body.style",
            "main.style",
            "h1",
            "h1.style",
            "h2",
            "h2.style",
            "h3",
            "h3.style",
            "p",
            "br",
            "ul",
            "ol",
            "li",
        ),
        *("hr", "a", "a.href", "strong"),
    }


@given(st.text(alphabet='<>"&*[]()#-1. \nhttps:/mailto:javascript', max_size=80))
def test_not_even_words_that_look_like_marks_can(source: str) -> None:
    found = read(page([Section("nl", source)], "Titel"))
    assert not {tag for tag in found.tags if tag.startswith(("script", "img"))}
    assert not [tag for tag in found.tags if tag.startswith("a.") and tag != "a.href"]
