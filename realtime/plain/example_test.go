package plain_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/coder/websocket"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/plain"
)

type principalKey struct{}

// guard stands in for one that knows who it is: by a header, as no real one should.
func guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who := realtime.Principal{UserID: r.Header.Get("Test-User")}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), principalKey{}, who)))
	})
}

// A handler that greets, echoes, and is told who it talks to by whatever guard
// stands in front of it.
func ExampleNew() {
	handler, err := plain.New(plain.Config{
		Principal: func(ctx context.Context) (realtime.Principal, bool) {
			who, ok := ctx.Value(principalKey{}).(realtime.Principal)
			return who, ok
		},
		Connect: func(ctx context.Context, c *plain.Conn) error {
			return c.Send(ctx, map[string]string{"type": "welcome", "user": c.Principal().UserID})
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := handler.Handle("echo", func(ctx context.Context, c *plain.Conn, message json.RawMessage) error {
		return c.Send(ctx, message)
	}); err != nil {
		fmt.Println(err)
		return
	}
	server := httptest.NewServer(guard(handler)) // guard: package middleware's, or your own
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
	ended, err := handler.Disconnect(ctx, realtime.ByUser("alice"), realtime.CloseRevoked)
	fmt.Println(ended, "connection ended", err)
	_, _, err = conn.Read(ctx)
	fmt.Println(websocket.CloseStatus(err))
	_ = handler.Shutdown(ctx)
	// Output:
	// {"type":"welcome","user":"alice"}
	// {"type":"echo","data":"hello"}
	// 1 connection ended <nil>
	// StatusCode(3503)
}
