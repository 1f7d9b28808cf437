// Package memory is the engine in the process: for one node, with nothing to
// install. Histories are lost on restart; their epoch changes then, so that
// clients know.
//
// Memory is bounded: by the size and time of each channel's history, by the bytes
// of one channel and of all of them, by the bytes of idempotency keys, and by how
// many channels that nobody is interested in are remembered. What gives way is
// told to clients as a history that could not be recovered, never left out in
// silence; keys don't give way, a publication with one more is refused.
//
// Publishing takes the same time however long the channel's history is, and
// reading it takes as long as what is returned.
package memory

import (
	"github.com/yodelrt/yodel/realtime/engine"
	table "github.com/yodelrt/yodel/realtime/internal/presence"
)

// Option changes one bound of [New].
type Option func(*bounds)

type bounds struct{ all, channel, keys int64 }

// MaxBytes bounds the histories of all channels together; beyond it those go whose
// channels were quiet for longest. Default 256 MiB, at least 1.
func MaxBytes(n int64) Option { return func(b *bounds) { b.all = max(n, 1) } }

// MaxChannelBytes bounds the history of one channel, beside its size and time;
// beyond it the oldest publications go. Default 16 MiB, at least 1.
func MaxChannelBytes(n int64) Option { return func(b *bounds) { b.channel = max(n, 1) } }

// MaxKeyBytes bounds what the idempotency keys of the last five minutes take, of
// all channels together: the names of key and channel, and 250 bytes for each.
// Beyond it publishing with a new key is [engine.ErrKeysFull]; no key is
// forgotten early. Default 64 MiB, which is about 200,000 keys; at least 1.
func MaxKeyBytes(n int64) Option { return func(b *bounds) { b.keys = max(n, 1) } }

// New returns an empty engine. It runs no goroutine.
func New(options ...Option) engine.Engine {
	bounds := bounds{all: 256 << 20, channel: 16 << 20, keys: 64 << 20}
	for _, set := range options {
		set(&bounds)
	}
	broker := newBroker(bounds)
	return engine.Engine{Broker: broker, Remover: broker, Presence: presence{table.New()}}
}
