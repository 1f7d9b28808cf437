package plain

import (
	"encoding/json"
	"errors"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/internal/conns"
	"github.com/yodelrt/yodel/realtime/internal/transport"
	"github.com/yodelrt/yodel/realtime/observe"
)

// strike answers a message over the rate, and ends a connection that does not
// slow down.
func (c *Conn) strike() {
	c.strikes++
	if c.strikes > conns.StrikesPerBurst*c.handler.config.Limits.MessageBurst {
		c.refuse(observe.LimitCommandRate, transport.Flood)
		return
	}
	c.handler.refused(observe.LimitCommandRate)
	c.tell(ErrTooManyRequests)
}

func (p *Handler) dispatch(c *Conn, message []byte) error {
	var envelope struct {
		Type *string `json:"type"`
	}
	if err := json.Unmarshal(message, &envelope); err != nil || envelope.Type == nil {
		return ErrBadMessage
	}
	if *envelope.Type == authenticateType { // a second one changes nobody
		c.end(realtime.CloseBadRequest)
		return nil
	}
	if *envelope.Type == refreshType {
		p.refresh(c, message)
		return nil
	}
	p.lifetime().Touch(&c.link)
	handler, ok := p.handlers.Load(*envelope.Type)
	if !ok {
		return ErrUnknownType
	}
	return handler.(HandlerFunc)(c.Context(), c, message)
}

// tell answers with an error's code; what is not meant for the peer is logged
// and told as "internal".
func (c *Conn) tell(err error) {
	var known Error
	if !errors.As(err, &known) {
		c.handler.config.Logger.Error("a message handler failed", "connection", c.ID(), "error", err)
		known = ErrInternal
	}
	answer := struct {
		Type string `json:"type"`
		Code string `json:"code"`
	}{"error", string(known)}
	_ = c.Send(c.Context(), answer) // a connection that is ending needs no answer
}
