package store_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/yodelrt/yodel/app/account"
	"github.com/yodelrt/yodel/app/chat"
	"github.com/yodelrt/yodel/app/store"
)

// TestH333_data_dir_names: the database lies where the directory is, whatever
// its name means in an address, and for nobody else to read.
func TestH333_data_dir_names(t *testing.T) {
	parent := t.TempDir()
	for _, name := range []string{"a?b", "a?mode=memory", "a#b", "%41", "A", "a%20b", "a b", "a&b=c", "é", "a:b", "file:a", "-a", "a\nb", "a+b"} {
		dir := filepath.Join(parent, name)
		opened, err := store.Open(t.Context(), dir)
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		insert(t, opened, "alice", account.Member) // taken where two directories are one database
		if err := opened.Ready(t.Context()); err != nil {
			t.Errorf("%q: %v", name, err)
		}
		for _, file := range []string{".", "yodel.db", "yodel.db-wal", "yodel.db-shm"} {
			info, err := os.Stat(filepath.Join(dir, file))
			if err != nil || info.Mode().Perm()&0o077 != 0 {
				t.Errorf("%q: %s: got %v, %v, want it there for its owner alone", name, file, info, err)
			}
		}
		if err := opened.Close(); err != nil {
			t.Error(err)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
			t.Errorf("%q: got %v, %v, want yodel.db alone", name, left, err)
		}
	}
	if all, err := os.ReadDir(parent); err != nil || len(all) != 14 {
		t.Errorf("beside the directories: got %v, %v", all, err)
	}
}

func TestH333_relative_data_dir(t *testing.T) {
	t.Chdir(t.TempDir())
	opened, err := store.Open(t.Context(), "da?ta")
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	if _, err := os.Stat(filepath.Join("da?ta", "yodel.db-wal")); err != nil {
		t.Error(err)
	}
}

// TestH236_a_database_that_others_could_read is taken from them.
func TestH236_a_database_that_others_could_read(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "yodel.db")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	opened, err := store.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	for _, one := range []string{file, file + "-wal", file + "-shm"} {
		if info, err := os.Stat(one); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: got %v, %v, want 0600", one, info, err)
		}
	}
}

func TestH333_one_process_has_a_directory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a?b")
	unlock, err := store.Lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.Lock(dir); !errors.Is(err, store.ErrInUse) {
		t.Errorf("a second one: got %v, want ErrInUse", err)
	}
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
	again, err := store.Lock(dir)
	if err != nil {
		t.Fatalf("after the first has ended: %v", err)
	}
	if err := again(); err != nil {
		t.Error(err)
	}
}

// openIn counts the files below a directory that this process has open.
func openIn(t *testing.T, dir string) (count int) {
	t.Helper()
	all, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range all {
		if to, err := os.Readlink("/proc/self/fd/" + one.Name()); err == nil && strings.HasPrefix(to, dir) {
			count++
		}
	}
	return count
}

// TestH336_a_crowd_opens_nothing: a thousand who read and write at once use the
// connections that were there before them.
func TestH336_a_crowd_opens_nothing(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("open files are counted in /proc")
	}
	dir := t.TempDir()
	opened, err := store.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	alice := insert(t, opened, "alice", account.Member)
	before := openIn(t, dir)
	var all sync.WaitGroup
	most := make(chan int, 1000)
	for i := range 1000 {
		all.Go(func() {
			var err error
			if i%10 == 0 {
				err = opened.Chat().Change(t.Context(), func(tx chat.Tx) error {
					_, err := tx.PersonByID(t.Context(), alice.ID)
					return err
				})
			} else {
				_, err = opened.AccountByID(t.Context(), alice.ID)
			}
			if err != nil {
				t.Error(err)
			}
			most <- openIn(t, dir)
		})
	}
	all.Wait()
	close(most)
	for count := range most {
		if count != before {
			t.Fatalf("open files: got %d, want %d as at the start", count, before)
		}
	}
}

// TestH336_one_writer: whoever waits for the writer can give up.
func TestH336_one_writer(t *testing.T) {
	opened, err := store.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	err = opened.Chat().Change(t.Context(), func(chat.Tx) error {
		ctx, give := context.WithCancel(t.Context())
		waiting := make(chan error)
		go func() { waiting <- opened.Chat().Change(ctx, func(chat.Tx) error { return nil }) }()
		give()
		if err := <-waiting; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want that it was given up", err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
