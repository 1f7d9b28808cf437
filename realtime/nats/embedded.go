package nats

import (
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strconv"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// ServerOptions configure [Embedded].
type ServerOptions struct {
	// Dir is where streams lie. Required; two servers never share one.
	Dir string
	// Name is the server's, unlike that of any other of its cluster. Required
	// with Cluster.
	Name string
	// Listen is host:port for clients that are not in this process, such as the
	// nats command. Empty: none.
	Listen string
	// Cluster joins the servers of several processes. Nil: this one is alone.
	Cluster *Cluster
	// SyncAlways writes each message through to the disk before it is
	// acknowledged. Without it a message is safe from the end of the process, and
	// the last two minutes are not from the end of the machine, unless other
	// replicas have them. docs/cluster.md has the cost.
	SyncAlways bool
	// MaxDisk bounds the bytes of all streams. Zero: three quarters of what is free.
	MaxDisk int64
	// Logger receives warnings and errors of the server. Nil means slog.Default().
	Logger *slog.Logger
}

// Cluster is how the servers of several processes find each other.
type Cluster struct {
	// Name is the cluster's, alike in all.
	Name string
	// Listen is host:port for the other servers and Routes are theirs.
	Listen string
	Routes []string
	// User and Password are what servers show each other. Required beyond
	// loopback, and alike in all.
	User, Password string
	// TLS encrypts what servers say to each other. Required beyond loopback; it
	// serves both as server and client.
	TLS *tls.Config
	// Insecure admits a cluster beyond loopback without them.
	Insecure bool
}

// Server is a NATS server in this process. End it with Close after every engine
// on it.
type Server struct {
	running *server.Server
	shared  bool   // others may speak to it
	token   string // what clients show; empty: nothing
}

// startTimeout bounds how long a server takes to begin.
const startTimeout = 20 * time.Second

// Embedded starts a NATS server with JetStream in this process. It returns when
// engines can connect; a cluster takes some seconds more to find its leaders,
// which [Open] waits for.
func Embedded(options ServerOptions) (*Server, error) {
	config, err := options.config()
	if err != nil {
		return nil, err
	}
	running, err := server.NewServer(config)
	if err != nil {
		return nil, fmt.Errorf("build the embedded server: %w", err)
	}
	logger := options.Logger
	if logger == nil {
		logger = slog.Default()
	}
	running.SetLoggerV2(serverLog{logger}, false, false, false)
	running.Start()
	if !running.ReadyForConnections(startTimeout) {
		running.Shutdown()
		return nil, errors.New("the embedded server did not start in time; its log says why")
	}
	return &Server{running: running, shared: options.Listen != "" || options.Cluster != nil, token: config.Authorization}, nil
}

// Close ends the server and waits until its files are closed.
func (s *Server) Close() {
	s.running.Shutdown()
	s.running.WaitForShutdown()
}

// URL is the address for clients, empty where it listens for none.
func (s *Server) URL() string {
	if address := s.running.Addr(); address != nil {
		return "nats://" + address.String()
	}
	return ""
}

// ClusterAddr is where other servers find this one, empty when it is alone.
func (s *Server) ClusterAddr() string {
	if address := s.running.ClusterAddr(); address != nil {
		return address.String()
	}
	return ""
}

func (o ServerOptions) config() (*server.Options, error) {
	if o.Dir == "" {
		return nil, fmt.Errorf("%w: Dir is empty; name a directory for the streams", ErrConfig)
	}
	config := &server.Options{
		ServerName: o.Name, StoreDir: o.Dir, JetStream: true, NoSigs: true, NoLog: true, DontListen: o.Listen == "",
		JetStreamMaxStore: o.MaxDisk, SyncAlways: o.SyncAlways,
	}
	if o.Listen != "" {
		var err error
		if config.Host, config.Port, err = hostPort(o.Listen); err != nil {
			return nil, err
		}
		if !loopback(config.Host) {
			return nil, fmt.Errorf("%w: Listen %s is not on loopback; for clients elsewhere run a server of your own, with TLS and users", ErrConfig, o.Listen)
		}
	}
	if o.Cluster == nil {
		return config, nil
	}
	if o.Listen == "" {
		// A server that listens for no clients never joins its cluster, so it
		// listens on loopback for one with a token that only this process has.
		config.DontListen, config.Host, config.Port, config.Authorization = false, "127.0.0.1", server.RANDOM_PORT, rand.Text()
	}
	if o.Name == "" {
		return nil, fmt.Errorf("%w: Name is empty; each server of a cluster has one of its own", ErrConfig)
	}
	return config, o.Cluster.into(config)
}

func (c *Cluster) into(config *server.Options) error {
	host, port, err := hostPort(c.Listen)
	if err != nil {
		return err
	}
	if !loopback(host) && !c.Insecure && (c.TLS == nil || c.Password == "") {
		return fmt.Errorf("%w: the cluster listens on %s, beyond loopback; give it TLS, User and Password, or set Insecure", ErrConfig, c.Listen)
	}
	config.Cluster = server.ClusterOpts{
		Name: c.Name, Host: host, Port: port, Username: c.User, Password: c.Password, TLSConfig: c.TLS, TLSTimeout: 5,
	}
	for _, route := range c.Routes {
		address := &url.URL{Scheme: "nats", Host: route}
		if c.User != "" {
			address.User = url.UserPassword(c.User, c.Password)
		}
		config.Routes = append(config.Routes, address)
	}
	return nil
}

func hostPort(address string) (string, int, error) {
	host, text, err := net.SplitHostPort(address)
	if err != nil {
		return "", 0, fmt.Errorf("%w: %q is not host:port", ErrConfig, address)
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		return "", 0, fmt.Errorf("%w: %q is not host:port", ErrConfig, address)
	}
	if port == 0 {
		port = server.RANDOM_PORT
	}
	return host, port, nil
}

// serverLog passes on what the server warns of.
type serverLog struct{ log *slog.Logger }

func (l serverLog) Noticef(string, ...any)         {}
func (l serverLog) Debugf(string, ...any)          {}
func (l serverLog) Tracef(string, ...any)          {}
func (l serverLog) Warnf(format string, v ...any)  { l.log.Warn(fmt.Sprintf("nats: "+format, v...)) }
func (l serverLog) Errorf(format string, v ...any) { l.log.Error(fmt.Sprintf("nats: "+format, v...)) }
func (l serverLog) Fatalf(format string, v ...any) { l.log.Error(fmt.Sprintf("nats: "+format, v...)) }
