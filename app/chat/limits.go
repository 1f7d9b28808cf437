package chat

import (
	"errors"
	"sync/atomic"
	"time"

	"github.com/yodelrt/yodel/app/refusal"
	"github.com/yodelrt/yodel/app/throttle"
)

// What one person can have.
const (
	maxRooms            = 200 // that one has come into by one's own choice
	maxInvitations      = 50  // that one has made and nobody has answered
	maxInvitationsToOne = 5   // of those, to one person
	maxListed           = 100 // invitations in an answer
	maxBlocks           = 500 // people whom one has blocked
	maxEmoji            = 20  // different ones on one message
	maxMentions         = 20  // in one message
	maxReactors         = 200 // who are named for one emoji
	maxOnlineAsk        = 100 // people in one question
)

// limit is a budget of each person, and how often it was overdrawn.
type limit struct {
	name   string
	budget *throttle.Throttle
	over   atomic.Uint64
}

// limits keep one person from flooding the others.
type limits struct {
	messages, changes, rooms, invites, announcements, searches, typing limit
}

func newLimits(messages int) *limits {
	return &limits{
		messages:      limit{name: "messages", budget: throttle.New(10*time.Second/time.Duration(messages), messages)},
		changes:       limit{name: "changes", budget: throttle.New(250*time.Millisecond, 40)},
		rooms:         limit{name: "rooms", budget: throttle.New(time.Minute, 20)},
		invites:       limit{name: "invites", budget: throttle.New(2*time.Second, 60)},
		announcements: limit{name: "announcements", budget: throttle.New(20*time.Second, 5)},
		searches:      limit{name: "searches", budget: throttle.New(100*time.Millisecond, 100)},
		typing:        limit{name: "typing", budget: throttle.New(2*time.Second, 1)}, // of a person in a room, whole again after a message
	}
}

func (l *limits) all() []*limit {
	return []*limit{&l.messages, &l.changes, &l.rooms, &l.invites, &l.announcements, &l.searches, &l.typing}
}

func (l *limits) refused() map[string]uint64 {
	counts := map[string]uint64{}
	for _, one := range l.all() {
		counts[one.name] = one.over.Load()
	}
	return counts
}

// take spends one of a person's budget.
func (l *limit) take(key string) error {
	if l.budget.Take(key) {
		return nil
	}
	l.over.Add(1)
	return refusal.SlowDown.Plain()
}

// TooOften reports whether an error says that a person has to slow down.
func TooOften(err error) bool { return errors.Is(err, refusal.SlowDown.Plain()) }
