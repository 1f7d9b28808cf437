package transport_test

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/yodelrt/yodel/realtime/internal/transport"
)

func TestPace_EndsEachAtAMomentOfItsOwnStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, onPipe, nil)
		const conns = 20
		for range conns {
			c, _ := s.connect()
			c.answer()
		}
		before := runtime.NumGoroutine()
		began := time.Now()
		defer s.transport.Pace(s.conns(), conns*time.Second, draining)()
		synctest.Wait()
		if more := runtime.NumGoroutine() - before; more > 0 {
			t.Errorf("goroutines: got %d more, want none", more)
		}
		late := 0
		for i := range conns {
			s.wantEnded(draining)
			after := time.Since(began)
			if after < time.Duration(i)*time.Second || after > time.Duration(i+1)*time.Second {
				t.Errorf("close %d: got after %s, want in its own second", i, after)
			}
			if after%time.Second > 500*time.Millisecond {
				late++
			}
		}
		if late == 0 || late == conns {
			t.Errorf("in the later half of their second: got %d of %d, want some", late, conns)
		}
	})
}

func TestPace_CancelLeavesTheRestAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, onPipe, nil)
		for range 10 {
			c, _ := s.connect()
			c.answer()
		}
		cancel := s.transport.Pace(s.conns(), 10*time.Second, draining)
		for range 3 {
			s.wantEnded(draining)
		}
		time.Sleep(time.Duration(3*time.Second - time.Duration(time.Now().UnixNano())%time.Second))
		cancel()
		cancel()
		ended := 3 + len(s.ended)
		time.Sleep(20 * time.Second)
		if 3+len(s.ended) != ended || ended == 10 {
			t.Errorf("ended: got %d, then %d more, want none after the cancel", ended, 3+len(s.ended)-ended)
		}
		s.transport.Pace(nil, time.Second, draining)()
	})
}

func TestDrain_WaitsForConnsAndHandlers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, onPipe, func(s *server, _ *transport.Config) {
			s.onEnded = func(*transport.Conn, transport.Close) { time.Sleep(time.Minute) }
		})
		for range 10 {
			c, _ := s.connect()
			c.answer()
		}
		began := time.Now()
		err := s.transport.Drain(t.Context(), s.conns(), transport.Pacing{Spread: time.Second, Rate: 2}, draining)
		if took := time.Since(began); err != nil || took < time.Minute+4*time.Second || took > time.Minute+6*time.Second {
			t.Errorf("drain: got %v after %s, want ten at two a second, and a minute", err, took)
		}
		if len(s.ended) != 10 {
			t.Errorf("ended: got %d, want 10", len(s.ended))
		}
	})
}

func TestDrain_CutsWhatIsLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		forever := make(chan struct{})
		s := newServer(t, onPipe, func(s *server, _ *transport.Config) {
			s.received = func(*transport.Conn, []byte) { <-forever }
		})
		c, _ := s.connect() // it reads nothing
		c.send(frame(fin|text, "x"))
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		began := time.Now()
		err := s.transport.Drain(ctx, s.conns(), transport.Pacing{Spread: time.Second}, draining)
		if took := time.Since(began); !errors.Is(err, context.DeadlineExceeded) || took != 3*time.Second {
			t.Errorf("drain: got %v after %s, want the deadline's error and a second more", err, took)
		}
		s.wantEnded(draining)
		close(forever)
	})
}
