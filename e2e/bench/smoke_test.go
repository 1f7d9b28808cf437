//go:build linux

package main

import (
	"testing"

	"github.com/yodelrt/yodel/e2e/bench/peers"
)

// TestEveryServerAnswers puts a small crowd on each of them: whoever is let in,
// hears what is published, and gets an echo.
func TestEveryServerAnswers(t *testing.T) {
	for _, kind := range peers.Kinds {
		t.Run(kind.Name, func(t *testing.T) {
			s, err := open(t.Context(), options{work: 1}, kind, "smoke")
			if err != nil {
				t.Fatal(err)
			}
			defer s.close()
			if err := s.gather(20); err != nil {
				t.Fatal(err)
			}
			if err := s.fanOut(peers.History, 20, 100, 7, 3); err != nil {
				t.Fatal(err)
			}
			for i, member := range s.crowd.Members() {
				if member.Got() != 100 {
					t.Errorf("member %d got %d publications, want 100", i, member.Got())
				}
			}
			if err := s.echo(50, 16); err != nil {
				t.Fatal(err)
			}
			if used, err := s.cpu(); err != nil || used <= 0 {
				t.Errorf("CPU: got %v us, %v", used, err)
			}
			if held, err := s.memory(t.Context()); err != nil || held.pss <= 0 || held.own <= 0 {
				t.Errorf("memory: got %+v, %v", held, err)
			}
		})
	}
}

// TestAClientPublishes: whoever may, publishes to all others, and each of its
// commands is answered; errors are not taken for answers unless they are awaited.
func TestAClientPublishes(t *testing.T) {
	for _, kind := range peers.Kinds {
		if !kind.Protocol {
			continue
		}
		t.Run(kind.Name, func(t *testing.T) {
			s, err := open(t.Context(), options{work: 1}, kind, "smoke")
			if err != nil {
				t.Fatal(err)
			}
			defer s.close()
			if err := s.gather(20); err != nil {
				t.Fatal(err)
			}
			if err := s.connect(1); err != nil {
				t.Fatal(err)
			}
			if err := s.clientFanOut(peers.History, 20, 100, 10, 10); err != nil {
				t.Fatal(err)
			}
			publisher := s.crowd.Members()[20]
			if s.crowd.Delivered != 2000 || publisher.Answers() != 102 || publisher.Got() != 0 {
				t.Errorf("deliveries, answers, publications to the publisher: got %d, %d, %d, want 2000, 102, 0", s.crowd.Delivered, publisher.Answers(), publisher.Got())
			}
			if s.crowd.Frames == 0 || s.crowd.Frames > s.crowd.Delivered {
				t.Errorf("frames: got %d, want 1 to %d", s.crowd.Frames, s.crowd.Delivered)
			}
			if err := s.repeat(0, 10, refusedCommand); err == nil {
				t.Error("a refused command was taken for one that was carried out")
			}
		})
	}
}

// TestRepeats: what one connection does over and over is carried out, or refused,
// as the figure says.
func TestRepeats(t *testing.T) {
	kind := peers.Kinds[0]
	s, err := open(t.Context(), options{work: 1, quick: true}, kind, "smoke")
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	values, err := repeats(s)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range metrics {
		if _, found := values[m.name]; m.figure == "repeats" && !found {
			t.Errorf("%s was not measured: %v", m.name, values)
		}
	}
}

// TestNobodyWithoutAToken: those that check tokens refuse a bad one.
func TestNobodyWithoutAToken(t *testing.T) {
	for _, kind := range peers.Kinds {
		if kind.Name == "floor" || kind.Name == "floor-batch" {
			continue // they check none, and say so
		}
		t.Run(kind.Name, func(t *testing.T) {
			s, err := open(t.Context(), options{work: 1}, kind, "smoke")
			if err != nil {
				t.Fatal(err)
			}
			defer s.close()
			cookie, err := peers.Cookie(1)
			if err != nil {
				t.Fatal(err)
			}
			if err := s.connectWith([]string{cookie[:len(cookie)-8]}); err == nil {
				t.Error("a token whose signature was cut off was let in")
			}
		})
	}
}

func TestVerdicts(t *testing.T) {
	r := &results{values: map[string]map[string][]float64{"echo16.cpu": {"hub": {4, 9, 5}, "centrifuge": {10, 10, 10}}}}
	for _, test := range []struct {
		budget      budget
		judged, met bool
		got         float64
	}{
		{budget{"echo16.cpu", "due", 1, "centrifuge"}, true, true, 0.5},
		{budget{"echo16.cpu", "goal", 0.4, "centrifuge"}, true, false, 0.5},
		{budget{"echo16.cpu", "due", 5, ""}, true, true, 5},
		{budget{"echo16.cpu", "due", 1, "gws"}, false, false, 0},
	} {
		if v := r.judge(test.budget); v.Judged != test.judged || v.Met != test.met || v.Got != test.got {
			t.Errorf("%+v: got %+v", test.budget, v)
		}
	}
}

func TestEveryBudgetHasAMetricAndAPeer(t *testing.T) {
	known := map[string]bool{}
	for _, m := range metrics {
		known[m.name] = true
		if _, found := findFigure(m.figure); !found {
			t.Errorf("%s belongs to no figure", m.name)
		}
	}
	for _, b := range budgets {
		if !known[b.metric] {
			t.Errorf("%+v: no such metric", b)
		}
		if _, err := peers.Find(b.peer); b.peer != "" && err != nil {
			t.Errorf("%+v: %v", b, err)
		}
	}
}
