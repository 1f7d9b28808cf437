-- name: AccountByUsername :one
SELECT id, username, name, role, password_hash, epoch, disabled, created_at FROM accounts WHERE username = $1;

-- name: AccountByID :one
SELECT id, username, name, role, password_hash, epoch, disabled, created_at FROM accounts WHERE id = $1;

-- name: InsertAccount :exec
INSERT INTO accounts (id, username, name, role, password_hash, epoch, disabled, created_at, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8);

-- name: UpdateAccount :exec
UPDATE accounts SET name = $1, role = $2, password_hash = $3, disabled = $4, epoch = epoch + 1, changed_at = $5 WHERE id = $6;

-- name: AccountsChangedSince :many
SELECT id FROM accounts WHERE changed_at >= $1;
