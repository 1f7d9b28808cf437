package realtime

import "time"

// Principal is who stands behind a connection. The package reads it through
// Config functions and never verifies tokens itself.
type Principal struct {
	// UserID addresses every connection of a user. Required.
	UserID string
	// SessionID ties connections to one login; empty for none.
	SessionID string
	// TokenID is the id of the token that opened the connection; empty for none.
	TokenID string
	// Name is for display.
	Name string
	// Roles are the user's roles when the token was issued.
	Roles []string
	// ExpiresAt is when the connection ends with [Expired]. Zero never ends it.
	ExpiresAt time.Time
	// Carrier is the word for how the credential travelled.
	Carrier string
	// Origin is the Origin header that the guard accepted, empty for none. A
	// request whose Origin header is another is refused, so that a route
	// without an origin check in front turns browsers away.
	Origin string
	// Claims is whatever else the application wants to find again.
	Claims any
}

// Selector chooses connections to end.
type Selector struct {
	kind selectorKind
	id   string
}

type selectorKind int

const (
	selectNone selectorKind = iota
	selectUser
	selectSession
	selectToken
	selectAll
)

// ByUser selects every connection of a user.
func ByUser(id string) Selector { return Selector{selectUser, id} }

// BySession selects the connections of one login. An empty id selects none.
func BySession(id string) Selector { return Selector{selectSession, id} }

// ByToken selects the connections that one token opened. An empty id selects
// none.
func ByToken(id string) Selector { return Selector{selectToken, id} }

// All selects every connection.
func All() Selector { return Selector{kind: selectAll} }
