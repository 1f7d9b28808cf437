package realtime_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/centrifugal/centrifuge-go"

	"github.com/yodelrt/yodel/realtime"
)

// manyChannels is the default of Limits.Channels.
const manyChannels = 128

// returning is an official client that follows channels, and what it was told.
type returning struct {
	t       *testing.T
	client  *centrifuge.Client
	changed chan struct{}

	mu        sync.Mutex
	connected int
	live      map[string]bool
	lost      map[string]bool // told that not everything could be recovered
	heard     map[string][]string
	ends      []uint32 // codes of the ends since the last cut
	final     []string // what no client comes back from
}

// manyOptions are those of a client that comes back at once.
func manyOptions() centrifuge.Config {
	return centrifuge.Config{
		Header: http.Header{"Test-User": {"alice"}}, MinReconnectDelay: 10 * time.Millisecond, MaxReconnectDelay: 20 * time.Millisecond,
	}
}

func newReturning(t *testing.T, url string, protobuf bool, config centrifuge.Config) *returning {
	t.Helper()
	build := centrifuge.NewJsonClient
	if protobuf {
		build = centrifuge.NewProtobufClient
	}
	r := &returning{
		t: t, client: build(url, config), changed: make(chan struct{}, 1),
		live: map[string]bool{}, lost: map[string]bool{}, heard: map[string][]string{},
	}
	r.client.OnConnected(func(centrifuge.ConnectedEvent) { r.note(func() { r.connected++ }) })
	r.client.OnConnecting(func(e centrifuge.ConnectingEvent) { r.note(func() { r.ends = append(r.ends, e.Code) }) })
	r.client.OnDisconnected(func(e centrifuge.DisconnectedEvent) {
		r.note(func() { r.final = append(r.final, fmt.Sprintf("disconnected: %d %s", e.Code, e.Reason)) })
	})
	t.Cleanup(r.client.Close)
	return r
}

func (r *returning) note(change func()) {
	r.mu.Lock()
	change()
	r.mu.Unlock()
	select {
	case r.changed <- struct{}{}:
	default:
	}
}

// connect begins; an attempt that fails is followed by others, or told as final.
func (r *returning) connect() { _ = r.client.Connect() }

// follow subscribes with recovery; token may be nil.
func (r *returning) follow(channel string, token func(centrifuge.SubscriptionTokenEvent) (string, error)) {
	r.t.Helper()
	sub, err := r.client.NewSubscription(channel, centrifuge.SubscriptionConfig{Recoverable: true, GetToken: token})
	if err != nil {
		r.t.Fatal(err)
	}
	sub.OnSubscribed(func(e centrifuge.SubscribedEvent) {
		r.note(func() {
			r.live[channel] = true
			if e.WasRecovering && !e.Recovered {
				r.lost[channel] = true
			}
		})
	})
	sub.OnSubscribing(func(e centrifuge.SubscribingEvent) {
		if e.Code != 0 { // of Subscribe below, which may be told behind its success
			r.note(func() { r.live[channel] = false })
		}
	})
	sub.OnPublication(func(e centrifuge.PublicationEvent) {
		number, _, _ := strings.Cut(strings.Trim(string(e.Data), `"`), " ")
		r.note(func() { r.heard[channel] = append(r.heard[channel], number) })
	})
	sub.OnUnsubscribed(func(e centrifuge.UnsubscribedEvent) {
		r.note(func() { r.final = append(r.final, fmt.Sprintf("unsubscribed %s: %d %s", channel, e.Code, e.Reason)) })
	})
	if err := sub.Subscribe(); err != nil {
		r.t.Fatal(err)
	}
}

// until waits for something to become true and fails when nothing can any more.
func (r *returning) until(what string, holds func() bool) {
	r.t.Helper()
	late := time.NewTimer(30 * time.Second)
	defer late.Stop()
	for {
		r.mu.Lock()
		ok := holds()
		final := r.final
		state := fmt.Sprintf("connected %d times, ends %v, live %d, lost %d", r.connected, r.ends, count(r.live), count(r.lost))
		r.mu.Unlock()
		switch {
		case len(final) > 0:
			r.t.Fatalf("%s: got %s, want a client that comes back (%s)", what, final[0], state)
		case ok:
			return
		}
		select {
		case <-r.changed:
		case <-late.C:
			r.t.Fatalf("%s: got nothing for 30 s (%s)", what, state)
		}
	}
}

func count(of map[string]bool) (n int) {
	for _, yes := range of {
		if yes {
			n++
		}
	}
	return n
}

// wantAll waits until each channel is live and has been heard from, then holds what
// was heard against the numbers 1 to last.
func (r *returning) wantAll(channels []string, last int) {
	r.t.Helper()
	r.until("everything there again", func() bool {
		for _, channel := range channels {
			if !r.live[channel] || len(r.heard[channel]) < last {
				return false
			}
		}
		return true
	})
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, channel := range channels {
		for i, got := range r.heard[channel] {
			if want := fmt.Sprint(i + 1); got != want {
				r.t.Fatalf("%s: message %d: got %s, want %s", channel, i, got, want)
			}
		}
		if r.lost[channel] {
			r.t.Errorf("%s: got recovered=false, want everything recovered", channel)
		}
	}
}

// subscriptionToken is as long as a signed one.
func subscriptionToken(user, channel string) string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%s %s %s", user, channel, strings.Repeat("s", 225-len(user)-len(channel)-2)))
}

func readSubscriptionToken(_ context.Context, token string) (realtime.SubscriptionClaims, error) {
	text, err := base64.RawURLEncoding.DecodeString(token)
	part := strings.Split(string(text), " ")
	if err != nil || len(part) != 3 {
		return realtime.SubscriptionClaims{}, errors.New("not a token")
	}
	return realtime.SubscriptionClaims{UserID: part[0], Channel: part[1]}, nil
}

// declareMany makes channels that keep what a client misses, with and without
// subscription tokens.
func (c *club) declareMany() {
	c.t.Helper()
	options := realtime.ChannelOptions{History: 100, HistoryTTL: time.Hour, Recover: true}
	for pattern, rule := range map[string]realtime.ChannelRule{
		"kept:{id}": realtime.AllowSubscribe(realtime.AllowAll), "signed:{id}": realtime.RequireToken(readSubscriptionToken),
	} {
		if err := c.hub.Channel(pattern, options, rule); err != nil {
			c.t.Fatal(err)
		}
	}
}

// manyNames are names of forty bytes.
func manyNames(prefix string) (names []string) {
	for i := range manyChannels {
		name := fmt.Sprintf("%s%04d-", prefix, i)
		names = append(names, name+strings.Repeat("x", 40-len(name)))
	}
	return names
}

// withFirstToken lets connections in that are nobody yet; their token is a user's
// name, a dot, and more.
func withFirstToken(c *realtime.Config) {
	c.Pending = func(ctx context.Context) (realtime.PendingInfo, bool) {
		who, pending := ctx.Value(pendingKey{}).(realtime.PendingInfo)
		return who, pending
	}
	c.Verify = func(ctx context.Context, token string) (context.Context, error) {
		user, _, _ := strings.Cut(token, ".")
		return context.WithValue(ctx, principalKey{}, realtime.Principal{UserID: user}), nil
	}
}

// TestH310_128_channels_through_cuts: the official Go client at default limits is
// cut several times, also before it is back; it has all channels again and has
// missed nothing.
func TestH310_128_channels_through_cuts(t *testing.T) {
	for _, test := range []struct{ protobuf, pending, tokens bool }{
		{false, false, false}, {false, false, true}, {false, true, false}, {false, true, true},
		{true, false, false}, {true, false, true}, {true, true, false}, {true, true, true},
	} {
		t.Run(fmt.Sprintf("protobuf=%t,pending=%t,tokens=%t", test.protobuf, test.pending, test.tokens), func(t *testing.T) {
			c := newClub(t, withFirstToken)
			c.declareMany()
			proxy := newProxy(t, c.server.Listener.Addr().String())
			config := manyOptions()
			if test.pending {
				config.Header = http.Header{"Test-Pending": {"192.0.2.1"}}
				config.GetToken = func(centrifuge.ConnectionTokenEvent) (string, error) { return "alice." + long(600), nil }
			}
			r, names := newReturning(t, proxy.url(), test.protobuf, config), manyNames("kept:")
			var token func(centrifuge.SubscriptionTokenEvent) (string, error)
			if test.tokens {
				names = manyNames("signed:")
				token = func(e centrifuge.SubscriptionTokenEvent) (string, error) {
					return subscriptionToken("alice", e.Channel), nil
				}
			}
			r.connect()
			for _, name := range names {
				r.follow(name, token)
			}
			r.until("subscribed", func() bool { return count(r.live) == manyChannels })
			last := 0
			tell := func() {
				last++
				for _, name := range names {
					c.publish(name, fmt.Sprint(last))
				}
			}
			tell()
			r.wantAll(names, last)
			for range 3 { // one after the other
				proxy.cut(true)
				tell()
				proxy.come()
				r.wantAll(names, last)
			}
			for range 5 { // before it is back
				if raceEnabled {
					break
				}
				r.mu.Lock()
				before := r.connected
				r.mu.Unlock()
				proxy.cut(false)
				tell()
				r.until("connected", func() bool { return r.connected > before })
			}
			r.wantAll(names, last)
		})
	}
}
