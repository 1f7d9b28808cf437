// Package realtimetest lets an application test its own channels, calls and hooks
// without a network and, inside testing/synctest, on a fake clock; and lets it
// break the connection on purpose.
//
//	synctest.Test(t, func(t *testing.T) {
//		hub, err := realtime.New(realtime.Config{Principal: realtimetest.Principal, Engine: memory.New()})
//		…
//		server := realtimetest.Serve(t, hub)
//		alice := server.Connect(realtime.Principal{UserID: "alice", ExpiresAt: time.Now().Add(time.Hour)})
//		alice.Subscribe("room:1")
//		alice.Stall()
//		server.Revoke(realtime.ByUser("alice"))
//		alice.WantEnd(realtime.CloseRevoked)
//	})
//
// [Client.Expire], [Client.Stall], [Client.Cut] and [Server.Revoke] are the four
// ways in which connections break; [Server.ConnectProtobuf] speaks the other
// encoding. [Verify], [Token] and [Pending] stand for a guard that takes tokens in
// messages.
package realtimetest

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"testing"

	"github.com/coder/websocket"

	"github.com/yodelrt/yodel/realtime"
)

// Server serves a hub on a [Network], behind a guard that lets in whom the test
// names.
type Server struct {
	tb      testing.TB
	network *Network
	client  *http.Client
	conns   chan net.Conn // the latest that was dialled
	handler handler

	mu   sync.Mutex
	next int
	who  map[string]realtime.Principal
}

type principalKey struct{}

// Principal is the function for realtime.Config.Principal: it finds whom
// [Server.Connect] has named.
func Principal(ctx context.Context) (realtime.Principal, bool) {
	who, ok := ctx.Value(principalKey{}).(realtime.Principal)
	return who, ok
}

const ticketHeader = "Realtimetest-Ticket"

// handler is what a hub and a plain handler have in common.
type handler interface {
	http.Handler
	Disconnect(ctx context.Context, by realtime.Selector, reason realtime.Close) (int, error)
	Shutdown(ctx context.Context) error
}

// Serve serves a hub, or a plain handler, until the test ends; then it shuts it
// down and fails the test when that fails. Call it inside the bubble where the
// test has one.
func Serve(tb testing.TB, handler handler) *Server {
	tb.Helper()
	s := &Server{tb: tb, handler: handler, network: NewNetwork(), who: map[string]realtime.Principal{}, conns: make(chan net.Conn, 1)}
	s.client = &http.Client{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		conn, err := s.network.Dial()
		if err == nil {
			s.conns <- conn
		}
		return conn, err
	}}}
	server := &http.Server{Handler: s.guard(handler)}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = server.Serve(s.network) // ends when the network is closed
	}()
	tb.Cleanup(func() {
		if err := handler.Shutdown(context.WithoutCancel(tb.Context())); err != nil {
			tb.Errorf("realtimetest: shutdown: %v", err)
		}
		_ = server.Close()
		_ = s.network.Close()
		<-served
	})
	return s
}

// guard puts the principal into the context that the test named for a handshake.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		who, known := s.who[r.Header.Get(ticketHeader)]
		s.mu.Unlock()
		if known {
			r = r.WithContext(context.WithValue(r.Context(), principalKey{}, who))
		} else {
			r = r.WithContext(context.WithValue(r.Context(), pendingKey{}, realtime.PendingInfo{Address: "192.0.2.1"}))
		}
		next.ServeHTTP(w, r)
	})
}

// Dial opens a socket as somebody, without `connect`. It fails the test when the
// upgrade is refused.
func (s *Server) Dial(who realtime.Principal) *Client {
	s.tb.Helper()
	return s.dial(who, s.ticket(who))
}

// DialPending opens a socket as nobody yet, on a hub whose Config.Pending is
// [Pending]: its first command must be a `connect` with a [Token].
func (s *Server) DialPending() *Client {
	s.tb.Helper()
	return s.dial(realtime.Principal{}, "")
}

// DialProtobuf opens a socket as [Server.Dial] does; its client speaks protobuf.
func (s *Server) DialProtobuf(who realtime.Principal) *Client {
	s.tb.Helper()
	return s.dial(who, s.ticket(who), protobufSubprotocol)
}

// ticket is what the guard knows somebody by.
func (s *Server) ticket(who realtime.Principal) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next++
	ticket := fmt.Sprint(s.next)
	s.who[ticket] = who
	return ticket
}

func (s *Server) dial(who realtime.Principal, ticket string, subprotocols ...string) *Client {
	s.tb.Helper()
	conn, _, err := websocket.Dial(s.tb.Context(), "ws://realtimetest/", &websocket.DialOptions{
		HTTPClient: s.client, HTTPHeader: http.Header{ticketHeader: {ticket}}, Subprotocols: subprotocols,
	})
	if err != nil {
		s.tb.Fatalf("realtimetest: dial: %v", err)
	}
	conn.SetReadLimit(-1)
	return newClient(s.tb, conn, <-s.conns, who)
}

// Connect opens a socket as somebody and connects.
func (s *Server) Connect(who realtime.Principal) *Client {
	s.tb.Helper()
	c := s.Dial(who)
	c.connect()
	return c
}

// ConnectProtobuf does the same in protobuf.
func (s *Server) ConnectProtobuf(who realtime.Principal) *Client {
	s.tb.Helper()
	c := s.DialProtobuf(who)
	c.connect()
	return c
}

func (c *Client) connect() {
	c.tb.Helper()
	if reply := c.Command(`"connect":{}`); reply.Error != nil {
		c.tb.Fatalf("realtimetest: connect: %s", reply.Raw)
	}
}
