package realtime_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing/synctest"

	"github.com/centrifugal/protocol"
)

// modelPeer is one client of the model: a bare socket that knows the protocol and
// what it must hear next. The test drives it while its reader waits.
type modelPeer struct {
	*model
	user     string
	protobuf bool

	conn    net.Conn // nil while it is away
	write   sync.Mutex
	id      string // that the hub gave it
	ids     uint32
	replies []*protocol.Reply
	behind  bool // it has stalled, and has not caught up since
	gate    chan struct{}
	stalled atomic.Pointer[chan struct{}]

	at              map[string]*modelSeat // by channel
	nextAll, nextMe uint64                // the broadcast and the message that come next
	entering        *modelStream          // what its latest subscribe asked for
	vague           bool                  // others published meanwhile
	leaving         *modelStream
}

// modelSeat is a peer's place in a channel.
type modelSeat struct {
	stream *modelStream
	inside bool
	wanted bool   // it enters again when it comes back
	known  bool   // it has a position from before
	heard  uint64 // the latest publication
	epoch  string
}

func (p *modelPeer) ready() bool { return p.conn != nil && !p.behind }

func (p *modelPeer) seat(s *modelStream) *modelSeat {
	if p.at[s.name] == nil {
		p.at[s.name] = &modelSeat{stream: s}
	}
	return p.at[s.name]
}

// forget loses every position.
func (p *modelPeer) forget() { p.at = map[string]*modelSeat{} }

// come opens a connection and connects.
func (m *model) come(p *modelPeer) {
	m.t.Helper()
	m.resume(p) // it may have stalled when its last connection ended
	conn, err := m.pipes.Dial()
	if err != nil {
		m.t.Fatal(err)
	}
	in := bufio.NewReaderSize(conn, 512)
	query := ""
	if p.protobuf {
		query = "?cf_protocol=protobuf"
	}
	if _, err := io.WriteString(conn, strings.Replace(strings.Replace(rawRequest, "GET /", "GET /"+query, 1), "mallory", p.user, 1)+"\r\n"); err != nil {
		m.t.Fatal(err)
	}
	if response, err := http.ReadResponse(in, nil); err != nil || response.StatusCode != http.StatusSwitchingProtocols {
		m.t.Fatalf("handshake: got %v, %v", response, err)
	}
	p.conn, p.replies = conn, nil
	p.nextAll, p.nextMe = m.all+1, m.toUser[p.user]+1
	go p.read(conn, &raw{conn: conn, in: in})
	reply := p.ask(&protocol.Command{Connect: &protocol.ConnectRequest{}})
	if reply.Connect == nil {
		m.t.Fatalf("connect: got %v", reply)
	}
	p.id = reply.Connect.Client
}

// entry subscribes, with the position that the peer has.
func (p *modelPeer) entry(s *modelStream) *protocol.Command {
	seat := p.seat(s)
	p.entering = s
	in := &protocol.SubscribeRequest{Channel: s.name}
	if seat.known && s.kept > 0 {
		in.Recover, in.Epoch, in.Offset = true, seat.epoch, seat.heard
	}
	return &protocol.Command{Subscribe: in}
}

func (p *modelPeer) exit(s *modelStream) *protocol.Command {
	p.leaving = s
	p.seat(s).wanted = false
	return &protocol.Command{Unsubscribe: &protocol.UnsubscribeRequest{Channel: s.name}}
}

// say sends a command.
func (p *modelPeer) say(command *protocol.Command) {
	p.ids++
	command.Id = p.ids
	p.send(command)
}

func (p *modelPeer) send(command *protocol.Command) {
	first, encode := byte(fin|text), protocol.NewJSONCommandEncoder().Encode
	if p.protobuf {
		first, encode = fin|binaryFrame, protocol.NewProtobufCommandEncoder().Encode
	}
	body, err := encode(command)
	if err != nil {
		p.t.Errorf("encode: %v", err)
	}
	p.put(frame(first, string(body)))
}

const binaryFrame = 0x2

func (p *modelPeer) put(bytes string) {
	p.write.Lock()
	defer p.write.Unlock()
	_, _ = io.WriteString(p.conn, bytes) // an end is the reader's to see
}

// ask sends a command and returns its reply.
func (p *modelPeer) ask(command *protocol.Command) *protocol.Reply {
	p.t.Helper()
	p.replies = p.replies[:0]
	p.say(command)
	synctest.Wait()
	if len(p.replies) != 1 || p.replies[0].Id != p.ids {
		p.t.Fatalf("step %d: %s asked %v and got %v", p.step, p.user, command, p.replies)
	}
	return p.replies[0]
}

// read handles what comes until the connection ends.
func (p *modelPeer) read(conn net.Conn, r *raw) {
	for {
		if gate := p.stalled.Load(); gate != nil {
			<-*gate
		}
		opcode, payload, err := r.next()
		if err != nil || opcode == closes {
			break
		}
		switch opcode {
		case ping:
			p.put(frame(fin|pong, payload))
		case pong:
		default:
			p.frame(payload)
		}
	}
	_ = conn.Close()
	p.gone()
}

// gone notes the end: whatever was missed is for the next connection to recover.
func (p *modelPeer) gone() {
	p.conn = nil
	for _, seat := range p.at {
		seat.inside = false
	}
}

func (p *modelPeer) frame(payload string) {
	var decoder protocol.ReplyDecoder = protocol.NewJSONReplyDecoder([]byte(payload))
	if p.protobuf {
		decoder = protocol.NewProtobufReplyDecoder([]byte(payload))
	}
	for {
		reply, err := decoder.Decode()
		if errors.Is(err, io.EOF) && reply == nil {
			return
		}
		if err != nil && !errors.Is(err, io.EOF) {
			p.t.Errorf("%s can't read %q: %v", p.user, payload, err)
			return
		}
		p.reply(reply)
		if err != nil {
			return
		}
	}
}

func (p *modelPeer) reply(reply *protocol.Reply) {
	switch {
	case reply.Id == 0 && reply.Push == nil:
		p.send(&protocol.Command{}) // a pong
	case reply.Push != nil && reply.Push.Pub != nil:
		p.publication(reply.Push.Channel, reply.Push.Pub)
	case reply.Push != nil && reply.Push.Message != nil:
		p.message(string(reply.Push.Message.Data))
	case reply.Subscribe != nil:
		p.entered(reply.Subscribe)
		p.replies = append(p.replies, reply)
	case reply.Unsubscribe != nil:
		p.seat(p.leaving).inside = false
		p.replies = append(p.replies, reply)
	case reply.Id != 0:
		p.replies = append(p.replies, reply)
	default:
		p.t.Errorf("%s heard %v", p.user, reply)
	}
}

// count counts a delivery that was heard, unless it was counted when it was
// published.
func (p *modelPeer) count(inLedger bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !inLedger {
		return
	}
	p.model.heard++
	if !p.behind {
		p.owed++
	}
}

// publication must be the next one of its channel.
func (p *modelPeer) publication(channel string, pub *protocol.Publication) {
	seat := p.at[channel]
	if seat == nil || !seat.inside {
		p.t.Errorf("%s heard of %s and is not in it", p.user, channel)
		return
	}
	if !seat.known { // without a position the first tells where it begins
		seat.known = true
		if _, err := fmt.Sscanf(string(pub.Data), `{"n":%d`, &seat.heard); err != nil {
			p.t.Errorf("%s heard %s", p.user, pub.Data)
		}
		seat.heard--
	}
	seat.heard++
	if string(pub.Data) != string(data(seat.heard)) || (seat.stream.kept > 0 && pub.Offset != seat.heard) || (seat.stream.kept == 0 && pub.Offset != 0) {
		p.t.Errorf("step %d: %s heard %s at offset %d of %s, want %d", p.step, p.user, pub.Data, pub.Offset, channel, seat.heard)
	}
	p.count(true)
}

// message must be the next broadcast, or the next for the user.
func (p *modelPeer) message(got string) {
	switch got {
	case string(toAll(p.nextAll)):
		p.nextAll++
		p.count(true)
	case string(toMe(p.nextMe)):
		p.nextMe++
		p.count(p.counts)
	default:
		p.t.Errorf("step %d: %s heard %s, want broadcast %d or message %d", p.step, p.user, got, p.nextAll, p.nextMe)
	}
}

// entered takes up the position that a subscribe was answered with.
func (p *modelPeer) entered(in *protocol.SubscribeResult) {
	s := p.entering
	seat := p.seat(s)
	seat.inside, seat.wanted = true, true
	if s.kept == 0 { // where it begins is not told
		seat.known, seat.heard = !p.vague, s.top
		return
	}
	if seat.known {
		p.recovers(seat, in)
	}
	if !seat.known || !in.Recovered {
		seat.heard = in.Offset
	}
	seat.known, seat.epoch = true, in.Epoch
}

// recovers holds a recovery against the truth: all that was missed, or the word
// that it can't be had.
func (p *modelPeer) recovers(seat *modelSeat, in *protocol.SubscribeResult) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !in.WasRecovering || in.Epoch != seat.epoch {
		p.t.Errorf("%s came back to epoch %s and got %v", p.user, seat.epoch, in)
	}
	if !in.Recovered {
		p.gaps++
		if missed := seat.stream.top - seat.heard; missed <= seat.stream.kept {
			p.t.Errorf("step %d: %s missed %d of %s and was told that they can't be recovered", p.step, p.user, missed, seat.stream.name)
		}
		return
	}
	for _, pub := range in.Publications {
		seat.heard++
		p.recovered++
		if pub.Offset != seat.heard || string(pub.Data) != string(data(seat.heard)) {
			p.t.Errorf("step %d: %s recovered %s at %d, want %d", p.step, p.user, pub.Data, pub.Offset, seat.heard)
		}
	}
}

// check holds a peer against the truth when everything has settled: who can read
// has heard it all.
func (p *modelPeer) check() {
	if !p.ready() {
		return
	}
	p.vague = false
	for name, seat := range p.at {
		if seat.inside && !seat.known { // nothing came since it entered
			seat.known, seat.heard = true, seat.stream.top
		}
		if seat.inside && seat.heard != seat.stream.top {
			p.t.Errorf("step %d: %s has heard %d of %s, which is at %d", p.step, p.user, seat.heard, name, seat.stream.top)
		}
	}
	if p.nextAll != p.all+1 || p.nextMe != p.toUser[p.user]+1 {
		p.t.Errorf("step %d: %s waits for broadcast %d of %d and message %d of %d", p.step, p.user, p.nextAll, p.all, p.nextMe, p.toUser[p.user])
	}
}
