package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/yodelrt/yodel/app/account"
	"github.com/yodelrt/yodel/app/session"
	"github.com/yodelrt/yodel/app/store"
)

// TestBackup_whileOthersWrite: each backup is whole, has what was written before
// it began, and opens as a database.
func TestBackup_whileOthersWrite(t *testing.T) {
	dir, away := filepath.Join(t.TempDir(), "a?b"), filepath.Join(t.TempDir(), "c%41#d")
	if err := os.Mkdir(away, 0o700); err != nil {
		t.Fatal(err)
	}
	opened, err := store.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	insert(t, opened, "alice", account.Member)
	stop := make(chan struct{})
	var writing sync.WaitGroup
	defer func() {
		close(stop)
		writing.Wait()
	}()
	writing.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
				insert(t, opened, fmt.Sprintf("user%d", i), account.Member)
			}
		}
	})
	for i := range 5 {
		file := filepath.Join(away, fmt.Sprintf("%d.db", i))
		if err := store.Backup(t.Context(), dir, file); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("got %v, %v, want a file for its owner alone", info, err)
		}
		restored := filepath.Join(t.TempDir(), "data")
		if aside, err := store.Restore(t.Context(), restored, file, false); err != nil || aside != "" {
			t.Fatalf("restore: got %q, %v", aside, err)
		}
		again, err := store.Open(t.Context(), restored)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := again.AccountByUsername(t.Context(), "alice"); err != nil {
			t.Errorf("what was written before: %v", err)
		}
		if err := again.Close(); err != nil {
			t.Error(err)
		}
	}
	if left, err := os.ReadDir(away); err != nil || len(left) != 5 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestBackup_refusals(t *testing.T) {
	dir, away := t.TempDir(), t.TempDir()
	if err := store.Backup(t.Context(), dir, filepath.Join(away, "b.db")); !errors.Is(err, store.ErrNoDatabase) {
		t.Errorf("without a database: got %v, want ErrNoDatabase", err)
	}
	opened, err := store.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := opened.Close(); err != nil {
		t.Fatal(err)
	}
	taken := filepath.Join(away, "taken")
	if err := os.WriteFile(taken, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := store.Backup(t.Context(), dir, taken); !errors.Is(err, store.ErrExists) {
		t.Errorf("onto a file: got %v, want ErrExists", err)
	}
	if data, err := os.ReadFile(taken); err != nil || string(data) != "mine" {
		t.Errorf("the file of before: got %q, %v", data, err)
	}
	file := filepath.Join(dir, "yodel.db")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	clear(data[len(data)/2:])
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := store.Backup(t.Context(), dir, filepath.Join(away, "c.db")); !errors.Is(err, store.ErrDamaged) {
		t.Errorf("of a damaged one: got %v, want ErrDamaged", err)
	}
	if left, err := os.ReadDir(away); err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestRestore_refusals(t *testing.T) {
	dir := t.TempDir()
	opened, err := store.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	insert(t, opened, "alice", account.Member)
	if err := opened.Close(); err != nil {
		t.Fatal(err)
	}
	good, letter, newer := filepath.Join(t.TempDir(), "good"), filepath.Join(t.TempDir(), "letter"), filepath.Join(t.TempDir(), "newer")
	if err := store.Backup(t.Context(), dir, good); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(letter, bytes.Repeat([]byte("dear editor, "), 100), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := store.Backup(t.Context(), dir, newer); err != nil {
		t.Fatal(err)
	}
	if _, err := raw(t, "sqlite", newer).ExecContext(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)"); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(filepath.Join(dir, "yodel.db"))
	if err != nil {
		t.Fatal(err)
	}
	refuse := func(name, file string, replace bool, want error) {
		t.Helper()
		if _, err := store.Restore(t.Context(), dir, file, replace); !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", name, err, want)
		}
	}
	refuse("onto a database", good, false, store.ErrOccupied)
	refuse("a letter", letter, true, store.ErrNoBackup)
	refuse("an empty file", os.DevNull, true, store.ErrNoBackup)
	refuse("nothing", filepath.Join(dir, "nowhere"), true, os.ErrNotExist)
	refuse("a backup of a newer version", newer, true, store.ErrNewer)
	unlock, err := store.Lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	refuse("beside a server", good, true, store.ErrInUse)
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
	after, err := os.ReadFile(filepath.Join(dir, "yodel.db"))
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("a refusal changed the database: %v", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 2 { // yodel.db and yodel.lock
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// TestRestore_replace: what was there is kept aside with its log, also where it is
// damaged, and nobody is signed in.
func TestRestore_replace(t *testing.T) {
	dir, file := t.TempDir(), filepath.Join(t.TempDir(), "backup")
	opened, err := store.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	alice := insert(t, opened, "alice", account.Member)
	signedIn := session.Session{ID: uuid.NewString(), AccountID: alice.ID, Created: time.Now()}
	if err := opened.InsertSession(t.Context(), signedIn, alice.Epoch, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := store.Backup(t.Context(), dir, file); err != nil {
		t.Fatal(err)
	}
	insert(t, opened, "bob", account.Member) // after the backup
	if err := opened.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "engine", "jetstream"), 0o700); err != nil {
		t.Fatal(err)
	}
	aside, err := store.Restore(t.Context(), dir, file, true)
	if err != nil || filepath.Dir(aside) != dir {
		t.Fatalf("got %q, %v", aside, err)
	}
	for where, bobs := range map[string]bool{dir: false, aside: true} {
		again, err := store.Open(t.Context(), where)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := again.AccountByUsername(t.Context(), "bob"); (err == nil) != bobs {
			t.Errorf("%s: bob: got %v, want him there: %v", where, err, bobs)
		}
		standing, err := again.Standing(t.Context(), signedIn.ID)
		if err != nil || standing.Ended == bobs {
			t.Errorf("%s: the session: got %+v, %v", where, standing, err)
		}
		if _, err := os.Stat(filepath.Join(where, "engine")); (err == nil) != bobs {
			t.Errorf("%s: the engine: got %v", where, err)
		}
		if err := again.Close(); err != nil {
			t.Error(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "yodel.db"), []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Restore(t.Context(), dir, file, true); err != nil {
		t.Errorf("over a damaged one: %v", err)
	}
}

// TestRestore_afterAKill: what stood in the log alone is in the database that is
// put aside.
func TestRestore_afterAKill(t *testing.T) {
	lives, dir, file := t.TempDir(), t.TempDir(), filepath.Join(t.TempDir(), "backup")
	opened, err := store.Open(t.Context(), lives)
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	if err := store.Backup(t.Context(), lives, file); err != nil {
		t.Fatal(err)
	}
	insert(t, opened, "bob", account.Member)
	for _, name := range []string{"yodel.db", "yodel.db-wal"} { // as the dead leave them
		data, err := os.ReadFile(filepath.Join(lives, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	aside, err := store.Restore(t.Context(), dir, file, true)
	if err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(aside); err != nil || len(left) != 1 {
		t.Errorf("put aside: got %v, %v, want yodel.db alone", left, err)
	}
	for where, bobs := range map[string]bool{dir: false, aside: true} {
		again, err := store.Open(t.Context(), where)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := again.AccountByUsername(t.Context(), "bob"); (err == nil) != bobs {
			t.Errorf("%s: bob: got %v, want him there: %v", where, err, bobs)
		}
		if err := again.Close(); err != nil {
			t.Error(err)
		}
	}
}
