package nats

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/synadia-io/orbit.go/jetstreamext"

	"github.com/yodelrt/yodel/realtime/cluster"
)

// control is how nodes hear of each other.
type control struct {
	engine  *Engine
	nodes   jetstream.KeyValue
	proof   *proof
	started time.Time
	reached atomic.Int64 // Unix nanoseconds

	mu     sync.Mutex
	member *cluster.Member // nil: none has joined
}

var errJoined = errors.New("another hub has joined this engine; open one for each")

// Join implements cluster.Control.
func (c *control) Join(ctx context.Context, member cluster.Member) (cluster.Node, func(), error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.member != nil {
		return cluster.Node{}, nil, errJoined
	}
	ctx, cancel := c.engine.bounded(ctx)
	defer cancel()
	if err := c.live(ctx, member); err != nil {
		return cluster.Node{}, nil, fmt.Errorf("join the nodes: %w", err)
	}
	sub, err := c.engine.conn.Subscribe(c.engine.subjects.control(), func(m *nats.Msg) { c.heard(m, member) })
	if err == nil {
		err = c.engine.conn.FlushWithContext(ctx)
	}
	if err != nil {
		return cluster.Node{}, nil, fmt.Errorf("join the nodes: %w", err)
	}
	c.member = &member
	beating, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	c.engine.spawn.Go(nil, func() {
		defer close(done)
		c.beat(beating, member)
	})
	return c.self(), func() {
		stop()
		<-done
		_ = sub.Unsubscribe() // fails only on a closed connection, which hears nothing
		c.leave()
	}, nil
}

// self is who this node is.
func (c *control) self() cluster.Node {
	return cluster.Node{ID: c.engine.node, Name: c.engine.options.Name, Started: c.started}
}

// leave says goodbye; where that fails, the others see it by the silence.
func (c *control) leave() {
	ctx, cancel := context.WithTimeout(context.Background(), c.engine.options.Heartbeat)
	defer cancel()
	if err := c.nodes.Purge(ctx, c.engine.node); err != nil {
		c.engine.log.Warn("the other nodes were not told that this one leaves", "error", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.member = nil
}

// beat gives signs of life until ctx ends.
func (c *control) beat(ctx context.Context, member cluster.Member) {
	ticks := time.NewTicker(c.engine.options.Heartbeat)
	defer ticks.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
		}
		timely, cancel := context.WithTimeout(ctx, max(c.engine.options.Heartbeat, time.Second))
		if err := c.live(timely, member); err != nil && ctx.Err() == nil {
			c.engine.log.Warn("the engine did not take a sign of life", "error", err)
		}
		cancel()
	}
}

// live gives one sign of life. That it is stored proves that the engine is
// reached, a majority of its servers included.
func (c *control) live(ctx context.Context, member cluster.Member) error {
	began := time.Now()
	self := member.Self()
	self.ID, self.Name, self.Started, self.Seen = c.engine.node, c.engine.options.Name, c.started, began
	data, err := json.Marshal(self)
	if err != nil {
		return err
	}
	if _, err := c.nodes.Put(ctx, self.ID, data); err != nil {
		return err
	}
	c.reached.Store(began.UnixNano())
	return nil
}

// Reached implements cluster.Control.
func (c *control) Reached() time.Time { return time.Unix(0, c.reached.Load()) }

// Send implements cluster.Control.
func (c *control) Send(_ context.Context, payload []byte) error {
	if len(payload)+headBytes+sealBytes > c.engine.options.MaxMessageBytes {
		return errTooBig
	}
	return c.proof.seal(payload, time.Now(), func(message []byte) error {
		return c.engine.conn.Publish(c.engine.subjects.control(), message)
	})
}

func (c *control) heard(m *nats.Msg, member cluster.Member) {
	if len(m.Data) > c.engine.options.MaxMessageBytes {
		c.engine.malformed(errTooBig)
		return
	}
	payload, own, err := c.proof.open(m.Data, time.Now())
	switch {
	case own:
	case err != nil:
		c.engine.counters.forged.Add(1)
		c.engine.log.Warn("a control message was ignored", "bytes", len(m.Data), "error", err)
	default:
		member.Receive(payload)
	}
}

// missed tells the hub that messages may have been lost.
func (c *control) missed() {
	c.mu.Lock()
	member := c.member
	c.mu.Unlock()
	if member != nil {
		member.Missed()
	}
}

// Nodes implements cluster.Control.
func (c *control) Nodes(ctx context.Context) ([]cluster.Node, error) {
	ctx, cancel := c.engine.bounded(ctx)
	defer cancel()
	bucket := c.nodes.Bucket()
	entries, err := jetstreamext.GetLastMsgsFor(ctx, c.engine.stream, "KV_"+bucket, []string{"$KV." + bucket + ".>"})
	if err != nil {
		return nil, fmt.Errorf("read the nodes: %w", err)
	}
	var nodes []cluster.Node
	for entry, err := range entries {
		if errors.Is(err, jetstreamext.ErrNoMessages) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read the nodes: %w", err)
		}
		if len(entry.Data) == 0 {
			continue // it has left
		}
		var node cluster.Node
		if err := json.Unmarshal(entry.Data, &node); err != nil || entry.Subject != "$KV."+bucket+"."+node.ID {
			c.engine.malformed(fmt.Errorf("%w: a sign of life", errEnvelope))
			continue
		}
		node.Seen = entry.Time
		nodes = append(nodes, node)
	}
	slices.SortFunc(nodes, func(a, b cluster.Node) int { return strings.Compare(a.ID, b.ID) })
	return nodes, nil
}
