package realtime

import (
	"context"
	"fmt"
	"hash/maphash"
	"time"

	"github.com/yodelrt/yodel/realtime/internal/limits"
	"github.com/yodelrt/yodel/realtime/observe"
)

// ChannelOptions say what channels of a pattern can do.
type ChannelOptions struct {
	// History is how many publications are kept, and HistoryTTL for how long;
	// both or neither. Zero keeps none.
	History    int
	HistoryTTL time.Duration
	// Recover lets clients that come back get what they have missed. It needs
	// a history.
	Recover bool
	// Positioned tells subscribers the position of the stream and of each
	// publication, without a recovery: a client that comes back knows whether it
	// has missed something, and what it asks the history for. It needs a history;
	// Recover includes it.
	Positioned bool
	// Presence tells subscribers who is there.
	Presence bool
	// JoinLeave tells subscribers that ask for it who comes and goes.
	JoinLeave bool
	// ForceJoinLeave tells those that did not ask as well. It needs JoinLeave.
	ForceJoinLeave bool
	// Binary lets the channel carry any bytes. Clients that speak protobuf get
	// them as they are; those that speak JSON can't be told them, and their
	// subscribe, publish and history are answered with [ErrNotAvailable]. Without
	// it publications are JSON, and others are refused to whoever publishes them.
	Binary bool
	// MaxHistory bounds the answer to one history request. Zero means 1,000.
	MaxHistory int
	// MaxPresence bounds the clients of one presence answer; a channel with
	// more is answered with [ErrNotAvailable], and still counted by presence_stats.
	// Zero means 1,000.
	MaxPresence int
}

// Rule decides about one channel for one connection: nil allows, an [*Error] or
// a [Close] is what the client gets, any other error is [ErrPermissionDenied],
// so that nobody learns whether the channel exists. An error that says that no verdict
// was reached (it wraps [ErrCheckUnavailable] or the end of a context, or has a method
// Temporary that says so) is [ErrInternal], after which clients ask again; a
// subscription that is judged again ends with 2500 then, one of the server's with its
// connection (3010): clients come back and recover.
type Rule func(ctx context.Context, c *Conn, p Params) error

// ChannelRule is one rule of [Hub.Channel].
type ChannelRule func(*channelRule)

// AllowSubscribe says who may subscribe. Without it nobody may by themselves.
func AllowSubscribe(rule Rule) ChannelRule { return func(r *channelRule) { r.subscribe = rule } }

// AllowStay says which subscriptions of the server's may go on, in channels of
// [ConnectReply] and [Hub.Subscribe]. It is asked where the connection's principal
// is judged again: after a refresh, and by [Hub.Rejudge]. Without it AllowSubscribe
// is; a channel with neither is left by [Hub.Unsubscribe] alone.
func AllowStay(rule Rule) ChannelRule { return func(r *channelRule) { r.stay = rule } }

// AllowPublish says which clients may publish. Without it only the server does. It
// does not see what they publish: whoever may publish writes every field of it. Where
// the server must write or check some, let clients call a method ([RPC]) and publish
// from there.
func AllowPublish(rule Rule) ChannelRule { return func(r *channelRule) { r.publish = rule } }

// AllowRead says who may ask for history and presence. Without it those who are
// subscribed may.
func AllowRead(rule Rule) ChannelRule { return func(r *channelRule) { r.read = rule } }

// AllowAll is a [Rule] that allows.
func AllowAll(context.Context, *Conn, Params) error { return nil }

// channelRule is what one pattern of channels can do, and who may.
type channelRule struct {
	pattern                        pattern
	options                        ChannelOptions
	subscribe, publish, read, stay Rule
	token                          tokenRule
	events                         events // what it carries, empty for anything
}

// Channel declares the channels of a pattern: segments between colons, literal
// or placeholders such as {id} that match any one segment. The last one may be a
// placeholder such as {path...}, which matches the rest of a name, one segment or
// more: doc:{path...} fits doc:a and doc:a:b, where it is "a:b".
//
// A bad pattern, one that overlaps with an earlier one, options and rules that
// contradict each other, and a declaration after the first request are errors that
// wrap [ErrConfig]. See [RPC] for what becomes of an error that nobody looks at.
func (h *Hub) Channel(text string, options ChannelOptions, rules ...ChannelRule) error {
	return h.declared.Add(ErrConfig, func() error {
		parsed, err := parsePattern(text)
		if err != nil {
			return err
		}
		limits.Default(&options.MaxHistory, 1000)
		limits.Default(&options.MaxPresence, 1000)
		rule := &channelRule{pattern: parsed, options: options}
		for _, set := range rules {
			set(rule)
		}
		for _, known := range h.rules {
			if parsed.overlaps(known.pattern) {
				return fmt.Errorf("%w: the patterns %q and %q fit the same names", ErrConfig, known.pattern.text, text)
			}
		}
		if problem := rule.contradiction(); problem != "" {
			return fmt.Errorf("%w: channel %q %s", ErrConfig, text, problem)
		}
		if rule.token.verify != nil {
			if err := h.fitTokens(); err != nil {
				return fmt.Errorf("channel %q takes tokens: %w", text, err)
			}
		}
		h.rules = append(h.rules, rule)
		return nil
	})
}

// contradiction says why options and rules don't fit together, empty when they do.
func (r *channelRule) contradiction() string {
	o := &r.options
	switch problem := r.events.problem(); {
	case (o.History > 0) != (o.HistoryTTL > 0) || o.History < 0 || o.HistoryTTL < 0:
		return "needs both History and HistoryTTL, or neither"
	case o.Recover && o.History == 0:
		return "has Recover and no History to recover from"
	case o.Positioned && o.History == 0:
		return "has Positioned and no History to have a position in"
	case o.ForceJoinLeave && !o.JoinLeave:
		return "has ForceJoinLeave and no JoinLeave to tell of"
	case o.Binary && len(r.events) > 0:
		return "has Binary and events, which are JSON"
	case r.token.given > 1:
		return "has two rules for its tokens; keep one of RequireToken and ReadToken"
	case r.token.optional && r.subscribe == nil:
		return "has ReadToken and no AllowSubscribe, so nobody could subscribe without a token; use RequireToken"
	case problem != "":
		return "can't carry its events: " + problem
	}
	return ""
}

// tellsOf reports whether a subscriber is told of joins and leaves. The server's
// subscriptions always ask.
func (r *channelRule) tellsOf(asks bool) bool {
	return r.options.JoinLeave && (asks || r.options.ForceJoinLeave)
}

// ruleFor finds the rule of a channel.
func (h *Hub) ruleFor(channel string) (*channelRule, Params, error) {
	if channel == "" {
		return nil, Params{}, CloseBadRequest
	}
	if len(channel) > h.config.Limits.ChannelBytes {
		h.refused(observe.LimitChannelBytes)
		return nil, Params{}, ErrBadRequest
	}
	if nameProblem(channel) != "" {
		return nil, Params{}, ErrBadRequest
	}
	for _, rule := range h.rules {
		if params, ok := rule.pattern.match(channel); ok {
			return rule, params, nil
		}
	}
	return nil, Params{}, ErrUnknownChannel
}

// allowed asks a rule; none denies.
func allowed(ctx context.Context, rule Rule, c *Conn, params Params) error {
	if rule == nil {
		return ErrPermissionDenied
	}
	return verdictOf(rule(ctx, c, params))
}

// channels are those that have subscribers here, in shards, so that the engine
// may take its time with one without holding up the others.
type channels struct {
	seed   maphash.Seed
	shards [64]*shard
}

func newChannels() channels {
	all := channels{seed: maphash.MakeSeed()}
	for i := range all.shards {
		all.shards[i] = &shard{channels: map[string]*channel{}}
	}
	return all
}

func (c *channels) shard(name string) *shard {
	return c.shards[maphash.String(c.seed, name)%uint64(len(c.shards))]
}

// settle waits until what was published to a channel was handed to its
// subscribers here.
func (c *channels) settle(name string) {
	shard := c.shard(name)
	shard.mu.Lock()
	ch := shard.channels[name]
	shard.mu.Unlock()
	if ch != nil {
		ch.queue.settle()
	}
}
