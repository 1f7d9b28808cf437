-- +goose Up
-- Whose words the relay adds when it publishes: none wait in the outbox.
ALTER TABLE outbox ADD COLUMN message_id TEXT NOT NULL DEFAULT '';

-- Whether somebody has come in by their own choice. What others open for them
-- does not count towards how many rooms they can be in.
ALTER TABLE members ADD COLUMN own BOOLEAN NOT NULL DEFAULT TRUE;
UPDATE members SET own = FALSE WHERE EXISTS (
    SELECT 1 FROM rooms r WHERE r.id = members.room_id AND r.kind = 'direct' AND r.created_by <> members.account_id
);

CREATE TABLE blocks (
    account_id TEXT NOT NULL REFERENCES accounts (id), -- who blocks
    blocked_id TEXT NOT NULL REFERENCES accounts (id),
    blocked_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, blocked_id)
);

CREATE TABLE room_invitations (
    room_id    TEXT NOT NULL REFERENCES rooms (id),
    account_id TEXT NOT NULL REFERENCES accounts (id), -- who is invited
    invited_by TEXT NOT NULL REFERENCES accounts (id),
    invited_at BIGINT NOT NULL,
    PRIMARY KEY (room_id, account_id)
);
CREATE INDEX room_invitations_by_account ON room_invitations (account_id);
CREATE INDEX room_invitations_by_inviter ON room_invitations (invited_by);

CREATE TABLE room_bans (
    room_id    TEXT NOT NULL REFERENCES rooms (id),
    account_id TEXT NOT NULL REFERENCES accounts (id), -- who may not come in
    banned_by  TEXT NOT NULL REFERENCES accounts (id),
    banned_at  BIGINT NOT NULL,
    PRIMARY KEY (room_id, account_id)
);

-- +goose Down
DROP TABLE room_bans;
DROP TABLE room_invitations;
DROP TABLE blocks;
ALTER TABLE members DROP COLUMN own;
ALTER TABLE outbox DROP COLUMN message_id;
