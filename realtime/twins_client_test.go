package realtime_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"github.com/yodelrt/yodel/realtime"
)

// dial upgrades; headers are pairs of name and value.
func (w *twin) dial(headers ...string) (*twinClient, *http.Response, error) {
	header := http.Header{"Test-Session": {"s"}}
	for i := 0; i < len(headers); i += 2 {
		header.Set(headers[i], headers[i+1])
	}
	conn, response, err := websocket.Dial(w.t.Context(), w.server.URL, &websocket.DialOptions{HTTPHeader: header, HTTPClient: w.server.Client()})
	if err != nil {
		return nil, response, err
	}
	conn.SetReadLimit(-1)
	w.t.Cleanup(func() { _ = conn.CloseNow() })
	return &twinClient{twin: w, conn: conn}, response, nil
}

// open upgrades as a user, or as nobody yet, and says nothing.
func (w *twin) open(user string) *twinClient {
	w.t.Helper()
	headers := []string{"Test-User", user}
	if user == "" {
		headers = []string{"Test-Pending", "192.0.2.1"}
	}
	k, _, err := w.dial(headers...)
	if err != nil {
		w.t.Fatalf("dial: %v", err)
	}
	return k
}

// enter opens a connection and asks to be let in.
func (w *twin) enter(user string) *twinClient {
	w.t.Helper()
	k := w.open(user)
	if w.words.join != "" {
		k.say(w.words.join)
	}
	return k
}

// join is let in.
func (w *twin) join(user string) *twinClient {
	w.t.Helper()
	k := w.enter(user)
	k.want(w.words.joined)
	return k
}

// login sends the token of a first message, from a connection that is nobody yet.
func (w *twin) login(token string) *twinClient {
	w.t.Helper()
	k := w.open("")
	k.say(strings.Replace(w.words.login, "%s", token, 1))
	return k
}

// read waits for a message, for ten minutes of the fake clock at most.
func (k *twinClient) read() (string, error) {
	ctx, cancel := context.WithTimeout(k.t.Context(), 10*time.Minute)
	defer cancel()
	_, frame, err := k.conn.Read(ctx)
	return string(frame), err
}

func (k *twinClient) say(message string) {
	k.t.Helper()
	if err := k.conn.Write(k.t.Context(), websocket.MessageText, []byte(message)); err != nil {
		k.t.Fatalf("write: %v", err)
	}
}

func (k *twinClient) refresh(token string) { k.say(strings.Replace(k.words.refresh, "%s", token, 1)) }

func (k *twinClient) do(members string) { k.say(strings.Replace(k.words.do, "%s", members, 1)) }

// want reads one message, which has that in it.
func (k *twinClient) want(part string) {
	k.t.Helper()
	if len(k.left) == 0 {
		frame, err := k.read()
		if err != nil {
			k.t.Fatalf("read: got %v, want %s", err, part)
		}
		k.left = strings.Split(strings.TrimSpace(frame), "\n")
	}
	got := k.left[0]
	if k.left = k.left[1:]; !strings.Contains(got, part) {
		k.t.Fatalf("message: got %.200s, want %s", got, part)
	}
}

// stays wants the connection to be served still.
func (k *twinClient) stays() {
	k.t.Helper()
	k.do("")
	k.want(k.words.done)
}

// wantClose reads until the connection ends, and waits for its hook.
func (k *twinClient) wantClose(want realtime.Close) {
	k.t.Helper()
	for {
		_, err := k.read()
		if err == nil {
			continue
		}
		var closed websocket.CloseError
		if !errors.As(err, &closed) || int(closed.Code) != want.Code || want.Reason != "" && closed.Reason != want.Reason {
			k.t.Fatalf("end: got %v, want close %d %q", err, want.Code, want.Reason)
		}
		synctest.Wait()
		return
	}
}

// wantHooks holds how often the Connect hook has let somebody in, and how often the
// Disconnect hook was called, against want.
func (w *twin) wantHooks(want int) {
	w.t.Helper()
	synctest.Wait()
	if welcomed, ended := int(w.welcomed.Load()), int(w.ended.Load()); welcomed != want || ended != want {
		w.t.Errorf("hooks: got %d let in by Connect and %d by Disconnect, want %d of both", welcomed, ended, want)
	}
}

// wantRefused holds the counts of limits against one that has refused once.
func (w *twin) wantRefused(limit string) {
	w.t.Helper()
	synctest.Wait()
	for name, n := range w.refusals() {
		if name == limit && n != 1 || name != limit && n != 0 {
			w.t.Errorf("%s: counted %d times, want 1 of %s alone", name, n, limit)
		}
	}
}
