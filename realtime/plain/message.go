package plain

import (
	"errors"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/internal/conns"
	"github.com/yodelrt/yodel/realtime/internal/strictjson"
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

// dispatch carries out a message. It is read so that a handler which reads it into a
// Go struct gets what is checked here: members by their exact names, each once.
func (p *Handler) dispatch(c *Conn, message []byte) error {
	members, err := strictjson.Members(message)
	if err != nil {
		return ErrBadMessage
	}
	kind, ok := strictjson.String(members, "type")
	if kind != refreshType { // that is sent by itself
		p.lifetime().Touch(&c.link)
	}
	switch {
	case !ok:
		return ErrBadMessage
	case kind == authenticateType: // a second one changes nobody
		return realtime.CloseBadRequest
	case kind == refreshType:
		return p.refresh(c, members)
	}
	handler, ok := p.handlers.Load(kind)
	if !ok {
		return ErrUnknownType
	}
	return handler.(HandlerFunc)(c.Context(), c, message)
}

// fail ends a connection whose handler has returned a close, and tells its peer any
// other error.
func (c *Conn) fail(err error) {
	if reason, ends := asClose(err); ends {
		if err := c.Close(reason); err != nil {
			c.handler.config.Logger.Error("a handler has ended its connection with a reason that can't be sent", "connection", c.ID(), "error", err)
		}
		return
	}
	c.tell(err)
}

// asClose reports whether a hook's error is a close.
func asClose(err error) (reason realtime.Close, ends bool) {
	ends = errors.As(err, &reason)
	return reason, ends
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
