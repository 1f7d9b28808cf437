package realtime

import (
	"context"
	"fmt"

	"github.com/yodelrt/yodel/realtime/cluster"
	"github.com/yodelrt/yodel/realtime/internal/node"
	"github.com/yodelrt/yodel/realtime/internal/transport"
)

// Disconnect ends the selected connections on every node and returns how many
// there were on this one. It does not wait for them, and no peer can delay it. A
// token that is being verified meanwhile, in a connect or a refresh, is among the
// selected; what comes later is Recheck's to refuse.
//
// Where the engine keeps revocations, a reason that is terminal is stored before
// anything is ended: it reaches nodes that are cut off as soon as they are back,
// and who was selected by session or token is refused from then on.
//
// An error that wraps [ErrClose] means that no peer may be sent the reason, and
// that nothing was done. After any other it was carried out here; other nodes, or
// this one after a restart, may not know of it yet, and storing it is tried again.
func (h *Hub) Disconnect(ctx context.Context, by Selector, reason Close) (int, error) {
	if _, err := reason.sendable(); err != nil {
		return 0, fmt.Errorf("disconnect: %w", err)
	}
	ended, err := h.node.End(ctx, node.End{By: by, Close: transport.Close(reason)}, reason.Terminal())
	if err != nil {
		err = fmt.Errorf("disconnect: %w", err)
	}
	return ended, err
}

// DisconnectHere is [Hub.Disconnect] on this node alone: nothing is stored and no
// other node is told. It is for what every node learns for itself, such as from
// a database that they share.
func (h *Hub) DisconnectHere(by Selector, reason Close) (int, error) {
	if _, err := reason.sendable(); err != nil {
		return 0, fmt.Errorf("disconnect: %w", err)
	}
	return nodeHub{h}.End(node.End{By: by, Close: transport.Close(reason)}), nil
}

// Rejudge asks Recheck again for the selected connections, and the rules of
// their channels: a connection that may not stay is ended, and a subscription
// that is no longer allowed ends with code 2000. Every node does; a node that
// was cut off asks for all of its connections when it is back. It returns how
// many connections of this node it has ended.
func (h *Hub) Rejudge(ctx context.Context, by Selector) int { return h.node.Rejudge(ctx, by) }

// RejudgeHere is [Hub.Rejudge] on this node alone, for what every node learns for
// itself.
func (h *Hub) RejudgeHere(ctx context.Context, by Selector) int {
	ended := 0
	for _, c := range h.find(by) {
		if !c.stays() {
			ended++
			continue
		}
		c.rejudgeSubscriptions(ctx)
	}
	return ended
}

// Nodes returns the nodes that share the engine, this one included.
func (h *Hub) Nodes(ctx context.Context) ([]cluster.Node, error) { return h.node.Nodes(ctx) }

// ClusterInfo asks every node that shares the engine how it stands, and waits for
// their answers until ctx ends, two seconds at most. An error says that the other
// nodes could not be asked; this one's answer is there all the same. A hub whose
// engine has no Control is alone, and answers for itself.
func (h *Hub) ClusterInfo(ctx context.Context, q cluster.InfoQuery) (cluster.Info, error) {
	return h.node.Info(ctx, q)
}

// EngineHealth tells how the hub stands to its engine, for health checks and
// metrics. It is zero for a hub that is alone.
func (h *Hub) EngineHealth() cluster.Health { return h.node.Health() }
