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

// testCluster joins hubs in memory, and can cut one off: it is the control and the
// revocation store of all its testNodes.
type testCluster struct {
	mu        sync.Mutex
	testNodes []*testNode
	kept      []cluster.Revocation
}

// testNode is one node's end of it.
type testNode struct {
	testCluster *testCluster
	id          string
	member      cluster.Member
	follow      func(cluster.Revocation)
	told        int       // revocations that were
	cutAt       time.Time // zero: it is not
}

var errCut = errors.New("cut off")

func (x *testCluster) open(id string) *testNode {
	s := &testNode{testCluster: x, id: id}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.testNodes = append(x.testNodes, s)
	return s
}

func (s *testNode) engine() engine.Engine {
	engine := memory.New()
	engine.Control, engine.Revocations = s, s
	return engine
}

func (s *testNode) isCut() bool {
	s.testCluster.mu.Lock()
	defer s.testCluster.mu.Unlock()
	return !s.cutAt.IsZero()
}

// cut takes the testNode off, and mend puts it back and tells what it has missed.
func (s *testNode) cut() {
	s.testCluster.mu.Lock()
	defer s.testCluster.mu.Unlock()
	s.cutAt = time.Now()
}

func (s *testNode) mend() {
	s.testCluster.mu.Lock()
	s.cutAt = time.Time{}
	s.testCluster.mu.Unlock()
	s.tell()
}

func (s *testNode) Join(_ context.Context, member cluster.Member) (cluster.Node, func(), error) {
	s.member = member
	return cluster.Node{ID: s.id, Name: "node " + s.id}, func() {}, nil
}

func (s *testNode) Send(_ context.Context, message []byte) error {
	if s.isCut() {
		return errCut
	}
	for _, other := range slices.Clone(s.testCluster.testNodes) {
		if other != s && !other.isCut() && other.member.Receive != nil {
			other.member.Receive(message)
		}
	}
	return nil
}

func (s *testNode) Nodes(context.Context) ([]cluster.Node, error) {
	var nodes []cluster.Node
	for _, one := range s.testCluster.testNodes {
		node := one.member.Self()
		node.ID = one.id
		nodes = append(nodes, node)
	}
	return nodes, nil
}

func (s *testNode) Reached() time.Time {
	s.testCluster.mu.Lock()
	defer s.testCluster.mu.Unlock()
	if s.cutAt.IsZero() {
		return time.Now()
	}
	return s.cutAt
}

func (s *testNode) Revoke(_ context.Context, r cluster.Revocation) error {
	if s.isCut() {
		return errCut
	}
	r.Until = r.At.Add(time.Hour)
	s.testCluster.mu.Lock()
	s.testCluster.kept = append(s.testCluster.kept, r)
	s.testCluster.mu.Unlock()
	for _, one := range s.testCluster.testNodes {
		one.tell()
	}
	return nil
}

func (s *testNode) Follow(_ context.Context, take func(cluster.Revocation)) (func(), error) {
	s.follow = take
	s.tell()
	return func() {}, nil
}

// tell brings the testNode up to date, unless it is cut off.
func (s *testNode) tell() {
	for !s.isCut() && s.follow != nil {
		s.testCluster.mu.Lock()
		if s.told == len(s.testCluster.kept) {
			s.testCluster.mu.Unlock()
			return
		}
		next := s.testCluster.kept[s.told]
		s.told++
		s.testCluster.mu.Unlock()
		s.follow(next)
	}
}

// branch is a hub on a testNode, and whom its Recheck turns away.
type branch struct {
	*realtime.Hub
	*realtimetest.Server
	testNode *testNode

	mu     sync.Mutex
	banned map[string]bool
}

func (x *testCluster) branch(t *testing.T, id string) *branch {
	t.Helper()
	b := &branch{testNode: x.open(id), banned: map[string]bool{}}
	hub, err := realtime.New(realtime.Config{
		Principal: realtimetest.Principal, Engine: b.testNode.engine(), Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
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
