-- name: InsertMention :exec
INSERT INTO mentions (account_id, room_id, number) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING;

-- name: DeleteMentions :exec
DELETE FROM mentions WHERE room_id = $1 AND number = $2;

-- name: CountMentions :one
SELECT COUNT(*) FROM mentions WHERE account_id = $1 AND room_id = $2 AND number > $3;
