package adversary_test

import (
	"context"
	"sync"
)

// gates block callbacks until the test lets them go on.
type gates struct {
	b     *base
	mu    sync.Mutex
	shut  []*gate
	over  bool // nobody blocks any more
	total int
}

// gate holds one callback.
type gate struct {
	link *link // whose callback it is, nil for none that is known
	open chan struct{}
}

func newGates(b *base) *gates { return &gates{b: b} }

// mostBlocked bounds the callbacks that are blocked at a time.
const mostBlocked = 6

// wait blocks until the test opens the gate, or ctx ends for one that looks at it.
func (g *gates) wait(ctx context.Context, of *link, patient bool) {
	g.mu.Lock()
	if g.over || len(g.shut) >= mostBlocked {
		g.mu.Unlock()
		return
	}
	one := &gate{of, make(chan struct{})}
	g.shut = append(g.shut, one)
	g.total++
	g.mu.Unlock()
	var ended <-chan struct{}
	if !patient {
		ended = ctx.Done()
	}
	select {
	case <-one.open:
	case <-ended:
		g.mu.Lock()
		defer g.mu.Unlock()
		for i := range g.shut {
			if g.shut[i] == one {
				g.shut = append(g.shut[:i], g.shut[i+1:]...)
				break
			}
		}
	}
}

// release opens one gate.
func (g *gates) release(which int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.shut) == 0 {
		return
	}
	i := which % len(g.shut)
	close(g.shut[i].open)
	g.shut = append(g.shut[:i], g.shut[i+1:]...)
}

// releaseAll opens every gate; when it is for good, nobody blocks afterwards.
func (g *gates) releaseAll(forGood bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, one := range g.shut {
		close(one.open)
	}
	g.shut, g.over = nil, forGood
}
