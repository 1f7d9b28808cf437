// Package refusal is the one table of what this application answers when it
// does not do what it was asked: a number for calls over the socket, a word and
// a status for HTTP, and a sentence for the person.
package refusal

import (
	"fmt"
	"net/http"
)

// Kind is one line of the table.
type Kind struct {
	// Code is the number that calls are answered with: 400 to 1999, the range
	// that Centrifugo's client protocol leaves to applications.
	Code uint32
	// Word names the kind in HTTP answers.
	Word string
	// Status is that of an HTTP answer (RFC 9110, section 15).
	Status int
	// Message is what a person reads where nothing better is known.
	Message string
	// Temporary is true where the same may be tried again later.
	Temporary bool
}

// The table.
var (
	Invalid    = Kind{400, "invalid", http.StatusUnprocessableEntity, "That was not understood.", false}
	Forbidden  = Kind{403, "forbidden", http.StatusForbidden, "You may not do that here.", false}
	NoRoom     = Kind{404, "no_room", http.StatusNotFound, "There is no such room, or you are not in it.", false}
	NoMessage  = Kind{405, "no_message", http.StatusNotFound, "There is no such message.", false}
	NoPerson   = Kind{406, "no_person", http.StatusNotFound, "There is nobody of that name.", false}
	NotThere   = Kind{407, "not_there", http.StatusNotFound, "There is no such thing.", false}
	Taken      = Kind{409, "taken", http.StatusConflict, "That name is taken.", false}
	Archived   = Kind{410, "archived", http.StatusConflict, "This room is archived. It can be read and not changed.", false}
	Deleted    = Kind{411, "deleted", http.StatusConflict, "This message was deleted.", false}
	Full       = Kind{413, "full", http.StatusConflict, "There is no room for more.", false}
	LastAdmin  = Kind{414, "last_admin", http.StatusConflict, "Somebody must stay administrator.", false}
	SlowDown   = Kind{429, "slow_down", http.StatusTooManyRequests, "That is a lot at once. Wait a moment and try again.", true}
	Invitation = Kind{430, "invitation", http.StatusForbidden, "This invitation is used up, too old or not one of ours. Ask for a new one.", false}
)

// Kinds returns the whole table, by code.
func Kinds() []Kind {
	return []Kind{Invalid, Forbidden, NoRoom, NoMessage, NoPerson, NotThere, Taken, Archived, Deleted, Full, LastAdmin, SlowDown, Invitation}
}

// Error is a refusal that its reader may see.
type Error struct {
	Kind
	// Text is for the person.
	Text string
}

// Error returns the text.
func (e *Error) Error() string { return e.Text }

// Is reports whether both are of one kind, so that errors.Is(err,
// refusal.NoRoom.Plain()) holds for every refusal of that kind.
func (e *Error) Is(target error) bool {
	other, ok := target.(*Error)
	return ok && other.Code == e.Code
}

// Plain is a refusal with the message of the table.
func (k Kind) Plain() *Error { return &Error{k, k.Message} }

// Say is a refusal with a sentence of its own, as fmt.Sprintf makes it.
func (k Kind) Say(format string, args ...any) *Error { return &Error{k, fmt.Sprintf(format, args...)} }
