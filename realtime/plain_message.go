package realtime

import (
	"encoding/json"
	"errors"
)

// PlainError is an error that its sender may read.
type PlainError struct {
	// Code is a short word in snake_case.
	Code string
}

// Error returns the code.
func (e *PlainError) Error() string { return e.Code }

// What the plain handler itself answers with, as {"type":"error","code":…}.
var (
	// ErrPlainBadMessage: not a JSON object with a "type".
	ErrPlainBadMessage = &PlainError{"bad_message"}
	// ErrPlainUnknownType: no handler for that type.
	ErrPlainUnknownType = &PlainError{"unknown_type"}
	// ErrPlainTooManyRequests: over the rate of this connection; not carried out.
	ErrPlainTooManyRequests = &PlainError{"too_many_requests"}

	errInternal = &PlainError{"internal"}
)

// strikesPerBurst: this many bursts over the rate without a pause are a flood.
const strikesPerBurst = 10

// strike answers a message over the rate, and ends a connection that does not
// slow down.
func (c *PlainConn) strike() {
	c.strikes++
	if c.strikes > strikesPerBurst*c.plain.config.MessageBurst {
		c.end(CloseFlood)
		return
	}
	c.tell(ErrPlainTooManyRequests)
}

func (p *Plain) dispatch(c *PlainConn, message []byte) error {
	var envelope struct {
		Type *string `json:"type"`
	}
	if err := json.Unmarshal(message, &envelope); err != nil || envelope.Type == nil {
		return ErrPlainBadMessage
	}
	if *envelope.Type == authenticateType { // a second one changes nobody
		c.end(CloseBadRequest)
		return nil
	}
	if *envelope.Type == refreshType {
		p.refresh(c, message)
		return nil
	}
	handler, ok := p.handlers.Load(*envelope.Type)
	if !ok {
		return ErrPlainUnknownType
	}
	return handler.(PlainHandler)(c.Context(), c, message)
}

// tell answers with an error's code; what is not meant for the peer is logged
// and told as "internal".
func (c *PlainConn) tell(err error) {
	var plain *PlainError
	if !errors.As(err, &plain) {
		c.plain.config.Logger.Error("a message handler failed", "connection", c.ID(), "error", err)
		plain = errInternal
	}
	answer := struct {
		Type string `json:"type"`
		Code string `json:"code"`
	}{"error", plain.Code}
	_ = c.Send(c.Context(), answer) // a connection that is ending needs no answer
}
