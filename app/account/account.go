// Package account knows who may sign in: usernames, roles and passwords.
package account

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/yodelrt/yodel/app/text"
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
	ErrTaken       = errors.New("that name is taken, or looks like one that is")
	ErrCredentials = errors.New("username and password don't match")
	ErrInvalid     = errors.New("not accepted")
	ErrLastAdmin   = errors.New("somebody must stay administrator")
)

// Store keeps accounts.
type Store interface {
	AccountByUsername(ctx context.Context, username string) (Account, error)
	AccountByID(ctx context.Context, id string) (Account, error)
	InsertAccount(ctx context.Context, a Account) error
	ChangeAccount(ctx context.Context, id string, c Change) (Changed, error)
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
	found, err := a.store.AccountByUsername(ctx, Canonical(username))
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

// Canonical is the username that somebody means who types it with capitals or in
// full width.
func Canonical(username string) string {
	if len(username) > maxTyped {
		return ""
	}
	return text.Fold(username)
}

var usernames = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,31}$`)

const (
	minPassword, maxPassword = 8, 256 // bytes
	maxName                  = 60     // characters
	maxTyped                 = 256    // bytes of what may mean a username
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
	if strings.TrimSpace(name) == "" {
		name = username
	}
	name, err := CheckName(name)
	if err != nil {
		return Account{}, err
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

// CheckName returns the name that others are shown, on one line and in one form
// of Unicode. Errors wrap [ErrInvalid].
func CheckName(name string) (string, error) {
	if !utf8.ValidString(name) {
		return "", fmt.Errorf("%w: a name is UTF-8", ErrInvalid)
	}
	line, unseen, ok := text.Line(strings.TrimSpace(name))
	if !ok {
		return "", fmt.Errorf("%w: a name has characters that can be seen; leave %U out", ErrInvalid, unseen)
	}
	if n := utf8.RuneCountInString(line); n > maxName || !text.Seen(line) {
		return "", fmt.Errorf("%w: a name has 1 to %d characters", ErrInvalid, maxName)
	}
	return line, nil
}

// Sentence is what a person reads of an error that wraps [ErrInvalid].
func Sentence(err error) string {
	said := strings.TrimPrefix(err.Error(), ErrInvalid.Error()+": ")
	return strings.ToUpper(said[:1]) + said[1:] + "."
}

func (r Role) validate() error {
	if r != Member && r != Moderator && r != Admin {
		return fmt.Errorf("%w: a role is member, moderator or admin", ErrInvalid)
	}
	return nil
}
