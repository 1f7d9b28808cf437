-- name: PersonByID :one
SELECT id, username, name, status, colour, role, disabled FROM accounts WHERE id = $1;

-- name: PersonByUsername :one
SELECT id, username, name, status, colour, role, disabled FROM accounts WHERE username = $1;

-- name: PeopleLike :many
SELECT id, username, name, status, colour FROM accounts
WHERE disabled = FALSE AND username > sqlc.arg(after) AND (username LIKE CAST(sqlc.arg(pattern) AS TEXT) ESCAPE '\' OR name_folded LIKE CAST(sqlc.arg(pattern) AS TEXT) ESCAPE '\')
ORDER BY username LIMIT sqlc.arg(most);

-- name: SetProfile :one
UPDATE accounts SET name = COALESCE(sqlc.narg(name), name), name_folded = COALESCE(sqlc.narg(name_folded), name_folded),
    name_look = COALESCE(sqlc.narg(name_look), name_look), status = COALESCE(sqlc.narg(status), status), colour = COALESCE(sqlc.narg(colour), colour)
WHERE id = sqlc.arg(id)
RETURNING id, username, name, status, colour;

-- name: AccountsAfter :many
SELECT id, username, name, role, disabled, created_at FROM accounts
WHERE username > sqlc.arg(after) AND (username LIKE CAST(sqlc.arg(pattern) AS TEXT) ESCAPE '\' OR name_folded LIKE CAST(sqlc.arg(pattern) AS TEXT) ESCAPE '\')
ORDER BY username LIMIT sqlc.arg(most);

-- name: AnyAccount :one
SELECT EXISTS (SELECT 1 FROM accounts);

-- name: CountAdmins :one
SELECT COUNT(*) FROM accounts WHERE role = 'admin' AND disabled = FALSE;
