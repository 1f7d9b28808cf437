// Command chatter puts many messages into a room of a server that is not running,
// for the suites that look at large rooms. It writes to the database as the tables
// stand, so that it takes seconds where sending would take hours.
package main

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	_ "github.com/jackc/pgx/v5/stdlib" // a driver
	_ "modernc.org/sqlite"             // a driver
)

func main() {
	dir := flag.String("data-dir", "", "directory of a SQLite database")
	address := flag.String("database-url", "", "address of a PostgreSQL database, instead of a directory")
	room := flag.String("room", "", "name of the room, with at least one member and no messages")
	count := flag.Int("count", 50_000, "how many messages")
	flag.Parse()
	driver, source, mark := "sqlite", "file:"+filepath.Join(*dir, "yodel.db"), "?"
	if *address != "" {
		driver, source, mark = "pgx", *address, "$"
	}
	if err := fill(context.Background(), driver, source, mark, *room, *count); err != nil {
		fmt.Fprintln(os.Stderr, "chatter:", err)
		os.Exit(1)
	}
}

// What both databases read; $ stands before the number of a parameter.
const (
	insert = `
WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < $1)
INSERT INTO messages (id, room_id, number, author_id, send_key, text, mentions, sent_at, rev)
SELECT substr(r.id, 1, 24) || substr(CAST(1000000000000 + n.i AS TEXT), 2), r.id, n.i, r.created_by,
    substr(r.id, 1, 24) || substr(CAST(1000000000000 + n.i AS TEXT), 2),
    'message ' || CAST(n.i AS TEXT), '[]', r.created_at - ($1 - n.i) * 60000, r.seq + n.i
FROM rooms r, n WHERE r.name = $2`
	count = `UPDATE rooms SET messages = $1, seq = seq + $1 WHERE name = $2`
	read  = `UPDATE members SET read_number = $1 WHERE room_id = (SELECT id FROM rooms WHERE name = $2)`
)

func fill(ctx context.Context, driver, source, mark, room string, messages int) (err error) {
	db, err := sql.Open(driver, source)
	if err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	for _, statement := range []string{insert, count, read} {
		done, err := db.ExecContext(ctx, strings.ReplaceAll(statement, "$", mark), int64(messages), room)
		if err != nil {
			return fmt.Errorf("write to the database: %w", err)
		}
		written, err := done.RowsAffected()
		if err != nil || written == 0 || (statement == insert && written != int64(messages)) {
			return fmt.Errorf("wrote %d of %d messages into %q: %w", written, messages, room, err)
		}
	}
	return nil
}
