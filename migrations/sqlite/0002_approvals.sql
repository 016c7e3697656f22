-- Acts that wait for approvers, what was said to them, the messages that show them, and the agents they deleted.

-- Acts that wait for approvers. Numbers are never used twice: people say them, and sealed records are bound to them.
CREATE TABLE requests (
    id          INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    requester   INTEGER NOT NULL,
    interaction INTEGER UNIQUE,
    connection  TEXT NOT NULL,
    agent       TEXT,
    login       TEXT NOT NULL,
    -- The login in lower case, for looking it up.
    login_key   TEXT NOT NULL,
    subject     TEXT NOT NULL,
    act         TEXT NOT NULL,
    card        TEXT NOT NULL,
    threshold   INTEGER NOT NULL CHECK (threshold >= 1),
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    state       TEXT NOT NULL CHECK (state IN
                ('pending', 'executing', 'done', 'failed', 'void', 'denied', 'expired', 'cancelled')),
    settled_at  INTEGER,
    settlement  TEXT,
    intent      INTEGER UNIQUE REFERENCES intents (id),
    remind_at   INTEGER,
    reminders   INTEGER NOT NULL DEFAULT 0,
    channel     INTEGER NOT NULL,
    revision    INTEGER NOT NULL,
    record      BLOB,
    CHECK ((state IN ('pending', 'executing')) = (settled_at IS NULL)),
    CHECK ((state = 'pending') = (settlement IS NULL)),
    CHECK (state = 'pending' OR remind_at IS NULL),
    CHECK (state IN ('pending', 'executing') OR record IS NULL),
    -- A void request may have come as far as its act, or not.
    CHECK (state = 'void' OR (state IN ('executing', 'done', 'failed')) = (intent IS NOT NULL))
) STRICT;

-- One question at a time about the same thing.
CREATE UNIQUE INDEX requests_subject ON requests (subject) WHERE state IN ('pending', 'executing');
CREATE INDEX requests_pending ON requests (expires_at) WHERE state = 'pending';
CREATE INDEX requests_requester ON requests (requester);
CREATE INDEX requests_agent ON requests (connection, agent);
CREATE INDEX requests_login ON requests (login_key);

-- What people said, by a reaction or a button; one row for each person, way and verdict.
CREATE TABLE ballots (
    id      INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    request INTEGER NOT NULL REFERENCES requests (id),
    person  INTEGER NOT NULL,
    via     TEXT NOT NULL CHECK (via IN ('reaction', 'button')),
    verdict TEXT NOT NULL CHECK (verdict IN ('approve', 'deny', 'look')),
    state   TEXT NOT NULL CHECK (state IN ('unchecked', 'counted', 'refused', 'late', 'withdrawn', 'stale')),
    cast_at INTEGER NOT NULL,
    words   TEXT,
    why     TEXT,
    UNIQUE (request, person, via, verdict)
) STRICT;

CREATE INDEX ballots_person ON ballots (person);

-- Messages that show a request. Numbers are never used twice: Discord's nonce is made from them.
CREATE TABLE copies (
    id              INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    request         INTEGER NOT NULL REFERENCES requests (id),
    kind            TEXT NOT NULL CHECK (kind IN ('card', 'reminder', 'again')),
    channel         INTEGER NOT NULL,
    message_channel INTEGER,
    message_id      INTEGER,
    created_at      INTEGER NOT NULL,
    revision        INTEGER NOT NULL DEFAULT 0,
    reacted         TEXT NOT NULL CHECK (reacted IN ('due', 'done')),
    retry_at        INTEGER,
    gone_at         INTEGER,
    CHECK ((message_channel IS NULL) = (message_id IS NULL)),
    CHECK (kind = 'card' OR reacted = 'done')
) STRICT;

CREATE INDEX copies_message ON copies (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX copies_request ON copies (request);
CREATE INDEX copies_standing ON copies (request, revision) WHERE gone_at IS NULL;

-- What a person was told about a request, so that nobody is told the same twice.
CREATE TABLE remarks (
    request INTEGER NOT NULL REFERENCES requests (id),
    person  INTEGER NOT NULL,
    why     TEXT NOT NULL,
    told_at INTEGER NOT NULL,
    PRIMARY KEY (request, person, why)
) STRICT;

-- Agents that were deleted, or are about to be. The record is sealed, and set to NULL once it can no longer come back.
CREATE TABLE kept (
    id          INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    intent      INTEGER NOT NULL UNIQUE REFERENCES intents (id),
    connection  TEXT NOT NULL,
    agent       TEXT NOT NULL,
    login       TEXT NOT NULL,
    name        TEXT NOT NULL,
    deleted_at  INTEGER,
    expires_at  INTEGER,
    restored_as TEXT,
    secret      BLOB,
    CHECK ((deleted_at IS NULL) = (expires_at IS NULL)),
    CHECK (restored_as IS NULL OR (deleted_at IS NOT NULL AND secret IS NULL))
) STRICT;

CREATE INDEX kept_agent ON kept (connection, agent);
CREATE INDEX kept_sealed ON kept (expires_at) WHERE secret IS NOT NULL;

-- Since when the bot has seen agents disabled.
CREATE TABLE disabled (
    connection TEXT NOT NULL,
    agent      TEXT NOT NULL,
    since      INTEGER NOT NULL,
    PRIMARY KEY (connection, agent)
) STRICT;

-- The request whose approval led to an act.
ALTER TABLE intents ADD COLUMN request INTEGER REFERENCES requests (id);

-- Which agent the phone system said it created, for when it cannot be read back.
ALTER TABLE intents ADD COLUMN made TEXT;
CREATE UNIQUE INDEX intents_request ON intents (request) WHERE request IS NOT NULL;

-- An offer may now lead to a request in place of an act. SQLite cannot change a CHECK: the table is made anew.
CREATE TABLE offers_new (
    id         INTEGER PRIMARY KEY NOT NULL,
    actor      INTEGER NOT NULL,
    body       TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('open', 'taken', 'cancelled')),
    intent     INTEGER UNIQUE REFERENCES intents (id),
    request    INTEGER UNIQUE REFERENCES requests (id),
    CHECK ((state = 'taken') = (intent IS NOT NULL OR request IS NOT NULL)),
    CHECK (intent IS NULL OR request IS NULL)
) STRICT;

INSERT INTO offers_new (id, actor, body, expires_at, state, intent)
    SELECT id, actor, body, expires_at, state, intent FROM offers;
DROP TABLE offers;
ALTER TABLE offers_new RENAME TO offers;
CREATE INDEX offers_expiry ON offers (expires_at);
