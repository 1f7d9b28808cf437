package web

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// once is a listener of one connection.
type once struct {
	conn chan net.Conn
	done chan struct{}
}

func (o once) Accept() (net.Conn, error) {
	select {
	case conn := <-o.conn:
		return conn, nil
	case <-o.done:
		return nil, net.ErrClosed
	}
}
func (o once) Close() error   { close(o.done); return nil }
func (o once) Addr() net.Addr { return &net.TCPAddr{} }

// behind serves one connection in memory by a paced handler, on the test's clock.
func behind(t *testing.T, handler http.HandlerFunc) net.Conn {
	t.Helper()
	near, far := net.Pipe()
	listener := once{make(chan net.Conn, 1), make(chan struct{})}
	listener.conn <- far
	server := &http.Server{Handler: Paced(handler)}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	t.Cleanup(func() {
		_ = near.Close()
		_ = server.Close()
		<-ended
	})
	if _, err := io.WriteString(near, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	return near
}

const long = 1 << 20

func answers(w http.ResponseWriter, _ *http.Request) {
	_, _ = io.WriteString(w, strings.Repeat("a", long))
}

func TestH335_a_client_that_does_not_read_is_cut_off(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"a long answer": answers,
		"an answer without a body, after a while": func(http.ResponseWriter, *http.Request) { time.Sleep(time.Minute) },
		"a flush": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusOK)
			_ = http.NewResponseController(w).Flush()
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				returned := make(chan struct{})
				conn := behind(t, func(w http.ResponseWriter, r *http.Request) {
					handler(w, r)
					close(returned)
				})
				<-returned // without a bound a synctest deadlock
				time.Sleep(paceTime + time.Second)
				if n, err := io.Copy(io.Discard, conn); err == nil && n > 0 {
					t.Errorf("the answer was kept for the client: got %d bytes", n)
				}
			})
		})
	}
}

// TestPaced_ASteadyReaderGetsItAll: what counts is progress and not the whole time.
func TestPaced_ASteadyReaderGetsItAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn := behind(t, answers)
		reader := bufio.NewReaderSize(conn, 16)
		response, err := http.ReadResponse(reader, nil)
		if err != nil {
			t.Fatal(err)
		}
		got := 0
		for piece := make([]byte, 32<<10); err == nil; {
			time.Sleep(7 * time.Second) // four minutes for all of it
			var n int
			n, err = io.ReadFull(response.Body, piece)
			got += n
		}
		if got != long {
			t.Errorf("got %d bytes, %v; want %d", got, err, long)
		}
	})
}

func TestPaced_ALongHandlerAndASocketHaveTheirTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn := behind(t, func(w http.ResponseWriter, _ *http.Request) {
			time.Sleep(time.Minute)
			w.WriteHeader(http.StatusNoContent)
		})
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil || response.StatusCode != http.StatusNoContent {
			t.Errorf("a handler of a minute: got %v, %v", response, err)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		taken := make(chan net.Conn, 1)
		conn := behind(t, func(w http.ResponseWriter, _ *http.Request) {
			socket, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
			}
			taken <- socket
		})
		socket := <-taken
		time.Sleep(time.Hour)
		go func() { _, _ = io.WriteString(socket, "hello") }()
		hello := make([]byte, 5)
		if _, err := io.ReadFull(conn, hello); err != nil || string(hello) != "hello" {
			t.Errorf("a socket after an hour: got %q, %v", hello, err)
		}
		_ = socket.Close()
	})
}
