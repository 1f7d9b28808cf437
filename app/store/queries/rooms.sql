-- name: RoomByID :one
SELECT id, kind, name, topic, created_by, created_at, active_at, archived_at, seq, messages, members FROM rooms WHERE id = $1;

-- name: LockRoom :one
UPDATE rooms SET seq = seq WHERE id = $1
RETURNING id, kind, name, topic, created_by, created_at, active_at, archived_at, seq, messages, members;

-- name: DirectRoom :one
SELECT id FROM rooms WHERE direct_key = $1;

-- name: InsertRoom :execrows
INSERT INTO rooms (id, kind, name, name_key, name_look, topic, direct_key, created_by, created_at, active_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9) ON CONFLICT DO NOTHING;

-- name: AdvanceRoom :execrows
UPDATE rooms SET seq = sqlc.arg(seq), messages = sqlc.arg(messages), members = sqlc.arg(members), active_at = sqlc.arg(active_at)
WHERE id = sqlc.arg(id) AND seq = sqlc.arg(was);

-- name: NameRoom :execrows
UPDATE rooms SET name = $1, name_key = $2, name_look = $3, topic = $4 WHERE id = $5 AND archived_at IS NULL;

-- name: ArchiveRoom :execrows
UPDATE rooms SET archived_at = $1, name_key = NULL, name_look = NULL WHERE id = $2 AND archived_at IS NULL;

-- name: AnyRoom :one
SELECT EXISTS (SELECT 1 FROM rooms);

-- name: RoomsOf :many
SELECT r.id, r.kind, r.name, r.topic, r.created_by, r.created_at, r.active_at, r.archived_at, r.seq, r.messages, r.members,
    m.role, m.read_number,
    (SELECT COUNT(*) FROM mentions n WHERE n.account_id = m.account_id AND n.room_id = r.id AND n.number > m.read_number) AS mentioned,
    p.id AS with_id, p.username AS with_username, p.name AS with_name, p.status AS with_status, p.colour AS with_colour
FROM members m
JOIN rooms r ON r.id = m.room_id
LEFT JOIN accounts p ON p.id = (SELECT o.account_id FROM members o WHERE r.kind = 'direct' AND o.room_id = r.id AND o.account_id <> m.account_id LIMIT 1)
WHERE m.account_id = $1
ORDER BY r.active_at DESC, r.id;

-- name: RoomOf :one
SELECT r.id, r.kind, r.name, r.topic, r.created_by, r.created_at, r.active_at, r.archived_at, r.seq, r.messages, r.members,
    m.role, m.read_number,
    (SELECT COUNT(*) FROM mentions n WHERE n.account_id = m.account_id AND n.room_id = r.id AND n.number > m.read_number) AS mentioned,
    p.id AS with_id, p.username AS with_username, p.name AS with_name, p.status AS with_status, p.colour AS with_colour
FROM members m
JOIN rooms r ON r.id = m.room_id
LEFT JOIN accounts p ON p.id = (SELECT o.account_id FROM members o WHERE r.kind = 'direct' AND o.room_id = r.id AND o.account_id <> m.account_id LIMIT 1)
WHERE m.account_id = $1 AND m.room_id = $2;

-- name: PublicRooms :many
SELECT r.id, r.kind, r.name, r.topic, r.created_by, r.created_at, r.active_at, r.archived_at, r.seq, r.messages, r.members,
    (SELECT COUNT(*) FROM members m WHERE m.room_id = r.id AND m.account_id = sqlc.arg(account_id)) AS joined, r.name_key
FROM rooms r
WHERE r.kind = 'public' AND r.archived_at IS NULL AND r.name_key > sqlc.arg(after) AND r.name_key LIKE CAST(sqlc.arg(pattern) AS TEXT) ESCAPE '\'
ORDER BY r.name_key LIMIT sqlc.arg(most);
