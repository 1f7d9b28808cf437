// Package transport runs WebSocket conns: it upgrades, reads, writes, pings and
// closes. It knows neither channels nor commands; a [Handler] stands on it.
//
// Frames of a conn go through its inbox to a worker, one at a time. While more waits
// than may, the conn is not read, and TCP holds its peer back. What is sent goes out
// at once as far as the socket takes it, and waits in a queue behind that. A panic in
// a handler ends its conn alone.
package transport

import (
	"net/http"
	"time"

	"github.com/yodelrt/yodel/realtime/internal/spawn"
)

// Config says how a transport runs its conns. Every field but the last two functions
// and Ledger is required.
type Config struct {
	// MaxMessageBytes bounds a message of a peer: beyond it, TooBig.
	MaxMessageBytes int64
	// InboxBytes bounds what waits for Received before reading stops, as it lies in
	// memory. One frame is always taken, of whatever size.
	InboxBytes int
	// QueueBytes bounds the pushes that wait for a peer: beyond it, Slow.
	QueueBytes int
	// Ping is the time between the pings of WebSocket, Pong how long their answer
	// may take: beyond it, NoPong.
	Ping, Pong time.Duration
	// Subprotocols that are spoken, in order of preference.
	Subprotocols []string
	// JoinFrames lets several messages share a frame: a line each in text, one after
	// the other in binary.
	JoinFrames bool
	// Binary decides whether a conn speaks binary, from the subprotocol that was
	// agreed on and from what of the upgrade request belongs to its handshake: method,
	// URL, host and the headers of the handshake. nil: all speak text.
	Binary func(subprotocol string, r *http.Request) bool
	// Ledger counts deliveries; nil counts nothing.
	Ledger *Ledger
	// Spawn starts what runs.
	Spawn *spawn.Group
}

// Handler stands on a transport. A panic in a method ends that conn alone.
type Handler interface {
	// Opened is called once, when the upgrade is answered and before any other
	// method, by the conn's reader: nothing is read before it returns.
	Opened(c *Conn)
	// Received takes a frame, nil for the one of Begin, which is the handler's to keep. Frames of one conn come
	// one at a time, in order, from its worker.
	Received(c *Conn, frame []byte)
	// Fault tells of a reason to end the conn that the transport has found. The
	// handler decides, and calls Close. It may be called by any goroutine, also while
	// the caller of Send, Reply or Broadcast holds locks, and must not block.
	Fault(c *Conn, reason Close)
	// Ended is called once, when the socket is gone, also while Received is at work;
	// WaitIdle waits for that. A code of the peer's close frame is told as it came.
	Ended(c *Conn, reason Close)
}

// Urgent is a [Handler] that looks at frames before they wait behind others.
type Urgent interface {
	// Urgent is called by the reader and must not block. A frame that it has taken
	// does not go to Received.
	Urgent(c *Conn, frame []byte) (taken bool)
}

// Transport runs conns. Safe for concurrent use.
type Transport struct {
	melody  melodyServer
	config  Config
	handler Handler
	urgent  Urgent // nil: nothing is
	workers *spawn.WorkerPool
}

// DefaultInboxBytes is what may wait for the handlers of one connection. Beyond it
// nothing more is read of the peer.
const DefaultInboxBytes = 256 << 10

// New makes a transport.
func New(config Config, handler Handler) *Transport {
	t := &Transport{config: config, handler: handler, workers: config.Spawn.NewWorkerPool()}
	t.urgent, _ = handler.(Urgent)
	t.melody = newMelody(t)
	return t
}

// Close lets the workers go that wait for work. Conns that are open stay, and are
// still served.
func (t *Transport) Close() { t.workers.Close() }

// pongWait is how long a peer may be silent.
func (t *Transport) pongWait() time.Duration { return t.config.Ping + t.config.Pong }
