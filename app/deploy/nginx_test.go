package deploy_test

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

// TestTheProxyCarriesSockets: over TLS, to a node that is ready, with the address
// of the peer and not one that it made up, and with no query in the log.
func TestTheProxyCarriesSockets(t *testing.T) {
	draining := node(t, http.StatusServiceUnavailable)
	ready := node(t, 0)
	proxy := startProxy(t, draining, draining, ready)
	for range 3 {
		conn, _, err := websocket.Dial(t.Context(), proxy.url+"/ws?token=secret-of-alice", &websocket.DialOptions{
			HTTPClient: proxy.client, HTTPHeader: http.Header{"X-Forwarded-For": {"198.51.100.9"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		_, told, err := conn.Read(t.Context())
		if want := "127.0.0.1 at " + proxy.host; err != nil || string(told) != want {
			t.Errorf("the node was told %q, %v; want %q", told, err, want)
		}
		_ = conn.CloseNow()
	}
	for range 3 {
		if line := proxy.logged(t); strings.Contains(line, "secret-of-alice") || !strings.Contains(line, `"GET /ws" 101`) {
			t.Errorf("got the line %s", line)
		}
	}
}

// TestTheProxyLeavesNoOneOnHTTP: the plain port sends to TLS, without the query.
func TestTheProxyLeavesNoOneOnHTTP(t *testing.T) {
	proxy := startProxy(t, node(t, 0), node(t, 0), node(t, 0))
	answer, err := proxy.client.Transport.RoundTrip(must(http.NewRequest(http.MethodGet, proxy.plain+"/rooms/1?token=secret", nil)))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if got := answer.Header.Get("Location"); answer.StatusCode != http.StatusMovedPermanently || got != "https://127.0.0.1/rooms/1" {
		t.Errorf("got %d to %q", answer.StatusCode, got)
	}
}

// node tells every socket what the proxy told of it, or answers with a status.
func node(t *testing.T, status int) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if status != 0 {
			w.WriteHeader(status)
			return
		}
		conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
		if err != nil {
			return
		}
		defer conn.CloseNow()
		_ = conn.Write(r.Context(), websocket.MessageText, []byte(r.Header.Get("X-Forwarded-For")+" at "+r.Host))
		_, _, _ = conn.Read(r.Context())
	}))
	t.Cleanup(server.Close)
	return server
}

type proxy struct {
	url, plain, host string
	client           *http.Client
	lines            net.PacketConn // of the access log
}

// logged is the next line of the access log.
func (p *proxy) logged(t *testing.T) string {
	t.Helper()
	line := make([]byte, 4096)
	n, _, err := p.lines.ReadFrom(line)
	if err != nil {
		t.Fatal(err)
	}
	return string(line[:n])
}

// startProxy runs nginx with nginx.conf, the names of its nodes, ports and files
// replaced by those of this machine.
func startProxy(t *testing.T, nodes ...*httptest.Server) *proxy {
	t.Helper()
	binary, err := exec.LookPath("nginx")
	if err != nil {
		binary, err = exec.LookPath("/usr/sbin/nginx") // not on everybody's PATH
	}
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("no nginx; e2e/setup.sh installs it")
		}
		t.Skip("no nginx; e2e/setup.sh installs it, and in CI its absence fails")
	}
	lines, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = lines.Close() })
	dir := prepared(t)
	secure, plain := freePort(t), freePort(t)
	replace := []string{
		"listen 80;", "listen " + plain + ";", "listen 443 ssl;", "listen " + secure + " ssl;",
		"http2 on;", "", // Debian's nginx is older than this way to say it
		"/run/secrets/", filepath.Join(dir, "secrets") + "/", "/dev/stdout", "syslog:server=" + lines.LocalAddr().String(), "/dev/stderr", filepath.Join(dir, "error.log"),
		"http {", "http {\n" + scratch(dir),
	}
	for i, n := range nodes {
		replace = append(replace, fmt.Sprintf("yodel-%d:8080", i+1), n.Listener.Addr().String())
	}
	text, err := os.ReadFile(filepath.Join(dir, "nginx.conf"))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "proxy.conf")
	if err := os.WriteFile(file, []byte(strings.NewReplacer(replace...).Replace(string(text))), 0o600); err != nil {
		t.Fatal(err)
	}
	pid := "pid " + filepath.Join(dir, "nginx.pid") + ";"
	said, err := os.Create(filepath.Join(dir, "said.log")) // no pipe: its children would keep it open
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = said.Close() })
	run := func(more ...string) error {
		command := exec.Command(binary, append([]string{"-p", dir, "-c", file, "-g", pid}, more...)...)
		command.Stdout, command.Stderr = said, said
		return command.Run()
	}
	if err := run(); err != nil { // returns when its children listen
		text, _ := os.ReadFile(said.Name())
		t.Fatalf("%v\n%s", err, text)
	}
	t.Cleanup(func() {
		if err := run("-s", "stop"); err != nil {
			t.Error(err)
		}
	})
	return &proxy{url: "wss://" + secure, plain: "http://" + plain, host: secure, client: trusting(t, dir), lines: lines}
}

// scratch keeps what nginx writes in dir.
func scratch(dir string) (lines string) {
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		lines += kind + "_temp_path " + filepath.Join(dir, kind) + ";\n"
	}
	return lines
}

// trusting believes the deployment's own authority, for the name of its certificate.
func trusting(t *testing.T, dir string) *http.Client {
	t.Helper()
	authority, err := os.ReadFile(filepath.Join(dir, "secrets", "ca.pem"))
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority)
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, ServerName: "chat.example.com"}}}
}

func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

func must(request *http.Request, err error) *http.Request {
	if err != nil {
		panic(err)
	}
	return request
}
