package main

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/yodelrt/yodel/app/account"
	"github.com/yodelrt/yodel/app/retention"
	"github.com/yodelrt/yodel/app/store"
	"github.com/yodelrt/yodel/app/store/storetest"
)

// manual is a page of the documentation, whose commands are run.
type manual struct {
	t       *testing.T
	text    string
	scripts map[string][]string // by heading
	dir     string              // where they run
	env     []string
}

func openManual(t *testing.T, name string) *manual {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", name))
	if err != nil {
		t.Fatal(err)
	}
	m := &manual{t: t, text: string(data), scripts: map[string][]string{}, dir: t.TempDir()}
	for _, section := range strings.Split(m.text, "\n## ")[1:] {
		heading, body, _ := strings.Cut(section, "\n")
		for _, block := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(body, -1) {
			m.scripts[heading] = append(m.scripts[heading], block[1])
		}
	}
	bin := t.TempDir()
	self, err := filepath.Abs(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	yodel := fmt.Sprintf("#!/bin/sh\nYODEL_TEST_RUN_MAIN=1 exec %q \"$@\"\n", self)
	if err := os.WriteFile(filepath.Join(bin, "yodel"), []byte(yodel), 0o700); err != nil {
		t.Fatal(err)
	}
	m.env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"))
	return m
}

// run runs a block of a section, and takes it off: all of them have to be run.
func (m *manual) run(heading string) string {
	m.t.Helper()
	if len(m.scripts[heading]) == 0 {
		m.t.Fatalf("%q has no more commands", heading)
	}
	script := m.scripts[heading][0]
	if m.scripts[heading] = m.scripts[heading][1:]; len(m.scripts[heading]) == 0 {
		delete(m.scripts, heading)
	}
	cmd := exec.Command("sh", "-e", "-c", script)
	cmd.Dir, cmd.Env = m.dir, m.env
	out, err := cmd.CombinedOutput()
	if err != nil {
		m.t.Fatalf("%s: %v\n%s%s", heading, err, script, out)
	}
	return string(out)
}

func names(t *testing.T, opened *store.Store, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	found, err := opened.AccountsAfter(t.Context(), "", "", 100)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, one := range found {
		all = append(all, one.Username)
	}
	return strings.Join(all, " ")
}

func add(t *testing.T, opened *store.Store, err error, username string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	if _, err := account.New(opened).Create(t.Context(), username, "", "a good password", account.Member); err != nil {
		t.Fatal(err)
	}
}

// TestBackupManual runs every command of the page, in the order in which somebody
// would need them.
func TestBackupManual(t *testing.T) {
	m := openManual(t, "backup.md")
	data, address := filepath.Join(m.dir, "data"), freeAddress(t)
	server := servesAt(t, address, data, nil)
	cookies := server.login("alice")
	m.run("Back up") // while it runs
	opened, err := store.Open(t.Context(), data)
	add(t, opened, err, "late")
	m.run("Back up")
	opened, err = store.Open(t.Context(), filepath.Join(m.dir, "rehearsal"))
	if got := names(t, opened, err); got != "admin alice bob" {
		t.Errorf("rehearsal: got %s", got)
	}
	m.run("Upgrade")
	server.stop()
	said := m.run("Restore")
	opened, err = store.Open(t.Context(), data)
	if got := names(t, opened, err); got != "admin alice bob" {
		t.Errorf("restored: got %s, want them without late", got)
	}
	_, aside, found := strings.Cut(strings.TrimSpace(said), "what was there is in ")
	opened, err = store.Open(t.Context(), filepath.Join(m.dir, aside))
	if got := names(t, opened, err); !found || got != "admin alice bob late" {
		t.Errorf("put aside, %q: got %s", said, got)
	}
	again := servesAt(t, address, data, nil)
	if got := again.get(http.DefaultClient, "/api/me", cookies...); got != http.StatusUnauthorized {
		t.Errorf("a session of the backup: got %d, want 401", got)
	}
	again.login("alice")
	again.stop()
	m.run("Roll back")
	opened, err = store.Open(t.Context(), data)
	if got := names(t, opened, err); got != "admin alice bob late" {
		t.Errorf("rolled back: got %s, want late too", got)
	}
	delete(m.scripts, "PostgreSQL") // see TestBackupManual_PostgreSQL
	if len(m.scripts) != 0 {
		t.Errorf("not run: %q", m.scripts)
	}
}

func TestBackupManual_PostgreSQL(t *testing.T) {
	address := storetest.Address(t)
	t.Cleanup(func() {
		if err := storetest.Stop(); err != nil {
			t.Error(err)
		}
	})
	if _, err := exec.LookPath("pg_dump"); err != nil {
		t.Skip("no pg_dump is installed")
	}
	m := openManual(t, "backup.md")
	m.env = append(m.env, "DATABASE="+address)
	opened, err := store.OpenPostgres(t.Context(), address)
	add(t, opened, err, "alice")
	m.run("PostgreSQL")
	opened, err = store.OpenPostgres(t.Context(), address)
	add(t, opened, err, "late")
	m.run("PostgreSQL")
	opened, err = store.OpenPostgres(t.Context(), address)
	if got := names(t, opened, err); got != "alice" {
		t.Errorf("restored: got %s, want alice alone", got)
	}
	for _, command := range []string{"backup", "restore"} {
		refused(t, store.ErrPostgres, nil, command, "--database-url", address, filepath.Join(m.dir, "x"))
	}
}

// TestBackupManual_sentences: the page quotes what the server says, and the
// defaults that it has.
func TestBackupManual_sentences(t *testing.T) {
	m := openManual(t, "backup.md")
	for _, sentence := range []error{store.ErrInUse, store.ErrNewer, store.ErrDamaged, store.ErrFull, store.ErrReadOnly, store.ErrFiles} {
		begins, _, _ := strings.Cut(sentence.Error(), ";")
		if !strings.Contains(m.text, "| "+begins+" |") {
			t.Errorf("the page does not say what to do about %q", begins)
		}
	}
	help, err := run(t, "", nil, "serve", "--help")
	if err != nil {
		t.Fatal(err)
	}
	help = strings.Join(strings.Fields(help), " ")
	rows := regexp.MustCompile("(?m)^\\| `(--keep-[a-z]+)`, `(YODEL_KEEP_[A-Z]+)` \\| `([a-z0-9]+)` \\|").FindAllStringSubmatch(m.text, -1)
	if len(rows) != 4 {
		t.Errorf("settings: got %q, want four", rows)
	}
	for _, row := range rows {
		if shown := row[1] + "=" + row[3]; !strings.Contains(help, shown) || !strings.Contains(help, row[2]) {
			t.Errorf("the help does not show %s and %s", shown, row[2])
		}
	}
	if out, err := run(t, "", nil, "check", "--keep-audit", "1"); err == nil || !strings.Contains(out, retention.ErrPeriod.Error()) {
		t.Errorf("--keep-audit 1: got %v %s, want %q", err, out, retention.ErrPeriod)
	}
}
