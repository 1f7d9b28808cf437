package plain

// Error is an error that its sender may read, as {"type":"error","code":…}: a short
// word in snake_case. Return one of your own from a [HandlerFunc], wrapped or not.
type Error string

// Error returns the code.
func (e Error) Error() string { return string(e) }

// What the handler itself answers with.
const (
	// ErrBadMessage: not a JSON object with a "type".
	ErrBadMessage Error = "bad_message"
	// ErrUnknownType: no handler for that type.
	ErrUnknownType Error = "unknown_type"
	// ErrTooManyRequests: over the rate of this connection; not carried out.
	ErrTooManyRequests Error = "too_many_requests"
	// ErrTokenExpired: the time of the token is over. The connection ends.
	ErrTokenExpired Error = "token_expired"
	// ErrInternal: a handler failed, or no verdict on a token could be reached.
	ErrInternal Error = "internal"
)
