package nats

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"sync"

	"github.com/nats-io/nats.go"

	"github.com/yodelrt/yodel/realtime"
)

// presence is who is where. Each node keeps its own and is asked by the others,
// so that nothing is written when somebody comes or goes, and what a node knew is
// gone with it.
type presence struct {
	engine *Engine

	mu       sync.RWMutex
	channels map[string]map[string]realtime.ClientInfo // by token, then client
}

func newPresence(e *Engine) (*presence, error) {
	p := &presence{engine: e, channels: map[string]map[string]realtime.ClientInfo{}}
	if _, err := e.conn.Subscribe(e.subjects.presence(e.node), p.answer); err != nil {
		return nil, fmt.Errorf("answer for presence: %w", err)
	}
	return p, nil
}

// Enter implements realtime.Presence.
func (p *presence) Enter(_ context.Context, channel, client string, info realtime.ClientInfo) error {
	token, err := encodeChannel(channel)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.channels[token] == nil {
		p.channels[token] = map[string]realtime.ClientInfo{}
	}
	p.channels[token][client] = info
	return nil
}

// Leave implements realtime.Presence.
func (p *presence) Leave(_ context.Context, channel, client string) error {
	token, err := encodeChannel(channel)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.channels[token], client)
	if len(p.channels[token]) == 0 {
		delete(p.channels, token)
	}
	return nil
}

func (p *presence) here(token string) map[string]realtime.ClientInfo {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return maps.Clone(p.channels[token])
}

var errPresence = errors.New("a node did not say who is there")

// answer tells another node who is in a channel here.
func (p *presence) answer(m *nats.Msg) {
	reply := &nats.Msg{Header: nats.Header{}}
	token := string(m.Data)
	if _, err := decodeChannel(token); err != nil {
		p.engine.malformed(err)
		return
	}
	data, err := json.Marshal(p.here(token))
	if err != nil || len(data) > p.engine.options.MaxMessageBytes {
		reply.Header.Set(refusedHeader, "too many") // an answer of a megabyte
		data = nil
	}
	reply.Data = data
	if err := m.RespondMsg(reply); err != nil {
		p.engine.log.Warn("another node was not told who is there", "error", err)
	}
}

const refusedHeader = "Yodel-Refused"

// Present implements realtime.Presence: it asks every node that is alive. One
// that is gone has nobody; one that does not answer is an error, never left out
// in silence.
func (p *presence) Present(ctx context.Context, channel string) (map[string]realtime.ClientInfo, error) {
	token, err := encodeChannel(channel)
	if err != nil {
		return nil, err
	}
	ctx, cancel := p.engine.bounded(ctx)
	defer cancel()
	nodes, err := p.engine.control.Nodes(ctx)
	if err != nil {
		return nil, err
	}
	answers := make(chan map[string]realtime.ClientInfo, len(nodes))
	failures := make(chan error, len(nodes))
	asked := 0
	for _, node := range nodes {
		if node.ID == p.engine.node {
			continue
		}
		asked++
		go func() {
			there, err := p.ask(ctx, node.ID, token)
			answers <- there
			failures <- err
		}()
	}
	all := p.here(token)
	for range asked {
		there := <-answers
		if all == nil && len(there) > 0 {
			all = map[string]realtime.ClientInfo{}
		}
		maps.Copy(all, there)
		err = errors.Join(err, <-failures)
	}
	return all, err
}

func (p *presence) ask(ctx context.Context, node, token string) (map[string]realtime.ClientInfo, error) {
	answer, err := p.engine.conn.RequestWithContext(ctx, p.engine.subjects.presence(node), []byte(token))
	if errors.Is(err, nats.ErrNoResponders) {
		return nil, nil // it is gone, and so are its connections
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errPresence, err)
	}
	if answer.Header.Get(refusedHeader) != "" {
		return nil, fmt.Errorf("%w: it has more than one message holds", errPresence)
	}
	var there map[string]realtime.ClientInfo
	if err := json.Unmarshal(answer.Data, &there); err != nil {
		p.engine.malformed(err)
		return nil, fmt.Errorf("%w: %w", errPresence, err)
	}
	return there, nil
}
