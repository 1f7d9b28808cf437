package conns_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"

	"github.com/yodelrt/yodel/realtime/cluster"
	"github.com/yodelrt/yodel/realtime/internal/conns"
	"github.com/yodelrt/yodel/realtime/internal/spawn"
	"github.com/yodelrt/yodel/realtime/internal/transport"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	tooMany = transport.Close{Code: 3504, Reason: "connection limit"}
	revoked = transport.Close{Code: 3503, Reason: "signed out"}
)

// testSet is a set whose connections have no socket: they are told to end before
// their upgrade.
type testSet struct {
	*conns.Set
	t         *testing.T
	transport *transport.Transport
	next      atomic.Int64
}

type nobody struct{}

func (nobody) Opened(*transport.Conn)                 {}
func (nobody) Received(*transport.Conn, []byte)       {}
func (nobody) Fault(*transport.Conn, transport.Close) {}
func (nobody) Ended(*transport.Conn, transport.Close) {}

func newSet(t *testing.T, limits conns.Limits, ring func(*conns.Conn, conns.Alarm)) *testSet {
	group := spawn.New(func(cause any, _ []byte) { t.Errorf("panic: %v", cause) })
	tr := transport.New(transport.Config{MaxMessageBytes: 1, QueueBytes: 1, InboxBytes: 1, Spawn: group}, nobody{})
	t.Cleanup(tr.Close)
	return &testSet{Set: conns.New(limits, group, ring), t: t, transport: tr}
}

// admit returns a connection of a user, nobody known for an empty one.
func (s *testSet) admit(user, address string) (*conns.Conn, conns.Limit) {
	c := &conns.Conn{}
	c.Socket.Init(s.transport, c, context.Background())
	arrival := conns.Arrival{ID: fmt.Sprint(s.next.Add(1)), Waiting: address, Address: address}
	arrival.Identity.User, arrival.Identity.Session, _ = strings.Cut(user, "/")
	return c, s.Admit(c, arrival)
}

// open returns one that was upgraded as well.
func (s *testSet) open(user string) *conns.Conn {
	s.t.Helper()
	c, by := s.admit(user, "")
	if by != conns.None {
		s.t.Fatalf("admit %s: refused by %d", user, by)
	}
	if !s.Opened(c, tooMany) {
		s.t.Fatalf("open %s: got false", user)
	}
	return c
}

func (s *testSet) want(active, pending, connecting, all int) {
	s.t.Helper()
	if got, want := s.Counts(), (conns.Counts{Active: active, Pending: pending, Connecting: connecting, All: all}); got != want {
		s.t.Errorf("counts: got %+v, want %+v", got, want)
	}
}

func TestSet_PlacesComeBack(t *testing.T) {
	s := newSet(t, conns.Limits{Connections: 1, Connecting: 1, PerAddress: 2, Pending: 1, PendingPerAddress: 1}, nil)
	known, by := s.admit("alice", "a")
	if by != conns.None {
		t.Fatalf("the first: refused by %d", by)
	}
	if _, by := s.admit("bob", "b"); by != conns.Connections {
		t.Errorf("one more known: got %d, want the bound of connections", by)
	}
	pending, by := s.admit("", "a")
	if by != conns.None {
		t.Fatalf("a pending one: refused by %d", by)
	}
	if _, by := s.admit("", "a"); by != conns.PendingPerAddress {
		t.Errorf("one more pending: got %d, want the bound by address", by)
	}
	if _, by := s.admit("", "b"); by != conns.PendingTotal {
		t.Errorf("one more pending elsewhere: got %d, want the bound of pending ones", by)
	}
	s.want(0, 1, 1, 2)
	s.Gone(known)
	s.Gone(known)
	s.Gone(pending)
	s.want(0, 0, 0, 0)
	for range 2 {
		if _, by := s.admit("", "a"); by == conns.PerAddress {
			t.Error("the address has its places still")
		}
	}
}

// TestH307_never_more_than_allowed: by upgrade and by first message, all at once.
func TestH307_never_more_than_allowed(t *testing.T) {
	const allowed, dials = 5, 200
	s := newSet(t, conns.Limits{Connections: allowed}, nil)
	var wait sync.WaitGroup
	for i := range dials {
		wait.Go(func() {
			user := ""
			if i%2 == 0 {
				user = fmt.Sprint("user", i)
			}
			c, by := s.admit(user, "")
			if by != conns.None || !s.Opened(c, tooMany) {
				return
			}
			if user == "" {
				v := s.Verify(c)
				if verdict, _ := s.Accept(v, conns.Identity{User: fmt.Sprint("user", i)}, tooMany); verdict != conns.Accepted {
					c.End(tooMany)
					return
				}
			}
			s.Activate(c)
			if n := s.Counts().Active; n > allowed {
				t.Errorf("active: got %d, want %d at most", n, allowed)
			}
		})
	}
	wait.Wait()
	if n := s.Counts().Active; n != allowed {
		t.Errorf("active in the end: got %d, want %d", n, allowed)
	}
}

// TestH306_gone_while_verifying: the verdict comes after the peer has gone.
func TestH306_gone_while_verifying(t *testing.T) {
	s := newSet(t, conns.Limits{PerUser: 1, Connections: 1}, nil)
	c := s.open("")
	v := s.Verify(c)
	if c.State() != conns.Verifying {
		t.Errorf("state: got %v, want verifying", c.State())
	}
	s.Gone(c)
	if verdict, _ := s.Accept(v, conns.Identity{User: "alice"}, tooMany); verdict != conns.Ended {
		t.Errorf("verdict: got %v, want Ended", verdict)
	}
	if found := s.Find(cluster.ByUser("alice")); len(found) != 0 {
		t.Errorf("found: got %d, want nobody", len(found))
	}
	if s.Activate(c) {
		t.Error("it became active after it had gone")
	}
	s.want(0, 0, 0, 0)
	s.open("alice") // nobody has taken her place
}

func TestVerify_RevokedMeanwhile(t *testing.T) {
	for name, key := range map[string]cluster.Selector{
		"user":    cluster.ByUser("alice"),
		"session": cluster.BySession("s1"),
		"token":   cluster.ByToken("t1"),
		"epoch":   cluster.ByUserBefore("alice", 3),
		"all":     cluster.All(),
	} {
		t.Run(name, func(t *testing.T) {
			s := newSet(t, conns.Limits{}, nil)
			c, other := s.open(""), s.open("")
			v, w := s.Verify(c), s.Verify(other)
			s.Revoke(key, revoked)
			if verdict, reason := s.Accept(v, conns.Identity{User: "alice", Session: "s1", Token: "t1", Epoch: 2}, tooMany); verdict != conns.Revoked || reason != revoked {
				t.Errorf("alice: got %v, %v, want revoked", verdict, reason)
			}
			if verdict, _ := s.Accept(w, conns.Identity{User: "bob", Session: "s2", Token: "t2", Epoch: 2}, tooMany); verdict != conns.Accepted && key.Kind() != cluster.KindAll {
				t.Errorf("bob: got %v, want accepted", verdict)
			}
		})
	}
}

func TestFind_FollowsTheIdentity(t *testing.T) {
	s := newSet(t, conns.Limits{}, nil)
	c := s.open("alice/s1")
	s.Activate(c)
	find := func(by cluster.Selector) int { return len(s.Find(by)) }
	if find(cluster.ByUser("alice")) != 1 || find(cluster.BySession("s1")) != 1 || find(cluster.ByUserBefore("alice", 1)) != 1 || find(cluster.ByClient(c.ID())) != 1 {
		t.Error("before: it is not found")
	}
	s.Accept(s.Verify(c), conns.Identity{User: "alice", Session: "s1", Token: "t2", Epoch: 1}, tooMany)
	if find(cluster.ByUser("alice")) != 1 || find(cluster.ByToken("t2")) != 1 || find(cluster.ByUserBefore("alice", 1)) != 0 {
		t.Error("after a refresh: it is found by what it was, or not by what it is")
	}
	if find(cluster.BySession(""))+find(cluster.ByToken(""))+find(cluster.ByUser(""))+find(cluster.Selector{}) != 0 {
		t.Error("an empty id found somebody")
	}
	if c.State() != conns.Active {
		t.Errorf("state: got %v, want active", c.State())
	}
	c.End(revoked)
	if find(cluster.ByUser("alice")) != 1 {
		t.Error("a closing connection is not found, so a sign-out can't hurry it")
	}
	s.Gone(c)
	if find(cluster.ByUser("alice"))+find(cluster.ByToken("t2"))+find(cluster.All()) != 0 {
		t.Error("it is found after it has gone")
	}
}

// TestH315_the_newcomer_lives: who has as many connections as may be gives up the
// oldest of the same session, or the oldest of all.
func TestH315_the_newcomer_lives(t *testing.T) {
	s := newSet(t, conns.Limits{PerUser: 3}, nil)
	desk, phone, tablet := s.open("alice/desk"), s.open("alice/phone"), s.open("alice/tablet")
	s.open("bob/desk")
	again := s.open("alice/phone")
	if !phone.Ending() || desk.Ending() || tablet.Ending() || again.Ending() {
		t.Error("a phone that comes back: want its own old connection to end, and no other")
	}
	laptop := s.open("alice/laptop")
	if !desk.Ending() || tablet.Ending() || laptop.Ending() {
		t.Error("one device more: want the oldest to end")
	}
	if found := len(s.Find(cluster.ByUser("bob"))); found != 1 {
		t.Errorf("bob: got %d connections, want 1", found)
	}
	pending := s.open("")
	s.Accept(s.Verify(pending), conns.Identity{User: "alice", Session: "tablet"}, tooMany)
	if !tablet.Ending() || pending.Ending() {
		t.Error("by first message: want its own old connection to end")
	}
}

func TestDrain_TellsEverybody(t *testing.T) {
	s := newSet(t, conns.Limits{}, nil)
	arriving, _ := s.admit("alice", "")
	pending, verifying, active := s.open("bob"), s.open(""), s.open("carol")
	v := s.Verify(verifying)
	s.Activate(active)
	if left := s.Drain(); len(left) != 4 {
		t.Errorf("left: got %d, want 4", len(left))
	}
	if _, by := s.admit("dave", ""); by != conns.Draining || s.Room() != conns.Draining || s.RoomPending("") != conns.Draining {
		t.Error("somebody more was admitted")
	}
	all := []*conns.Conn{arriving, pending, verifying, active}
	for _, c := range all {
		c.End(revoked)
	}
	if s.Opened(arriving, tooMany) {
		t.Error("the arriving one was opened after its end was decided")
	}
	if verdict, _ := s.Accept(v, conns.Identity{User: "eve"}, tooMany); verdict != conns.Ended {
		t.Errorf("verdict: got %v, want Ended", verdict)
	}
	for _, c := range all {
		select {
		case <-s.Empty():
			t.Error("empty too early")
		default:
		}
		s.Gone(c)
	}
	<-s.Empty()
	s.want(0, 0, 0, 0)
}

func TestEnd_IsDecidedOnce(t *testing.T) {
	s := newSet(t, conns.Limits{}, nil)
	c := s.open("alice")
	s.Activate(c)
	if !c.End(revoked) || c.End(tooMany) || !c.Ending() || c.Active() {
		t.Error("want the first end to count and no other")
	}
	s.want(0, 0, 0, 1)
	s.Gone(c)
	if c.End(revoked) || s.Verify(c) != nil {
		t.Error("something happened to a connection that is gone")
	}
}

// TestRevoke_AgainAndAgain: a verification that hangs keeps each revocation once.
func TestRevoke_AgainAndAgain(t *testing.T) {
	s := newSet(t, conns.Limits{}, nil)
	v := s.Verify(s.open(""))
	before := heap()
	defer func() {
		if grown := heap() - before; grown > 1<<20 {
			t.Errorf("heap grew by %d KiB", grown>>10)
		}
		runtime.KeepAlive(v)
	}()
	for range 100_000 {
		s.Revoke(cluster.ByUser("alice"), revoked)
	}
	if verdict, _ := s.Accept(v, conns.Identity{User: "alice"}, tooMany); verdict != conns.Revoked {
		t.Errorf("verdict: got %v, want Revoked", verdict)
	}
}

func TestState_Names(t *testing.T) {
	if got := fmt.Sprint(conns.Arriving, conns.Pending, conns.Verifying, conns.Active, conns.Closing, conns.Gone, conns.State(99)); got != "arriving pending verifying active closing gone unknown" {
		t.Errorf("names: got %s", got)
	}
}

func heap() int64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}
