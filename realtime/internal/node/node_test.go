package node_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/yodelrt/yodel/realtime/cluster"
	"github.com/yodelrt/yodel/realtime/internal/node"
	"github.com/yodelrt/yodel/realtime/internal/transport"
)

var signedOut = transport.Close{Code: 3503, Reason: "x"}

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// testHub notes what it is ordered, and panics where it is told to.
type testHub struct {
	mu     sync.Mutex
	ends   []node.End
	asked  int
	panics bool
}

func (h *testHub) order() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.asked++; h.panics {
		panic("a hook of the application")
	}
}

func (h *testHub) End(e node.End) int {
	h.order()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ends = append(h.ends, e)
	return 1
}
func (h *testHub) Rejudge(context.Context, cluster.Selector) int { h.order(); return 1 }
func (h *testHub) Deliver(cluster.Selector, []byte) error        { h.order(); return nil }
func (h *testHub) Info(cluster.InfoQuery) cluster.NodeInfo       { h.order(); return cluster.NodeInfo{} }

// testEngine is a Control and Revocations of one node.
type testEngine struct {
	member  cluster.Member
	take    func(cluster.Revocation)
	sent    [][]byte
	kept    []cluster.Revocation
	down    atomic.Bool
	reached time.Time
	left    int
}

var errDown = errors.New("the engine is down")

func (e *testEngine) Join(_ context.Context, m cluster.Member) (cluster.Node, func(), error) {
	e.member = m
	return cluster.Node{ID: "a", Name: "node a"}, func() { e.left++ }, nil
}
func (e *testEngine) Send(_ context.Context, sent []byte) error {
	e.sent = append(e.sent, sent)
	return nil
}
func (e *testEngine) Nodes(context.Context) ([]cluster.Node, error) {
	return []cluster.Node{{ID: "a"}}, nil
}
func (e *testEngine) Reached() time.Time {
	if e.reached.IsZero() {
		return time.Now()
	}
	return e.reached
}
func (e *testEngine) Revoke(_ context.Context, r cluster.Revocation) error {
	if e.down.Load() {
		return errDown
	}
	e.kept = append(e.kept, r)
	return nil
}
func (e *testEngine) Follow(_ context.Context, take func(cluster.Revocation)) (func(), error) {
	e.take = take
	return func() { e.left++ }, nil
}

func joined(t *testing.T, hub *testHub, e *testEngine, change func(*node.Config)) (*node.Node, *bytes.Buffer) {
	log := &bytes.Buffer{}
	config := node.Config{
		Hub: hub, Control: e, Revocations: e, CutOff: cluster.CutOff{RefuseAfter: 5 * time.Second, EndAfter: 30 * time.Second}, Spread: time.Second,
		EndAll: func(time.Duration) int { return 0 }, Count: func() (int, int) { return 2, 3 },
		Go: func(work func()) { go work() }, Log: slog.New(slog.NewTextHandler(log, nil)),
	}
	if change != nil {
		change(&config)
	}
	n := node.New(config)
	if err := n.Join(); err != nil {
		t.Fatalf("join: %v", err)
	}
	return n, log
}

// Whatever another node or the engine has the hub do, a panic in it ends neither
// the engine's goroutine nor the process.
func TestNode_PanicOfTheHub(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hub, engine := &testHub{panics: true}, &testEngine{}
		n, log := joined(t, hub, engine, func(c *node.Config) { c.Count = func() (int, int) { panic("count") } })
		for _, head := range []string{`"op":"send","by":"client:a"`, `"op":"broadcast","by":"all:"`, `"op":"disconnect","by":"user:a","code":3503,"reason":"x"`,
			`"op":"rejudge","by":"user:a"`, `"op":"ask","survey":"1","to":"b"`} {
			engine.member.Receive([]byte(`{"v":1,` + head + "}\n{}"))
		}
		engine.take(cluster.Revocation{By: cluster.ByUser("a"), Code: 3503, Reason: "x", At: time.Now(), Until: time.Now().Add(time.Hour)})
		engine.member.Missed()
		engine.member.Self()
		synctest.Wait()
		if got := strings.Count(log.String(), "panicked"); got != 8 {
			t.Errorf("logged panics: got %d, want 8\n%s", got, log)
		}
		n.Leave()
		if engine.left != 2 {
			t.Errorf("left: got %d of the engine's ends, want 2", engine.left)
		}
	})
}

// A watch that panics once goes on to watch.
func TestNode_PanicOfTheWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		engine := &testEngine{reached: time.Now()}
		n, _ := joined(t, &testHub{}, engine, func(c *node.Config) {
			c.EndAll = func(time.Duration) int { calls++; panic("once more") }
		})
		time.Sleep(40 * time.Second)
		synctest.Wait()
		if calls < 2 {
			t.Errorf("ends: got %d, want the watch to go on after the first has panicked", calls)
		}
		n.Leave()
	})
}

// A user who was revoked may be here again already: connections that were opened
// well after it are spared. By session, nothing is.
func TestNode_RevocationSparesWhoCameLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hub, engine := &testHub{}, &testEngine{}
		n, _ := joined(t, hub, engine, nil)
		defer n.Leave()
		at := time.Now()
		for _, test := range []struct {
			by    cluster.Selector
			spare bool
		}{{cluster.ByUser("a"), true}, {cluster.All(), true}, {cluster.BySession("s"), false}, {cluster.ByToken("t"), false}, {cluster.ByUserBefore("a", 3), false}} {
			hub.ends = nil
			engine.take(cluster.Revocation{By: test.by, Code: 3503, Reason: "x", At: at, Until: at.Add(time.Hour)})
			want := time.Time{}
			if test.spare {
				want = at.Add(5 * time.Second)
			}
			if len(hub.ends) != 1 || !hub.ends[0].OpenedBefore.Equal(want) {
				t.Errorf("%+v: got %+v, want those opened before %v", test.by, hub.ends, want)
			}
		}
		if end, revoked := n.Revoked("s", ""); !revoked || end.Code != 3503 {
			t.Errorf("session s: got %+v, %t, want revoked by 3503", end, revoked)
		}
		for _, by := range []cluster.Selector{cluster.BySession(""), cluster.ByToken("")} {
			engine.take(cluster.Revocation{By: by, Code: 3503, Reason: "x", At: at, Until: at.Add(time.Hour)})
		}
		if _, revoked := n.Revoked("", ""); revoked {
			t.Error("who has no session is revoked")
		}
		time.Sleep(2 * time.Hour)
		if _, revoked := n.Revoked("s", "t"); revoked {
			t.Error("revoked after the revocation's end")
		}
	})
}

// What can't be stored is told as an error, counted, and stored when the engine is
// back.
func TestNode_RevokeWhileTheEngineIsDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hub, engine := &testHub{}, &testEngine{}
		engine.down.Store(true)
		n, _ := joined(t, hub, engine, nil)
		defer n.Leave()
		ended, err := n.End(t.Context(), node.End{By: cluster.BySession("s"), Close: signedOut}, true)
		if ended != 1 || !errors.Is(err, errDown) || n.Health().Unstored != 1 {
			t.Errorf("got %d ended, %v, %+v, want 1, that error and 1 unstored", ended, err, n.Health())
		}
		engine.down.Store(false)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if len(engine.kept) != 1 || n.Health().Unstored != 0 {
			t.Errorf("afterwards: got %d kept, %+v, want 1 and none unstored", len(engine.kept), n.Health())
		}
	})
}

func TestNode_Alone(t *testing.T) {
	hub := &testHub{}
	n := node.New(node.Config{Hub: hub})
	if err := n.Join(); err != nil {
		t.Fatalf("join: %v", err)
	}
	defer n.Leave()
	for _, forGood := range []bool{true, false} {
		if ended, err := n.End(t.Context(), node.End{By: cluster.All()}, forGood); ended != 1 || err != nil {
			t.Errorf("end, for good %t: got %d, %v, want 1", forGood, ended, err)
		}
	}
	if n.Rejudge(t.Context(), cluster.All()) != 1 {
		t.Error("the hub was not ordered")
	}
	if _, revoked := n.Revoked("s", "t"); revoked || n.CutOff() || n.Health() != (cluster.Health{}) {
		t.Error("a node that is alone knows of an engine")
	}
	info, err := n.Info(t.Context(), cluster.InfoQuery{})
	if err != nil || len(info.Nodes) != 1 || info.Nodes[0].Node != (cluster.Node{}) {
		t.Errorf("info: got %+v, %v, want one node without a name", info, err)
	}
}
