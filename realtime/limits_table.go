package realtime

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// limitField is a limit that others may need.
type limitField struct {
	name     string
	value    *int
	standard int
}

// fields are the limits that are whole numbers, with their defaults: each behind
// those that it needs.
func (l *Limits) fields() []limitField {
	return []limitField{
		{"Connections", &l.Connections, 100_000},
		{"ConnectionsPerUser", &l.ConnectionsPerUser, 10},
		{"ConnectionsPerAddress", &l.ConnectionsPerAddress, 100},
		{"Connecting", &l.Connecting, 1000},
		{"Pending", &l.Pending, 1000},
		{"PendingPerAddress", &l.PendingPerAddress, 20},
		{"QueueBytes", &l.QueueBytes, 1 << 20},
		{"RecoveryBytes", &l.RecoveryBytes, 1 << 20},
		{"HistoryBytes", &l.HistoryBytes, 1 << 20},
		{"MessageBytes", &l.MessageBytes, 64 << 10},
		{"FirstMessageBytes", &l.FirstMessageBytes, 16 << 10},
		{"ChannelBytes", &l.ChannelBytes, 255},
		{"CommandsPerFrame", &l.CommandsPerFrame, 256},
		{"CommandBurst", &l.CommandBurst, 200},
		{"Channels", &l.Channels, 128},
		{"Errors", &l.Errors, 1000},
	}
}

const (
	defaultCommandsPerSecond = 100
	defaultAuthDeadline      = 10 * time.Second
)

// Bytes of a subscribe of the official JavaScript client in JSON, in the frame with
// which it comes back: with a name of 40 bytes, and with a token of 300 beside it.
const (
	subscribeBytes      = 145
	tokenSubscribeBytes = 455
)

// relation says that a limit, and so much more, takes so many of another for each.
type relation struct {
	limit, needs string
	plus, times  int
	why          string
}

var relations = []relation{
	{"ConnectionsPerUser", "Connections", 0, 1, "one user could never have that many"},
	{"ConnectionsPerAddress", "Connections", 0, 1, "one address could never have that many"},
	{"Connecting", "Connections", 0, 1, "that many could never connect at once"},
	{"PendingPerAddress", "Pending", 0, 1, "one address could never have that many"},
	{"MessageBytes", "QueueBytes", 0, 2, "a publication as long as a message must fit into the half of the queue that is there while a subscription is made"},
	{"FirstMessageBytes", "MessageBytes", 0, 1, "no frame could carry such a first command"},
	{"ChannelBytes", "MessageBytes", 0, 1, "no frame could carry such a name"},
	{"Channels", "CommandsPerFrame", 1, 1, "a client that comes back sends its connect and all subscriptions in one frame"},
	{"Channels", "CommandBurst", 1, 1, "a client that comes back sends its connect and all subscriptions at once"},
	{"Channels", "MessageBytes", 1, subscribeBytes, "a client that comes back sends its connect and all subscriptions in one frame, about 145 bytes for each"},
}

// tokenRelation holds where a channel takes subscription tokens.
var tokenRelation = relation{
	"Channels", "MessageBytes", 1, tokenSubscribeBytes,
	"a client that comes back sends its connect and all subscriptions with their tokens in one frame, about 455 bytes for each",
}

// most is the largest value of the limit for one of what it needs.
func (r relation) most(of int) int { return of/r.times - r.plus }

// least is the smallest value of what it needs for one of the limit.
func (r relation) least(limit int) int {
	if limit > math.MaxInt/r.times-r.plus {
		return math.MaxInt
	}
	return (limit + r.plus) * r.times
}

// check tells of a limit that is more than another has room for.
func (r relation) check(limit, of int) error {
	most := r.most(of)
	if limit <= most {
		return nil
	}
	remedy := fmt.Sprintf("raise %s to %d", r.needs, r.least(limit))
	if most > 0 {
		remedy += fmt.Sprintf(" or lower %s to %d", r.limit, most)
	}
	return fmt.Errorf("%w: Limits.%s is %d and Limits.%s is %d: %s; %s", ErrConfig, r.limit, limit, r.needs, of, r.why, remedy)
}

// mostRaised is how many times a default goes up for a limit that needs more of it.
// Beyond that the application says itself what it wants to bear.
const mostRaised = 32

// withDefaults completes limits and holds them against each other.
func (l Limits) withDefaults() (Limits, error) {
	values := map[string]int{}
	floors, err := l.floors()
	if err != nil {
		return l, err
	}
	for _, f := range l.fields() {
		if *f.value == 0 {
			*f.value = f.fitting(values, floors[f.name])
		}
		values[f.name] = *f.value
	}
	for _, r := range relations {
		if err := r.check(values[r.limit], values[r.needs]); err != nil {
			return l, err
		}
	}
	return l.withTimes()
}

// floors tells what the limits that are set need of the others.
func (l *Limits) floors() (map[string]int, error) {
	floors := map[string]int{}
	for _, f := range slices.Backward(l.fields()) {
		if *f.value < 0 {
			return nil, negative(f.name, *f.value)
		}
		value := *f.value
		if value == 0 {
			value = floors[f.name]
		}
		for _, r := range relations {
			if r.limit == f.name && value > 0 {
				floors[r.needs] = max(floors[r.needs], r.least(value))
			}
		}
	}
	return floors, nil
}

// fitting is the default of a limit: raised to what others need of it, lowered to
// what those that it needs have room for.
func (f limitField) fitting(values map[string]int, floor int) int {
	value := max(f.standard, min(floor, f.standard*mostRaised))
	for _, r := range relations {
		if r.limit == f.name {
			value = min(value, r.most(values[r.needs]))
		}
	}
	return max(value, 1)
}

// withTimes completes the limits that are no whole numbers.
func (l Limits) withTimes() (Limits, error) {
	switch {
	case !(l.CommandsPerSecond >= 0): // nor no number at all
		return l, negative("CommandsPerSecond", l.CommandsPerSecond)
	case l.AuthDeadline < 0:
		return l, negative("AuthDeadline", l.AuthDeadline)
	case l.Age < 0:
		return l, negative("Age", l.Age)
	case l.Idle < 0:
		return l, negative("Idle", l.Idle)
	case l.Age > 0 && l.Idle > l.Age:
		return l, fmt.Errorf("%w: Limits.Idle is %s and Limits.Age is %s: nobody could be idle for so long; lower Idle or raise Age", ErrConfig, l.Idle, l.Age)
	}
	orDefault(&l.CommandsPerSecond, defaultCommandsPerSecond)
	orDefault(&l.AuthDeadline, defaultAuthDeadline)
	return l, nil
}

func negative(name string, value any) error {
	return fmt.Errorf("%w: Limits.%s is %v; give it a positive value, or leave it zero for its default", ErrConfig, name, value)
}

// fitTokens holds the limits against channels that take subscription tokens. It
// lowers the default of Channels, and refuses one that the application has set.
func (h *Hub) fitTokens() error {
	limits := &h.config.Limits
	err := tokenRelation.check(limits.Channels, limits.MessageBytes)
	if most := tokenRelation.most(limits.MessageBytes); err != nil && !h.channelsSet && most > 0 {
		limits.Channels = most
		return nil
	}
	return err
}
