package realtime

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/yodelrt/yodel/realtime/cluster"
	"github.com/yodelrt/yodel/realtime/engine"
	"github.com/yodelrt/yodel/realtime/internal/limits"
	"github.com/yodelrt/yodel/realtime/observe"
)

// Config configures [New]. Zero values take the defaults named with each field;
// negative values are errors.
type Config struct {
	// Principal reads who it is from the request's context, where the guard in
	// front of the route has put it. False refuses the request with 401, unless
	// Pending says otherwise. Required.
	Principal func(context.Context) (Principal, bool)
	// Pending reports whether the guard has let a connection in that is nobody
	// yet; its `connect` must carry a token. Nil: there are none.
	Pending func(context.Context) (PendingInfo, bool)
	// Verify reaches the verdict for a token in `connect` or `refresh` and
	// returns the context in which Principal finds who it is. An error that
	// wraps [ErrTokenExpired] is told as such, one that wraps [ErrCheckUnavailable]
	// lets the peer come back, any other ends the connection with
	// [CloseInvalidToken]. Nil: messages carry no tokens. Then a token in `connect`
	// is a bad request, clients are not asked to refresh, and a connection ends at
	// its principal's ExpiresAt with [CloseExpired]: clients come back with what the
	// upgrade carries by then.
	Verify func(ctx context.Context, token string) (context.Context, error)
	// Recheck is asked when a connection has been registered and before it is
	// activated, after a refresh, and by [Hub.Rejudge]. An error ends the
	// connection with [CloseRevoked], for good, one that wraps [ErrInvalidated] with
	// [CloseInvalidated]. Return one that wraps [ErrCheckUnavailable] when no verdict
	// could be reached, such as when the database does not answer: who is there stays,
	// who comes is told to come back. Nil asks nothing.
	Recheck func(context.Context, Principal) error
	// Epoch reads the user's epoch from a principal, usually its Claims: a number
	// that the application raises to make every older token void, such as with a
	// new password or role. [ByUserBefore] ends by it, and no connection goes back
	// to an older one by a refresh. Nil: everybody's is 0.
	Epoch func(Principal) int64
	// Engine is where channels live, such as memory.New(). Required.
	Engine engine.Engine

	// Connect runs when a connection has authenticated, before it receives
	// anything. An [*Error] refuses it: the client reads it, and the connection
	// ends with [ClosePermissionDenied], after which no client comes back, or with
	// [CloseInternal] for a temporary one. A [Close] refuses it by its code alone. Any
	// other error is [ErrInternal]. Nil welcomes everybody.
	Connect func(context.Context, *Conn, ConnectEvent) (ConnectReply, error)
	// Refresh runs when a connection has a new principal by a refresh, and may stay. It
	// returns what others may know of the connection from now on, in place of
	// ConnectReply.Info; nil for nothing. Presence, joins, leaves and publications tell
	// it. An error is answered as a handler's, and the info stays what it was. Nil
	// keeps what Connect has said.
	Refresh func(context.Context, *Conn) (info []byte, err error)
	// Disconnect runs once for each connection that Connect has welcomed, when
	// it can no longer be found.
	Disconnect func(*Conn, Close)
	// Message handles a `send`, which has no answer. Nil ends connections that
	// send one with [CloseNotAvailable].
	Message func(context.Context, *Conn, []byte) error

	// MapError says what an error of Connect, Message, a handler or the engine
	// means to the client, when it is neither an [*Error] nor a [Close]: one of
	// those, such as a permission denied for the application's own sentinel
	// error, or nil for [ErrInternal]. Nil maps nothing.
	MapError func(error) error

	// Observers hear what the hub does, in this order. Nil: nobody does.
	Observers []observe.Observer

	// ConnectHeaders names the headers of a connect frame that Connect gets to
	// see; others are ignored. Authorization among them is a credential beside
	// `token`, as a bearer token (RFC 6750, section 2.1): Verify reaches the
	// verdict, both at once are a bad request, and Connect does not see it. Never
	// trust a header of a connect frame as one that your proxy has set: the
	// client chooses its value. Nil: none.
	ConnectHeaders []string

	// Limits bound what clients may take. The zero value takes the defaults.
	Limits Limits
	// Address tells the address under which a connection is counted against
	// Limits.ConnectionsPerAddress, such as that of the peer, or what a proxy of your
	// own says of it; never what a client can choose. Nil, or an empty answer,
	// counts nobody. Every limit by address counts an IPv6 address with all of its
	// /64, in which a host chooses its own at will.
	Address func(*http.Request) string
	// PingInterval is the time between the protocol's pings and PongTimeout how
	// long an answer may take, less than the interval. Defaults 25 s and 10 s.
	PingInterval time.Duration
	PongTimeout  time.Duration
	// PositionInterval is how often the engine is asked where the stream of each
	// channel with a history stands, so that the loss of its latest publication
	// is noticed when none follows: one question for a channel, however many
	// subscribers it has. Default 40 s.
	PositionInterval time.Duration
	// DrainSpread is the time over which [Hub.Shutdown] spreads its closes at
	// least, and DrainRate how many of them it makes in a second at most, so that
	// clients do not return all at once. Defaults 1 s and 1,000.
	DrainSpread time.Duration
	DrainRate   int
	// CutOff bounds what a node does that no longer reaches its engine.
	CutOff cluster.CutOff
	// Logger receives failures of handlers. Nil means slog.Default().
	Logger *slog.Logger
}

// ConnectEvent is what a client says of itself in `connect`.
type ConnectEvent struct {
	Name, Version string
	Data          []byte
	// Headers are those of [Config].ConnectHeaders that it has sent.
	Headers http.Header
}

// ConnectReply welcomes a client.
type ConnectReply struct {
	// Data is for the client, JSON or any bytes for one that speaks protobuf.
	Data []byte
	// Info is what others may know of it: JSON of the application's own.
	Info []byte
	// Channels are those that the server subscribes it to. Their rules for
	// subscribing are not asked; [AllowStay] says when they end.
	Channels []string
}

func (c Config) withDefaults() (Config, error) {
	switch {
	case c.Principal == nil:
		return c, fmt.Errorf("%w: Principal is nil, so nobody would be known; read it from the context that your guard fills", ErrConfig)
	case c.Engine.Broker == nil || c.Engine.Presence == nil:
		return c, fmt.Errorf("%w: Engine is empty; use memory.New() for one process", ErrConfig)
	case c.Pending != nil && c.Verify == nil:
		return c, fmt.Errorf("%w: Pending is set and Verify is nil, so nobody could ever authenticate; give it the guard's verification of messages", ErrConfig)
	}
	for name, n := range map[string]int64{
		"PingInterval": int64(c.PingInterval), "PongTimeout": int64(c.PongTimeout), "PositionInterval": int64(c.PositionInterval),
		"DrainSpread": int64(c.DrainSpread), "DrainRate": int64(c.DrainRate),
		"CutOff.RefuseAfter": int64(c.CutOff.RefuseAfter), "CutOff.EndAfter": int64(c.CutOff.EndAfter),
	} {
		if n < 0 {
			return c, fmt.Errorf("%w: %s is negative; leave it zero for its default", ErrConfig, name)
		}
	}
	var err error
	if c.Limits, err = c.Limits.withDefaults(); err != nil {
		return c, err
	}
	c.fill()
	if c.PongTimeout >= c.PingInterval {
		return c, fmt.Errorf("%w: PongTimeout %s is not less than PingInterval %s, so a new ping would go out while the last is awaited", ErrConfig, c.PongTimeout, c.PingInterval)
	}
	if c.CutOff.EndAfter < c.CutOff.RefuseAfter {
		return c, fmt.Errorf("%w: CutOff.EndAfter %s is less than CutOff.RefuseAfter %s, so connections would be ended and let in again", ErrConfig, c.CutOff.EndAfter, c.CutOff.RefuseAfter)
	}
	return c, nil
}

func (c *Config) fill() {
	limits.Default(&c.PingInterval, 25*time.Second)
	limits.Default(&c.PongTimeout, 10*time.Second)
	limits.Default(&c.DrainSpread, time.Second)
	limits.Default(&c.DrainRate, 1000)
	limits.Default(&c.PositionInterval, 40*time.Second)
	limits.Default(&c.CutOff.RefuseAfter, 5*time.Second)
	limits.Default(&c.CutOff.EndAfter, 30*time.Second)
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
}
