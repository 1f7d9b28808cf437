// Package storetest runs tests on each database that the application knows.
package storetest

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/yodelrt/yodel/app/store"
	"github.com/yodelrt/yodel/e2e/postgres"
)

var shared struct {
	mu     sync.Mutex
	server *postgres.Server
	err    error
}

// Run runs the tests of a package and ends the server that they have shared. Call
// it in TestMain, with os.Exit around it.
func Run(m *testing.M) int {
	code := m.Run()
	if err := Stop(); err != nil {
		fmt.Fprintln(os.Stderr, "stop postgres:", err)
		return 1
	}
	return code
}

// Stop ends the server that tests have shared, if there is one.
func Stop() error {
	shared.mu.Lock()
	defer shared.mu.Unlock()
	if shared.server == nil {
		return nil
	}
	err := shared.server.Stop()
	shared.server = nil
	return err
}

// Address returns the address of an empty PostgreSQL database. Where there is no
// server to start, the test is skipped, and fails where CI=true.
func Address(t testing.TB) string {
	t.Helper()
	shared.mu.Lock()
	defer shared.mu.Unlock()
	if shared.server == nil && shared.err == nil {
		shared.server, shared.err = postgres.Start()
	}
	if errors.Is(shared.err, postgres.ErrMissing) && os.Getenv("CI") != "true" {
		t.Skip(shared.err)
	}
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	address, err := shared.server.Database(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return address
}

// Each runs a test on an empty database of each kind.
func Each(t *testing.T, test func(t *testing.T, s *store.Store)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) {
		opened, err := store.Open(t.Context(), t.TempDir())
		use(t, opened, err, test)
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		opened, err := store.OpenPostgres(t.Context(), Address(t))
		use(t, opened, err, test)
	})
}

func use(t *testing.T, opened *store.Store, err error, test func(t *testing.T, s *store.Store)) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := opened.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	test(t, opened)
}
