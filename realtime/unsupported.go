package realtime

import "github.com/centrifugal/protocol"

// What this package does not offer of the protocol is refused with the reference's
// codes, never ignored: a client that asked for it would get something else than it
// believes.

// The kinds of subscriptions and publications (centrifugal/protocol v0.23,
// client.proto): a stream, the three maps, and shared polls.
const (
	typeStream     = 0
	typeMap        = 1
	typeSharedPoll = 4
)

// unsupportedSubscribe is the refusal of a subscription that asks for what is not
// offered: tag filters, and any kind but streams.
func unsupportedSubscribe(in *protocol.SubscribeRequest) error {
	switch {
	case in.Type >= typeMap && in.Type <= typeSharedPoll:
		return ErrNotAvailable
	case in.Type != typeStream, in.Tf != nil, in.Phase != 0, in.Cursor != "":
		return ErrBadRequest
	case in.Delta != "" && in.Delta != "fossil":
		return CloseBadRequest
	}
	return nil
}

// unsupportedPublish is the refusal of a publication that changes a map.
func unsupportedPublish(in *protocol.PublishRequest) error {
	switch {
	case in.Type == typeMap:
		return ErrNotAvailable
	case in.Type != typeStream, in.Removed, in.Key != "":
		return ErrBadRequest
	}
	return nil
}

// unsupportedSubRefresh is the refusal of a refresh for a kind that is not offered.
func unsupportedSubRefresh(in *protocol.SubRefreshRequest) error {
	if in.Type != typeStream {
		return ErrBadRequest
	}
	return nil
}
