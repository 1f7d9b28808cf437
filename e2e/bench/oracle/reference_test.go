package oracle_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/centrifugal/centrifuge"
)

// theirs is the reference library, told to do the same as Centrifugo's server
// does where the library leaves it to the application.
func theirs(tb testing.TB) http.Handler {
	tb.Helper()
	node, err := centrifuge.New(centrifuge.Config{LogLevel: centrifuge.LogLevelNone})
	if err != nil {
		tb.Fatal(err)
	}
	node.OnConnecting(connecting)
	node.OnConnect(handle)
	if err := node.Run(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = node.Shutdown(context.Background()) })
	sockets := centrifuge.NewWebsocketHandler(node, centrifuge.WebsocketConfig{})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := context.WithValue(r.Context(), startKey{}, startsWith(r))
		if user := r.URL.Query().Get("user"); user != "" {
			ctx = centrifuge.SetCredentials(ctx, &centrifuge.Credentials{UserID: user})
		}
		sockets.ServeHTTP(w, r.WithContext(ctx))
	})
}

func connecting(ctx context.Context, e centrifuge.ConnectEvent) (centrifuge.ConnectReply, error) {
	reply := centrifuge.ConnectReply{Subscriptions: map[string]centrifuge.SubscribeOptions{}, ClientSideRefresh: true}
	start, _ := ctx.Value(startKey{}).([]string)
	for _, channel := range start {
		options, err := optionsOf(channel)
		if err != nil {
			return reply, err
		}
		reply.Subscriptions[channel] = options
	}
	upgraded, known := centrifuge.GetCredentials(ctx)
	if e.Token == "" {
		return reply, nil
	}
	c, err := readToken(e.Token)
	switch {
	case err != nil, known && upgraded.UserID != c.user:
		return reply, centrifuge.DisconnectInvalidToken
	case c.life < 0:
		return reply, centrifuge.ErrorTokenExpired
	}
	reply.Credentials = &centrifuge.Credentials{UserID: c.user, ExpireAt: unix(c)}
	return reply, nil
}

func unix(c claims) int64 {
	if c.life == 0 {
		return 0
	}
	return c.until().Unix()
}

func handle(c *centrifuge.Client) {
	c.OnSubscribe(func(e centrifuge.SubscribeEvent, reply centrifuge.SubscribeCallback) {
		options, err := optionsOf(e.Channel)
		options.PushJoinLeave = options.EmitJoinLeave && e.JoinLeave
		if err == nil && strings.HasPrefix(e.Channel, "token:") {
			options, err = withToken(options, c.UserID(), e)
		}
		reply(centrifuge.SubscribeReply{Options: options, ClientSideRefresh: true}, err)
	})
	c.OnPublish(func(e centrifuge.PublishEvent, reply centrifuge.PublishCallback) {
		_, err := optionsOf(e.Channel)
		if err == nil && strings.HasPrefix(e.Channel, "token:") {
			err = centrifuge.ErrorPermissionDenied
		}
		options := centrifuge.PublishOptions{ClientInfo: e.ClientInfo}
		if strings.HasPrefix(e.Channel, "history:") {
			options.HistorySize, options.HistoryTTL = historySize, time.Hour
		}
		reply(centrifuge.PublishReply{Options: options}, err)
	})
	c.OnHistory(func(e centrifuge.HistoryEvent, reply centrifuge.HistoryCallback) {
		_, err := optionsOf(e.Channel)
		if err == nil && !strings.HasPrefix(e.Channel, "history:") {
			err = centrifuge.ErrorNotAvailable
		}
		reply(centrifuge.HistoryReply{}, err)
	})
	c.OnPresence(func(e centrifuge.PresenceEvent, reply centrifuge.PresenceCallback) {
		reply(centrifuge.PresenceReply{}, notPresent(e.Channel))
	})
	c.OnPresenceStats(func(e centrifuge.PresenceStatsEvent, reply centrifuge.PresenceStatsCallback) {
		reply(centrifuge.PresenceStatsReply{}, notPresent(e.Channel))
	})
	c.OnRefresh(func(e centrifuge.RefreshEvent, reply centrifuge.RefreshCallback) { reply(refreshed(c.UserID(), e)) })
	c.OnSubRefresh(func(e centrifuge.SubRefreshEvent, reply centrifuge.SubRefreshCallback) {
		reply(subRefreshed(c.UserID(), e))
	})
	c.OnRPC(func(e centrifuge.RPCEvent, reply centrifuge.RPCCallback) {
		switch e.Method {
		case "end":
			reply(centrifuge.RPCReply{Data: []byte(`"end"`)}, nil)
		case "fail":
			reply(centrifuge.RPCReply{}, errors.New("secret"))
		default:
			reply(centrifuge.RPCReply{}, centrifuge.ErrorMethodNotFound)
		}
	})
}

func withToken(options centrifuge.SubscribeOptions, user string, e centrifuge.SubscribeEvent) (centrifuge.SubscribeOptions, error) {
	c, err := readToken(e.Token)
	switch {
	case err != nil:
		return options, centrifuge.ErrorPermissionDenied
	case c.life < 0:
		return options, centrifuge.ErrorTokenExpired
	case c.user != user || c.channel != e.Channel:
		return options, centrifuge.DisconnectInvalidToken
	}
	options.ExpireAt = unix(c)
	return options, nil
}

func refreshed(user string, e centrifuge.RefreshEvent) (centrifuge.RefreshReply, error) {
	c, err := readToken(e.Token)
	switch {
	case err != nil, c.user != user:
		return centrifuge.RefreshReply{}, centrifuge.DisconnectInvalidToken
	case c.life < 0:
		return centrifuge.RefreshReply{Expired: true}, nil
	}
	return centrifuge.RefreshReply{ExpireAt: unix(c)}, nil
}

func subRefreshed(user string, e centrifuge.SubRefreshEvent) (centrifuge.SubRefreshReply, error) {
	c, err := readToken(e.Token)
	switch {
	case err != nil:
		return centrifuge.SubRefreshReply{}, centrifuge.DisconnectInvalidToken
	case c.life < 0:
		return centrifuge.SubRefreshReply{Expired: true}, nil
	case c.user != user || c.channel != e.Channel:
		return centrifuge.SubRefreshReply{}, centrifuge.DisconnectInvalidToken
	}
	return centrifuge.SubRefreshReply{ExpireAt: unix(c)}, nil
}

func optionsOf(channel string) (centrifuge.SubscribeOptions, error) {
	name, id, found := strings.Cut(channel, ":")
	switch {
	case !found || id == "":
		return centrifuge.SubscribeOptions{}, centrifuge.ErrorUnknownChannel
	case name == "plain", name == "token":
		return centrifuge.SubscribeOptions{}, nil
	case name == "history":
		return centrifuge.SubscribeOptions{EnableRecovery: true, EnablePositioning: true}, nil
	case name == "present":
		return centrifuge.SubscribeOptions{EmitPresence: true, EmitJoinLeave: true}, nil
	case name == "denied":
		return centrifuge.SubscribeOptions{}, centrifuge.ErrorPermissionDenied
	}
	return centrifuge.SubscribeOptions{}, centrifuge.ErrorUnknownChannel
}

func notPresent(channel string) error {
	if strings.HasPrefix(channel, "present:") {
		return nil
	}
	if _, err := optionsOf(channel); err != nil {
		return err
	}
	return centrifuge.ErrorNotAvailable
}
