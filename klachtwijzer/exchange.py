"""Rules between a folder and the register: both ways, and never over something that would be lost."""

from pathlib import Path

from register.rulebooks import OvertakenError
from register.versions import Versions
from triage import rulebook


class ExchangeError(Exception):
    """The rules were not moved; the message is one line that says why and what to do."""


def write_out(versions: Versions, folder: Path, version: str = "", *, force: bool = False) -> str:
    """Make the folder hold exactly that version (default: the one in force); its fingerprint. Raises ExchangeError.

    Files that are on file in no version are not overwritten unless `force`.
    """
    fingerprint = _named(versions, version)
    files = versions.files(fingerprint)
    if files is None:
        raise ExchangeError(f"{fingerprint[:12]}: these rules are not on file")
    there = rulebook.files(folder) if folder.is_dir() else {}
    if there and not force and there != files and not versions.known(rulebook.fingerprint(there)):
        raise ExchangeError(f"{folder} holds edits that are nowhere else; import them first, or add --force")
    for path, text in files.items():
        if there.get(path) != text:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            # A reader that looks at this moment sees the old file or the new one, never half of one.
            aside = (folder / path).with_suffix(".nieuw")
            aside.write_bytes(text)
            aside.replace(folder / path)
    for path in there.keys() - files.keys():
        (folder / path).unlink()
    return fingerprint


def take_in(  # noqa: PLR0913
    versions: Versions, folder: Path, fingerprint: str, who: str, why: str, *, force: bool = False
) -> bool:
    """Put the folder's rules, which were checked, in force; False when they were already. Raises ExchangeError.

    A change that was published elsewhere is not undone unless `force`.
    """
    named = versions.current()
    latest = versions.history(limit=1)
    # What two people published did not come from a folder, so that no folder need hold it.
    elsewhere = bool(latest) and latest[0].second != ""
    if named is not None and named != fingerprint and elsewhere and not force:
        last = latest[0]
        raise ExchangeError(
            f"the rules in force were changed elsewhere by {last.who} ({last.why}); export them first, or add --force"
        )
    try:
        return versions.take_over(fingerprint, rulebook.files(folder), who=who, why=why, instead_of=named)
    except OvertakenError:
        raise ExchangeError("the rules in force changed at this very moment; look again") from None


def _named(versions: Versions, version: str) -> str:
    if not version:
        current = versions.current()
        if current is None:
            raise ExchangeError("no rules are in force in this register yet")
        return current
    if versions.known(version):
        return version
    found = {turn.fingerprint for turn in versions.history(limit=1000) if turn.fingerprint.startswith(version)}
    if len(found) != 1:
        raise ExchangeError(f"{version}: {'no' if not found else 'more than one'} version begins so")
    return found.pop()
