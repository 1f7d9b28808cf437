package seal_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/yodelrt/yodel/middleware/seal"
)

func TestOnlyTheSecretOpens(t *testing.T) {
	sealed, err := seal.Seal("a random secret", "tickets", []byte("what it stands for"))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed, []byte("stands")) {
		t.Error("the sealed value can be read")
	}
	if plain, err := seal.Open("a random secret", "tickets", sealed); err != nil || string(plain) != "what it stands for" {
		t.Errorf("open: got %q, %v", plain, err)
	}
	altered := bytes.Clone(sealed)
	altered[0] ^= 1
	for name, try := range map[string]func() ([]byte, error){
		"another secret":  func() ([]byte, error) { return seal.Open("another secret", "tickets", sealed) },
		"another purpose": func() ([]byte, error) { return seal.Open("a random secret", "refresh", sealed) },
		"altered":         func() ([]byte, error) { return seal.Open("a random secret", "tickets", altered) },
		"nothing":         func() ([]byte, error) { return seal.Open("a random secret", "tickets", nil) },
	} {
		if plain, err := try(); !errors.Is(err, seal.ErrSealed) || plain != nil {
			t.Errorf("%s: got %q, %v", name, plain, err)
		}
	}
}
