package realtime

import (
	"slices"
	"time"

	"github.com/yodelrt/yodel/realtime/cluster"
)

// meter counts the publications of a channel, under its lock.
type meter struct {
	total       uint64
	window      int64 // which one now counts
	now, before uint64
}

// meterWindow is how long a rate looks back, at least.
const meterWindow = 10 * time.Second

func (m *meter) mark(at time.Time) {
	if at.IsZero() {
		at = time.Now()
	}
	m.turn(at)
	m.now++
	m.total++
}

// turn begins a new window where the last is over.
func (m *meter) turn(at time.Time) {
	switch window := at.UnixNano() / int64(meterWindow); {
	case window == m.window+1:
		m.window, m.before, m.now = window, m.now, 0
	case window > m.window:
		m.window, m.before, m.now = window, 0, 0
	}
}

// perSecond is the rate over the latest window: the one that is filling, and as
// much of the one before as it lacks.
func (m *meter) perSecond(at time.Time) float64 {
	m.turn(at)
	gone := float64(at.UnixNano()%int64(meterWindow)) / float64(meterWindow)
	return (float64(m.before)*(1-gone) + float64(m.now)) / meterWindow.Seconds()
}

// ChannelStates returns how the channels stand that have subscribers here, the
// busiest first. It takes each channel's lock for a moment and asks no engine,
// so it may be polled.
func (h *Hub) ChannelStates() []cluster.ChannelState {
	states, now := []cluster.ChannelState{}, time.Now()
	for _, shard := range h.channels.shards {
		shard.mu.Lock()
		for name, ch := range shard.channels {
			ch.mu.Lock()
			states = append(states, cluster.ChannelState{
				Name: name, Pattern: ch.rule.pattern.text, Subscribers: len(ch.subs), Publications: ch.meter.total, PerSecond: ch.meter.perSecond(now),
			})
			ch.mu.Unlock()
		}
		shard.mu.Unlock()
	}
	slices.SortFunc(states, cluster.ChannelState.Compare)
	return states
}
