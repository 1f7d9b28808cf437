package conns

import "github.com/yodelrt/yodel/realtime/cluster"

// Identity is what a connection is found by. The zero value is nobody.
type Identity struct {
	User, Session, Token string
	Epoch                int64
}

// Known reports whether it names a user.
func (i Identity) Known() bool { return i.User != "" }

// selected reports whether a selector is for an identity. A client's id is none.
func (i Identity) selected(by cluster.Selector) bool {
	switch {
	case by.Empty():
		return false
	case by.Kind() == cluster.KindUser:
		return i.User == by.ID()
	case by.Kind() == cluster.KindUserBefore:
		return i.User == by.ID() && i.Epoch < by.Epoch()
	case by.Kind() == cluster.KindSession:
		return i.Session == by.ID()
	case by.Kind() == cluster.KindToken:
		return i.Token == by.ID()
	}
	return by.Kind() == cluster.KindAll
}

// selectors are those that the index has for an identity.
func (i Identity) selectors() [3]cluster.Selector {
	return [...]cluster.Selector{cluster.ByUser(i.User), cluster.BySession(i.Session), cluster.ByToken(i.Token)}
}
