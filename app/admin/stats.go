package admin

import (
	"context"
	"strconv"
	"time"

	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/realtime/cluster"
)

const mostChannels = 100 // of one answer

// Stats returns the counters of the hubs of all nodes, and their busiest channels.
func (a *Admin) Stats(ctx context.Context, _ string, _ wire.Nothing) (wire.Stats, error) {
	found, missing := a.clusterInfo(ctx, cluster.InfoQuery{Channels: mostChannels})
	out := wire.Stats{
		At: time.Now().UTC(), Closed: map[string]uint64{}, Refused: a.Refused(), Channels: channelsOf(found.Channels(mostChannels)),
		Nodes: []wire.Node{}, Missing: missing,
	}
	whole := true
	for _, one := range found.Nodes {
		add(&out, one)
		whole = whole && one.Followed == len(one.Channels)
	}
	if whole {
		out.Followed = len(found.Channels(out.Followed))
	}
	return out, nil
}

// add takes the counters of one node into the sums.
func add(out *wire.Stats, one cluster.NodeInfo) {
	stats, ledger := one.Stats, one.Account
	out.Connections += stats.Open
	out.Pending += stats.Pending
	out.Opened += stats.Opened
	out.Received += stats.In
	out.Sent += stats.Out
	out.Owed += ledger.Owed
	out.Delivered += ledger.Delivered
	out.Recoverable += ledger.Recoverable
	out.Dropped += ledger.Dropped
	out.Followed += one.Followed
	for code, n := range stats.Closed {
		out.Closed[strconv.Itoa(code)] += n
	}
	out.Nodes = append(out.Nodes, wire.Node{
		ID: one.Node.ID, Name: called(one.Node), Connections: stats.Open, Received: stats.In, Sent: stats.Out, Delivered: ledger.Delivered,
		Channels: one.Followed,
	})
}

func channelsOf(states []cluster.ChannelState) []wire.Channel {
	out := make([]wire.Channel, 0, len(states))
	for _, one := range states {
		out = append(out, wire.Channel{
			Name: one.Name, Subscribers: one.Subscribers, Publications: one.Publications, PerSecond: one.PerSecond,
		})
	}
	return out
}
