-- name: InsertBlock :execrows
INSERT INTO blocks (account_id, blocked_id, blocked_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING;

-- name: DeleteBlock :execrows
DELETE FROM blocks WHERE account_id = $1 AND blocked_id = $2;

-- name: CountBlocks :one
SELECT COUNT(*) FROM blocks WHERE account_id = $1 AND blocked_id = $2;

-- name: BlockedBy :many
SELECT a.id, a.username, a.name, a.status, a.colour
FROM blocks b JOIN accounts a ON a.id = b.blocked_id
WHERE b.account_id = $1 ORDER BY a.username;

-- name: BlockersIn :many
SELECT b.account_id FROM blocks b JOIN members m ON m.room_id = sqlc.arg(room_id)
WHERE (b.account_id = sqlc.arg(account_id) AND b.blocked_id = m.account_id) OR (b.blocked_id = sqlc.arg(account_id) AND b.account_id = m.account_id);
