package realtime

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/yodelrt/yodel/realtime/cluster"
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

// beside runs work beside its caller. A panic in it is logged.
func (h *Hub) beside(work func()) {
	go func() {
		defer func() {
			if cause := recover(); cause != nil {
				h.config.Logger.Error("work of a hub panicked", "cause", fmt.Sprint(cause))
			}
		}()
		work()
	}()
}

// endAll ends every connection of a node that has lost its engine, spread over that
// time, and returns how many there were.
func (h *Hub) endAll(spread time.Duration) int {
	everyone := append(h.registry.find(All()), h.porch.all()...)
	links := make([]*link, len(everyone))
	for i, c := range everyone {
		links[i] = &c.link
	}
	h.transport.pace(links, spread, CloseReconnect)
	return len(everyone)
}

// nodeHub is what a node orders the hub.
type nodeHub struct{ hub *Hub }

// End implements node.Hub.
func (n nodeHub) End(e node.End) int {
	reason := closeOf(e)
	n.hub.flights.revoke(e.By, reason)
	ended := 0
	for _, c := range n.hub.registry.find(e.By) {
		if e.OpenedBefore.IsZero() || c.since.Before(e.OpenedBefore) {
			c.link.close(reason)
			ended++
		}
	}
	return ended
}

// Rejudge implements node.Hub.
func (n nodeHub) Rejudge(ctx context.Context, by Selector) int { return n.hub.RejudgeHere(ctx, by) }

// Deliver implements node.Hub.
func (n nodeHub) Deliver(by Selector, data []byte) error {
	var err error
	if by.Kind() == cluster.KindAll {
		_, err = n.hub.broadcastHere(data)
	} else {
		_, err = n.hub.sendHere(by.ID(), data)
	}
	if errors.Is(err, ErrClosed) {
		return nil // a hub that ends has nobody to deliver to
	}
	return err
}

func closeOf(e node.End) Close { return Close{Code: e.Code, Reason: e.Reason, Flush: e.Flush} }

func endOf(by Selector, reason Close) node.End {
	return node.End{By: by, Code: reason.Code, Reason: reason.Reason, Flush: reason.Flush}
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
