"""Whose words count, and that evidence points at the very words it cites."""

import pytest

from intake.message import Message
from intake.parse import parse
from tests.intake.written import arrival, mail, multipart, part
from tests.triage.spoken import hits, message, small, weights
from triage.assess import assess
from triage.assessment import Evidence
from triage.pipeline import Pipeline, build
from triage.reading import ATTACHMENT_LIMIT, LIMIT, lay_out

SIGNALS = r"""
- {id: woord, betekent: {sector: jeugdhulp}, woorden: [opvoeder]}
- {id: stam, betekent: {betrokkene: organisator}, stammen: [jeugdtehuis]}
- {id: patroon, betekent: {gevaar: D1}, gewicht: 4, patronen: ['\bma''s vriend\b.{0,20}\bsloeg\b']}
- {id: letters, betekent: {instantie: politie}, gewicht: 3, letterlijk: [OCJ]}
- {id: frans, betekent: {ernstig: true}, talen: {fr: ["s'est enfui"]}}
"""
# What the reading makes plain, one code point for one.
PLAIN = str.maketrans("’‘“”\u00a0–—", "''\"\" --")
BODY = "De opvoeder van jeugdtehuis Zon zwijgt.\r\nMa’s vriend — Jos — sloeg.\r\nOCJ: “il s’est enfui”.\r\n"
CITED = {"opvoeder", "jeugdtehuis", "Ma's vriend - Jos - sloeg", "OCJ", "s'est enfui"}


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return build(small(SIGNALS))


def _cited(pipeline: Pipeline, mail: Message) -> list[Evidence]:
    facts = assess(mail, pipeline).facts.values()
    return [one for fact in facts for one in fact.evidence if one.source != "gevaar"]


def _answer(own: str, quoted: str) -> Message:
    said = "".join(f"> {line}\r\n" for line in quoted.splitlines())
    return message(f"{own}\r\n\r\nOp 1 maart schreef Jan:\r\n{said}", subject="Re: x", In_Reply_To="<a@b>")


def _forward(own: str, other: str) -> Message:
    head = "---------- Forwarded message ---------\r\nVan: Jan <jan@x.example>\r\nOnderwerp: x\r\n"
    return message(f"{own}\r\n\r\n{head}\r\n{other}\r\n", subject="Fwd: x")


@pytest.mark.parametrize(
    "before",
    [
        "",
        "😀 👨\u200d👩\u200d👧 ",
        "“Dag”, zei ze – en toen…\r\n\r\n",
        "İstanbul İzmir İ\r\n",
        "e\u0301\u0327 ﬁ ß ẞ Ω\r\n",
        "لدي شكوى 😀\r\n",
        "\u00a0\u2003\t\r\n",
    ],
)
def test_evidence_is_the_exact_slice_of_the_text(pipeline: Pipeline, before: str) -> None:
    mail = message(before + BODY)
    found = _cited(pipeline, mail)
    assert {one.text for one in found} == CITED
    for one in found:
        assert one.part == "tekst"
        assert mail.text[one.start : one.end].translate(PLAIN) == one.text


def test_evidence_behind_a_quotation_still_counts_from_the_start_of_the_text(pipeline: Pipeline) -> None:
    mail = message("Dag 😀\r\n> oude tekst\r\n> nog meer\r\n\r\n" + BODY, subject="Re: x", In_Reply_To="<a@b>")
    found = _cited(pipeline, mail)
    assert {one.text for one in found} == CITED
    assert all(mail.text[one.start : one.end].translate(PLAIN) == one.text for one in found)


def test_evidence_in_the_subject_counts_from_the_start_of_the_subject(pipeline: Pipeline) -> None:
    mail = message("Dag.", subject="Onze opvoeder zwijgt")
    (found,) = _cited(pipeline, mail)
    assert (found.part, mail.subject[found.start : found.end]) == ("onderwerp", "opvoeder")


def test_evidence_in_an_attachment_names_it_and_counts_in_its_text(pipeline: Pipeline) -> None:
    text = part("text/plain; charset=utf-8", "Zie bijlage.")
    sheet = part(
        "text/plain; charset=utf-8", "😀 De opvoeder zwijgt.", 'Content-Disposition: attachment; filename="brief.txt"'
    )
    kind, body = multipart("mixed", text, sheet)
    mail_ = parse(mail(body, kind, "MIME-Version: 1.0", subject="x"), arrival())
    (found,) = _cited(pipeline, mail_)
    assert found.part == "brief.txt"
    assert mail_.attachments[0].text[found.start : found.end] == found.text == "opvoeder"


def test_quoted_words_give_no_votes(pipeline: Pipeline) -> None:
    mail = _answer("Bedankt.", "De opvoeder zwijgt.")
    assert [(hit.role, hit.weight) for hit in hits(pipeline, mail)] == [("aangehaald", 0.0)]
    assert "sector" not in assess(mail, pipeline).facts


def test_forwarded_words_count_half(pipeline: Pipeline) -> None:
    assert weights(pipeline, _forward("Zie hieronder.", "De opvoeder zwijgt.")) == {"woord": 0.5}
    assert weights(pipeline, message("De opvoeder zwijgt.")) == {"woord": 1.0}


def test_words_of_a_signature_give_no_votes(pipeline: Pipeline) -> None:
    mail = message("Ik klaag.\r\n-- \r\nEls Nijs\r\nopvoeder\r\n")
    assert [(hit.role, hit.weight) for hit in hits(pipeline, mail)] == [("handtekening", 0.0)]


def test_a_reading_holds_every_part_in_order_and_knows_where_each_stands() -> None:
    mail = _answer("Mijn woorden.", "Zijn woorden.")
    reading = lay_out(mail)
    for one in reading.stretches:
        source = mail.subject if one.part == "onderwerp" else mail.text
        assert reading.text[one.start : one.end] == source[one.offset : one.offset + one.end - one.start]
        assert reading.stretch(one.start) is one
        assert reading.stretch(one.end - 1) is one
    assert "Mijn woorden." in reading.words(frozenset({"eigen"}))
    assert "Zijn woorden." not in reading.words(frozenset({"eigen"}))


def test_a_reading_of_nothing_is_empty() -> None:
    reading = lay_out(message(""))
    assert (reading.text, reading.stretches) == ("", ())


def test_a_reading_is_cut_where_no_honest_mail_reaches() -> None:
    reading = lay_out(message("woord " * LIMIT, subject="x"))
    assert LIMIT - 2 <= len(reading.text) <= LIMIT + 2


def test_an_attachment_is_cut_before_it_drowns_the_mail() -> None:
    text = part("text/plain; charset=utf-8", "Kort.")
    sheet = part("text/plain", "a b c\r\n" * ATTACHMENT_LIMIT, 'Content-Disposition: attachment; filename="lang.txt"')
    kind, body = multipart("mixed", text, sheet)
    reading = lay_out(parse(mail(body, kind, "MIME-Version: 1.0"), arrival()))
    (last,) = [one for one in reading.stretches if one.part == "lang.txt"]
    assert last.end - last.start == ATTACHMENT_LIMIT
