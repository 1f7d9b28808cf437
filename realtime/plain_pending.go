package realtime

import (
	"encoding/json"
	"errors"
)

// authenticateType is the type of the first message of a pending connection:
// {"type":"authenticate","token":"…"}.
const authenticateType = "authenticate"

var errTokenExpired = &PlainError{"token_expired"}

// AdmitPending reports whether one more pending connection from that address
// would be admitted now, with [ErrPendingPerAddress], [ErrPending] or
// [ErrClosed]. A guard asks it before it spends a ticket.
func (p *Plain) AdmitPending(address string) error {
	return pendingError(p.conns.RoomPending(address))
}

// authenticate handles the one message that a pending connection may send.
func (p *Plain) authenticate(c *PlainConn, message []byte) {
	if int64(len(message)) > p.config.MaxFirstMessageBytes {
		c.end(CloseTooBig)
		return
	}
	var first struct {
		Type  string `json:"type"`
		Token string `json:"token"`
	}
	if err := json.Unmarshal(message, &first); err != nil || first.Type != authenticateType {
		c.end(CloseBadRequest)
		return
	}
	if err := p.renew(c, first.Token, nil); err != nil {
		c.refuseToken(err)
		return
	}
	c.pending = false
	p.enter(c)
}

// refuseToken ends a connection whose first message was refused.
func (c *PlainConn) refuseToken(err error) {
	reason, _ := asClose(err)
	if errors.Is(err, ErrTokenExpired) {
		c.tell(errTokenExpired)
		reason = CloseExpired
		reason.Flush = true
	}
	c.end(reason)
}
