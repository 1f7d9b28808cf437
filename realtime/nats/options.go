package nats

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"regexp"
	"strings"
	"time"
)

// Options configure [Open]. Zero values take the defaults named with each field;
// negative values are errors.
type Options struct {
	// URL lists servers, separated by commas: nats://host:4222 or tls://host.
	// User and password may stand in it. Exactly one of URL and Server is set.
	URL string
	// Server is one in this process, from [Embedded].
	Server *Server
	// Deployment keeps several on one server apart: letters, digits, hyphen and
	// underscore. All nodes of one name it alike. Default "yodel".
	Deployment string
	// Name is the node's for operators. Default: the host's name.
	Name string
	// Secret proves that control messages and revocations come from a node. At
	// least 32 random bytes, the same on all nodes. Required with URL, and where
	// the server in this process has others beside it.
	Secret []byte
	// Creds is a file with credentials (a JWT and its key), as `nsc` makes them.
	Creds string
	// TLS is used for tls:// addresses, and for all where it is set: for a client
	// certificate or roots of your own. Nil: the system's roots.
	TLS *tls.Config
	// Insecure admits servers beyond loopback without TLS or without a
	// credential. Then everybody on the network can read, forge and sign out.
	Insecure bool

	// Replicas is how many servers keep each message, 1, 3 or 5. With 1, what is
	// acknowledged is lost with the disk it lies on. Default 1.
	Replicas int
	// MaxHistory bounds the publications kept of one channel; a channel that asks
	// for more is refused. Default 1,000.
	MaxHistory int
	// MaxBytes bounds what all histories take on disk; beyond it publishing to
	// channels with a history fails. Zero: what the server allows.
	MaxBytes int64
	// MaxKeyBytes bounds what the idempotency keys of this node's publications of
	// the last five minutes take here, and so about what they take at the server:
	// the names of key and channel, and 250 bytes for each. Beyond it publishing
	// with a new key is engine.ErrKeysFull; no key is forgotten early. Default
	// 64 MiB, which is about 200,000 keys.
	MaxKeyBytes int64
	// Remember is for how long the position of a channel is known after its
	// history has aged out; then it begins a new epoch. Default 24 h.
	Remember time.Duration
	// RevocationTTL is for how long a sign-out is kept: at least the longest life
	// of a token that opens sockets. Default 24 h.
	RevocationTTL time.Duration
	// TicketTTL bounds the life of tickets, and TicketsPerSession the open ones
	// of one session. Defaults 10 min and 10.
	TicketTTL         time.Duration
	TicketsPerSession int
	// MaxMessageBytes bounds one message on the engine; larger ones are refused,
	// and dropped and counted when they come in. Default 1,048,576, which is
	// also the server's.
	MaxMessageBytes int
	// Heartbeat is the time between two signs of life. A node that has given
	// none for five of them is no longer listed. Default 1 s.
	Heartbeat time.Duration
	// Timeout bounds an operation whose context has no deadline. Default 5 s.
	Timeout time.Duration
	// Logger receives what the engine has to say. Nil means slog.Default().
	Logger *slog.Logger
}

// ErrConfig is wrapped by errors about options; the text names the fix.
var ErrConfig = errors.New("realtime/nats: options")

const minSecret = 32 // bytes

var deploymentName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// Check reports what [Open] would refuse of the options, without reaching for
// anything. Errors wrap [ErrConfig].
func (o Options) Check() error {
	_, err := o.withDefaults()
	return err
}

func (o Options) withDefaults() (Options, error) {
	if (o.URL == "") == (o.Server == nil) {
		return o, fmt.Errorf("%w: set either URL or Server", ErrConfig)
	}
	for _, n := range []int64{
		int64(o.Replicas), int64(o.MaxHistory), o.MaxBytes, o.MaxKeyBytes, int64(o.Remember), int64(o.RevocationTTL), int64(o.TicketTTL),
		int64(o.TicketsPerSession), int64(o.MaxMessageBytes), int64(o.Heartbeat), int64(o.Timeout),
	} {
		if n < 0 {
			return o, fmt.Errorf("%w: a limit is negative; leave it zero for its default", ErrConfig)
		}
	}
	o.fill()
	if !deploymentName.MatchString(o.Deployment) {
		return o, fmt.Errorf("%w: Deployment %q has other characters than letters, digits, hyphen and underscore, or too many", ErrConfig, o.Deployment)
	}
	return o, o.safe()
}

func (o *Options) fill() {
	orDefault(&o.Deployment, "yodel")
	orDefault(&o.Replicas, 1)
	orDefault(&o.MaxHistory, 1000)
	orDefault(&o.MaxKeyBytes, 64<<20)
	orDefault(&o.Remember, 24*time.Hour)
	orDefault(&o.RevocationTTL, 24*time.Hour)
	orDefault(&o.TicketTTL, 10*time.Minute)
	orDefault(&o.TicketsPerSession, 10)
	orDefault(&o.MaxMessageBytes, 1<<20)
	orDefault(&o.Heartbeat, time.Second)
	orDefault(&o.Timeout, 5*time.Second)
	if o.Name == "" {
		o.Name, _ = os.Hostname() // an empty name is shown as such
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
}

func orDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// safe refuses set-ups in which others could read, forge or sign out.
func (o Options) safe() error {
	alone := o.Server != nil && !o.Server.shared
	if len(o.Secret) < minSecret && !(alone && len(o.Secret) == 0) {
		return fmt.Errorf("%w: Secret has %d bytes, at least %d are needed, alike on all nodes; make one with `openssl rand -hex 32`", ErrConfig, len(o.Secret), minSecret)
	}
	if o.Server != nil {
		return nil
	}
	for address := range strings.SplitSeq(o.URL, ",") {
		if err := o.safeAddress(strings.TrimSpace(address)); err != nil {
			return err
		}
	}
	return nil
}

func (o Options) safeAddress(address string) error {
	server, err := url.Parse(address)
	if err != nil || server.Hostname() == "" || (server.Scheme != "nats" && server.Scheme != "tls") {
		return fmt.Errorf("%w: URL is not of the form nats://host:4222 or tls://host:4222", ErrConfig) // its text may hold a password
	}
	certificate := o.TLS != nil && (len(o.TLS.Certificates) > 0 || o.TLS.GetClientCertificate != nil)
	switch {
	case o.Insecure || loopback(server.Hostname()):
		return nil
	case server.Scheme != "tls" && o.TLS == nil:
		return fmt.Errorf("%w: %s is not on loopback and would be spoken to in the clear; write tls://, or set Insecure where the network itself is encrypted", ErrConfig, server.Host)
	case server.User == nil && o.Creds == "" && !certificate:
		return fmt.Errorf("%w: %s is not on loopback and asks for no credential; give Creds, a client certificate or a user in the address, or set Insecure", ErrConfig, server.Host)
	}
	return nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}
