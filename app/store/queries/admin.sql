-- name: InsertInvitation :execrows
INSERT INTO invitations (id, hash, role, note, created_by, created_epoch, created_at, expires_at)
SELECT CAST(sqlc.arg(id) AS TEXT), CAST(sqlc.arg(hash) AS TEXT), CAST(sqlc.arg(role) AS TEXT), CAST(sqlc.arg(note) AS TEXT), a.id, a.epoch,
    CAST(sqlc.arg(created_at) AS BIGINT), CAST(sqlc.arg(expires_at) AS BIGINT)
FROM accounts a WHERE a.id = sqlc.arg(created_by) AND a.role = 'admin' AND a.disabled = FALSE;

-- name: InsertFirstInvitation :exec
INSERT INTO invitations (id, hash, role, note, created_by, created_at, expires_at) VALUES ($1, $2, $3, $4, '', $5, $6);

-- name: OpenInvitations :many
SELECT i.id, i.role, i.note, i.created_by, i.created_at, i.expires_at FROM standing_invitations i
WHERE i.expires_at > $1 ORDER BY i.id DESC LIMIT 200;

-- name: EndInvitation :execrows
UPDATE invitations SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL;

-- name: EndFirstInvitations :exec
UPDATE invitations SET ended_at = $1 WHERE created_by = '' AND ended_at IS NULL;

-- name: UseInvitation :one
UPDATE invitations SET ended_at = $1, used_by = $2
WHERE invitations.hash = $3 AND invitations.ended_at IS NULL AND invitations.expires_at > $1
AND invitations.id IN (SELECT s.id FROM standing_invitations s WHERE s.hash = $3) RETURNING role;

-- name: InvitationOpen :one
SELECT role FROM standing_invitations WHERE hash = $1 AND expires_at > $2;

-- name: InsertAudit :exec
INSERT INTO audit (id, at, action, actor_id, target_id, address, detail) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: AuditBefore :many
SELECT e.id, e.at, e.action, e.actor_id, COALESCE(a.username, '') AS actor, e.target_id, COALESCE(t.username, '') AS target, e.address, e.detail
FROM audit e LEFT JOIN accounts a ON a.id = e.actor_id LEFT JOIN accounts t ON t.id = e.target_id
WHERE e.id < $1 ORDER BY e.id DESC LIMIT $2;

-- name: AuditOfAction :many
SELECT e.id, e.at, e.action, e.actor_id, COALESCE(a.username, '') AS actor, e.target_id, COALESCE(t.username, '') AS target, e.address, e.detail
FROM audit e LEFT JOIN accounts a ON a.id = e.actor_id LEFT JOIN accounts t ON t.id = e.target_id
WHERE e.action = $1 AND e.id < $2 ORDER BY e.id DESC LIMIT $3;

-- name: LockAdmins :exec
UPDATE accounts SET role = role WHERE role = 'admin';

-- name: SessionFacts :one
SELECT device, address FROM sessions WHERE id = $1;
