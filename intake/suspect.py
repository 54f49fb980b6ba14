"""Why an attachment should not be opened unprepared: programs, macros, archives that swell. Nothing is removed."""

import io
import re
import zipfile

from intake.contents import Contents

# Names that start a program on some desk when somebody opens them.
_PROGRAMS = frozenset(
    (
        *("exe", "com", "scr", "pif", "bat", "cmd", "cpl", "msi", "msp", "dll", "sys", "gadget", "application"),
        *("js", "jse", "vbs", "vbe", "wsf", "wsh", "hta", "ps1", "psm1", "jar", "apk", "lnk", "url", "scf", "reg"),
        *("chm", "hlp", "iso", "img", "vhd", "vhdx", "sh", "run", "desktop", "dmg", "pkg", "xll", "appx", "msix"),
    )
)
_MACROS = frozenset({"docm", "dotm", "xlsm", "xltm", "xlam", "xlsb", "pptm", "potm", "ppsm", "ppam", "sldm"})
_HARMLESS = frozenset(
    {"pdf", "doc", "docx", "xls", "xlsx", "jpg", "jpeg", "png", "gif", "txt", "odt", "rtf", "zip", "html"}
)
_MAGIC = (b"MZ", b"\x7fELF", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"#!/")
_OLE = b"\xd0\xcf\x11\xe0"
_OLE_MACRO = ("_VBA_PROJECT".encode("utf-16-le"), b"Attribut\x00e VB_")
_PDF_ACTION = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFile)\b")
_PAGE_SCRIPT = re.compile(rb"<script|javascript:|onload\s{0,3}=|onerror\s{0,3}=", re.IGNORECASE)
_TURNED = re.compile("[\u202a-\u202e\u2066-\u2069]")

_SWOLLEN_BYTES = 200_000_000
_SWOLLEN_TIMES = 100
_ENTRIES = 5_000
_SEARCHED = 5_000_000

_PROGRAM = "Een bijlage is een programma of kan er een starten; open ze niet."
_DOUBLE = "Een bijlage doet zich met een dubbele naam voor als iets anders; open ze niet."
_MACRO = "Een bijlage bevat macro's; open ze alleen als je de afzender vertrouwt."
_BOMB = "Een bijlage zwelt bij het uitpakken onredelijk op; pak ze niet uit."
_PACKED = "Een bijlage bevat ingepakte programma's; pak ze niet uit."
_LOCKED = "Een bijlage is met een wachtwoord ingepakt; haar inhoud kon niet bekeken worden."
_ACTIVE = "Een bijlage bevat scripts of acties; open ze niet in een browser of pdf-lezer met scripts."


def is_program(raw: bytes) -> bool:
    """Whether the first bytes are those of a program, whatever the name says."""
    return raw.startswith(_MAGIC)


def warnings(name: str, media_type: str, raw: bytes, contents: Contents) -> tuple[str, ...]:
    """What staff should know before they open it. Raises TooHeavyError for an archive in a light reading only."""
    found: list[str] = []
    endings = [piece.strip() for piece in _TURNED.sub("", name).lower().rstrip(". ").split(".")[1:]]
    last = endings[-1] if endings else ""
    if is_program(raw) or last in _PROGRAMS:
        found.append(_PROGRAM)
        if (len(endings) > 1 and endings[-2] in _HARMLESS) or last in _HARMLESS:
            found.append(_DOUBLE)
    if _TURNED.search(name) and _DOUBLE not in found:
        found.append(_DOUBLE)
    if last in _MACROS or (raw.startswith(_OLE) and any(mark in raw[:_SEARCHED] for mark in _OLE_MACRO)):
        found.append(_MACRO)
    if raw.startswith(b"PK\x03\x04"):
        found += [one for one in _archive(raw) if one not in found] if contents.heavy() else []
    elif raw.startswith(b"%PDF-"):
        found += [_ACTIVE] if _PDF_ACTION.search(raw[:_SEARCHED]) else []
    elif raw.startswith(b"{\\rt"):
        found += [_ACTIVE] if b"\\objdata" in raw or b"\\objupdate" in raw else []
    elif last in ("html", "htm", "svg", "xhtml", "shtml") or media_type in ("text/html", "image/svg+xml"):
        found += [_ACTIVE] if _PAGE_SCRIPT.search(raw[:_SEARCHED]) else []
    return tuple(found)


def _archive(raw: bytes) -> list[str]:
    """What the directory of a ZIP tells; nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            entries = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError, UnicodeError):
        return []
    found = []
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    # A directory may name the same bytes over and over, so that little is much; both ways are looked at.
    if (
        unpacked > _SWOLLEN_BYTES
        or len(entries) > _ENTRIES
        or (unpacked > 20_000_000 and unpacked > _SWOLLEN_TIMES * packed)
    ):
        found.append(_BOMB)
    names = [entry.filename.lower() for entry in entries]
    if any(name.endswith("vbaproject.bin") for name in names):
        found.append(_MACRO)
    if any(name.rpartition(".")[2] in _PROGRAMS for name in names):
        found.append(_PACKED)
    if any(entry.flag_bits & 1 for entry in entries):
        found.append(_LOCKED)
    return found
