package app_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/yodelrt/yodel/app"
)

// pipes is a network in memory, so that the clock of a test can be fake.
type pipes struct {
	conns chan net.Conn
	once  sync.Once
	done  chan struct{}
}

func newPipes() *pipes { return &pipes{conns: make(chan net.Conn), done: make(chan struct{})} }

func (p *pipes) dial() net.Conn {
	near, far := net.Pipe()
	p.conns <- far
	return near
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.conns:
		return conn, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { p.once.Do(func() { close(p.done) }); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080} }

func TestSlowClientsAreCutOff(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*app.Config)
		first  string
		within time.Duration
	}{
		{"H174 headers that trickle in", nil, "GET / HTTP/1.1\r\nHost: x\r\nX-A: ", 5 * time.Second},
		{"H174 nothing at all", nil, "", 30 * time.Second},
		{"H335 a body that trickles in", nil, "POST /api/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n", 30 * time.Second},
		{"H175 a TLS handshake that trickles in", func(c *app.Config) { c.TLSSelfSigned = true }, "\x16\x03\x01", 10 * time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				network := newPipes()
				served(t, network, test.change)
				conn, began := network.dial(), time.Now()
				var writer sync.WaitGroup
				writer.Go(func() {
					if _, err := io.WriteString(conn, test.first); err != nil || test.first == "" {
						return
					}
					for range 60 { // a byte a second
						time.Sleep(time.Second)
						if _, err := conn.Write([]byte("a")); err != nil {
							return
						}
					}
				})
				if _, err := io.Copy(io.Discard, conn); err != nil {
					t.Logf("end: %v", err)
				}
				if took := time.Since(began); took > test.within {
					t.Errorf("cut off after %s, want at most %s", took, test.within)
				}
				_ = conn.Close()
				writer.Wait()
			})
		})
	}
}

// TestH335_an_answer_that_nobody_reads is cut off by the application's own server:
// the bound is that of app/web.
func TestH335_an_answer_that_nobody_reads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		network := newPipes()
		served(t, network, nil)
		conn := network.dial()
		defer conn.Close()
		if _, err := io.WriteString(conn, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(16 * time.Second)
		if n, err := io.Copy(io.Discard, conn); n > 0 {
			t.Errorf("the answer was kept for the client: got %d bytes, %v", n, err)
		}
	})
}

func TestH024_headers_beyond_all_measure(t *testing.T) {
	network := newPipes()
	served(t, network, nil)
	conn := network.dial()
	defer conn.Close()
	go func() {
		_, _ = io.WriteString(conn, "GET /ws/demo HTTP/1.1\r\nHost: x\r\n")
		for range 100 {
			if _, err := io.WriteString(conn, "X-Long: "+strings.Repeat("a", 10_000)+"\r\n"); err != nil {
				return // the server has hung up
			}
		}
	}()
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("status: got %d, want 431", response.StatusCode)
	}
}

func TestAdminListener(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	_ = listener.Close()
	network := newPipes()
	served(t, network, func(c *app.Config) { c.AdminAddr = address })
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for path, want := range map[string]int{"/debug/pprof/cmdline": 200, "/healthz": 200, "/metrics": 200, "/api/me": 404} {
		response, err := client.Get("http://" + address + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("%s: got %d, want %d", path, response.StatusCode, want)
		}
	}
}
