-- +goose Up
-- An invitation stands as long as the account that made it stands as it was: with
-- its next epoch it is void. Those of administrators that there are today go on.
ALTER TABLE invitations ADD COLUMN created_epoch BIGINT NOT NULL DEFAULT 0;
UPDATE invitations SET created_epoch = COALESCE(
    (SELECT a.epoch FROM accounts a WHERE a.id = invitations.created_by AND a.role = 'admin' AND a.disabled = FALSE), 0);

-- The invitations that can be used, expiry apart.
CREATE VIEW standing_invitations AS
SELECT i.id, i.hash, i.role, i.note, i.created_by, i.created_at, i.expires_at FROM invitations i
WHERE i.ended_at IS NULL AND (
    (i.created_by = '' AND NOT EXISTS (SELECT 1 FROM accounts a WHERE a.role = 'admin'))
    OR EXISTS (SELECT 1 FROM accounts a WHERE a.id = i.created_by AND a.epoch = i.created_epoch));

-- What names are found by and told apart by. The next migration fills them.
ALTER TABLE accounts ADD COLUMN name_folded TEXT NOT NULL DEFAULT ''; -- without regard to case and width
ALTER TABLE accounts ADD COLUMN name_look TEXT NOT NULL DEFAULT ''; -- alike for names that look alike
ALTER TABLE accounts ADD COLUMN username_look TEXT; -- NULL where another account had it first
ALTER TABLE rooms ADD COLUMN name_look TEXT; -- of an open public room
CREATE UNIQUE INDEX accounts_by_username_look ON accounts (username_look);
CREATE INDEX accounts_by_name_look ON accounts (name_look);
CREATE UNIQUE INDEX rooms_by_name_look ON rooms (name_look);

-- +goose Down
DROP INDEX rooms_by_name_look;
DROP INDEX accounts_by_name_look;
DROP INDEX accounts_by_username_look;
ALTER TABLE rooms DROP COLUMN name_look;
ALTER TABLE accounts DROP COLUMN username_look;
ALTER TABLE accounts DROP COLUMN name_look;
ALTER TABLE accounts DROP COLUMN name_folded;
DROP VIEW standing_invitations;
ALTER TABLE invitations DROP COLUMN created_epoch;
