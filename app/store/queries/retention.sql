-- name: ForgetAudit :execrows
DELETE FROM audit WHERE id IN (SELECT e.id FROM audit e WHERE e.at < $1 ORDER BY e.at LIMIT $2);

-- name: ForgetUsedInvitations :execrows
DELETE FROM invitations WHERE id IN (SELECT i.id FROM invitations i WHERE i.ended_at < $1 ORDER BY i.ended_at LIMIT $2);

-- name: ForgetExpiredInvitations :execrows
DELETE FROM invitations WHERE id IN (SELECT i.id FROM invitations i WHERE i.expires_at < $1 ORDER BY i.expires_at LIMIT $2);

-- name: ForgetRefreshTokens :execrows
DELETE FROM refresh_tokens WHERE hash IN (SELECT r.hash FROM refresh_tokens r WHERE r.expires_at < $1 ORDER BY r.expires_at LIMIT $2);

-- name: EndedSessions :many
SELECT id FROM sessions WHERE ended_at < $1 ORDER BY ended_at LIMIT $2;

-- name: ExpiredSessions :many
SELECT id FROM sessions WHERE expires_at < $1 ORDER BY expires_at LIMIT $2;

-- name: DeleteRefreshTokensOf :exec
DELETE FROM refresh_tokens WHERE session_id = $1;

-- name: DeleteSession :exec
DELETE FROM sessions WHERE id = $1;

-- name: OldMessages :many
SELECT room_id, number FROM messages WHERE sent_at < $1 ORDER BY sent_at LIMIT $2;

-- name: DeleteMessages :exec
DELETE FROM messages WHERE room_id = $1 AND number <= $2;

-- name: DeleteMentionsUpTo :exec
DELETE FROM mentions WHERE room_id = $1 AND number <= $2;

-- name: DeleteReactionsUpTo :exec
DELETE FROM reactions WHERE room_id = $1 AND number <= $2;

-- name: ReadUpTo :execrows
UPDATE members AS u SET read_number = sqlc.arg(number) WHERE u.room_id = sqlc.arg(room_id) AND u.account_id IN (
    SELECT m.account_id FROM members m WHERE m.room_id = sqlc.arg(room_id) AND m.read_number < sqlc.arg(number) LIMIT sqlc.arg(most));

-- name: ForgetAnnouncements :execrows
DELETE FROM announcements WHERE id IN (SELECT n.id FROM announcements n WHERE n.sent_at < $1 ORDER BY n.sent_at LIMIT $2);
