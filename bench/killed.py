"""The doors under `kill -9`: 5,000 mails over 50 connections, and a mailbox whose server is killed as well."""

import sys
from pathlib import Path

# Run as a file, this folder would come first in the path, and the bench of the doors before the package of that name.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

# ruff: noqa: E402
import argparse
import asyncio
import tempfile
import time
from collections import Counter, deque

from sqlalchemy import Engine, text

from bench.posting import Posting, made, post
from bench.running import closing, fresh_home, told
from register import server
from tests.intake.dovecot import PASSWORD, USER, dovecot, free_port
from tests.klachtwijzer.started import Processes
from tests.klachtwijzer.test_doors import Mortal

CONNECTIONS = 50
OCTETS = 20_000


def verdict(engine: Engine, mails: list[bytes]) -> None:
    """Ends the bench unless every mail is in the register, to the byte, once."""
    with engine.connect() as connection:
        kept = Counter(bytes(raw) for raw in connection.execute(text("select raw from raw_mail")).scalars())
    if kept != Counter(mails):
        raise SystemExit(f"{len(mails)} mails were promised, {kept.total()} are kept, {len(kept)} of them different")


def by_smtp(engine: Engine, home: Path, processes: Processes, number: int) -> tuple[Posting, int]:
    """All mails handed over while the server is killed every second; how often it was."""
    port, mails = free_port(), made(number, OCTETS)
    listen = {"SMTP_LISTEN": f"127.0.0.1:{port}", "LMTP_LISTEN": "", "HOME": str(home)}
    mortal = Mortal(processes, "serve", "--role", "smtp", seconds=1.0, **listen)
    mortal.start()
    posting = asyncio.run(post("127.0.0.1", port, Posting(deque(mails)), CONNECTIONS, patience=600))
    mortal.spare.set()
    mortal.join()
    verdict(engine, mails)
    return posting, mortal.killed


def by_imap(engine: Engine, home: Path, processes: Processes, number: int) -> int:
    """All mails read from a mailbox while both ends are killed; how often ours was."""
    mails = made(number, OCTETS)
    with dovecot() as box:
        url = f"imap://{USER.replace('@', '%40')}:{PASSWORD.replace(' ', '%20')}@127.0.0.1:{box.port}/INBOX"
        given = {"IMAP": url, "IMAP_DONE": "Ingelezen", "HOME": str(home)}
        mortal = Mortal(processes, "serve", "--role", "imap", seconds=1.0, **given)
        mortal.start()
        for part in range(5):
            box.put(*mails[part * number // 5 : (part + 1) * number // 5])
            time.sleep(1.0)
            box.stop()
            box.start()
        while mortal.killed < 5:
            time.sleep(0.1)
        mortal.spare.set()
        mortal.join()
        end = time.monotonic() + 300
        while box.inside() and time.monotonic() < end:
            time.sleep(0.2)
        if set(box.inside("Ingelezen")) != set(mails):
            raise SystemExit("not every mail lies in the folder for kept mails")
    verdict(engine, mails)
    return mortal.killed


def main() -> None:
    """Runs both once."""
    chosen = argparse.ArgumentParser(description=__doc__)
    chosen.add_argument("--mails", type=int, default=5_000)
    number = chosen.parse_args().mails
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as logs, Processes(Path(logs)) as processes:
        for door in ("smtp", "imap"):
            with fresh_home() as home:
                engine = server.engine(server.embedded(home))
                server.migrate(engine)
                if door == "smtp":
                    posting, killed = by_smtp(engine, home, processes, number)
                    figures |= {"smtp_mails": len(posting.accepted), "smtp_broken_connections": posting.broken}
                else:
                    killed = by_imap(engine, home, processes, number)
                    figures["imap_mails"] = number
                figures[f"{door}_kills"] = killed
                engine.dispose()
                for one in processes.started:
                    if one.running.poll() is None:
                        one.stop()
                server.release(home)
    told("doors under kill -9 · every mail is there once", {name: int(value) for name, value in figures.items()})
    closing(figures)


if __name__ == "__main__":
    main()
