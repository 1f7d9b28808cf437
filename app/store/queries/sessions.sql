-- name: InsertSession :exec
INSERT INTO sessions (id, account_id, device, address, created_at, seen_at, expires_at) VALUES ($1, $2, $3, $4, $5, $5, $6);

-- name: EndSession :execrows
UPDATE sessions SET ended_at = $1 WHERE id = $2 AND account_id = $3 AND ended_at IS NULL;

-- name: EndOtherSessions :many
UPDATE sessions SET ended_at = $1 WHERE account_id = $2 AND id <> $3 AND ended_at IS NULL RETURNING id;

-- name: SeeSession :execrows
UPDATE sessions SET seen_at = $1, address = $2 WHERE id = $3 AND ended_at IS NULL;

-- name: HoldSession :execrows
UPDATE sessions SET seen_at = seen_at WHERE id = $1 AND account_id = $2 AND ended_at IS NULL;

-- name: SessionsOf :many
SELECT id, device, address, created_at, seen_at FROM sessions
WHERE account_id = $1 AND ended_at IS NULL AND expires_at > $2
ORDER BY seen_at DESC, id;

-- name: Standing :one
SELECT s.account_id, s.expires_at, s.ended_at, a.epoch, a.disabled
FROM sessions s JOIN accounts a ON a.id = s.account_id
WHERE s.id = $1;

-- name: SessionsEndedSince :many
SELECT id FROM sessions WHERE ended_at >= $1;

-- name: InsertRefreshToken :exec
INSERT INTO refresh_tokens (hash, session_id, expires_at) VALUES ($1, $2, $3);

-- name: RefreshToken :one
SELECT r.session_id, r.expires_at, r.used_at, r.successor, s.account_id
FROM refresh_tokens r JOIN sessions s ON s.id = r.session_id
WHERE r.hash = $1;

-- name: UseRefreshToken :execrows
UPDATE refresh_tokens SET used_at = $1, successor = $2 WHERE hash = $3 AND used_at IS NULL;

-- name: EndRefreshTokens :exec
DELETE FROM refresh_tokens WHERE session_id = $1;
