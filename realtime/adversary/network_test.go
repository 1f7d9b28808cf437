package adversary_test

import (
	"net"
	"sync"
	"testing"
)

// network is how peers reach the server.
type network interface {
	net.Listener
	dial() (net.Conn, error)
	fake() bool // the clock is
}

// pipes is a network in memory.
type pipes struct {
	conns chan net.Conn
	once  sync.Once
	done  chan struct{}
}

func newPipes() *pipes { return &pipes{conns: make(chan net.Conn), done: make(chan struct{})} }

func (p *pipes) fake() bool { return true }

func (p *pipes) dial() (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case p.conns <- far:
		return near, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.conns:
		return conn, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error { p.once.Do(func() { close(p.done) }); return nil }

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }

// sockets is TCP on the loopback interface.
type sockets struct{ net.Listener }

func newSockets(t *testing.T) sockets {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return sockets{listener}
}

func (s sockets) fake() bool { return false }

func (s sockets) dial() (net.Conn, error) { return net.Dial("tcp", s.Addr().String()) }
