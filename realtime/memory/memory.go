// Package memory is the engine in the process: for one node, with nothing to
// install. Histories are lost on restart; their epoch changes then, so that
// clients know.
//
// Memory is bounded: by the size and time of each channel's history, by the bytes
// of one channel and of all of them, and by how long a channel that nobody is
// interested in is remembered. What gives way is told to clients as a history that
// could not be recovered, never left out in silence.
package memory

import (
	"context"
	"maps"
	"sync"

	"github.com/yodelrt/yodel/realtime"
)

// Option changes one bound of [New].
type Option func(*bounds)

type bounds struct{ all, channel int64 }

// MaxBytes bounds the histories of all channels together; beyond it those go whose
// channels were quiet for longest. Default 256 MiB, at least 1.
func MaxBytes(n int64) Option { return func(b *bounds) { b.all = max(n, 1) } }

// MaxChannelBytes bounds the history of one channel, beside its size and time;
// beyond it the oldest publications go. Default 16 MiB, at least 1.
func MaxChannelBytes(n int64) Option { return func(b *bounds) { b.channel = max(n, 1) } }

// New returns an empty engine. It runs no goroutine.
func New(options ...Option) realtime.Engine {
	bounds := bounds{all: 256 << 20, channel: 16 << 20}
	for _, set := range options {
		set(&bounds)
	}
	return realtime.Engine{
		Broker:   newBroker(bounds),
		Presence: &presence{channels: map[string]map[string]realtime.ClientInfo{}},
	}
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
