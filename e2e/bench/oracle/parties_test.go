// The oracle holds the hub against the reference library: the same conversations
// must have the same replies, pushes, close codes and reasons.
package oracle_test

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/memory"
)

// claims are what a token of the oracle says: "alice 3600" lives an hour and
// "alice -1" has ended; "alice 3600 token:1" is for one channel. Both sides read
// it the same way.
type claims struct {
	user, channel string
	life          time.Duration
}

var errGarbage = errors.New("not a token")

func readToken(token string) (claims, error) {
	fields := strings.Fields(token)
	if len(fields) < 2 {
		return claims{}, errGarbage
	}
	seconds, err := strconv.Atoi(fields[1])
	if err != nil {
		return claims{}, errGarbage
	}
	c := claims{user: fields[0], life: time.Duration(seconds) * time.Second}
	if len(fields) > 2 {
		c.channel = fields[2]
	}
	return c, nil
}

// until is when a token ends; a life of 0 never does.
func (c claims) until() time.Time {
	if c.life == 0 {
		return time.Time{}
	}
	return time.Now().Add(c.life)
}

// The request says who it is, and what the server subscribes it to.
type (
	whoKey   struct{}
	startKey struct{}
)

func startsWith(r *http.Request) []string { return r.URL.Query()["start"] }

// ours is the hub with the channels and calls of the oracle.
func ours(tb testing.TB) http.Handler {
	tb.Helper()
	hub, err := realtime.New(realtime.Config{
		Principal: func(ctx context.Context) (realtime.Principal, bool) {
			who, ok := ctx.Value(whoKey{}).(realtime.Principal)
			return who, ok
		},
		Pending: func(context.Context) (realtime.PendingInfo, bool) {
			return realtime.PendingInfo{Address: "192.0.2.1"}, true
		},
		Verify: verify,
		Connect: func(ctx context.Context, _ *realtime.Conn, _ realtime.ConnectEvent) (realtime.ConnectReply, error) {
			start, _ := ctx.Value(startKey{}).([]string)
			return realtime.ConnectReply{Channels: start}, nil
		},
		Engine: memory.New(),
		Limits: realtime.Limits{CommandsPerSecond: 1e6, CommandBurst: 1e6, Connections: 1e6, ConnectionsPerUser: 1e6},
	})
	if err != nil {
		tb.Fatal(err)
	}
	everybody := []realtime.ChannelRule{realtime.AllowSubscribe(realtime.AllowAll), realtime.AllowPublish(realtime.AllowAll)}
	for pattern, options := range map[string]realtime.ChannelOptions{
		"plain:{id}":   {},
		"history:{id}": {History: historySize, HistoryTTL: time.Hour, Recover: true},
		"present:{id}": {Presence: true, JoinLeave: true},
	} {
		if err := hub.Channel(pattern, options, everybody...); err != nil {
			tb.Fatal(err)
		}
	}
	if err := hub.Channel("denied:{id}", realtime.ChannelOptions{}); err != nil {
		tb.Fatal(err)
	}
	if err := hub.Channel("token:{id}", realtime.ChannelOptions{}, realtime.RequireToken(subscriptionToken)); err != nil {
		tb.Fatal(err)
	}
	realtime.RPC(hub, "end", func(context.Context, *realtime.Conn, any) (string, error) { return "end", nil })
	realtime.RPC(hub, "fail", func(context.Context, *realtime.Conn, any) (string, error) { return "", errors.New("secret") })
	tb.Cleanup(func() { _ = hub.Shutdown(context.Background()) })
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := context.WithValue(r.Context(), startKey{}, startsWith(r))
		if user := r.URL.Query().Get("user"); user != "" {
			ctx = context.WithValue(ctx, whoKey{}, realtime.Principal{UserID: user})
		}
		hub.ServeHTTP(w, r.WithContext(ctx))
	})
}

const historySize = 4

func verify(ctx context.Context, token string) (context.Context, error) {
	c, err := readToken(token)
	if err != nil {
		return nil, err
	}
	if c.life < 0 {
		return nil, realtime.ErrTokenExpired
	}
	return context.WithValue(ctx, whoKey{}, realtime.Principal{UserID: c.user, ExpiresAt: c.until()}), nil
}

func subscriptionToken(_ context.Context, token string) (realtime.SubscriptionClaims, error) {
	c, err := readToken(token)
	if err != nil {
		return realtime.SubscriptionClaims{}, err
	}
	if c.life < 0 {
		return realtime.SubscriptionClaims{}, realtime.ErrTokenExpired
	}
	return realtime.SubscriptionClaims{Channel: c.channel, UserID: c.user, ExpiresAt: c.until()}, nil
}
