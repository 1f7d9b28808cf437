package retention_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/yodelrt/yodel/app/lease"
	"github.com/yodelrt/yodel/app/retention"
)

// shelf is a store in memory, as old as its test wants.
type shelf struct {
	mu      sync.Mutex
	lease   lease.Lease
	batches map[retention.Kind]int // that are left
	asked   []string               // kind and age
	fails   error
	now     int // who forgets at this moment
	clash   bool
}

func (s *shelf) Retention() lease.Store { return s }

func (s *shelf) Lease(context.Context) (lease.Lease, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lease, nil
}

func (s *shelf) MoveLease(_ context.Context, from lease.Lease, holder string) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if from.Beat != s.lease.Beat {
		return false, nil
	}
	s.lease = lease.Lease{Holder: holder, Beat: from.Beat + 1}
	return true, nil
}

func (s *shelf) Forget(_ context.Context, what retention.Kind, before time.Time) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, string(what)+" "+time.Since(before).Round(time.Minute).String())
	if s.now++; s.now > 1 {
		s.clash = true
	}
	s.mu.Unlock()
	time.Sleep(time.Millisecond) // others may come now
	s.mu.Lock()
	s.now--
	s.batches[what]--
	return s.batches[what] > 0, s.fails
}

// seen is what was asked since the last look, and the lease.
func (s *shelf) seen() ([]string, lease.Lease) {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := s.asked
	s.asked = nil
	return asked, s.lease
}

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

func TestH335_each_kind_by_its_rule(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept := &shelf{batches: map[retention.Kind]int{retention.Audit: 3}}
		rules := []retention.Rule{
			{Kind: retention.Tokens}, {Kind: retention.Sessions, Keep: retention.Period(24 * time.Hour)},
			{Kind: retention.Audit, Keep: retention.Period(48 * time.Hour)}, {Kind: retention.Messages},
		}
		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { retention.Run(ctx, kept, rules, quiet) })
		time.Sleep(time.Minute)
		synctest.Wait()
		want := []string{"refresh tokens 0s", "sessions 24h0m0s", "audit entries 48h0m0s", "audit entries 48h0m0s", "audit entries 48h0m0s"}
		asked, held := kept.seen()
		if !slices.Equal(asked, want) {
			t.Errorf("at the start: got %q, want %q", asked, want)
		}
		if held.Holder != "" {
			t.Errorf("the lease was not given back: %+v", held)
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if asked, _ := kept.seen(); len(asked) != 3 {
			t.Errorf("an hour later: got %q, want each kind once", asked)
		}
		stop()
		running.Wait()
	})
}

// TestH335_one_process_forgets: the others leave it alone while it does, and take
// over where it has died with the lease.
func TestH335_one_process_forgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept := &shelf{batches: map[retention.Kind]int{retention.Tokens: 200}, lease: lease.Lease{Holder: "dead", Beat: 7}}
		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		for range 3 {
			running.Go(func() { retention.Run(ctx, kept, []retention.Rule{{Kind: retention.Tokens}}, quiet) })
		}
		time.Sleep(30 * time.Minute)
		synctest.Wait()
		if asked, _ := kept.seen(); len(asked) != 0 {
			t.Errorf("while another has the lease: got %d batches, want 0", len(asked))
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		stop()
		running.Wait()
		if asked, _ := kept.seen(); len(asked) != 200 || kept.clash {
			t.Errorf("after it has died: got %d batches, at the same time %v, want 200 by one", len(asked), kept.clash)
		}
	})
}

func TestH335_a_failure_is_told_and_tried_again(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var said strings.Builder
		kept := &shelf{batches: map[retention.Kind]int{}, fails: errors.New("the disk is full")}
		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() {
			retention.Run(ctx, kept, []retention.Rule{{Kind: retention.Tokens}}, slog.New(slog.NewTextHandler(&said, nil)))
		})
		time.Sleep(61 * time.Minute)
		synctest.Wait()
		stop()
		running.Wait()
		asked, held := kept.seen()
		if len(asked) != 2 || held.Holder != "" || strings.Count(said.String(), "the disk is full") != 2 {
			t.Errorf("got %d tries, the lease %+v, and said %s", len(asked), held, said.String())
		}
	})
}

func TestPeriod_text(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"30d": 30 * 24 * time.Hour, "1d": 24 * time.Hour, "36h": 36 * time.Hour, "90m": 90 * time.Minute, "forever": 0, "36500d": 36500 * 24 * time.Hour,
	} {
		var got retention.Period
		if err := got.UnmarshalText([]byte(text)); err != nil || time.Duration(got) != want {
			t.Errorf("%s: got %s, %v, want %s", text, time.Duration(got), err, want)
		}
		var again retention.Period
		if err := again.UnmarshalText([]byte(got.String())); err != nil || again != got {
			t.Errorf("%s: written as %s and read as %v, %v", text, got, again, err)
		}
	}
	for _, text := range []string{"", "0", "0d", "30", "1", "59m", "-30d", "-1h", "d", "1.5d", "30 d", "30D", "1y", "never", "99999d", "999999999d", "∞"} {
		var got retention.Period
		if err := got.UnmarshalText([]byte(text)); !errors.Is(err, retention.ErrPeriod) {
			t.Errorf("%q: got %s, want it refused", text, got)
		}
	}
}
