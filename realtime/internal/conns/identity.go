package conns

// Identity is what a connection is found by. The zero value is nobody.
type Identity struct {
	User, Session, Token string
	Epoch                int64
}

// Known reports whether it names a user.
func (i Identity) Known() bool { return i.User != "" }

// Kind says by what connections are selected.
type Kind int

// The kinds.
const (
	ByNothing    Kind = iota
	ByUser            // every connection of a user
	ByUserBefore      // those of them with an older epoch
	BySession
	ByToken
	ByClient
	All
)

// Key selects connections. An empty ID selects none, but with All.
type Key struct {
	Kind  Kind
	ID    string
	Epoch int64 // of ByUserBefore
}

// selects reports whether a key selects an identity. A client's id is none.
func (k Key) selects(who Identity) bool {
	switch k.Kind {
	case ByUser:
		return k.ID != "" && who.User == k.ID
	case ByUserBefore:
		return k.ID != "" && who.User == k.ID && who.Epoch < k.Epoch
	case BySession:
		return k.ID != "" && who.Session == k.ID
	case ByToken:
		return k.ID != "" && who.Token == k.ID
	case All:
		return true
	}
	return false
}

// keys are those that the index has for an identity.
func (i Identity) keys() (keys [3]Key) {
	keys[0] = Key{Kind: ByUser, ID: i.User}
	keys[1] = Key{Kind: BySession, ID: i.Session}
	keys[2] = Key{Kind: ByToken, ID: i.Token}
	return keys
}
