package middleware

import (
	"fmt"
	"net/http"
	"strings"
)

// Carrier is one way in which a token may travel to the socket route. Build it
// with [Header], [Cookie], [Query], [Subprotocol] or [Ticket]; the zero value is refused
// by [New]. Carriers are values, safe to copy and to share.
type Carrier struct {
	kind    kind
	name    string
	tickets TicketStore
}

// kind tells the carriers apart and is the word that logs and principals use.
type kind string

const (
	kindHeader      kind = "header"
	kindCookie      kind = "cookie"
	kindQuery       kind = "query"
	kindSubprotocol kind = "subprotocol"

	kindTicket       kind = "ticket"
	kindTwoStep      kind = "two-step"
	kindFirstMessage kind = "first-message"
)

// ticketParameter is the URL parameter of a ticket.
const ticketParameter = "ticket"

// Header carries the token in the request header that the app's own
// echojwt.Config reads: its TokenLookup entries of the form "header:…", or
// `Authorization: Bearer <token>` (RFC 6750, section 2.1) where it names none.
//
// Browsers cannot set headers on a WebSocket; this is the carrier of native
// clients. It needs no Origin, and an Origin that is present must be listed.
func Header() Carrier { return Carrier{kind: kindHeader} }

// Cookie carries the token in the cookie of that name, as the app's login has
// set it.
//
// Browsers attach cookies to every upgrade, also to one that a foreign page
// started. Therefore [New] demands Config.Origins as soon as Cookie is a
// carrier, and an upgrade by cookie without a listed Origin is refused.
func Cookie(name string) Carrier { return Carrier{kind: kindCookie, name: name} }

// Query carries the token in the URL parameter of that name, percent-decoded.
//
// URLs reach the logs of proxies that Yodel never sees. Prefer a cookie, or use
// tokens that live for a few minutes at most (RFC 9700, section 4.3.2). [New]
// logs a warning whenever Query is a carrier.
func Query(name string) Carrier { return Carrier{kind: kindQuery, name: name} }

// Subprotocol carries the token as one entry of Sec-WebSocket-Protocol,
// "base64url.bearer.yodel." followed by the token in unpadded base64url
// (RFC 4648, section 5), beside exactly the real protocols that the client
// speaks. The entry is removed before the next handler negotiates, so only a
// real protocol is ever answered.
func Subprotocol() Carrier { return Carrier{kind: kindSubprotocol} }

// Ticket carries a random one-time value in the URL parameter "ticket". It was
// minted by [Auth.IssueTicket] for a token that the app's configuration had
// accepted; the token itself stays on the server and is judged again, by the
// same configuration, when the ticket is redeemed.
//
// A ticket that leaks into a log is worth nothing: it was used, or is within
// half a minute, and only its own route, origin, user and session may use it.
func Ticket(store TicketStore) Carrier { return Carrier{kind: kindTicket, tickets: store} }

// TwoStep opens a pending connection with a ticket, which a token in the first
// message must then prove to be the ticket's own user and session. For
// [Auth.UpgradePending] only.
func TwoStep(store TicketStore) Carrier { return Carrier{kind: kindTwoStep, tickets: store} }

// FirstMessage opens a pending connection with no credential at all; a token in
// the first message decides. For [Auth.UpgradePending] only.
//
// Anybody on the network can then hold sockets open for as long as the handler
// waits. Prefer [TwoStep], whose sockets belong to somebody from the start.
func FirstMessage() Carrier { return Carrier{kind: kindFirstMessage} }

// String returns the carrier's word, and its name where it has one.
func (c Carrier) String() string {
	if c.name == "" {
		return string(c.kind)
	}
	return string(c.kind) + ":" + c.name
}

func (c Carrier) validate() error {
	switch c.kind {
	case kindHeader, kindSubprotocol:
		return nil
	case kindCookie:
		if c.name == "" || strings.ContainsAny(c.name, " \t()<>@,;:\\\"/[]?={}") { // RFC 6265, section 4.1.1: a token
			return fmt.Errorf("%w: Cookie(%q) is not a cookie name", ErrConfig, c.name)
		}
		return nil
	case kindQuery:
		if c.name == ticketParameter {
			return fmt.Errorf("%w: Query(%q) is the parameter of tickets; choose another name", ErrConfig, c.name)
		}
		if c.name == "" || strings.ContainsAny(c.name, "&=#;+% ") {
			return fmt.Errorf("%w: Query(%q) is not a plain parameter name", ErrConfig, c.name)
		}
		return nil
	}
	switch c.kind {
	case kindTicket:
		if c.tickets == nil {
			return fmt.Errorf("%w: Ticket(nil) has nowhere to keep tickets; give it a store, such as NewMemoryTickets(0, 0)", ErrConfig)
		}
		return nil
	case kindTwoStep, kindFirstMessage:
		return fmt.Errorf("%w: %s lets connections in before a verdict, and Upgrade never does; give it to UpgradePending", ErrConfig, c)
	}
	return fmt.Errorf("%w: an empty Carrier; build it with Header, Cookie, Query, Subprotocol or Ticket", ErrConfig)
}

// headerSource is one header that the app's TokenLookup reads.
type headerSource struct{ name, prefix string }

// lookup is the app's TokenLookup, taken apart.
type lookup struct {
	headers []headerSource
	cookies []string
	queries []string
	off     []string // entries that the socket route does not read
}

// parseLookup takes echo-jwt's "<source>:<name>[:<cut-prefix>]" list apart. An
// empty list reads the Authorization header, as echo-jwt does.
func parseLookup(text string, funcs int) lookup {
	if text == "" && funcs == 0 {
		text = "header:Authorization:Bearer "
	}
	var found lookup
	for entry := range strings.SplitSeq(text, ",") {
		parts := strings.Split(entry, ":")
		if len(parts) < 2 {
			continue
		}
		switch parts[0] {
		case "header":
			found.headers = append(found.headers, newHeaderSource(parts))
		case "cookie":
			found.cookies = append(found.cookies, parts[1])
		case "query":
			found.queries = append(found.queries, parts[1])
			found.off = append(found.off, entry)
		default:
			found.off = append(found.off, entry)
		}
	}
	if len(found.headers) == 0 {
		found.headers = []headerSource{{"Authorization", "Bearer "}}
	}
	return found
}

func newHeaderSource(parts []string) headerSource {
	source := headerSource{name: http.CanonicalHeaderKey(parts[1])}
	if len(parts) > 2 {
		source.prefix = parts[2]
	}
	return source
}
