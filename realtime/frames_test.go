package realtime_test

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/plain"
)

func closeFrame(code int, reason string) string {
	return frame(fin|closes, string(binary.BigEndian.AppendUint16(nil, uint16(code)))+reason)
}

func TestBadFramesEndTheConnection(t *testing.T) {
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
		{"H137 reserved bit 2", frame(fin|0x20|text, "{}"), []int{1002}},
		{"H137 reserved bit 3", frame(fin|0x10|text, "{}"), []int{1002}},
		{"H138 opcode 3", frame(fin|3, ""), []int{1002}},
		{"H138 opcode 7", frame(fin|7, ""), []int{1002}},
		{"H138 opcode 11", frame(fin|11, ""), []int{1002}},
		{"H138 opcode 15", frame(fin|15, ""), []int{1002}},
		{"H139 control frame of 126 bytes", frame(fin|ping, long(126)), []int{1002}},
		{"H139 fragmented control frame", frame(ping, "x"), []int{1002}},
		{"H140 continuation without a start", frame(fin, "x"), []int{1002}},
		{"H140 new message inside one", frame(text, "x") + frame(fin|text, "y"), []int{1002}},
		{"H141 length with the top bit", hugeTop, []int{1002, 1009}},
		{"H141 length of 2^63-1", hugeMax, []int{1002, 1009}},
		{"H142 over the limit in one frame", frame(fin|text, long(65_537)), []int{1009}},
		{"H142 over the limit in 100 fragments", frame(text, long(700)) + strings.Repeat(frame(0, long(700)), 98) + frame(fin, long(700)), []int{1009}},
		{"H143 invalid UTF-8", frame(fin|text, "\xff\xfe"), []int{1007}},
		{"H143 split over fragments", frame(text, "\"\xe2\x82") + frame(fin, "\""), []int{1007}},
		{"H143 overlong", frame(fin|text, "\"\xc0\xaf\""), []int{1007}},
		{"H143 surrogate", frame(fin|text, "\"\xed\xa0\x80\""), []int{1007}},
		{"H111 binary message", frame(fin|2, "{}"), []int{3501}},
		{"H150 a compressed frame with compression off", frame(fin|0x40|text, "\x4a\x4c\x04\x00"), []int{1002}},
		{"H151 a broken deflate stream", frame(fin|0x40|text, "\xff\xff\xff\xff"), []int{1002}},
		{"H145 code 1000", closeFrame(1000, "bye"), []int{1000}},
		{"H145 code 3000", closeFrame(3000, "bye"), []int{3000}},
		{"H145 code 4999", closeFrame(4999, "bye"), []int{4999}},
		{"close code 1005 is not for the wire", closeFrame(1005, ""), []int{1002}},
		{"close frame of one byte", frame(fin|closes, "x"), []int{1002, 1005}},
		{"close reason of bad UTF-8", closeFrame(1000, "\xff"), []int{1002, 1007}},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newTestPlain(t, nil)
			r := w.rawSocket()
			r.send(test.send)
			r.wantClose(test.want...)
			<-w.ended
			if n := w.plain.Connections(); n != 0 {
				t.Errorf("connections left: %d", n)
			}
		})
	}
}

func TestH147_pings_and_pongs_between_fragments(t *testing.T) {
	w := newTestPlain(t, nil)
	r := w.rawSocket()
	r.send(frame(text, `{"type":`), frame(fin|ping, "a"), frame(0, `"ec`), frame(fin|pong, "b"), frame(fin, `ho"}`))
	for _, want := range []struct {
		opcode  byte
		payload string
	}{{pong, "a"}, {text, `{"type":"echo"}`}} {
		opcode, payload, err := r.next()
		if err != nil || opcode != want.opcode || payload != want.payload {
			t.Fatalf("frame: got %d %q %v, want %d %q", opcode, payload, err, want.opcode, want.payload)
		}
	}
}

func TestH022_frames_before_the_handshake_is_answered(t *testing.T) {
	handled := 0
	w := newTestPlain(t, nil)
	w.plain.Handle("early", func(context.Context, *plain.Conn, json.RawMessage) error { handled++; return nil })
	r, response := w.rawOpen("", frame(fin|text, `{"type":"early"}`))
	if response != nil && response.StatusCode == http.StatusSwitchingProtocols {
		t.Errorf("answer: got %d, want the connection dropped", response.StatusCode)
	}
	if _, _, err := r.next(); err == nil {
		t.Error("the connection is still open")
	}
	if handled != 0 {
		t.Error("a frame was carried out")
	}
}

func TestH026_extension_offers(t *testing.T) {
	for name, offer := range map[string]string{
		"named constructor":    "Sec-WebSocket-Extensions: constructor\r\n",
		"permessage-deflate":   "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n",
		"a thousand of them":   "Sec-WebSocket-Extensions: " + strings.Repeat("x, ", 999) + "x\r\n",
		"unreadable parameter": "Sec-WebSocket-Extensions: permessage-deflate; =\"\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			w := newTestPlain(t, nil)
			_, response := w.rawOpen(offer, "")
			if response == nil || response.StatusCode != http.StatusSwitchingProtocols {
				t.Fatalf("answer: got %v, want 101", response)
			}
			if got := response.Header.Get("Sec-WebSocket-Extensions"); got != "" {
				t.Errorf("extension: got %q, want none", got)
			}
		})
	}
}

func TestH148_ping_flood(t *testing.T) {
	w := newTestPlain(t, nil)
	r := w.rawSocket()
	for range 100 {
		r.send(strings.Repeat(frame(fin|ping, "x"), 100))
	}
	pongs := 0
	for {
		opcode, payload, err := r.next()
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
	w.wantEnded(realtime.CloseFlood)
}

func TestH152_peer_ignores_our_close(t *testing.T) {
	w := newTestPlain(t, nil)
	r := w.rawSocket()
	w.settled(1)
	w.plain.Disconnect(t.Context(), realtime.ByUser("mallory"), realtime.CloseRevoked)
	for {
		if _, _, err := r.next(); err != nil { // it never answers the close frame
			break
		}
	}
	w.wantEnded(realtime.CloseRevoked)
}

func TestH153_half_close_and_reset(t *testing.T) {
	for name, hangUp := range map[string]func(*raw) error{
		"half-close": func(r *raw) error { return r.conn.(interface{ CloseWrite() error }).CloseWrite() },
		"reset": func(r *raw) error {
			if err := r.conn.(interface{ SetLinger(int) error }).SetLinger(0); err != nil {
				return err
			}
			return r.conn.Close()
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newTestPlain(t, nil)
			r := w.rawSocket()
			w.settled(1)
			if err := hangUp(r); err != nil {
				t.Fatal(err)
			}
			w.wantEnded(realtime.Close{Code: 1006})
		})
	}
}
