package transport_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/yodelrt/yodel/realtime/internal/spawn"
	"github.com/yodelrt/yodel/realtime/internal/transport"
	"github.com/yodelrt/yodel/realtime/realtimetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// owner is who embeds a conn.
type owner struct {
	transport.Conn
	reasons chan transport.Close // of its end
}

func ownerOf(c *transport.Conn) *owner { return c.Owner().(*owner) }

// server is a transport behind an HTTP server, with a handler made of functions.
type server struct {
	t         *testing.T
	transport *transport.Transport
	group     *spawn.Group
	ledger    *transport.Ledger
	http      *httptest.Server
	dial      func() (net.Conn, error)

	before   func(*owner) // the upgrade
	onOpened func(*transport.Conn)
	received func(*transport.Conn, []byte)
	fault    func(*transport.Conn, transport.Close)
	onEnded  func(*transport.Conn, transport.Close)

	panics atomic.Int64
	opened chan *owner
	ended  chan transport.Close
	faults chan transport.Close
	served chan bool // what Serve has returned

	mu  sync.Mutex
	all []*transport.Conn
}

func (s *server) Opened(c *transport.Conn) {
	if s.onOpened != nil {
		s.onOpened(c)
	}
	s.opened <- ownerOf(c)
}

func (s *server) Received(c *transport.Conn, frame []byte) {
	if s.received != nil {
		s.received(c, frame)
		return
	}
	c.Reply(frame)
}

func (s *server) Fault(c *transport.Conn, reason transport.Close) {
	s.faults <- reason
	if s.fault != nil {
		s.fault(c, reason)
		return
	}
	c.Close(reason)
}

func (s *server) Ended(c *transport.Conn, reason transport.Close) {
	s.ended <- reason
	ownerOf(c).reasons <- reason
	if s.onEnded != nil {
		s.onEnded(c, reason)
	}
}

// urgentServer has an Urgent as well.
type urgentServer struct {
	*server
	urgent func(*transport.Conn, []byte) bool
}

func (s urgentServer) Urgent(c *transport.Conn, frame []byte) bool { return s.urgent(c, frame) }

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o := &owner{reasons: make(chan transport.Close, 10)}
	o.Init(s.transport, o, context.WithoutCancel(r.Context()))
	s.mu.Lock()
	s.all = append(s.all, &o.Conn)
	s.mu.Unlock()
	if s.before != nil {
		s.before(o)
	}
	s.served <- s.transport.Serve(w, r, &o.Conn, r.Header.Get("Test-Accepted-Origin"))
}

func (s *server) conns() []*transport.Conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*transport.Conn(nil), s.all...)
}

// network is what a server listens on.
type network string

const (
	onTCP  network = "TCP"
	onTLS  network = "TLS"
	onPipe network = "pipe"
)

// newServer makes a server; change may be nil.
func newServer(t *testing.T, on network, change func(*server, *transport.Config)) *server {
	t.Helper()
	return newServerWith(t, on, change, nil)
}

func newServerWith(t *testing.T, on network, change func(*server, *transport.Config), urgent func(*transport.Conn, []byte) bool) *server {
	t.Helper()
	const many = 1000
	s := &server{
		t: t, ledger: &transport.Ledger{}, served: make(chan bool, many),
		opened: make(chan *owner, many), ended: make(chan transport.Close, many), faults: make(chan transport.Close, many),
	}
	s.group = spawn.New(func(any, []byte) { s.panics.Add(1) })
	config := transport.Config{
		MaxMessageBytes: 64 << 10, InboxBytes: 256 << 10, QueueBytes: 1 << 20,
		Ping: 25 * time.Second, Pong: 10 * time.Second, JoinFrames: true, Ledger: s.ledger, Spawn: s.group,
	}
	if change != nil {
		change(s, &config)
	}
	var handler transport.Handler = s
	if urgent != nil {
		handler = urgentServer{s, urgent}
	}
	s.transport = transport.New(config, handler)
	s.listen(on)
	t.Cleanup(s.stop)
	return s
}

func (s *server) listen(on network) {
	s.http = httptest.NewUnstartedServer(s)
	switch on {
	case onPipe:
		pipes := realtimetest.NewNetwork()
		_ = s.http.Listener.Close()
		s.http.Listener = pipes
		s.http.Start()
		s.dial = pipes.Dial
	case onTLS:
		s.http.StartTLS()
		s.dial = func() (net.Conn, error) {
			return tls.Dial("tcp", s.http.Listener.Addr().String(), &tls.Config{InsecureSkipVerify: true})
		}
	default:
		s.http.Start()
		s.dial = func() (net.Conn, error) { return net.Dial("tcp", s.http.Listener.Addr().String()) }
	}
}

func (s *server) stop() {
	for _, c := range s.conns() {
		c.Abort()
	}
	s.group.Wait()
	s.transport.Close()
	s.http.Close()
}

const handshake = "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" +
	"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"

// handshakes sends a request with extra header lines and bytes behind it, and reads the
// answer.
func (s *server) handshakes(extra, behind string) (*client, *http.Response) {
	s.t.Helper()
	conn, err := s.dial()
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = conn.Close() })
	if _, err := io.WriteString(conn, handshake+extra+"\r\n"+behind); err != nil {
		s.t.Fatal(err)
	}
	c := &client{s.t, conn, bufio.NewReader(conn)}
	response, err := http.ReadResponse(c.in, nil)
	if err != nil {
		return c, nil
	}
	return c, response
}

// connect opens a socket and returns both ends of it.
func (s *server) connect() (*client, *owner) {
	s.t.Helper()
	c, response := s.handshakes("", "")
	if response == nil || response.StatusCode != http.StatusSwitchingProtocols {
		s.t.Fatalf("handshake: got %v, want 101", response)
	}
	return c, <-s.opened
}

func (s *server) wantEnded(want transport.Close) {
	s.t.Helper()
	if got := <-s.ended; got.Code != want.Code {
		s.t.Fatalf("ended: got %d %q, want %d", got.Code, got.Reason, want.Code)
	}
}

func (s *server) wantPanics(want int64) {
	s.t.Helper()
	if got := s.panics.Load(); got != want || s.group.Panics() != uint64(want) {
		s.t.Errorf("panics: got %d reported, %d counted, want %d", got, s.group.Panics(), want)
	}
}

func (s *server) wantSettled() {
	s.t.Helper()
	if account := s.ledger.Snapshot(); !account.Settled() {
		s.t.Errorf("ledger: got %+v, want all settled", account)
	}
}

// everywhere runs a test on real sockets, over TLS and in memory.
func everywhere(t *testing.T, test func(t *testing.T, on network)) {
	for _, on := range []network{onTCP, onTLS, onPipe} {
		t.Run(string(on), func(t *testing.T) { test(t, on) })
	}
}

func long(n int) string { return strings.Repeat("x", n) }
