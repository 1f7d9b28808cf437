package realtime

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/centrifugal/protocol"
)

// callHandler answers one method. data is what the client sent.
type callHandler func(ctx context.Context, c *Conn, data []byte) ([]byte, error)

// RPC registers the handler of a method. Clients send In and receive Out as
// JSON; what does not decode into In is answered with [ErrBadRequest]. An
// [*Error] is told to the client, a [Close] ends its connection, any other error
// is [ErrInternal] and logged. Handlers of one connection run in order.
//
// Register before the hub serves; a second handler of a method replaces the
// first.
func RPC[In, Out any](h *Hub, method string, handler func(ctx context.Context, c *Conn, in In) (Out, error)) {
	h.calls.Store(method, callHandler(func(ctx context.Context, c *Conn, data []byte) ([]byte, error) {
		var in In
		if err := decodeInto(&in, data); err != nil {
			return nil, ErrBadRequest
		}
		out, err := handler(ctx, c, in)
		if err != nil {
			return nil, err
		}
		if raw, ok := any(out).(json.RawMessage); ok {
			return raw, nil // it is checked when the reply is encoded
		}
		encoded, err := json.Marshal(out)
		if err != nil {
			return nil, fmt.Errorf("encode the answer of %s: %w", method, err)
		}
		return encoded, nil
	}))
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

// Event encodes a value for [Hub.Publish], [Hub.SendToUser] and [Hub.Broadcast].
func Event[T any](value T) ([]byte, error) {
	data, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("encode event: %w", err)
	}
	return data, nil
}

func (c *Conn) call(ctx context.Context, in *protocol.RPCRequest, reply *protocol.Reply) error {
	handler, known := c.hub.calls.Load(in.Method)
	if !known {
		return ErrMethodNotFound
	}
	data, err := handler.(callHandler)(ctx, c, in.Data)
	if err != nil {
		return fmt.Errorf("call %s: %w", strings.Clone(in.Method), err)
	}
	reply.Rpc = &protocol.RPCResult{Data: data}
	return nil
}
