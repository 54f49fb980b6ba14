"""Mails as hypothesis makes them: trees of parts, sound and damaged, with the words that must come out again."""

import base64
import binascii
from dataclasses import dataclass

from hypothesis import strategies as st

WORDS = (
    st.text("abcdefgh ijklm éèëïöüç€", min_size=3, max_size=40)
    .map(lambda one: one.strip())
    .filter(lambda one: len(one) > 2 and "  " not in one)
)
CHARSETS = st.sampled_from(["utf-8", "UTF-8", "iso-8859-15", "windows-1252", "utf-16", "utf-7"])
ENCODINGS = st.sampled_from(["base64", "quoted-printable", "8bit"])
BOUNDARIES = st.text("abcXYZ019'()+_,-./:=? ", min_size=1, max_size=30).map(lambda one: one.strip() + "x")
KINDS = st.sampled_from(["mixed", "related", "signed", "parallel", "onbekend"])


@dataclass(frozen=True, slots=True)
class Grown:
    """A part in wire form, and the words in it, in order."""

    raw: bytes
    words: tuple[str, ...]


@st.composite
def leaves(draw: st.DrawFn) -> Grown:
    words, charset, encoding = draw(WORDS), draw(CHARSETS), draw(ENCODINGS)
    octets = words.encode(charset)
    if charset == "utf-16" and encoding != "base64":
        encoding = "base64"
    if encoding == "base64":
        octets = base64.encodebytes(octets)
    elif encoding == "quoted-printable":
        octets = binascii.b2a_qp(octets)
    head = f"Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return Grown(head.encode() + octets, (words,))


@st.composite
def branches(draw: st.DrawFn, below: st.SearchStrategy[Grown]) -> Grown:
    kids, boundary = draw(st.lists(below, min_size=1, max_size=4)), draw(BOUNDARIES)
    edge = f"--{boundary}".encode()
    # A boundary that also stands inside a part would make the mail mean something else.
    if any(edge in kid.raw for kid in kids):
        return kids[0]
    body = b"".join(edge + b"\r\n" + kid.raw + b"\r\n" for kid in kids)
    if draw(st.booleans()):
        body += edge + b"--\r\n"
    head = f'Content-Type: multipart/{draw(KINDS)}; boundary="{boundary}"\r\n\r\n'
    return Grown(head.encode() + body, tuple(word for kid in kids for word in kid.words))


TREES = st.recursive(leaves(), branches, max_leaves=8)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A sound tree with stretches cut out, doubled, or overwritten."""
    raw = bytearray(draw(TREES).raw)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(raw)))
        length = draw(st.integers(0, 30))
        patch = draw(st.one_of(st.binary(max_size=12), st.just(bytes(raw[at : at + length])), st.just(b"\r\n\r\n")))
        raw[at : at + draw(st.sampled_from([0, length]))] = patch
    return bytes(raw)
