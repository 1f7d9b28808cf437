package realtime_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/coder/websocket"

	"github.com/yodelrt/yodel/realtime"
)

// A handler that greets, echoes, and is told who it talks to by whatever guard
// stands in front of it.
func ExampleNewPlain() {
	plain, err := realtime.NewPlain(realtime.PlainConfig{
		Principal: func(ctx context.Context) (realtime.Principal, bool) {
			who, ok := ctx.Value(principalKey{}).(realtime.Principal)
			return who, ok
		},
		Connect: func(ctx context.Context, c *realtime.PlainConn) error {
			return c.Send(ctx, map[string]string{"type": "welcome", "user": c.Principal().UserID})
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	plain.Handle("echo", func(ctx context.Context, c *realtime.PlainConn, message json.RawMessage) error {
		return c.Send(ctx, message)
	})
	server := httptest.NewServer(guard(plain)) // guard: package middleware's, or your own
	defer server.Close()

	ctx := context.Background()
	conn, _, err := websocket.Dial(ctx, server.URL, &websocket.DialOptions{HTTPHeader: http.Header{"Test-User": {"alice"}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, welcome, _ := conn.Read(ctx)
	fmt.Println(string(welcome))
	_ = conn.Write(ctx, websocket.MessageText, []byte(`{"type":"echo","data":"hello"}`))
	_, echo, _ := conn.Read(ctx)
	fmt.Println(string(echo))
	fmt.Println(plain.Disconnect(ctx, realtime.ByUser("alice"), realtime.Revoked), "connection ended")
	_, _, err = conn.Read(ctx)
	fmt.Println(websocket.CloseStatus(err))
	_ = plain.Shutdown(ctx)
	// Output:
	// {"type":"welcome","user":"alice"}
	// {"type":"echo","data":"hello"}
	// 1 connection ended
	// StatusCode(3503)
}
