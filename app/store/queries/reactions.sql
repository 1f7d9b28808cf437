-- name: InsertReaction :execrows
INSERT INTO reactions (room_id, number, emoji, account_id, set_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING;

-- name: DeleteReaction :execrows
DELETE FROM reactions WHERE room_id = $1 AND number = $2 AND emoji = $3 AND account_id = $4;

-- name: DeleteReactions :execrows
DELETE FROM reactions AS d WHERE d.room_id = $1 AND d.number = $2 AND (d.emoji, d.account_id) IN (
    SELECT r.emoji, r.account_id FROM reactions r WHERE r.room_id = $1 AND r.number = $2 LIMIT $3);

-- name: ReactionsBetween :many
SELECT number, emoji, COUNT(*) AS people, CAST(SUM(CASE WHEN account_id = $1 THEN 1 ELSE 0 END) AS BIGINT) AS mine
FROM reactions WHERE room_id = $2 AND number >= $3 AND number <= $4
GROUP BY number, emoji ORDER BY number, MIN(set_at), emoji;

-- name: ReactionsChanged :many
SELECT r.number, r.emoji, COUNT(*) AS people, CAST(SUM(CASE WHEN r.account_id = $1 THEN 1 ELSE 0 END) AS BIGINT) AS mine
FROM reactions r WHERE r.room_id = $2
AND r.number IN (SELECT m.number FROM messages m WHERE m.room_id = $2 AND m.rev > $3 AND m.rev <= $4)
GROUP BY r.number, r.emoji ORDER BY r.number, MIN(r.set_at), r.emoji;

-- name: ReactedWith :many
SELECT a.id, a.username, a.name, a.status, a.colour
FROM reactions r JOIN accounts a ON a.id = r.account_id
WHERE r.room_id = $1 AND r.number = $2 AND r.emoji = $3 ORDER BY r.set_at, a.id LIMIT $4;
