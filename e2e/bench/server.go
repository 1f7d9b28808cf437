package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/centrifugal/centrifuge"
	echojwt "github.com/labstack/echo-jwt/v4"
	"github.com/labstack/echo/v4"
	"github.com/olahol/melody"

	"github.com/yodelrt/yodel/middleware"
	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/memory"
)

// The key and the payload of every server.
var (
	key     = []byte("0123456789abcdef0123456789abcdef-bench")
	payload = []byte(`"` + fill(126) + `"`)
)

func fill(n int) string {
	text := make([]byte, n)
	for i := range text {
		text[i] = 'x'
	}
	return string(text)
}

// run serves one kind on a port that it prints, until it is killed. POST
// /publish?n=… publishes; POST /gc settles memory.
func run(kind string) error {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	publish, err := mount(e, kind)
	if err != nil {
		return err
	}
	e.POST("/publish", func(c echo.Context) error {
		n, err := strconv.Atoi(c.QueryParam("n"))
		if err != nil {
			return err
		}
		for range n {
			if err := publish(); err != nil {
				return err
			}
		}
		return c.NoContent(http.StatusOK)
	})
	e.POST("/gc", func(c echo.Context) error {
		runtime.GC()
		debug.FreeOSMemory()
		return c.NoContent(http.StatusOK)
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(listener.Addr())
	server := &http.Server{Handler: e, ReadHeaderTimeout: 5 * time.Second}
	return server.Serve(listener)
}

// mount puts a server's socket on /ws, behind a check of the token in the
// Authorization header, and returns how to publish to all.
func mount(e *echo.Echo, kind string) (publish func() error, err error) {
	jwtConfig := echojwt.Config{SigningKey: key}
	switch kind {
	case "melody":
		m := melody.New()
		m.Config.MessageBufferSize = 1024
		m.HandleMessage(func(s *melody.Session, message []byte) { _ = s.Write(message) })
		e.GET("/ws", func(c echo.Context) error { return m.HandleRequest(c.Response(), c.Request()) }, echojwt.WithConfig(jwtConfig))
		return func() error { return m.Broadcast(payload) }, nil
	case "centrifuge":
		return mountCentrifuge(e, jwtConfig)
	case "hub":
		return mountHub(e, jwtConfig)
	}
	return nil, fmt.Errorf("no such server: %s", kind)
}

func mountCentrifuge(e *echo.Echo, jwtConfig echojwt.Config) (func() error, error) {
	node, err := centrifuge.New(centrifuge.Config{LogLevel: centrifuge.LogLevelNone})
	if err != nil {
		return nil, err
	}
	node.OnConnecting(func(context.Context, centrifuge.ConnectEvent) (centrifuge.ConnectReply, error) {
		return centrifuge.ConnectReply{Credentials: &centrifuge.Credentials{UserID: "u"}}, nil
	})
	node.OnConnect(func(c *centrifuge.Client) {
		c.OnSubscribe(func(_ centrifuge.SubscribeEvent, reply centrifuge.SubscribeCallback) {
			reply(centrifuge.SubscribeReply{Options: centrifuge.SubscribeOptions{EnableRecovery: true, EmitPresence: true}}, nil)
		})
		c.OnRPC(func(r centrifuge.RPCEvent, reply centrifuge.RPCCallback) {
			reply(centrifuge.RPCReply{Data: r.Data}, nil)
		})
	})
	if err := node.Run(); err != nil {
		return nil, err
	}
	e.GET("/ws", echo.WrapHandler(centrifuge.NewWebsocketHandler(node, centrifuge.WebsocketConfig{})), echojwt.WithConfig(jwtConfig))
	return func() error {
		_, err := node.Publish("all", payload, centrifuge.WithHistory(100, time.Minute))
		return err
	}, nil
}

func mountHub(e *echo.Echo, jwtConfig echojwt.Config) (func() error, error) {
	auth, err := middleware.New(middleware.Config{JWT: jwtConfig})
	if err != nil {
		return nil, err
	}
	hub, err := realtime.New(realtime.Config{
		Principal: func(ctx context.Context) (realtime.Principal, bool) {
			p, ok := middleware.PrincipalFrom(ctx)
			return realtime.Principal(p), ok
		},
		Engine: memory.New(), MaxConnectionsPerUser: 1 << 20, CommandsPerSecond: 1e6, CommandBurst: 1e6,
	})
	if err != nil {
		return nil, err
	}
	options := realtime.ChannelOptions{History: 100, HistoryTTL: time.Minute, Recover: true, Presence: true}
	if err := hub.Channel("all", options, realtime.AllowSubscribe(realtime.Everybody)); err != nil {
		return nil, err
	}
	realtime.RPC(hub, "echo", func(_ context.Context, _ *realtime.Conn, in json.RawMessage) (json.RawMessage, error) { return in, nil })
	e.GET("/ws", echo.WrapHandler(hub), auth.Upgrade())
	return func() error {
		_, err := hub.Publish(context.Background(), "all", payload)
		return err
	}, nil
}

var errNoProc = errors.New("this machine has no /proc to read a process's CPU and memory from")

// usage is the user and system time of a process in microseconds, and its resident
// memory in kilobytes.
func usage(pid int) (micros, kilobytes float64, err error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, 0, errNoProc
	}
	var user, system float64
	var pages float64
	fields := splitStat(string(data))
	for index, into := range map[int]*float64{11: &user, 12: &system, 21: &pages} {
		if *into, err = strconv.ParseFloat(fields[index], 64); err != nil {
			return 0, 0, err
		}
	}
	const ticksPerSecond = 100 // USER_HZ of Linux
	return (user + system) * 1e6 / ticksPerSecond, pages * float64(os.Getpagesize()) / 1024, nil
}
