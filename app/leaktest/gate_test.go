package leaktest_test

import (
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"strings"
	"testing"

	"github.com/yodelrt/yodel/app/leaktest"
)

const token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJlLW9mLWl0"

// TestSeededLeaksAreFound proves that the gate works.
func TestSeededLeaksAreFound(t *testing.T) {
	for name, leak := range map[string]string{
		"as it is":        `msg="refused" token=` + token,
		"percent-encoded": "GET /ws?token=" + url.QueryEscape("a+b/c=d secret"),
		"in base64url":    base64.RawURLEncoding.EncodeToString([]byte(token)),
		"in base64":       base64.StdEncoding.EncodeToString([]byte(token)),
		"in hex":          hex.EncodeToString([]byte(token)),
		"its signature":   "c2lnbmF0dXJlLW9mLWl0",
		"its claims":      `{"payload":"eyJzdWIiOiJhbGljZSJ9"}`,
	} {
		t.Run(name, func(t *testing.T) {
			gate := leaktest.New()
			gate.Secret("the token", token)
			gate.Secret("the password", "a+b/c=d secret")
			gate.Artefact("the log", "before\n"+leak+"\nafter")
			leaks := gate.Leaks()
			if len(leaks) == 0 {
				t.Fatal("the leak was not found")
			}
			if strings.Contains(strings.Join(leaks, " "), token) {
				t.Error("the report shows the secret")
			}
		})
	}
}

func TestNothingIsNoLeak(t *testing.T) {
	gate := leaktest.New()
	gate.Secret("the token", token)
	gate.Secret("a short word", "a")
	gate.Artefact("the log", "a line about nothing")
	gate.Check(t)
}

// failing counts failures in place of a test.
type failing struct {
	testing.TB
	errors int
}

func (f *failing) Helper()               {}
func (f *failing) Error(...any)          { f.errors++ }
func (f *failing) Errorf(string, ...any) { f.errors++ }

func TestAnEmptyGateFails(t *testing.T) {
	for name, fill := range map[string]func(*leaktest.Gate){
		"nothing":     func(*leaktest.Gate) {},
		"no artefact": func(g *leaktest.Gate) { g.Secret("the token", token) },
		"no secret":   func(g *leaktest.Gate) { g.Artefact("the log", "lines") },
	} {
		gate, f := leaktest.New(), &failing{TB: t}
		fill(gate)
		if gate.Check(f); f.errors == 0 {
			t.Errorf("%s: the gate passes and proves nothing", name)
		}
	}
}
