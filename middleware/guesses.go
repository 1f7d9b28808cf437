package middleware

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// guesses slows down who tries tickets that do not exist. Addresses are counted
// apart, so that one guesser disturbs nobody else.
type guesses struct {
	mu   sync.Mutex
	from map[string]*rate.Limiter
}

const (
	guessesPerMinute = 60
	maxGuessers      = 10_000
)

func newGuesses() *guesses { return &guesses{from: map[string]*rate.Limiter{}} }

// blocked reports whether an address has used up its wrong guesses.
func (g *guesses) blocked(address string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	limiter := g.from[address]
	return limiter != nil && limiter.Tokens() < 1
}

// wrong counts one wrong guess.
func (g *guesses) wrong(address string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	limiter := g.from[address]
	if limiter == nil {
		g.makeRoom()
		limiter = rate.NewLimiter(rate.Every(time.Minute/guessesPerMinute), guessesPerMinute)
		g.from[address] = limiter
	}
	limiter.Allow()
}

// makeRoom forgets those who have been quiet, and where all are noisy, anybody.
func (g *guesses) makeRoom() {
	if len(g.from) < maxGuessers {
		return
	}
	for address, limiter := range g.from {
		if limiter.Tokens() >= guessesPerMinute {
			delete(g.from, address)
		}
	}
	for address := range g.from {
		if len(g.from) < maxGuessers {
			return
		}
		delete(g.from, address)
	}
}
