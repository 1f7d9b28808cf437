-- +goose Up
CREATE TABLE leases (
    name   TEXT PRIMARY KEY,
    holder TEXT NOT NULL, -- empty while nobody holds it
    beat   BIGINT NOT NULL -- one more each time that it is taken or given back
);
INSERT INTO leases (name, holder, beat) VALUES ('relay', '', 0);

-- +goose Down
DROP TABLE leases;
