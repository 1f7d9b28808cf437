-- +goose Up
-- The row that readiness writes.
INSERT INTO leases (name, holder, beat) VALUES ('ready', '', 0);

-- One for each statement that would otherwise read a whole table.
CREATE INDEX mentions_by_message ON mentions (room_id, number);

-- +goose Down
DELETE FROM leases WHERE name = 'ready';
