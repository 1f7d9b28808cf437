package realtime

import (
	"slices"

	"github.com/yodelrt/yodel/realtime/cluster"
)

// mostOfInfo bounds the connections, channels and users of one node's answer.
const mostOfInfo = 1000

// Info implements node.Hub.
func (n nodeHub) Info(q cluster.InfoQuery) cluster.NodeInfo {
	h, channels := n.hub, n.hub.ChannelStates()
	info := cluster.NodeInfo{
		Stats: h.Stats(), Account: h.Account(), Followed: len(channels),
		Channels: channels[:clamp(q.Channels, len(channels))], Users: map[string]int{},
	}
	for _, user := range q.Users[:clamp(len(q.Users), mostOfInfo)] {
		if n := len(h.find(ByUser(user))); n > 0 {
			info.Users[user] = n
		}
	}
	found := h.find(q.By)
	info.Selected = len(found)
	if q.Connections <= 0 {
		return info
	}
	found = slices.DeleteFunc(found, func(c *Conn) bool { return c.cursor().Compare(q.After) <= 0 })
	slices.SortFunc(found, func(a, b *Conn) int { return a.cursor().Compare(b.cursor()) })
	listed := found[:clamp(q.Connections, len(found))]
	info.More = len(listed) < len(found)
	for _, c := range listed {
		info.Connections = append(info.Connections, c.state())
	}
	return info
}

// clamp is how many of some are told.
func clamp(asked, there int) int { return min(max(asked, 0), there, mostOfInfo) }

func (c *Conn) cursor() cluster.Cursor { return cluster.Cursor{Since: c.since, Client: c.ID()} }
