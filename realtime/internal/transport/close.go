package transport

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Close is why a conn ends, and how.
type Close struct {
	// Code is the status code of the close frame.
	Code int
	// Reason is plain text of at most 123 bytes.
	Reason string
	// Flush lets what is queued for the peer go out first, for at most five
	// seconds. Without it the queue is dropped, and the conn is gone from TCP
	// within a second, also when the peer has stopped reading.
	Flush bool
}

// The faults that a transport finds by itself. Numbers from 3000 are those of
// Centrifugo's client protocol, those below of RFC 6455, section 7.4.1.
var (
	// InvalidUTF8: a text message that is not UTF-8 (RFC 6455, section 8.1).
	InvalidUTF8 = Close{Code: 1007, Reason: "invalid utf-8"}
	// TooBig: a message over MaxMessageBytes, of too many fragments, or without end.
	TooBig = Close{Code: 1009, Reason: "message too big"}
	// Internal: a handler has panicked.
	Internal = Close{Code: 3004, Reason: "internal server error"}
	// Slow: the peer reads more slowly than messages arrive, or not at all.
	Slow = Close{Code: 3008, Reason: "slow"}
	// NoPong: nothing came of the peer in time, not even a pong.
	NoPong = Close{Code: 3012, Reason: "no pong"}
	// Flood: too many pings or pongs of the peer.
	Flood = Close{Code: 3013, Reason: "too many requests"}
	// BadRequest: a text message on a conn that speaks binary, or the reverse.
	BadRequest = Close{Code: 3501, Reason: "bad request", Flush: true}
	// Lost is reported for peers that went away without a close frame. It is never
	// sent (RFC 6455, section 7.1.5).
	Lost = Close{Code: 1006, Reason: "connection lost"}
)

// Problem says why an application may not end a conn with a close, empty where it
// may. Clients of Centrifugo's protocol read 3000 as a close of their own.
func (r Close) Problem() string {
	code := r.Code == 1000 || r.Code == InvalidUTF8.Code || r.Code == TooBig.Code || r.Code > 3000 && r.Code < 5000
	if code && r.Reason != "" && len(r.Reason) <= maxReason && utf8.ValidString(r.Reason) && !json.Valid([]byte(r.Reason)) {
		return ""
	}
	return fmt.Sprintf("code %d, reason of %d bytes; codes are 1000 and 3001 to 4999, reasons 1 to 123 bytes of text that is not JSON", r.Code, len(r.Reason))
}

// maxReason is what a close frame has room for (RFC 6455, section 5.5).
const maxReason = 123

// sendable makes a close that may stand in a frame of a server: Internal in place
// of a code that no endpoint may send (RFC 6455, section 7.4), a reason of UTF-8
// that fits.
func (r Close) sendable() Close {
	if !sendableCode(r.Code) {
		return Internal
	}
	r.Reason = strings.ToValidUTF8(r.Reason, "\uFFFD")
	if len(r.Reason) > maxReason {
		end := maxReason
		for !utf8.RuneStart(r.Reason[end]) {
			end--
		}
		r.Reason = r.Reason[:end]
	}
	return r
}

func sendableCode(code int) bool {
	switch {
	case code == 1000, code == 1001, code >= 1007 && code <= 1011:
		return true
	}
	return code >= 3000 && code <= 4999
}
