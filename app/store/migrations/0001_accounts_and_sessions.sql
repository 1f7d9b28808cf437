-- +goose Up
-- Times are Unix seconds.
CREATE TABLE accounts (
    id            TEXT PRIMARY KEY,
    username      TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL,
    role          TEXT NOT NULL CHECK (role IN ('member', 'moderator', 'admin')),
    password_hash TEXT NOT NULL,
    epoch         BIGINT NOT NULL DEFAULT 1, -- raised by a new role or password; older tokens are refused
    disabled      BOOLEAN NOT NULL DEFAULT FALSE,
    created_at    BIGINT NOT NULL,
    changed_at    BIGINT NOT NULL -- when the epoch was raised last
);
CREATE INDEX accounts_by_change ON accounts (changed_at);

CREATE TABLE sessions (
    id         TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    device     TEXT NOT NULL, -- what the browser calls itself
    address    TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL, -- the latest refresh
    expires_at BIGINT NOT NULL,
    ended_at   BIGINT
);
CREATE INDEX sessions_by_account ON sessions (account_id);
CREATE INDEX sessions_by_end ON sessions (ended_at);

CREATE TABLE refresh_tokens (
    hash       TEXT PRIMARY KEY, -- SHA-256 of the token
    session_id TEXT NOT NULL REFERENCES sessions (id),
    expires_at BIGINT NOT NULL,
    used_at    BIGINT,
    successor  TEXT -- the next token, sealed under this one
);
CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (expires_at);

-- +goose Down
DROP TABLE refresh_tokens;
DROP TABLE sessions;
DROP TABLE accounts;
