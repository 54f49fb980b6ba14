"""Machines are known by their signs, and no person is taken for one."""

import pytest

from intake.message import Message
from intake.parse import parse
from tests.intake.written import OURS, arrival, mail, multipart, part


def read(raw: bytes, sender: str = "els@telenet.example") -> Message:
    return parse(raw, arrival(sender))


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated; owner-email=x",
        "X-Autoreply: yes",
        "Precedence: bulk",
        "Precedence: junk",
        "List-Id: Ouders <ouders.lijst.example>",
        "X-Klachtwijzer: KW-2026-00001",
        f"X-Loop: {OURS}",
        "X-Failed-Recipients: iemand@x.example",
    ],
)
def test_a_header_of_machines_is_enough(header: str) -> None:
    assert read(mail("Beste, dit is een bericht.", header)).automatic


@pytest.mark.parametrize("header", ["Auto-Submitted: no", "X-Auto-Response-Suppress: All", "Precedence: first-class"])
def test_headers_that_people_also_send_prove_nothing(header: str) -> None:
    assert read(mail("Mijn zoon wordt gepest.", header)).automatic is None


def test_our_own_address_as_a_list_says_nothing_about_the_writer() -> None:
    listed = ("List-Id: <klachten.opgroeien.example>", "Precedence: list")
    assert read(mail("Mijn zoon wordt gepest.", *listed)).automatic is None


def test_a_newsletter_is_known_by_its_way_out_and_what_it_says_of_it() -> None:
    assert read(mail("Nieuws! Uitschrijven kan hier.", "List-Unsubscribe: <mailto:u@x.example>")).automatic
    assert read(mail("Mijn zoon wordt gepest.", "List-Unsubscribe: <mailto:u@x.example>")).automatic is None


@pytest.mark.parametrize("kind", ["delivery-status", "disposition-notification"])
def test_a_report_is_known_by_its_structure(kind: str) -> None:
    status = "Reporting-MTA: dns; x.example\r\n\r\nFinal-Recipient: rfc822; a@x.example\r\nAction: failed\r\n"
    line, body = multipart(
        f"report; report-type={kind}", part("text/plain", "rapport"), part(f"message/{kind}", status)
    )
    message = read(mail(body, line))
    assert message.automatic
    assert message.text == "rapport"
    assert "Final-Recipient: rfc822; a@x.example" in message.attachments[0].text


def test_a_report_that_a_person_attaches_makes_no_machine_of_that_person() -> None:
    line, body = multipart(
        "report", part("text/plain", "x"), part("message/delivery-status", "Action: failed\r\n"), boundary="b2"
    )
    inner = mail(body, line)
    line, body = multipart(
        "mixed", part("text/plain", "Mijn mail raakt niet bij jullie?"), part("message/rfc822", inner)
    )
    assert read(mail(body, line)).automatic is None


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Automatisch antwoord: uw brief", "Ik ben met verlof tot 3 april. Voor dringende vragen belt u het onthaal."),
        ("Afwezig: re: dossier", "Ik ben afwezig en lees mijn mails niet."),
        ("Réponse automatique : dossier", "Je suis absente jusqu'au 3 avril."),
        ("Absence du bureau", "Je serai en congé jusqu'au 3 avril."),
        ("Automatic reply: your letter", "I am out of the office until 3 April."),
        ("Out of Office", "I will be on annual leave with limited access to email."),
        ("Abwesenheitsnotiz: Brief", "Ich bin bis zum 3. April im Urlaub."),
        ("Automatische Antwort: Brief", "Vielen Dank für Ihre Nachricht. Das Büro ist geschlossen."),
        ("Re: uw dossier", "Ik ben afwezig tot 3 april. Uw mails worden niet gelezen."),
        ("Gelezen: uw klacht", "Uw bericht aan Els is gelezen op maandag 2 maart."),
        ("Lu : dossier", "Le message a été affiché."),
        ("Gelesen: Brief", "Ihre Nachricht wurde am Montag gelesen."),
    ],
)
def test_absences_and_receipts_are_known_without_headers(subject: str, body: str) -> None:
    assert read(mail(body, subject=subject)).automatic


@pytest.mark.parametrize(
    ("subject", "sender", "body"),
    [
        ("Niet te bezorgen: brief", "", "Uw bericht kon niet worden bezorgd."),
        ("Undelivered Mail Returned to Sender", "mailer-daemon@x.example", "550 5.1.1 User unknown"),
        ("Unzustellbar: Brief", "", "Die Nachricht konnte nicht zugestellt werden."),
        ("Brief", "", "This is the mail system at host mx.x.example."),
    ],
)
def test_bounces_are_known_by_their_null_sender_and_words(subject: str, sender: str, body: str) -> None:
    assert read(mail(body, subject=subject, From=sender or "postmaster@x.example"), sender).automatic


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Fwd: Automatisch antwoord: dagvergoeding", "Dit krijg ik al zes weken terug. Niemand volgt op."),
        ("Re: Automatisch antwoord: uw vraag", "Ik wacht nog altijd."),
        ("Afwezig: de begeleider", "De begeleider is al drie weken afwezig en niemand vervangt hem."),
        ("Gelezen: niets", "Ik heb uw brief gelezen en ik ben het er niet mee eens."),
        ("Mails worden niet gelezen", "Mijn mails worden daar niet gelezen. Dat is nu al een jaar zo."),
        ("Re: afspraak", "Ik ben met verlof tot vrijdag, kan u mij daarna bellen?"),
        ("Absence de réponse", "La crèche ne répond pas depuis un mois et ma fille en souffre."),
        ("Undelivered promises", "They promised a place for my son and never called."),
        ("Vraag", "Bedankt voor uw bericht. Ik heb nog een vraag over het dossier."),
    ],
)
def test_people_who_write_of_machines_stay_people(subject: str, body: str) -> None:
    assert read(mail(body, subject=subject)).automatic is None


def test_what_a_person_wrote_in_a_web_form_is_a_persons_mail() -> None:
    form = "Naam: Ayoub\r\nBericht: Ik zit al drie weken in de isoleer."
    raw = mail(
        form,
        "Auto-Submitted: auto-generated",
        subject="Nieuw bericht via het klachtenformulier",
        From="noreply@x.example",
    )
    assert read(raw).automatic is None


def test_a_null_sender_alone_does_not_silence_a_persons_words() -> None:
    assert read(mail("De opvang weigert mijn kind. Wat kan ik doen?"), "").automatic is None
