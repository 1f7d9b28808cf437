package nats_test

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	client "github.com/nats-io/nats.go"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/engine"
	"github.com/yodelrt/yodel/realtime/nats"
)

// TestH135_forged_control_messages: whoever gets at the subjects without the
// secret, or says again what a node has said, commands nobody.
func TestH135_forged_control_messages(t *testing.T) {
	server := listening(t, t.TempDir())
	conn, stream := operator(t, server)
	a, b := newNode(t, open(t, server, withSecret), nil), newNode(t, open(t, server, withSecret), nil)
	alice := b.Connect(as("alice", "1"))
	said, err := conn.SubscribeSync("yodel.control")
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.Flush(); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Send(t.Context(), realtime.All(), []byte(`"once"`)); err != nil {
		t.Fatal(err)
	}
	overheard, err := said.NextMsg(10 * time.Second)
	if err != nil {
		t.Fatal(err)
	}
	altered := bytes.Clone(overheard.Data)
	altered[len(altered)-40] ^= 1
	stranger := newNode(t, open(t, server, func(o *nats.Options) { o.Secret = []byte(strings.Repeat("another secret. ", 2)) }), nil)
	forged := [][]byte{overheard.Data, altered, nil, []byte("rejudge"), bytes.Repeat([]byte("x"), 200)}
	for _, message := range forged {
		if err := conn.Publish("yodel.control", message); err != nil {
			t.Fatal(err)
		}
	}
	stranger.Disconnect(t.Context(), realtime.ByUser("alice"), realtime.CloseRevoked) // one message and one revocation
	revocations, err := stream.KeyValue(t.Context(), "yodel-revocations")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := revocations.Put(t.Context(), "0000", []byte(`{"by":"all:","code":3503,"reason":"x"}`)); err != nil {
		t.Fatal(err)
	}
	eventually(t, "all of it is counted", func() bool { return b.engine.Stats().Forged == uint64(len(forged)+3) })
	if _, err := a.Send(t.Context(), realtime.ByUser("alice"), []byte(`"true"`)); err != nil {
		t.Fatal(err)
	}
	if got := string(alice.Next().Message.Data) + string(alice.Next().Message.Data); got != `"once""true"` || alice.Heard() != 0 {
		t.Errorf("alice heard %s and %d more", got, alice.Heard())
	}
}

// TestH188_malformed_messages: dropped and counted; the channel goes on.
func TestH188_malformed_messages(t *testing.T) {
	server := listening(t, t.TempDir())
	conn, stream := operator(t, server)
	tested := open(t, server, func(o *nats.Options) { o.Secret, o.MaxMessageBytes = secret, 10_000 })
	heard := make(chan engine.Publication, 10)
	if err := tested.Broker.Subscribe(t.Context(), "a", func(p engine.Publication) { heard <- p }); err != nil {
		t.Fatal(err)
	}
	publish(t, tested, "a", "1")
	<-heard
	malformed := [][]byte{nil, []byte("hello"), {0x08, 1, 0x18, 7}, {0x08, 9}, {0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f}, bytes.Repeat([]byte("x"), 20_000)}
	for _, message := range malformed {
		if err := conn.Publish("yodel.live.a", message); err != nil {
			t.Fatal(err)
		}
	}
	pretended := &client.Msg{Subject: "yodel.live.a", Data: []byte{0x08, 1}, Header: client.Header{"Nats-Stream": {"yodel-channels"}, "Nats-Sequence": {"99"}}}
	if err := conn.PublishMsg(pretended); err != nil {
		t.Fatal(err)
	}
	eventually(t, "all of it is counted", func() bool { return tested.Stats().Malformed == uint64(len(malformed)+1) })
	if position := publish(t, tested, "a", "2"); position.Offset != 2 {
		t.Errorf("the next: got %+v", position)
	}
	if p := <-heard; string(p.Data) != "2" || len(heard) != 0 {
		t.Errorf("heard %s", p.Data)
	}
	if _, err := tested.Broker.Publish(t.Context(), "a", engine.Publication{Data: make([]byte, 20_000)}, kept); err == nil {
		t.Error("a publication that no node would take was acknowledged")
	}
	if _, err := stream.Publish(t.Context(), "yodel.pub.b", []byte("in the stream")); err != nil {
		t.Fatal(err)
	}
	if _, err := tested.Broker.History(t.Context(), "b", engine.HistoryQuery{}); err == nil {
		t.Error("a channel whose latest message is malformed: want an error")
	}
	for _, name := range []string{"", strings.Repeat("x", 1025)} {
		if err := tested.Broker.Subscribe(t.Context(), name, func(engine.Publication) {}); err == nil {
			t.Errorf("a name of %d bytes was subscribed to", len(name))
		}
	}
}

// TestNamesStayApart: no name of a channel reaches another one's.
func TestNamesStayApart(t *testing.T) {
	tested := open(t, startServer(t, t.TempDir()), nil)
	names := []string{"a", "a.b", "*", ">", "a.*", "a >", "a\r\nPUB x 1", "a=2E", "A", "ä", "a\x00", "$JS.API.>", "room:1"}
	for i, name := range names {
		if position := publish(t, tested, name, fmt.Sprint(i)); position.Offset != 1 {
			t.Errorf("%q shares a stream with another", name)
		}
	}
	for i, name := range names {
		found := history(t, tested, name, nil)
		if len(found.Publications) != 1 || string(found.Publications[0].Data) != fmt.Sprint(i) {
			t.Errorf("%q: got %+v", name, found.Publications)
		}
	}
}

// TestH235_unprotected_servers: they are refused beyond loopback.
func TestH235_unprotected_servers(t *testing.T) {
	alone := startServer(t, t.TempDir())
	certificate := &tls.Config{Certificates: make([]tls.Certificate, 1)}
	for name, options := range map[string]nats.Options{
		"in the clear":                 {URL: "nats://user:password@nats.example.com:4222", Secret: secret},
		"one of several in the clear":  {URL: "nats://127.0.0.1:4222,nats://nats.example.com", Secret: secret, Creds: "file"},
		"no credential":                {URL: "tls://nats.example.com", Secret: secret},
		"no secret":                    {URL: "nats://127.0.0.1:4222"},
		"a short secret":               {URL: "nats://127.0.0.1:4222", Secret: []byte("short")},
		"a short secret in process":    {Server: alone, Secret: []byte("short")},
		"no scheme":                    {URL: "nats.example.com", Secret: secret},
		"http":                         {URL: "http://127.0.0.1", Secret: secret},
		"nothing":                      {Secret: secret},
		"both":                         {Server: alone, URL: "nats://127.0.0.1", Secret: secret},
		"a deployment with a wildcard": {Server: alone, Deployment: "a.*"},
		"a negative limit":             {Server: alone, MaxHistory: -1},
	} {
		_, err := nats.Open(t.Context(), options)
		if !errors.Is(err, nats.ErrConfig) {
			t.Errorf("%s: got %v, want %v", name, err, nats.ErrConfig)
		} else if strings.Contains(err.Error(), "password") {
			t.Errorf("%s: the error shows the password: %v", name, err)
		}
	}
	for name, options := range map[string]nats.Options{
		"a certificate":     {URL: "tls://127.0.0.2.invalid", TLS: certificate, Secret: secret},
		"a user":            {URL: "tls://user:password@nats.invalid", Secret: secret},
		"insecure, said so": {URL: "nats://nats.invalid", Secret: secret, Insecure: true, Logger: quiet},
	} {
		if _, err := nats.Open(t.Context(), options); err == nil || errors.Is(err, nats.ErrConfig) {
			t.Errorf("%s: got %v, want a server that is not found", name, err)
		}
	}
	for name, options := range map[string]nats.ServerOptions{
		"no directory":                  {},
		"clients beyond loopback":       {Dir: t.TempDir(), Listen: "0.0.0.0:0"},
		"a cluster in the clear":        {Dir: t.TempDir(), Name: "a", Cluster: &nats.Cluster{Name: "c", Listen: "0.0.0.0:0"}},
		"a cluster without a password":  {Dir: t.TempDir(), Name: "a", Cluster: &nats.Cluster{Name: "c", Listen: "0.0.0.0:0", TLS: certificate}},
		"a server of a cluster unnamed": {Dir: t.TempDir(), Cluster: &nats.Cluster{Name: "c", Listen: "127.0.0.1:0"}},
		"no address":                    {Dir: t.TempDir(), Listen: "somewhere"},
	} {
		if _, err := nats.Embedded(options); !errors.Is(err, nats.ErrConfig) {
			t.Errorf("%s: got %v, want %v", name, err, nats.ErrConfig)
		}
	}
}

// A full stream refuses; it forgets nothing to make room.
func TestAFullStreamRefuses(t *testing.T) {
	tested := open(t, startServer(t, t.TempDir()), func(o *nats.Options) { o.MaxBytes = 20_000 })
	stored := 0
	for ; stored < 100; stored++ {
		if _, err := tested.Broker.Publish(t.Context(), fmt.Sprint(stored), engine.Publication{Data: make([]byte, 1000)}, kept); err != nil {
			break
		}
	}
	if stored == 0 || stored == 100 {
		t.Fatalf("stored %d", stored)
	}
	for n := range stored {
		if found := history(t, tested, fmt.Sprint(n), nil); len(found.Publications) != 1 {
			t.Errorf("publication %d was acknowledged and is gone", n)
		}
	}
}
