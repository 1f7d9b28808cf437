package nats

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Tickets keeps one-time tickets for all nodes; it satisfies
// middleware.TicketStore. Of all who take a ticket, on whichever node, one gets
// it: the server lets one of them change the entry that each has read. When the
// engine is not reached, every method fails. Safe for concurrent use.
type Tickets struct {
	bucket     jetstream.KeyValue
	ttl        time.Duration
	perSession int
	timeout    time.Duration
}

// ticket is an entry, under "t." and the ticket's id.
type ticket struct {
	Record  []byte    `json:"record"`
	Session string    `json:"session"` // the key of its session's entry
	Expires time.Time `json:"expires"`
	Taken   bool      `json:"taken,omitempty"`
}

// session is an entry that names the open tickets of a session and when they
// expire, so that they can be counted and dropped.
type session struct {
	Open map[string]time.Time `json:"open"`
}

var (
	errTicketLife = errors.New("a ticket lives longer than Options.TicketTTL")
	errTicketID   = errors.New("a ticket with this id exists")
)

func ticketKey(id string) string {
	sum := sha256.Sum256([]byte(id))
	return "t." + hex.EncodeToString(sum[:])
}

func sessionKey(of string) string {
	sum := sha256.Sum256([]byte(of))
	return "s." + hex.EncodeToString(sum[:])
}

func (t *Tickets) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, t.timeout)
}

// Put keeps a record until it expires. False means that this session has as many
// open tickets as it may have.
func (t *Tickets) Put(ctx context.Context, id string, record []byte, of string, expires time.Time) (bool, error) {
	ctx, cancel := t.bounded(ctx)
	defer cancel()
	if time.Until(expires) > t.ttl {
		return false, errTicketLife
	}
	key, owner := ticketKey(id), sessionKey(of)
	value, err := json.Marshal(ticket{Record: record, Session: owner, Expires: expires})
	if err != nil {
		return false, fmt.Errorf("keep a ticket: %w", err)
	}
	revision, err := t.bucket.Create(ctx, key, value)
	if isConflict(err) {
		return false, errTicketID
	} else if err != nil {
		return false, fmt.Errorf("keep a ticket: %w", err)
	}
	// Its session's entry comes second: whatever has been put is in there, so
	// that a drop finds it.
	full := false
	err = t.change(ctx, owner, func(s *session) bool {
		full = len(s.Open) >= t.perSession
		if !full {
			s.Open[key] = expires
		}
		return !full
	})
	if err != nil || full {
		// Nobody knows the ticket; if it can't be deleted now it expires.
		_ = t.bucket.Delete(ctx, key, jetstream.LastRevision(revision))
		return false, err
	}
	return true, nil
}

// Peek returns the record, and whether it was taken already. An id that is
// unknown or has expired has a nil record.
func (t *Tickets) Peek(ctx context.Context, id string) ([]byte, bool, error) {
	ctx, cancel := t.bounded(ctx)
	defer cancel()
	found, _, err := t.read(ctx, ticketKey(id))
	if err != nil || found == nil {
		return nil, false, err
	}
	return found.Record, found.Taken, nil
}

// Take marks the record as taken. Of all calls for one id, on every node, one
// returns true; after the expiry none does. An error means that it may have been
// taken: it is not given to anybody then.
func (t *Tickets) Take(ctx context.Context, id string) (bool, error) {
	ctx, cancel := t.bounded(ctx)
	defer cancel()
	key := ticketKey(id)
	found, revision, err := t.read(ctx, key)
	if err != nil || found == nil || found.Taken {
		return false, err
	}
	found.Taken = true
	value, err := json.Marshal(found)
	if err != nil {
		return false, fmt.Errorf("take a ticket: %w", err)
	}
	if _, err := t.bucket.Update(ctx, key, value, revision); isConflict(err) {
		return false, nil // somebody was first
	} else if err != nil {
		return false, fmt.Errorf("take a ticket: %w", err)
	}
	// A place that can't be given back now is free when the ticket would expire.
	_ = t.change(ctx, found.Session, func(s *session) bool {
		delete(s.Open, key)
		return true
	})
	return true, nil
}

// Drop forgets every open ticket of a session.
func (t *Tickets) Drop(ctx context.Context, of string) error {
	ctx, cancel := t.bounded(ctx)
	defer cancel()
	var open map[string]time.Time
	err := t.change(ctx, sessionKey(of), func(s *session) bool {
		open, s.Open = s.Open, map[string]time.Time{}
		return len(open) > 0
	})
	if err != nil {
		return err
	}
	for key := range open {
		if err := t.drop(ctx, key); err != nil {
			return err
		}
	}
	return nil
}

// drop takes an open ticket away from whoever would take it.
func (t *Tickets) drop(ctx context.Context, key string) error {
	found, revision, err := t.read(ctx, key)
	if err != nil || found == nil || found.Taken {
		return err
	}
	if err := t.bucket.Delete(ctx, key, jetstream.LastRevision(revision)); err != nil && !isConflict(err) {
		return fmt.Errorf("drop a ticket: %w", err)
	}
	return nil // on a conflict it was taken first
}

// read returns a ticket that has not expired, nil for none.
func (t *Tickets) read(ctx context.Context, key string) (*ticket, uint64, error) {
	entry, err := t.bucket.Get(ctx, key)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, fmt.Errorf("read a ticket: %w", err)
	}
	var found ticket
	if err := json.Unmarshal(entry.Value(), &found); err != nil {
		return nil, 0, fmt.Errorf("read a ticket: %w", err)
	}
	if !time.Now().Before(found.Expires) {
		return nil, 0, nil
	}
	return &found, entry.Revision(), nil
}

// change changes a session's entry, on the condition that nobody else has
// meanwhile. apply returns false to leave it as it is.
func (t *Tickets) change(ctx context.Context, key string, apply func(*session) bool) error {
	for {
		var s session
		var revision uint64
		entry, err := t.bucket.Get(ctx, key)
		switch {
		case errors.Is(err, jetstream.ErrKeyNotFound):
		case err != nil:
			return fmt.Errorf("read a session's tickets: %w", err)
		default:
			revision = entry.Revision()
			if err := json.Unmarshal(entry.Value(), &s); err != nil {
				return fmt.Errorf("read a session's tickets: %w", err)
			}
		}
		if s.Open == nil {
			s.Open = map[string]time.Time{}
		}
		for id, expires := range s.Open {
			if !time.Now().Before(expires) {
				delete(s.Open, id)
			}
		}
		if !apply(&s) {
			return nil
		}
		value, err := json.Marshal(s)
		if err != nil {
			return fmt.Errorf("keep a session's tickets: %w", err)
		}
		if _, err := t.bucket.Update(ctx, key, value, revision); err == nil || !isConflict(err) {
			return err
		}
	}
}
