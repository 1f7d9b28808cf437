package realtime_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/centrifugal/centrifuge-go"

	"github.com/yodelrt/yodel/realtime"
)

// TestGoClient_Refresh lets the client bring a token that ends soon,
// and another when it is asked to.
func TestGoClient_Refresh(t *testing.T) {
	for name, build := range map[string]func(string, centrifuge.Config) *centrifuge.Client{"JSON": centrifuge.NewJsonClient, "protobuf": centrifuge.NewProtobufClient} {
		t.Run(name, func(t *testing.T) {
			verified := make(chan string, 10)
			c := newTestHub(t, func(config *realtime.Config) {
				config.Verify = func(ctx context.Context, token string) (context.Context, error) {
					life, err := time.ParseDuration(token)
					verified <- token
					return context.WithValue(ctx, principalKey{}, realtime.Principal{UserID: "alice", ExpiresAt: time.Now().Add(life)}), err
				}
			})
			tokens := make(chan string, 2)
			tokens <- "2s"
			tokens <- "1h"
			client := build("ws"+strings.TrimPrefix(c.server.URL, "http"), centrifuge.Config{
				Header:   http.Header{"Test-User": {"alice"}},
				GetToken: func(centrifuge.ConnectionTokenEvent) (string, error) { return <-tokens, nil },
			})
			t.Cleanup(client.Close)
			connected, ended := make(chan struct{}, 10), make(chan uint32, 10)
			client.OnConnected(func(centrifuge.ConnectedEvent) {
				connected <- struct{}{}
				client.OnConnecting(func(e centrifuge.ConnectingEvent) { ended <- e.Code })
			})
			client.OnDisconnected(func(e centrifuge.DisconnectedEvent) { ended <- e.Code })
			if err := client.Connect(); err != nil {
				t.Fatal(err)
			}
			<-connected
			for _, want := range []string{"2s", "1h"} {
				if got := <-verified; got != want {
					t.Errorf("verified %s, want %s", got, want)
				}
			}
			if _, err := client.RPC(t.Context(), "add", []byte(`{"A":1,"B":2}`)); err != nil {
				t.Errorf("rpc after the refresh: %v", err)
			}
			if len(ended) > 0 {
				t.Errorf("it was away meanwhile, after %d", <-ended)
			}
		})
	}
}
