-- name: Seat :one
SELECT role, read_number FROM members WHERE room_id = $1 AND account_id = $2;

-- name: InsertSeat :exec
INSERT INTO members (room_id, account_id, role, joined_at, read_number, own, username)
SELECT sqlc.arg(room_id), a.id, sqlc.arg(role), sqlc.arg(joined_at), sqlc.arg(read_number), sqlc.arg(own), a.username FROM accounts a WHERE a.id = sqlc.arg(account_id);

-- name: DeleteSeat :execrows
DELETE FROM members WHERE room_id = $1 AND account_id = $2;

-- name: SetSeatRole :exec
UPDATE members SET role = sqlc.arg(role) WHERE room_id = sqlc.arg(room_id) AND account_id = sqlc.arg(account_id) AND role <> sqlc.arg(role);

-- name: SetSeatRead :exec
UPDATE members SET read_number = $1 WHERE room_id = $2 AND account_id = $3 AND read_number < $1;

-- name: CountSeats :one
SELECT COUNT(*) FROM members WHERE account_id = $1 AND own = TRUE;

-- name: Heir :one
SELECT account_id FROM members WHERE room_id = $1
ORDER BY CASE role WHEN 'owner' THEN 0 WHEN 'moderator' THEN 1 ELSE 2 END, joined_at, account_id LIMIT 1;

-- name: SeatsOf :many
SELECT a.id, a.username, a.name, a.status, a.colour, m.role, m.joined_at
FROM members m JOIN accounts a ON a.id = m.account_id
WHERE m.room_id = $1 AND m.username > $2
ORDER BY m.username LIMIT $3;
