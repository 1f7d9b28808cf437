package realtime_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/cluster"
	"github.com/yodelrt/yodel/realtime/realtimetest"
)

// nodes runs a test with two hubs that share an engine, on a fake clock.
func nodes(t *testing.T, test func(t *testing.T, a, b *branch)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		x := &exchange{}
		test(t, x.branch(t, "a"), x.branch(t, "b"))
	})
}

func TestMessagesReachEveryNode(t *testing.T) {
	nodes(t, func(t *testing.T, a, b *branch) {
		here, there, other := a.Connect(who("alice", "1")), b.Connect(who("alice", "2")), b.Connect(who("bob", "3"))
		if n, err := a.Send(t.Context(), realtime.ByUser("alice"), []byte(`{"n":1.0}`)); n != 1 || err != nil {
			t.Errorf("send: got %d of this node, %v, want 1", n, err)
		}
		if n, err := a.Send(t.Context(), realtime.All(), []byte(`"all <b>"`)); n != 1 || err != nil {
			t.Errorf("broadcast: got %d of this node, %v, want 1", n, err)
		}
		if got := string(here.Next().Message.Data) + string(here.Next().Message.Data); got != `{"n":1.0}"all <b>"` {
			t.Errorf("alice here heard %s", got)
		}
		if got := string(there.Next().Message.Data) + string(there.Next().Message.Data); got != `{"n":1.0}"all <b>"` {
			t.Errorf("alice there heard %s", got)
		}
		if got := string(other.Next().Message.Data); got != `"all <b>"` {
			t.Errorf("bob heard %s", got)
		}
	})
}

func TestEndsAndJudgementsReachEveryNode(t *testing.T) {
	nodes(t, func(t *testing.T, a, b *branch) {
		alice, bob := b.Connect(who("alice", "1")), b.Connect(who("bob", "2"))
		if n, err := a.Disconnect(t.Context(), realtime.ByUser("alice"), realtime.CloseInvalidated); n != 0 || err != nil {
			t.Errorf("ended on this node: got %d, want 0", n)
		}
		alice.WantEnd(realtime.CloseInvalidated)
		b.Connect(who("alice", "1")) // may come back
		b.ban("bob")
		a.Rejudge(t.Context(), realtime.ByUser("bob"))
		bob.WantEnd(realtime.CloseRevoked)
	})
}

// TestWhatEveryNodeLearnsForItself is told to no other and stored nowhere.
func TestWhatEveryNodeLearnsForItself(t *testing.T) {
	nodes(t, func(t *testing.T, a, b *branch) {
		here, there := a.Connect(who("alice", "1")), b.Connect(who("alice", "1"))
		if n, err := a.DisconnectHere(realtime.BySession("1"), realtime.CloseRevoked); n != 1 || err != nil {
			t.Errorf("ended here: got %d, want 1", n)
		}
		here.WantEnd(realtime.CloseRevoked)
		bob, too := a.Connect(who("bob", "2")), b.Connect(who("bob", "3"))
		a.ban("bob")
		b.ban("bob")
		if n := a.RejudgeHere(t.Context(), realtime.ByUser("bob")); n != 1 {
			t.Errorf("judged here: got %d, want 1", n)
		}
		bob.WantEnd(realtime.CloseRevoked)
		for _, one := range []*realtimetest.Client{there, too} {
			if _, err := b.Send(t.Context(), realtime.ByUser("alice"), []byte(`{}`)); err != nil {
				t.Fatal(err)
			}
			if _, err := b.Send(t.Context(), realtime.ByUser("bob"), []byte(`{}`)); err != nil {
				t.Fatal(err)
			}
			one.Next() // it is still there
		}
		if kept := a.station.exchange.kept; len(kept) > 0 {
			t.Errorf("stored: %v", kept)
		}
	})
}

// TestH135_what_no_node_says: it is ignored and counted, and changes nothing.
func TestH135_what_no_node_says(t *testing.T) {
	nodes(t, func(t *testing.T, a, b *branch) {
		alice := b.Connect(who("alice", "1"))
		said := []string{
			"", "{}", "null", "[1]", `{"v":2,"op":"rejudge","by":"all:"}`, `{"v":1,"op":"format disk","by":"all:"}`,
			`{"v":1,"op":"disconnect","by":"all:","code":3503}`, `{"v":1,"op":"disconnect","by":"all:","code":1005,"reason":"x"}`, `{"v":1,"op":"disconnect","by":"all:","code":3000,"reason":"x"}`,
			`{"v":1,"op":"disconnect","by":"everybody","code":3503,"reason":"x"}`, `{"v":1,"op":"disconnect","by":"user:","code":3503,"reason":"x"}`,
			`{"v":1,"op":"disconnect","code":3503,"reason":"x"}`, `{"v":1,"op":"send","by":"all:"}` + "\n1", `{"v":1,"op":"broadcast","by":"all:"}` + "\nnot json",
			`{"v":1,"op":"ask","by":"all:","to":"a"}` + "\n{}", `{"v":1,"op":"answer","survey":"x"}` + "\n{}", `{"v":1,"op":"answer","survey":"x","to":"b"}` + "\nnot json",
		}
		for _, message := range said {
			b.station.member.Receive([]byte(message))
		}
		if n := b.EngineHealth().Ignored; n != uint64(len(said)) {
			t.Errorf("ignored: got %d, want %d", n, len(said))
		}
		b.station.follow(cluster.Revocation{By: realtime.All(), Code: 1, Reason: "x"})
		if n := b.EngineHealth().Ignored; n != uint64(len(said)+1) {
			t.Errorf("a revocation without a code: got %d ignored, want one more", n)
		}
		b.Send(t.Context(), realtime.ByUser("alice"), []byte("1"))
		if got := string(alice.Next().Message.Data); got != "1" || alice.Heard() != 0 {
			t.Errorf("alice heard %s and %d more, want what was sent here alone", got, alice.Heard())
		}
	})
}

func TestNodesKnowEachOther(t *testing.T) {
	nodes(t, func(t *testing.T, a, b *branch) {
		b.Connect(who("alice", "1"))
		b.Connect(who("bob", "2"))
		synctest.Wait()
		found, err := a.Nodes(t.Context())
		if err != nil || len(found) != 2 || found[1].Connections != 2 || found[0].Connections != 0 {
			t.Errorf("nodes: got %+v, %v", found, err)
		}
	})
}

// TestH129_handshake_at_a_node_that_is_cut_off: it is refused, and nothing follows the
// refusal.
func TestH129_handshake_at_a_node_that_is_cut_off(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		node := (&exchange{}).open("a")
		alice := func(context.Context) (realtime.Principal, bool) { return realtime.Principal{UserID: "alice"}, true }
		hub, err := realtime.New(realtime.Config{Principal: alice, Engine: node.engine()})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = hub.Shutdown(t.Context()) }()
		node.cut()
		time.Sleep(6 * time.Second)
		w := httptest.NewRecorder()
		hub.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/ws", nil))
		var body struct{ Error struct{ Code string } }
		if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil || w.Code != http.StatusServiceUnavailable || body.Error.Code != "unavailable" {
			t.Errorf("got %d %q, %v; want 503, unavailable and nothing else", w.Code, w.Body, err)
		}
	})
}

// TestCutOff_EndsSpread: a node that is cut off for long ends its connections over
// DrainSpread, so that they don't arrive elsewhere all at once.
func TestCutOff_EndsSpread(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		node := (&exchange{}).open("a")
		hub, err := realtime.New(realtime.Config{
			Principal: realtimetest.Principal, Engine: node.engine(), DrainSpread: 10 * time.Second, Logger: slog.New(slog.DiscardHandler),
		})
		if err != nil {
			t.Fatal(err)
		}
		server := realtimetest.Serve(t, hub)
		const all = 40
		for i := range all {
			server.Connect(who("alice"+strconv.Itoa(i), strconv.Itoa(i)))
		}
		node.cut()
		time.Sleep(36 * time.Second)
		if n := hub.Connections(); n == 0 || n == all {
			t.Errorf("5 s after it began to end them: %d connections, want some of %d", n, all)
		}
		time.Sleep(7 * time.Second)
		if n := hub.Connections(); n != 0 {
			t.Errorf("12 s after it began to end them: %d connections, want 0", n)
		}
	})
}

// TestH129_cut_off_during_a_revoke: the node refuses new connections after 5 s,
// ends its own after 30 s so that they come back elsewhere, and carries out what
// it has missed when it is back.
func TestH129_cut_off_during_a_revoke(t *testing.T) {
	nodes(t, func(t *testing.T, a, b *branch) {
		alice, bob := b.Connect(who("alice", "1")), b.Connect(who("bob", "2"))
		b.station.cut()
		if _, err := a.Hub.Disconnect(t.Context(), realtime.BySession("1"), realtime.CloseRevoked); err != nil {
			t.Fatal(err)
		}
		time.Sleep(4 * time.Second)
		if !b.HasRoom() {
			t.Error("after 4 s: it refuses already")
		}
		time.Sleep(2 * time.Second)
		if b.HasRoom() || b.AdmitPending("1.2.3.4") == nil || !b.EngineHealth().CutOff {
			t.Error("after 6 s: it lets new connections in")
		}
		if b.Connections() != 2 {
			t.Errorf("after 6 s: %d connections, want 2", b.Connections())
		}
		b.station.mend()
		alice.WantEnd(realtime.CloseRevoked)
		synctest.Wait()
		if !b.HasRoom() || b.Connections() != 1 {
			t.Errorf("it is back: room %v, %d connections, want bob's", b.HasRoom(), b.Connections())
		}
		b.station.cut()
		time.Sleep(29 * time.Second)
		if b.Connections() != 1 {
			t.Errorf("after 29 s: %d connections, want 1", b.Connections())
		}
		time.Sleep(9 * time.Second)
		bob.WantEnd(realtime.CloseReconnect)
		if realtime.CloseReconnect.Terminal() {
			t.Error("clients would not come back")
		}
	})
}

// A node that was cut off may have missed that a principal has changed.
func TestH130_whoever_is_back_asks_again(t *testing.T) {
	nodes(t, func(t *testing.T, a, b *branch) {
		alice := b.Connect(who("alice", "1"))
		b.station.cut()
		b.ban("alice")
		a.Rejudge(t.Context(), realtime.ByUser("alice"))
		time.Sleep(10 * time.Second)
		if b.Connections() != 1 {
			t.Error("the judgement has reached a node that is cut off")
		}
		b.station.mend()
		alice.WantEnd(realtime.CloseRevoked)
	})
}

func TestMissedMessagesAreMadeUpFor(t *testing.T) {
	nodes(t, func(t *testing.T, a, b *branch) {
		alice := b.Connect(who("alice", "1"))
		b.ban("alice")
		b.station.member.Missed()
		alice.WantEnd(realtime.CloseRevoked)
	})
}

// TestH128_revoked_on_another_node: and the same session does not get in again,
// though nothing asks for it.
func TestH128_revoked_on_another_node(t *testing.T) {
	nodes(t, func(t *testing.T, a, b *branch) {
		alice := b.Connect(who("alice", "1"))
		a.Disconnect(t.Context(), realtime.BySession("1"), realtime.CloseRevoked)
		alice.WantEnd(realtime.CloseRevoked)
		again := b.Dial(who("alice", "1"))
		again.Send(`{"id":1,"connect":{}}`)
		again.WantEnd(realtime.CloseRevoked)
		a.Disconnect(t.Context(), realtime.ByToken("token of 2"), realtime.CloseRevoked)
		token := b.Dial(who("alice", "2"))
		token.Send(`{"id":1,"connect":{}}`)
		token.WantEnd(realtime.CloseRevoked)
		b.Connect(who("alice", "3")) // another login
	})
}

// A user who was signed out everywhere signs in again, also on a node that hears
// of it late.
func TestRevokedUsersMaySignInAgain(t *testing.T) {
	nodes(t, func(t *testing.T, a, b *branch) {
		b.Connect(who("alice", "1"))
		b.station.cut()
		a.Disconnect(t.Context(), realtime.ByUser("alice"), realtime.CloseRevoked)
		time.Sleep(20 * time.Second)
		b.station.cut() // anew, which lets somebody in
		b.Connect(who("alice", "2"))
		b.station.mend()
		synctest.Wait()
		if n := b.Connections(); n != 1 {
			t.Errorf("connections: got %d, want the new one", n)
		}
	})
}

// TestH131_a_revocation_survives: one that the engine did not take is tried
// again, and a node that starts reads what is kept.
func TestH131_a_revocation_survives(t *testing.T) {
	nodes(t, func(t *testing.T, a, b *branch) {
		a.station.cut()
		alice, there := a.Connect(who("alice", "1")), b.Connect(who("alice", "1"))
		if n, err := a.Hub.Disconnect(t.Context(), realtime.BySession("1"), realtime.CloseRevoked); n != 1 || err == nil {
			t.Errorf("revoke while cut off: got %d, %v, want 1 here and an error", n, err)
		}
		alice.WantEnd(realtime.CloseRevoked)
		synctest.Wait()
		if n := a.EngineHealth().Unstored; n != 1 || b.Connections() != 1 {
			t.Errorf("unstored: got %d, want 1", n)
		}
		a.station.mend()
		there.WantEnd(realtime.CloseRevoked)
		c := a.station.exchange.branch(t, "c")
		late := c.Dial(who("alice", "1"))
		late.Send(`{"id":1,"connect":{}}`)
		late.WantEnd(realtime.CloseRevoked)
	})
}

func TestRevocationsAreForgotten(t *testing.T) {
	nodes(t, func(t *testing.T, a, b *branch) {
		a.Disconnect(t.Context(), realtime.BySession("1"), realtime.CloseRevoked)
		time.Sleep(61 * time.Minute)
		b.Connect(who("alice", "1"))
	})
}
