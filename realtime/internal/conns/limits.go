package conns

// StrikesPerBurst is a flood: so many bursts over the rate of messages without a
// pause.
const StrikesPerBurst = 10

// Limits bound the connections of a set. Zero bounds nothing.
type Limits struct {
	Connections       int // of known users, closing ones included
	PerUser           int // of one user, closing ones not included
	PerAddress        int // of one address
	Pending           int // of nobody known yet
	PendingPerAddress int // of those, from one address
	Connecting        int // of known users, not active yet
}

// Limit names the bound that keeps a connection out.
type Limit int

// The bounds. None is 0.
const (
	None Limit = iota
	Connections
	PerUser
	PerAddress
	PendingTotal
	PendingPerAddress
	Connecting
	Draining // not a bound: nobody is admitted any more
)

// places counts what is taken of the limits, under the set's lock.
type places struct {
	limits     Limits
	known      int // connections of known users
	pending    int
	connecting int
	active     int
	byAddress  addrCounts // of all connections
	waiting    addrCounts // of pending ones
}

func over(taken, limit int) bool { return limit > 0 && taken >= limit }

// roomForKnown says which bound keeps out one more connection of a known user.
func (p *places) roomForKnown() Limit {
	switch {
	case over(p.known, p.limits.Connections):
		return Connections
	case over(p.connecting, p.limits.Connecting):
		return Connecting
	}
	return None
}

// roomForPending says which bound keeps out one more pending connection.
func (p *places) roomForPending(address string) Limit {
	switch {
	case over(p.waiting.of(address), p.limits.PendingPerAddress):
		return PendingPerAddress
	case over(p.pending, p.limits.Pending):
		return PendingTotal
	}
	return None
}
