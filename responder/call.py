"""The one place from which other programs are called: no redirect is followed, and nobody inside the house is reached.

The name is looked up once, every address of it is judged, and the connection goes to the very address that was judged,
so that a name cannot point elsewhere between the look and the call.
"""

import hashlib
import hmac
import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

PATIENCE = 10.0
SIGNATURE = "X-Klachtwijzer-Handtekening"
_LONGEST = 65_536
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class CallError(Exception):
    """The other side was not reached or did not take it; says in Dutch what happened, never what was sent."""


def check(url: str, *, inside: bool) -> SplitResult:
    """The parts of an address that may be called. Raises ValueError, in Dutch, for one that may not.

    With `inside` http and addresses of our own network are allowed as well.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError("Dit is geen adres.") from None
    if parts.scheme != "https" and not (inside and parts.scheme == "http"):
        raise ValueError("Het adres moet beginnen met https://.")
    if not parts.hostname or parts.username or parts.password or parts.fragment or port == 0:
        raise ValueError("Het adres mag alleen een naam, een poort, een pad en een vraag hebben.")
    if not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError("Het adres mag geen spaties of vreemde tekens hebben.")
    return parts


def call(url: str, body: bytes, headers: Mapping[str, str], *, inside: bool = False, patience: float = PATIENCE) -> int:
    """Send a body by POST; the status of an answer that takes it (2xx). Raises CallError."""
    try:
        parts = check(url, inside=inside)
    except ValueError as wrong:
        raise CallError(str(wrong)) from None
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    connection = _Direct(host, port, _reachable(host, port, inside=inside), tls=parts.scheme == "https", wait=patience)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", path, body, {"content-type": "application/json", **headers})
        answer = connection.getresponse()
        answer.read(_LONGEST)
    except (OSError, http.client.HTTPException) as trouble:
        raise CallError(f"Geen antwoord ({type(trouble).__name__}).") from None
    finally:
        connection.close()
    if not 200 <= answer.status < 300:
        raise CallError(f"Antwoord {answer.status}.")
    return answer.status


def signature(secret: str, body: bytes, at: int) -> str:
    """`t=…,v1=…`: the moment in seconds, and HMAC-SHA256 over `moment.body`; an old one can so be refused."""
    return f"t={at},v1={hmac.new(secret.encode(), f'{at}.'.encode() + body, hashlib.sha256).hexdigest()}"


def is_public(address: Address) -> bool:
    """Whether the address stands on the open internet, also when it is packed inside another."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast


def _reachable(host: str, port: int, *, inside: bool) -> str:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise CallError("Deze naam bestaat niet.") from None
    addresses = [str(one[4][0]).partition("%")[0] for one in found]
    # One private address among public ones is a trick as well, so all of them count.
    if not addresses or (not inside and not all(is_public(ipaddress.ip_address(one)) for one in addresses)):
        raise CallError("Dit adres ligt binnen ons eigen netwerk, en dat is niet toegelaten.")
    return addresses[0]


class _Direct(http.client.HTTPConnection):
    """A connection to one address, that speaks to it by its name."""

    def __init__(self, host: str, port: int, address: str, *, tls: bool, wait: float) -> None:
        super().__init__(host, port, timeout=wait)
        self.address = address
        self.default_port = 443 if tls else 80
        self.context = ssl.create_default_context() if tls else None

    def connect(self) -> None:
        plain = socket.create_connection((self.address, self.port), self.timeout)
        self.sock = self.context.wrap_socket(plain, server_hostname=self.host) if self.context else plain
