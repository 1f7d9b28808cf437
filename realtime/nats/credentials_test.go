package nats_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nats-server/v2/server"
	client "github.com/nats-io/nats.go"
	"github.com/nats-io/nkeys"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/nats"
)

// certified makes a certificate for loopback in dir, and returns what trusts it.
func certified(t *testing.T, dir string) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{"cert.pem": {Type: "CERTIFICATE", Bytes: der}, "key.pem": {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	roots := x509.NewCertPool()
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots.AddCert(certificate)
	return roots
}

func withTLS(dir string) string {
	return fmt.Sprintf("tls { cert_file: %q, key_file: %q }\n", filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem"))
}

// trusting are the options of a node that trusts roots and no others.
func trusting(running *server.Server, roots *x509.CertPool) func(*nats.Options) {
	return func(o *nats.Options) {
		o.URL, o.Secret, o.Timeout = "tls://"+running.Addr().String(), secret, 2*time.Second
		o.TLS = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	}
}

// TestCredentials_TLS: with a password over TLS it works, and a server
// that nobody vouches for is given nothing.
func TestCredentials_TLS(t *testing.T) {
	t.Setenv("NODE_PASSWORD", "the-password-of-nodes")
	dir := t.TempDir()
	roots := certified(t, dir)
	running := configured(t, withTLS(dir)+documentedRights(t))
	withPassword := func(o *nats.Options) {
		trusting(running, roots)(o)
		o.URL = strings.Replace(o.URL, "tls://", "tls://node:the-password-of-nodes@", 1)
	}
	if position := publish(t, open(t, nil, withPassword), "room:1", "1"); position.Offset != 1 {
		t.Errorf("published at %+v", position)
	}
	options := nats.Options{Logger: quiet}
	withPassword(&options)
	options.TLS = nil // the system's roots, which don't know it
	var unverified *tls.CertificateVerificationError
	if _, err := nats.Open(t.Context(), options); !errors.As(err, &unverified) {
		t.Errorf("a server that nobody vouches for: got %v", err)
	}
}

// credentials makes an operator with one account, and a file with the credentials
// of one of its users, who may do this much.
func credentials(t *testing.T, may jwt.Permissions) (settings, file string) {
	t.Helper()
	operator, account, user := keys(t, nkeys.CreateOperator), keys(t, nkeys.CreateAccount), keys(t, nkeys.CreateUser)
	system := public(t, keys(t, nkeys.CreateAccount)) // JetStream wants one
	claims := jwt.NewAccountClaims(public(t, account))
	claims.Limits.JetStreamLimits = jwt.JetStreamLimits{MemoryStorage: -1, DiskStorage: -1, Streams: -1, Consumer: -1}
	nodes := jwt.NewUserClaims(public(t, user))
	nodes.Permissions = may
	seed, err := user.Seed()
	if err != nil {
		t.Fatal(err)
	}
	contents, err := jwt.FormatUserConfig(encoded(t, nodes, account), seed)
	if err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(t.TempDir(), "node.creds")
	if err := os.WriteFile(file, contents, 0o600); err != nil {
		t.Fatal(err)
	}
	settings = fmt.Sprintf("operator: %s\nsystem_account: %s\nresolver: MEMORY\nresolver_preload: { %s: %s, %s: %s }\n",
		encoded(t, jwt.NewOperatorClaims(public(t, operator)), operator), system,
		public(t, account), encoded(t, claims, operator), system, encoded(t, jwt.NewAccountClaims(system), operator))
	return settings, file
}

func keys(t *testing.T, create func() (nkeys.KeyPair, error)) nkeys.KeyPair {
	t.Helper()
	pair, err := create()
	if err != nil {
		t.Fatal(err)
	}
	return pair
}

func public(t *testing.T, pair nkeys.KeyPair) string {
	t.Helper()
	key, err := pair.PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func encoded(t *testing.T, claims interface {
	Encode(nkeys.KeyPair) (string, error)
}, by nkeys.KeyPair) string {
	t.Helper()
	text, err := claims.Encode(by)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestCredentials_File: a node shows a JWT and proves that it has its key, over
// TLS; without the file it is refused.
func TestCredentials_File(t *testing.T) {
	var may jwt.Permissions
	inBlock := documentedRights(t)
	for list, to := range map[string]*jwt.StringList{"publish": &may.Pub.Allow, "subscribe": &may.Sub.Allow} {
		_, after, _ := strings.Cut(inBlock, list+": [")
		subjects, _, _ := strings.Cut(after, "]")
		for i, part := range strings.Split(subjects, `"`) {
			if i%2 == 1 {
				*to = append(*to, part)
			}
		}
	}
	dir := t.TempDir()
	roots := certified(t, dir)
	settings, file := credentials(t, may)
	running := configured(t, withTLS(dir)+settings)
	withFile := func(o *nats.Options) {
		trusting(running, roots)(o)
		o.Creds = file
	}
	a, b := newNode(t, open(t, nil, withFile), nil), newNode(t, open(t, nil, withFile), nil)
	alice := b.Connect(as("alice", "1"))
	alice.Subscribe("room:1")
	publish(t, a.engine, "room:1", "1")
	if pub := alice.Next().Pub; pub.Offset != 1 {
		t.Errorf("got %+v", pub)
	}
	a.Disconnect(t.Context(), realtime.BySession("1"), realtime.CloseRevoked)
	alice.WantEnd(realtime.CloseRevoked)
	options := nats.Options{Logger: quiet}
	trusting(running, roots)(&options)
	if _, err := nats.Open(t.Context(), options); !errors.Is(err, client.ErrAuthorization) {
		t.Errorf("without the file: got %v, want %v", err, client.ErrAuthorization)
	}
}
