// Command clients is a hub for the clients of others, which e2e/clients runs
// unmodified against it. It listens on a free port of the loopback, prints its
// address, and serves:
//
//	GET  /ws          the hub; whoever comes says who it is in `?user=`, or
//	                  connects with a token "USER SECONDS"
//	POST /publish     publishes the body to `?channel=`
//	POST /disconnect  ends the connections of `?user=` with the close code `?code=`
//	                  and, where several share it, the `?reason=`
//	POST /unverified  lets the next `?times=` tokens of `?user=` meet a fault that passes
//	POST /let         lets `?times=` of the calls and publications of `?user=` that are held go on
//	GET  /held        how many calls and publications of `?user=` have begun
//	GET  /closes      the close codes that a server may send, as JSON
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/memory"
)

// closes are those of realtime/close.go.
var closes = []realtime.Close{
	realtime.CloseNormal, realtime.CloseInvalidUTF8, realtime.CloseTooBig, realtime.CloseShutdown, realtime.CloseInternal, realtime.CloseExpired, realtime.CloseSubscriptionExpired,
	realtime.CloseSlow, realtime.CloseInsufficientState, realtime.CloseNoPong, realtime.CloseFlood, realtime.CloseBadRequest, realtime.CloseInvalidated, realtime.CloseInvalidToken,
	realtime.CloseStale, realtime.CloseRevoked, realtime.CloseNotAvailable, realtime.CloseTooManyErrors, realtime.CloseConnectionLimit,
	realtime.CloseReconnect, realtime.ClosePermissionDenied, realtime.CloseBusy,
}

func main() {
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, "clients:", err)
		os.Exit(1)
	}
}

func serve() error {
	hub, err := newHub()
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(listener.Addr())
	server := &http.Server{Handler: routes(hub), ReadHeaderTimeout: 5 * time.Second}
	return server.Serve(smallBuffers{listener})
}

type principalKey struct{}

func newHub() (*realtime.Hub, error) {
	hub, err := realtime.New(realtime.Config{
		Principal: func(ctx context.Context) (realtime.Principal, bool) {
			who, ok := ctx.Value(principalKey{}).(realtime.Principal)
			return who, ok
		},
		Pending: func(context.Context) (realtime.PendingInfo, bool) {
			return realtime.PendingInfo{Address: "127.0.0.1"}, true
		},
		Verify: verify,
		Engine: memory.New(),
	})
	if err != nil {
		return nil, err
	}
	options := realtime.ChannelOptions{History: 100, HistoryTTL: time.Hour, Recover: true, Presence: true, JoinLeave: true}
	if err := hub.Channel("room:{id}", options, realtime.AllowSubscribe(realtime.AllowAll), realtime.AllowPublish(realtime.AllowAll)); err != nil {
		return nil, err
	}
	realtime.RPC(hub, "add", func(_ context.Context, _ *realtime.Conn, in struct{ A, B int }) (int, error) { return in.A + in.B, nil })
	realtime.RPC(hub, "left", func(_ context.Context, c *realtime.Conn, _ any) (int, error) {
		return int(time.Until(c.Principal().ExpiresAt) / time.Second), nil
	})
	return hub, declareLimits(hub)
}

var errToken = errors.New("want USER SECONDS")

// verify reads a token "USER SECONDS"; more may follow behind a space.
func verify(ctx context.Context, token string) (context.Context, error) {
	user, rest, found := strings.Cut(token, " ")
	life, _, _ := strings.Cut(rest, " ")
	seconds, err := strconv.Atoi(life)
	if unverified.take(user) {
		return nil, errPassing{}
	}
	switch {
	case !found || err != nil:
		return nil, errToken
	case seconds < 0:
		return nil, realtime.ErrTokenExpired
	}
	who := realtime.Principal{UserID: user, ExpiresAt: time.Now().Add(time.Duration(seconds) * time.Second)}
	return context.WithValue(ctx, principalKey{}, who), nil
}

func routes(hub *realtime.Hub) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /ws", func(w http.ResponseWriter, r *http.Request) {
		if user := r.URL.Query().Get("user"); user != "" {
			r = r.WithContext(context.WithValue(r.Context(), principalKey{}, realtime.Principal{UserID: user}))
		}
		hub.ServeHTTP(w, r)
	})
	mux.HandleFunc("POST /publish", func(w http.ResponseWriter, r *http.Request) {
		data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<16))
		if err == nil {
			_, err = hub.Publish(r.Context(), r.URL.Query().Get("channel"), data)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
		}
	})
	mux.HandleFunc("POST /disconnect", func(w http.ResponseWriter, r *http.Request) {
		reason, ok := wanted(r.URL.Query())
		if !ok {
			http.Error(w, "no such close", http.StatusBadRequest)
			return
		}
		ended, err := hub.Disconnect(r.Context(), realtime.ByUser(r.URL.Query().Get("user")), reason)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		fmt.Fprintln(w, ended)
	})
	controlLimits(mux)
	mux.HandleFunc("GET /closes", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(table())
	})
	return mux
}

// wanted is the close that has the code and, where the query names one, the reason:
// some share their code.
func wanted(query url.Values) (realtime.Close, bool) {
	i := slices.IndexFunc(closes, func(c realtime.Close) bool {
		return strconv.Itoa(c.Code) == query.Get("code") && (!query.Has("reason") || c.Reason == query.Get("reason"))
	})
	if i < 0 {
		return realtime.Close{}, false
	}
	return closes[i], true
}

// row is a close code as the scripts read it.
type row struct {
	Code     int    `json:"code"`
	Reason   string `json:"reason"`
	Terminal bool   `json:"terminal"`
}

func table() (rows []row) {
	for _, reason := range closes {
		rows = append(rows, row{reason.Code, reason.Reason, reason.Terminal()})
	}
	return rows
}
