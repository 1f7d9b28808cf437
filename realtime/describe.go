package realtime

import (
	"cmp"
	"reflect"
	"slices"
)

// Description is the contract of a hub: what clients may call, hear and say, in
// Go types. Package gen writes it down.
type Description struct {
	// Methods are sorted by name.
	Methods []MethodDescription
	// Channels are sorted by pattern.
	Channels []ChannelDescription
	// Messages arrive outside of any channel; empty means that nothing was said
	// about them.
	Messages []EventDescription
}

// MethodDescription is one that [RPC] has registered.
type MethodDescription struct {
	Name    string
	In, Out reflect.Type
}

// ChannelDescription is what [Hub.Channel] has declared.
type ChannelDescription struct {
	// Pattern is a name such as room:{id}.
	Pattern string
	Options ChannelOptions
	// Events are the types that it carries, in the order of their declaration;
	// empty means anything.
	Events []EventDescription
	// ClientsPublish says that a rule may let clients publish.
	ClientsPublish bool
}

// EventDescription is one type of event.
type EventDescription struct {
	// Type is never a pointer.
	Type reflect.Type
	// Tag is the value of the member "type", empty for events without one.
	Tag string
}

// Describe tells what was registered and declared so far.
func (h *Hub) Describe() Description {
	d := Description{Messages: h.messages.describe()}
	h.calls.Range(func(name, registered any) bool {
		method := registered.(call)
		d.Methods = append(d.Methods, MethodDescription{name.(string), method.in, method.out})
		return true
	})
	for _, rule := range h.rules {
		d.Channels = append(d.Channels, ChannelDescription{rule.pattern.text, rule.options, rule.events.describe(), rule.publish != nil})
	}
	slices.SortFunc(d.Methods, func(a, b MethodDescription) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(d.Channels, func(a, b ChannelDescription) int { return cmp.Compare(a.Pattern, b.Pattern) })
	return d
}

func (e events) describe() []EventDescription {
	var all []EventDescription
	for _, one := range e {
		all = append(all, EventDescription{one.of, one.tag})
	}
	return all
}
