package realtimetest

import (
	"net"
	"sync"
)

// Network is a listener in memory: every connection is a net.Pipe. Nothing of it
// waits for the operating system, so in a synctest bubble the fake clock moves
// whenever everybody waits. Build it with [NewNetwork]. Safe for concurrent use.
type Network struct {
	accepted chan net.Conn
	once     sync.Once
	closed   chan struct{}
}

// NewNetwork returns a network that nobody listens on yet. Give it to
// http.Server.Serve.
func NewNetwork() *Network {
	return &Network{accepted: make(chan net.Conn), closed: make(chan struct{})}
}

// Dial connects to whoever accepts. It fails with net.ErrClosed after Close.
func (n *Network) Dial() (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case n.accepted <- far:
		return near, nil
	case <-n.closed:
		return nil, net.ErrClosed
	}
}

// Accept implements net.Listener.
func (n *Network) Accept() (net.Conn, error) {
	select {
	case conn := <-n.accepted:
		return conn, nil
	case <-n.closed:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener. Connections that stand are not touched.
func (n *Network) Close() error {
	n.once.Do(func() { close(n.closed) })
	return nil
}

// Addr implements net.Listener with an address of the loopback.
func (n *Network) Addr() net.Addr {
	return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80}
}
