package certificate

import (
	"crypto/tls"
	"crypto/x509"
	"os"
	"path/filepath"
	"testing"
)

// served is the serial number of the certificate that a client is shown.
func served(t *testing.T, c *Certificate) string {
	t.Helper()
	shown, err := c.Config().GetCertificate(&tls.ClientHelloInfo{})
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(shown.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	return parsed.SerialNumber.String()
}

func TestReload_TakesWhatIsThereNow(t *testing.T) {
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	if err := create(cert, key, []string{"chat.example.com"}); err != nil {
		t.Fatal(err)
	}
	c, err := Load(cert, key)
	if err != nil {
		t.Fatal(err)
	}
	first := served(t, c)
	if err := create(cert, key, []string{"chat.example.com"}); err != nil {
		t.Fatal(err)
	}
	if got := served(t, c); got != first {
		t.Error("the files were read again without being asked")
	}
	expires, err := c.Reload()
	second := served(t, c)
	if err != nil || second == first || expires.IsZero() {
		t.Errorf("got the certificate %s, expires %s, %v; want another than %s", second, expires, err, first)
	}
	for name, spoil := range map[string]func() error{
		"half written": func() error { return os.WriteFile(cert, []byte("-----BEGIN CERTIFICATE-----\n"), 0o600) },
		"another key":  func() error { return create(cert, filepath.Join(dir, "other.pem"), []string{"chat.example.com"}) },
		"gone":         func() error { return os.Remove(cert) },
	} {
		if err := spoil(); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Reload(); err == nil {
			t.Errorf("%s: no error", name)
		}
		if got := served(t, c); got != second {
			t.Errorf("%s: serves %s, want %s as before", name, got, second)
		}
	}
}

func TestSelfSigned_IsKeptAndRenewed(t *testing.T) {
	dir := t.TempDir()
	c, err := SelfSigned(dir, []string{"localhost"})
	if err != nil {
		t.Fatal(err)
	}
	first := served(t, c)
	if _, err := c.Reload(); err != nil || served(t, c) != first {
		t.Errorf("a good one was made anew, %v", err)
	}
	if err := os.Remove(filepath.Join(dir, "dev-cert.pem")); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Reload(); err != nil || served(t, c) == first {
		t.Errorf("a missing one was not made anew, %v", err)
	}
}
