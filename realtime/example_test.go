package realtime_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/coder/websocket"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/memory"
)

// A hub with one kind of channel and one call. The official clients speak to it;
// here the bytes are written by hand.
func ExampleNew() {
	hub, err := realtime.New(realtime.Config{
		Principal: func(ctx context.Context) (realtime.Principal, bool) {
			who, ok := ctx.Value(principalKey{}).(realtime.Principal)
			return who, ok
		},
		Engine: memory.New(),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	options := realtime.ChannelOptions{History: 100, HistoryTTL: time.Hour, Recover: true}
	if err := hub.Channel("room:{id}", options, realtime.AllowSubscribe(realtime.AllowAll)); err != nil {
		fmt.Println(err)
		return
	}
	realtime.RPC(hub, "say", func(ctx context.Context, c *realtime.Conn, text string) (uint64, error) {
		event, err := realtime.Event(c.Principal().UserID + ": " + text)
		if err != nil {
			return 0, err
		}
		position, err := hub.Publish(ctx, "room:1", event)
		return position.Offset, err
	})
	server := httptest.NewServer(guard(hub)) // guard: package middleware's, or your own
	defer server.Close()

	ctx := context.Background()
	conn, _, err := websocket.Dial(ctx, server.URL, &websocket.DialOptions{HTTPHeader: http.Header{"Test-User": {"alice"}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	talk := func(command, hear string) {
		_ = conn.Write(ctx, websocket.MessageText, []byte(command))
		for {
			_, frame, err := conn.Read(ctx)
			for line := range strings.Lines(string(frame)) {
				if strings.Contains(line, hear) {
					fmt.Println(unstable.ReplaceAllString(strings.TrimSpace(line), `"$1":"…"`))
					return
				}
			}
			if err != nil {
				fmt.Println(err)
				return
			}
		}
	}
	talk(`{"id":1,"connect":{}}`, "connect")
	talk(`{"id":2,"subscribe":{"channel":"room:1"}}`, "subscribe")
	talk(`{"id":3,"rpc":{"method":"say","data":"hello"}}`, "push") // beside the reply to the call
	_ = conn.CloseNow()
	_ = hub.Shutdown(ctx)
	// Output:
	// {"id":1,"connect":{"client":"…","version":"yodel","ping":25,"pong":true}}
	// {"id":2,"subscribe":{"recoverable":true,"epoch":"…","positioned":true}}
	// {"push":{"channel":"room:1","pub":{"data":"alice: hello","offset":1}}}
}
