package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/yodelrt/yodel/realtime"
)

// smallBuffers is a listener whose connections keep little in the kernel, as those
// over a real line do, so that what a peer has not read waits in the hub.
type smallBuffers struct{ net.Listener }

func (l smallBuffers) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if tcp, ok := conn.(*net.TCPConn); ok {
		err = tcp.SetWriteBuffer(64 << 10)
	}
	return conn, err
}

// bigAnswer is larger than what the hub lets wait for a peer by default.
const bigAnswer = 1_100_000

// declareLimits makes the channels and calls that drive the hub's limits:
//
//	kept:{id}    keeps what a client misses
//	signed:{id}  as kept, with a subscription token in base64url: "USER CHANNEL MORE"
//	held:{id}    publications wait until POST /let
//	held         a call that does
//	big          a call with an answer of 1.1 MB
func declareLimits(hub *realtime.Hub) error {
	kept := realtime.ChannelOptions{History: 100, HistoryTTL: time.Hour, Recover: true}
	wait := func(ctx context.Context, c *realtime.Conn, _ realtime.Params) error {
		return held.wait(ctx, c.Principal().UserID)
	}
	realtime.RPC(hub, "held", func(ctx context.Context, c *realtime.Conn, in string) (int, error) {
		return len(in), held.wait(ctx, c.Principal().UserID)
	})
	realtime.RPC(hub, "big", func(context.Context, *realtime.Conn, any) (string, error) { return strings.Repeat("x", bigAnswer), nil })
	return errors.Join(
		hub.Channel("kept:{id}", kept, realtime.AllowSubscribe(realtime.AllowAll)),
		hub.Channel("signed:{id}", kept, realtime.RequireToken(readSubscriptionToken)),
		hub.Channel("held:{id}", realtime.ChannelOptions{}, realtime.AllowSubscribe(realtime.AllowAll), realtime.AllowPublish(wait)),
	)
}

var errSubscriptionToken = errors.New("want USER CHANNEL MORE in base64url")

func readSubscriptionToken(_ context.Context, token string) (realtime.SubscriptionClaims, error) {
	text, err := base64.RawURLEncoding.DecodeString(token)
	part := strings.Split(string(text), " ")
	if err != nil || len(part) != 3 {
		return realtime.SubscriptionClaims{}, errSubscriptionToken
	}
	if unverified.take(part[0]) {
		return realtime.SubscriptionClaims{}, errPassing{}
	}
	return realtime.SubscriptionClaims{UserID: part[0], Channel: part[1]}, nil
}

// errPassing says by its method that another attempt may succeed.
type errPassing struct{}

func (errPassing) Error() string   { return "the key server is away" }
func (errPassing) Temporary() bool { return true }

// counts are a number for each user.
type counts struct {
	mu   sync.Mutex
	left map[string]int
}

var unverified counts

func (c *counts) add(user string, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left == nil {
		c.left = map[string]int{}
	}
	c.left[user] += n
}

func (c *counts) take(user string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left[user] <= 0 {
		return false
	}
	c.left[user]--
	return true
}

// gate holds what waits until it is let through.
type gate struct {
	mu    sync.Mutex
	begun map[string]int
	free  map[string]chan struct{}
}

var held = gate{begun: map[string]int{}, free: map[string]chan struct{}{}}

// most is how many may be let through before they come.
const most = 10_000

func (g *gate) of(user string) chan struct{} {
	if g.free[user] == nil {
		g.free[user] = make(chan struct{}, most)
	}
	return g.free[user]
}

func (g *gate) wait(ctx context.Context, user string) error {
	g.mu.Lock()
	g.begun[user]++
	free := g.of(user)
	g.mu.Unlock()
	select {
	case <-free:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// controlLimits serves what the scripts steer declareLimits by.
func controlLimits(mux *http.ServeMux) {
	mux.HandleFunc("POST /unverified", func(_ http.ResponseWriter, r *http.Request) {
		times, _ := strconv.Atoi(r.URL.Query().Get("times"))
		unverified.add(r.URL.Query().Get("user"), times)
	})
	mux.HandleFunc("POST /let", func(_ http.ResponseWriter, r *http.Request) {
		times, _ := strconv.Atoi(r.URL.Query().Get("times"))
		held.mu.Lock()
		free := held.of(r.URL.Query().Get("user"))
		held.mu.Unlock()
		for range min(times, most) {
			free <- struct{}{}
		}
	})
	mux.HandleFunc("GET /held", func(w http.ResponseWriter, r *http.Request) {
		held.mu.Lock()
		defer held.mu.Unlock()
		fmt.Fprint(w, held.begun[r.URL.Query().Get("user")])
	})
}
