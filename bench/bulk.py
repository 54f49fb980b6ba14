"""Dossiers in bulk, made by the database itself: each has a mail, a judgement, a part and its events."""

import psycopg
from sqlalchemy import text

from register.book import Book
from tests.register.made import decision, entered

_WORDS = (
    "opvang kind begeleidster antwoord brief telefoon school vergoeding plaatsing jeugdhulp pleegzorg consulent "
    "bezoek gesprek beslissing wachtlijst privacy dossier hygiene veiligheid"
)
# Every dossier tells of the child; a few words are in half, a tenth and a hundredth of them, and one in a thousandth.
_TEXT = f"""(
    'kind klacht ' || split_part('{_WORDS}', ' ', 1 + n % 20) || ' ' || split_part('{_WORDS}', ' ', 1 + (n / 20) % 20)
    || case when n % 2 = 0 then ' crèche' else '' end || case when n % 10 = 0 then ' directeur' else '' end
    || case when n % 100 = 0 then ' verslag' else '' end || case when n % 1000 = 0 then ' zandbak' else '' end
    || ' woord' || n % 5000)"""
_STEPS = (
    """insert into raw_mail (digest, raw, channel, recipients, received, state)
       select md5(n::text) || md5('x' || n), '\\x00', 'smtp', '{}', at, 'ingeschreven' from maal""",
    """insert into dossier (reference, year, number, sender_name, sender_address, opened, due_ack, due_answer,
         acknowledged, status, regime, day_zero, answered, closed, qualification, sector, betrokkene, admissible,
         finding, solution, norms, carriers, channels)
       select 'KW-' || to_char(at, 'YYYY') || '-' || lpad(n::text, 7, '0'), to_char(at, 'YYYY')::int, n, 'Lien',
         'lien' || n % 50000 || '@voorbeeld.example', at::date, at::date + 10, at::date + 45, at + interval '3 days',
         case when open then 'open' else 'gesloten' end, 'klacht', at::date,
         case when not open then at + interval '30 days' end, case when not open then at + interval '31 days' end,
         'klacht', sector, 'organisator', n % 3 > 0, case when n % 3 > 0 then 'gegrond' else '' end,
         case when n % 3 > 0 then 'opgelost' else '' end, case when n % 3 > 0 then '{N13}'::text[] else '{}' end,
         '{mail}', '{burger}' from maal""",
    """insert into message (digest, received, sender_name, sender_address, subject, record, search)
       select md5(n::text) || md5('x' || n), at, 'Lien', 'lien' || n % 50000 || '@voorbeeld.example', 'Klacht',
         model.record, to_tsvector('dutch', words) from maal, (select record from message limit 1) as model""",
    """insert into assessment (id, digest, who, record) overriding system value
       select n + 10, md5(n::text) || md5('x' || n), 'klachtwijzer', model.record
       from maal, (select record from assessment limit 1) as model""",
    """insert into decision (id, digest, assessment, who, uitkomst, record) overriding system value
       select n + 10, md5(n::text) || md5('x' || n), n + 10, 'klachtwijzer', 'registreren', model.record
       from maal, (select record from decision limit 1) as model""",
    """insert into item (digest, decision, dossier, open, rank, due, received, clocked, joined, uitkomst, soort, sector,
         dringendheid, betrokkene, taal, regime)
       select md5(n::text) || md5('x' || n), n + 10, 'KW-' || to_char(at, 'YYYY') || '-' || lpad(n::text, 7, '0'), open,
         2, at::date + 45, at, true, false, 'registreren', 'klacht', sector, 'gewoon', 'organisator', 'nl', 'klacht'
       from maal""",
    """insert into part (dossier, place, stream, sector)
       select 'KW-' || to_char(at, 'YYYY') || '-' || lpad(n::text, 7, '0'),
         1, 'met-afdeling', sector from maal""",
    """insert into event (who, what, dossier, digest) select 'klachtwijzer', 'dossier geopend',
         'KW-' || to_char(at, 'YYYY') || '-' || lpad(n::text, 7, '0'), md5(n::text) || md5('x' || n) from maal""",
    """insert into tally (month, field, value, number)
       select t.month, t.field, t.value, sum(t.number) from dossier as d cross join lateral tallies(d) as t
       group by 1, 2, 3""",
)


def fill(book: Book, number: int, *, years: int = 10) -> str:
    """So many dossiers, spread over the years up to the end of 2026, a tenth of them open; the reference of one."""
    entered(book, decision())
    made = f"""create temporary table maal on commit drop as
        select n, timestamptz '2026-12-01 09:00+01' - interval '1 day' * (n % (365 * {years})) as at,
        n % 10 = 0 as open, (array['kinderopvang', 'pleegzorg', 'jeugdhulp', 'groeipakket'])[1 + n / 10 % 4] as sector,
        {_TEXT} as words from generate_series(100, {99 + number}) as n"""
    with book.engine.begin() as connection:
        # As a replica the server checks no foreign keys and runs no triggers: these rows are not what is measured.
        connection.execute(text("set local session_replication_role = replica"))
        connection.execute(text("set local synchronous_commit = off"))
        connection.execute(text("set local maintenance_work_mem = '1GB'"))
        connection.execute(text("truncate tally"))
        connection.execute(text("drop index ix_message_search"))
        for statement in (made, *_STEPS):
            # The driver takes a statement without parameters as it is, percent signs included.
            driver = connection.connection.driver_connection
            assert isinstance(driver, psycopg.Connection)
            driver.execute(statement.encode())
        connection.execute(text("create index ix_message_search on message using gin (search)"))
    with book.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as plain:
        plain.execute(text("vacuum analyze"))
        return str(plain.scalar(text("select max(reference) from dossier where reference like '%0000%'")))
