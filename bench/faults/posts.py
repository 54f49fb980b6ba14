"""The relay hangs, drops, refuses and talks nonsense; a mailbox does the same; machines answer machines."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP
from itertools import count

from bench.faults.fault import ROLES, Fault
from bench.faults.proxy import Mood, Proxy
from bench.faults.relay import MOODS, Relay
from bench.faults.scene import Scene, scene
from bench.faults.traffic import Mail, Traffic, mails
from bench.posting import OURS
from tests.intake.dovecot import PASSWORD, USER, Dovecot, dovecot

BOUNCES = 5_000
LONGEST = 150.0
"""Seconds within which the door must find back to a mailbox: it looks ever more seldom at one that is broken."""
_STORM = """\
From: MAILER-DAEMON@mail{number}.voorbeeld.example
To: {ours}
Subject: Undelivered Mail Returned to Sender
Date: Tue, 24 Nov 2026 10:00:00 +0100
Message-ID: <terug.{number}.{stamp}@mail.voorbeeld.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="grens"

--grens
Content-Type: text/plain

De mailbox bestaat niet.

--grens
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.voorbeeld.example

Final-Recipient: rfc822; iemand{number}@voorbeeld.example
Action: failed
Status: 5.1.1

--grens
Content-Type: text/rfc822-headers

Message-ID: <nooit.geschreven.{number}@elders.example>
Subject: Re: iets

--grens--
"""


def _relay(stage: Scene, traffic: Traffic, seconds: float) -> str:
    for mood in MOODS:
        stage.relay.mood = mood
        time.sleep(seconds / len(MOODS))
    stage.relay.mood = "takes"
    return ", ".join(MOODS)


class Echo:
    """A machine that answers each letter at its reply address, in other words every time, and never says it is one."""

    def __init__(self) -> None:
        self.traffic: Traffic | None = None
        self.answers = 0
        self._turn = count(1)

    def hear(self, letter: bytes) -> None:
        """Answer a letter."""
        got, turn = BytesParser(policy=SMTP).parsebytes(letter), next(self._turn)
        mail = EmailMessage(policy=SMTP)
        sender = str(got["To"])
        mail["From"], mail["To"], mail["Subject"] = sender, str(got["Reply-To"] or got["From"]), f"Re: {got['Subject']}"
        mail["Message-ID"], mail["In-Reply-To"] = f"<antwoord.{turn}.{time.time_ns()}@echo.example>", got["Message-ID"]
        mail.set_content(
            f"Bedankt voor uw bericht nummer {turn}. Wij hebben een klacht over uw antwoord, het is te laat."
        )
        if self.traffic is not None:
            self.answers += 1
            self.traffic.add(Mail(mail.as_bytes(), sender, danger=False))


ECHO = Echo()


@contextmanager
def _echoing() -> Iterator[Scene]:
    with scene(Relay(hear=ECHO.hear)) as stage:
        yield stage


def _loop(stage: Scene, traffic: Traffic, seconds: float) -> str:
    ECHO.traffic, ECHO.answers = traffic, 0
    time.sleep(seconds)
    ECHO.traffic = None
    with stage.engine.connect() as connection:
        automatic = connection.exec_driver_sql("select count(*) from outgoing where automatic").scalar_one()
    return f"{ECHO.answers} answers of a machine, {automatic} letters by themselves"


def _bounce(stage: Scene, traffic: Traffic, seconds: float) -> str:
    storm = [_STORM.format(number=one, ours=OURS, stamp=time.time_ns()) for one in range(BOUNCES)]
    traffic.add(*(Mail(one.replace("\n", "\r\n").encode(), "", danger=False) for one in storm))
    time.sleep(seconds)
    return f"{BOUNCES} bounces at once"


@contextmanager
def _with_mailbox() -> Iterator[Scene]:
    with ExitStack() as closing:
        stage = closing.enter_context(scene())
        box = closing.enter_context(dovecot())
        way = Proxy("127.0.0.1", box.port)
        way.start()
        closing.callback(way.stop)
        name, word = USER.replace("@", "%40"), PASSWORD.replace(" ", "%20")
        # What is kept is moved away, so that we see when all is.
        stage.more["IMAP_DONE"] = "Ingelezen"
        stage.more["IMAP"] = f"imap://{name}:{word}@127.0.0.1:{way.port}/INBOX"
        BOXES[stage] = box, way
        yield stage
        del BOXES[stage]


BOXES: dict[Scene, tuple[Dovecot, Proxy]] = {}


def _mailbox(stage: Scene, traffic: Traffic, seconds: float) -> str:
    box, way = BOXES[stage]
    moods: tuple[Mood, ...] = ("hangs", "drops", "nonsense", "slow")
    way.delay = 0.05
    for mood in moods:
        more = mails(20)
        # What lies in the mailbox counts as accepted: nobody will offer it again.
        traffic.sent += more
        traffic.accepted += more
        box.put(*(one.raw for one in more))
        time.sleep(0.3)
        way.mood = mood
        if mood in ("drops", "nonsense"):
            way.cut()
        time.sleep(seconds / len(moods))
        way.mood = "passes"
    begun = time.monotonic()
    while box.inside() and time.monotonic() - begun < LONGEST:
        time.sleep(1.0)
    return f"80 mails in the mailbox; {', '.join(moods)}; read {time.monotonic() - begun:.0f} s after it was mended"


RELAY = Fault("relay out of order", _relay)
LOOP = Fault("two auto-responders", _loop, staged=_echoing)
BOUNCED = Fault("storm of bounces", _bounce, per_second=2.0, clerk=False)
MAILBOX = Fault(
    "mailbox out of order", _mailbox, staged=_with_mailbox, prepare=lambda stage: stage.begin("imap", *ROLES)
)
