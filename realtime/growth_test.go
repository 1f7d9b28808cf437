package realtime_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/centrifugal/protocol"
	"github.com/coder/websocket"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/plain"
)

const perFrame = 50 // commands, or messages of the plain handler, before answers are read

// repetitions is how often each is repeated, and mostGrowth what the process may
// hold more after them, in bytes: less than three for each, so that nothing can be
// kept for one.
func repetitions() int {
	if testing.Short() || raceEnabled {
		return 20_000
	}
	return 100_000
}

func mostGrowth() int64 { return 50_000 + 2*int64(repetitions()) }

// TestH305_growth: what one connection repeats 100,000 times leaves nothing in
// memory. An honest tab refreshes as often in a few months, an attacker in
// minutes.
func TestH305_growth(t *testing.T) {
	for _, protobuf := range []bool{false, true} {
		for _, kind := range repeated {
			t.Run(fmt.Sprintf("%s, protobuf %v", kind.name, protobuf), func(t *testing.T) {
				g := joinToRepeat(t, protobuf)
				wantFlat(t, func(first, last int) { g.repeat(first, last, kind.commands, kind.refused) })
			})
		}
	}
}

// repeated is what clients of the hub repeat, and whether it is refused.
var repeated = []struct {
	name     string
	refused  bool
	commands func(i int) []*protocol.Command
}{
	{"refresh", false, func(int) []*protocol.Command {
		return []*protocol.Command{{Refresh: &protocol.RefreshRequest{Token: "alice s1 1h"}}}
	}},
	{"subscribe and unsubscribe", false, func(i int) []*protocol.Command {
		channel := fmt.Sprintf("room:%d", i) // with history, presence, joins and leaves
		return []*protocol.Command{{Subscribe: &protocol.SubscribeRequest{Channel: channel}}, {Unsubscribe: &protocol.UnsubscribeRequest{Channel: channel}}}
	}},
	{"refused", true, func(i int) []*protocol.Command {
		return []*protocol.Command{refusedCommands[i%len(refusedCommands)](fmt.Sprint(i))}
	}},
}

// refusedCommands are answered with an error each; id makes every one another.
var refusedCommands = []func(id string) *protocol.Command{
	func(id string) *protocol.Command {
		return &protocol.Command{Subscribe: &protocol.SubscribeRequest{Channel: "nowhere:" + id}}
	},
	func(id string) *protocol.Command {
		return &protocol.Command{Subscribe: &protocol.SubscribeRequest{Channel: "private:" + id}}
	},
	func(id string) *protocol.Command {
		return &protocol.Command{Publish: &protocol.PublishRequest{Channel: "private:" + id, Data: []byte("{}")}}
	},
	func(id string) *protocol.Command { return &protocol.Command{Rpc: &protocol.RPCRequest{Method: id}} },
	func(id string) *protocol.Command {
		return &protocol.Command{History: &protocol.HistoryRequest{Channel: "room:" + id, Limit: 1}}
	},
	func(id string) *protocol.Command {
		return &protocol.Command{Presence: &protocol.PresenceRequest{Channel: "room:" + id}}
	},
}

// wantFlat runs repeat for a twentieth of the repetitions, so that pools and
// buffers are there, then for all of them, and holds the heap after it against the
// heap before.
func wantFlat(t *testing.T, repeat func(first, last int)) {
	t.Helper()
	total := repetitions()
	repeat(total, total+total/20)
	before := liveHeap()
	repeat(0, total)
	grown := int64(liveHeap()) - int64(before)
	t.Logf("heap: %d bytes more", grown)
	if grown > mostGrowth() {
		t.Errorf("heap after %d repetitions: got %d bytes more (%d each), want at most %d", total, grown, grown/int64(total), mostGrowth())
	}
}

func liveHeap() uint64 {
	for range 3 { // finalizers and pools
		runtime.GC()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// repeater is one connection to a hub whose rates are out of the way.
type repeater struct {
	t        *testing.T
	conn     *websocket.Conn
	protobuf bool
	ids      uint32
}

func joinToRepeat(t *testing.T, protobuf bool) *repeater {
	t.Helper()
	c := newClub(t, func(config *realtime.Config) {
		withTokens(config)
		config.Limits.CommandsPerSecond, config.Limits.CommandBurst, config.Limits.Errors = 1e9, 1e9, 1e9
		config.PingInterval = time.Hour // nobody here answers pings
	})
	g := &repeater{t: t, protobuf: protobuf}
	var protocols []string
	if protobuf {
		protocols = []string{"centrifuge-protobuf"}
	}
	conn, _, err := c.dial(protocols, "Test-User", "alice", "Test-Session", "s1")
	if err != nil {
		t.Fatal(err)
	}
	conn.SetReadLimit(-1)
	t.Cleanup(func() { _ = conn.CloseNow() })
	g.conn = conn
	g.ask([]*protocol.Command{{Connect: &protocol.ConnectRequest{}}}, false)
	return g
}

// repeat sends the commands of first to last, many in a frame, and reads their
// answers.
func (g *repeater) repeat(first, last int, commands func(i int) []*protocol.Command, refused bool) {
	g.t.Helper()
	var frame []*protocol.Command
	for i := first; i < last; i++ {
		frame = append(frame, commands(i)...)
		if len(frame) >= perFrame || i == last-1 {
			g.ask(frame, refused)
			frame = frame[:0]
		}
	}
}

// ask sends a frame of commands and reads until all are answered, as refused says.
func (g *repeater) ask(commands []*protocol.Command, refused bool) {
	g.t.Helper()
	kind, encode := websocket.MessageText, protocol.NewJSONCommandEncoder().Encode
	if g.protobuf {
		kind, encode = websocket.MessageBinary, protocol.NewProtobufCommandEncoder().Encode
	}
	var frame []byte
	for _, command := range commands {
		g.ids++
		command.Id = g.ids
		encoded, err := encode(command)
		if err != nil {
			g.t.Fatal(err)
		}
		frame = append(frame, encoded...)
		if !g.protobuf {
			frame = append(frame, '\n')
		}
	}
	if err := g.conn.Write(g.t.Context(), kind, frame); err != nil {
		g.t.Fatalf("write: %v", err)
	}
	for answered := 0; answered < len(commands); {
		_, data, err := g.conn.Read(g.t.Context())
		if err != nil {
			g.t.Fatalf("read: %v after %d of %d answers", err, answered, len(commands))
		}
		answered += g.answers(data, refused)
	}
}

// answers counts those in a frame.
func (g *repeater) answers(frame []byte, refused bool) (count int) {
	g.t.Helper()
	next := protocol.NewJSONReplyDecoder(frame).Decode
	if g.protobuf {
		next = protocol.NewProtobufReplyDecoder(frame).Decode
	}
	for {
		reply, err := next()
		if errors.Is(err, io.EOF) {
			return count
		}
		if err != nil {
			g.t.Fatalf("decode %q: %v", frame, err)
		}
		if reply.Id == 0 {
			continue // a ping or a push
		}
		if (reply.Error != nil) != refused {
			g.t.Fatalf("answer: got %v, want refused %v", reply, refused)
		}
		count++
	}
}

func TestH305_growth_plain(t *testing.T) {
	for _, test := range []struct {
		name, message, want string
	}{
		{"refresh", `{"type":"refresh","token":"t"}`, `{"type":"refreshed"`},
		{"unknown types", `{"type":"nothing%d"}`, `{"type":"error","code":"unknown_type"}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newTestPlain(t, func(config *plain.Config) {
				config.Verify = func(ctx context.Context, _ string) (context.Context, error) {
					return context.WithValue(ctx, principalKey{}, realtime.Principal{UserID: "mallory", ExpiresAt: time.Now().Add(time.Hour)}), nil
				}
				config.Limits.MessagesPerSecond, config.Limits.MessageBurst = 1e9, 1e9
			})
			r := w.rawSocket()
			wantFlat(t, func(first, last int) { r.repeat(first, last, test.message, test.want) })
		})
	}
}

// repeat sends the message of first to last, each with its number in the place of
// %d, and reads answers that begin with want.
func (r *raw) repeat(first, last int, message, want string) {
	r.t.Helper()
	for ; first < last; first += perFrame {
		var frames strings.Builder
		for i := range perFrame {
			frames.WriteString(frame(fin|text, strings.Replace(message, "%d", fmt.Sprint(first+i), 1)))
		}
		r.send(frames.String())
		for answered := 0; answered < perFrame; {
			opcode, got, err := r.next()
			if err != nil {
				r.t.Fatalf("read: %v after %d of %d answers", err, answered, perFrame)
			}
			if opcode == ping {
				continue
			}
			if !strings.HasPrefix(got, want) {
				r.t.Fatalf("answer: got %s, want %s", got, want)
			}
			answered++
		}
	}
}
