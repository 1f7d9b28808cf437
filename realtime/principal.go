package realtime

import (
	"time"

	"github.com/yodelrt/yodel/realtime/cluster"
)

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
	// ExpiresAt is when the connection ends with [CloseExpired]. Zero never ends it.
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

// Selector chooses connections, such as to end them: [ByUser], [BySession],
// [ByToken], [ByUserBefore], [ByClient] and [All] make one.
type Selector = cluster.Selector

// ByUser selects every connection of a user.
func ByUser(id string) Selector { return cluster.ByUser(id) }

// BySession selects the connections of one login. An empty id selects none.
func BySession(id string) Selector { return cluster.BySession(id) }

// ByToken selects the connections that one token opened. An empty id selects
// none.
func ByToken(id string) Selector { return cluster.ByToken(id) }

// ByUserBefore selects the connections of a user whose principal has an older
// epoch than that one: those that a new password or role has made void, and not
// those that have come or refreshed since. Where [Config].Epoch is nil all have
// epoch 0.
func ByUserBefore(id string, epoch int64) Selector { return cluster.ByUserBefore(id, epoch) }

// ByClient selects one connection by its id in the protocol, [Conn.ID], for its
// time: what comes back has another.
func ByClient(id string) Selector { return cluster.ByClient(id) }

// All selects every connection.
func All() Selector { return cluster.All() }
