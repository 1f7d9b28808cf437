package realtime_test

import (
	"flag"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"
)

var (
	modelSteps = flag.Int("model.steps", 3000, "steps of the delivery model; a long run is -model.steps 1000000")
	modelSeed  = flag.Uint64("model.seed", 0, "replays the run of the delivery model that printed this seed; 0 draws one")
)

// TestDeliveryModel takes random steps against a hub in memory, on a fake clock,
// and holds what every peer hears against the one truth: the sequence that was
// published. Each peer hears every publication from where it began, once and in
// order, or its connection was told: by a close, by `recovered: false`, or by an
// end of the network. What the ledger owed and what became of it must be the
// model's own sums, to the last one.
func TestDeliveryModel(t *testing.T) {
	seed := *modelSeed
	if seed == 0 {
		seed = rand.Uint64()
	}
	t.Logf("replay with -model.seed %d -model.steps %d", seed, *modelSteps)
	synctest.Test(t, func(t *testing.T) {
		m := newModel(t, seed)
		for m.step = range *modelSteps {
			m.take()
			if t.Failed() {
				t.Fatalf("at step %d", m.step)
			}
		}
		m.end()
	})
}

// take takes one random step.
func (m *model) take() {
	p := m.peers[m.dice.IntN(len(m.peers))]
	s := m.streams[m.dice.IntN(len(m.streams))]
	switch roll := m.dice.IntN(100); {
	case roll < 38:
		m.publish(s)
	case roll < 43:
		m.publishFrom(p, s)
	case roll < 47:
		m.broadcast()
	case roll < 51:
		m.sendToUser(p.user)
	case roll < 56:
		m.flurry()
	case roll < 72:
		m.comeOrEnter(p, s)
	case roll < 77:
		m.leave(p, s)
	case roll < 80:
		m.cut(p)
	case roll < 81:
		m.cut(p)
		p.forget() // a client that was started anew
	case roll < 82:
		m.disconnect(p.user)
	case roll < 86:
		m.stall(p)
	case roll < 94:
		m.resume(p)
	default:
		time.Sleep(time.Duration(m.dice.IntN(3000)) * time.Millisecond) // of the fake clock
	}
	m.settle()
}

// end lets everybody go and holds the sums against each other.
func (m *model) end() {
	for _, p := range m.peers {
		m.resume(p)
	}
	m.settle()
	for _, p := range m.peers {
		m.cut(p)
	}
	time.Sleep(time.Minute)
	synctest.Wait()
	account := m.hub.Account()
	if !account.Settled() || account.Owed != m.owed {
		m.t.Errorf("ledger: got %+v, the model owed %d", account, m.owed)
	}
	// A frame that was in flight when its connection ended may have been heard and
	// is counted as lost; that is rare.
	if account.Delivered+m.heard/100 < m.heard {
		m.t.Errorf("ledger: %d delivered, and %d were heard", account.Delivered, m.heard)
	}
	m.t.Logf("%d publications, %d recovered, %d gaps told, closes %v, ledger %+v", m.published, m.recovered, m.gaps, m.closes, account)
	if *modelSteps < 3000 {
		return
	}
	if m.recovered == 0 || m.gaps == 0 || m.closes[3008] == 0 || m.closes[3010] == 0 || account.Recoverable == 0 || account.Dropped == 0 {
		m.t.Error("something never happened in this run, so it shows nothing of it")
	}
}
