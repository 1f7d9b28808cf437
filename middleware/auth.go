package middleware

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	echojwt "github.com/labstack/echo-jwt/v4"
	"github.com/labstack/echo/v4"
)

// Config says who may open a socket. It is copied by [New]; later changes have
// no effect.
type Config struct {
	// JWT is the app's own configuration, the very value that guards its HTTP
	// routes. Its KeyFunc, SigningKeys, ParseTokenFunc, NewClaimsFunc,
	// SuccessHandler, ErrorHandler and ContextKey decide; its TokenLookup
	// names the headers that [Header] reads. Required.
	JWT echojwt.Config

	// Carriers are the ways in which a token may travel. Nil means [Header]
	// alone. A token that travels otherwise is refused.
	Carriers []Carrier

	// Origins lists the origins whose pages may open a socket, each whole:
	// "https://app.example.com". Required as soon as [Cookie] is a carrier.
	// Empty means none: a request that has an Origin header is refused, one
	// without is not. "null" admits sandboxed frames and files, and warns.
	Origins []string

	// Principal reads who it is from what the app's JWT middleware put into
	// the context. Nil reads the registered claims and `sid`, `name` and
	// `roles` of the token under JWT.ContextKey.
	Principal func(echo.Context) (Principal, error)

	// Check refuses principals whose token is valid and who may not enter all
	// the same: signed out, disabled, stale. Mount the same check on the HTTP
	// routes. Any error is answered with 401, one that wraps [ErrUnavailable]
	// with 503. Nil checks nothing.
	Check func(context.Context, Principal) error

	// Admit is asked after the origin and before any credential is looked at:
	// is there room for one more? An error that wraps [ErrTooMany] is answered
	// with 429, any other with 503, both with Retry-After. Nil admits all.
	Admit func(*http.Request) error

	// AllowNoExpiry admits tokens without `exp`, whose sockets then live until
	// they are ended by somebody. A stolen token stays good for ever.
	AllowNoExpiry bool

	// Routes are the socket routes, as registered with Echo: those for which
	// tickets can be minted, that [Auth.Guard] treats as sockets, and that
	// [Auth.CheckRoutes] looks at. Nil means "/ws".
	Routes []string

	// TicketLife is how long a ticket may be redeemed, never beyond its token.
	// Zero means 30 s; negative values and more than five minutes are errors.
	TicketLife time.Duration

	// TicketSameAddress refuses tickets redeemed from another address than
	// they were minted from, with 403. Off, it is logged: phones change theirs.
	TicketSameAddress bool

	// VerifyTimeout bounds the app's KeyFunc, and is the deadline of the
	// request's context while its ParseTokenFunc runs. Beyond it the answer is
	// 503. Zero means 3 s; a negative value is an error.
	VerifyTimeout time.Duration

	// MaxTokenBytes bounds a token before anything decodes it. Zero means
	// 8,192; a negative value is an error.
	MaxTokenBytes int

	// Logger receives one line for each refusal and the warnings of [New].
	// Nil means slog.Default().
	Logger *slog.Logger
}

const (
	defaultMaxTokenBytes = 8 << 10
	defaultTicketLife    = 30 * time.Second
	maxTicketLife        = 5 * time.Minute
	defaultVerifyTimeout = 3 * time.Second
)

// Auth guards socket routes with the app's own JWT configuration. Build it with
// [New]. Safe for concurrent use.
type Auth struct {
	config Config
	judge  echo.HandlerFunc // the app's JWT middleware, fed with one token
	lookup lookup

	origins        map[string]struct{}
	queries        []string // parameter names lifted from handshakes
	strayQueries   []string // parameter names lifted from other requests
	queryCarriers  []string // those of them that are carriers
	cookies        []string // cookie names lifted from handshakes
	cookieCarriers []string // those of them that are carriers
	header         bool
	subprotocol    bool

	ownMiddleware echo.MiddlewareFunc // as it guards HTTP routes, for Guard

	promotes    bool        // the judge is the app's own middleware, not echo-jwt
	tickets     TicketStore // nil: none
	fullTickets bool        // Ticket is a carrier: a ticket alone may authenticate
	guesses     *guesses
	proxied     sync.Once
}

// New checks the configuration and builds the guard. Every error wraps
// [ErrConfig] and names what to change; an unsafe set-up does not start.
func New(config Config) (*Auth, error) {
	if err := checkKeys(config.JWT); err != nil {
		return nil, err
	}
	config, err := config.withDefaults()
	if err != nil {
		return nil, err
	}
	own, err := config.JWT.ToMiddleware()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	judge, err := judgeFor(config.JWT, config.VerifyTimeout)
	if err != nil {
		return nil, err
	}
	a, err := build(config, parseLookup(config.JWT.TokenLookup, len(config.JWT.TokenLookupFuncs)), judge)
	if err != nil {
		return nil, err
	}
	a.ownMiddleware = own
	return a, nil
}

// build assembles the guard around a judge.
func build(config Config, lookup lookup, judge echo.HandlerFunc) (*Auth, error) {
	config, err := config.withDefaults()
	if err != nil {
		return nil, err
	}
	a := &Auth{config: config, lookup: lookup, judge: judge, guesses: newGuesses()}
	if a.origins, err = parseOrigins(config.Origins); err != nil {
		return nil, err
	}
	if err := a.addCarriers(); err != nil {
		return nil, err
	}
	a.warn()
	return a, nil
}

func (c Config) withDefaults() (Config, error) {
	if c.MaxTokenBytes < 0 {
		return c, fmt.Errorf("%w: MaxTokenBytes is negative; leave it zero for %d", ErrConfig, defaultMaxTokenBytes)
	}
	if c.TicketLife < 0 || c.TicketLife > maxTicketLife {
		return c, fmt.Errorf("%w: TicketLife is %s; leave it zero for %s, or stay under %s", ErrConfig, c.TicketLife, defaultTicketLife, maxTicketLife)
	}
	if c.VerifyTimeout < 0 {
		return c, fmt.Errorf("%w: VerifyTimeout is negative; leave it zero for %s", ErrConfig, defaultVerifyTimeout)
	}
	if c.Routes == nil {
		c.Routes = []string{"/ws"}
	}
	if len(c.Routes) == 0 || slices.ContainsFunc(c.Routes, func(route string) bool { return !strings.HasPrefix(route, "/") }) {
		return c, fmt.Errorf("%w: Routes must list paths as registered with Echo, such as /ws; leave it nil for that one", ErrConfig)
	}
	if c.TicketLife == 0 {
		c.TicketLife = defaultTicketLife
	}
	if c.VerifyTimeout == 0 {
		c.VerifyTimeout = defaultVerifyTimeout
	}
	if c.Carriers == nil {
		c.Carriers = []Carrier{Header()}
	}
	c.Carriers = slices.Clone(c.Carriers)
	c.Origins = slices.Clone(c.Origins)
	if c.MaxTokenBytes == 0 {
		c.MaxTokenBytes = defaultMaxTokenBytes
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	if c.JWT.ContextKey == "" {
		c.JWT.ContextKey = "user" // echo-jwt's default
	}
	if c.Principal == nil {
		c.Principal = registeredPrincipal(c.JWT.ContextKey)
	}
	return c, nil
}

func (a *Auth) addCarriers() error {
	if len(a.config.Carriers) == 0 {
		return fmt.Errorf("%w: Carriers is empty, so nobody could enter; leave it nil for the Authorization header", ErrConfig)
	}
	seen := map[string]bool{}
	for _, carrier := range a.config.Carriers {
		if err := carrier.validate(); err != nil {
			return err
		}
		if seen[carrier.String()] {
			return fmt.Errorf("%w: the carrier %s is listed twice", ErrConfig, carrier)
		}
		seen[carrier.String()] = true
		switch carrier.kind {
		case kindHeader:
			a.header = true
		case kindSubprotocol:
			a.subprotocol = true
		case kindQuery:
			a.queryCarriers = append(a.queryCarriers, carrier.name)
		case kindCookie:
			a.cookieCarriers = append(a.cookieCarriers, carrier.name)
		case kindTicket:
			a.tickets, a.fullTickets = carrier.tickets, true
		}
	}
	if len(a.cookieCarriers) > 0 && len(a.config.Origins) == 0 {
		return fmt.Errorf("%w: Cookie is a carrier and Origins is empty, so any page could open a socket as its visitor; list the origins of your own pages", ErrConfig)
	}
	a.nameLifted()
	return nil
}

// nameLifted decides which parameters and cookies are credentials: those of the
// carriers, and those that the app's own TokenLookup reads.
func (a *Auth) nameLifted() {
	a.queries = union(a.queryCarriers, a.lookup.queries, []string{ticketParameter})
	a.strayQueries = []string{ticketParameter}
	a.cookies = union(a.cookieCarriers, a.lookup.cookies)
	for _, name := range a.queryCarriers {
		if !slices.Contains(a.lookup.queries, name) { // the app's HTTP routes do read that one
			a.strayQueries = append(a.strayQueries, name)
		}
	}
}

// union is every name once.
func union(lists ...[]string) []string {
	all := slices.Concat(lists...)
	slices.Sort(all)
	return slices.Compact(all)
}

// useTickets sets the store of tickets, of which there is one.
func (a *Auth) useTickets(store TicketStore) error {
	if store == nil {
		return fmt.Errorf("%w: TwoStep(nil) has nowhere to keep tickets; give it a store, such as NewMemoryTickets(0, 0)", ErrConfig)
	}
	if a.tickets != nil && a.tickets != store {
		return fmt.Errorf("%w: TwoStep and Ticket must share one store, since both redeem what IssueTicket mints", ErrConfig)
	}
	a.tickets = store
	return nil
}

func (a *Auth) warn() {
	log := a.config.Logger
	if len(a.queryCarriers) > 0 {
		log.Warn("tokens may travel in the URL, which proxies log; keep their life under five minutes", "carriers", a.queryCarriers)
	}
	if _, ok := a.origins["null"]; ok {
		log.Warn("the origin null is listed: any sandboxed frame and any local file may open a socket")
	}
	if a.config.AllowNoExpiry {
		log.Warn("tokens without exp are admitted; their sockets never expire")
	}
	if len(a.lookup.off) > 0 {
		log.Warn("these entries of the app's TokenLookup are off on the socket route; name a Carrier instead", "entries", a.lookup.off)
	}
}
