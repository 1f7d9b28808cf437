package realtime_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/plain"
)

// TestH140_empty_fragments: fragments carry no payload that a message limit
// could count, and yet a message of them has an end.
func TestH140_empty_fragments(t *testing.T) {
	w := newTestPlain(t, func(config *plain.Config) { config.Limits.MessageBytes = 1024 })
	r := w.rawSocket()
	r.send(frame(text, ""))
	go func() {
		empty := strings.Repeat(frame(0, ""), 1000)
		for range 1000 {
			if _, err := io.WriteString(r.conn, empty); err != nil {
				return // it has been hung up on
			}
		}
	}()
	w.wantEnded(realtime.CloseTooBig)
	r.wantClose(realtime.CloseTooBig.Code)
}

// TestManyFragmentsAreOneMessage: an honest peer may fragment as it likes.
func TestManyFragmentsAreOneMessage(t *testing.T) {
	w := newTestPlain(t, nil)
	r := w.rawSocket()
	message := `{"type":"echo","data":"` + long(500) + `"}`
	for range 3 {
		r.send(frame(text, message[:1]))
		for i := 1; i < len(message)-1; i++ {
			r.send(frame(0, message[i:i+1]))
		}
		r.send(frame(fin, message[len(message)-1:]))
		if opcode, got, err := r.next(); err != nil || opcode != text || got != message {
			t.Fatalf("echo: got %d %q, %v", opcode, got, err)
		}
	}
}

// TestH097_a_message_that_never_ends: pongs keep a connection from being taken
// for dead, but no message may take for ever.
func TestH097_a_message_that_never_ends(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		listener := newPipeListener()
		w := newTestPlainOn(t, listener, nil)
		conn, err := listener.dial()
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		go func() { _, _ = io.WriteString(conn, rawRequest+"\r\n"+"") }()
		r := &raw{t: t, conn: conn}
		go func() { _, _ = io.Copy(io.Discard, conn) }()
		<-w.active
		r.send(frame(text, "x"))
		for range 100 {
			time.Sleep(5 * time.Second)
			if _, err := io.WriteString(conn, frame(0, "x")+frame(fin|pong, "")); err != nil {
				break
			}
		}
		w.wantEnded(realtime.CloseTooBig)
		if took := time.Since(began); took < time.Minute || took > 70*time.Second {
			t.Errorf("ended after %s, want a minute", took)
		}
	})
}

// TestSocketsThatTakeLittleGetAllInOrder: frames that go out in parts, through
// the socket and through melody's writer in turns, arrive whole and in order.
func TestSocketsThatTakeLittleGetAllInOrder(t *testing.T) {
	c := newClub(t, func(config *realtime.Config) { config.Limits.QueueBytes = 1 << 30 })
	k := c.join("alice")
	k.conn.SetReadLimit(-1)
	k.say(`{"id":2,"subscribe":{"channel":"plain:1"}}`)
	k.want(`{"id":2,"subscribe":{}}`)
	const publications = 400
	filler := long(20_000) // together more than the sockets' buffers
	for i := range publications {
		c.publish("plain:1", fmt.Sprintf(`[%d,%q]`, i, filler))
	}
	for i := range publications {
		var push struct {
			Push struct{ Pub struct{ Data []any } }
		}
		if err := json.Unmarshal([]byte(k.hear()), &push); err != nil {
			t.Fatal(err)
		}
		if got := push.Push.Pub.Data; len(got) != 2 || got[0] != float64(i) || got[1] != filler {
			t.Fatalf("publication %d: got one numbered %v", i, got[0])
		}
	}
	_ = k.conn.CloseNow()
	<-c.ended
	if account := c.hub.Account(); account.Owed != publications || !account.Settled() {
		t.Errorf("ledger: got %+v", account)
	}
}

// TestNothingFollowsTheCloseFrame: whatever is published while a connection is
// being ended, the close frame is the last that its peer gets.
func TestNothingFollowsTheCloseFrame(t *testing.T) {
	c := newClub(t, nil)
	for range 50 {
		k := c.join("alice")
		k.say(`{"id":2,"subscribe":{"channel":"plain:1"}}`)
		k.want(`{"id":2,"subscribe":{}}`)
		stop, stopped := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(stopped)
			for {
				select {
				case <-stop:
					return
				default:
					_, _ = c.hub.Publish(context.WithoutCancel(t.Context()), "plain:1", []byte(`1`))
				}
			}
		}()
		k.hear()
		c.hub.Disconnect(t.Context(), realtime.ByUser("alice"), realtime.CloseRevoked)
		k.wantClose(realtime.CloseRevoked)
		close(stop)
		<-stopped
		<-c.ended
	}
	if account := c.hub.Account(); !account.Settled() {
		t.Errorf("ledger: got %+v", account)
	}
}

// TestASlowCommandHoldsUpNoAnswer: commands that came together are answered in
// order, and an answer does not wait for a command behind it that takes long.
func TestASlowCommandHoldsUpNoAnswer(t *testing.T) {
	c := newClub(t, nil)
	slow := make(chan struct{})
	realtime.RPC(c.hub, "slow", func(ctx context.Context, _ *realtime.Conn, _ any) (int, error) {
		select {
		case <-slow:
		case <-ctx.Done():
		}
		return 0, nil
	})
	k := c.join("alice")
	k.say(`{"id":2,"rpc":{"method":"add","data":{"A":1,"B":1}}}` + "\n" + `{"id":3,"rpc":{"method":"slow"}}` + "\n" + `{"id":4,"rpc":{"method":"add","data":{"A":2,"B":2}}}`)
	k.want(`{"id":2,"rpc":{"data":2}}`) // while the second is at work
	close(slow)
	k.want(`{"id":3,"rpc":{"data":0}}`, `{"id":4,"rpc":{"data":4}}`)
}

// TestAnswersShareAFrame: on a clock that stands still while anybody works.
func TestAnswersShareAFrame(t *testing.T) {
	clubBubble(t, nil, func(t *testing.T, c *club) {
		k := c.join("alice")
		k.say(`{"id":5,"rpc":{"method":"add","data":{"A":1,"B":1}}}` + "\n" + `{"id":6,"rpc":{"method":"add","data":{"A":2,"B":2}}}`)
		want := `{"id":5,"rpc":{"data":2}}` + "\n" + `{"id":6,"rpc":{"data":4}}`
		if _, frame, err := k.conn.Read(t.Context()); err != nil || string(frame) != want {
			t.Errorf("answers: got %q, %v, want %q in one frame", frame, err, want)
		}
	})
}
