package app_test

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/centrifugal/centrifuge-go"
	"github.com/coder/websocket"
	"github.com/google/uuid"

	"github.com/yodelrt/yodel/app"
	"github.com/yodelrt/yodel/app/chat"
	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/middleware"
	"github.com/yodelrt/yodel/middleware/tickettest"
	"github.com/yodelrt/yodel/realtime/nats"
)

// engineServer is a NATS server for several houses.
func engineServer(t *testing.T) *nats.Server {
	t.Helper()
	server, err := nats.Embedded(nats.ServerOptions{Dir: t.TempDir(), Listen: "127.0.0.1:0", Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return server
}

// nodesOf are two houses that are one deployment: one engine, one database, one
// key.
func nodesOf(t *testing.T) (a, b *house) {
	t.Helper()
	server, data := engineServer(t), t.TempDir()
	join := func(c *app.Config) {
		c.DataDir, c.Engine, c.EngineSecret = data, server.URL(), strings.Repeat("secret", 6)
		c.Origins = append(c.Origins, "http://"+c.Addr)
		c.PublicURL = "http://127.0.0.1:8080"
	}
	return newHouse(t, join), newHouse(t, join)
}

func TestTicketsOfTheEngineKeepTheContract(t *testing.T) {
	tickettest.Run(t, func(t *testing.T) middleware.TicketStore {
		server, err := nats.Embedded(nats.ServerOptions{Dir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(server.Close)
		engine, err := nats.Open(t.Context(), nats.Options{Server: server, TicketTTL: 2 * time.Hour})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(engine.Close)
		return engine.Tickets
	}, nil)
}

// TestH078_one_ticket_raced_on_two_nodes: of twenty upgrades with it, one is
// answered with 101.
func TestH078_one_ticket_raced_on_two_nodes(t *testing.T) {
	a, b := nodesOf(t)
	token := a.signedIn("alice").token()
	status, answer := a.visitor().do(http.MethodPost, "/api/ws/ticket", `{"route":"/ws/demo"}`, http.Header{"Authorization": {"Bearer " + token}, "Content-Type": {"application/json"}})
	var minted struct{ Ticket string }
	if err := json.Unmarshal([]byte(answer), &minted); err != nil || status != http.StatusOK {
		t.Fatalf("mint: %d %s", status, answer)
	}
	var opened, refused atomic.Int32
	var group sync.WaitGroup
	for i := range 20 {
		group.Go(func() {
			h := []*house{a, b}[i%2]
			conn, response, err := websocket.Dial(t.Context(), h.server.URL+"/ws/demo?ticket="+minted.Ticket, nil)
			switch {
			case err == nil:
				opened.Add(1)
				_ = conn.CloseNow()
			case response != nil && response.StatusCode == http.StatusUnauthorized:
				refused.Add(1)
			default:
				t.Errorf("dial: %v", err)
			}
		})
	}
	group.Wait()
	if opened.Load() != 1 || refused.Load() != 19 {
		t.Errorf("opened %d and refused %d, want 1 and 19", opened.Load(), refused.Load())
	}
}

// TestTheLobbyOnTwoNodes: what is said on one is heard on the other, and signing
// out on one ends the sockets of the other.
func TestTheLobbyOnTwoNodes(t *testing.T) {
	a, b := nodesOf(t)
	alice, bob := a.signedIn("alice"), b.signedIn("bob")
	speaker, connected, ended := b.official("?token="+alice.token(), centrifuge.Config{})
	listener, listening, _ := a.official("?token="+bob.token(), centrifuge.Config{})
	<-connected
	<-listening
	sub, err := listener.NewSubscription("lobby")
	if err != nil {
		t.Fatal(err)
	}
	subscribed, heard := make(chan struct{}, 1), make(chan string, 10)
	sub.OnSubscribed(func(centrifuge.SubscribedEvent) { subscribed <- struct{}{} })
	sub.OnPublication(func(e centrifuge.PublicationEvent) { heard <- string(e.Data) })
	if err := sub.Subscribe(); err != nil {
		t.Fatal(err)
	}
	<-subscribed
	if _, err := speaker.RPC(t.Context(), "lobby.say", []byte(`{"text":"hello"}`)); err != nil {
		t.Fatal(err)
	}
	if got := <-heard; !strings.Contains(got, "hello") {
		t.Errorf("heard %s", got)
	}
	if status, _ := alice.post("/api/logout", nil); status != http.StatusNoContent {
		t.Fatal("logout")
	}
	if e := <-ended; e.Code != 3503 {
		t.Errorf("after the logout on the other node: got %d, want 3503", e.Code)
	}
}

// TestWhoIsOnlineOnAnotherNode: whoever is seen there by all is known to be.
func TestWhoIsOnlineOnAnotherNode(t *testing.T) {
	a, b := nodesOf(t)
	alice, bob := a.arrives("alice"), b.arrives("bob")
	if err := alice.follows(chat.PresenceChannel); err != nil {
		t.Fatal(err)
	}
	asked := wire.OnlineQuery{UserIDs: []string{alice.id(), bob.id(), uuid.NewString()}}
	if got := calls[wire.Online](bob, "people.online", asked); !slices.Equal(got.UserIDs, asked.UserIDs[:2]) {
		t.Errorf("online: got %v, want alice and bob of %v", got.UserIDs, asked.UserIDs)
	}
}

// TestTheAdministrationOfAllNodes: what is open on another node is listed, counted
// and ended as if it were here.
func TestTheAdministrationOfAllNodes(t *testing.T) {
	a, b := nodesOf(t)
	admin, alice, bob := a.arrives("admin"), b.arrives("alice"), a.arrives("bob")
	first := fetch[wire.Connections](admin.visitor, "/api/admin/connections?limit=2")
	if first.Total != 3 || len(first.Connections) != 2 || first.Next == "" || len(first.Missing) != 0 {
		t.Fatalf("connections: got %+v", first)
	}
	rest := fetch[wire.Connections](admin.visitor, "/api/admin/connections?limit=2&after="+url.QueryEscape(first.Next))
	if len(rest.Connections) != 1 || rest.Next != "" || rest.Connections[0].Client != bob.client || rest.Connections[0].Node == "" {
		t.Errorf("the next page: got %+v", rest)
	}
	if status, _ := admin.send(http.MethodGet, "/api/admin/connections?after=yesterday", nil); status != http.StatusUnprocessableEntity {
		t.Errorf("a page after nothing: got %d, want 422", status)
	}
	users := fetch[wire.Accounts](admin.visitor, "/api/admin/users?query=ali")
	if len(users.Users) != 1 || users.Users[0].Connections != 1 {
		t.Errorf("users: got %+v", users)
	}
	stats := calls[wire.Stats](admin, "admin.stats", wire.Nothing{})
	if stats.Connections != 3 || len(stats.Nodes) != 2 || stats.Nodes[0].Connections != 2 || stats.Nodes[1].Connections != 1 || len(stats.Missing) != 0 {
		t.Errorf("stats: got %+v", stats)
	}
	for _, by := range []func(*person) wire.Disconnect{
		func(p *person) wire.Disconnect { return wire.Disconnect{Client: p.client} },
		func(p *person) wire.Disconnect { return wire.Disconnect{UserID: p.id()} },
	} {
		left := make(chan uint32, 10)
		alice.socket.OnConnecting(func(e centrifuge.ConnectingEvent) { left <- e.Code })
		if got := calls[wire.Ended](admin, "admin.disconnect", by(alice)); got.Count != 1 {
			t.Errorf("disconnect: got %+v", got)
		}
		if code := <-left; code != 3014 {
			t.Errorf("alice: got %d, want 3014", code)
		}
		alice.socket.Close()
		alice = alice.visitor.connects()
	}
}

func TestTheEmbeddedEngine(t *testing.T) {
	h := newHouse(t, func(c *app.Config) { c.Engine = "embedded" })
	alice := h.signedIn("alice")
	client, connected, _ := h.official("?ticket="+alice.ticket(`{"route":"/ws"}`), centrifuge.Config{Header: http.Header{"Origin": {h.server.URL}}})
	<-connected
	if _, err := client.RPC(t.Context(), "lobby.say", []byte(`{"text":"hello"}`)); err != nil {
		t.Fatal(err)
	}
	if status, _ := h.visitor().do(http.MethodGet, "/readyz", "", nil); status != http.StatusOK {
		t.Errorf("ready: got %d", status)
	}
}

// TestH235_engines_that_do_not_start: and the error shows no password.
func TestH235_engines_that_do_not_start(t *testing.T) {
	for _, engine := range []string{"redis://user:pass-word@host", "nats://user:pass-word@nats.example.com", "nats://127.0.0.1:1"} {
		config := app.Config{Addr: "127.0.0.1:0", DataDir: t.TempDir(), LoginRate: 1, JWTSecret: testKey, Engine: engine, EngineSecret: strings.Repeat("secret", 6)}
		_, err := app.New(t.Context(), config, slog.New(slog.NewTextHandler(io.Discard, nil)))
		if err == nil || strings.Contains(err.Error(), "pass-word") {
			t.Errorf("%s: got %v, want an error without the password", engine, err)
		}
		if known := errors.Is(err, app.ErrConfig) || errors.Is(err, nats.ErrConfig); known != strings.Contains(engine, "pass-word") {
			t.Errorf("%s: got %v", engine, err)
		}
	}
}
