package nats_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	client "github.com/nats-io/nats.go"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/engine"
	"github.com/yodelrt/yodel/realtime/engine/enginetest"
	"github.com/yodelrt/yodel/realtime/nats"
)

var documented = regexp.MustCompile("(?s)```\n(accounts \\{.*?\n\\})\n```")

// documentedRights are those that docs/cluster.md gives nodes.
func documentedRights(t *testing.T) string {
	t.Helper()
	page, err := os.ReadFile("../../docs/cluster.md")
	if err != nil {
		t.Fatal(err)
	}
	found := documented.FindSubmatch(page)
	if found == nil {
		t.Fatal("docs/cluster.md has no block of accounts")
	}
	return string(found[1])
}

// configured starts a server with a configuration file, as an operator does.
func configured(t *testing.T, settings string) *server.Server {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "nats.conf")
	settings = fmt.Sprintf("listen: 127.0.0.1:-1\njetstream { store_dir: %q }\n%s\n", filepath.Join(dir, "data"), settings)
	if err := os.WriteFile(file, []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	options, err := server.ProcessConfigFile(file)
	if err != nil {
		t.Fatal(err)
	}
	options.NoSigs, options.NoLog = true, true
	running, err := server.NewServer(options)
	if err != nil {
		t.Fatal(err)
	}
	running.Start()
	t.Cleanup(func() { running.Shutdown(); running.WaitForShutdown() })
	if !running.ReadyForConnections(10 * time.Second) {
		t.Fatal("the server did not start")
	}
	return running
}

// guarded starts a server with the documented rights.
func guarded(t *testing.T) *server.Server {
	t.Helper()
	t.Setenv("NODE_PASSWORD", "the-password-of-nodes")
	return configured(t, documentedRights(t))
}

func asNode(running *server.Server) string {
	return "nats://node:the-password-of-nodes@" + running.Addr().String()
}

// heard keeps what is logged. Safe for concurrent use.
type heard struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (h *heard) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.Write(p)
}

func (h *heard) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.String()
}

// openGuarded opens an engine with a node's rights, and fails the test when it
// wanted more.
func openGuarded(t *testing.T, running *server.Server) *nats.Engine {
	t.Helper()
	said := &heard{}
	engine := open(t, nil, func(o *nats.Options) {
		o.URL, o.Secret, o.Timeout, o.Logger = asNode(running), secret, 2*time.Second, slog.New(slog.NewTextHandler(said, nil))
	})
	t.Cleanup(func() {
		if text := said.String(); strings.Contains(text, "ermissions") {
			t.Errorf("the documented rights are too few: %s", text)
		}
	})
	return engine
}

// TestKeepsTheContractWithTheDocumentedRights: nothing that a node does needs
// more than docs/cluster.md gives it.
func TestKeepsTheContractWithTheDocumentedRights(t *testing.T) {
	enginetest.Run(t, func(t *testing.T) engine.Engine { return openGuarded(t, guarded(t)).Engine }, nil)
}

// TestNodesWorkTogetherWithTheDocumentedRights: presence, sign-outs, nodes,
// tickets and recovery, between two of them.
func TestNodesWorkTogetherWithTheDocumentedRights(t *testing.T) {
	running := guarded(t)
	a, b := newNode(t, openGuarded(t, running), nil), newNode(t, openGuarded(t, running), nil)
	alice, bob := a.Connect(as("alice", "1")), b.Connect(as("bob", "2"))
	alice.Subscribe("room:1")
	bob.Subscribe("room:1")
	for n := range 5 {
		publish(t, []*nats.Engine{a.engine, b.engine}[n%2], "room:1", fmt.Sprint(n))
		if got := string(alice.Next().Pub.Data) + string(bob.Next().Pub.Data); got != fmt.Sprint(n, n) && got != fmt.Sprint(n)+fmt.Sprint(n) {
			t.Errorf("publication %d: got %s", n, got)
		}
	}
	if there, err := a.engine.Presence.Present(t.Context(), "room:1", -1); err != nil || len(there) != 2 {
		t.Errorf("present: got %v, %v, want both", there, err)
	}
	if nodes, err := b.Nodes(t.Context()); err != nil || len(nodes) != 2 {
		t.Errorf("nodes: got %v, %v, want two", nodes, err)
	}
	if stored, err := a.engine.Tickets.Put(t.Context(), "t", []byte("record"), "s", time.Now().Add(time.Minute)); !stored || err != nil {
		t.Errorf("put: %v, %v", stored, err)
	}
	if won, err := b.engine.Tickets.Take(t.Context(), "t"); !won || err != nil {
		t.Errorf("take: %v, %v", won, err)
	}
	if err := a.engine.Tickets.Drop(t.Context(), "s"); err != nil {
		t.Errorf("drop: %v", err)
	}
	a.Disconnect(t.Context(), realtime.BySession("2"), realtime.CloseRevoked)
	bob.WantEnd(realtime.CloseRevoked)
}

// TestTheDocumentedRightsEndThere: whoever has a node's password has no more than
// the deployment, and who has none has nothing.
func TestTheDocumentedRightsEndThere(t *testing.T) {
	running := guarded(t)
	openGuarded(t, running)
	if _, err := client.Connect("nats://" + running.Addr().String()); !errors.Is(err, client.ErrAuthorization) {
		t.Errorf("without a password: got %v, want %v", err, client.ErrAuthorization)
	}
	violations := make(chan error, 10)
	conn, err := client.Connect(asNode(running), client.CustomInboxPrefix("yodel.inbox.test"),
		client.ErrorHandler(func(_ *client.Conn, _ *client.Subscription, err error) { violations <- err }))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	for name, subject := range map[string]string{
		"another deployment": "other.pub.room:1", "another bucket": "$KV.other.key", "the server": "$SYS.REQ.SERVER.PING",
		"deleting the stream": "$JS.API.STREAM.DELETE.yodel-channels", "purging it": "$JS.API.STREAM.PURGE.yodel-channels",
		"taking a message out": "$JS.API.STREAM.MSG.DELETE.yodel-channels", "another stream": "$JS.API.STREAM.CREATE.other",
		"reading another stream": "$JS.API.STREAM.MSG.GET.other", "reading it directly": "$JS.API.DIRECT.GET.other",
		"restoring one": "$JS.API.STREAM.RESTORE.yodel-channels", "a consumer elsewhere": "$JS.API.CONSUMER.CREATE.other",
	} {
		t.Run(name, func(t *testing.T) {
			if err := conn.Publish(subject, []byte("{}")); err != nil {
				t.Fatal(err)
			}
			if err := <-violations; !errors.Is(err, client.ErrPermissionViolation) {
				t.Errorf("%s: got %v, want %v", subject, err, client.ErrPermissionViolation)
			}
		})
	}
	for _, subject := range []string{">", "other.>", "$KV.>", "_INBOX.>"} {
		if _, err := conn.SubscribeSync(subject); err != nil {
			t.Fatal(err)
		}
		if err := <-violations; !errors.Is(err, client.ErrPermissionViolation) {
			t.Errorf("listening to %s: got %v, want %v", subject, err, client.ErrPermissionViolation)
		}
	}
}

// TestTooFewRightsAreNamed: an operator learns from the error what is missing,
// without waiting for a server that does not answer.
func TestTooFewRightsAreNamed(t *testing.T) {
	t.Setenv("NODE_PASSWORD", "the-password-of-nodes")
	missing := "$JS.API.STREAM.CREATE.KV_yodel-nodes"
	running := configured(t, strings.Replace(documentedRights(t), missing, "$JS.API.STREAM.CREATE.other", 1))
	engine, err := nats.Open(t.Context(), nats.Options{URL: asNode(running), Secret: secret, Timeout: time.Hour, Logger: quiet})
	if err == nil {
		engine.Close()
	}
	if !errors.Is(err, client.ErrPermissionViolation) || !strings.Contains(err.Error(), missing) {
		t.Errorf("got %v, want an error that names %s", err, missing)
	}
}
