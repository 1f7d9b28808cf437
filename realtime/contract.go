package realtime

import (
	"reflect"
	"strings"

	"github.com/yodelrt/yodel/realtime/internal/strictjson"
	"github.com/yodelrt/yodel/realtime/shape"
)

// event is one type of what a channel carries.
type event struct {
	of    reflect.Type // never a pointer
	tag   string       // empty for one that is alone
	shape shape.Value  // without the tag
	wire  shape.Value  // with it
}

// events are the types that a channel carries; none means anything.
type events []event

func newEvent(t reflect.Type) event {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	e := event{of: t, tag: tagOf(t), shape: shape.Of(t)}
	if e.wire = e.shape; e.tag != "" {
		e.wire = e.shape.Tagged("type", e.tag)
	}
	return e
}

// typeOf is the type of a value behind pointers and interfaces, nil for none.
func typeOf(value any) reflect.Type {
	t := reflect.TypeOf(value)
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}

// tagOf is the tag of a type, empty for one that has none.
func tagOf(t reflect.Type) string {
	if t == nil {
		return ""
	}
	if tagged, ok := reflect.New(t).Interface().(interface{ EventType() string }); ok {
		return tagged.EventType()
	}
	return ""
}

func (e events) has(t reflect.Type) bool {
	for _, one := range e {
		if one.of == t {
			return true
		}
	}
	return false
}

// problem says why these types can't share a channel, empty when they can.
func (e events) problem() string {
	tags := map[string]bool{}
	for i, one := range e {
		switch {
		case one.shape.Problem() != "":
			return one.of.String() + ": " + one.shape.Problem()
		case e[:i].has(one.of):
			return one.of.String() + " is declared twice"
		case one.tag == "" && len(e) > 1:
			return one.of.String() + " has no EventType() string, by which clients tell it from the other events"
		case one.tag != "" && tags[one.tag]:
			return one.of.String() + ": another event has the tag " + one.tag
		case one.tag != "" && one.shape.Kind != shape.Object:
			return one.of.String() + " has a tag and is no struct, so there is no place for it"
		case one.tag != "" && one.hasMember("type"):
			return one.of.String() + ` has a field "type" of its own beside its tag, in some case; rename it`
		}
		tags[one.tag] = true
	}
	return ""
}

func (e event) hasMember(name string) bool {
	for _, field := range e.shape.Fields {
		if strings.EqualFold(field.Name, name) { // a Go client reads both into one field
			return true
		}
	}
	return false
}

// check refuses what a client publishes and the channel does not carry.
func (e events) check(h *Hub, data []byte) error {
	if len(e) == 0 {
		return nil
	}
	wanted := e[0]
	if wanted.tag != "" {
		payload, err := strictjson.Parse(data)
		if err != nil {
			return h.offContract(err.Error())
		}
		members, is := payload.(map[string]any)
		if !is {
			return h.offContract("want an object")
		}
		tag, is := members["type"].(string)
		if !is {
			return h.offContract("type: missing")
		}
		if wanted = e.tagged(tag); wanted.of == nil {
			return h.offContract("type: not one that this channel carries")
		}
	}
	return h.onContract(wanted.wire, data)
}

func (e events) tagged(tag string) event {
	for _, one := range e {
		if one.tag == tag {
			return one
		}
	}
	return event{}
}

// onContract refuses what does not have a shape.
func (h *Hub) onContract(wanted shape.Value, data []byte) error {
	if err := wanted.Check(data); err != nil {
		return h.offContract(strings.TrimPrefix(err.Error(), shape.ErrOff.Error()+": "))
	}
	return nil
}

// offContract counts a payload that is off the contract and is the answer to it.
// The problem names fields of the contract and nothing that the payload holds.
func (h *Hub) offContract(problem string) error {
	h.counters.Off.Add(1)
	if problem == "" {
		return ErrBadRequest
	}
	return &Error{Code: ErrBadRequest, Message: ErrBadRequest.Error() + ": " + problem}
}
