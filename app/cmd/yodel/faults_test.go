package main

import (
	"database/sql"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/yodelrt/yodel/app/store"
)

// filled is a data directory with the demo users, and the path of its database.
func filled(t *testing.T) (dir, file string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "data")
	serves(t, dir, nil).stop()
	return dir, filepath.Join(dir, "yodel.db")
}

func alter(t *testing.T, file, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

// TestH333_killed: what was answered is there after kill -9, and the lock of the
// dead process keeps nobody out.
func TestH333_killed(t *testing.T) {
	dir, address := t.TempDir(), freeAddress(t)
	first := servesAt(t, address, dir, nil)
	cookies := first.login("alice")
	first.kill()
	second := servesAt(t, address, dir, nil)
	if got := second.ready(); got != http.StatusOK {
		t.Errorf("ready: got %d, want 200", got)
	}
	if got := second.get(http.DefaultClient, "/api/me", cookies...); got != http.StatusOK {
		t.Errorf("the session of before: got %d, want 200", got)
	}
}

func TestH333_second_process(t *testing.T) {
	dir := t.TempDir()
	first := serves(t, dir, nil)
	refused(t, store.ErrInUse, nil, "serve", "--addr", freeAddress(t), "--data-dir", dir)
	if got := first.ready(); got != http.StatusOK {
		t.Errorf("the first one: got %d, want 200", got)
	}
	first.stop()
	serves(t, dir, nil).stop()
}

func TestH333_newer_tables(t *testing.T) {
	dir, file := filled(t)
	alter(t, file, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)")
	refused(t, store.ErrNewer, nil, "serve", "--addr", freeAddress(t), "--data-dir", dir)
	refused(t, store.ErrNewer, nil, "user", "enable", "alice", "--data-dir", dir)
}

func TestH333_damaged_file(t *testing.T) {
	_, sample := filled(t)
	unread := rootOf(t, sample, "announcements")
	for name, damage := range map[string]func(data []byte) []byte{
		"a page that nobody reads at the start": func(data []byte) []byte { clear(data[unread:][:4096]); return data },

		"no database":       func([]byte) []byte { return []byte("this was a database, and is a letter to the editor now") },
		"a header of zeros": func(data []byte) []byte { clear(data[:100]); return data },
		"pages of zeros":    func(data []byte) []byte { clear(data[len(data)/2:]); return data },
		"cut off":           func(data []byte) []byte { return data[:len(data)/2] },
	} {
		t.Run(name, func(t *testing.T) {
			dir, file := filled(t)
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, damage(data), 0o600); err != nil {
				t.Fatal(err)
			}
			refused(t, store.ErrDamaged, nil, "serve", "--addr", freeAddress(t), "--data-dir", dir)
		})
	}
}

// rootOf is where the first page of a table begins in the file.
func rootOf(t *testing.T, file, table string) (offset int) {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	query := "SELECT (rootpage - 1) * 4096 FROM sqlite_master WHERE name = ?"
	if err := db.QueryRowContext(t.Context(), query, table).Scan(&offset); err != nil {
		t.Fatal(err)
	}
	return offset
}

func TestH333_database_that_is_a_directory(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "yodel.db"), 0o700); err != nil {
		t.Fatal(err)
	}
	out, err := run(t, "", nil, "serve", "--addr", freeAddress(t), "--data-dir", dir)
	if err == nil {
		t.Errorf("it starts: %s", out)
	}
}
