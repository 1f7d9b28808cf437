package adversary_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/centrifugal/protocol"
)

var quiet = log.New(io.Discard, "", 0)

// world is a round of the hub.
type world struct {
	*base
	hub    *hub
	engine *engine
	truth  *truth
	byID   map[string]*link

	lasting bool // the engine keeps revocations: a session or token that is ended for good stays out
}

// choice selects connections, as the library's selectors do.
type choice struct {
	kind, id string
	epoch    int64
}

// has reports whether a connection is certainly among the selected. Callers hold
// base.mu.
func (c choice) has(l *link) bool {
	switch c.kind {
	case "all":
		return true
	case "user":
		return l.who.user == c.id
	case "session":
		return c.id != "" && l.who.session == c.id
	case "token":
		return c.id != "" && l.who.token == c.id && l.refreshes == 0
	case "before":
		return l.who.user == c.id && l.who.epoch < c.epoch && l.refreshes == 0
	case "client":
		return l.connected && l.id == c.id
	}
	return false
}

// pushOptions are what a publication of the server asks for.
type pushOptions struct{ key, client, session, user string }

const peers = 16

// hubRound runs one round.
func hubRound(t *testing.T, seed uint64, net network, open func(*testing.T) engineParts) {
	setup := newDice(seed, 0)
	w := &world{base: newBase(t, seed, net, peers), truth: &truth{streams: map[string]*stream{}}, byID: map[string]*link{}}
	w.bounds = boundsOf(setup, net.fake())
	if w.kinds.has("yield") {
		w.yields = oneOf(setup, 0, 30, 500)
	}
	var parts engineParts
	inner := open(t)
	w.lasting = inner.Revocations != nil
	w.engine, parts = newEngine(w, inner)
	built, err := newHub(w, parts)
	if err != nil {
		t.Fatal(err)
	}
	w.hub = built
	w.serve(built)
	length := setup.between(100, 500)
	table := w.kindsOf(hubKinds)
	at := 1
	for ; at <= length && !w.stops(); at++ {
		w.step.Store(int64(at))
		progress.Add(1)
		d := newDice(seed, uint64(at))
		one := table[d.IntN(len(table))]
		w.trace("%s", one.name)
		if w.kinds.has(one.name) {
			one.do(w, d)
		}
		w.afterStep(d)
	}
	w.unhold()
	w.end(newDice(seed, uint64(at)))
}

// afterStep waits until all is quiet, most of the time, and looks.
func (w *world) afterStep(d dice) {
	switch {
	case w.held != nil:
		w.nudge()
		if d.oneIn(3) {
			w.unhold()
		}
	case d.oneIn(4):
		if d.oneIn(2) {
			w.nudge()
		}
	default:
		w.settle()
		if d.oneIn(3) && w.net.fake() {
			w.pass(2 * time.Millisecond) // replies that are held back to be joined
			w.settle()
			w.checkQuiet()
		}
	}
}

func (w *world) unhold() {
	if w.held != nil {
		w.held()
		w.held = nil
	}
}

// ask sends commands in one frame. It notes what each of them waits for.
func (w *world) ask(l *link, commands ...*protocol.Command) {
	w.mu.Lock()
	for _, c := range commands {
		w.note(l, c)
	}
	w.mu.Unlock()
	var body []byte
	for i, c := range commands {
		if i > 0 && !l.protobuf {
			body = append(body, '\n')
		}
		body = append(body, encodeBody(l.protobuf, c)...)
	}
	w.trace("%s says %.300q", l.tag, body)
	l.put(frame(final|opcodeOf(l.protobuf), body))
}

// note gives a command its number. Callers hold mu.
func (w *world) note(l *link, c *protocol.Command) {
	if c.Send == nil {
		l.ids++
		c.Id = l.ids
		l.asked[c.Id], l.sentAt[c.Id] = channelOf(c), w.stamp()
	}
	if c.Subscribe != nil {
		l.recovers[c.Id] = c.Subscribe
	}
	if c.Connect == nil && !l.connected || c.Connect != nil && l.connects > 0 {
		l.allowed[3501] = "a command out of turn"
	}
	if c.Connect != nil {
		l.connects++
	}
	if c.Send != nil && w.bounds.noMessages {
		l.allowed[3508] = "a message that nobody takes"
	}
}

func channelOf(c *protocol.Command) string {
	switch {
	case c.Subscribe != nil:
		return c.Subscribe.Channel
	case c.Unsubscribe != nil:
		return c.Unsubscribe.Channel
	case c.History != nil:
		return c.History.Channel
	}
	return ""
}

func opcodeOf(protobuf bool) byte {
	if protobuf {
		return dataFrame
	}
	return textFrame
}

func encodeBody(protobuf bool, c *protocol.Command) []byte {
	encoder := protocol.NewJSONCommandEncoder().Encode
	if protobuf {
		encoder = protocol.NewProtobufCommandEncoder().Encode
	}
	body, err := encoder(c)
	if err != nil {
		panic(err)
	}
	return body
}

func encode(protobuf bool, c *protocol.Command) []byte {
	return frame(final|opcodeOf(protobuf), encodeBody(protobuf, c))
}

// pick returns a connection that stands, nil for none.
func (w *base) pick(d dice, connected bool) *link {
	slot := d.IntN(len(w.slots))
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range w.slots {
		l := w.slots[(slot+i)%len(w.slots)]
		if l != nil && !l.done && !l.told && l.conn != nil && l.status == 101 && (!connected || l.connected) {
			return l
		}
	}
	return nil
}

// push publishes from the server.
func (w *world) push(ctx context.Context, channel string, with pushOptions) {
	err := w.hub.publish(ctx, channel, payload{N: w.stamp(), Pad: "push"}.bytes(), with)
	if err != nil && !strings.Contains(err.Error(), errEngine.Error()) && ctx.Err() == nil {
		w.broken("api", "publish to %s: %v", channel, err)
	}
}

// tell sends a message to a user, and shout to everybody.
func (w *world) tell(ctx context.Context, user string) {
	if _, err := w.hub.SendToUser(ctx, user, payload{N: w.stamp(), To: user}.bytes()); err != nil && ctx.Err() == nil && !isClosedError(err) {
		w.broken("api", "send to %s: %v", user, err)
	}
}

func (w *world) shout(ctx context.Context) {
	if _, err := w.hub.Broadcast(ctx, payload{N: w.stamp()}.bytes()); err != nil && ctx.Err() == nil && !isClosedError(err) {
		w.broken("api", "broadcast: %v", err)
	}
}

// kind is a kind of step. weight is how often it comes.
type kind[T any] struct {
	name   string
	weight int
	do     func(w T, d dice)
}

// kindsOf lists the kinds that the run was asked for, each as often as it weighs.
// Those that are left out stay in it, and nothing is done in their place: so the
// other steps of a seed are the same.
func (w *world) kindsOf(all []kind[*world]) []kind[*world] { return weighed(w.base, all) }

func weighed[T any](b *base, all []kind[T]) []kind[T] {
	var table []kind[T]
	for _, one := range all {
		if b.kinds.without[one.name] || b.kinds.has(one.name) {
			table = append(table, slices.Repeat([]kind[T]{one}, one.weight)...)
		}
	}
	if len(table) == 0 {
		b.t.Fatal(fmt.Sprintf("no step is of the kinds %q", *flagKinds))
	}
	return table
}
