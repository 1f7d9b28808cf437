package middleware

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/yodelrt/yodel/middleware/seal"
)

// TicketStore keeps tickets between their issue and their one use. Its methods
// speak standard types only, so that a store can satisfy it by shape. All are
// safe for concurrent use; package tickettest holds what each must keep to.
//
// An id is the hash of a ticket and a record is sealed under the ticket itself,
// so a store, its backups and its administrators never see either.
type TicketStore interface {
	// Put keeps a record until it expires. False means that this session has
	// as many open tickets as it may have.
	Put(ctx context.Context, id string, record []byte, session string, expires time.Time) (bool, error)
	// Peek returns the record, and whether it was taken already. An id that is
	// unknown or has expired has a nil record.
	Peek(ctx context.Context, id string) (record []byte, taken bool, err error)
	// Take marks the record as taken. Of all calls for one id, on every node,
	// one returns true; after the expiry none does.
	Take(ctx context.Context, id string) (bool, error)
	// Drop forgets every open ticket of a session.
	Drop(ctx context.Context, session string) error
}

// ticketBytes is the size of a ticket before encoding: 256 random bits.
const ticketBytes = 32

// ticketChars is its size in unpadded base64url.
var ticketChars = base64.RawURLEncoding.EncodedLen(ticketBytes)

// ticketRecord is what a ticket stands for. It exists in the clear only while
// it is issued and redeemed.
type ticketRecord struct {
	Token   string    `json:"token"`
	User    string    `json:"user"`
	Session string    `json:"session,omitempty"`
	Route   string    `json:"route"`
	Origin  string    `json:"origin,omitempty"`  // empty: minted without one
	Address string    `json:"address,omitempty"` // of who minted it
	Pending bool      `json:"pending,omitempty"` // good for two-step only
	Expires time.Time `json:"expires"`
}

func newTicket() string {
	secret := make([]byte, ticketBytes)
	_, _ = rand.Read(secret) // never fails: crypto/rand ends the process instead
	return base64.RawURLEncoding.EncodeToString(secret)
}

// ticketID is what the store knows of a ticket.
func ticketID(ticket string) string {
	sum := sha256.Sum256([]byte(ticket))
	return hex.EncodeToString(sum[:])
}

// hashPrefix names a ticket in a log line.
func hashPrefix(ticket string) string { return ticketID(ticket)[:8] }

const sealedFor = "yodel ticket record"

func (r ticketRecord) seal(ticket string) ([]byte, error) {
	plain, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("encode a ticket: %w", err)
	}
	return seal.Seal(ticket, sealedFor, plain)
}

func openRecord(ticket string, sealed []byte) (ticketRecord, error) {
	var r ticketRecord
	plain, err := seal.Open(ticket, sealedFor, sealed)
	if err != nil {
		return r, fmt.Errorf("open a ticket: %w", err)
	}
	if err := json.Unmarshal(plain, &r); err != nil {
		return r, fmt.Errorf("decode a ticket: %w", err)
	}
	return r, nil
}
