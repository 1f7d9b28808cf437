package stack

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/log"
	"golang.org/x/sync/errgroup"
)

// ClusterOptions say what [Raise] raises. The zero value, with Root, is three
// replicas on three NATS servers.
type ClusterOptions struct {
	// Root is the repository, with bin/yodel, bin/nats-server, bin/toxiproxy and
	// bin/e2e-fill built: `make stack`.
	Root string
	// Nodes and Servers are how many replicas of the application and how many
	// NATS servers there are. Zero: 3.
	Nodes, Servers int
	// Port is the first of Nodes+3 loopback ports. Zero: any that are free.
	// Whatever an earlier cluster has left behind on it is removed.
	Port int
	// Disk bounds what each NATS server can store, in bytes. Zero: 256 MiB.
	Disk int64
	// Env are further settings of the application, YODEL_….
	Env map[string]string
	// Logs is a directory that receives what members write, a file for each.
	// Empty: nobody reads it.
	Logs string
}

// Cluster is a running deployment: replicas of the application behind nginx with
// TLS and no sticky sessions, NATS servers with JetStream, a PostgreSQL, each in
// a container of its own, and toxiproxy between all of them. Close it when done.
// Its methods are safe for concurrent use, but for two that break the same
// member at once.
type Cluster struct {
	// URL is where people find it; nginx picks a node for each request.
	URL string
	// Nodes are addresses that lead to one node each, past the same nginx.
	Nodes []string

	options ClusterOptions
	ca      *authority
	secrets secrets
	images  images
	ports   []int
	roads   roads
	network *testcontainers.DockerNetwork
	engine  *client.Client
	client  *http.Client
	disks   map[string]string // volumes, by server
	mu      sync.Mutex
	logs    []*os.File
	members map[string]*member
	faulty  map[string]Fault
}

// silent is for the steps that testcontainers would tell of; errors come back.
type silent struct{}

// Printf implements log.Logger.
func (silent) Printf(string, ...any) {}

// secrets are what members show each other.
type secrets struct{ node, route, database, engine, jwt string }

// ErrUnknown is wrapped by errors about members that there are none of.
var ErrUnknown = errors.New("there is nothing")

// Raise starts a cluster and returns when every node is ready. It takes some ten
// seconds, and longer when images have to be made. Errors say what is missing.
func Raise(ctx context.Context, options ClusterOptions) (*Cluster, error) {
	adapt(ctx)
	log.SetDefault(silent{})
	c := &Cluster{options: options, members: map[string]*member{}, faulty: map[string]Fault{}, disks: map[string]string{}}
	c.secrets = secrets{rand.Text(), rand.Text(), rand.Text(), rand.Text() + rand.Text(), rand.Text() + rand.Text()}
	for _, step := range []func(context.Context) error{c.settle, c.prepare, c.plan, c.raiseStores, c.raiseNodes, c.addPeople} {
		if err := step(ctx); err != nil {
			return nil, errors.Join(err, c.Close(context.WithoutCancel(ctx)))
		}
	}
	return c, nil
}

// settle fills in what the options leave open.
func (c *Cluster) settle(context.Context) error {
	orDefault(&c.options.Nodes, 3)
	orDefault(&c.options.Servers, 3)
	orDefault(&c.options.Disk, 256<<20)
	for i := range c.options.Nodes + 3 {
		if c.options.Port != 0 {
			c.ports = append(c.ports, c.options.Port+i)
			continue
		}
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return fmt.Errorf("find a port: %w", err)
		}
		defer func() { _ = listener.Close() }() // it only held the port
		c.ports = append(c.ports, listener.Addr().(*net.TCPAddr).Port)
	}
	c.URL = c.origin(0)
	for i := range c.options.Nodes {
		c.Nodes = append(c.Nodes, c.origin(1+i))
	}
	return nil
}

func orDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// origin is that of one of nginx's ports: the first leads to all nodes.
func (c *Cluster) origin(n int) string { return "https://127.0.0.1:" + strconv.Itoa(c.ports[n]) }

// FaultAddr is a loopback address that is kept free for [Cluster.Faults].
func (c *Cluster) FaultAddr() string {
	return "127.0.0.1:" + strconv.Itoa(c.ports[c.options.Nodes+2])
}

func (c *Cluster) controlPort() int { return c.ports[c.options.Nodes+1] }

// prepare makes what members are made of.
func (c *Cluster) prepare(ctx context.Context) (err error) {
	if c.engine, err = client.New(client.FromEnv); err != nil {
		return fmt.Errorf("reach the container engine: %w", err)
	}
	if err = c.sweep(ctx); err != nil {
		return err
	}
	if c.images, err = buildImages(ctx, c.options.Root); err != nil {
		return err
	}
	if c.ca, err = newAuthority(); err != nil {
		return err
	}
	c.network, err = c.newNetwork(ctx)
	roots := x509.NewCertPool()
	roots.AddCert(c.ca.root)
	c.client = &http.Client{
		Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, MaxIdleConnsPerHost: 64},
		// A redirect is an answer that was not asked for.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       30 * time.Second,
	}
	return err
}

// Roots are the authorities that vouch for the cluster's addresses.
func (c *Cluster) Roots() *x509.CertPool {
	roots := x509.NewCertPool()
	roots.AddCert(c.ca.root)
	return roots
}

// Client is an HTTP client that trusts the cluster's certificates. It keeps no
// cookies.
func (c *Cluster) Client() *http.Client { return c.client }

// Members are the names of all members, in order.
func (c *Cluster) Members() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return sortedKeys(c.members)
}

func (c *Cluster) member(name string) (*member, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	found := c.members[name]
	if found == nil {
		return nil, fmt.Errorf("%w called %q; there are %v", ErrUnknown, name, sortedKeys(c.members))
	}
	return found, nil
}

func names(kind string, n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("%s-%d", kind, i+1)
	}
	return all
}

// addPeople makes the accounts that every stack has.
func (c *Cluster) addPeople(ctx context.Context) error {
	for name, role := range people {
		if err := c.AddUser(ctx, name, role); err != nil {
			return err
		}
	}
	return nil
}

// AddUser makes an account as an operator does, with the password of demo mode:
// the name and "-yodel-demo". role is member, moderator or admin.
func (c *Cluster) AddUser(ctx context.Context, name, role string) error {
	node, err := c.member("app-1")
	if err != nil {
		return err
	}
	return (&Container{container: node.container}).addUser(ctx, name, role)
}

// Close removes everything, also what is broken.
func (c *Cluster) Close(ctx context.Context) error {
	var group errgroup.Group
	c.mu.Lock()
	members := c.members
	c.members = map[string]*member{}
	c.mu.Unlock()
	for _, m := range members {
		group.Go(func() error {
			err := m.container.Terminate(ctx, testcontainers.StopTimeout(0))
			m.following.Wait()
			return err
		})
	}
	failed := group.Wait()
	if c.network != nil {
		failed = errors.Join(failed, c.network.Remove(ctx))
	}
	if c.engine != nil {
		failed = errors.Join(failed, c.removeDisks(ctx), c.engine.Close())
	}
	for _, log := range c.logs {
		failed = errors.Join(failed, log.Close())
	}
	if failed != nil {
		return fmt.Errorf("remove the cluster: %w", failed)
	}
	return nil
}

// logOf is where a member's log goes.
func (c *Cluster) logOf(name string) (io.Writer, error) {
	if c.options.Logs == "" {
		return nil, nil
	}
	if err := os.MkdirAll(c.options.Logs, 0o755); err != nil {
		return nil, fmt.Errorf("keep the log: %w", err)
	}
	file, err := os.Create(filepath.Join(c.options.Logs, "cluster-"+name+".log"))
	if err != nil {
		return nil, fmt.Errorf("keep the log: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.logs = append(slices.Clip(c.logs), file)
	return file, nil
}
