package adversary_test

import (
	"net"
	"testing"

	"github.com/yodelrt/yodel/realtime/realtimetest"
)

// network is how peers reach the server.
type network interface {
	net.Listener
	dial() (net.Conn, error)
	fake() bool // the clock is
}

// pipes is a network in memory.
type pipes struct{ *realtimetest.Network }

func newPipes() pipes { return pipes{realtimetest.NewNetwork()} }

func (p pipes) fake() bool { return true }

func (p pipes) dial() (net.Conn, error) { return p.Network.Dial() }

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
