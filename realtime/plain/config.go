package plain

import (
	"context"
	"fmt"
	"log/slog"
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

	// Verify reaches the verdict for the token of a first message and returns
	// the context in which Principal finds who it is. An error that wraps
	// [realtime.ErrTokenExpired] is told to the peer as "token_expired", one that wraps
	// [realtime.ErrCheckUnavailable] ends the connection with [realtime.CloseInternal], so that it may come
	// back, any other with [realtime.CloseInvalidToken]. Required where Pending is set.
	Verify func(ctx context.Context, token string) (context.Context, error)

	// Epoch reads the user's epoch from a principal, for [realtime.ByUserBefore], as
	// [realtime.Config].Epoch does. Nil: everybody's is 0.
	Epoch func(realtime.Principal) int64
	// Recheck is asked when a connection has been registered and before it is
	// activated: a sign-out in between is seen by one of the two sides. An
	// error ends the connection with [realtime.CloseRevoked]. Nil asks nothing.
	Recheck func(context.Context, realtime.Principal) error

	// Connect runs when a connection is active, before its first message; this
	// is the place for a greeting. An error ends it with [realtime.CloseInternal]. The
	// context ends with the connection.
	Connect func(context.Context, *Conn) error

	// Disconnect runs once for each connection that was active, when it can no
	// longer be found.
	Disconnect func(*Conn, realtime.Close)

	// MaxMessageBytes bounds one incoming message; a longer one ends the
	// connection with code 1009. Default 65,536.
	MaxMessageBytes int64
	// OutboxBytes bounds what waits for one peer; more ends its connection
	// with [realtime.CloseSlow]. Default 1,048,576.
	OutboxBytes int
	// AuthDeadline is how long a pending connection may take to authenticate;
	// nothing that it sends extends it. Beyond it ends with [realtime.CloseStale]. Default
	// 10 s.
	AuthDeadline time.Duration
	// MaxFirstMessageBytes bounds the message that authenticates. Default
	// 16,384, at most MaxMessageBytes.
	MaxFirstMessageBytes int64
	// MaxPending bounds all pending connections and MaxPendingPerAddress those
	// of one address, an IPv6 address with all of its /64. They are counted apart from MaxConnections, so that they
	// take no room from those who are known. Defaults 1,000 and 20.
	MaxPending           int
	MaxPendingPerAddress int
	// MaxConnections bounds all connections; beyond it upgrades are answered
	// with 503. Default 100,000.
	MaxConnections int
	// MaxConnectionsPerUser bounds those of one user; one more is ended with
	// [realtime.CloseConnectionLimit]. Default 10.
	MaxConnectionsPerUser int
	// MessagesPerSecond and MessageBurst bound incoming messages of one
	// connection. Beyond them the peer reads "too_many_requests"; ten bursts
	// beyond in a row end it with [realtime.CloseFlood]. Defaults 20 and 40.
	MessagesPerSecond float64
	MessageBurst      int
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
	negative := c.AuthDeadline < 0 || c.MaxFirstMessageBytes < 0 || c.MaxPending < 0 || c.MaxPendingPerAddress < 0 ||
		c.MaxMessageBytes < 0 || c.OutboxBytes < 0 || c.MaxConnections < 0 || c.MaxConnectionsPerUser < 0 ||
		c.MessagesPerSecond < 0 || c.MessageBurst < 0 || c.PingInterval < 0 || c.PongTimeout < 0 || c.DrainSpread < 0 || c.DrainRate < 0
	if negative {
		return c, fmt.Errorf("%w: a limit is negative; leave it zero for its default", realtime.ErrConfig)
	}
	limits.Default(&c.MaxMessageBytes, 64<<10)
	limits.Default(&c.MaxFirstMessageBytes, 16<<10)
	c.MaxFirstMessageBytes = min(c.MaxFirstMessageBytes, c.MaxMessageBytes)
	limits.Default(&c.AuthDeadline, 10*time.Second)
	limits.Default(&c.MaxPending, 1000)
	limits.Default(&c.MaxPendingPerAddress, 20)
	limits.Default(&c.OutboxBytes, 1<<20)
	limits.Default(&c.MaxConnections, 100_000)
	limits.Default(&c.MaxConnectionsPerUser, 10)
	limits.Default(&c.MessagesPerSecond, 20)
	limits.Default(&c.MessageBurst, 40)
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
