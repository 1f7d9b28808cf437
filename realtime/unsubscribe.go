package realtime

// The codes of subscriptions that the server ends (centrifugal.dev,
// server/codes). Clients subscribe again on 2500 and above, and with a recovery
// where the channel has one; below that they do not. An application's own lie in
// 2100 to 2499 and 2600 to 2999.
const (
	// Unsubscribed: the server has ended it for good.
	Unsubscribed = 2000
	// SubscriptionLost: a publication was lost on the way to this subscriber, or
	// the stream is another now.
	SubscriptionLost = 2500
	// SubscriptionExpired: its token was not refreshed in time; come back with a
	// new one.
	SubscriptionExpired = 2501
	// SubscriptionInvalidated: what it was allowed by has changed; ask again.
	SubscriptionInvalidated = 2502
)
