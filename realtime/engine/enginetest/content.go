package enginetest

import (
	"bytes"
	"maps"
	"testing"
	"time"

	"github.com/yodelrt/yodel/realtime/engine"
)

// same reports whether one publication has all that another was published with.
func same(got, want engine.Publication) bool {
	info := func(p engine.Publication) engine.ClientInfo {
		if p.Info == nil {
			return engine.ClientInfo{User: "nobody"}
		}
		return *p.Info
	}
	a, b := info(got), info(want)
	return got.Kind == want.Kind && bytes.Equal(got.Data, want.Data) && maps.Equal(got.Tags, want.Tags) &&
		a.User == b.User && a.Client == b.Client && bytes.Equal(a.Conn, b.Conn) && bytes.Equal(a.Channel, b.Channel) &&
		got.Except == want.Except && got.ExceptSession == want.ExceptSession && got.ExceptUser == want.ExceptUser
}

// carried publishes and compares what is heard and, where it is kept, read.
func carried(t *testing.T, tested engine.Engine, p engine.Publication, options engine.PublishOptions) {
	t.Helper()
	heard := listen(t, tested.Broker, "a")
	before := time.Now().Add(-time.Minute)
	position, err := tested.Broker.Publish(t.Context(), "a", p, options)
	if err != nil {
		t.Fatal(err)
	}
	live := <-heard
	if !same(live, p) || live.At.Before(before) || live.Offset != position.Offset {
		t.Errorf("live: got %+v, want %+v", live, p)
	}
	if position.Offset == 0 {
		return
	}
	found := history(t, tested.Broker, "a", engine.HistoryQuery{Limit: 1, Reverse: true})
	if len(found.Publications) != 1 {
		t.Fatalf("history: got %d publications, want 1", len(found.Publications))
	}
	if read := found.Publications[0]; !same(read, p) || read.At.Before(before) || read.Epoch != position.Epoch || read.Offset != position.Offset {
		t.Errorf("history: got %+v, want %+v", read, p)
	}
}

func survives(t *testing.T, tested engine.Engine) {
	info := &engine.ClientInfo{User: "alice \x00", Client: "c", Conn: []byte(`{"a":1}`), Channel: []byte(`[2]`)}
	tags := map[string]string{"k": "v", "": "empty", "empty": "", "ä\n": "\x00"}
	for _, options := range []engine.PublishOptions{kept, {}} {
		carried(t, tested, engine.Publication{Data: []byte{0, 0xff, '\n'}, Info: info, Tags: tags}, options)
		carried(t, tested, engine.Publication{Data: []byte(`1`)}, options)
		carried(t, tested, engine.Publication{Info: &engine.ClientInfo{}}, options)
	}
	for _, kind := range []engine.Kind{engine.Joined, engine.Left} {
		carried(t, tested, engine.Publication{Kind: kind, Info: info}, engine.PublishOptions{})
	}
}

func leftOut(t *testing.T, tested engine.Engine) {
	for _, options := range []engine.PublishOptions{kept, {}} {
		carried(t, tested, engine.Publication{Data: []byte(`1`), Except: "client"}, options)
		carried(t, tested, engine.Publication{Data: []byte(`1`), ExceptSession: "session"}, options)
		carried(t, tested, engine.Publication{Data: []byte(`1`), ExceptUser: "user \x00ä"}, options)
		carried(t, tested, engine.Publication{Data: []byte(`1`), Except: "a", ExceptSession: "b", ExceptUser: "c"}, options)
	}
}
