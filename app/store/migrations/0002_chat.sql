-- +goose Up
-- Times of the chat are Unix milliseconds. What an id, a number or a revision
-- means is told in app/chat/wire.
ALTER TABLE accounts ADD COLUMN status TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN colour TEXT NOT NULL DEFAULT '';

CREATE TABLE rooms (
    id          TEXT PRIMARY KEY,
    kind        TEXT NOT NULL CHECK (kind IN ('public', 'private', 'direct')),
    name        TEXT NOT NULL,
    name_key    TEXT UNIQUE, -- the folded name of an open public room
    topic       TEXT NOT NULL DEFAULT '',
    direct_key  TEXT UNIQUE, -- who talks in a direct room
    created_by  TEXT NOT NULL REFERENCES accounts (id),
    created_at  BIGINT NOT NULL,
    active_at   BIGINT NOT NULL, -- the latest message
    archived_at BIGINT,
    seq         BIGINT NOT NULL DEFAULT 0, -- events so far
    messages    BIGINT NOT NULL DEFAULT 0, -- messages so far, deleted ones included
    members     BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE members (
    room_id     TEXT NOT NULL REFERENCES rooms (id),
    account_id  TEXT NOT NULL REFERENCES accounts (id),
    role        TEXT NOT NULL CHECK (role IN ('member', 'moderator', 'owner')),
    joined_at   BIGINT NOT NULL,
    read_number BIGINT NOT NULL, -- the latest message that was read
    PRIMARY KEY (room_id, account_id)
);
CREATE INDEX members_by_account ON members (account_id);

CREATE TABLE messages (
    id         TEXT PRIMARY KEY,
    room_id    TEXT NOT NULL REFERENCES rooms (id),
    number     BIGINT NOT NULL, -- 1, 2, 3 in each room
    author_id  TEXT NOT NULL REFERENCES accounts (id),
    send_key   TEXT NOT NULL, -- chosen by the client, so that a retry stores once
    text       TEXT NOT NULL,
    mentions   TEXT NOT NULL, -- JSON
    sent_at    BIGINT NOT NULL,
    edited_at  BIGINT,
    deleted_at BIGINT,
    deleted_by TEXT,
    rev        BIGINT NOT NULL, -- the room's seq at the latest change
    UNIQUE (room_id, number),
    UNIQUE (room_id, author_id, send_key)
);
CREATE INDEX messages_by_change ON messages (room_id, rev);

CREATE TABLE mentions (
    account_id TEXT NOT NULL REFERENCES accounts (id),
    room_id    TEXT NOT NULL REFERENCES rooms (id),
    number     BIGINT NOT NULL,
    PRIMARY KEY (account_id, room_id, number)
);

CREATE TABLE reactions (
    room_id    TEXT NOT NULL REFERENCES rooms (id),
    number     BIGINT NOT NULL,
    emoji      TEXT NOT NULL,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    set_at     BIGINT NOT NULL,
    PRIMARY KEY (room_id, number, emoji, account_id)
);

CREATE TABLE announcements (
    id        TEXT PRIMARY KEY,
    author_id TEXT NOT NULL REFERENCES accounts (id),
    send_key  TEXT NOT NULL,
    text      TEXT NOT NULL,
    sent_at   BIGINT NOT NULL,
    UNIQUE (author_id, send_key)
);

CREATE TABLE outbox (
    id     TEXT PRIMARY KEY, -- sorts by the order in which to carry out
    action TEXT NOT NULL CHECK (action IN ('publish', 'broadcast', 'rejudge')),
    target TEXT NOT NULL,
    data   TEXT NOT NULL
);

CREATE TABLE invitations (
    id         TEXT PRIMARY KEY,
    hash       TEXT NOT NULL UNIQUE, -- SHA-256 of the secret in the link
    role       TEXT NOT NULL CHECK (role IN ('member', 'moderator', 'admin')),
    note       TEXT NOT NULL,
    created_by TEXT NOT NULL, -- an account, empty for the first start
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at   BIGINT, -- used or taken back
    used_by    TEXT
);

CREATE TABLE audit (
    id        TEXT PRIMARY KEY, -- sorts by time
    at        BIGINT NOT NULL,
    action    TEXT NOT NULL,
    actor_id  TEXT NOT NULL, -- an account, empty for nobody known
    target_id TEXT NOT NULL,
    address   TEXT NOT NULL,
    detail    TEXT NOT NULL
);
CREATE INDEX audit_by_time ON audit (at);

-- +goose Down
DROP TABLE audit;
DROP TABLE invitations;
DROP TABLE outbox;
DROP TABLE announcements;
DROP TABLE reactions;
DROP TABLE mentions;
DROP TABLE messages;
DROP TABLE members;
DROP TABLE rooms;
ALTER TABLE accounts DROP COLUMN colour;
ALTER TABLE accounts DROP COLUMN status;
