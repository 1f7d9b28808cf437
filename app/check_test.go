package app_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/yodelrt/yodel/app"
)

// TestCheck_RefusesWhatServeRefuses, and lets pass what serve starts with: both build
// by one function, so a setting that only one of them looks at is seen here.
func TestCheck_RefusesWhatServeRefuses(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("neither key nor level"), 0o600); err != nil {
		t.Fatal(err)
	}
	remote := func(c *app.Config) {
		c.Engine, c.EngineSecret = "tls://user:hidden-word@nats.example.com:4222", testKey
	}
	for name, test := range map[string]struct {
		change func(*app.Config)
		says   string // empty: it starts
	}{
		"the defaults":                      {func(*app.Config) {}, ""},
		"a name beyond ASCII":               {func(c *app.Config) { c.PublicURL = "https://chat.bücher.example" }, ""},
		"further origins":                   {func(c *app.Config) { c.Origins = []string{"https://App.Example.com:443/"} }, ""},
		"proxies":                           {func(c *app.Config) { c.TrustedProxies = []string{"10.0.0.0/8"} }, ""},
		"an address for operators":          {func(c *app.Config) { c.AdminAddr = "127.0.0.1:9090" }, ""},
		"an origin with a path":             {func(c *app.Config) { c.Origins = []string{"https://app.example.com/chat"} }, "--origins"},
		"an origin that is no address":      {func(c *app.Config) { c.Origins = []string{"app.example.com"} }, "--origins"},
		"null as an origin":                 {func(c *app.Config) { c.Origins = []string{"null"} }, "--origins"},
		"a wildcard":                        {func(c *app.Config) { c.Origins = []string{"https://*.example.com"} }, "wildcard"},
		"an origin with a password":         {func(c *app.Config) { c.Origins = []string{"https://a:hidden-word@app.example.com"} }, "--origins"},
		"a public address with a path":      {func(c *app.Config) { c.PublicURL = "https://chat.example.com/chat" }, "--public-url"},
		"a public address with a password":  {func(c *app.Config) { c.PublicURL = "https://a:hidden-word@chat.example.com" }, "--public-url"},
		"a public address with a query":     {func(c *app.Config) { c.PublicURL = "https://chat.example.com?x" }, "--public-url"},
		"everybody as a proxy":              {func(c *app.Config) { c.TrustedProxies = []string{"0.0.0.0/0"} }, "--trusted-proxies"},
		"a proxy by name":                   {func(c *app.Config) { c.TrustedProxies = []string{"proxy.internal"} }, "--trusted-proxies"},
		"a port alone for operators":        {func(c *app.Config) { c.AdminAddr = "9090" }, "--admin-addr"},
		"a port beyond all":                 {func(c *app.Config) { c.AdminAddr = "127.0.0.1:70000" }, "--admin-addr"},
		"a port that is a word":             {func(c *app.Config) { c.Addr, c.PublicURL = "127.0.0.1:web", "https://chat.example.com" }, "--addr"},
		"operators where everybody is":      {func(c *app.Config) { c.AdminAddr = c.Addr }, "--admin-addr"},
		"replicas of memory":                {func(c *app.Config) { c.EngineReplicas = 3 }, "--engine-replicas"},
		"replicas of the embedded engine":   {func(c *app.Config) { c.Engine, c.EngineReplicas = "embedded", 3 }, "--engine-replicas"},
		"two replicas":                      {func(c *app.Config) { remote(c); c.EngineReplicas = 2 }, "--engine-replicas"},
		"fewer than none":                   {func(c *app.Config) { c.EngineReplicas = -1 }, "--engine-replicas"},
		"an engine that is none":            {func(c *app.Config) { c.Engine = "redis://host" }, "--engine"},
		"an engine without its secret":      {func(c *app.Config) { remote(c); c.EngineSecret = "" }, "Secret"},
		"an engine in the clear":            {func(c *app.Config) { remote(c); c.Engine = "nats://a:hidden-word@nats.example.com" }, "in the clear"},
		"credentials that are not there":    {func(c *app.Config) { remote(c); c.EngineCreds = "nowhere" }, "--engine-creds"},
		"credentials that are none":         {func(c *app.Config) { remote(c); c.EngineCreds = file }, "--engine-creds"},
		"a database that is none":           {func(c *app.Config) { c.DatabaseURL = "mysql://x" }, "--database-url"},
		"a data directory that is a file":   {func(c *app.Config) { c.DataDir = file }, "--data-dir"},
		"a data directory below a file":     {func(c *app.Config) { c.DataDir = filepath.Join(file, "data") }, "--data-dir"},
		"a data directory for reading":      {func(c *app.Config) { c.DataDir = "/proc" }, "--data-dir"},
		"a secret that is weak":             {func(c *app.Config) { c.JWTSecret = "hidden-word" }, "at least 32"},
		"a certificate that is none":        {func(c *app.Config) { c.TLSCert, c.TLSKey, c.PublicURL = file, file, "https://chat.example.com" }, "certificate"},
		"a level that is none":              {func(c *app.Config) { c.LogLevel = "loud" }, "--log-level"},
		"a level that is none, in its file": {func(c *app.Config) { c.LogLevelFile = file }, "--log-level-file"},
		"a drain of less than nothing":      {func(c *app.Config) { c.DrainTime = -time.Second }, "--drain-time"},
		"pings before they are sent":        {func(c *app.Config) { c.PingInterval = -time.Second }, "--ping-interval"},
	} {
		t.Run(name, func(t *testing.T) {
			config := app.Config{Addr: "127.0.0.1:8080", DataDir: filepath.Join(t.TempDir(), "data"), LoginRate: 10}
			test.change(&config)
			found := errors.Join(config.Check()...)
			if _, err := os.Stat(config.DataDir); err == nil && config.DataDir != file && config.DataDir != "/proc" {
				t.Error("check has made the data directory")
			}
			built, err := app.New(t.Context(), config, slog.New(slog.DiscardHandler))
			if err == nil {
				_ = built.Close(context.WithoutCancel(t.Context()))
			}
			if (found == nil) != (test.says == "") || (err == nil) != (test.says == "") {
				t.Fatalf("check says %v and serve says %v, want %q of both", found, err, test.says)
			}
			if err == nil {
				return
			}
			for _, said := range []string{found.Error(), err.Error()} {
				if !strings.Contains(said, test.says) || strings.Contains(said, "hidden-word") {
					t.Errorf("got %q, want a word of %q and no secret", said, test.says)
				}
			}
			if entries, err := os.ReadDir(config.DataDir); err == nil && config.DataDir != "/proc" && len(entries) > 0 {
				t.Errorf("a start that was refused has left %v", entries)
			}
		})
	}
}
