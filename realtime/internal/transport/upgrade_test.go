package transport_test

import (
	"net/http"
	"testing"
)

func TestServe_RefusedHandshakeIsNotToldToTheHandler(t *testing.T) {
	for name, extra := range map[string]string{
		"foreign origin": "Origin: https://evil.example\r\nTest-Accepted-Origin: https://app.example\r\n",
		"no origin":      "Origin: https://app.example\r\n",
		"two origins":    "Origin: https://app.example\r\nOrigin: https://app.example\r\nTest-Accepted-Origin: https://app.example\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, onTCP, nil)
			if _, response := s.handshakes(extra, ""); response == nil || response.StatusCode != http.StatusForbidden {
				t.Errorf("answer: got %v, want 403", response)
			}
			if <-s.served {
				t.Error("served: got true, want false")
			}
			if len(s.opened) != 0 || len(s.ended) != 0 || s.conns()[0].Context().Err() == nil {
				t.Errorf("got %d opened, %d ended, context %v, want none and it ended", len(s.opened), len(s.ended), s.conns()[0].Context().Err())
			}
		})
	}
	s := newServer(t, onTCP, nil)
	if _, response := s.handshakes("Origin: https://app.example\r\nTest-Accepted-Origin: https://app.example\r\n", ""); response.StatusCode != http.StatusSwitchingProtocols || !<-s.served {
		t.Errorf("accepted origin: got %d, want 101", response.StatusCode)
	}
}

func TestH022_frames_before_the_handshake_is_answered(t *testing.T) {
	s := newServer(t, onTCP, nil)
	c, response := s.handshakes("", frame(fin|text, "early"))
	if response != nil && response.StatusCode == http.StatusSwitchingProtocols {
		t.Errorf("answer: got %d, want the connection dropped", response.StatusCode)
	}
	if _, _, err := c.next(); err == nil {
		t.Error("the socket is open")
	}
	if <-s.served || len(s.opened) != 0 {
		t.Error("the handler was told")
	}
}

func TestH026_extension_offers(t *testing.T) {
	s := newServer(t, onTCP, nil)
	_, response := s.handshakes("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n", "")
	if response == nil || response.StatusCode != http.StatusSwitchingProtocols || response.Header.Get("Sec-WebSocket-Extensions") != "" {
		t.Errorf("answer: got %v, want 101 without an extension", response)
	}
}

// panicking is an http.ResponseWriter that can't be hijacked without a panic.
type panicking struct{ http.ResponseWriter }

func (panicking) Unwrap() http.ResponseWriter { panic("boom") }

func TestServe_ResponseWriterPanics(t *testing.T) {
	s := newServer(t, onTCP, nil)
	r, err := http.ReadRequest(readerOf(handshake + "\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	s.ServeHTTP(panicking{discard{}}, r)
	if <-s.served {
		t.Error("served: got true, want false")
	}
	s.group.Wait()
	s.wantPanics(1)
}
