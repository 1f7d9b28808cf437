package engine

import (
	"errors"
	"time"
)

// What an engine refuses. Errors of engines wrap them.
var (
	// ErrTooManyPresent: a channel has more clients than Present was to return.
	ErrTooManyPresent = errors.New("more clients are present than the limit")
	// ErrKeysFull: the engine remembers as many bytes of idempotency keys as it
	// may. Nothing was published; the same publication may be tried again later,
	// when keys have reached the end of their five minutes.
	ErrKeysFull = errors.New("no room for one more idempotency key")
	// ErrKeyTooLong: an idempotency key has more than [MaxKeyBytes]. Nothing was
	// published.
	ErrKeyTooLong = errors.New("the idempotency key is longer than 255 bytes")
)

// MaxKeyBytes is the length of the longest idempotency key.
const MaxKeyBytes = 255

// KeyLife is how long an idempotency key is remembered.
const KeyLife = 5 * time.Minute
