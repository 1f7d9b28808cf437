package realtime_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/cluster"
)

// sessionsOf are the sessions of connections, in their order.
func sessionsOf(list []cluster.ConnState) (sessions []string) {
	for _, one := range list {
		sessions = append(sessions, one.Session)
	}
	return sessions
}

// TestClusterInfo_EveryNode: who is connected anywhere, the oldest first, page by
// page, and on which node.
func TestClusterInfo_EveryNode(t *testing.T) {
	nodes(t, func(t *testing.T, a, b *branch) {
		for i, on := range []*branch{a, b, b, a, b} {
			on.Connect(who([]string{"alice", "bob"}[i%2], fmt.Sprint(i)))
			time.Sleep(time.Second)
		}
		query := cluster.InfoQuery{By: realtime.All(), Connections: 2, Users: []string{"alice", "bob", "carol"}}
		var heard []string
		for more := true; more; {
			found, err := a.ClusterInfo(t.Context(), query)
			if err != nil || len(found.Nodes) != 2 || len(found.Silent) != 0 || found.Selected() != 5 {
				t.Fatalf("cluster info: got %+v, %v", found, err)
			}
			if here, there := found.Nodes[0], found.Nodes[1]; here.Node.ID != "a" || here.Node.Name != "node a" || there.Node.ID != "b" ||
				here.Stats.Open != 2 || there.Stats.Open != 3 || here.Users["alice"] != 1 || there.Users["alice"] != 2 || there.Users["carol"] != 0 {
				t.Errorf("reports: got %+v", found.Nodes)
			}
			var page []cluster.ConnState
			page, more = found.Connections(2)
			for _, one := range page {
				heard = append(heard, one.Session+one.Node)
				query.After = one.Cursor()
			}
		}
		if got := strings.Join(heard, " "); got != "0a 1b 2b 3a 4b" {
			t.Errorf("connections: got %s", got)
		}
		found, _ := a.ClusterInfo(t.Context(), cluster.InfoQuery{By: realtime.ByUser("bob"), Connections: 10})
		list, more := found.Connections(10)
		if got := sessionsOf(list); !slices.Equal(got, []string{"1", "3"}) || more || found.Selected() != 2 {
			t.Errorf("bob's: got %v, more %v", got, more)
		}
		if found, _ := a.ClusterInfo(t.Context(), cluster.InfoQuery{}); found.Selected() != 0 || len(found.Nodes) != 2 {
			t.Errorf("nobody's: got %+v", found)
		}
	})
}

// TestClusterInfo_ChannelsOfAllNodes: subscribers are those of all nodes, and a publication
// is one wherever it arrives.
func TestClusterInfo_ChannelsOfAllNodes(t *testing.T) {
	nodes(t, func(t *testing.T, a, b *branch) {
		for _, on := range []*branch{a, b} {
			if err := on.Channel("room:{id}", realtime.ChannelOptions{}); err != nil {
				t.Fatal(err)
			}
			if _, err := on.Subscribe(t.Context(), realtime.All(), "room:1"); err != nil {
				t.Fatal(err)
			}
		}
		for _, on := range []*branch{a, a, b} {
			on.Connect(who("alice", "1"))
			if _, err := on.Subscribe(t.Context(), realtime.All(), "room:1"); err != nil && !errors.Is(err, realtime.ErrSubscribed) {
				t.Fatal(err)
			}
		}
		if _, err := b.Subscribe(t.Context(), realtime.All(), "room:2"); err != nil {
			t.Fatal(err)
		}
		found, err := b.ClusterInfo(t.Context(), cluster.InfoQuery{Channels: 10})
		if err != nil {
			t.Fatal(err)
		}
		channels := found.Channels(10)
		if len(channels) != 2 || channels[0].Name != "room:1" || channels[0].Subscribers != 3 || channels[1].Subscribers != 1 {
			t.Errorf("channels: got %+v", channels)
		}
		if got := found.Channels(1); len(got) != 1 {
			t.Errorf("the busiest: got %+v", got)
		}
	})
}

// TestClusterInfo_LongAnswer: what does not fit into one message comes with the next
// pages, and nobody is left out between two nodes.
func TestClusterInfo_LongAnswer(t *testing.T) {
	nodes(t, func(t *testing.T, a, b *branch) {
		const each = 150
		long := strings.Repeat("x", 2000)
		for i := range each {
			a.Connect(who(fmt.Sprint("a", i), fmt.Sprint("a", i)))
			b.Connect(who(fmt.Sprint("b", i), fmt.Sprint("b", i, long)))
			time.Sleep(time.Millisecond)
		}
		query := cluster.InfoQuery{By: realtime.All(), Connections: 1000}
		seen, pages := map[string]bool{}, 0
		var last cluster.Cursor
		for more := true; more; pages++ {
			found, err := a.ClusterInfo(t.Context(), query)
			if err != nil || len(found.Nodes) != 2 {
				t.Fatalf("cluster info: got %d reports, %v", len(found.Nodes), err)
			}
			var page []cluster.ConnState
			page, more = found.Connections(1000)
			if len(page) == 0 {
				t.Fatal("an empty page says that more come")
			}
			for _, one := range page {
				if seen[one.Session] || one.Since.Before(last.Since) {
					t.Fatalf("%.10s came again, or too late", one.Session)
				}
				seen[one.Session], last = true, one.Cursor()
			}
			query.After = last
		}
		if len(seen) != 2*each || pages < 2 {
			t.Errorf("got %d connections on %d pages, want %d on several", len(seen), pages, 2*each)
		}
	})
}

// TestClusterInfo_SilentNodes: a node that does not answer is named, one that is cut
// off tells of itself, and a hub alone asks nobody.
func TestClusterInfo_SilentNodes(t *testing.T) {
	nodes(t, func(t *testing.T, a, b *branch) {
		b.Connect(who("bob", "1"))
		b.testNode.cut()
		began := time.Now()
		found, err := a.ClusterInfo(t.Context(), cluster.InfoQuery{By: realtime.All()})
		if err != nil || len(found.Nodes) != 1 || len(found.Silent) != 1 || found.Silent[0].ID != "b" || time.Since(began) != 2*time.Second {
			t.Errorf("one is silent: got %+v, %v after %s", found, err, time.Since(began))
		}
		hurried, cancel := context.WithCancel(t.Context())
		cancel()
		if found, err := a.ClusterInfo(hurried, cluster.InfoQuery{}); err != nil || len(found.Silent) != 1 {
			t.Errorf("nobody waits: got %+v, %v", found, err)
		}
		if found, err := b.ClusterInfo(t.Context(), cluster.InfoQuery{By: realtime.All()}); !errors.Is(err, errCut) || found.Selected() != 1 {
			t.Errorf("cut off: got %+v, %v", found, err)
		}
	})
	c := newTestHub(t, nil)
	c.join("alice")
	if found, err := c.hub.ClusterInfo(t.Context(), cluster.InfoQuery{By: realtime.All(), Connections: 1}); err != nil || found.Selected() != 1 || len(found.Nodes[0].Connections) != 1 {
		t.Errorf("alone: got %+v, %v", found, err)
	}
}

// TestClusterInfo_StrayAnswer is forgotten: another node's, a late one, and one too
// many.
func TestClusterInfo_StrayAnswer(t *testing.T) {
	nodes(t, func(t *testing.T, a, b *branch) {
		for _, to := range []string{"a", "b", "nobody"} {
			a.testNode.member.Receive([]byte(`{"v":1,"op":"answer","survey":"x","to":"` + to + `"}` + "\n" + `{"Node":{"ID":"b"},"Selected":9}`))
		}
		synctest.Wait()
		if n := a.EngineHealth().Ignored; n != 0 {
			t.Errorf("ignored: got %d, want none: they are what nodes say", n)
		}
		if found, err := a.ClusterInfo(t.Context(), cluster.InfoQuery{By: realtime.All()}); err != nil || found.Selected() != 0 {
			t.Errorf("cluster info: got %+v, %v", found, err)
		}
	})
}

// TestClusterInfo_OneConnection: it ends by its id, for its time, and its login goes on.
func TestClusterInfo_OneConnection(t *testing.T) {
	nodes(t, func(t *testing.T, a, b *branch) {
		gone := b.Connect(who("alice", "1"))
		time.Sleep(time.Second)
		b.Connect(who("alice", "1"))
		found, err := a.ClusterInfo(t.Context(), cluster.InfoQuery{By: realtime.All(), Connections: 10})
		if err != nil {
			t.Fatal(err)
		}
		list, _ := found.Connections(10)
		first, second := realtime.ByClient(list[0].Client), realtime.ByClient(list[1].Client)
		if one, _ := a.ClusterInfo(t.Context(), cluster.InfoQuery{By: first, Connections: 10}); one.Selected() != 1 {
			t.Errorf("by its id: got %+v", one)
		}
		a.Disconnect(t.Context(), first, realtime.CloseRevoked)
		gone.WantEnd(realtime.CloseRevoked)
		synctest.Wait() // until the hub has forgotten it
		if here, other := b.Snapshot(first), b.Snapshot(second); len(here) != 0 || len(other) != 1 {
			t.Errorf("left: got %v and %v, want the second alone", here, other)
		}
		b.Connect(who("alice", "1"))
	})
}
