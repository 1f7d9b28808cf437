package realtime

// The codes of subscriptions that the server ends (centrifugal.dev,
// server/codes). Clients subscribe again on 2500 and above, and with a recovery
// where the channel has one; below that they do not. An application's own lie in
// 2100 to 2499 and 2600 to 2999.
const (
	// UnsubscribeServer: the server has ended it for good.
	UnsubscribeServer = 2000
	// UnsubscribeInsufficientState: a publication was lost on the way to this subscriber, or
	// the stream is another now; or a rule that judged it again reached no verdict.
	UnsubscribeInsufficientState = 2500
	// UnsubscribeExpired: its token was not refreshed in time; come back with a
	// new one.
	UnsubscribeExpired = 2501
	// UnsubscribeInvalidated: what it was allowed by has changed; ask again. Official
	// clients come back without a recovery.
	UnsubscribeInvalidated = 2502
)
