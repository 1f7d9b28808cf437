package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/gorilla/websocket"
)

var key = []byte("5d41402abc4b2a76b9719d911017c592")

func TestOneChangedLine(t *testing.T) {
	e, err := newServer(key)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(e)
	defer server.Close()
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"sub": "u1", "exp": time.Now().Add(time.Hour).Unix()}).SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		path, token string
		want        int
	}{{"/public", "", 200}, {"/api/me", "", 401}, {"/api/me", token, 200}, {"/api/me", "bad", 401}} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+test.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if test.token != "" {
			request.Header.Set("Authorization", "Bearer "+test.token)
		}
		response, err := server.Client().Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != test.want {
			t.Errorf("%s: got %d, want %d", test.path, response.StatusCode, test.want)
		}
	}
	address := "ws" + strings.TrimPrefix(server.URL, "http") + "/ws"
	if _, response, err := websocket.DefaultDialer.Dial(address, nil); err == nil || response.StatusCode != http.StatusUnauthorized {
		t.Errorf("without a token: got %v", response)
	}
	conn, _, err := websocket.DefaultDialer.Dial(address, http.Header{"Authorization": {"Bearer " + token}})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.WriteMessage(websocket.TextMessage, []byte("hello")); err != nil {
		t.Fatal(err)
	}
	if _, got, err := conn.ReadMessage(); err != nil || string(got) != "hello" {
		t.Errorf("broadcast: got %q, %v", got, err)
	}
}
