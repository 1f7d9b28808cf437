-- name: PersonByID :one
SELECT id, username, name, status, colour, role, disabled FROM accounts WHERE id = $1;

-- name: PersonByUsername :one
SELECT id, username, name, status, colour, role, disabled FROM accounts WHERE username = $1;

-- name: PeopleLike :many
SELECT id, username, name, status, colour FROM accounts
WHERE disabled = FALSE AND username > sqlc.arg(after) AND (username LIKE CAST(sqlc.arg(pattern) AS TEXT) ESCAPE '\' OR lower(name) LIKE CAST(sqlc.arg(pattern) AS TEXT) ESCAPE '\')
ORDER BY username LIMIT sqlc.arg(most);

-- name: SetProfile :exec
UPDATE accounts SET name = $1, status = $2, colour = $3 WHERE id = $4;

-- name: AccountsAfter :many
SELECT id, username, name, role, disabled, created_at FROM accounts
WHERE username > sqlc.arg(after) AND (username LIKE CAST(sqlc.arg(pattern) AS TEXT) ESCAPE '\' OR lower(name) LIKE CAST(sqlc.arg(pattern) AS TEXT) ESCAPE '\')
ORDER BY username LIMIT sqlc.arg(most);

-- name: AnyAccount :one
SELECT EXISTS (SELECT 1 FROM accounts);

-- name: CountAdmins :one
SELECT COUNT(*) FROM accounts WHERE role = 'admin' AND disabled = FALSE;
