package realtime_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/cluster"
	"github.com/yodelrt/yodel/realtime/engine"
	"github.com/yodelrt/yodel/realtime/memory"
	"github.com/yodelrt/yodel/realtime/realtimetest"
)

// exchange joins hubs in memory, and can cut one off: it is the control and the
// revocation store of all its stations.
type exchange struct {
	mu       sync.Mutex
	stations []*station
	kept     []cluster.Revocation
}

// station is one node's end of it.
type station struct {
	exchange *exchange
	id       string
	member   cluster.Member
	follow   func(cluster.Revocation)
	told     int       // revocations that were
	cutAt    time.Time // zero: it is not
}

var errCut = errors.New("cut off")

func (x *exchange) open(id string) *station {
	s := &station{exchange: x, id: id}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.stations = append(x.stations, s)
	return s
}

func (s *station) engine() engine.Engine {
	engine := memory.New()
	engine.Control, engine.Revocations = s, s
	return engine
}

func (s *station) isCut() bool {
	s.exchange.mu.Lock()
	defer s.exchange.mu.Unlock()
	return !s.cutAt.IsZero()
}

// cut takes the station off, and mend puts it back and tells what it has missed.
func (s *station) cut() {
	s.exchange.mu.Lock()
	defer s.exchange.mu.Unlock()
	s.cutAt = time.Now()
}

func (s *station) mend() {
	s.exchange.mu.Lock()
	s.cutAt = time.Time{}
	s.exchange.mu.Unlock()
	s.tell()
}

func (s *station) Join(_ context.Context, member cluster.Member) (cluster.Node, func(), error) {
	s.member = member
	return cluster.Node{ID: s.id, Name: "node " + s.id}, func() {}, nil
}

func (s *station) Send(_ context.Context, message []byte) error {
	if s.isCut() {
		return errCut
	}
	for _, other := range slices.Clone(s.exchange.stations) {
		if other != s && !other.isCut() && other.member.Receive != nil {
			other.member.Receive(message)
		}
	}
	return nil
}

func (s *station) Nodes(context.Context) ([]cluster.Node, error) {
	var nodes []cluster.Node
	for _, one := range s.exchange.stations {
		node := one.member.Self()
		node.ID = one.id
		nodes = append(nodes, node)
	}
	return nodes, nil
}

func (s *station) Reached() time.Time {
	s.exchange.mu.Lock()
	defer s.exchange.mu.Unlock()
	if s.cutAt.IsZero() {
		return time.Now()
	}
	return s.cutAt
}

func (s *station) Revoke(_ context.Context, r cluster.Revocation) error {
	if s.isCut() {
		return errCut
	}
	r.Until = r.At.Add(time.Hour)
	s.exchange.mu.Lock()
	s.exchange.kept = append(s.exchange.kept, r)
	s.exchange.mu.Unlock()
	for _, one := range s.exchange.stations {
		one.tell()
	}
	return nil
}

func (s *station) Follow(_ context.Context, take func(cluster.Revocation)) (func(), error) {
	s.follow = take
	s.tell()
	return func() {}, nil
}

// tell brings the station up to date, unless it is cut off.
func (s *station) tell() {
	for !s.isCut() && s.follow != nil {
		s.exchange.mu.Lock()
		if s.told == len(s.exchange.kept) {
			s.exchange.mu.Unlock()
			return
		}
		next := s.exchange.kept[s.told]
		s.told++
		s.exchange.mu.Unlock()
		s.follow(next)
	}
}

// branch is a hub on a station, and whom its Recheck turns away.
type branch struct {
	*realtime.Hub
	*realtimetest.Server
	station *station

	mu     sync.Mutex
	banned map[string]bool
}

func (x *exchange) branch(t *testing.T, id string) *branch {
	t.Helper()
	b := &branch{station: x.open(id), banned: map[string]bool{}}
	hub, err := realtime.New(realtime.Config{
		Principal: realtimetest.Principal, Engine: b.station.engine(), Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Recheck: func(_ context.Context, p realtime.Principal) error {
			b.mu.Lock()
			defer b.mu.Unlock()
			if b.banned[p.UserID] {
				return errors.New("banned")
			}
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	b.Hub, b.Server = hub, realtimetest.Serve(t, hub)
	return b
}

func (b *branch) ban(user string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.banned[user] = true
}

func who(user, session string) realtime.Principal {
	return realtime.Principal{UserID: user, SessionID: session, TokenID: "token of " + session}
}
