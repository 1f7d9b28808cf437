package contract

import (
	"bytes"
	"maps"
	"testing"
	"time"

	"github.com/yodelrt/yodel/realtime"
)

// same reports whether one publication has all that another was published with.
func same(got, want realtime.Publication) bool {
	info := func(p realtime.Publication) realtime.ClientInfo {
		if p.Info == nil {
			return realtime.ClientInfo{User: "nobody"}
		}
		return *p.Info
	}
	a, b := info(got), info(want)
	return got.Kind == want.Kind && bytes.Equal(got.Data, want.Data) && maps.Equal(got.Tags, want.Tags) &&
		a.User == b.User && a.Client == b.Client && bytes.Equal(a.Conn, b.Conn) && bytes.Equal(a.Channel, b.Channel) &&
		got.Except == want.Except && got.ExceptSession == want.ExceptSession && got.ExceptUser == want.ExceptUser
}

// carried publishes and compares what is heard and, where it is kept, read.
func carried(t *testing.T, engine realtime.Engine, p realtime.Publication, options realtime.PublishOptions) {
	t.Helper()
	heard := listen(t, engine.Broker, "a")
	before := time.Now().Add(-time.Minute)
	position, err := engine.Broker.Publish(t.Context(), "a", p, options)
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
	found := history(t, engine.Broker, "a", realtime.HistoryQuery{Limit: 1, Reverse: true})
	if len(found.Publications) != 1 {
		t.Fatalf("history: got %d publications, want 1", len(found.Publications))
	}
	if read := found.Publications[0]; !same(read, p) || read.At.Before(before) || read.Epoch != position.Epoch || read.Offset != position.Offset {
		t.Errorf("history: got %+v, want %+v", read, p)
	}
}

func survives(t *testing.T, engine realtime.Engine) {
	info := &realtime.ClientInfo{User: "alice \x00", Client: "c", Conn: []byte(`{"a":1}`), Channel: []byte(`[2]`)}
	tags := map[string]string{"k": "v", "": "empty", "empty": "", "ä\n": "\x00"}
	for _, options := range []realtime.PublishOptions{kept, {}} {
		carried(t, engine, realtime.Publication{Data: []byte{0, 0xff, '\n'}, Info: info, Tags: tags}, options)
		carried(t, engine, realtime.Publication{Data: []byte(`1`)}, options)
		carried(t, engine, realtime.Publication{Info: &realtime.ClientInfo{}}, options)
	}
	for _, kind := range []realtime.Kind{realtime.Joined, realtime.Left} {
		carried(t, engine, realtime.Publication{Kind: kind, Info: info}, realtime.PublishOptions{})
	}
}

func leftOut(t *testing.T, engine realtime.Engine) {
	for _, options := range []realtime.PublishOptions{kept, {}} {
		carried(t, engine, realtime.Publication{Data: []byte(`1`), Except: "client"}, options)
		carried(t, engine, realtime.Publication{Data: []byte(`1`), ExceptSession: "session"}, options)
		carried(t, engine, realtime.Publication{Data: []byte(`1`), ExceptUser: "user \x00ä"}, options)
		carried(t, engine, realtime.Publication{Data: []byte(`1`), Except: "a", ExceptSession: "b", ExceptUser: "c"}, options)
	}
}
