package main

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

func TestTheAppsOwnMiddlewareDecides(t *testing.T) {
	e, err := newServer(map[string]login{"t-alice": {"alice", time.Now().Add(time.Hour)}, "t-old": {"bob", time.Now().Add(-time.Hour)}})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(e)
	defer server.Close()
	bearer := "base64url.bearer.yodel." + base64.RawURLEncoding.EncodeToString([]byte("t-alice"))
	ticket := mint(t, server)
	for _, test := range []struct {
		name   string
		query  string
		header http.Header
		want   int
	}{
		{"nothing", "", nil, 401},
		{"an unknown token", "", http.Header{"Authorization": {"Token nobody"}}, 401},
		{"an old token", "", http.Header{"Authorization": {"Token t-old"}}, 401},
		{"another scheme", "", http.Header{"Authorization": {"Bearer t-alice"}}, 401},
		{"header", "", http.Header{"Authorization": {"Token t-alice"}}, 101},
		{"subprotocol", "", http.Header{"Sec-Websocket-Protocol": {"chat, " + bearer}}, 101},
		{"ticket", "?ticket=" + ticket, nil, 101},
		{"the same ticket", "?ticket=" + ticket, nil, 401},
	} {
		conn, response, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(server.URL, "http")+"/ws"+test.query, test.header)
		if response == nil || response.StatusCode != test.want {
			t.Errorf("%s: got %v, %v, want %d", test.name, response, err, test.want)
		}
		if conn == nil {
			continue
		}
		if _, got, err := conn.ReadMessage(); err != nil || string(got) != "hello alice" {
			t.Errorf("%s: greeting %q, %v", test.name, got, err)
		}
		_ = conn.Close()
	}
}

func mint(t *testing.T, server *httptest.Server) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/api/ws/ticket", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Token t-alice")
	response, err := server.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var minted struct{ Ticket string }
	if err := json.NewDecoder(response.Body).Decode(&minted); err != nil || minted.Ticket == "" {
		t.Fatalf("mint: got %d, %v", response.StatusCode, err)
	}
	return minted.Ticket
}
