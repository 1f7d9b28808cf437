package cluster

// Selector chooses connections. Its zero value selects none. Selectors are
// comparable: equal ones select the same.
type Selector struct {
	kind  Kind
	id    string
	epoch int64 // of KindUserBefore
}

// Kind is what a [Selector] goes by.
type Kind int

// The kinds of selectors.
const (
	KindNone Kind = iota
	KindUser
	KindSession
	KindToken
	KindAll
	KindUserBefore
	KindClient
)

// ByUser selects every connection of a user.
func ByUser(id string) Selector { return Selector{kind: KindUser, id: id} }

// BySession selects the connections of one login. An empty id selects none.
func BySession(id string) Selector { return Selector{kind: KindSession, id: id} }

// ByToken selects the connections that one token opened. An empty id selects
// none.
func ByToken(id string) Selector { return Selector{kind: KindToken, id: id} }

// ByUserBefore selects the connections of a user whose principal has an older
// epoch than that one.
func ByUserBefore(id string, epoch int64) Selector {
	return Selector{kind: KindUserBefore, id: id, epoch: epoch}
}

// ByClient selects one connection by its id in the protocol.
func ByClient(id string) Selector { return Selector{kind: KindClient, id: id} }

// All selects every connection.
func All() Selector { return Selector{kind: KindAll} }

// Kind returns what the selector goes by.
func (s Selector) Kind() Kind { return s.kind }

// ID returns the id of the user, session, token or client, empty for [All].
func (s Selector) ID() string { return s.id }

// Epoch returns that of [ByUserBefore], else 0.
func (s Selector) Epoch() int64 { return s.epoch }

// Empty reports whether no connection can be selected.
func (s Selector) Empty() bool { return s.kind == KindNone || (s.id == "" && s.kind != KindAll) }
