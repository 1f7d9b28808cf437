package realtime

import (
	"context"
	"errors"
	"fmt"

	"github.com/centrifugal/protocol"

	"github.com/yodelrt/yodel/realtime/cluster"
	"github.com/yodelrt/yodel/realtime/internal/transport"
)

// Send sends a message to the selected connections outside of any channel, on
// every node, encoded once for each way to speak, and returns how many of this node
// took it. [All] is a broadcast, [ByClient] one connection, such as that of a
// handler by its [Conn.ID]. Connections that have not connected yet don't get it.
// data that is not JSON is [ErrNotJSON], and nothing was sent. Any other error means
// that other nodes may not have got it.
func (h *Hub) Send(ctx context.Context, by Selector, data []byte) (int, error) {
	taken, err := h.sendHere(by, data)
	if err != nil {
		return taken, fmt.Errorf("send: %w", err)
	}
	if by.Kind() == cluster.KindClient && taken > 0 {
		return taken, nil // there is no other with that id
	}
	if err := errors.Join(ctx.Err(), h.node.Deliver(ctx, by, data)); err != nil {
		return taken, fmt.Errorf("send: %w", err)
	}
	return taken, nil
}

func (h *Hub) sendHere(by Selector, data []byte) (int, error) {
	frames, err := encodeMessage(data)
	if err != nil {
		return 0, err
	}
	if by.Kind() == cluster.KindAll {
		return h.sendToAll(frames)
	}
	taken := 0
	for _, c := range h.find(by) {
		if c.link.Active() && c.link.Socket.Send(transport.Plain(frames[c.enc]), transport.Counts{AtMostOnce: 1}) {
			taken++
		}
	}
	return taken, nil
}

func (h *Hub) sendToAll(frames [encodings][]byte) (int, error) {
	taken := 0
	for enc, frame := range frames {
		n, err := h.transport.Broadcast(frame, encoding(enc) == inProtobuf, func(s *transport.Conn) bool { return connOf(s).link.Active() })
		taken += n
		if err != nil {
			return taken, ErrClosed
		}
	}
	return taken, nil
}

// encodeMessage encodes a push that belongs to no channel, for each encoding.
func encodeMessage(data []byte) (frames [encodings][]byte, err error) {
	if !isJSON(data) {
		return frames, fmt.Errorf("encode message: %w", ErrNotJSON)
	}
	for enc := range encodings {
		if frames[enc], err = enc.encode(&protocol.Reply{Push: &protocol.Push{Message: &protocol.Message{Data: data}}}); err != nil {
			return frames, fmt.Errorf("encode message: %w", err)
		}
	}
	return frames, nil
}
