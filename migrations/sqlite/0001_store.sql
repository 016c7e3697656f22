-- The store of Rollcall. Times are milliseconds since 1970-01-01 UTC, Discord's ids are its snowflakes, JSON is text,
-- sealed secrets are blobs that are set to NULL once the secret is no longer needed.

-- 'Roll': tells this store from another program's SQLite file.
PRAGMA application_id = 1383033964;

-- Facts about the store itself: the check of the key, the end of the audit log, the last proof of writing.
CREATE TABLE meta (
    name  TEXT PRIMARY KEY NOT NULL,
    value BLOB NOT NULL
) STRICT;

-- Interactions that were seen, so that one that Discord sends again is known.
CREATE TABLE interactions (
    id          INTEGER PRIMARY KEY NOT NULL,
    actor       INTEGER NOT NULL,
    seen_at     INTEGER NOT NULL,
    answered_at INTEGER,
    token       BLOB
) STRICT;

CREATE INDEX interactions_seen ON interactions (seen_at);

-- The journal: what was asked of phone systems. Numbers are never used twice, sealed secrets are bound to them.
CREATE TABLE intents (
    id           INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    actor        INTEGER NOT NULL,
    interaction  INTEGER UNIQUE,
    connection   TEXT NOT NULL,
    act          TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('recorded', 'sent', 'done', 'failed', 'doubt')),
    attempts     INTEGER NOT NULL DEFAULT 0,
    recorded_at  INTEGER NOT NULL,
    sent_at      INTEGER,
    looked_at    INTEGER,
    concluded_at INTEGER,
    outcome      TEXT,
    secret       BLOB
) STRICT;

CREATE INDEX intents_open ON intents (id) WHERE state IN ('recorded', 'sent', 'doubt');

-- Previews with a button. One offer leads to one intent at most, and one intent comes from one offer at most.
CREATE TABLE offers (
    id         INTEGER PRIMARY KEY NOT NULL,
    actor      INTEGER NOT NULL,
    body       TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('open', 'taken', 'cancelled')),
    intent     INTEGER UNIQUE REFERENCES intents (id),
    CHECK ((state = 'taken') = (intent IS NOT NULL))
) STRICT;

CREATE INDEX offers_expiry ON offers (expires_at);

-- Passwords on their way to a person.
CREATE TABLE handovers (
    id               INTEGER PRIMARY KEY NOT NULL,
    intent           INTEGER NOT NULL REFERENCES intents (id),
    connection       TEXT NOT NULL,
    agent            TEXT NOT NULL,
    login            TEXT NOT NULL,
    requester        INTEGER NOT NULL,
    recipient        INTEGER NOT NULL,
    delivery         TEXT NOT NULL CHECK (delivery IN ('reveal', 'message')),
    state            TEXT NOT NULL CHECK (state IN
                     ('due', 'delivered', 'closed', 'confirmed', 'expired', 'replaced', 'superseded')),
    created_at       INTEGER NOT NULL,
    expires_at       INTEGER NOT NULL,
    opened_at        INTEGER,
    opens            INTEGER NOT NULL DEFAULT 0,
    shown_until      INTEGER,
    settled_at       INTEGER,
    message_channel  INTEGER,
    message_id       INTEGER,
    receipt          TEXT NOT NULL CHECK (receipt IN ('due', 'sent', 'closed')),
    receipt_channel  INTEGER,
    receipt_id       INTEGER,
    revision         INTEGER NOT NULL,
    message_revision INTEGER NOT NULL,
    receipt_revision INTEGER NOT NULL,
    retry_at         INTEGER,
    secret           BLOB
) STRICT;

CREATE INDEX handovers_open ON handovers (expires_at)
    WHERE state IN ('due', 'delivered', 'closed') OR message_revision < revision OR receipt_revision < revision;
CREATE INDEX handovers_requester ON handovers (requester);
CREATE INDEX handovers_recipient ON handovers (recipient);

-- Messages still to be sent. Numbers are never used twice: Discord's nonce is made from them.
CREATE TABLE notices (
    id          INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('reply', 'channel', 'person')),
    target      INTEGER NOT NULL,
    person      INTEGER,
    body        TEXT NOT NULL,
    attempts    INTEGER NOT NULL DEFAULT 0,
    created_at  INTEGER NOT NULL,
    next_at     INTEGER NOT NULL,
    settled_at  INTEGER,
    CHECK ((kind = 'reply') = (person IS NOT NULL))
) STRICT;

CREATE INDEX notices_due ON notices (next_at) WHERE settled_at IS NULL;

-- The audit log: each entry's hash covers the one before, with a key that is not in this file.
CREATE TABLE audit (
    seq    INTEGER PRIMARY KEY NOT NULL,
    at     INTEGER NOT NULL,
    what   TEXT NOT NULL,
    actor  INTEGER,
    target TEXT NOT NULL,
    intent INTEGER,
    detail TEXT NOT NULL,
    hash   BLOB NOT NULL
) STRICT;

CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'entries of the audit log cannot be changed');
END;

CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'entries of the audit log cannot be deleted');
END;

-- REPLACE deletes without asking the trigger above.
CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit
WHEN EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq)
BEGIN
    SELECT RAISE(ABORT, 'entries of the audit log cannot be replaced');
END;

-- The agents that each person used last.
CREATE TABLE recents (
    actor      INTEGER NOT NULL,
    connection TEXT NOT NULL,
    agent      TEXT NOT NULL,
    at         INTEGER NOT NULL,
    PRIMARY KEY (actor, connection, agent)
) STRICT;

-- Each connection's agents as they were last read, without secrets.
CREATE TABLE snapshots (
    connection TEXT PRIMARY KEY NOT NULL,
    taken_at   INTEGER NOT NULL,
    body       TEXT NOT NULL
) STRICT;

-- One row for each IDENTIFY that was sent to Discord.
CREATE TABLE identifies (
    id INTEGER PRIMARY KEY NOT NULL,
    at INTEGER NOT NULL
) STRICT;

CREATE INDEX identifies_at ON identifies (at);

-- The gateway's session, to be resumed after a restart; its id is sealed.
CREATE TABLE gateway_session (
    id          INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    application INTEGER NOT NULL,
    seq         INTEGER NOT NULL,
    resume_url  TEXT NOT NULL,
    secret      BLOB NOT NULL
) STRICT;
