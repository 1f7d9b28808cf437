package realtime_test

import (
	"bufio"
	"context"
	"encoding/binary"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// A script of the soak is a byte for its modes, then steps: a byte that says which
// and a byte that is its argument. Steps with a payload read more. Numbers and the
// order of soakCommands stay as they are, because the corpus is made of them.
const (
	soakProtobuf = 1 << iota // the hostile connection speaks protobuf
	soakPending              // it is nobody until its first message
	soakPlain                // it is one of the plain handler
	soakDeaf                 // it never reads
	soakStays                // it is there when the handler shuts down
	soakSlow                 // tokens are verified when it is let go on, or has gone
)

const (
	soakLogin   = iota // signs in
	soakCommand        // a command of soakCommands in a frame of its own
	soakBatch          // so many commands in one frame
	soakFrame          // a frame: the argument is its first byte, then a length and its payload
	soakBytes          // so many bytes that follow, without a frame
	soakFlush          // the end of a TCP segment
	soakBroken         // a command with a byte changed: which, and by what, follow
	soakBig            // a call of so many KiB
	soakRepeat         // the last frame so many times
	soakServer         // something that the server does
	soakClose          // a close frame whose code follows
	soakHangUp         // the end of TCP: both ways, one way, or a reset
	soakAnother        // another connection
	soakRelease        // lets a call that waits go on
	soakSteps          // how many there are
)

// maxSoakSteps and maxSoakBytes bound what one script does.
const (
	maxSoakSteps = 64
	maxSoakBytes = 4 << 20
)

// soakScript reads a script; behind its end there are zeros.
type soakScript []byte

func (s *soakScript) next() byte {
	if len(*s) == 0 {
		return 0
	}
	first := (*s)[0]
	*s = (*s)[1:]
	return first
}

func (s *soakScript) take(n int) string {
	n = min(n, len(*s))
	taken := string((*s)[:n])
	*s = (*s)[n:]
	return taken
}

// soakSide is one handler under the soak: the hub or the plain one.
type soakSide interface {
	address() string
	login() string            // a frame's payload
	command(n byte) string    // another's
	several(...string) string // joined into one frame
	big(bytes int) string
	act(n byte) // something that the server does to the hostile connection
	release()   // lets a call that waits go on
	neighbour() // fails unless the innocent neighbour is served
	alone()     // fails unless nobody but the neighbour is left
	end()       // shuts down and fails unless nothing is left
}

// soak runs a script against a live handler with an innocent neighbour.
func soak(t *testing.T, script soakScript) {
	modes := script.next()
	side := soakSide(nil)
	if modes&soakPlain != 0 {
		side = newPlainSoak(t, modes&soakSlow != 0)
	} else {
		side = newHubSoak(t, modes&soakProtobuf != 0, modes&soakSlow != 0)
	}
	h := &hostile{t: t, side: side, modes: modes}
	defer h.gone()
	h.open()
	for range maxSoakSteps {
		if len(script) == 0 {
			break
		}
		h.step(&script)
	}
	h.flush()
	side.neighbour()
	if modes&soakStays == 0 || modes&soakDeaf != 0 {
		h.gone()
		side.alone()
	}
	side.end()
}

// hostile is the connection that follows the script.
type hostile struct {
	t       *testing.T
	side    soakSide
	modes   byte
	conn    net.Conn
	opened  []net.Conn
	segment strings.Builder
	last    string
	sent    int
}

func (h *hostile) open() {
	if len(h.opened) == 4 {
		return
	}
	conn, err := net.Dial("tcp", h.side.address())
	if err != nil {
		h.t.Fatal(err)
	}
	h.conn, h.opened = conn, append(h.opened, conn)
	request := strings.Replace(rawRequest, "Test-User: mallory\r\n", "", 1)
	if h.modes&soakPending != 0 {
		request += "Test-Pending: 192.0.2.1\r\n"
	} else {
		request += "Test-User: mallory\r\n"
	}
	if h.modes&soakProtobuf != 0 && h.modes&soakPlain == 0 {
		request += "Sec-WebSocket-Protocol: centrifuge-protobuf\r\n"
	}
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	if _, err := io.WriteString(conn, request+"\r\n"); err != nil {
		h.t.Fatal(err)
	}
	in := bufio.NewReader(conn)
	response, err := http.ReadResponse(in, nil)
	if err != nil || response.StatusCode != http.StatusSwitchingProtocols {
		h.t.Fatalf("handshake: got %v, %v, want 101", response, err)
	}
	if h.modes&soakDeaf == 0 {
		go (&raw{t: h.t, conn: conn, in: in}).untilClosed()
	}
}

// untilClosed reads until the server ends the connection, and hangs up.
func (r *raw) untilClosed() {
	for {
		if opcode, _, err := r.next(); err != nil || opcode == closes {
			_ = r.conn.Close()
			return
		}
	}
}

func (h *hostile) gone() {
	for _, conn := range h.opened {
		_ = conn.Close()
	}
}

// queue adds bytes to the segment that goes out next.
func (h *hostile) queue(bytes string) {
	if h.sent += len(bytes); h.sent <= maxSoakBytes {
		h.segment.WriteString(bytes)
	}
}

func (h *hostile) flush() {
	_, _ = io.WriteString(h.conn, h.segment.String()) // the server may have ended it
	h.segment.Reset()
}

// data is a data frame of the handler's kind.
func (h *hostile) data(payload string) {
	first := byte(fin | text)
	if h.modes&soakProtobuf != 0 && h.modes&soakPlain == 0 {
		first = fin | 0x2
	}
	h.frame(frame(first, payload))
}

func (h *hostile) frame(bytes string) {
	h.last = bytes
	h.queue(bytes)
}

func (h *hostile) step(s *soakScript) {
	op, arg := s.next()%soakSteps, s.next()
	switch op {
	case soakLogin:
		h.data(h.side.login())
	case soakCommand:
		h.data(h.side.command(arg))
	case soakBatch:
		var all []string
		for i := range arg % 140 {
			all = append(all, h.side.command(arg+i))
		}
		h.data(h.side.several(all...))
	case soakFrame:
		h.frame(frame(arg, s.take(int(s.next()))))
	case soakBytes:
		h.frame(s.take(int(arg)))
	case soakFlush:
		h.flush()
	case soakBroken:
		broken := []byte(h.side.command(arg))
		at, by := int(s.next()), s.next()
		if len(broken) > 0 {
			broken[at%len(broken)] ^= by
		}
		h.data(string(broken))
	case soakBig:
		h.data(h.side.big(int(arg) << 10))
	case soakRepeat:
		for range arg {
			h.queue(h.last)
		}
	case soakServer:
		h.flush()
		h.side.act(arg)
	case soakClose:
		code := binary.BigEndian.AppendUint16(nil, uint16(arg)<<8|uint16(s.next()))
		h.frame(frame(fin|closes, string(code)+"over"))
	case soakHangUp:
		h.hangUp(arg)
	case soakAnother:
		h.flush()
		h.open()
	case soakRelease:
		h.flush()
		h.side.release()
	}
}

func (h *hostile) hangUp(how byte) {
	h.flush()
	tcp := h.conn.(*net.TCPConn)
	switch how % 3 {
	case 1:
		_ = tcp.CloseWrite()
		return
	case 2:
		_ = tcp.SetLinger(0)
	}
	_ = tcp.Close()
}

// ears read what an innocent neighbour gets, all the time, and keep what a test asks for.
type ears struct {
	t     *testing.T
	heard chan string
}

// listen keeps messages that contain one of the marks, and the end.
func listen(t *testing.T, conn *websocket.Conn, marks ...string) *ears {
	e := &ears{t, make(chan string, 100)}
	go func() {
		for {
			_, data, err := conn.Read(context.Background()) // ends with the connection
			if err != nil {
				e.heard <- err.Error()
				return
			}
			for _, mark := range marks {
				if strings.Contains(string(data), mark) {
					e.heard <- mark
				}
			}
		}
	}()
	return e
}

func (e *ears) want(mark string) {
	e.t.Helper()
	select {
	case got := <-e.heard:
		if got != mark {
			e.t.Fatalf("the neighbour: got %s, want %s", got, mark)
		}
	case <-time.After(10 * time.Second):
		e.t.Fatalf("the neighbour: got nothing for 10 s, want %s", mark)
	}
}

// forAWhile asks until something holds, for two seconds at most.
func forAWhile(holds func() bool) bool {
	ticks, late := time.NewTicker(time.Millisecond), time.After(2*time.Second)
	defer ticks.Stop()
	for !holds() {
		select {
		case <-ticks.C:
		case <-late:
			return false
		}
	}
	return true
}

var writeCorpus = flag.Bool("soak.write", false, "write the corpus of FuzzHubFrames anew")

const corpusDir = "testdata/fuzz/FuzzHubFrames"

// TestSoak_corpus runs what is named in soakScripts, and holds the files that the
// fuzz target reads against it.
func TestSoak_corpus(t *testing.T) {
	for name, script := range soakScripts() {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(corpusDir, name)
			want := fmt.Sprintf("go test fuzz v1\n[]byte(%q)\n", script)
			if *writeCorpus {
				if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if got, err := os.ReadFile(file); err != nil || string(got) != want {
				t.Errorf("%s: got %v, want what soakScripts says; run go test -run TestSoak_corpus -soak.write", file, err)
			}
			soak(t, []byte(script))
		})
	}
}

// FuzzHubFrames drives a whole live handler with sequences of frames: whatever a
// connection sends, an innocent neighbour is served, and nothing is left at the end.
func FuzzHubFrames(f *testing.F) {
	f.Fuzz(func(t *testing.T, script []byte) { soak(t, script) })
}
