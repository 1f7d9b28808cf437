package adversary_test

import (
	"slices"
	"strings"
	"time"
)

// goneAfter is how long a connection that has ended may still be in channels while
// one of its callbacks does not return.
const goneAfter = 10 * time.Second

// census is how many connections stand, as their peers see it when nobody has
// anything to do.
type census struct {
	sure      map[string]*link // connected, by client id: the peer has read everything
	unsure    int              // may stand: stalled, or not connected yet
	lingering int              // ended, and one of its callbacks has not returned
	stalled   int
}

// count takes the census. Callers hold mu.
func (b *base) count() census {
	c := census{sure: map[string]*link{}, lingering: b.busy[nil]}
	b.links = slices.DeleteFunc(b.links, func(l *link) bool {
		return l.done && now().Sub(l.doneAt) > time.Minute && b.busy[l]+b.busy[nil] == 0
	})
	for _, l := range b.links {
		switch {
		case l.done:
			if b.busy[l] > 0 {
				c.lingering++
			}
		case l.told:
			c.unsure++
		case l.stall != nil:
			c.stalled++
			c.unsure++
		case l.connected:
			c.sure[l.id] = l
		default:
			c.unsure++
		}
	}
	return c
}

// checkQuiet holds what the hub tells of itself against what peers see, when nobody
// has anything to do.
func (w *world) checkQuiet() {
	snapshot, stats, channels, settled, there := w.hub.everyone(), w.hub.Stats(), w.hub.Channels(), w.hub.settled(), w.engine.whoIsThere()
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.count()
	w.checkLimits(c, stats.Open, stats.Pending)
	w.checkRegistered(c, snapshot)
	w.checkCounters(c, stats)
	w.checkPresence(c, there)
	w.checkChannels(c, channels)
	if !settled && c.stalled == 0 {
		w.broken("ledger", "nothing is under way, and the account is not settled: %+v", w.hub.Account())
	}
	for _, l := range c.sure {
		if l.cutAt > 0 {
			w.broken("revoked", "%s of %s is still connected after %s", l.tag, l.who.user, l.cutBy)
		}
		if len(l.asked) > 0 && w.busy[l]+w.busy[nil] == 0 {
			w.broken("answers", "%s waits for answers to %v", l.tag, l.asked)
		}
		for _, s := range l.seats {
			s.complete(l, w)
		}
	}
}

// checkLimits holds connections against the limits.
func (b *base) checkLimits(c census, open, pending int) {
	if len(c.sure) > b.bounds.all || open > b.bounds.all {
		b.broken("limits", "Connections is %d, and %d are active; their peers count %d", b.bounds.all, open, len(c.sure))
	}
	if pending > b.bounds.pending {
		b.broken("limits", "Pending is %d, and %d are", b.bounds.pending, pending)
	}
	users, addresses, waiting, arriving := map[string]int{}, map[string]int{}, map[string]int{}, 0
	for _, l := range b.links {
		if l.connected && !l.done && !l.told && l.stall == nil {
			users[l.who.user]++
		}
		if l.done || l.status != 101 {
			continue
		}
		if !l.told && l.stall == nil {
			addresses[l.address]++
		}
		if l.pending && l.connects == 0 && l.stall == nil {
			waiting[l.address]++
		}
		if !l.pending && !l.connected && l.stall == nil {
			arriving++
		}
	}
	b.within("ConnectionsPerUser", users, b.bounds.perUser)
	b.within("PendingPerAddress", waiting, b.bounds.pendingPerAddress)
	b.within("ConnectionsPerAddress", addresses, b.bounds.perAddress)
	if b.bounds.connecting > 0 {
		b.within("Connecting", map[string]int{"all": arriving}, b.bounds.connecting)
	}
}

func (b *base) within(limit string, counts map[string]int, most int) {
	for who := range sorted(counts) {
		if counts[who] > most {
			b.broken("limits", "%s is %d, and %s has %d", limit, most, who, counts[who])
		}
	}
}

// checkRegistered holds the registry against the peers.
func (w *world) checkRegistered(c census, snapshot []connState) {
	others := 0
	found := map[string]connState{}
	for _, state := range snapshot {
		found[state.Client] = state
		l := w.byID[state.Client]
		switch {
		case c.sure[state.Client] != nil:
		case l != nil && l.done:
			w.broken("registered", "%s (%s of %s) has ended %s ago and is still registered", state.Client, l.tag, state.User, now().Sub(l.doneAt))
		default:
			others++
		}
	}
	if others > c.unsure {
		w.broken("registered", "%d connections are registered beside the %d that stand, and only %d may be on their way", others, len(c.sure), c.unsure)
	}
	for id, l := range c.sure {
		state, known := found[id]
		if !known {
			w.broken("registered", "%s of %s is connected and not registered", l.tag, l.who.user)
			continue
		}
		if seats := slices.Collect(sorted(l.seats)); !slices.Equal(seats, state.Channels) && w.busy[l] == 0 {
			w.broken("subscriptions", "%s believes to be in %v, the hub says %v", l.tag, seats, state.Channels)
		}
	}
}

// checkCounters holds the counters against the peers and against each other.
func (b *base) checkCounters(c census, stats hubStats) {
	if low, high := len(c.sure), len(c.sure)+c.unsure+c.lingering; stats.Open < low || stats.Open > high {
		b.broken("counters", "Stats.Open is %d, and peers count %d to %d", stats.Open, low, high)
	}
	if stats.Pending < 0 || stats.Pending > c.unsure+c.lingering {
		b.broken("counters", "Stats.Pending is %d, and at most %d may be", stats.Pending, c.unsure+c.lingering)
	}
	var closed uint64
	for _, n := range stats.Closed {
		closed += n
	}
	if standing := int(stats.Opened - closed); standing > len(c.sure)+c.unsure+c.lingering {
		b.broken("counters", "%d sockets stand by Stats, and peers count at most %d", standing, len(c.sure)+c.unsure+c.lingering)
	}
	if b.counts["opened"] > 0 && !b.troubled && (uint64(b.counts["opened"]) != stats.Opened || uint64(b.counts["closed"]) != closed) {
		b.broken("counters", "Stats has %d opened and %d closed, observers heard of %d and %d", stats.Opened, closed, b.counts["opened"], b.counts["closed"])
	}
}

// checkPresence holds presence at the engine against the peers.
func (w *world) checkPresence(c census, there map[string]map[string]bool) {
	for channel := range sorted(there) {
		for client := range sorted(there[channel]) {
			l := w.byID[client]
			switch {
			case l == nil:
				w.broken("presence", "%s is present in %s and is nobody's", client, channel)
			case l.done && (w.busy[l]+w.busy[nil] == 0 || now().Sub(l.doneAt) > goneAfter):
				w.broken("presence", "%s has ended %s ago and is present in %s; its callbacks that have not returned: %d", l.tag, now().Sub(l.doneAt), channel, w.busy[l]+w.busy[nil])
			case c.sure[client] != nil && l.seats[channel] == nil && w.busy[l] == 0:
				w.broken("presence", "%s is not in %s and is present there", l.tag, channel)
			}
		}
	}
	for id, l := range c.sure {
		for channel := range sorted(l.seats) {
			if startsWith(channel, "hist", "fleet", "odd", "ticket", "server") && !there[channel][id] {
				w.broken("presence", "%s is in %s and is not present there", l.tag, channel)
			}
		}
	}
}

// checkChannels holds the numbers of subscribers against the peers.
func (w *world) checkChannels(c census, channels map[string]int) {
	seats := map[string]int{}
	for _, l := range c.sure {
		for channel := range l.seats {
			seats[channel]++
		}
	}
	slack := c.unsure + w.busy[nil]
	for _, l := range w.links {
		if w.busy[l] > 0 && (!l.done || now().Sub(l.doneAt) <= goneAfter) {
			slack++
		}
	}
	for channel := range sorted(channels) {
		if n := channels[channel]; n < seats[channel] || n > seats[channel]+slack {
			w.broken("channels", "%s has %d subscribers, and peers count %d to %d", channel, n, seats[channel], seats[channel]+slack)
		}
	}
	for channel := range sorted(seats) {
		if channels[channel] == 0 {
			w.broken("channels", "%s has no subscribers, and peers count %d", channel, seats[channel])
		}
	}
	for _, channel := range w.engine.subscribed() {
		if channels[channel] == 0 {
			w.broken("engine", "the hub has no subscribers of %s and is still subscribed to it at the engine", strings.Clone(channel))
		}
	}
}
