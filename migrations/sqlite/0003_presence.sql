-- What was last asked of agents' presence, and how far acts of several parts are.

-- Phone systems that tell nothing of presence: the last thing that was asked of each agent is all that is known.
CREATE TABLE presence (
    connection TEXT NOT NULL,
    agent      TEXT NOT NULL,
    at         INTEGER NOT NULL,
    actor      INTEGER NOT NULL,
    body       TEXT NOT NULL,
    PRIMARY KEY (connection, agent)
) STRICT;

-- How far an act of several parts is, as JSON.
ALTER TABLE intents ADD COLUMN progress TEXT;
