from register.imprint import message_id, twin

MAIL = b"From: a@b.example\r\nMessage-ID:\r\n <1@b.example>\r\nDate: Mon, 2 Mar 2026 10:30:00 +0100\r\n\r\nHallo\r\n"


def test_a_folded_message_id_is_read() -> None:
    assert message_id(MAIL) == "1@b.example"


def test_what_is_added_on_the_way_leaves_the_twin_mark_alone() -> None:
    travelled = b"Received: from elsewhere\r\n by here\r\n" + MAIL.replace(b"\r\n", b"\n") + b"\n\n"
    assert twin(travelled) == twin(MAIL)


def test_another_body_author_or_date_is_another_mail_though_the_message_id_is_the_same() -> None:
    for old, new in ((b"Hallo", b"Hallo?"), (b"a@b", b"c@b"), (b"2 Mar", b"3 Mar")):
        assert twin(MAIL.replace(old, new)) != twin(MAIL)


def test_a_mail_without_message_id_has_no_twin() -> None:
    assert twin(b"From: a@b.example\r\n\r\nMessage-ID: <1@b.example>\r\n") is None
    assert twin(b"") is None
