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

-- name: EditMessage :execrows
UPDATE messages SET text = sqlc.arg(text), mentions = sqlc.arg(mentions), edited_at = sqlc.arg(edited_at), rev = sqlc.arg(rev)
WHERE id = sqlc.arg(id) AND deleted_at IS NULL AND rev < sqlc.arg(rev);

-- name: EmptyMessage :execrows
UPDATE messages SET text = '', mentions = '[]', deleted_at = sqlc.arg(deleted_at), deleted_by = sqlc.arg(deleted_by), rev = sqlc.arg(rev)
WHERE id = sqlc.arg(id) AND deleted_at IS NULL AND rev < sqlc.arg(rev);

-- name: TouchMessage :execrows
UPDATE messages SET rev = sqlc.arg(rev) WHERE id = sqlc.arg(id) AND deleted_at IS NULL AND rev < sqlc.arg(rev);
