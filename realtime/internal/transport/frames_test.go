package transport_test

import (
	"encoding/binary"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/yodelrt/yodel/realtime/internal/transport"
)

func TestFrames_EndOfBadOnes(t *testing.T) {
	unmasked := string([]byte{fin | text, 2}) + "{}"
	hugeTop := string([]byte{fin | text, 0x80 | 127, 0x80, 0, 0, 0, 0, 0, 0, 1}) + "\x00\x00\x00\x00"
	hugeMax := string([]byte{fin | text, 0x80 | 127, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}) + "\x00\x00\x00\x00"
	for _, test := range []struct {
		name string
		send string
		want []int
	}{
		{"H136 unmasked", unmasked, []int{1002}},
		{"H137 reserved bit 1", frame(fin|0x40|text, "{}"), []int{1002}},
		{"H138 opcode 3", frame(fin|3, ""), []int{1002}},
		{"H138 opcode 15", frame(fin|15, ""), []int{1002}},
		{"H139 control frame of 126 bytes", frame(fin|ping, long(126)), []int{1002}},
		{"H139 fragmented control frame", frame(ping, "x"), []int{1002}},
		{"H140 continuation without a start", frame(fin, "x"), []int{1002}},
		{"H140 new message inside one", frame(text, "x") + frame(fin|text, "y"), []int{1002}},
		{"H141 length with the top bit", hugeTop, []int{1009}},
		{"H141 length of 2^63-1", hugeMax, []int{1009}},
		{"H142 over the limit in one frame", frame(fin|text, long(65_537)), []int{1009}},
		{"H142 over the limit in 100 fragments", frame(text, long(700)) + strings.Repeat(frame(0, long(700)), 98) + frame(fin, long(700)), []int{1009}},
		{"H143 invalid UTF-8", frame(fin|text, "\xff\xfe"), []int{1007}},
		{"H143 split over fragments", frame(text, "\"\xe2\x82") + frame(fin, "\""), []int{1007}},
		{"H143 surrogate", frame(fin|text, "\"\xed\xa0\x80\""), []int{1007}},
		{"H111 binary message", frame(fin|bin, "{}"), []int{3501}},
		{"H150 a compressed frame with compression off", frame(fin|0x40|text, "\x4a\x4c\x04\x00"), []int{1002}},
		{"H145 code 1000", closeFrame(1000, "bye"), []int{1000}},
		{"H145 code 4999", closeFrame(4999, "bye"), []int{4999}},
		{"close code 1005 is not for the wire", closeFrame(1005, ""), []int{1002}},
		{"close reason of bad UTF-8", closeFrame(1000, "\xff"), []int{1002, 1007}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newServer(t, onTCP, nil)
			c, o := s.connect()
			c.send(test.send)
			c.wantClose(test.want...)
			reason := <-s.ended
			if test.want[0] != 1002 && reason.Code != test.want[0] {
				t.Errorf("ended: got %d, want %d", reason.Code, test.want[0])
			}
			if !o.Closing() || o.Context().Err() == nil {
				t.Errorf("after the end: got closing %t, context %v, want both over", o.Closing(), o.Context().Err())
			}
			s.wantPanics(0)
		})
	}
}

// TestFrames_FaultsAreTold: each fault of the peer reaches the handler, which closes.
func TestFrames_FaultsAreTold(t *testing.T) {
	for _, test := range []struct {
		send string
		want transport.Close
	}{
		{frame(fin|text, "\xff"), transport.InvalidUTF8},
		{frame(fin|bin, "x"), transport.BadRequest},
		{frame(fin|text, long(65_537)), transport.TooBig},
		{strings.Repeat(frame(fin|ping, "x"), 100), transport.Flood},
	} {
		t.Run(test.want.Reason, func(t *testing.T) {
			s := newServer(t, onTCP, func(s *server, _ *transport.Config) {
				s.fault = func(c *transport.Conn, reason transport.Close) {
					reason.Reason = "as the handler says"
					c.Close(reason)
				}
			})
			c, _ := s.connect()
			c.send(test.send)
			c.answer()
			if got := <-s.faults; got != test.want {
				t.Errorf("fault: got %+v, want %+v", got, test.want)
			}
			if got := <-s.ended; got.Code != test.want.Code || got.Reason != "as the handler says" {
				t.Errorf("ended: got %+v, want the handler's", got)
			}
		})
	}
}

func TestFrames_BinaryIsDecidedFromTheHandshake(t *testing.T) {
	s := newServer(t, onTCP, func(_ *server, config *transport.Config) {
		config.Subprotocols = []string{"second", "first"}
		config.Binary = func(subprotocol string, r *http.Request) bool {
			return subprotocol == "first" && r.URL.Path == "/" && r.Host == "x"
		}
	})
	c, response := s.handshakes("Sec-WebSocket-Protocol: first\r\n", "")
	if got := response.Header.Get("Sec-WebSocket-Protocol"); got != "first" {
		t.Fatalf("subprotocol: got %q, want first", got)
	}
	if o := <-s.opened; !o.Binary() || o.Subprotocol() != "first" {
		t.Errorf("got binary %t of %q, want true of first", o.Binary(), o.Subprotocol())
	}
	c.send(frame(fin|bin, "\xff"))
	c.want(bin, "\xff")
	c.send(frame(fin|text, "x"))
	c.wantClose(3501)
}

// TestH140_empty_fragments: fragments carry no payload that a message limit could
// count, and yet a message of them has an end.
func TestH140_empty_fragments(t *testing.T) {
	everywhere(t, func(t *testing.T, on network) {
		s := newServer(t, on, func(_ *server, config *transport.Config) { config.MaxMessageBytes = 1024 })
		c, _ := s.connect()
		go func() {
			empty := strings.Repeat(frame(0, ""), 1000)
			_, err := io.WriteString(c.conn, frame(text, ""))
			for range 1000 {
				if err == nil {
					_, err = io.WriteString(c.conn, empty)
				}
			}
		}()
		c.wantClose(transport.TooBig.Code)
		s.wantEnded(transport.TooBig)
	})
}

// TestFrames_ManyFragmentsAreOneMessage: an honest peer may fragment as it likes.
func TestFrames_ManyFragmentsAreOneMessage(t *testing.T) {
	everywhere(t, func(t *testing.T, on network) {
		s := newServer(t, on, nil)
		c, _ := s.connect()
		message := long(500) + "end"
		for range 3 {
			c.send(frame(text, message[:1]))
			for i := 1; i < len(message)-1; i++ {
				c.send(frame(0, message[i:i+1]))
			}
			c.send(frame(fin, message[len(message)-1:]))
			c.want(text, message)
		}
	})
}

func TestH147_pings_and_pongs_between_fragments(t *testing.T) {
	everywhere(t, func(t *testing.T, on network) {
		s := newServer(t, on, nil)
		c, _ := s.connect()
		go c.send(frame(text, "a"), frame(fin|ping, "p"), frame(0, "b"), frame(fin|pong, "q"), frame(fin, "c"))
		c.want(pong, "p")
		c.want(text, "abc")
	})
}

func TestH148_ping_flood(t *testing.T) {
	s := newServer(t, onTCP, nil)
	c, _ := s.connect()
	for range 100 {
		c.send(strings.Repeat(frame(fin|ping, "x"), 100))
	}
	pongs := 0
	for {
		opcode, payload, err := c.next()
		if err != nil {
			break
		}
		if opcode == closes {
			if code := binary.BigEndian.Uint16([]byte(payload)); code != 3013 {
				t.Errorf("close: got %d, want 3013", code)
			}
			break
		}
		pongs++
	}
	if pongs == 0 || pongs > 100 {
		t.Errorf("pongs: got %d, want some and few", pongs)
	}
	s.wantEnded(transport.Flood)
}

// TestH097_a_message_that_never_ends: pongs keep a conn from being taken for dead, but
// no message may take for ever.
func TestH097_a_message_that_never_ends(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, onPipe, nil)
		c, _ := s.connect()
		began := time.Now()
		go func() { _, _ = io.Copy(io.Discard, c.conn) }()
		c.send(frame(text, "x"))
		for range 100 {
			time.Sleep(5 * time.Second)
			if _, err := io.WriteString(c.conn, frame(0, "x")+frame(fin|pong, "")); err != nil {
				break
			}
		}
		s.wantEnded(transport.TooBig)
		if took := time.Since(began); took < time.Minute || took > 70*time.Second {
			t.Errorf("ended after %s, want a minute", took)
		}
	})
}

// TestNoPong_SilentPeerIsTold: it is silent for as long as a ping and its pong take.
func TestNoPong_SilentPeerIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, onPipe, nil)
		c, _ := s.connect()
		began := time.Now()
		c.wantCloseOf(transport.NoPong)
		s.wantEnded(transport.NoPong)
		if took := time.Since(began); took != 35*time.Second {
			t.Errorf("ended after %s, want 35s", took)
		}
	})
}
