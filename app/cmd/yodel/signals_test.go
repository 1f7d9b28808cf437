package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// sleeper opens a connection, sends something, and then neither reads nor writes.
func (p *process) sleeper(sends string) {
	p.t.Helper()
	conn, err := net.Dial("tcp", p.address)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { _ = conn.Close() })
	if _, err := io.WriteString(conn, sends); err != nil {
		p.t.Fatal(err)
	}
}

// TestH334_a_drain_cuts_off_who_sleeps: the drain may take an hour, the sleepers
// don't make it, and it is no failure.
func TestH334_a_drain_cuts_off_who_sleeps(t *testing.T) {
	p := start(t, "--demo", "--drain-time", "1h")
	login := "POST /api/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n"
	p.sleeper(login + "{")
	p.sleeper("")
	p.sleeper("GET / HT")
	token := p.token("alice")
	socket, _, err := websocket.Dial(t.Context(), "ws://"+p.address+"/ws", &websocket.DialOptions{HTTPHeader: http.Header{"Authorization": {"Bearer " + token}}, Subprotocols: []string{"centrifuge-json"}})
	if err != nil {
		t.Fatal(err)
	}
	defer socket.CloseNow() // it sleeps until then
	p.logged("path=/ws status=101")
	p.signal(syscall.SIGTERM)
	if code, rest := p.end(); code != 0 || !strings.Contains(rest, "cut off") {
		t.Errorf("got the code %d, want 0 and a word about those cut off:\n%.2000s", code, rest)
	}
}

func (p *process) token(username string) string {
	p.t.Helper()
	out, problem, err := printed(p.t, []string{"YODEL_ADDR=" + p.address, "YODEL_DATA_DIR=" + p.data}, "token", username)
	if err != nil {
		p.t.Fatalf("token: %v %s", err, problem)
	}
	return strings.TrimSpace(out)
}

func TestH334_two_signals_end_at_once(t *testing.T) {
	p := start(t, "--drain-time", "1h", "--log-level", "debug")
	p.sleeper("GET / HT")
	p.signal(syscall.SIGINT)
	p.logged("draining")
	p.signal(syscall.SIGINT)
	if code, _ := p.end(); code != -1 {
		t.Errorf("got the code %d, want the end by the signal", code)
	}
}

func TestH334_a_reader_of_the_log_that_goes(t *testing.T) {
	p := start(t)
	_ = p.log.Close()
	for range 20 {
		p.answers("/healthz")
	}
	p.signal(syscall.SIGTERM)
	if code, _ := p.end(); code != 0 {
		t.Errorf("got the code %d, want 0: %s", code, p.command.ProcessState)
	}
}

func TestH334_hangup_reads_certificate_and_level_again(t *testing.T) {
	dir := t.TempDir()
	cert, key, level := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem"), filepath.Join(dir, "level")
	writeCertificate(t, cert, key, 1)
	write(t, level, "warn\n")
	p := start(t, "--tls-cert", cert, "--tls-key", key, "--log-level-file", level)
	held := p.handshake()
	if got := serial(held); got != 1 {
		t.Errorf("at the start: serves the certificate %d, want 1", got)
	}
	writeCertificate(t, cert, key, 2)
	write(t, level, "debug\n")
	p.signal(syscall.SIGHUP)
	p.logged("was read again")
	if got := serial(p.handshake()); got != 2 {
		t.Errorf("after SIGHUP: serves the certificate %d, want 2", got)
	}
	if _, err := fmt.Fprint(held, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Errorf("a connection of before: %v", err)
	}
	p.logged("path=/healthz") // at level info

	write(t, key, "half a k")
	write(t, level, "loud\n")
	p.signal(syscall.SIGHUP)
	if line := p.logged("stays as it is"); !strings.Contains(line, "certificate") || !strings.Contains(line, "loud") {
		t.Errorf("what failed is not named: %s", line)
	}
	if got := serial(p.handshake()); got != 2 {
		t.Errorf("after a broken one: serves the certificate %d, want 2", got)
	}
	p.signal(syscall.SIGTERM)
	if code, rest := p.end(); code != 0 {
		t.Errorf("got the code %d: %s", code, rest)
	}
}

func (p *process) handshake() *tls.Conn {
	p.t.Helper()
	conn, err := tls.Dial("tcp", p.address, &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func serial(c *tls.Conn) int64 { return c.ConnectionState().PeerCertificates[0].SerialNumber.Int64() }

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func writeCertificate(t *testing.T, cert, key string, serial int64) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), NotAfter: time.Now().Add(time.Hour)}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	rawKey, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	write(t, cert, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw})))
	write(t, key, string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: rawKey})))
}
