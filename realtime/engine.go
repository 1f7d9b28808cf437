package realtime

import "github.com/yodelrt/yodel/realtime/engine"

// What the methods of a [Hub] take and return of its engine.
type (
	// Publication is one message of a channel.
	Publication = engine.Publication
	// ClientInfo is what others may know of a client.
	ClientInfo = engine.ClientInfo
	// Position is a place in a channel's stream.
	Position = engine.Position
	// HistoryQuery asks for publications.
	HistoryQuery = engine.HistoryQuery
	// History is what a channel keeps.
	History = engine.History
)
