package realtimetest

import (
	"errors"
	"time"

	"github.com/coder/websocket"

	"github.com/yodelrt/yodel/realtime"
)

// Stall stops reading: what the server writes stays on its side. The frame that
// is being read meanwhile is the last.
func (c *Client) Stall() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stalled == nil {
		c.stalled = make(chan struct{})
	}
}

// Resume reads again.
func (c *Client) Resume() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stalled != nil {
		close(c.stalled)
		c.stalled = nil
	}
}

// Cut ends the connection without a word, as a network does that goes away. It
// may be called more than once.
func (c *Client) Cut() {
	_ = c.conn.Close() // a second close is no failure
	c.Resume()
}

// Expire lets the time pass until the token of a connection is over, and fails the
// test when the connection does not end then. In a bubble that takes no time.
func (c *Client) Expire() {
	c.tb.Helper()
	if c.who.ExpiresAt.IsZero() {
		c.tb.Fatalf("realtimetest: a principal without ExpiresAt never expires")
	}
	time.Sleep(time.Until(c.who.ExpiresAt))
	c.WantEnd(realtime.CloseExpired)
}

// Revoke ends what a selector selects as a logout does, and returns how many
// connections there were.
func (s *Server) Revoke(by realtime.Selector) int {
	s.tb.Helper()
	ended, err := s.handler.Disconnect(s.tb.Context(), by, realtime.CloseRevoked)
	if err != nil {
		s.tb.Errorf("realtimetest: %v", err)
	}
	return ended
}

// WantEnd waits until the server has ended the connection and fails the test when
// the close code is another. A peer that has stalled for long may see the end
// without a code, which is what a real one would see.
func (c *Client) WantEnd(want realtime.Close) {
	c.tb.Helper()
	c.Resume()
	err := <-c.ended
	c.ended <- err
	var closed websocket.CloseError
	if errors.As(err, &closed) && int(closed.Code) != want.Code {
		c.tb.Errorf("realtimetest: the connection ended with %d %q, want %d", closed.Code, closed.Reason, want.Code)
	}
}
