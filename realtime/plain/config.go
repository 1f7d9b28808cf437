package plain

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/internal/limits"
)

// Config configures [New]. Zero values take the defaults named with
// each field; negative values are errors.
type Config struct {
	// Principal reads who it is from the request's context, where the guard in
	// front of the route has put it. False refuses the request with 401, so a
	// route that was mounted without its guard admits nobody. Required.
	Principal func(context.Context) (realtime.Principal, bool)

	// Pending reports whether the guard in front has let a connection in that
	// is nobody yet, and from where it comes. Such a connection must
	// send {"type":"authenticate","token":…} first; until Verify has accepted
	// that token it receives nothing and nothing is carried out for it. Nil:
	// there are none, and a request without a principal is refused.
	Pending func(context.Context) (realtime.PendingInfo, bool)

	// Verify reaches the verdict for the token of a first message and returns the
	// context in which Principal finds who it is. An error that wraps
	// [realtime.ErrTokenExpired] is told to the peer as [ErrTokenExpired], one that wraps
	// [realtime.ErrCheckUnavailable] ends the connection with [realtime.CloseInternal], so
	// that it may come back, any other with [realtime.CloseInvalidToken]. Required where
	// Pending is set.
	Verify func(ctx context.Context, token string) (context.Context, error)

	// Epoch reads the user's epoch from a principal, for [realtime.ByUserBefore], as
	// [realtime.Config].Epoch does. Nil: everybody's is 0.
	Epoch func(realtime.Principal) int64
	// Recheck is asked when a connection has been registered and before it is
	// activated: a sign-out in between is seen by one of the two sides. An
	// error ends the connection with [realtime.CloseRevoked], one that wraps
	// [realtime.ErrInvalidated] with [realtime.CloseInvalidated], one that wraps
	// [realtime.ErrCheckUnavailable] lets nobody in and ends nobody who is in. Nil asks
	// nothing.
	Recheck func(context.Context, realtime.Principal) error

	// Connect runs when a connection is active, before its first message; this is the
	// place for a greeting. A [realtime.Close] refuses it with that code, any other
	// error with [realtime.CloseInternal]. It has until Limits.AuthDeadline. The context
	// ends with the connection.
	Connect func(context.Context, *Conn) error

	// Disconnect runs once for each connection that Connect has let in, when it can no
	// longer be found.
	Disconnect func(*Conn, realtime.Close)

	// Limits bound what clients may take. The zero value takes the defaults.
	Limits Limits
	// Address tells the address under which a connection is counted against
	// Limits.ConnectionsPerAddress, as [realtime.Config].Address does: that of the peer,
	// or what a proxy of your own says of it; never what a client can choose. Nil, or an
	// empty answer, counts nobody.
	Address func(*http.Request) string
	// PingInterval is the time between WebSocket pings, PongTimeout how much
	// longer than that a peer may stay silent. Defaults 25 s and 10 s.
	PingInterval time.Duration
	PongTimeout  time.Duration
	// DrainSpread is the time over which [Handler.Shutdown] spreads its closes at
	// least, and DrainRate how many of them it makes in a second at most, so that
	// clients do not return all at once. Defaults 1 s and 1,000.
	DrainSpread time.Duration
	DrainRate   int
	// Subprotocols are those that the handler speaks, best first. Default
	// "yodel".
	Subprotocols []string
	// Logger receives failures of handlers. Nil means slog.Default().
	Logger *slog.Logger
}

func (c Config) withDefaults() (Config, error) {
	if c.Principal == nil {
		return c, fmt.Errorf("%w: Principal is nil, so nobody would be known; read it from the context that your guard fills", realtime.ErrConfig)
	}
	if c.Pending != nil && c.Verify == nil {
		return c, fmt.Errorf("%w: Pending is set and Verify is nil, so nobody could ever authenticate; give it the guard's verification of first messages", realtime.ErrConfig)
	}
	if c.PingInterval < 0 || c.PongTimeout < 0 || c.DrainSpread < 0 || c.DrainRate < 0 {
		return c, fmt.Errorf("%w: PingInterval, PongTimeout, DrainSpread or DrainRate is negative; leave it zero for its default", realtime.ErrConfig)
	}
	var err error
	if c.Limits, err = c.Limits.withDefaults(); err != nil {
		return c, err
	}
	limits.Default(&c.PingInterval, 25*time.Second)
	limits.Default(&c.PongTimeout, 10*time.Second)
	limits.Default(&c.DrainSpread, time.Second)
	limits.Default(&c.DrainRate, 1000)
	if c.Subprotocols == nil {
		c.Subprotocols = []string{"yodel"}
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	return c, nil
}
