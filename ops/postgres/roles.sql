-- Who may do what in the database: a role for each part of the program, none of which owns a table.
--
-- Run it as the owner of the tables or as a superuser, after the first start and after every upgrade; it can be run
-- again at any time:
--     psql --set ON_ERROR_STOP=1 --file ops/postgres/roles.sql klachtwijzer
-- Then give each process a user of its own:
--     CREATE ROLE kw_worker LOGIN PASSWORD '…' IN ROLE klachtwijzer_worker;
--
--     klachtwijzer_door      smtp, imap, folder: keeps mails and defers their job; reads no mail
--     klachtwijzer_worker    worker: understands, enters, posts; reads no account and no session
--     klachtwijzer_console   console: what staff do; cannot remove what was received, judged, done or read
--     klachtwijzer_public    chat: holds conversations and enters them at once, so it may do what a worker may
--
-- Only the owner may change the shape (CREATE, ALTER, DROP, TRUNCATE) or switch off a trigger of the journal.

DO $$
DECLARE
    part TEXT;
    own RECORD;
    -- Never changed by anybody; erasure, which two people agreed on, blanks words in the first four.
    judged CONSTANT TEXT[] := ARRAY['assessment', 'decision', 'event', 'reading'];
    -- No row of these ever goes.
    lasting CONSTANT TEXT[] := judged || ARRAY['raw_mail', 'message', 'dossier', 'chain', 'disposal', 'outgoing',
        'rulebook', 'turn', 'year_counter'];
    -- How people and programs prove who they are.
    secret CONSTANT TEXT := '^(account|mailbox|.*token|.*factor|.*identity|.*session)';
BEGIN
    FOREACH part IN ARRAY ARRAY['door', 'worker', 'console', 'public'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'klachtwijzer_' || part) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', 'klachtwijzer_' || part);
        END IF;
        EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA public FROM %I', 'klachtwijzer_' || part);
        EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', 'klachtwijzer_' || part);
        EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO %I', 'klachtwijzer_' || part);
        -- Each start looks whether the tables have the shape that the program knows.
        EXECUTE format('GRANT SELECT ON alembic_version TO %I', 'klachtwijzer_' || part);
    END LOOP;
    REVOKE CREATE ON SCHEMA public FROM PUBLIC;

    FOR own IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    LOOP
        IF own.name !~ secret THEN
            FOREACH part IN ARRAY ARRAY['klachtwijzer_worker', 'klachtwijzer_public'] LOOP
                CONTINUE WHEN part = 'klachtwijzer_public' AND own.name ~ '^webhook';
                EXECUTE format('GRANT SELECT, INSERT ON %I TO %I', own.name, part);
                IF NOT own.name = ANY (judged) THEN
                    EXECUTE format('GRANT UPDATE ON %I TO %I', own.name, part);
                END IF;
                IF NOT own.name = ANY (lasting) THEN
                    EXECUTE format('GRANT DELETE ON %I TO %I', own.name, part);
                END IF;
            END LOOP;
        END IF;
        EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO klachtwijzer_console', own.name);
        IF NOT own.name = ANY (lasting) THEN
            EXECUTE format('GRANT DELETE ON %I TO klachtwijzer_console', own.name);
        END IF;
    END LOOP;

    GRANT INSERT, SELECT (digest, twin, kept, state) ON raw_mail TO klachtwijzer_door;
    GRANT SELECT, INSERT ON setting, procrastinate_jobs, procrastinate_events TO klachtwijzer_door;
    GRANT SELECT, INSERT, UPDATE ON mailbox TO klachtwijzer_door;
    -- A remark on a mail is an event, and whoever writes an event tells the programs that asked to hear of it.
    GRANT INSERT, SELECT (id, digest, what, detail) ON event TO klachtwijzer_door;
    GRANT INSERT ON chain TO klachtwijzer_door;
    -- What a person typed and did not say yet is for staff alone.
    REVOKE ALL ON draft FROM klachtwijzer_worker, klachtwijzer_public;
END;
$$;
