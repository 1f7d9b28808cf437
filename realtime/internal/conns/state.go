package conns

// State is where a connection stands. It only ever moves along this table; what
// is not in it is refused.
//
//	from       by           to         places
//	(new)      Admit        arriving   takes: address; connections and connecting if its user is known, else pending
//	arriving   Opened       pending    takes: user, if known; the user's oldest gives way
//	pending    Verify       verifying
//	verifying  Accept       pending    takes: connections, user; gives back: pending
//	verifying  Refuse       pending
//	pending    Activate     active     gives back: connecting
//	active     Verify, Accept, Refuse: stays active; the identity may change
//	any        End          closing    gives back: user, connecting
//	any        Gone         gone       gives back: whatever is left
//
// Closing connections hold their place among the connections until they are gone,
// since their sockets are still open. They can be found, so that a sign-out
// hurries a connection that a shutdown lets finish in order.
type State int32

// The states.
const (
	Arriving  State = iota + 1 // admitted, and being upgraded
	Pending                    // upgraded, and not let in yet
	Verifying                  // a token that it has sent is being verified
	Active                     // let in: it receives
	Closing                    // its end is decided
	Gone                       // its socket is gone
)

var stateNames = [...]string{"new", "arriving", "pending", "verifying", "active", "closing", "gone"}

// String returns the state's name in the table.
func (s State) String() string {
	if s < 0 || int(s) >= len(stateNames) {
		return "unknown"
	}
	return stateNames[s]
}
