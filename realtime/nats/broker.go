package nats

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"runtime"
	"strconv"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/yodelrt/yodel/realtime/engine"
	"github.com/yodelrt/yodel/realtime/internal/keys"
)

// broker carries publications. Channels with a history are written to the
// stream, each with the next offset and on the condition that nobody has written
// in between; the server sends them out again once they are stored. Others are
// sent as they are.
type broker struct {
	engine *Engine
	keys   *keys.Table      // of this node's publications; whether one counts the server decides
	feeds  []chan *nats.Msg // of subscriptions, by channel, so that each stays in order
	seed   maphash.Seed
	done   chan struct{}
	work   sync.WaitGroup

	mu       sync.Mutex
	lines    map[string]*line // by token
	calls    int
	catching *time.Timer
	closed   bool
}

const (
	feedLength = 1 << 16   // messages that may wait in one feed
	sweepEvery = 1024      // calls
	forgotten  = time.Hour // after which a line that nobody uses goes
)

func newBroker(e *Engine) *broker {
	b := &broker{engine: e, keys: keys.New(e.options.MaxKeyBytes), seed: maphash.MakeSeed(), done: make(chan struct{}), lines: map[string]*line{}}
	for range max(2, runtime.GOMAXPROCS(0)) {
		feed := make(chan *nats.Msg, feedLength)
		b.feeds = append(b.feeds, feed)
		b.work.Add(1)
		e.spawn.Go(nil, func() {
			defer b.work.Done()
			for !e.spawn.Do(nil, func() { b.follow(feed) }) { // a panic ends one message, not the feed
			}
		})
	}
	return b
}

func (b *broker) close() {
	b.mu.Lock()
	closed := b.closed
	b.closed = true
	if b.catching != nil {
		b.catching.Stop()
	}
	b.mu.Unlock()
	if !closed {
		close(b.done)
	}
	b.work.Wait()
}

// line returns what is known of a channel, and lets some go that nobody needs.
func (b *broker) line(channel string) (*line, error) {
	token, err := encodeChannel(channel)
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.calls++; b.calls >= sweepEvery {
		b.calls = 0
		b.sweep(time.Now())
	}
	l, known := b.lines[token]
	if !known {
		l = &line{subject: b.engine.subjects.stored(token), live: b.engine.subjects.live(token), once: b.engine.subjects.once(token)}
		b.lines[token] = l
	}
	l.used.Store(time.Now().UnixNano())
	return l, nil
}

func (b *broker) sweep(now time.Time) {
	for token, l := range b.lines {
		if now.Sub(time.Unix(0, l.used.Load())) < forgotten || !l.mu.TryLock() {
			continue
		}
		if l.deliver == nil && l.writing.TryLock() {
			delete(b.lines, token)
			l.writing.Unlock()
		}
		l.mu.Unlock()
	}
}

// Publish implements engine.Broker.
func (b *broker) Publish(ctx context.Context, channel string, p engine.Publication, options engine.PublishOptions) (engine.Position, error) {
	if err := ctx.Err(); err != nil {
		return engine.Position{}, err
	}
	l, err := b.line(channel)
	if err != nil {
		return engine.Position{}, err
	}
	ctx, cancel := b.engine.bounded(ctx)
	defer cancel()
	p.At = time.Now()
	if options.History > 0 && p.Kind == engine.Published {
		return b.store(ctx, l, p, options)
	}
	return engine.Position{}, b.pass(ctx, l, p, options.Key)
}

// pass sends what is not kept: whoever is reached now gets it.
func (b *broker) pass(ctx context.Context, l *line, p engine.Publication, key string) error {
	p.Offset, p.Epoch = 0, ""
	e := envelope{kind: publication, publication: p}
	switch p.Kind {
	case engine.Joined:
		e.kind = joined
	case engine.Left:
		e.kind = left
	}
	data := e.encode()
	if len(data) > b.engine.options.MaxMessageBytes {
		return errTooBig
	}
	if key == "" {
		return b.sendLive(l, data)
	}
	if _, _, err := b.keys.Claim(l.once, key); err != nil {
		return err
	}
	ack, err := b.engine.stream.PublishMsg(ctx, &nats.Msg{Subject: l.once}, jetstream.WithMsgID(messageID(l.once, key)), jetstream.WithMsgTTL(engine.KeyLife+time.Minute))
	if err != nil || ack.Duplicate {
		return err
	}
	_, err = patiently(ctx, func() (struct{}, error) { return struct{}{}, b.sendLive(l, data) }) // the key is taken: nobody else would
	return err
}

func (b *broker) sendLive(l *line, data []byte) error {
	if err := b.engine.conn.Publish(l.live, data); err != nil {
		return fmt.Errorf("send a publication: %w", err)
	}
	return nil
}

var (
	errTooBig  = errors.New("the publication is larger than Options.MaxMessageBytes")
	errHistory = errors.New("the channel keeps more publications than Options.MaxHistory")
)

// Subscribe implements engine.Broker.
func (b *broker) Subscribe(ctx context.Context, channel string, deliver func(engine.Publication)) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	l, err := b.line(channel)
	if err != nil {
		return err
	}
	ctx, cancel := b.engine.bounded(ctx)
	defer cancel()
	l.mu.Lock()
	if l.deliver = deliver; l.sub == nil {
		feed := b.feeds[maphash.String(b.seed, l.live)%uint64(len(b.feeds))]
		l.sub, err = b.engine.conn.ChanSubscribe(l.live, feed)
	}
	l.mu.Unlock()
	if err == nil {
		err = b.engine.conn.FlushWithContext(ctx)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("subscribe at the engine: %w", err), b.Unsubscribe(ctx, channel))
	}
	return nil
}

// Unsubscribe implements engine.Broker. It asks nobody, so it needs no context.
func (b *broker) Unsubscribe(_ context.Context, channel string) error {
	l, err := b.line(channel)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	sub := l.sub
	l.deliver, l.sub, l.at, l.past = nil, nil, nil, nil
	l.recent.clear()
	if sub == nil {
		return nil
	}
	if err := sub.Unsubscribe(); err != nil && !errors.Is(err, nats.ErrConnectionClosed) && !errors.Is(err, nats.ErrBadSubscription) {
		return fmt.Errorf("unsubscribe at the engine: %w", err)
	}
	return nil
}

// follow takes what the server sends until the broker is closed.
func (b *broker) follow(feed chan *nats.Msg) {
	for {
		select {
		case <-b.done:
			return
		case m := <-feed:
			b.heard(m)
		}
	}
}

// heard takes one message of a channel. Only what the server has stored has a
// place in a stream.
func (b *broker) heard(m *nats.Msg) {
	b.mu.Lock()
	l := b.lines[m.Subject[len(b.engine.subjects.live("")):]]
	b.mu.Unlock()
	if l == nil {
		return // unsubscribed meanwhile
	}
	if len(m.Data) > b.engine.options.MaxMessageBytes {
		b.engine.malformed(errTooBig)
		return
	}
	e, err := decodeEnvelope(m.Data)
	seq, numbered := sequenceOf(m, b.engine.subjects.channels())
	if err == nil && numbered != (e.epoch != "") {
		err = fmt.Errorf("%w: it claims a place that the stream has not given", errEnvelope)
	}
	switch {
	case err != nil:
		b.engine.malformed(err)
	case numbered:
		b.offer(l, stored{e, seq, e.publication.At})
	default:
		l.passing(e.publication)
	}
}

// sequenceOf is the place that the server has given a message of that stream.
func sequenceOf(m *nats.Msg, stream string) (uint64, bool) {
	if len(m.Header) == 0 || m.Header.Get(jetstream.StreamHeader) != stream {
		return 0, false
	}
	seq, err := strconv.ParseUint(m.Header.Get(jetstream.SequenceHeader), 10, 64)
	return seq, err == nil && seq > 0
}
