package adversary_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/cluster"
	enginepkg "github.com/yodelrt/yodel/realtime/engine"
	"github.com/yodelrt/yodel/realtime/observe"
)

// Every use of the hub's API is in this file, so that a rename touches it alone.

type (
	hubConn        = realtime.Conn
	closing        = realtime.Close
	selector       = realtime.Selector
	principal      = realtime.Principal
	pendingInfo    = realtime.PendingInfo
	publication    = realtime.Publication
	publishOptions = enginepkg.PublishOptions
	position       = realtime.Position
	historyQuery   = realtime.HistoryQuery
	history        = realtime.History
	clientInfo     = realtime.ClientInfo
	presenceStats  = enginepkg.PresenceStats
	engineParts    = enginepkg.Engine
	brokerAPI      = enginepkg.Broker
	presenceAPI    = enginepkg.Presence
	connState      = cluster.ConnState
	hubStats       = cluster.Stats
)

const (
	published = enginepkg.Published
	joined    = enginepkg.Joined
	left      = enginepkg.Left
)

var (
	errTokenExpired = realtime.ErrTokenExpired
	errUnavailable  = realtime.ErrCheckUnavailable
	errInvalidated  = realtime.ErrInvalidated
)

// reasons are the closes that the test asks the server for, by name.
var reasons = map[string]closing{
	"revoked": realtime.CloseRevoked, "invalidated": realtime.CloseInvalidated, "elsewhere": realtime.CloseReconnect, "normal": realtime.CloseNormal,
	"soft": {Code: 4004, Reason: "try again"}, "final": {Code: 4504, Reason: "stay away"}, "flush": {Code: 4005, Reason: "after the queue", Flush: true},
	"zero": {}, "3000": {Code: 3000, Reason: "no"}, "70000": {Code: 70000, Reason: "no"}, "long": {Code: 4004, Reason: strings.Repeat("x", 130)},
}

func appError(code uint32, temporary bool) error {
	return &realtime.Error{Code: realtime.ErrorCode(code), Message: "application", Temporary: temporary}
}

// selector is the library's value for a choice.
func (c choice) selector() selector {
	switch c.kind {
	case "user":
		return realtime.ByUser(c.id)
	case "session":
		return realtime.BySession(c.id)
	case "token":
		return realtime.ByToken(c.id)
	case "client":
		return realtime.ByClient(c.id)
	case "before":
		return realtime.ByUserBefore(c.id, c.epoch)
	}
	return realtime.All()
}

// hub is the hub under test.
type hub struct{ *realtime.Hub }

// newHub builds a hub whose callbacks are the world's.
func newHub(w *world, engine engineParts) (*hub, error) {
	b := w.bounds
	config := realtime.Config{
		Principal: principalOf, Pending: pendingOf, Verify: w.verify, Recheck: w.recheck, Engine: engine,
		Epoch: w.epoch,
		Connect: func(ctx context.Context, c *hubConn, e realtime.ConnectEvent) (realtime.ConnectReply, error) {
			channels, err := w.connecting(ctx, c, c.ID(), e.Name, e.Data)
			return realtime.ConnectReply{Channels: channels, Info: []byte(`{"info":1}`)}, err
		},
		Refresh:    func(ctx context.Context, c *hubConn) ([]byte, error) { return w.refreshed(ctx, c, c.ID()) },
		Disconnect: func(c *hubConn, reason closing) { w.disconnected(c, c.ID(), reason.Code) },
		Message: func(ctx context.Context, c *hubConn, data []byte) error {
			return w.handle(ctx, c, "message", c.ID(), data)
		},
		Observers: []observe.Observer{observerOf(w)},
		Address:   func(r *http.Request) string { return r.Header.Get("Test-Address") },
		Limits: realtime.Limits{
			MessageBytes: int(b.message), FirstMessageBytes: int(b.first), AuthDeadline: b.deadline, QueueBytes: b.outbox,
			Connections: b.all, ConnectionsPerUser: b.perUser, Pending: b.pending, PendingPerAddress: b.pendingPerAddress,
			ConnectionsPerAddress: b.perAddress, Connecting: b.connecting, CommandsPerFrame: b.perFrame,
			CommandsPerSecond: b.rate, CommandBurst: b.burst, Channels: b.channels, ChannelBytes: 60, Errors: b.errors,
			Age: b.age, Idle: b.idle,
		},
		PingInterval: b.ping, PongTimeout: b.pong, PositionInterval: b.position, DrainSpread: b.spread,
		Logger: slog.New(slog.DiscardHandler),
	}
	if b.noMessages {
		config.Message = nil
	}
	built, err := realtime.New(config)
	if err != nil {
		return nil, err
	}
	h := &hub{built}
	realtime.RPC(built, "do", func(ctx context.Context, c *hubConn, in map[string]any) (map[string]any, error) {
		how, _ := in["do"].(string)
		return map[string]any{"did": how}, w.handle(ctx, c, "rpc", c.ID(), []byte(how))
	})
	return h, errors.Join(h.declare(w)...)
}

// declare declares the channels: what they keep, and how their rules behave.
func (h *hub) declare(w *world) []error {
	allow := func(ctx context.Context, c *hubConn, p realtime.Params) error { return w.rule(ctx, c, "ok") }
	odd := func(ctx context.Context, c *hubConn, p realtime.Params) error { return w.rule(ctx, c, p.Get("how")) }
	stay := func(ctx context.Context, c *hubConn, p realtime.Params) error { return w.stay(ctx, c, p.Channel) }
	token := realtime.RequireToken(func(ctx context.Context, token string) (realtime.SubscriptionClaims, error) {
		channel, user, until, err := w.ticket(ctx, token)
		return realtime.SubscriptionClaims{Channel: channel, UserID: user, ExpiresAt: until}, err
	})
	subscribe, publish := realtime.AllowSubscribe(allow), realtime.AllowPublish(allow)
	return []error{
		h.Channel("hist:{id}", realtime.ChannelOptions{History: 8, HistoryTTL: time.Hour, Recover: true, Presence: true, JoinLeave: true}, realtime.AllowSubscribe(stay), publish),
		h.Channel("deep:{id}", realtime.ChannelOptions{History: 30, HistoryTTL: time.Hour, Recover: true}, subscribe, publish, realtime.AllowRead(allow)),
		h.Channel("kept:{id}", realtime.ChannelOptions{History: 8, HistoryTTL: time.Hour}, subscribe, publish),
		h.Channel("fleet:{id}", realtime.ChannelOptions{Presence: true, JoinLeave: true}, subscribe, publish),
		h.Channel("odd:{how}", realtime.ChannelOptions{Presence: true, JoinLeave: true}, realtime.AllowSubscribe(odd), realtime.AllowPublish(odd), realtime.AllowRead(odd)),
		h.Channel("ticket:{id}", realtime.ChannelOptions{History: 8, HistoryTTL: time.Hour, Recover: true, Presence: true}, token, publish),
		h.Channel("server:{id}", realtime.ChannelOptions{History: 8, HistoryTTL: time.Hour, Recover: true, Presence: true, JoinLeave: true}, realtime.AllowStay(stay), publish),
	}
}

func observerOf(w *world) observe.Observer {
	return observe.Observer{
		Opened: func(string) { w.observed("opened") },
		Closed: func(observe.ConnectionEnd) { w.observed("closed") },
		Command: func(ctx context.Context, _ observe.Command) (context.Context, func(uint32)) {
			w.observed("command")
			return ctx, func(uint32) { w.observed("done") }
		},
		Published: func(observe.PublicationSent) { w.observed("published") },
		Refused:   func(observe.Limit) { w.observed("refused") },
	}
}

// publish publishes with what a pushed event asks for.
func (h *hub) publish(ctx context.Context, channel string, data []byte, with pushOptions) error {
	var options []realtime.PublishOption
	if with.key != "" {
		options = append(options, realtime.WithKey(with.key))
	}
	if with.client != "" {
		options = append(options, realtime.Except(with.client))
	}
	if with.session != "" {
		options = append(options, realtime.ExceptSession(with.session))
	}
	if with.user != "" {
		options = append(options, realtime.ExceptUser(with.user))
	}
	_, err := h.Publish(ctx, channel, data, options...)
	return err
}

func (h *hub) disconnect(ctx context.Context, by choice, why string) (int, error) {
	return h.Disconnect(ctx, by.selector(), reasons[why])
}

func (h *hub) disconnectHere(by choice, why string) (int, error) {
	return h.DisconnectHere(by.selector(), reasons[why])
}

func (h *hub) rejudge(ctx context.Context, by choice) int { return h.Rejudge(ctx, by.selector()) }

func (h *hub) subscribe(ctx context.Context, by choice, channel string) (int, error) {
	return h.Subscribe(ctx, by.selector(), channel)
}

func (h *hub) unsubscribe(ctx context.Context, by choice, channel string, code uint32, reason string) (int, error) {
	return h.Unsubscribe(ctx, by.selector(), channel, code, reason)
}

func (h *hub) send(ctx context.Context, by choice, data []byte) error {
	_, err := h.Send(ctx, by.selector(), data)
	return err
}

// read reads what the server may read of a channel.
func (h *hub) read(ctx context.Context, channel string, query historyQuery) (history, map[string]clientInfo, error) {
	kept, noHistory := h.History(ctx, channel, query)
	there, tooMany := h.Presence(ctx, channel)
	_, uncounted := h.PresenceStats(ctx, channel)
	return kept, there, errors.Join(noHistory, tooMany, uncounted)
}

// look reads everything that the hub tells of itself.
func (h *hub) look(ctx context.Context) error {
	h.Stats()
	h.Refusals()
	h.EngineHealth()
	h.HasRoom()
	_ = h.AdmitPending("10.0.0.1")
	h.ChannelStates()
	h.Describe()
	_, nodes := h.Nodes(ctx)
	_, err := h.ClusterInfo(ctx, cluster.InfoQuery{By: realtime.All(), Connections: 100, Channels: 100, Users: []string{"u0"}})
	return errors.Join(nodes, err)
}

func (h *hub) everyone() []connState { return h.Snapshot(realtime.All()) }

func (h *hub) ofClient(id string) []connState { return h.Snapshot(realtime.ByClient(id)) }

func (h *hub) settled() bool { return h.Account().Settled() }

// principalFrom reads the principal that the guard's headers name.
func principalFrom(r *http.Request) principal {
	epoch, _ := strconv.ParseInt(r.Header.Get("Test-Epoch"), 10, 64)
	p := principal{
		UserID: r.Header.Get("Test-User"), SessionID: r.Header.Get("Test-Session"), TokenID: r.Header.Get("Test-Token"),
		Carrier: "header", Claims: epoch,
	}
	if life, err := time.ParseDuration(r.Header.Get("Test-Life")); err == nil {
		p.ExpiresAt = time.Now().Add(life)
	}
	return p
}

func isUnsendable(err error) bool { return errors.Is(err, realtime.ErrClose) }

func isClosedError(err error) bool { return errors.Is(err, realtime.ErrClosed) }

func startsWith(s string, prefixes ...string) bool {
	for _, prefix := range prefixes {
		if strings.HasPrefix(s, prefix) {
			return true
		}
	}
	return false
}
