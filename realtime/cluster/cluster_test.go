package cluster_test

import (
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/yodelrt/yodel/realtime/cluster"
)

// An engine or an operator's tool that takes the types must not compile a hub.
func TestImports_StandardLibraryAlone(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", ".").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	if got, want := strings.TrimSpace(string(out)), "github.com/yodelrt/yodel/realtime/cluster"; got != want {
		t.Errorf("packages: got %s, want %s", got, want)
	}
}

func TestSelector_Text(t *testing.T) {
	for text, want := range map[string]cluster.Selector{
		"user:alice":         cluster.ByUser("alice"),
		"user:a:b:":          cluster.ByUser("a:b:"),
		"session:1":          cluster.BySession("1"),
		"token:x y":          cluster.ByToken("x y"),
		"client:c":           cluster.ByClient("c"),
		"before:-3:alice":    cluster.ByUserBefore("alice", -3),
		"before:7:all:alice": cluster.ByUserBefore("all:alice", 7),
		"all:":               cluster.All(),
	} {
		written, err := want.MarshalText()
		if err != nil || string(written) != text {
			t.Errorf("written: got %q, %v, want %q", written, err, text)
		}
		var got cluster.Selector
		if err := got.UnmarshalText([]byte(text)); err != nil || got != want {
			t.Errorf("%q read: got %+v, %v, want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "user:", "user", "all:x", "before:alice", "before:1:", "before:1.5:alice", "none:x", "USER:alice"} {
		before := cluster.ByUser("bob")
		got := before
		if err := got.UnmarshalText([]byte(text)); err == nil || got != before {
			t.Errorf("%q read: got %+v, %v, want an error and nothing changed", text, got, err)
		}
	}
	if text, err := (cluster.Selector{}).MarshalText(); err == nil {
		t.Errorf("a selector of nobody is written as %q, want an error", text)
	}
}

func TestSelector_Empty(t *testing.T) {
	for _, by := range []cluster.Selector{{}, cluster.ByUser(""), cluster.BySession(""), cluster.ByToken(""), cluster.ByClient(""), cluster.ByUserBefore("", 1)} {
		if !by.Empty() {
			t.Errorf("%+v: got not empty, want empty", by)
		}
	}
	for _, by := range []cluster.Selector{cluster.All(), cluster.ByUser("a"), cluster.ByUserBefore("a", 0)} {
		if by.Empty() {
			t.Errorf("%+v: got empty, want not", by)
		}
	}
}

// A page must end where the first node that has more goes on, or connections would
// be left out between two pages.
func TestInfo_Connections_PageEnd(t *testing.T) {
	at := func(second int, client string) cluster.ConnState {
		return cluster.ConnState{Client: client, Since: time.Unix(int64(second), 0)}
	}
	info := cluster.Info{Nodes: []cluster.NodeInfo{
		{Connections: []cluster.ConnState{at(1, "a"), at(3, "b")}, More: true},
		{Connections: []cluster.ConnState{at(2, "c"), at(4, "d"), at(5, "e")}},
	}}
	list, more := info.Connections(10)
	var got []string
	for _, one := range list {
		got = append(got, one.Client)
	}
	if text := strings.Join(got, ""); text != "acb" || !more {
		t.Errorf("got %s, more %t, want acb and more", text, more)
	}
	info.Nodes[1].More = true
	if list, more = info.Connections(10); len(list) != 3 || !more {
		t.Errorf("two have more: got %d, more %t, want the 3 up to the end of the first", len(list), more)
	}
	info.Nodes[0].More, info.Nodes[1].More = false, false
	if list, more = info.Connections(4); len(list) != 4 || !more {
		t.Errorf("all known: got %d, more %t, want 4 and more", len(list), more)
	}
	if list, more = info.Connections(5); len(list) != 5 || more {
		t.Errorf("all known: got %d, more %t, want 5 and no more", len(list), more)
	}
}

// Subscribers are those of all nodes; a publication is one wherever it arrives.
func TestInfo_Channels_Sum(t *testing.T) {
	info := cluster.Info{Nodes: []cluster.NodeInfo{
		{Channels: []cluster.ChannelState{{Name: "a", Subscribers: 1, Publications: 5, PerSecond: 0.5}, {Name: "b", Subscribers: 1, PerSecond: 2}}},
		{Channels: []cluster.ChannelState{{Name: "a", Subscribers: 2, Publications: 4, PerSecond: 0.4}}},
	}}
	got := info.Channels(5)
	if len(got) != 2 || got[0].Name != "b" || got[1] != (cluster.ChannelState{Name: "a", Subscribers: 3, Publications: 5, PerSecond: 0.5}) {
		t.Errorf("got %+v, want b, then a with 3 subscribers and 5 publications", got)
	}
	if got := info.Channels(1); len(got) != 1 || got[0].Name != "b" {
		t.Errorf("one: got %+v, want b, the busiest", got)
	}
}
