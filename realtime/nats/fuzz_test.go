package nats_test

import (
	"bytes"
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yodelrt/yodel/realtime/engine"
	"github.com/yodelrt/yodel/realtime/nats"
)

var oneToken = regexp.MustCompile(`^[A-Za-z0-9:_=-]+$`)

// FuzzChannelName: every name is one token without a wildcard, and no other
// name's.
func FuzzChannelName(f *testing.F) {
	for _, name := range []string{"room:1", "a.b", "*", ">", "a b", "\x00", "ä", "=2E", "a=", "$JS.API.>"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		token, err := nats.EncodeChannel(name)
		if (err != nil) != (name == "" || len(name) > 1024) {
			t.Fatalf("a name of %d bytes: %v", len(name), err)
		}
		if err == nil {
			if !oneToken.MatchString(token) || len(token) > 3*1024 {
				t.Fatalf("%q becomes %q", name, token)
			}
			if back, err := nats.DecodeChannel(token); err != nil || back != name {
				t.Fatalf("%q comes back as %q, %v", name, back, err)
			}
		}
		if back, err := nats.DecodeChannel(name); err == nil { // name as a token: it is the only one of its name
			if again, err := nats.EncodeChannel(back); err != nil || again != name {
				t.Fatalf("the tokens %q and %q are of one name", name, again)
			}
		}
	})
}

// FuzzEnvelope: nothing that comes from the engine ends the process, and what is
// taken means the same when it is written again.
func FuzzEnvelope(f *testing.F) {
	full := engine.Publication{
		Data: []byte(`{"a":1}`), Offset: 7, Epoch: "epoch", At: time.Unix(1, 2), Except: "c", ExceptSession: "s", ExceptUser: "u",
		Info: &engine.ClientInfo{User: "alice", Client: "c", Conn: []byte("1"), Channel: []byte("2")}, Tags: map[string]string{"k": "v"},
	}
	f.Add(nats.Envelope(full, 10))
	f.Add(nats.Envelope(engine.Publication{Data: []byte("x")}, 0))
	f.Add([]byte{0x08, 4, 0x12, 1, 'e'})
	f.Add([]byte{0xfc, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01})
	f.Fuzz(func(t *testing.T, message []byte) {
		first, again, err := nats.DecodeEnvelope(message)
		if err != nil {
			return
		}
		second, _, err := nats.DecodeEnvelope(again)
		if err != nil {
			t.Fatalf("written again it is %v", err)
		}
		if first.At.Equal(second.At) {
			first.At, second.At = time.Time{}, time.Time{}
		}
		if difference := cmp.Diff(normal(first), normal(second)); difference != "" {
			t.Fatal(difference)
		}
	})
}

// normal makes empty and missing bytes alike.
func normal(p engine.Publication) engine.Publication {
	p.Data = append([]byte(nil), p.Data...)
	if p.Info != nil {
		info := *p.Info
		info.Conn, info.Channel = append([]byte(nil), info.Conn...), append([]byte(nil), info.Channel...)
		p.Info = &info
	}
	return p
}

// FuzzControl: no bytes are taken for a node's without its secret.
func FuzzControl(f *testing.F) {
	f.Add([]byte(nil))
	f.Add(bytes.Repeat([]byte{1}, 200))
	f.Fuzz(func(t *testing.T, message []byte) {
		if nats.OpenControl(secret, message) == nil {
			t.Fatal("it was taken")
		}
	})
}
