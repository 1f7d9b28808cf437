-- name: InsertAnnouncement :execrows
INSERT INTO announcements (id, author_id, send_key, text, sent_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING;

-- name: AnnouncementByKey :one
SELECT n.id, n.text, n.sent_at, a.id AS author_id, a.username, a.name, a.status, a.colour
FROM announcements n JOIN accounts a ON a.id = n.author_id WHERE n.author_id = $1 AND n.send_key = $2;

-- name: LatestAnnouncement :one
SELECT n.id, n.text, n.sent_at, a.id AS author_id, a.username, a.name, a.status, a.colour
FROM announcements n JOIN accounts a ON a.id = n.author_id ORDER BY n.sent_at DESC, n.id DESC LIMIT 1;

-- name: InsertOutbox :exec
INSERT INTO outbox (id, action, target, data, message_id) VALUES ($1, $2, $3, $4, $5);

-- name: Outbox :many
SELECT id, action, target, data, message_id FROM outbox ORDER BY id LIMIT $1;

-- name: DeleteOutbox :exec
DELETE FROM outbox WHERE id = $1;
