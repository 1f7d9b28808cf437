-- name: AccountByUsername :one
SELECT id, username, name, role, password_hash, epoch, disabled, created_at FROM accounts WHERE username = $1;

-- name: AccountByID :one
SELECT id, username, name, role, password_hash, epoch, disabled, created_at FROM accounts WHERE id = $1;

-- name: InsertAccount :exec
INSERT INTO accounts (id, username, username_look, name, name_folded, name_look, role, password_hash, epoch, disabled, created_at, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11);

-- name: LockAccount :one
UPDATE accounts SET epoch = epoch WHERE id = $1
RETURNING id, username, name, role, password_hash, epoch, disabled, created_at;

-- name: HoldAccount :execrows
UPDATE accounts SET epoch = epoch WHERE id = $1 AND epoch = $2 AND disabled = FALSE;

-- name: ChangeAccount :one
UPDATE accounts SET role = COALESCE(sqlc.narg(role), role), password_hash = COALESCE(sqlc.narg(password_hash), password_hash),
    disabled = COALESCE(sqlc.narg(disabled), disabled), epoch = epoch + 1, changed_at = sqlc.arg(changed_at)
WHERE id = sqlc.arg(id)
RETURNING id, username, name, role, password_hash, epoch, disabled, created_at;

-- name: CountLookAlikes :one
SELECT COUNT(*) FROM accounts
WHERE id <> sqlc.arg(id) AND ((username_look = CAST(sqlc.arg(look) AS TEXT) AND (role <> 'member' OR LOWER(username) <> sqlc.arg(folded))) OR (name_look = CAST(sqlc.arg(look) AS TEXT) AND name_folded <> sqlc.arg(folded)));

-- name: AccountsChangedSince :many
SELECT id FROM accounts WHERE changed_at >= $1;
