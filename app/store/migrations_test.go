package store_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/pressly/goose/v3"

	"github.com/yodelrt/yodel/app/chat"
	"github.com/yodelrt/yodel/app/store"
	"github.com/yodelrt/yodel/app/store/storetest"
)

// TestMigrations_withData: a database of the version before members had usernames
// lists its members afterwards. Each migration goes down again as well.
func TestMigrations_withData(t *testing.T) {
	dir := t.TempDir()
	address := ""
	t.Run("PostgreSQL", func(t *testing.T) { address = storetest.Address(t) })
	for name, one := range map[string]struct {
		driver, address string
		dialect         goose.Dialect
		open            func() (*store.Store, error)
	}{
		"SQLite":     {"sqlite", filepath.Join(dir, "yodel.db"), goose.DialectSQLite3, func() (*store.Store, error) { return store.Open(t.Context(), dir) }},
		"PostgreSQL": {"pgx", address, goose.DialectPostgres, func() (*store.Store, error) { return store.OpenPostgres(t.Context(), address) }},
	} {
		if one.address == "" {
			continue // there is no server
		}
		t.Run(name, func(t *testing.T) {
			db := raw(t, one.driver, one.address)
			provider, err := goose.NewProvider(one.dialect, db, os.DirFS("migrations"))
			if err != nil {
				t.Fatal(err)
			}
			_, latest, err := provider.GetVersions(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, to := range []int64{latest, 0, 3} { // up, all the way down, and to where usernames are missing
				if _, err := provider.UpTo(t.Context(), to); err != nil {
					t.Fatalf("up to %d: %v", to, err)
				}
				if _, err := provider.DownTo(t.Context(), to); err != nil {
					t.Fatalf("down to %d: %v", to, err)
				}
			}
			for _, statement := range []string{
				"INSERT INTO accounts (id, username, name, role, password_hash, created_at, changed_at) VALUES ('1','bob','Bob','member','',1,1), ('2','alice','Alice','admin','',1,1)",
				"INSERT INTO rooms (id, kind, name, created_by, created_at, active_at) VALUES ('r','public','square','1',1,1)",
				"INSERT INTO members (room_id, account_id, role, joined_at, read_number) VALUES ('r','1','owner',1,0), ('r','2','member',1,0)",
			} {
				if _, err := db.ExecContext(t.Context(), statement); err != nil {
					t.Fatal(err)
				}
			}
			opened, err := one.open()
			if err != nil {
				t.Fatal(err)
			}
			defer opened.Close()
			err = opened.Chat().View(t.Context(), func(tx chat.Tx) error {
				members, err := tx.SeatsOf(t.Context(), "r", "", 10)
				if len(members) != 2 || members[0].Person.Username != "alice" || members[1].Person.Username != "bob" {
					t.Errorf("members: got %+v, want alice and bob", members)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
}
