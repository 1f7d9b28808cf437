package account_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/alexedwards/argon2id"

	"github.com/yodelrt/yodel/app/account"
	"github.com/yodelrt/yodel/app/store"
	"github.com/yodelrt/yodel/app/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Run(m)) }

// TestPasswords_OneFormOfUnicode: a phone and a laptop write an é in two ways.
func TestPasswords_OneFormOfUnicode(t *testing.T) {
	opened, err := store.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = opened.Close() })
	accounts := account.New(opened)
	const composed, apart, wide = "caf\u00e9 secret", "cafe\u0301 secret", "caf\u00e9\u00a0secret"
	for username, set := range map[string]string{"composed": composed, "apart": apart, "wide": wide} {
		made, err := accounts.Create(t.Context(), username, "", set, account.Member)
		if err != nil {
			t.Fatal(err)
		}
		for _, typed := range []string{composed, apart, wide} {
			if _, err := accounts.Authenticate(t.Context(), username, typed); err != nil {
				t.Errorf("set as %+q, typed as %+q: got %v, want a match", set, typed, err)
			}
		}
		if _, err := accounts.Authenticate(t.Context(), username, "cafe secret"); !errors.Is(err, account.ErrCredentials) {
			t.Errorf("without the accent: got %v, want ErrCredentials", err)
		}
		// as an earlier version has hashed it: what was typed
		hash, err := argon2id.CreateHash(apart, argon2id.DefaultParams)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := opened.ChangeAccount(t.Context(), made.ID, account.Change{PasswordHash: &hash}); err != nil {
			t.Fatal(err)
		}
		if _, err := accounts.Authenticate(t.Context(), username, apart); err != nil {
			t.Errorf("hashed as it was typed: got %v, want a match", err)
		}
	}
	for _, bad := range []string{"short", strings.Repeat("x", 257), "with\x00control", "tab\there, long"} {
		if _, err := accounts.Create(t.Context(), "bad", "", bad, account.Member); !errors.Is(err, account.ErrInvalid) {
			t.Errorf("password %q: got %v, want ErrInvalid", bad, err)
		}
	}
}

func TestAuthenticate_UsernamesAsTheyAreTyped(t *testing.T) {
	opened, err := store.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = opened.Close() })
	accounts := account.New(opened)
	if _, err := accounts.Create(t.Context(), "alice", "", "a good password", account.Member); err != nil {
		t.Fatal(err)
	}
	for _, typed := range []string{"alice", "Alice", " ALICE ", "ａｌｉｃｅ"} {
		if found, err := accounts.Authenticate(t.Context(), typed, "a good password"); err != nil || found.Username != "alice" {
			t.Errorf("%q: got %v, %v, want alice", typed, found.Username, err)
		}
	}
	for _, typed := range []string{"", "al\u0456ce", "a1ice", strings.Repeat("a", 60<<10), "alice\x00"} {
		if _, err := accounts.Authenticate(t.Context(), typed, "a good password"); !errors.Is(err, account.ErrCredentials) {
			t.Errorf("%.20q: got %v, want ErrCredentials", typed, err)
		}
	}
}
