package plain

import (
	"encoding/json"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/internal/refuse"
	"github.com/yodelrt/yodel/realtime/internal/verify"
)

// authenticateType is the type of the first message of a pending connection:
// {"type":"authenticate","token":"…"}.
const authenticateType = "authenticate"

var pendingErrors = refuse.PendingErrors{PerAddress: realtime.ErrPendingPerAddress, Total: realtime.ErrPending, Closed: realtime.ErrClosed}

// AdmitPending reports whether one more pending connection from that address would
// be admitted now, with [realtime.ErrPendingPerAddress], [realtime.ErrPending] or
// [realtime.ErrClosed]. A guard asks it before it spends a ticket.
func (p *Handler) AdmitPending(address string) error {
	return pendingErrors.Of(p.conns.RoomPending(address))
}

// authenticate handles the one message that a pending connection may send.
func (p *Handler) authenticate(c *Conn, message []byte) {
	if int64(len(message)) > p.config.MaxFirstMessageBytes {
		c.end(realtime.CloseTooBig)
		return
	}
	var first struct {
		Type  string `json:"type"`
		Token string `json:"token"`
	}
	if err := json.Unmarshal(message, &first); err != nil || first.Type != authenticateType {
		c.end(realtime.CloseBadRequest)
		return
	}
	switch outcome, reason := p.checks.Renew(&c.link, &c.principal, first.Token, nil); outcome {
	case verify.Accepted:
		c.pending = false
		p.enter(c)
	case verify.Expired:
		c.tell(ErrTokenExpired)
		expired := realtime.CloseExpired
		expired.Flush = true
		c.end(expired)
	case verify.NoVerdict:
		c.end(realtime.CloseInternal)
	case verify.Refused:
		c.link.End(reason)
	}
}
