package app_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/centrifugal/centrifuge-go"
	"github.com/coder/websocket"

	"github.com/yodelrt/yodel/app"
)

// official is the official Go client on /ws.
func (h *house) official(query string, config centrifuge.Config) (*centrifuge.Client, chan centrifuge.ConnectedEvent, chan centrifuge.DisconnectedEvent) {
	h.t.Helper()
	client := centrifuge.NewJsonClient("ws"+strings.TrimPrefix(h.server.URL, "http")+"/ws"+query, config)
	connected, ended := make(chan centrifuge.ConnectedEvent, 10), make(chan centrifuge.DisconnectedEvent, 10)
	client.OnConnected(func(e centrifuge.ConnectedEvent) { connected <- e })
	client.OnDisconnected(func(e centrifuge.DisconnectedEvent) { ended <- e })
	h.t.Cleanup(client.Close)
	if err := client.Connect(); err != nil {
		h.t.Fatal(err)
	}
	return client, connected, ended
}

func TestTheHubByEveryCarrier(t *testing.T) {
	h := newHouse(t, func(c *app.Config) { c.AllowFirstMessage = true })
	alice := h.signedIn("alice")
	origin := http.Header{"Origin": {h.server.URL}}
	for name, dial := range map[string]func() (string, centrifuge.Config){
		"cookie": func() (string, centrifuge.Config) {
			return "", centrifuge.Config{Header: http.Header{"Cookie": {alice.cookie()}, "Origin": {h.server.URL}}}
		},
		"header": func() (string, centrifuge.Config) {
			return "", centrifuge.Config{Header: http.Header{"Authorization": {"Bearer " + alice.token()}}}
		},
		"query": func() (string, centrifuge.Config) { return "?token=" + alice.token(), centrifuge.Config{} },
		"ticket": func() (string, centrifuge.Config) {
			return "?ticket=" + alice.ticket(`{"route":"/ws"}`), centrifuge.Config{Header: origin}
		},
		"two-step": func() (string, centrifuge.Config) {
			return "?ticket=" + alice.ticket(`{"route":"/ws","first_message":true}`), centrifuge.Config{Header: origin, Token: alice.token()}
		},
		"first message": func() (string, centrifuge.Config) { return "", centrifuge.Config{Token: alice.token()} },
	} {
		t.Run(name, func(t *testing.T) {
			h.t = t
			query, config := dial()
			client, connected, _ := h.official(query, config)
			<-connected
			answer, err := client.RPC(t.Context(), "lobby.say", []byte(`{"text":"by `+name+`"}`))
			if err != nil || !strings.Contains(string(answer.Data), `"from":"alice","text":"by `+name+`"`) {
				t.Errorf("say: got %s, %v", answer.Data, err)
			}
		})
	}
	t.Run("nobody", func(t *testing.T) {
		h.t = t
		_, _, ended := h.official("", centrifuge.Config{Token: "not.a.token"})
		if e := <-ended; e.Code != 3500 {
			t.Errorf("ended: got %d %s, want 3500", e.Code, e.Reason)
		}
	})
}

func TestTheLobby(t *testing.T) {
	h := newHouse(t)
	alice, bob := h.signedIn("alice"), h.signedIn("bob")
	speaker, connected, ended := h.official("?token="+alice.token(), centrifuge.Config{})
	listener, listening, _ := h.official("?token="+bob.token(), centrifuge.Config{})
	<-connected
	<-listening
	sub, err := listener.NewSubscription("lobby")
	if err != nil {
		t.Fatal(err)
	}
	subscribed, heard := make(chan struct{}, 1), make(chan string, 10)
	sub.OnSubscribed(func(centrifuge.SubscribedEvent) { subscribed <- struct{}{} })
	sub.OnPublication(func(e centrifuge.PublicationEvent) { heard <- string(e.Data) })
	if err := sub.Subscribe(); err != nil {
		t.Fatal(err)
	}
	<-subscribed
	if _, err := speaker.RPC(t.Context(), "lobby.say", []byte(`{"text":"<b>hello</b>"}`)); err != nil {
		t.Fatal(err)
	}
	if got := <-heard; !strings.Contains(got, `"from":"alice"`) || !strings.Contains(got, "hello") {
		t.Errorf("heard %s", got)
	}
	var failure *centrifuge.Error
	for text, want := range map[string]uint32{
		`{"text":""}`: 400, `{"text":"` + strings.Repeat("x", 2001) + `"}`: 400, `{}`: 107, `{"text":7}`: 107,
	} {
		if _, err := speaker.RPC(t.Context(), "lobby.say", []byte(text)); !errors.As(err, &failure) || failure.Code != want {
			t.Errorf("%.20s: got %v, want error %d", text, err, want)
		}
	}
	if _, err := listener.Publish(t.Context(), "lobby", []byte(`{"from":"alice"}`)); !errors.As(err, &failure) || failure.Code != 103 {
		t.Errorf("publish past the server: got %v, want error 103", err)
	}
	if status, _ := alice.post("/api/logout", nil); status != http.StatusNoContent {
		t.Fatal("logout")
	}
	if e := <-ended; e.Code != 3503 {
		t.Errorf("after the logout: got %d, want 3503", e.Code)
	}
}

// TestSocketsOfOneAddress: behind a trusted proxy each of its clients is an
// address of its own, and what the client itself wrote is not believed.
func TestSocketsOfOneAddress(t *testing.T) {
	h := newHouse(t, func(c *app.Config) { c.TrustedProxies, c.AddressSockets = []string{"127.0.0.1", "::1"}, 1 })
	alice := h.signedIn("alice")
	for _, c := range []struct {
		forwarded string
		status    int
	}{
		{"192.0.2.1", http.StatusSwitchingProtocols},
		{"192.0.2.2", http.StatusSwitchingProtocols},
		{"192.0.2.2", http.StatusTooManyRequests},
		{"203.0.113.9, 192.0.2.2", http.StatusTooManyRequests},
		{"2001:db8:1:2::1", http.StatusSwitchingProtocols},
		{"2001:db8:1:2::2", http.StatusTooManyRequests}, // of the same customer
		{"2001:db8:1:3::1", http.StatusSwitchingProtocols},
	} {
		header := http.Header{"Authorization": {"Bearer " + alice.token()}, "X-Forwarded-For": {c.forwarded}}
		if _, status := h.dialAt("/ws", header); status != c.status {
			t.Errorf("forwarded for %s: status %d, want %d", c.forwarded, status, c.status)
		}
	}
}

// TestHub_comes_back_with_200_rooms: a browser that is in as many rooms as anybody
// may be sends its connect and all subscriptions in one frame, and each is judged.
func TestHub_comes_back_with_200_rooms(t *testing.T) {
	h := newHouse(t)
	alice := h.signedIn("alice")
	url := "ws" + strings.TrimPrefix(h.server.URL, "http") + "/ws?token=" + alice.token()
	conn, _, err := websocket.Dial(t.Context(), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.CloseNow() }()
	conn.SetReadLimit(1 << 20)
	const subscriptions = 255 // beside the one that the server makes
	frame := `{"id":1,"connect":{}}`
	for i := range subscriptions {
		frame += fmt.Sprintf("\n"+`{"id":%d,"subscribe":{"channel":"room:%032d","recover":true,"epoch":"abcdefgh","offset":12345}}`, i+2, i)
	}
	if err := conn.Write(t.Context(), websocket.MessageText, []byte(frame)); err != nil {
		t.Fatal(err)
	}
	for answered := 0; answered <= subscriptions; {
		_, data, err := conn.Read(t.Context())
		if err != nil {
			t.Fatalf("after %d answers: got %v, want all", answered, err)
		}
		for reply := range strings.Lines(string(data)) {
			if strings.Contains(reply, `"code":111`) || strings.Contains(reply, `"code":106`) {
				t.Fatalf("answer %d: got %s, want its verdict", answered, reply)
			}
			if strings.HasPrefix(reply, `{"id":`) {
				answered++
			}
		}
	}
}
