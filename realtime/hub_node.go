package realtime

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/yodelrt/yodel/realtime/internal/node"
)

// newNode builds this hub's place among those that share its engine.
func (h *Hub) newNode() *node.Node {
	channels := channelCount{hub: h}
	return node.New(node.Config{
		Hub: nodeHub{h}, Control: h.config.Engine.Control, Revocations: h.config.Engine.Revocations,
		CutOff: h.config.CutOff, Spread: h.config.DrainSpread, EndAll: h.endAll,
		Count: func() (int, int) { return h.Connections(), channels.now() },
		Go:    h.beside, Log: h.config.Logger,
	})
}

// beside runs work beside its caller. It is none of the connections', which a
// shutdown waits for: the node leaves after them.
func (h *Hub) beside(work func()) { h.nodeWork.Go(nil, work) }

// endAll ends every connection of a node that has lost its engine, spread over that
// time, and returns how many there were.
func (h *Hub) endAll(spread time.Duration) int {
	everyone := h.conns.Everyone()
	if len(everyone) > 0 {
		h.conns.Pace(everyone, spread, wireClose(CloseReconnect))
	}
	return len(everyone)
}

// nodeHub is what a node orders the hub.
type nodeHub struct{ hub *Hub }

// End implements node.Hub.
func (n nodeHub) End(e node.End) int {
	ended := 0
	for _, link := range n.hub.conns.Revoke(e.By, e.Close) {
		if !e.OpenedBefore.IsZero() && !connOf(&link.Socket).since.Before(e.OpenedBefore) {
			continue
		}
		if link.End(e.Close) {
			ended++
		}
	}
	return ended
}

// Rejudge implements node.Hub.
func (n nodeHub) Rejudge(ctx context.Context, by Selector) int { return n.hub.RejudgeHere(ctx, by) }

// Deliver implements node.Hub.
func (n nodeHub) Deliver(by Selector, data []byte) error {
	_, err := n.hub.sendHere(by, data)
	if errors.Is(err, ErrClosed) {
		return nil // a hub that ends has nobody to deliver to
	}
	return err
}

// channelCount counts the channels that have subscribers here. It waits for no
// shard: one that is busy with the engine keeps its last number.
type channelCount struct {
	hub *Hub
	mu  sync.Mutex
	by  [len(channels{}.shards)]int // as last counted, by shard
}

func (c *channelCount) now() (total int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, shard := range c.hub.channels.shards {
		if shard.mu.TryLock() {
			c.by[i] = len(shard.channels)
			shard.mu.Unlock()
		}
		total += c.by[i]
	}
	return total
}
