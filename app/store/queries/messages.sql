-- name: MessagesBefore :many
SELECT m.id, m.room_id, m.number, m.author_id, m.text, m.mentions, m.sent_at, m.edited_at, m.deleted_at, m.deleted_by, m.rev, m.send_key,
    a.username, a.name, a.status, a.colour
FROM messages m JOIN accounts a ON a.id = m.author_id
WHERE m.room_id = $1 AND m.number < $2 ORDER BY m.number DESC LIMIT $3;

-- name: MessagesAfter :many
SELECT m.id, m.room_id, m.number, m.author_id, m.text, m.mentions, m.sent_at, m.edited_at, m.deleted_at, m.deleted_by, m.rev, m.send_key,
    a.username, a.name, a.status, a.colour
FROM messages m JOIN accounts a ON a.id = m.author_id
WHERE m.room_id = $1 AND m.number > $2 ORDER BY m.number LIMIT $3;

-- name: MessagesChanged :many
SELECT m.id, m.room_id, m.number, m.author_id, m.text, m.mentions, m.sent_at, m.edited_at, m.deleted_at, m.deleted_by, m.rev, m.send_key,
    a.username, a.name, a.status, a.colour
FROM messages m JOIN accounts a ON a.id = m.author_id
WHERE m.room_id = $1 AND m.rev > $2 ORDER BY m.rev LIMIT $3;

-- name: MessageByID :one
SELECT m.id, m.room_id, m.number, m.author_id, m.text, m.mentions, m.sent_at, m.edited_at, m.deleted_at, m.deleted_by, m.rev, m.send_key,
    a.username, a.name, a.status, a.colour
FROM messages m JOIN accounts a ON a.id = m.author_id
WHERE m.id = $1;

-- name: MessageByKey :one
SELECT m.id, m.room_id, m.number, m.author_id, m.text, m.mentions, m.sent_at, m.edited_at, m.deleted_at, m.deleted_by, m.rev, m.send_key,
    a.username, a.name, a.status, a.colour
FROM messages m JOIN accounts a ON a.id = m.author_id
WHERE m.room_id = $1 AND m.author_id = $2 AND m.send_key = $3;

-- name: InsertMessage :exec
INSERT INTO messages (id, room_id, number, author_id, send_key, text, mentions, sent_at, rev) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: UpdateMessage :exec
UPDATE messages SET text = $1, mentions = $2, edited_at = $3, deleted_at = $4, deleted_by = $5, rev = $6 WHERE id = $7;
