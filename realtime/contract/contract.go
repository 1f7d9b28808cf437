// Package contract holds what a hub tells of itself: what clients may call, hear
// and say, in Go types. [realtime.Hub.Describe] fills it in, and package gen writes
// it down.
package contract

import (
	"reflect"
	"time"
)

// Description is the contract of a hub.
type Description struct {
	// Methods are sorted by name.
	Methods []Method
	// Channels are sorted by pattern.
	Channels []Channel
	// Messages arrive outside of any channel; empty means that nothing was said
	// about them.
	Messages []Event
}

// Method is one that [realtime.RPC] has registered.
type Method struct {
	Name    string
	In, Out reflect.Type
}

// Channel is what [realtime.Hub.Channel] has declared. What its fields mean stands
// with [realtime.ChannelOptions].
type Channel struct {
	// Pattern is a name such as room:{id}.
	Pattern    string
	History    int
	HistoryTTL time.Duration

	Recover, Positioned, Presence, JoinLeave, Binary bool
	// Events are the types that it carries, in the order of their declaration;
	// empty means anything.
	Events []Event
	// ClientsPublish says that a rule may let clients publish.
	ClientsPublish bool
}

// Event is one type of event.
type Event struct {
	// Type is never a pointer.
	Type reflect.Type
	// Tag is the value of the member "type", empty for events without one.
	Tag string
}
