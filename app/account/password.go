package account

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/secure/precis"
)

// cost is OWASP's second choice for argon2id: 19 MiB, two passes, one lane. The
// lane count is fixed so that a hash costs the same on every machine.
var cost = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// ErrBusy says that too many passwords are being checked already.
var ErrBusy = errors.New("too many passwords are being checked")

const (
	atOnce  = 2  // hashes computed at the same time
	inQueue = 64 // callers that may wait for their turn
)

var (
	turns   = make(chan struct{}, atOnce)
	waiting = make(chan struct{}, inQueue)
)

// bounded runs work when it is its turn, so that a flood of passwords can't take
// the memory and the processors of everything else.
func bounded(ctx context.Context, work func() error) error {
	select {
	case waiting <- struct{}{}:
		defer func() { <-waiting }()
	default:
		return ErrBusy
	}
	select {
	case turns <- struct{}{}:
		defer func() { <-turns }()
		return work()
	case <-ctx.Done():
		return ctx.Err()
	}
}

func verify(ctx context.Context, password, hash string) (match bool, err error) {
	if len(password) > 2*maxPassword {
		return false, nil
	}
	err = bounded(ctx, func() error {
		for _, form := range forms(password) {
			if match, err = argon2id.ComparePasswordAndHash(form, hash); match || err != nil {
				return err
			}
		}
		return nil
	})
	return match, err
}

// forms are what a password may have been hashed as: in the one form of RFC 8265,
// section 4.2, and as it was typed, which is how earlier versions did it.
func forms(password string) []string {
	one, err := precis.OpaqueString.String(password)
	if err != nil || one == password {
		return []string{password}
	}
	return []string{one, password}
}

func hashFor(ctx context.Context, password string) (hash string, err error) {
	one, err := precis.OpaqueString.String(password)
	if password = one; err != nil || len(password) < minPassword || len(password) > maxPassword {
		return "", fmt.Errorf("%w: a password has %d to %d bytes, without control characters", ErrInvalid, minPassword, maxPassword)
	}
	err = bounded(ctx, func() (err error) {
		hash, err = argon2id.CreateHash(password, cost)
		return err
	})
	return hash, err
}

// nobodysHash is compared with for unknown usernames, so that they take as long
// as known ones.
var nobodysHash = sync.OnceValue(func() string {
	hash, err := argon2id.CreateHash("nobody has this password", cost)
	if err != nil {
		panic(err) // the system has no randomness
	}
	return hash
})
