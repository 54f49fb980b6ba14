CREATE TABLE mailbox (
    name TEXT NOT NULL,
    validity BIGINT,
    uid BIGINT,
    refresh_token TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_mailbox PRIMARY KEY (name)
);

CREATE TABLE heard (
    digest TEXT NOT NULL,
    words TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_heard PRIMARY KEY (digest),
    CONSTRAINT fk_heard_digest FOREIGN KEY(digest) REFERENCES message (digest)
);
CREATE INDEX ix_heard_words ON heard (words, at);
