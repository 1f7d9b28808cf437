// Package audit keeps who signed in, who was refused, and what administrators
// did. It holds ids and addresses, never what somebody typed: a password lands in
// the field of the username now and then.
package audit

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
)

// The actions.
const (
	LoginAccepted    = "login.accepted"
	LoginRefused     = "login.refused" // the target is the account, empty for an unknown name
	Logout           = "logout"
	SessionRevoked   = "session.revoked"
	RefreshReused    = "refresh.reused" // a refresh token came twice; its session was ended
	PasswordChanged  = "password.changed"
	Registered       = "account.registered"
	RoleChanged      = "account.role"
	Disabled         = "account.disabled"
	Enabled          = "account.enabled"
	Invited          = "invitation.made"
	InvitationEnded  = "invitation.ended"
	ConnectionsEnded = "connections.ended"
	RoomBanned       = "room.banned"   // the detail is the room's id
	RoomUnbanned     = "room.unbanned" // so that somebody may come in again
)

// Entry is one line.
type Entry struct {
	ID     string // sorts by time
	At     time.Time
	Action string
	// ActorID and TargetID are accounts, empty for none. Actor and Target are
	// their usernames when the entry is read.
	ActorID, Actor, TargetID, Target string
	// Address is where the request came from, or the upgrade of the socket that
	// the call came over; empty for a command on the machine itself. [Log.Record]
	// takes it from the context, see [From].
	Address string
	// Detail is a few words that the application chose.
	Detail string
}

// Page asks for entries, the newest first.
type Page struct {
	// Before is an id: the entries are older. Empty begins with the newest.
	Before string
	// Query is part of a username, an address or a detail, in small letters;
	// empty for all.
	Query string
	// Action is one of the actions, empty for all.
	Action string
	Limit  int
}

// Store keeps entries.
type Store interface {
	InsertAudit(ctx context.Context, e Entry) error
	AuditPage(ctx context.Context, p Page) ([]Entry, error)
}

// Log writes and reads entries. Safe for concurrent use.
type Log struct {
	store Store
	log   *slog.Logger
}

// New returns an audit log in a store. What can't be written is told to log.
func New(store Store, log *slog.Logger) *Log { return &Log{store, log} }

type addressKey struct{}

// From returns a context whose entries have come from an address.
func From(ctx context.Context, address string) context.Context {
	return context.WithValue(ctx, addressKey{}, address)
}

// Record writes an entry, also where the request it belongs to has been given up.
func (l *Log) Record(ctx context.Context, e Entry) {
	if err := l.record(context.WithoutCancel(ctx), e); err != nil {
		l.log.Error("an audit entry was not written", "action", e.Action, "actor", e.ActorID, "target", e.TargetID, "error", err)
	}
}

func (l *Log) record(ctx context.Context, e Entry) error {
	e, err := Stamp(ctx, e)
	if err != nil {
		return err
	}
	return l.store.InsertAudit(ctx, e)
}

// Stamp gives an entry its id, its time and its address, for those who write it
// in the transaction of what it tells of.
func Stamp(ctx context.Context, e Entry) (Entry, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return e, fmt.Errorf("make an id: %w", err)
	}
	e.ID, e.At = id.String(), time.Now().UTC()
	e.Address, _ = ctx.Value(addressKey{}).(string)
	return e, nil
}

// Read returns a page of entries, the newest first.
func (l *Log) Read(ctx context.Context, p Page) ([]Entry, error) { return l.store.AuditPage(ctx, p) }
