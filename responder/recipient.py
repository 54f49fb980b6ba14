"""Whom a letter goes to, how it greets, and which subject it bears."""

import re
import unicodedata

from intake.message import Message, Party

# One mailbox and nothing that could become a second one, a header or a command.
_ADDRESS = re.compile(r"^[^\s\x00-\x1f\x7f<>()\[\]\\,;:\"@]{1,64}@[^\s\x00-\x1f\x7f<>()\[\]\\,;:\"@]{1,253}$")
_DEAF = re.compile(
    r"^(no[-_.]?reply|do[-_.]?not[-_.]?reply|niet[-_.]?(be)?antwoorden|mailer-daemon|postmaster)\b", re.I
)
_NAME = re.compile(r"^[^\W\d_]+(?:[ '’.-]+[^\W\d_]+)*\.?$")
_PREFIXES = re.compile(
    r"^(?:\s*(?:re|aw|antw|antwoord|betr|fw|fwd|doorst|tr|wg)\s*(?:\[\d+\])?\s*:)+\s*", re.IGNORECASE
)

_LONGEST_NAME = 60
_LONGEST_SUBJECT = 150


def one_line(text: str) -> str:
    """The text on one line: no control or format characters, single spaces. Safe as the value of a header."""
    calm = "".join(" " if unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp") else sign for sign in text)
    return " ".join(calm.split())


def is_address(text: str) -> bool:
    """Whether the text is the address of one mailbox and nothing else."""
    return _ADDRESS.fullmatch(text) is not None and ".." not in text


def addressee(message: Message) -> tuple[Party | None, str]:
    """To whom we answer (None when there is no usable address), and why a person should look at it first."""
    writer, asked = message.sender, message.reply_to
    party = asked if asked is not None and asked.address else writer
    address = one_line(party.address)
    if not is_address(address):
        return None, ""
    to = Party(one_line(party.name)[:_LONGEST_NAME].strip(), address)
    if _DEAF.match(address):
        return to, "Het adres van de schrijver is er een waarop niemand antwoordt."
    if party is asked and writer.address and writer.address.casefold() != address.casefold():
        return to, "De schrijver vraagt om op een ander adres te antwoorden: kijk na van wie dat is."
    return to, ""


def greeted(name: str) -> str:
    """The name as a greeting may use it, or nothing when it does not look like that of a person."""
    calm = one_line(name).strip(" \"'“”")
    if calm.count(",") == 1:
        last, first = (part.strip() for part in calm.split(","))
        calm = f"{first} {last}".strip()
    return calm if 2 <= len(calm) <= _LONGEST_NAME and _NAME.fullmatch(calm) else ""


def answered_subject(subject: str, reference: str, otherwise: str) -> str:
    """`Re:` and the writer's own subject (`otherwise` when it has none), with our reference once."""
    bare = _PREFIXES.sub("", one_line(subject)).replace(f"[{reference}]", "").strip()
    if len(bare) > _LONGEST_SUBJECT:
        bare = bare[:_LONGEST_SUBJECT].rsplit(" ", 1)[0] + " …"
    title = f"Re: {bare}" if bare else otherwise
    return f"{title} [{reference}]"
