package app

import (
	"errors"
	"testing"
)

func TestOriginOf_WritesWhatBrowsersSend(t *testing.T) {
	for raw, want := range map[string]string{
		"https://chat.example.com":       "https://chat.example.com",
		"https://chat.example.com/":      "https://chat.example.com",
		"HTTPS://Chat.Example.COM":       "https://chat.example.com",
		"https://chat.example.com:443":   "https://chat.example.com",
		"http://chat.example.com:80":     "http://chat.example.com",
		"https://chat.example.com:8443":  "https://chat.example.com:8443",
		"https://chat.bücher.example":    "https://chat.xn--bcher-kva.example",
		"https://CHAT.BÜCHER.example":    "https://chat.xn--bcher-kva.example",
		"https://straße.example":         "https://xn--strae-oqa.example",
		"https://例え.テスト":                 "https://xn--r8jz45g.xn--zckzah",
		"https://xn--bcher-kva.example":  "https://xn--bcher-kva.example",
		"http://[::1]:8080":              "http://[::1]:8080",
		"http://[0:0:0:0:0:0:0:1]:8080":  "http://[::1]:8080",
		"http://127.0.0.1:8080":          "http://127.0.0.1:8080",
		"https://my_host.internal":       "https://my_host.internal",
		"https://chat.example.com:8443/": "https://chat.example.com:8443",
	} {
		if got, err := originOf(raw); err != nil || got.String() != want {
			t.Errorf("%s: got %v, %v; want %s", raw, got, err, want)
		}
	}
	for _, raw := range []string{
		"", "*", "null", "chat.example.com", "https://", "https://*.example.com", "ftp://chat.example.com", "https://a b.example",
		"https://user:password@chat.example.com", "https://chat.example.com/chat", "https://chat.example.com?x=1", "https://chat.example.com#x",
		"https://chat.example.com:70000", "https://chat.example.com:http", "https://-chat.example.com", "https://[fe80::1%25eth0]", "https://chat.example.com,https://b.example",
	} {
		if got, err := originOf(raw); !errors.Is(err, errOrigin) {
			t.Errorf("%s: got %v, %v; want an error", raw, got, err)
		}
	}
}
