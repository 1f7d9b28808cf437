package adversary_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

var errApplication = errors.New("the application's own error")

// act does what a word says: this is how every callback of the application
// behaves. The word travels in a token, a channel's name or a command's data, so
// that the one who sends it decides, and a seed reproduces it.
func (b *base) act(ctx context.Context, l *link, where, how string, back func(int)) error {
	verb, n := how, 0
	if at := strings.LastIndexByte(how, '-'); at >= 0 {
		verb = how[:at]
		n, _ = strconv.Atoi(how[at+1:])
	}
	switch verb {
	case "error":
		return appError(1000, false)
	case "temporary":
		return appError(1001, true)
	case "fail":
		return errApplication
	case "soft", "final":
		return reasons[verb]
	case "invalid":
		return fmt.Errorf("recheck: %w", errInvalidated)
	case "away":
		return fmt.Errorf("recheck: %w", errUnavailable)
	case "panic":
		panic(b.planned(where))
	case "block":
		b.occupied(l, func() { b.gates.wait(ctx, l, true) })
	case "hold":
		b.occupied(l, func() { b.gates.wait(ctx, l, false) })
	case "slow":
		b.occupied(l, func() { b.pass(time.Duration(n) * time.Millisecond) })
	case "call":
		if back != nil {
			back(n)
		}
	}
	return nil
}

// occupied notes that a callback of a connection waits.
func (b *base) occupied(l *link, wait func()) {
	b.mu.Lock()
	b.busy[l]++
	b.mu.Unlock()
	wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.busy[l]--; b.busy[l] == 0 {
		delete(b.busy, l)
	}
}

// credential is what the test's tokens say, in JSON.
type credential struct {
	Link    string `json:"link"`
	User    string `json:"user"`
	Session string `json:"session"`
	Token   string `json:"token"`
	Epoch   int64  `json:"epoch"`
	Life    int    `json:"life"` // milliseconds, 0 for no end
	End     int64  `json:"end"`  // of a connection's token, Unix milliseconds, 0 for none
	How     string `json:"how"`  // what Verify does first
	Verdict string `json:"verdict"`
}

func (c credential) text() string {
	text, _ := json.Marshal(c)
	return string(text)
}

// linkOf finds the connection that has sent something.
func (b *base) linkOf(tag string) *link {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.byTag[tag]
}

// verify is the verdict on a token.
func (b *base) verify(ctx context.Context, token string) (context.Context, error) {
	b.called("Verify")
	var c credential
	if json.Unmarshal([]byte(token), &c) != nil {
		return nil, errApplication
	}
	l := b.linkOf(c.Link)
	if l != nil && c.Verdict == "good" {
		b.mu.Lock()
		l.verifying = l.verifying || !l.connected
		b.mu.Unlock()
	}
	if err := b.act(ctx, l, "Verify", c.How, nil); err != nil {
		return nil, err
	}
	switch c.Verdict {
	case "expired":
		return nil, fmt.Errorf("verify: %w", errTokenExpired)
	case "unavailable":
		return nil, fmt.Errorf("verify: %w", errUnavailable)
	case "bad":
		return nil, errApplication
	case "nobody":
		return ctx, nil
	}
	p := principal{UserID: c.User, SessionID: c.Session, TokenID: c.Token, Claims: c.Epoch, Carrier: "message"}
	if c.End > 0 {
		p.ExpiresAt = time.UnixMilli(c.End)
	}
	return context.WithValue(ctx, principalKey{}, p), nil
}

// recheck asks what the application thinks of a user now.
func (b *base) recheck(ctx context.Context, p principal) error {
	b.called("Recheck")
	b.mu.Lock()
	how := b.opinions[p.UserID]
	b.mu.Unlock()
	return b.act(ctx, nil, "Recheck", how, nil)
}

// epoch reads the epoch of a principal, and panics once where it was asked to:
// whoever calls the handler may get that back, and no goroutine may die of it.
func (b *base) epoch(p principal) int64 {
	b.mu.Lock()
	panics := b.armed["epoch"]
	delete(b.armed, "epoch")
	if panics {
		for _, l := range b.links {
			l.allowed[3004] = "Epoch panics"
		}
	}
	b.mu.Unlock()
	if panics {
		panic(b.planned("Epoch"))
	}
	n, _ := p.Claims.(int64)
	return n
}
