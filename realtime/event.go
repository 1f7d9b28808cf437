package realtime

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
)

// ErrNotCarried says that a channel, or the hub's messages, does not carry events
// of a type: declare it with [WithEvent] or [Message].
const ErrNotCarried = sentinel("not carried")

// WithEvent declares a type of events on the channels of a pattern. Several of them
// make a union, each type of which has a tag, EventType() string. An event is then
// written with one member more, "type", in front of its own, which must not have
// that name:
//
//	type Edited struct{ ID string `json:"id"` }
//	func (Edited) EventType() string { return "edited" }
//	// {"type":"edited","id":"7"}
//
// EventType must return the same text for every value of the type, the zero value
// included. What clients publish there must be one of the events; others are
// answered with the code of [ErrBadRequest] and counted in [cluster.Stats]. Without
// any the channel carries whatever is published.
//
// A type that JSON can't be made of, one that is declared twice, and tags that
// are missing or the same, are errors of [Hub.Channel].
func WithEvent[T any]() ChannelRule {
	return func(r *channelRule) { r.events = append(r.events, newEvent(reflect.TypeFor[T]())) }
}

// Message declares a type of what [SendEvent] sends outside of any channel. Several make a union, as [WithEvent] does. A type that JSON can't
// be made of, one that was declared before, tags that are missing or the same, and a
// declaration after the first request are errors that wrap [ErrConfig]. See [RPC]
// for what becomes of an error that nobody looks at.
func Message[T any](h *Hub) error {
	return h.declared.Add(ErrConfig, func() error {
		declared := append(h.messages[:len(h.messages):len(h.messages)], newEvent(reflect.TypeFor[T]()))
		if problem := declared.problem(); problem != "" {
			return fmt.Errorf("%w: messages: %s", ErrConfig, problem)
		}
		h.messages = declared
		return nil
	})
}

// Event encodes a value for [Hub.Publish] and [Hub.Send], with its tag where its
// type has one. Prefer [PublishEvent] and [SendEvent], which know what is carried
// where.
func Event[T any](value T) ([]byte, error) {
	data, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("encode event: %w", err)
	}
	tag := tagOf(typeOf(value))
	if tag == "" {
		return data, nil
	}
	if len(data) < 2 || data[0] != '{' {
		return nil, fmt.Errorf("encode event: a %T with a tag must be a JSON object", value)
	}
	quoted, err := json.Marshal(tag)
	if err != nil {
		return nil, fmt.Errorf("encode event: %w", err)
	}
	tagged := append(append(make([]byte, 0, len(data)+len(quoted)+9), `{"type":`...), quoted...)
	if data[1] != '}' {
		tagged = append(tagged, ',')
	}
	return append(tagged, data[1:]...), nil
}

// PublishEvent publishes an event that the channel carries, as [Hub.Publish]
// does. One of another type is [ErrNotCarried].
func PublishEvent[T any](ctx context.Context, h *Hub, channel string, event T, options ...PublishOption) (Position, error) {
	rule, _, err := h.ruleFor(channel)
	if err != nil {
		return Position{}, fmt.Errorf("publish: %w", err)
	}
	data, err := encodeCarried(rule.events, event)
	if err != nil {
		return Position{}, fmt.Errorf("publish to %s: %w", rule.pattern.text, err)
	}
	return h.Publish(ctx, channel, data, options...)
}

// SendEvent sends an event that [Message] has declared to the selected connections,
// as [Hub.Send] does. One of another type is [ErrNotCarried].
func SendEvent[T any](ctx context.Context, h *Hub, by Selector, event T) (int, error) {
	data, err := encodeCarried(h.messages, event)
	if err != nil {
		return 0, fmt.Errorf("send: %w", err)
	}
	return h.Send(ctx, by, data)
}

func encodeCarried[T any](carried events, value T) ([]byte, error) {
	if t := typeOf(value); !carried.has(t) {
		return nil, fmt.Errorf("%w: %v", ErrNotCarried, t)
	}
	return Event(value)
}
