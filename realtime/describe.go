package realtime

import (
	"cmp"
	"slices"

	"github.com/yodelrt/yodel/realtime/contract"
)

// Describe tells what was registered and declared so far. Package gen writes it
// down.
func (h *Hub) Describe() contract.Description {
	d := contract.Description{Messages: h.messages.describe()}
	h.calls.Range(func(name, registered any) bool {
		method := registered.(call)
		d.Methods = append(d.Methods, contract.Method{Name: name.(string), In: method.in, Out: method.out})
		return true
	})
	for _, rule := range h.rules {
		d.Channels = append(d.Channels, rule.describe())
	}
	slices.SortFunc(d.Methods, func(a, b contract.Method) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(d.Channels, func(a, b contract.Channel) int { return cmp.Compare(a.Pattern, b.Pattern) })
	return d
}

func (r *channelRule) describe() contract.Channel {
	o := &r.options
	return contract.Channel{
		Pattern: r.pattern.text, History: o.History, HistoryTTL: o.HistoryTTL,
		Recover: o.Recover, Positioned: o.Positioned, Presence: o.Presence, JoinLeave: o.JoinLeave, Binary: o.Binary,
		Events: r.events.describe(), ClientsPublish: r.publish != nil,
	}
}

func (e events) describe() []contract.Event {
	var all []contract.Event
	for _, one := range e {
		all = append(all, contract.Event{Type: one.of, Tag: one.tag})
	}
	return all
}
