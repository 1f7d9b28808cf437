package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// Invitation lets one person make an account of their own, once.
type Invitation struct {
	ID   string
	Role Role // of the account
	// Note tells administrators who it is for.
	Note string
	// CreatedBy is an administrator, empty for the first start. With their next
	// role or password, or when they are disabled, it is void; that of the first
	// start is as soon as there is an administrator.
	CreatedBy        string
	Created, Expires time.Time
}

// ErrInvitation says that an invitation is used up, too old or not one of ours.
var ErrInvitation = errors.New("this invitation is not valid")

// InvitationStore keeps invitations, by the hashes of their secrets alone.
type InvitationStore interface {
	// InsertInvitation keeps one that stands as long as the account of CreatedBy
	// stands as it is: [ErrNotAdmin] where that is no administrator's.
	InsertInvitation(ctx context.Context, i Invitation, hash string) error
	// Redeem uses an invitation up and makes the account with its role, both or
	// neither: [ErrInvitation] or [ErrTaken]. Of all who try, one succeeds.
	Redeem(ctx context.Context, hash string, made Account) (Account, error)
	// InvitationOpen reports [ErrInvitation] where Redeem would.
	InvitationOpen(ctx context.Context, hash string) error
	// InviteFirst keeps an invitation where there is no account at all, in place
	// of earlier ones of that kind, and reports whether it did.
	InviteFirst(ctx context.Context, i Invitation, hash string) (bool, error)
}

// Invitations make accounts without open registration. Safe for concurrent use.
type Invitations struct{ store InvitationStore }

// NewInvitations returns invitations kept in a store.
func NewInvitations(store InvitationStore) *Invitations { return &Invitations{store} }

// The life of an invitation.
const (
	MinInvitation = time.Minute
	MaxInvitation = 30 * 24 * time.Hour
	firstLife     = 24 * time.Hour
)

// Invite makes an invitation by an administrator. The secret is shown now and
// never again.
func (i *Invitations) Invite(ctx context.Context, by string, role Role, note string, life time.Duration) (secret string, made Invitation, err error) {
	if err := role.validate(); err != nil {
		return "", Invitation{}, err
	}
	made, err = newInvitation(by, role, note, life)
	if err != nil {
		return "", Invitation{}, err
	}
	secret = newSecret()
	return secret, made, i.store.InsertInvitation(ctx, made, hashOf(secret))
}

// First makes the invitation of the first administrator where there is no account
// at all; an empty secret says that there is one.
func (i *Invitations) First(ctx context.Context) (secret string, err error) {
	made, err := newInvitation("", Admin, "the first start", firstLife)
	if err != nil {
		return "", err
	}
	secret = newSecret()
	kept, err := i.store.InviteFirst(ctx, made, hashOf(secret))
	if err != nil || !kept {
		return "", err
	}
	return secret, nil
}

// Register makes an account for who holds the secret of an invitation. Errors are
// [ErrInvitation], [ErrTaken], [ErrBusy], or wrap [ErrInvalid].
func (i *Invitations) Register(ctx context.Context, secret, username, name, password string) (Account, error) {
	hash := hashOf(secret)
	if err := i.store.InvitationOpen(ctx, hash); err != nil { // before any work for nobody
		return Account{}, err
	}
	made, err := prepare(ctx, username, name, password, Member)
	if err != nil {
		return Account{}, err
	}
	return i.store.Redeem(ctx, hash, made)
}

func newInvitation(by string, role Role, note string, life time.Duration) (Invitation, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return Invitation{}, fmt.Errorf("make an id: %w", err)
	}
	now := time.Now().UTC()
	return Invitation{ID: id.String(), Role: role, Note: note, CreatedBy: by, Created: now, Expires: now.Add(life)}, nil
}

func newSecret() string {
	secret := make([]byte, 24)
	_, _ = rand.Read(secret) // never fails: crypto/rand ends the process instead
	return base64.RawURLEncoding.EncodeToString(secret)
}

func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
