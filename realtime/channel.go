package realtime

import (
	"context"
	"fmt"
	"hash/maphash"
	"time"

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
	// Presence tells subscribers who is there.
	Presence bool
	// JoinLeave tells subscribers that ask for it who comes and goes.
	JoinLeave bool
	// MaxHistory bounds the answer to one history request. Zero means 1,000.
	MaxHistory int
	// MaxPresence bounds the clients of one presence answer; a channel with
	// more is answered with [ErrNotAvailable], and still counted by presence_stats.
	// Zero means 1,000.
	MaxPresence int
}

// Rule decides about one channel for one connection: nil allows, an [*Error] or
// a [Close] is what the client gets, any other error is [ErrPermissionDenied],
// so that nobody learns whether the channel exists.
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

// AllowPublish says which clients may publish. Without it only the server does.
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
	token                          func(ctx context.Context, token string) (SubscriptionClaims, error)
	events                         events // what it carries, empty for anything
}

// Channel declares the channels of a pattern: segments between colons, literal
// or placeholders such as {id} that match any one segment. Declare before the
// hub serves. A bad pattern, one that overlaps with an earlier one, and options
// that contradict each other are errors that wrap [ErrConfig].
func (h *Hub) Channel(text string, options ChannelOptions, rules ...ChannelRule) error {
	parsed, err := parsePattern(text)
	if err != nil {
		return err
	}
	for _, known := range h.rules {
		if parsed.overlaps(known.pattern) {
			return fmt.Errorf("%w: the patterns %q and %q fit the same names", ErrConfig, known.pattern.text, text)
		}
	}
	if (options.History > 0) != (options.HistoryTTL > 0) || options.History < 0 || options.HistoryTTL < 0 {
		return fmt.Errorf("%w: channel %q needs both History and HistoryTTL, or neither", ErrConfig, text)
	}
	if options.Recover && options.History == 0 {
		return fmt.Errorf("%w: channel %q has Recover and no History to recover from", ErrConfig, text)
	}
	orDefault(&options.MaxHistory, 1000)
	orDefault(&options.MaxPresence, 1000)
	rule := &channelRule{pattern: parsed, options: options}
	for _, set := range rules {
		set(rule)
	}
	if problem := rule.events.problem(); problem != "" {
		return fmt.Errorf("%w: channel %q: %s", ErrConfig, text, problem)
	}
	h.rules = append(h.rules, rule)
	return nil
}

// ruleFor finds the rule of a channel.
func (h *Hub) ruleFor(channel string) (*channelRule, Params, error) {
	if channel == "" {
		return nil, Params{}, CloseBadRequest
	}
	if len(channel) > h.config.MaxChannelBytes {
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
		ch.line.settle()
	}
}
