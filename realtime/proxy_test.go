package realtime_test

import (
	"context"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/time/rate"
)

// tcpProxy stands between clients and a server. It cuts connections, passes bytes
// on at a rate, or swallows them while both ends believe that they are connected.
type tcpProxy struct {
	t        *testing.T
	listener net.Listener
	target   string
	sent     atomic.Int64  // bytes of clients that have been passed on
	moved    chan struct{} // signalled when sent grows
	limit    atomic.Pointer[rate.Limiter]

	mu      sync.Mutex
	open    []net.Conn // both ends of each connection
	away    bool       // new connections are cut at once
	swallow bool
	deaf    int // of so many clients, what they send behind their upgrade is swallowed
}

// proxyBuffer is small, so that what a slow peer has not read waits in the server.
const proxyBuffer = 64 << 10

func newProxy(t *testing.T, target string) *tcpProxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &tcpProxy{t: t, listener: listener, target: target, moved: make(chan struct{}, 1)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		p.accept()
	}()
	t.Cleanup(func() {
		_ = listener.Close()
		p.cut(true)
		<-done
	})
	return p
}

func (p *tcpProxy) url() string { return "ws://" + p.listener.Addr().String() }

func (p *tcpProxy) accept() {
	var copies sync.WaitGroup
	defer copies.Wait()
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, ok := p.pair(client)
		if !ok {
			_ = client.Close()
			continue
		}
		copies.Go(func() { p.pass(server, client, nil, &p.sent) })
		copies.Go(func() { p.pass(client, server, p.limit.Load(), nil) })
	}
}

func (p *tcpProxy) pair(client net.Conn) (net.Conn, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.away {
		return nil, false
	}
	server, err := net.Dial("tcp", p.target)
	if err != nil {
		return nil, false
	}
	_ = server.(*net.TCPConn).SetReadBuffer(proxyBuffer)
	p.open = append(p.open, client, server)
	return server, true
}

// pass copies until one end is closed, then closes both.
func (p *tcpProxy) pass(to, from net.Conn, limit *rate.Limiter, count *atomic.Int64) {
	defer func() { _, _ = to.Close(), from.Close() }()
	buffer := make([]byte, 4096)
	for {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		if p.swallows() {
			_, _ = io.Copy(io.Discard, from)
			return
		}
		if limit != nil {
			_ = limit.WaitN(context.Background(), n) // n is below the burst
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
		if count != nil && p.isDeaf() {
			_, _ = io.Copy(io.Discard, from)
			return
		}
		if count != nil {
			count.Add(int64(n))
			select {
			case p.moved <- struct{}{}:
			default:
			}
		}
	}
}

// untilSent waits until clients have sent that many bytes, for one caller at a time.
func (p *tcpProxy) untilSent(ctx context.Context, bytes int64) {
	for p.sent.Load() < bytes {
		select {
		case <-p.moved:
		case <-ctx.Done():
			return
		}
	}
}

// slow bounds what connections from now on get from the server, in bytes a second.
func (p *tcpProxy) slow(bytesPerSecond int) {
	p.limit.Store(rate.NewLimiter(rate.Limit(bytesPerSecond), 4096))
}

// cut closes all connections without a word of WebSocket. Away says that new ones
// are cut as well, until come.
func (p *tcpProxy) cut(away bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.away = away
	for _, conn := range p.open {
		_ = conn.Close()
	}
	p.open = nil
}

// come lets connections in again.
func (p *tcpProxy) come() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.away = false
}

// swallowAll passes nothing on any more, without an end to be seen.
func (p *tcpProxy) swallowAll() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.swallow = true
}

// deafen passes nothing on of what the next clients send behind their upgrade.
func (p *tcpProxy) deafen(clients int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.deaf = clients
}

func (p *tcpProxy) isDeaf() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.deaf == 0 {
		return false
	}
	p.deaf--
	return true
}

func (p *tcpProxy) swallows() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.swallow
}

// smallBuffers is a listener whose connections keep little in the kernel, as those
// over a real line do.
type smallBuffers struct{ net.Listener }

func (l smallBuffers) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err == nil {
		_ = conn.(*net.TCPConn).SetWriteBuffer(proxyBuffer)
	}
	return conn, err
}

func listenSmall(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return smallBuffers{listener}
}
