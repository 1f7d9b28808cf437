package realtimetest

import (
	"context"
	"crypto/rand"
	"errors"
	"sync"
	"time"

	"github.com/yodelrt/yodel/realtime"
)

// tokens are those that tests have asked for.
var tokens sync.Map // string -> realtime.Principal

// Token returns a token of somebody, for `connect` and `refresh` on a hub whose
// Config.Verify is [Verify]. It is good until the principal's ExpiresAt.
func Token(who realtime.Principal) string {
	token := rand.Text()
	tokens.Store(token, who)
	return token
}

var errUnknownToken = errors.New("realtimetest: a token that Token did not return")

// Verify is the function for realtime.Config.Verify: it knows what [Token] has
// returned. Its context is one that [Principal] reads.
func Verify(ctx context.Context, token string) (context.Context, error) {
	who, known := tokens.Load(token)
	if !known {
		return nil, errUnknownToken
	}
	principal := who.(realtime.Principal)
	if !principal.ExpiresAt.IsZero() && !time.Now().Before(principal.ExpiresAt) {
		return nil, realtime.ErrTokenExpired
	}
	return context.WithValue(ctx, principalKey{}, principal), nil
}

type pendingKey struct{}

// Pending is the function for realtime.Config.Pending: it finds those whom
// [Server.DialPending] lets in without a name.
func Pending(ctx context.Context) (realtime.PendingInfo, bool) {
	who, ok := ctx.Value(pendingKey{}).(realtime.PendingInfo)
	return who, ok
}
