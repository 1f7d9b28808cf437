// Package memory is the engine in the process: for one node, with nothing to
// install. Histories are lost on restart; their epoch changes then, so that
// clients know.
package memory

import (
	"context"
	"maps"
	"sync"
	"time"

	"github.com/yodelrt/yodel/realtime"
)

// New returns an empty engine. It runs no goroutine.
func New() realtime.Engine {
	return realtime.Engine{
		Broker:   &broker{streams: map[string]*stream{}},
		Presence: &presence{channels: map[string]map[string]realtime.ClientInfo{}},
	}
}

// broker keeps a stream for each channel.
type broker struct {
	mu      sync.Mutex
	streams map[string]*stream
	calls   int
}

// stream returns the channel's, and lets some that nobody needs go.
func (b *broker) stream(channel string) *stream {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.calls++; b.calls >= sweepEvery {
		b.calls = 0
		b.sweep()
	}
	s, known := b.streams[channel]
	if !known {
		s = newStream()
		b.streams[channel] = s
	}
	s.used.Store(time.Now().UnixNano())
	return s
}

const (
	sweepEvery = 1024      // calls
	forgotten  = time.Hour // after which an empty stream without subscribers goes
)

func (b *broker) sweep() {
	for channel, s := range b.streams {
		if s.idle(time.Now()) {
			delete(b.streams, channel)
		}
	}
}

// Publish implements realtime.Broker.
func (b *broker) Publish(_ context.Context, channel string, p realtime.Publication, options realtime.PublishOptions) (realtime.Position, error) {
	return b.stream(channel).publish(p, options), nil
}

// Subscribe implements realtime.Broker.
func (b *broker) Subscribe(_ context.Context, channel string, deliver func(realtime.Publication)) error {
	b.stream(channel).follow(deliver)
	return nil
}

// Unsubscribe implements realtime.Broker.
func (b *broker) Unsubscribe(_ context.Context, channel string) error {
	b.stream(channel).follow(nil)
	return nil
}

// History implements realtime.Broker.
func (b *broker) History(_ context.Context, channel string, query realtime.HistoryQuery) (realtime.History, error) {
	return b.stream(channel).history(query)
}

// presence is who is where.
type presence struct {
	mu       sync.RWMutex
	channels map[string]map[string]realtime.ClientInfo
}

// Enter implements realtime.Presence.
func (p *presence) Enter(_ context.Context, channel, client string, info realtime.ClientInfo) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.channels[channel] == nil {
		p.channels[channel] = map[string]realtime.ClientInfo{}
	}
	p.channels[channel][client] = info
	return nil
}

// Leave implements realtime.Presence.
func (p *presence) Leave(_ context.Context, channel, client string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.channels[channel], client)
	if len(p.channels[channel]) == 0 {
		delete(p.channels, channel)
	}
	return nil
}

// Present implements realtime.Presence.
func (p *presence) Present(_ context.Context, channel string) (map[string]realtime.ClientInfo, error) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return maps.Clone(p.channels[channel]), nil
}
