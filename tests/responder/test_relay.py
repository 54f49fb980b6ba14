"""The relay as a setting names it."""

from responder.relay import relay


def test_a_relay_is_read_from_its_address() -> None:
    found = relay("smtps://brief:ge%3Aheim%401@relay.example:2465")
    assert (found.host, found.port, found.tls, found.user) == ("relay.example", 2465, True, "brief")
    assert found.password == "ge:heim@1"
    assert "ge:heim" not in repr(found)
    assert relay("smtp://relay.example").port == 25
    assert relay("smtps://relay.example").port == 465
    assert relay("smtp://[::1]:2525").nearby
    assert not relay("smtp://relay.example").nearby
