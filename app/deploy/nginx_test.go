package deploy_test

import (
	"bufio"
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

// TestTheProxyLeavesNoOneOnHTTP: the plain port sends to the deployment's own name,
// whatever Host says, without the query, and writes nothing of the address into its
// header that would not stand in an address.
func TestTheProxyLeavesNoOneOnHTTP(t *testing.T) {
	proxy := startProxy(t, node(t, 0), node(t, 0), node(t, 0))
	for asked, want := range map[string]string{
		"/rooms/1?token=secret":               "/rooms/1",
		"/":                                   "/",
		"/a%0d%0aSet-Cookie:%20a=b":           "/a%0d%0aSet-Cookie:%20a=b",
		"/a%0D%0A%0D%0A<script>?token=secret": "/a%0D%0A%0D%0A<script>",
		"/%2e%2e/%00":                         "",
		"//evil.example/x":                    "//evil.example/x",
		"http://evil.example/x":               "/x",
	} {
		for _, host := range []string{"chat.example.com", "evil.example", "127.0.0.1"} {
			answer := plainly(t, strings.TrimPrefix(proxy.plain, "http://"), "GET "+asked+" HTTP/1.1\r\nHost: "+host+"\r\nConnection: close\r\n\r\n")
			got := answer.Header.Get("Location")
			if want == "" && answer.StatusCode == http.StatusBadRequest {
				continue
			}
			if answer.StatusCode != http.StatusMovedPermanently || got != "https://chat.example.com"+want || len(answer.Cookies()) > 0 {
				t.Errorf("%s at %s: got %d to %q with cookies %v", asked, host, answer.StatusCode, got, answer.Cookies())
			}
		}
	}
}

// plainly sends bytes as they are and reads one answer.
func plainly(t *testing.T, address, request string) *http.Response {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Write([]byte(request)); err != nil {
		t.Fatal(err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	return answer
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
