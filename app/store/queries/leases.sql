-- name: Lease :one
SELECT name, holder, beat FROM leases WHERE name = $1;

-- name: MoveLease :execrows
UPDATE leases SET holder = sqlc.arg(holder), beat = beat + 1 WHERE name = sqlc.arg(name) AND beat = sqlc.arg(beat);

-- name: Touch :execrows
UPDATE leases SET beat = beat + 1 WHERE name = $1;
