package realtime

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
)

// authenticateType is the type of the first message of a pending connection:
// {"type":"authenticate","token":"…"}.
const authenticateType = "authenticate"

var errTokenExpired = &PlainError{"token_expired"}

// AdmitPending reports whether one more pending connection from that address
// would be admitted now, with [ErrPendingPerAddress], [ErrPending] or
// [ErrClosed]. A guard asks it before it spends a ticket.
func (p *Plain) AdmitPending(address string) error {
	if p.draining.Load() {
		return ErrClosed
	}
	return p.porch.room(address)
}

func (p *Plain) servePending(w http.ResponseWriter, r *http.Request, who Waiting) {
	p.gate.RLock()
	defer p.gate.RUnlock()
	if p.draining.Load() {
		refuseForNow(w, http.StatusServiceUnavailable, "unavailable")
		return
	}
	c := p.newConn(r.Context())
	c.waiting, c.address = &who, who.Address
	switch err := p.porch.enter(c); {
	case errors.Is(err, ErrPendingPerAddress):
		refuseForNow(w, http.StatusTooManyRequests, "too_many_requests")
		return
	case err != nil:
		refuseForNow(w, http.StatusServiceUnavailable, "unavailable")
		return
	}
	if !p.transport.serve(w, r, &c.link, who.Origin) {
		p.porch.leave(c)
	}
}

// authenticate handles the one message that a pending connection may send.
func (p *Plain) authenticate(c *PlainConn, message []byte) {
	l := &c.link
	if int64(len(message)) > p.config.MaxFirstMessageBytes {
		l.close(CloseTooBig)
		return
	}
	var first struct {
		Type  string `json:"type"`
		Token string `json:"token"`
	}
	if err := json.Unmarshal(message, &first); err != nil || first.Type != authenticateType {
		l.close(CloseBadRequest)
		return
	}
	ctx, err := p.config.Verify(l.context(), first.Token)
	if err != nil {
		c.refuseToken(err)
		return
	}
	principal, known := p.config.Principal(ctx)
	if !known || principal.UserID == "" {
		l.close(CloseInvalidToken)
		return
	}
	c.authenticated(ctx, principal)
	p.enter(c)
}

// authenticated makes a pending connection somebody's.
func (c *PlainConn) authenticated(ctx context.Context, principal Principal) {
	c.deadline.Stop()
	c.plain.porch.leave(c)
	c.waiting = nil
	c.become(&principal)
	c.link.setContext(ctx)
}

func (c *PlainConn) refuseToken(err error) {
	switch {
	case errors.Is(err, ErrTokenExpired):
		c.tell(errTokenExpired)
		expired := CloseExpired
		expired.Flush = true
		c.link.close(expired)
	case errors.Is(err, ErrCheckUnavailable):
		c.link.close(CloseInternal)
	default:
		c.link.close(CloseInvalidToken)
	}
}
