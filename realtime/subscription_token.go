package realtime

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/centrifugal/protocol"
)

// SubscriptionClaims are what a subscription token says.
type SubscriptionClaims struct {
	// Channel and UserID must be those of the subscription, or the connection
	// ends with [CloseInvalidToken].
	Channel, UserID string
	// ExpiresAt is when the subscription ends unless it is refreshed. Zero
	// never ends it.
	ExpiresAt time.Time
	// Info is what others may know of the subscriber in this channel, nil for nothing:
	// JSON, or the command is answered with [ErrInternal]. A refresh renews it.
	Info []byte
}

// tokenRule is what the channels of a pattern do with subscription tokens.
type tokenRule struct {
	verify   func(ctx context.Context, token string) (SubscriptionClaims, error) // nil: they take none
	optional bool                                                                // a subscription may do without
	given    int                                                                 // how many rules have said so
}

// RequireToken asks for a token with every subscription, such as one that the
// application signs when a page is shown. verify reads it; an error that wraps
// [ErrTokenExpired] is answered as such, so that the client fetches a new one, any
// other with [ErrPermissionDenied]. Where AllowSubscribe is given as
// well, both must allow.
func RequireToken(verify func(ctx context.Context, token string) (SubscriptionClaims, error)) ChannelRule {
	return func(r *channelRule) { r.token = tokenRule{verify: verify, given: r.token.given + 1} }
}

// ReadToken takes a token with a subscription that brings one, for its Info and
// the end that it sets, and lets AllowSubscribe, which it needs, decide alone about
// one that brings none. A token that is there must be good, as for [RequireToken]:
// a bad one is never as if there was none.
func ReadToken(verify func(ctx context.Context, token string) (SubscriptionClaims, error)) ChannelRule {
	return func(r *channelRule) {
		r.token = tokenRule{verify: verify, optional: true, given: r.token.given + 1}
	}
}

// mayJoin asks the token of a channel and its rule.
func (c *Conn) mayJoin(ctx context.Context, rule *channelRule, params Params, token string) (SubscriptionClaims, error) {
	if rule.token.verify == nil || rule.token.optional && token == "" {
		return SubscriptionClaims{}, allowed(ctx, rule.subscribe, c, params)
	}
	claims, err := c.claimsOf(ctx, rule, params.Channel, token)
	if err == nil && rule.subscribe != nil {
		err = allowed(ctx, rule.subscribe, c, params)
	}
	if err == nil {
		err = infoProblem("SubscriptionClaims.Info", claims.Info)
	}
	return claims, err
}

func (c *Conn) claimsOf(ctx context.Context, rule *channelRule, channel, token string) (SubscriptionClaims, error) {
	if token == "" {
		return SubscriptionClaims{}, ErrPermissionDenied
	}
	claims, err := rule.token.verify(ctx, strings.Clone(token))
	switch {
	case checkErrors.IsExpired(err):
		return claims, ErrTokenExpired
	case checkErrors.IsTemporary(err):
		return claims, ErrInternal // temporary: the client asks again
	case err != nil:
		return claims, ErrPermissionDenied
	case claims.Channel != channel || claims.UserID != c.who().UserID:
		return claims, CloseInvalidToken
	case !claims.ExpiresAt.IsZero() && !time.Now().Before(claims.ExpiresAt):
		return claims, ErrTokenExpired
	}
	return claims, nil
}

// lasts sets when a subscription ends, in place of an earlier moment.
func (s *subscription) lasts(until time.Time) {
	s.channel.mu.Lock()
	defer s.channel.mu.Unlock()
	if s.end != nil {
		s.end.Stop()
		s.end = nil
	}
	if !until.IsZero() && !s.gone {
		s.end = s.conn.hub.spawn.AfterFunc(time.Until(until), &s.conn.link.Socket, func() {
			s.conn.remove(context.WithoutCancel(s.conn.Context()), s, UnsubscribeExpired, "subscription expired")
		})
	}
}

// stopTimer is for a subscription that has left its channel.
func (s *subscription) stopTimer() {
	s.channel.mu.Lock()
	defer s.channel.mu.Unlock()
	s.gone = true
	if s.end != nil {
		s.end.Stop()
	}
}

// subRefresh prolongs a subscription by a new token of the same channel and user, and
// gives it the info of that.
func (c *Conn) subRefresh(ctx context.Context, in *protocol.SubRefreshRequest, reply *protocol.Reply) error {
	if in.Channel == "" {
		return CloseBadRequest
	}
	if err := unsupportedSubRefresh(in); err != nil {
		return err
	}
	s := c.subscription(in.Channel)
	switch {
	case s == nil:
		return ErrPermissionDenied
	case s.rule.token.verify == nil:
		return ErrNotAvailable
	case in.Token == "":
		return ErrBadRequest
	}
	claims, err := c.claimsOf(ctx, s.rule, s.channel.name, in.Token)
	switch {
	case errors.Is(err, ErrTokenExpired):
		return CloseSubscriptionExpired
	case errors.Is(err, ErrInternal):
		return ErrInternal // the subscription goes on until its own end
	case err != nil:
		return CloseInvalidToken
	}
	if err := s.renewInfo(ctx, claims.Info); err != nil {
		return err
	}
	s.lasts(claims.ExpiresAt)
	result := &protocol.SubRefreshResult{}
	result.Expires, result.Ttl = timeToLive(claims.ExpiresAt, time.Now())
	reply.SubRefresh = result
	return nil
}
