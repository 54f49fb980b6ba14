"""An invitation or appointment (RFC 5545) told in a few lines: what, when, where, by whom."""

import re

_FOLD = re.compile(r"\r?\n[ \t]")
_STAMP = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})\d{2}(Z?))?$")
_ESCAPED = re.compile(r"\\([\\;,nN])")
_EVENTS = 20
_LABELS = (
    ("SUMMARY", "Afspraak"),
    ("DTSTART", "Begin"),
    ("DTEND", "Einde"),
    ("DUE", "Tegen"),
    ("LOCATION", "Plaats"),
    ("ORGANIZER", "Organisator"),
    ("STATUS", "Stand"),
)
_METHODS = {"CANCEL": "Afgelasting", "REPLY": "Antwoord op een uitnodiging", "REQUEST": "Uitnodiging"}


def words(source: str) -> str:
    """The appointments of a calendar file as lines of text; its bare lines when it holds none. Never raises."""
    lines = _FOLD.sub("", source).splitlines()
    events: list[dict[str, tuple[str, str]]] = []
    current: dict[str, tuple[str, str]] | None = None
    method, inner = "", 0
    for line in lines:
        head, _, value = line.partition(":")
        name, _, parameters = head.partition(";")
        name = name.strip().upper()
        if name == "BEGIN" and value.strip().upper() in ("VEVENT", "VTODO", "VJOURNAL"):
            current = {}
        elif name == "BEGIN" and current is not None:
            inner += 1
        elif name == "END" and current is not None:
            if inner:
                inner -= 1
                continue
            events.append(current)
            current = None
            if len(events) >= _EVENTS:
                break
        elif name == "METHOD":
            method = value.strip().upper()
        elif current is not None and not inner:
            current.setdefault(name, (parameters, value))
    if current:
        events.append(current)
    told = "\n\n".join(_told(event) for event in events)
    title = _METHODS.get(method, "")
    return "\n".join(piece for piece in (title, told) if piece) if told else source


def _told(event: dict[str, tuple[str, str]]) -> str:
    lines = []
    for name, label in _LABELS:
        parameters, value = event.get(name, ("", ""))
        if name == "ORGANIZER":
            value = re.sub(r"(?i)^mailto:", "", value)
        if value:
            lines.append(f"{label}: {_moment(value, parameters) if name.startswith('D') else _plain(value)}")
    description = _plain(event.get("DESCRIPTION", ("", ""))[1]).strip()
    return "\n".join([*lines, *(["", description] if description else [])])


def _plain(value: str) -> str:
    return _ESCAPED.sub(lambda hit: "\n" if hit[1] in "nN" else hit[1], value).strip()


def _moment(value: str, parameters: str) -> str:
    found = _STAMP.match(value.strip())
    if not found:
        return _plain(value)
    day = f"{found[3]}/{found[2]}/{found[1]}"
    if not found[4]:
        return day
    zone = re.search(r"(?i)tzid=\"?([^\";:]{1,60})", parameters)
    return f"{day} {found[4]}:{found[5]}" + (" UTC" if found[6] else f" ({zone[1]})" if zone else "")
