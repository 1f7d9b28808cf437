-- name: InsertRoomInvitation :execrows
INSERT INTO room_invitations (room_id, account_id, invited_by, invited_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING;

-- name: RoomInvitation :one
SELECT room_id, account_id, invited_by, invited_at FROM room_invitations WHERE room_id = $1 AND account_id = $2 AND invited_at > $3;

-- name: EndRoomInvitationsBy :many
DELETE FROM room_invitations WHERE invited_by = sqlc.arg(invited_by)
AND (CAST(sqlc.arg(account_id) AS TEXT) = '' OR account_id = CAST(sqlc.arg(account_id) AS TEXT))
AND invited_at <= sqlc.arg(until)
RETURNING room_id, account_id, invited_by, invited_at;

-- name: EndRoomInvitationsInto :many
DELETE FROM room_invitations WHERE room_id = sqlc.arg(room_id)
AND (CAST(sqlc.arg(account_id) AS TEXT) = '' OR account_id = CAST(sqlc.arg(account_id) AS TEXT))
AND (CAST(sqlc.arg(invited_by) AS TEXT) = '' OR invited_by = CAST(sqlc.arg(invited_by) AS TEXT))
AND invited_at <= sqlc.arg(until)
RETURNING room_id, account_id, invited_by, invited_at;

-- name: CountRoomInvitations :one
SELECT COUNT(*) FROM room_invitations
WHERE invited_by = sqlc.arg(invited_by) AND invited_at > sqlc.arg(since)
AND (CAST(sqlc.arg(account_id) AS TEXT) = '' OR account_id = CAST(sqlc.arg(account_id) AS TEXT));

-- name: RoomInvitationsOf :many
SELECT r.id AS room_id, r.kind, r.name AS room_name, r.topic, r.members, i.invited_at, a.id, a.username, a.name, a.status, a.colour
FROM room_invitations i JOIN rooms r ON r.id = i.room_id JOIN accounts a ON a.id = i.invited_by
WHERE i.account_id = $1 AND i.invited_at > $2 AND r.archived_at IS NULL
ORDER BY i.invited_at DESC, r.id LIMIT $3;

-- name: InvitedToRoom :many
SELECT a.id, a.username, a.name, a.status, a.colour, i.invited_by, i.invited_at
FROM room_invitations i JOIN accounts a ON a.id = i.account_id
WHERE i.room_id = $1 AND i.invited_at > $2 AND a.username > $3
ORDER BY a.username LIMIT $4;
