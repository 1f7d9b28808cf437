package store_test

import (
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/yodelrt/yodel/app/account"
	"github.com/yodelrt/yodel/app/chat"
	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/app/store"
)

// TestMigrations_NamesFromBefore: a database in which names look alike keeps them
// all, and what is there can still be changed.
func TestMigrations_NamesFromBefore(t *testing.T) {
	dir := t.TempDir()
	before, err := store.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	alice, bob := insert(t, before, "alice", account.Member), insert(t, before, "bob", account.Member)
	square := wire.Room{ID: uuid.NewString(), Kind: wire.Public, Name: "\u00c9tudes", CreatedBy: alice.ID, CreatedAt: time.Now()}
	twin := wire.Room{ID: uuid.NewString(), Kind: wire.Public, Name: "twin", CreatedBy: alice.ID, CreatedAt: time.Now()}
	for i, room := range []wire.Room{square, twin} {
		err := before.Chat().Change(t.Context(), func(tx chat.Tx) error {
			_, err := tx.InsertRoom(t.Context(), room, chat.NameKey{Folded: room.Name, Look: []string{"a", "b"}[i]}, "")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := before.Close(); err != nil {
		t.Fatal(err)
	}
	back(t, dir,
		`UPDATE accounts SET username = 'a1ice', name = 'Alice' WHERE id = '`+bob.ID+`'`,
		"UPDATE rooms SET name = '\u00c9tudes', name_key = '\u00c9TUDES' WHERE id = '"+twin.ID+`'`,
		`UPDATE accounts SET username_look = NULL, name_folded = '', name_look = ''`, `UPDATE rooms SET name_look = NULL`,
		`DELETE FROM goose_db_version WHERE version_id > 6`)

	after, err := store.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = after.Close() })
	if found, err := after.AccountsAfter(t.Context(), "alice", "", 10); err != nil || len(found) != 2 {
		t.Errorf("search: got %+v, %v, want both", found, err)
	}
	role := account.Moderator
	for _, id := range []string{alice.ID, bob.ID} {
		if _, err := after.ChangeAccount(t.Context(), id, account.Change{Role: &role}); err != nil {
			t.Errorf("change %s: %v", id, err)
		}
	}
	made := account.Account{ID: uuid.NewString(), Username: "aIice", Name: "x", Role: role, PasswordHash: "hash", Epoch: 1}
	if err := after.InsertAccount(t.Context(), made); err == nil {
		t.Error("a third that looks like alice: got an account, want ErrTaken")
	}
	for _, room := range []wire.Room{square, twin} {
		err := after.Chat().Change(t.Context(), func(tx chat.Tx) error {
			found, err := tx.RoomByID(t.Context(), room.ID)
			if err != nil {
				return err
			}
			was := found.Seq
			found.Seq++
			found.Messages++
			return tx.AdvanceRoom(t.Context(), found, was)
		})
		if err != nil {
			t.Errorf("a message in %q: %v", room.Name, err)
		}
	}
}

// back runs statements behind the store's back.
func back(t *testing.T, dir string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "yodel.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, one := range statements {
		if _, err := db.ExecContext(t.Context(), one); err != nil {
			t.Fatalf("%s: %v", one, err)
		}
	}
}
