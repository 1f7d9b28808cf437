package wire

import (
	"time"

	"github.com/yodelrt/yodel/realtime/shape"
)

// Person is what everybody who is signed in may know of somebody.
type Person struct {
	ID       string `json:"id"`
	Username string `json:"username"`
	Name     string `json:"name"`
	// Status is what they say of themselves at the moment, at most 100
	// characters.
	Status string `json:"status,omitempty"`
	// Colour is one of Colours, empty for none.
	Colour string `json:"colour,omitempty"`
}

// Colours are those that a person may choose; the page says how each looks in
// its themes.
var Colours = []string{"red", "orange", "yellow", "green", "teal", "blue", "violet", "pink"}

// Me is what a person knows of themselves.
type Me struct {
	Person
	// Role is member, moderator or admin.
	Role string `json:"role"`
}

// Welcome is the data of the answer to `connect`.
type Welcome struct {
	Me Me `json:"me"`
	// Announcement is the latest one, null for none.
	Announcement *Announcement `json:"announcement"`
	// Presence is false where too many are connected for a list of who is
	// there; ask people.online instead.
	Presence bool `json:"presence"`
}

// Nothing is the answer where there is nothing to say.
type Nothing struct{}

// PeopleQuery asks for people by username, in its order.
type PeopleQuery struct {
	// Query is part of a username or a name, empty for everybody.
	Query string `json:"query,omitempty"`
	// After is the last username of the page before.
	After string `json:"after,omitempty"`
	// Limit is 1 to 100, 0 for 50.
	Limit int `json:"limit,omitempty"`
}

// People is one page of people.
type People struct {
	People shape.List[Person] `json:"people"`
	// More is true where another page follows.
	More bool `json:"more"`
}

// PersonRef names somebody.
type PersonRef struct {
	UserID string `json:"user_id"`
}

// PersonQuery asks for one person, by either.
type PersonQuery struct {
	UserID   string `json:"user_id,omitempty"`
	Username string `json:"username,omitempty"`
}

// OnlineQuery asks who of these is connected, at most 100.
type OnlineQuery struct {
	UserIDs shape.List[string] `json:"user_ids"`
}

// Online are those that are.
type Online struct {
	UserIDs shape.List[string] `json:"user_ids"`
}

// Profile is what a person may change of themselves; a field that is null stays
// as it is.
type Profile struct {
	// Name has 1 to 60 characters.
	Name *string `json:"name"`
	// Status has at most 100 characters.
	Status *string `json:"status"`
	// Colour is one of Colours or empty.
	Colour *string `json:"colour"`
}

// Announce tells everybody something.
type Announce struct {
	// Key is a UUID of the client's, so that a retry announces once.
	Key string `json:"key"`
	// Text has 1 to 500 characters.
	Text string `json:"text"`
}

// Announcement is what a moderator told everybody.
type Announcement struct {
	ID     string    `json:"id"`
	Author Person    `json:"author"`
	Text   string    `json:"text"`
	SentAt time.Time `json:"sent_at"`
}

// PresenceInfo is what the presence of a connection says of its person, beside
// their id: `conn_info` in the protocol.
type PresenceInfo struct {
	Username string `json:"username"`
	Name     string `json:"name"`
}

// LatestAnnouncement is the latest one, null for none.
type LatestAnnouncement struct {
	Announcement *Announcement `json:"announcement"`
}
