package account

import (
	"context"
	"errors"
)

// Change is what becomes of an account, in one statement. What it does not name
// stays as it is in the store at that moment, whatever was read before. It raises
// the epoch, so that tokens and invitations from before are refused.
type Change struct {
	Role         *Role
	Disabled     *bool
	PasswordHash *string
	// By is the administrator who wants it and must still be one. Such a change
	// leaves an administrator, see [ErrLastAdmin]. Empty for the operator and for
	// the owner, who change what they like.
	By string
	// OldHash is the password hash that the change rests on, and Session the one
	// that stays open where a password is changed by its owner: where either is
	// no longer so, or the account was disabled, it is [ErrCredentials].
	OldHash, Session string
}

// EndsSessions reports whether what was signed in before is signed out: by a new
// password, and by keeping an account out.
func (c Change) EndsSessions() bool {
	return c.PasswordHash != nil || (c.Disabled != nil && *c.Disabled)
}

// Changed is what a change has done.
type Changed struct {
	Account
	// Was is the account before. Where it is as it was, nothing was written.
	Was Account
	// Ended are the sessions that it has ended.
	Ended []string
}

// Any reports whether there was anything to change.
func (c Changed) Any() bool { return c.Account != c.Was }

// ErrNotAdmin says that who wanted a change is no administrator, any more.
var ErrNotAdmin = errors.New("not an administrator")

// SetRole gives an account a role; tokens issued before are refused from then on.
// by is the administrator who wants it, empty for the operator.
func (a *Accounts) SetRole(ctx context.Context, by, id string, role Role) (Changed, error) {
	if err := role.validate(); err != nil {
		return Changed{}, err
	}
	return a.store.ChangeAccount(ctx, id, Change{Role: &role, By: by})
}

// SetDisabled keeps an account out and ends its sessions, or lets it in again. by
// is the administrator who wants it, empty for the operator.
func (a *Accounts) SetDisabled(ctx context.Context, by, id string, disabled bool) (Changed, error) {
	return a.store.ChangeAccount(ctx, id, Change{Disabled: &disabled, By: by})
}

// SetPassword gives an account a new password and ends its sessions.
func (a *Accounts) SetPassword(ctx context.Context, id, password string) (Changed, error) {
	hash, err := hashFor(ctx, password)
	if err != nil {
		return Changed{}, err
	}
	return a.store.ChangeAccount(ctx, id, Change{PasswordHash: &hash})
}

// ChangePassword gives an account a new password when the old one is right, and
// ends every session but the one that it is changed in. Errors are
// [ErrCredentials], also where somebody else has changed the account while the
// passwords were hashed, [ErrBusy], or wrap [ErrInvalid].
func (a *Accounts) ChangePassword(ctx context.Context, id, session, old, password string) (Changed, error) {
	found, err := a.store.AccountByID(ctx, id)
	if err != nil {
		return Changed{}, err
	}
	match, err := verify(ctx, old, found.PasswordHash)
	if err != nil {
		return Changed{}, err
	}
	if !match || found.Disabled {
		return Changed{}, ErrCredentials
	}
	hash, err := hashFor(ctx, password)
	if err != nil {
		return Changed{}, err
	}
	return a.store.ChangeAccount(ctx, id, Change{PasswordHash: &hash, OldHash: found.PasswordHash, Session: session})
}
