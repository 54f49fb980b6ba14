"""Which addresses other programs may have, and that nobody inside the house is reached by a trick."""

import ipaddress
import socket

import pytest

from responder.call import CallError, call, check, is_public, signature


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1", "fd00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2002:a00:1::1",
    ],
)  # fmt: skip
def test_an_address_of_our_own_network_is_not_public_however_it_is_packed(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["1.1.1.1", "193.191.245.1", "2606:4700:4700::1111", "64:ff9b::101:101"])
def test_an_address_of_the_open_internet_is_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://localhost/",
        "https://[::1]/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://0/",
    ],
)
def test_a_call_to_ourselves_by_any_name_is_refused_before_it_is_made(url: str) -> None:
    with pytest.raises(CallError, match=r"eigen netwerk|bestaat niet"):
        call(url, b"{}", {})


def test_one_inner_address_among_public_ones_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, 1, 6, "", (one, 443)) for one in ("1.1.1.1", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(CallError, match="eigen netwerk"):
        call("https://ontvanger.example/", b"{}", {})


@pytest.mark.parametrize(
    "url",
    [
        "http://x.example", "//x.example", "https://x.example:0/", "https://x.example:99999/", "https://a@x.example/",
        "https://x.example/\r\nHost: y", "https://x.example/é", "https://[::1", "file:///etc/passwd", "https:///pad",
    ],
)  # fmt: skip
def test_an_address_of_another_shape_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="adres"):
        check(url, inside=False)


def test_a_plain_name_with_port_path_and_query_is_taken_and_http_only_inside() -> None:
    assert check("https://x.example:8443/pad?a=b", inside=False).port == 8443
    assert check("http://intern/pad", inside=True).hostname == "intern"


def test_an_answer_that_does_not_come_is_told_without_what_was_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(CallError, match=r"^Geen antwoord \(TimeoutError\)\.$"):
            call(f"http://127.0.0.1:{port}/", b"geheim", {}, inside=True, patience=0.2)


def test_the_signature_is_that_of_the_moment_and_the_body() -> None:
    assert signature("s", b"{}", 7) == "t=7,v1=" + signature("s", b"{}", 7).partition("v1=")[2]
    assert (
        len({signature("s", b"{}", 7), signature("s", b"{}", 8), signature("s", b"[]", 7), signature("t", b"{}", 7)})
        == 4
    )
