package adversary_test

import "time"

// bounds are the limits of a round: small, so that they are met.
type bounds struct {
	message, first               int64
	outbox                       int
	all, perUser, perAddress     int
	pending, pendingPerAddress   int
	connecting, channels         int
	perFrame, burst, errors      int
	rate                         float64
	deadline, age, idle          time.Duration
	ping, pong, position, spread time.Duration
	noMessages                   bool
}

// boundsOf draws the limits of a round.
func boundsOf(d dice, fake bool) bounds {
	b := bounds{
		message: 4096, first: 1024, outbox: 20_000,
		all: d.between(5, 14), perUser: d.between(2, 4), perAddress: d.between(4, 9),
		pending: d.between(3, 8), pendingPerAddress: d.between(2, 4), connecting: d.between(3, 9), channels: d.between(3, 6),
		perFrame: 12, burst: 1e9, rate: 1e9, errors: d.between(20, 60),
		deadline: 3 * time.Second, ping: 5 * time.Second, pong: 2 * time.Second, position: 10 * time.Second, spread: time.Second,
		noMessages: d.oneIn(4),
	}
	b.perAddress, b.connecting, b.pendingPerAddress = min(b.perAddress, b.all), min(b.connecting, b.all), min(b.pendingPerAddress, b.pending)
	if d.oneIn(3) {
		b.age = 40 * time.Second
	}
	if d.oneIn(3) {
		b.idle = 15 * time.Second
	}
	if d.oneIn(4) {
		b.rate, b.burst = 20, 10
	}
	if !fake {
		b.deadline, b.spread = time.Second, 20*time.Millisecond
	}
	return b
}
