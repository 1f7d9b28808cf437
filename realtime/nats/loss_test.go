package nats_test

import (
	"fmt"
	"testing"

	client "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/yodelrt/yodel/realtime/engine"
	"github.com/yodelrt/yodel/realtime/nats"
)

// operator is whoever can do more to a server than a node would.
func operator(t *testing.T, server *nats.Server) (*client.Conn, jetstream.JetStream) {
	t.Helper()
	conn, err := client.Connect(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	stream, err := jetstream.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	return conn, stream
}

func withSecret(o *nats.Options) { o.Secret = secret }

// loseTail takes the latest publications of a stream away, as a disk does that
// comes back with older contents.
func loseTail(t *testing.T, stream jetstream.JetStream, n int) {
	t.Helper()
	channels, err := stream.Stream(t.Context(), "yodel-channels")
	if err != nil {
		t.Fatal(err)
	}
	last := channels.CachedInfo().State.LastSeq
	for i := range n {
		if err := channels.DeleteMsg(t.Context(), last-uint64(i)); err != nil {
			t.Fatal(err)
		}
	}
}

// A stream that has lost what it acknowledged is another one, for everybody who
// knew it.
func TestALostTailBeginsAnEpoch(t *testing.T) {
	for name, publisher := range map[string]int{"seen by who wrote it": 0, "seen by a subscriber": 1} {
		t.Run(name, func(t *testing.T) {
			server := listening(t, t.TempDir())
			_, stream := operator(t, server)
			writer := open(t, server, withSecret)
			heard := make(chan engine.Publication, 100)
			if err := writer.Broker.Subscribe(t.Context(), "a", func(p engine.Publication) { heard <- p }); err != nil {
				t.Fatal(err)
			}
			var before engine.Position
			for n := range 5 {
				before = publish(t, writer, "a", fmt.Sprint(n))
				<-heard
			}
			loseTail(t, stream, 2)
			after := publish(t, []*nats.Engine{writer, open(t, server, withSecret)}[publisher], "a", "other")
			if p := <-heard; string(p.Data) != "other" || p.Epoch == before.Epoch {
				t.Errorf("the subscriber got %s in epoch %s, want another than %s", p.Data, p.Epoch, before.Epoch)
			}
			top := history(t, writer, "a", nil).Top
			if top.Epoch == before.Epoch {
				t.Errorf("the epoch is still %s, at %+v (published at %+v)", before.Epoch, top, after)
			}
			if next := publish(t, writer, "a", "next"); next.Epoch != top.Epoch || next.Offset != top.Offset+1 {
				t.Errorf("the next: got %+v, want one after %+v", next, top)
			}
			if n := writer.Stats().Renewed; n != 1 {
				t.Errorf("renewed: got %d, want 1", n)
			}
		})
	}
}

// A stream that an operator has deleted is made again, with other epochs.
func TestADeletedStreamIsMadeAgain(t *testing.T) {
	server := listening(t, t.TempDir())
	_, stream := operator(t, server)
	engine := open(t, server, withSecret)
	before := publish(t, engine, "a", "1")
	if err := stream.DeleteStream(t.Context(), "yodel-channels"); err != nil {
		t.Fatal(err)
	}
	after := publish(t, engine, "a", "2")
	if after.Epoch == before.Epoch || after.Offset != 1 {
		t.Errorf("got %+v, want offset 1 of another epoch than %s", after, before.Epoch)
	}
	if found := history(t, engine, "a", nil); len(found.Publications) != 1 {
		t.Errorf("history: got %d, want 1", len(found.Publications))
	}
}

// What the live feed has lost is read from the stream before what comes next.
func TestAGapIsFilled(t *testing.T) {
	server := listening(t, t.TempDir())
	conn, stream := operator(t, server)
	writer, reader := open(t, server, withSecret), open(t, server, withSecret)
	heard := make(chan engine.Publication, 100)
	if err := reader.Broker.Subscribe(t.Context(), "a", func(p engine.Publication) { heard <- p }); err != nil {
		t.Fatal(err)
	}
	publish(t, writer, "a", "1")
	if p := <-heard; p.Offset != 1 {
		t.Fatalf("got offset %d", p.Offset)
	}
	silence(t, stream, false) // the server stores and does not send out
	publish(t, writer, "a", "2")
	publish(t, writer, "a", "3")
	silence(t, stream, true)
	publish(t, writer, "a", "4")
	for offset := range uint64(3) {
		if p := <-heard; p.Offset != offset+2 {
			t.Errorf("got offset %d, want %d", p.Offset, offset+2)
		}
	}
	silence(t, stream, false)
	publish(t, writer, "a", "5")
	history(t, reader, "a", nil) // whoever asks for the position brings its node there
	if p := <-heard; p.Offset != 5 {
		t.Errorf("got offset %d, want 5", p.Offset)
	}
	if n := reader.Stats().Filled; n != 2 {
		t.Errorf("filled: got %d, want 2", n)
	}
	if err := conn.LastError(); err != nil {
		t.Error(err)
	}
}

// silence has the server send out what it stores, or not.
func silence(t *testing.T, stream jetstream.JetStream, loud bool) {
	t.Helper()
	channels, err := stream.Stream(t.Context(), "yodel-channels")
	if err != nil {
		t.Fatal(err)
	}
	config := channels.CachedInfo().Config
	config.RePublish = nil
	if loud {
		config.RePublish = &jetstream.RePublish{Source: "yodel.pub.>", Destination: "yodel.live.>"}
	}
	if _, err := stream.UpdateStream(t.Context(), config); err != nil {
		t.Fatal(err)
	}
}
