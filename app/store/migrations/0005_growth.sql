-- +goose Up
-- The row that readiness writes, and the right to forget what is too old.
INSERT INTO leases (name, holder, beat) VALUES ('ready', '', 0), ('retention', '', 0);

-- Members are listed by username, which never changes.
ALTER TABLE members ADD COLUMN username TEXT NOT NULL DEFAULT '';
UPDATE members SET username = (SELECT a.username FROM accounts a WHERE a.id = members.account_id);
CREATE INDEX members_by_username ON members (room_id, username);

-- Who takes over a room.
CREATE INDEX members_by_rank ON members (room_id, (CASE role WHEN 'owner' THEN 0 WHEN 'moderator' THEN 1 ELSE 2 END), joined_at, account_id);

-- One for each statement that would read a whole table otherwise.
CREATE INDEX mentions_by_message ON mentions (room_id, number);
CREATE INDEX reactions_by_time ON reactions (room_id, number, emoji, set_at, account_id);
CREATE INDEX announcements_by_time ON announcements (sent_at, id);
CREATE INDEX messages_by_time ON messages (sent_at);
CREATE INDEX accounts_by_role ON accounts (role);
CREATE INDEX audit_by_action ON audit (action, id);
CREATE INDEX invitations_by_end ON invitations (ended_at, expires_at);
CREATE INDEX invitations_by_expiry ON invitations (expires_at);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
CREATE INDEX sessions_open ON sessions (account_id, ended_at);
DROP INDEX sessions_by_account;
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

-- +goose Down
DROP INDEX refresh_tokens_by_session;
CREATE INDEX sessions_by_account ON sessions (account_id);
DROP INDEX sessions_open;
DROP INDEX sessions_by_expiry;
DROP INDEX invitations_by_expiry;
DROP INDEX invitations_by_end;
DROP INDEX audit_by_action;
DROP INDEX accounts_by_role;
DROP INDEX messages_by_time;
DROP INDEX announcements_by_time;
DROP INDEX reactions_by_time;
DROP INDEX mentions_by_message;
DROP INDEX members_by_rank;
DROP INDEX members_by_username;
ALTER TABLE members DROP COLUMN username;
DELETE FROM leases WHERE name IN ('ready', 'retention');
