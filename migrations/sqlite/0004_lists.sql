-- Which list of a connection a snapshot is. SQLite cannot change a primary key: the table is made anew.

-- What was kept so far are agents.
CREATE TABLE snapshots_new (
    connection TEXT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('agents', 'extensions')),
    taken_at   INTEGER NOT NULL,
    body       TEXT NOT NULL,
    PRIMARY KEY (connection, kind)
) STRICT;

INSERT INTO snapshots_new (connection, kind, taken_at, body)
    SELECT connection, 'agents', taken_at, body FROM snapshots;
DROP TABLE snapshots;
ALTER TABLE snapshots_new RENAME TO snapshots;
