package main

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/gorilla/websocket"
)

var key = []byte("5d41402abc4b2a76b9719d911017c592")

func signed(t *testing.T, key []byte) string {
	t.Helper()
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"sub": "u1", "exp": time.Now().Add(time.Hour).Unix()}).SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestTenLinesGuardABareMelody(t *testing.T) {
	source, err := os.ReadFile("main.go")
	if err != nil {
		t.Fatal(err)
	}
	if added := strings.Count(string(source), "// +"); added > 10 {
		t.Errorf("lines added for Yodel: got %d, want at most 10", added)
	}
	e, err := newServer(key)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(e)
	defer server.Close()
	token, foreign, origin := signed(t, key), signed(t, []byte(strings.Repeat("no", 20))), "https://app.example.com"
	bearer := "base64url.bearer.yodel." + base64.RawURLEncoding.EncodeToString([]byte(token))
	for _, test := range []struct {
		name   string
		query  string
		header http.Header
		want   int
	}{
		{"nothing", "", nil, 401},
		{"another key", "", http.Header{"Authorization": {"Bearer " + foreign}}, 401},
		{"header", "", http.Header{"Authorization": {"Bearer " + token}}, 101},
		{"query", "?token=" + token, nil, 101},
		{"cookie", "", http.Header{"Cookie": {"session=" + token}, "Origin": {origin}}, 101},
		{"cookie from an evil page", "", http.Header{"Cookie": {"session=" + token}, "Origin": {"https://evil.example"}}, 403},
		{"subprotocol", "", http.Header{"Sec-Websocket-Protocol": {"chat, " + bearer}}, 101},
	} {
		t.Run(test.name, func(t *testing.T) {
			conn, response, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(server.URL, "http")+"/ws"+test.query, test.header)
			if response == nil || response.StatusCode != test.want {
				t.Fatalf("answer: got %v, %v, want %d", response, err, test.want)
			}
			if conn == nil {
				return
			}
			defer conn.Close()
			if err := conn.WriteMessage(websocket.TextMessage, []byte("hello")); err != nil {
				t.Fatal(err)
			}
			if _, got, err := conn.ReadMessage(); err != nil || string(got) != "hello" {
				t.Errorf("broadcast: got %q, %v", got, err)
			}
		})
	}
}
