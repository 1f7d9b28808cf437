-- name: InsertBan :execrows
INSERT INTO room_bans (room_id, account_id, banned_by, banned_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING;

-- name: DeleteBan :execrows
DELETE FROM room_bans WHERE room_id = $1 AND account_id = $2;

-- name: CountBans :one
SELECT COUNT(*) FROM room_bans WHERE room_id = $1 AND account_id = $2;

-- name: BannedFromRoom :many
SELECT a.id, a.username, a.name, a.status, a.colour, b.banned_by, b.banned_at
FROM room_bans b JOIN accounts a ON a.id = b.account_id
WHERE b.room_id = $1 AND a.username > $2
ORDER BY a.username LIMIT $3;
