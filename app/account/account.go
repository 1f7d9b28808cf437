// Package account knows who may sign in: usernames, roles and passwords.
package account

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
)

// Role is what an account may do.
type Role string

// The roles, each of which includes the one before.
const (
	Member    Role = "member"
	Moderator Role = "moderator"
	Admin     Role = "admin"
)

// EnumValues lists the roles for the written contract.
func (Role) EnumValues() []string { return []string{string(Member), string(Moderator), string(Admin)} }

// Account is one person's.
type Account struct {
	ID           string
	Username     string
	Name         string
	Role         Role
	PasswordHash string
	Epoch        int64 // raised by a new role or password; tokens with an older one are refused
	Disabled     bool
	Created      time.Time // to the second; the store sets it
}

// Sentinels of this package. ErrCredentials covers an unknown username, a wrong
// password and a disabled account alike.
var (
	ErrNotFound    = errors.New("no such account")
	ErrTaken       = errors.New("that username is taken")
	ErrCredentials = errors.New("username and password don't match")
	ErrInvalid     = errors.New("not accepted")
	ErrLastAdmin   = errors.New("somebody must stay administrator")
)

// Store keeps accounts.
type Store interface {
	AccountByUsername(ctx context.Context, username string) (Account, error)
	AccountByID(ctx context.Context, id string) (Account, error)
	InsertAccount(ctx context.Context, a Account) error
	UpdateAccount(ctx context.Context, a Account) error
}

// Accounts signs people in and manages their accounts. Safe for concurrent use.
type Accounts struct{ store Store }

// New returns accounts kept in a store.
func New(store Store) *Accounts { return &Accounts{store} }

// ByID returns an account, [ErrNotFound] where there is none.
func (a *Accounts) ByID(ctx context.Context, id string) (Account, error) {
	return a.store.AccountByID(ctx, id)
}

// ByUsername returns an account, [ErrNotFound] where there is none.
func (a *Accounts) ByUsername(ctx context.Context, username string) (Account, error) {
	return a.store.AccountByUsername(ctx, username)
}

// Authenticate returns the account whose username and password these are. Every
// refusal is [ErrCredentials] and costs the same work, [ErrBusy] excepted.
func (a *Accounts) Authenticate(ctx context.Context, username, password string) (Account, error) {
	found, err := a.store.AccountByUsername(ctx, username)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Account{}, err
	}
	known := err == nil
	hash := found.PasswordHash
	if !known {
		hash = nobodysHash()
	}
	match, err := verify(ctx, password, hash)
	if err != nil {
		return Account{}, err
	}
	if !match || !known || found.Disabled {
		return Account{}, ErrCredentials
	}
	return found, nil
}

var usernames = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,31}$`)

const (
	minPassword, maxPassword = 8, 256 // bytes
	maxName                  = 60     // characters
)

// Create makes an account. Errors wrap [ErrInvalid] or are [ErrTaken].
func (a *Accounts) Create(ctx context.Context, username, name, password string, role Role) (Account, error) {
	made, err := prepare(ctx, username, name, password, role)
	if err != nil {
		return Account{}, err
	}
	return made, a.store.InsertAccount(ctx, made)
}

// prepare checks what an account is to be, and hashes its password.
func prepare(ctx context.Context, username, name, password string, role Role) (Account, error) {
	if !usernames.MatchString(username) {
		return Account{}, fmt.Errorf("%w: a username has 1 to 32 of a-z, 0-9, dot, dash and underscore, and begins with a letter or digit", ErrInvalid)
	}
	if name = strings.TrimSpace(name); name == "" {
		name = username
	}
	if utf8.RuneCountInString(name) > maxName || !utf8.ValidString(name) || strings.ContainsFunc(name, unprintable) {
		return Account{}, fmt.Errorf("%w: a name has at most %d characters, all of which can be seen", ErrInvalid, maxName)
	}
	if err := role.validate(); err != nil {
		return Account{}, err
	}
	hash, err := hashFor(ctx, password)
	if err != nil {
		return Account{}, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Account{}, fmt.Errorf("make an id: %w", err)
	}
	return Account{ID: id.String(), Username: username, Name: name, Role: role, PasswordHash: hash, Epoch: 1}, nil
}

func unprintable(c rune) bool { return unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c) }

// SetPassword gives an account a new password; tokens issued before are refused
// from then on.
func (a *Accounts) SetPassword(ctx context.Context, username, password string) error {
	return a.change(ctx, username, func(found *Account) (err error) {
		found.PasswordHash, err = hashFor(ctx, password)
		return err
	})
}

// SetRole gives an account a role; tokens issued before are refused from then on.
func (a *Accounts) SetRole(ctx context.Context, username string, role Role) error {
	return a.change(ctx, username, func(found *Account) error {
		found.Role = role
		return role.validate()
	})
}

// SetDisabled keeps an account out, or lets it in again; tokens issued before are
// refused from then on.
func (a *Accounts) SetDisabled(ctx context.Context, username string, disabled bool) error {
	return a.change(ctx, username, func(found *Account) error {
		found.Disabled = disabled
		return nil
	})
}

// ChangePassword gives an account a new password when the old one is right, and
// returns the account as it is then. Errors are [ErrCredentials], [ErrBusy], or
// wrap [ErrInvalid].
func (a *Accounts) ChangePassword(ctx context.Context, id, old, password string) (Account, error) {
	found, err := a.store.AccountByID(ctx, id)
	if err != nil {
		return Account{}, err
	}
	match, err := verify(ctx, old, found.PasswordHash)
	if err != nil {
		return Account{}, err
	}
	if !match || found.Disabled {
		return Account{}, ErrCredentials
	}
	if found.PasswordHash, err = hashFor(ctx, password); err != nil {
		return Account{}, err
	}
	if err := a.store.UpdateAccount(ctx, found); err != nil {
		return Account{}, err
	}
	return a.store.AccountByID(ctx, id)
}

func (a *Accounts) change(ctx context.Context, username string, how func(*Account) error) error {
	found, err := a.store.AccountByUsername(ctx, username)
	if err != nil {
		return err
	}
	if err := how(&found); err != nil {
		return err
	}
	return a.store.UpdateAccount(ctx, found)
}

func (r Role) validate() error {
	if r != Member && r != Moderator && r != Admin {
		return fmt.Errorf("%w: a role is member, moderator or admin", ErrInvalid)
	}
	return nil
}
