package engine

import "time"

// Position is a place in a channel's stream.
type Position struct {
	Epoch  string
	Offset uint64
}

// HistoryQuery asks for publications.
type HistoryQuery struct {
	// Since is exclusive; nil begins at the oldest, or the newest in reverse.
	Since *Position
	// Limit 0 asks for the position alone, a negative one for all.
	Limit   int
	Reverse bool
	// MaxBytes cuts the answer where the next publication would take it over that
	// many bytes of [Publication.Size]. The first one is always returned, however
	// large. Zero: no bound.
	MaxBytes int
	// TTL is for how long publications are kept.
	TTL time.Duration
}

// History is what a channel keeps.
type History struct {
	Publications []Publication
	// More reports that Limit or MaxBytes has cut the answer: the channel keeps
	// more of what was asked. The next question begins at the last publication. It
	// is false where Limit is 0.
	More bool
	// Top is the position of the latest publication.
	Top Position
}
