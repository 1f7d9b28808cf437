// Package certificate finds the server's certificate, or makes one for
// development.
package certificate

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"
)

// Certificate is the server's, which can be read again while it is in use. Safe for
// concurrent use.
type Certificate struct {
	certFile, keyFile string
	prepare           func() error // before the files are read
	current           atomic.Pointer[tls.Certificate]
}

// Load reads a certificate and its key from PEM files.
func Load(certFile, keyFile string) (*Certificate, error) {
	c := &Certificate{certFile: certFile, keyFile: keyFile, prepare: func() error { return nil }}
	_, err := c.Reload()
	return c, err
}

const (
	selfSignedLife = 90 * 24 * time.Hour
	renewBefore    = 7 * 24 * time.Hour
)

// SelfSigned returns a development certificate for these hosts, kept in dir and
// made anew when it is missing or about to expire. Browsers warn of it.
func SelfSigned(dir string, hosts []string) (*Certificate, error) {
	certFile, keyFile := filepath.Join(dir, "dev-cert.pem"), filepath.Join(dir, "dev-key.pem")
	c := &Certificate{certFile: certFile, keyFile: keyFile, prepare: func() error {
		if usable(certFile, hosts) {
			return nil
		}
		return create(certFile, keyFile, hosts)
	}}
	_, err := c.Reload()
	return c, err
}

// Reload reads the files again, for connections that come from then on, and returns
// when the certificate expires. What can't be read leaves the one in use as it is.
func (c *Certificate) Reload() (expires time.Time, err error) {
	if err := c.prepare(); err != nil {
		return time.Time{}, err
	}
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		return time.Time{}, fmt.Errorf("read the certificate: %w", err)
	}
	c.current.Store(&pair)
	return pair.Leaf.NotAfter, nil
}

// Config is for a server; it follows what Reload reads.
func (c *Certificate) Config() *tls.Config {
	return &tls.Config{
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return c.current.Load(), nil },
		MinVersion:     tls.VersionTLS12,
	}
}

func usable(certFile string, hosts []string) bool {
	data, err := os.ReadFile(certFile)
	if err != nil {
		return false
	}
	block, _ := pem.Decode(data)
	if block == nil {
		return false
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil || time.Until(certificate.NotAfter) < renewBefore {
		return false
	}
	for _, host := range hosts {
		if certificate.VerifyHostname(host) != nil {
			return false
		}
	}
	return true
}

func create(certFile, keyFile string, hosts []string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return fmt.Errorf("make a key: %w", err)
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return fmt.Errorf("make a serial number: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "Yodel development"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(selfSignedLife),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
	}
	for _, host := range hosts {
		if ip := net.ParseIP(host); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, host)
		}
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return fmt.Errorf("make a certificate: %w", err)
	}
	rawKey, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return fmt.Errorf("encode the key: %w", err)
	}
	if err := writePEM(keyFile, "PRIVATE KEY", rawKey); err != nil {
		return err
	}
	return writePEM(certFile, "CERTIFICATE", raw)
}

func writePEM(path, kind string, raw []byte) error {
	data := pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: raw})
	if err := os.WriteFile(path, data, 0o600); err != nil {
		return fmt.Errorf("keep the certificate: %w", err)
	}
	return nil
}
