package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/pressly/goose/v3"

	"github.com/yodelrt/yodel/app/text"
)

// fillNames is the migration that fills the columns by which names are found and
// told apart, for what was there before them. Where two look alike, the first keeps
// the look and the other has none: both go on as they are called.
var fillNames = goose.NewGoMigration(7, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
	if err := fillAccounts(ctx, tx); err != nil {
		return err
	}
	return fillRooms(ctx, tx)
}}, &goose.GoFunc{RunTx: func(context.Context, *sql.Tx) error { return nil }})

// named is a row with one or two names.
type named struct{ id, first, second string }

func fillAccounts(ctx context.Context, tx *sql.Tx) error {
	rows, err := namesIn(ctx, tx, `SELECT id, username, name FROM accounts ORDER BY id`)
	if err != nil {
		return err
	}
	taken := map[string]bool{}
	for _, row := range rows {
		look := maybe(text.Look(row.first))
		if taken[look.String] {
			look = sql.NullString{}
		}
		taken[look.String] = true
		_, err := tx.ExecContext(ctx, `UPDATE accounts SET username_look = $1, name_folded = $2, name_look = $3 WHERE id = $4`,
			look, text.Fold(row.second), text.Look(row.second), row.id)
		if err != nil {
			return fmt.Errorf("fill the names of accounts: %w", err)
		}
	}
	return nil
}

func fillRooms(ctx context.Context, tx *sql.Tx) error {
	rows, err := namesIn(ctx, tx, `SELECT id, name, name_key FROM rooms WHERE name_key IS NOT NULL ORDER BY id`)
	if err != nil {
		return err
	}
	keys, looks := map[string]bool{}, map[string]bool{}
	for _, row := range rows {
		keys[row.second] = true
	}
	for _, row := range rows {
		key, look := text.Fold(row.first), maybe(text.Look(row.first))
		if key != row.second && keys[key] {
			key = row.second
		}
		keys[key] = true
		if looks[look.String] {
			look = sql.NullString{}
		}
		looks[look.String] = true
		if _, err := tx.ExecContext(ctx, `UPDATE rooms SET name_key = $1, name_look = $2 WHERE id = $3`, key, look, row.id); err != nil {
			return fmt.Errorf("fill the names of rooms: %w", err)
		}
	}
	return nil
}

func namesIn(ctx context.Context, tx *sql.Tx, query string) ([]named, error) {
	rows, err := tx.QueryContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("read names: %w", err)
	}
	defer rows.Close()
	var found []named
	for rows.Next() {
		var one named
		if err := rows.Scan(&one.id, &one.first, &one.second); err != nil {
			return nil, fmt.Errorf("read names: %w", err)
		}
		found = append(found, one)
	}
	return found, rows.Err()
}
