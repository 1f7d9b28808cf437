-- name: InsertSession :exec
INSERT INTO sessions (id, account_id, created_at, expires_at) VALUES ($1, $2, $3, $4);

-- name: EndSession :exec
UPDATE sessions SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL;

-- name: Standing :one
SELECT s.account_id, s.expires_at, s.ended_at, a.epoch, a.disabled
FROM sessions s JOIN accounts a ON a.id = s.account_id
WHERE s.id = $1;
