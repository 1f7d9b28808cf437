// Package leaktest searches what a run has left behind for the secrets that it
// used: logs, error bodies, close reasons, metrics, traces, panics.
package leaktest

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// Gate collects secrets and artefacts of one run. Safe for concurrent use.
type Gate struct {
	mu        sync.Mutex
	secrets   map[string]string // secret -> its name
	artefacts map[string]string // name -> content
}

// New returns an empty gate.
func New() *Gate { return &Gate{secrets: map[string]string{}, artefacts: map[string]string{}} }

// minSecret keeps words that stand everywhere from being searched for.
const minSecret = 8

// Secret adds what must not be found, under a name that a report may show.
// Anything shorter than eight bytes is ignored.
func (g *Gate) Secret(name, secret string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for form, text := range forms(secret) {
		if len(text) >= minSecret {
			g.secrets[text] = name + form
		}
	}
}

// forms are the ways in which a secret may be written down.
func forms(secret string) map[string]string {
	all := map[string]string{
		"":                  secret,
		", percent-encoded": url.QueryEscape(secret),
		", in base64url":    base64.RawURLEncoding.EncodeToString([]byte(secret)),
		", in base64":       base64.RawStdEncoding.EncodeToString([]byte(secret)),
		", in hex":          hex.EncodeToString([]byte(secret)),
	}
	if head, signature, ok := cutLast(secret, "."); ok && strings.Count(secret, ".") == 2 {
		all[", its signature"] = signature
		_, payload, _ := cutLast(head, ".")
		all[", its claims"] = payload
	}
	return all
}

func cutLast(text, separator string) (before, after string, found bool) {
	at := strings.LastIndex(text, separator)
	if at < 0 {
		return text, "", false
	}
	return text[:at], text[at+len(separator):], true
}

// Artefact adds something that the run has left behind.
func (g *Gate) Artefact(name, content string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.artefacts[name] += content
}

// Leaks returns a sentence for each secret in each artefact, never the secret.
func (g *Gate) Leaks() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	var found []string
	for where, content := range g.artefacts {
		for secret, name := range g.secrets {
			if strings.Contains(content, secret) {
				found = append(found, fmt.Sprintf("%s stands in %s", name, where))
			}
		}
	}
	return found
}

// Check fails the test for each leak, and when there was nothing to search or to
// search for: such a gate would prove nothing.
func (g *Gate) Check(t testing.TB) {
	t.Helper()
	for _, leak := range g.Leaks() {
		t.Error(leak)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.secrets) == 0 || len(g.artefacts) == 0 {
		t.Errorf("the gate has %d secrets and %d artefacts and proves nothing", len(g.secrets), len(g.artefacts))
	}
}
