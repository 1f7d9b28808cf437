package realtime_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/yodelrt/yodel/realtime"
)

func TestConnectHeaders(t *testing.T) {
	for _, test := range []struct{ name, headers, want string }{
		{"one that is listed", `{"x-device":"phone"}`, `map[X-Device:[phone]]`},
		{"one that is not", `{"X-Device":"phone","X-Forwarded-For":"1.2.3.4","Cookie":"a=b"}`, `map[X-Device:[phone]]`},
		{"none but a foreign one", `{"Cookie":"a=b"}`, `map[]`},
	} {
		t.Run(test.name, func(t *testing.T) {
			seen := make(chan string, 1)
			c := newTestHub(t, func(config *realtime.Config) {
				config.ConnectHeaders = []string{"X-Device"}
				config.Connect = func(_ context.Context, _ *realtime.Conn, in realtime.ConnectEvent) (realtime.ConnectReply, error) {
					seen <- fmt.Sprint(in.Headers)
					return realtime.ConnectReply{}, nil
				}
			})
			k := c.open("alice")
			k.say(`{"id":1,"connect":{"headers":` + test.headers + `}}`)
			k.hear()
			if got := <-seen; got != test.want {
				t.Errorf("headers: got %s, want %s", got, test.want)
			}
		})
	}
	for name, headers := range map[string]string{
		"the same name twice": `{"X-Device":"phone","x-device":"watch"}`,
		"a line break":        `{"X-Device":"phone\r\nX-Admin: 1"}`,
	} {
		t.Run(name, func(t *testing.T) {
			k := newTestHub(t, func(config *realtime.Config) { config.ConnectHeaders = []string{"X-Device"} }).open("alice")
			k.say(`{"id":1,"connect":{"headers":` + headers + `}}`)
			k.wantClose(realtime.CloseBadRequest)
		})
	}
}

// TestConnectAuthorization: the header is one more explicit credential.
func TestConnectAuthorization(t *testing.T) {
	listed := func(config *realtime.Config) {
		withTokens(config)
		verify := config.Verify
		config.Verify = func(ctx context.Context, token string) (context.Context, error) {
			if token == "alice" { // a bearer token has no spaces
				token = "alice s1 1h"
			}
			return verify(ctx, token)
		}
		config.ConnectHeaders = []string{"authorization"}
		config.Connect = func(_ context.Context, _ *realtime.Conn, in realtime.ConnectEvent) (realtime.ConnectReply, error) {
			if len(in.Headers) > 0 {
				return realtime.ConnectReply{}, realtime.CloseInternal // the token has no business there
			}
			return realtime.ConnectReply{}, nil
		}
	}
	for _, test := range []struct {
		name, connect string
		want          realtime.Close // none: let in
	}{
		{"a good one", `{"headers":{"Authorization":"bearer alice"}}`, realtime.Close{}},
		{"H101 a bad one", `{"headers":{"Authorization":"Bearer garbage"}}`, realtime.CloseInvalidToken},
		{"another scheme", `{"headers":{"Authorization":"Basic YTpi"}}`, realtime.CloseBadRequest},
		{"an empty one", `{"headers":{"Authorization":""}}`, realtime.CloseBadRequest},
		{"two in one", `{"headers":{"Authorization":"Bearer alice, Bearer alice"}}`, realtime.CloseBadRequest},
		{"two explicit credentials", `{"token":"alice","headers":{"Authorization":"Bearer alice"}}`, realtime.CloseBadRequest},
	} {
		t.Run(test.name, func(t *testing.T) {
			k := newTestHub(t, listed).open("", "Test-Pending", "1.2.3.4")
			k.say(`{"id":1,"connect":` + test.connect + `}`)
			if test.want.Code != 0 {
				k.wantClose(test.want)
				return
			}
			if got := k.hear(); !strings.HasPrefix(got, `{"id":1,"connect":{"client":"`) {
				t.Errorf("heard %s", got)
			}
		})
	}
	t.Run("not listed", func(t *testing.T) {
		k := newTestHub(t, withTokens).open("", "Test-Pending", "1.2.3.4")
		k.say(`{"id":1,"connect":{"headers":{"Authorization":"Bearer alice"}}}`)
		k.wantClose(realtime.CloseBadRequest) // no credential
	})
	t.Run("another user's beside an upgrade that has authenticated", func(t *testing.T) {
		k := newTestHub(t, listed).open("bob", "Test-Session", "s9")
		k.say(`{"id":1,"connect":{"headers":{"Authorization":"Bearer alice"}}}`)
		k.wantClose(realtime.CloseInvalidToken)
	})
}
