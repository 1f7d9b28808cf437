package engine

import "time"

// ClientInfo is what others may know of a client. Only public facts belong here.
type ClientInfo struct {
	User   string
	Client string
	// Conn and Channel are JSON of the application's own, empty for none.
	Conn, Channel []byte
}

// Kind tells publications from what is said about subscribers.
type Kind int

// The kinds. Only what is Published is kept in a history.
const (
	Published Kind = iota
	Joined
	Left
	// Renewed is the engine's own: the stream has begun anew with Epoch, and
	// nothing of the earlier one is kept. Subscribers with another epoch have lost
	// their position.
	Renewed
)

// Publication is one message of a channel.
type Publication struct {
	Kind Kind
	// Data is JSON, or any bytes in channels that are Binary.
	Data []byte
	// Info is who published; nil for the server.
	Info *ClientInfo
	// Tags are the publisher's own labels.
	Tags map[string]string
	// Offset is the position within the epoch, from 1; 0 in channels without
	// history.
	Offset uint64
	// Epoch is the one that Offset counts in. Where a subscriber has another,
	// it is told that its stream is no longer the same.
	Epoch string
	// At is when it was published.
	At time.Time
	// Except is the id of a client that does not get it, ExceptSession and
	// ExceptUser are a session and a user who do not; empty for nobody.
	Except, ExceptSession, ExceptUser string
}

// Size is how many bytes of a publication its publisher has chosen: data, tags,
// and what it says of the client.
func (p *Publication) Size() int {
	size := len(p.Data)
	for key, value := range p.Tags {
		size += len(key) + len(value)
	}
	if p.Info != nil {
		size += len(p.Info.User) + len(p.Info.Client) + len(p.Info.Conn) + len(p.Info.Channel)
	}
	return size
}

// PublishOptions say what is kept of a publication.
type PublishOptions struct {
	// History is how many publications the channel keeps, 0 for none, and TTL
	// for how long.
	History int
	TTL     time.Duration
	// Key makes publishing idempotent: a second publication with it to the same
	// channel, within [KeyLife], changes nothing and returns the first one's
	// position, however many other keys there are. At most [MaxKeyBytes], else
	// [ErrKeyTooLong]; empty for none. Engines bound what keys take: beyond it a
	// publication with a new key is [ErrKeysFull], and no key is forgotten early.
	Key string
}
