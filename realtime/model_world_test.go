package realtime_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/centrifugal/protocol"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/memory"
)

// model is the truth beside a hub: what was published, and who must hear it.
type model struct {
	t     *testing.T
	hub   *realtime.Hub
	pipes *pipeListener
	dice  *rand.Rand
	step  int

	peers   []*modelPeer
	streams []*modelStream
	all     uint64            // broadcasts so far
	toUser  map[string]uint64 // messages to each user so far

	counts                     bool // the ledger counts messages to users
	owed, heard                uint64
	published, recovered, gaps int

	mu       sync.Mutex
	standing map[string]*realtime.Conn // by client id, until the disconnect hook
	closes   map[int]int
}

// modelStream is one channel.
type modelStream struct {
	name string
	kept uint64 // publications in its history; 0 for none
	top  uint64 // publications so far
}

const modelOutbox = 5000 // bytes: some forty publications, more than a flurry and a recovery

func newModel(t *testing.T, seed uint64) *model {
	m := &model{
		t: t, pipes: newPipeListener(), dice: rand.New(rand.NewPCG(seed, 1)), toUser: map[string]uint64{},
		standing: map[string]*realtime.Conn{}, closes: map[int]int{},
	}
	hub, err := realtime.New(realtime.Config{
		Principal: func(ctx context.Context) (realtime.Principal, bool) {
			who, ok := ctx.Value(principalKey{}).(realtime.Principal)
			return who, ok
		},
		Engine: memory.New(), Limits: realtime.Limits{CommandsPerSecond: 1e9, CommandBurst: 1e9, QueueBytes: modelOutbox},
		Connect: func(_ context.Context, c *realtime.Conn, _ realtime.ConnectEvent) (realtime.ConnectReply, error) {
			m.mu.Lock()
			defer m.mu.Unlock()
			m.standing[c.ID()] = c
			return realtime.ConnectReply{}, nil
		},
		Disconnect: func(c *realtime.Conn, reason realtime.Close) {
			m.mu.Lock()
			defer m.mu.Unlock()
			delete(m.standing, c.ID())
			m.closes[reason.Code]++
		},
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	m.hub = hub
	m.open()
	server := serve(guard(hub), m.pipes)
	t.Cleanup(func() {
		if err := hub.Shutdown(context.WithoutCancel(t.Context())); err != nil {
			t.Errorf("shutdown: %v", err)
		}
		server.Close()
	})
	t.Cleanup(func() { // a test that has failed leaves them as they stand
		for _, p := range m.peers {
			m.cut(p)
		}
	})
	m.settleMessages()
	return m
}

// open declares channels with and without a history, and makes four users with
// three devices each, two that speak JSON and one protobuf.
func (m *model) open() {
	for i, kept := range []int{8, 8, 30, 0, 0} {
		s := &modelStream{name: "stream:" + strconv.Itoa(i), kept: uint64(kept)}
		options := realtime.ChannelOptions{}
		if kept > 0 {
			options = realtime.ChannelOptions{History: kept, HistoryTTL: 1 << 60, Recover: true}
		}
		if err := m.hub.Channel(s.name, options, realtime.AllowSubscribe(realtime.AllowAll), realtime.AllowPublish(realtime.AllowAll)); err != nil {
			m.t.Fatal(err)
		}
		m.streams = append(m.streams, s)
	}
	for i := range 12 {
		m.peers = append(m.peers, &modelPeer{model: m, user: fmt.Sprint("user", i%4), protobuf: i%3 == 2, at: map[string]*modelSeat{}})
	}
}

// settleMessages finds out whether messages to a user are in the ledger; from
// then on each of them must be, or none.
func (m *model) settleMessages() {
	p := m.peers[0]
	m.come(p)
	m.toUser[p.user]++
	taken, err := m.hub.Send(m.t.Context(), realtime.ByUser(p.user), toMe(m.toUser[p.user]))
	synctest.Wait()
	if err != nil || taken != 1 {
		m.t.Fatalf("message to a user: %d took it, %v", taken, err)
	}
	if m.counts = m.hub.Account().Owed == 1; m.counts {
		m.owes(1)
	}
}

// data is the payload of the n-th publication of a channel, toAll that of the n-th
// broadcast, and toMe that of the n-th message to a user.
func data(n uint64) []byte  { return fmt.Appendf(nil, `{"n":%d,"pad":"%032d"}`, n, n) }
func toAll(n uint64) []byte { return fmt.Appendf(nil, `{"all":%d,"pad":"%032d"}`, n, n) }
func toMe(n uint64) []byte  { return fmt.Appendf(nil, `{"me":%d,"pad":"%032d"}`, n, n) }

// settle waits until nobody has anything left to do and holds every peer against
// the truth.
func (m *model) settle() {
	synctest.Wait()
	for _, p := range m.peers {
		p.check()
	}
}

// publish publishes once and counts whom it is owed to.
func (m *model) publish(s *modelStream) {
	m.owe(s, 1)
	s.top++
	m.published++
	position, err := m.hub.Publish(m.t.Context(), s.name, data(s.top))
	if err != nil || (s.kept > 0 && position.Offset != s.top) {
		m.t.Errorf("publish %d: got %+v, %v", s.top, position, err)
	}
}

// owe counts publications for everybody whom the model does not hear: those who
// have stalled, as long as the hub has not let go of them. What others hear is
// counted when they do.
func (m *model) owe(s *modelStream, publications uint64) {
	for _, p := range m.peers {
		if p.behind && p.at[s.name] != nil && p.at[s.name].inside && m.stands(p) != nil {
			m.owes(publications)
		}
	}
}

func (m *model) owes(n uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.owed += n
}

// stands returns a peer's connection until the hub has let go of it.
func (m *model) stands(p *modelPeer) *realtime.Conn {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.standing[p.id]
}

// admits reports whether the hub still takes messages for a peer.
func (m *model) admits(p *modelPeer) bool {
	conn := m.stands(p)
	return conn != nil && conn.Context().Err() == nil
}

func (m *model) publishFrom(p *modelPeer, s *modelStream) {
	if !p.ready() {
		return
	}
	m.owe(s, 1)
	s.top++
	m.published++
	if reply := p.ask(&protocol.Command{Publish: &protocol.PublishRequest{Channel: s.name, Data: data(s.top)}}); reply.Error != nil {
		m.t.Errorf("publish: %v", reply.Error)
	}
}

func (m *model) broadcast() {
	want := 0
	for _, p := range m.peers {
		if m.admits(p) {
			want++
			if p.behind {
				m.owes(1)
			}
		}
	}
	m.all++
	taken, err := m.hub.Send(m.t.Context(), realtime.All(), toAll(m.all))
	synctest.Wait()
	if err != nil || taken > want || taken < want-m.full(func(*modelPeer) bool { return true }) {
		m.t.Errorf("broadcast: %d took it, %v, want %d", taken, err, want)
	}
}

// full counts the stalled peers for whom a message may have been one too many.
func (m *model) full(of func(*modelPeer) bool) (n int) {
	for _, p := range m.peers {
		if p.behind && of(p) {
			n++
		}
	}
	return n
}

func (m *model) sendToUser(user string) {
	want := 0
	ofUser := func(p *modelPeer) bool { return p.user == user }
	for _, p := range m.peers {
		if ofUser(p) && m.admits(p) {
			want++
			if p.behind && m.counts {
				m.owes(1)
			}
		}
	}
	m.toUser[user]++
	taken, err := m.hub.Send(m.t.Context(), realtime.ByUser(user), toMe(m.toUser[user]))
	synctest.Wait()
	if err != nil || taken > want || taken < want-m.full(ofUser) {
		m.t.Errorf("message to a user: %d took it, %v, want %d", taken, err, want)
	}
}

// flurry publishes to every channel at once, several times, while some peers enter
// and others leave.
func (m *model) flurry() {
	moves := m.moves()
	times := uint64(1 + m.dice.IntN(3))
	for _, s := range m.streams {
		m.owe(s, times)
		m.published += int(times)
		s.top += times
	}
	var group sync.WaitGroup
	for _, s := range m.streams {
		first := s.top - times
		group.Go(func() {
			for n := range times {
				if _, err := m.hub.Publish(m.t.Context(), s.name, data(first+n+1)); err != nil {
					m.t.Errorf("publish: %v", err)
				}
			}
		})
	}
	for p, command := range moves {
		p.say(command)
	}
	group.Wait()
}

// moves are what four peers do at once, if they can: enter a channel, or leave it.
func (m *model) moves() map[*modelPeer]*protocol.Command {
	moves := map[*modelPeer]*protocol.Command{}
	for i, who := range m.dice.Perm(len(m.peers))[:4] {
		p, s := m.peers[who], m.streams[m.dice.IntN(len(m.streams))]
		seat := p.seat(s)
		switch {
		case !p.ready():
		case i%2 == 0 && !seat.inside:
			p.vague = true
			moves[p] = p.entry(s)
		case i%2 == 1 && seat.inside:
			moves[p] = p.exit(s)
		}
	}
	return moves
}

// comeOrEnter connects a peer that is away, else enters a channel.
func (m *model) comeOrEnter(p *modelPeer, s *modelStream) {
	switch {
	case p.conn == nil:
		m.come(p)
		for _, s := range m.streams { // a client takes up what it had
			if seat := p.at[s.name]; seat != nil && seat.wanted {
				p.ask(p.entry(s))
			}
		}
	case p.ready() && !p.seat(s).inside:
		p.ask(p.entry(s))
	}
}

func (m *model) leave(p *modelPeer, s *modelStream) {
	if p.ready() && p.seat(s).inside {
		p.ask(p.exit(s))
	}
}

// disconnect ends a user's connections with a code that lets them come back.
func (m *model) disconnect(user string) {
	m.hub.Disconnect(m.t.Context(), realtime.ByUser(user), realtime.CloseInsufficientState)
	time.Sleep(time.Second) // those who have stalled are cut by then
}

func (m *model) stall(p *modelPeer) {
	if p.ready() {
		p.behind = true
		p.gate = make(chan struct{})
		p.stalled.Store(&p.gate)
	}
}

// resume reads on. Whoever was told meanwhile is away then, and comes back later.
func (m *model) resume(p *modelPeer) {
	if p.behind {
		p.stalled.Store(nil)
		close(p.gate)
		synctest.Wait()
		p.behind = false
	}
}

// cut takes the network away.
func (m *model) cut(p *modelPeer) {
	if conn := p.conn; conn != nil {
		_ = conn.Close() // the reader sees it as well
	}
	if p.behind {
		p.stalled.Store(nil)
		close(p.gate)
	}
	synctest.Wait()
	p.behind = false
}
