package realtime

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/centrifugal/protocol"

	"github.com/yodelrt/yodel/realtime/shape"
)

// call is one method: its types, and what answers it.
type call struct {
	in, out reflect.Type
	handle  func(ctx context.Context, c *Conn, data []byte) ([]byte, error)
}

// CallRule is one rule of [RPC].
type CallRule func(*callRule)

type callRule struct {
	allow func(ctx context.Context, c *Conn) error
}

// AllowCall says who may call a method. It is asked before anything of the call
// is read, so a rule that returns [ErrMethodNotFound] makes the method look like
// one that does not exist. Without it everybody may.
func AllowCall(rule func(ctx context.Context, c *Conn) error) CallRule {
	return func(r *callRule) { r.allow = rule }
}

// RPC registers the handler of a method. Clients send In and receive Out as
// JSON; both are part of the contract that [Hub.Describe] tells. What does not
// have the shape of In (package shape: a wrong type, a required field that is
// missing, a number that does not fit) is answered with the code of
// [ErrBadRequest] and what is wrong, and counted in [cluster.Stats]; fields that In does
// not have are ignored. Where In, or a pointer to it, has a method Validate() error,
// that is asked before the handler: its text is for the client, with code 107, and an
// [*Error] has a code of its own. An [*Error] of the handler is told to the client, a
// [Close] ends its
// connection, Config.MapError says what other errors mean, and what is left is
// [ErrInternal] and logged. Handlers of one connection run in order, off its read
// loop, and their context ends with it.
//
// A second handler of a method, a name that is empty or not UTF-8, no handler, an In
// or Out that JSON can't be made of, and a registration after the first request are
// errors that wrap [ErrConfig]. An error that nobody looks at is seen all the same:
// [Hub.ServeHTTP] then answers 500 and logs it.
func RPC[In, Out any](h *Hub, method string, handler func(ctx context.Context, c *Conn, in In) (Out, error), rules ...CallRule) error {
	var rule callRule
	for _, set := range rules {
		set(&rule)
	}
	in := reflect.TypeFor[In]()
	wanted := shape.Of(in)
	handle := func(ctx context.Context, c *Conn, data []byte) ([]byte, error) {
		if rule.allow != nil {
			if err := rule.allow(ctx, c); err != nil {
				return nil, err
			}
		}
		if err := h.onContract(wanted, data); err != nil {
			return nil, err
		}
		var in In
		if decodeInto(&in, data) != nil {
			return nil, h.offContract("")
		}
		if err := validate(&in); err != nil {
			return nil, err
		}
		out, err := handler(ctx, c, in)
		if err != nil {
			return nil, err
		}
		if raw, ok := any(out).(json.RawMessage); ok {
			if c.enc == inJSON {
				err = infoProblem("the answer of "+method, raw)
			}
			return raw, err
		}
		encoded, err := json.Marshal(out)
		if err != nil {
			return nil, fmt.Errorf("encode the answer of %s: %w", method, err)
		}
		return encoded, nil
	}
	return h.register(method, handler == nil, call{in, reflect.TypeFor[Out](), handle})
}

// register adds a method, or says what is wrong with it.
func (h *Hub) register(method string, missing bool, registered call) error {
	return h.declared.Add(ErrConfig, func() error {
		if problem := nameProblem(method); problem != "" {
			return fmt.Errorf("%w: the name %q of a method %s", ErrConfig, method, problem)
		}
		if missing {
			return fmt.Errorf("%w: the handler of the method %q is nil", ErrConfig, method)
		}
		for _, t := range []reflect.Type{registered.in, registered.out} {
			if problem := shape.Of(t).Problem(); problem != "" {
				return fmt.Errorf("%w: the method %q: %s", ErrConfig, method, problem)
			}
		}
		if _, twice := h.calls.LoadOrStore(method, registered); twice {
			return fmt.Errorf("%w: a second handler of the method %q", ErrConfig, method)
		}
		return nil
	})
}

// validate asks an input, given by its pointer, what is wrong with it. A pointer
// has the methods of its value, too.
func validate(in any) error {
	checked, ok := in.(interface{ Validate() error })
	if !ok {
		return nil
	}
	err := checked.Validate()
	var known *Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	return &Error{Code: ErrBadRequest, Message: err.Error()}
}

// decodeInto reads what a client sent. A handler that takes a json.RawMessage
// gets the bytes as they came.
func decodeInto[In any](in *In, data []byte) error {
	if len(data) == 0 {
		return nil
	}
	if raw, ok := any(in).(*json.RawMessage); ok {
		*raw = data
		return nil
	}
	return json.Unmarshal(data, in)
}

func (c *Conn) call(ctx context.Context, in *protocol.RPCRequest, reply *protocol.Reply) error {
	method, known := c.hub.calls.Load(in.Method)
	if !known {
		return ErrMethodNotFound
	}
	data, err := method.(call).handle(ctx, c, in.Data)
	if err != nil {
		return fmt.Errorf("call %s: %w", strings.Clone(in.Method), err)
	}
	reply.Rpc = &protocol.RPCResult{Data: data}
	return nil
}
