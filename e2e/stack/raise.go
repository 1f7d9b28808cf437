package stack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/mount"
	"github.com/moby/moby/api/types/network"
	"github.com/testcontainers/testcontainers-go"
	dockernetwork "github.com/testcontainers/testcontainers-go/network"
	"github.com/testcontainers/testcontainers-go/wait"
	"golang.org/x/sync/errgroup"
)

func (c *Cluster) newNetwork(ctx context.Context) (*testcontainers.DockerNetwork, error) {
	made, err := dockernetwork.New(ctx, dockernetwork.WithLabels(c.labels()))
	if err != nil {
		return nil, fmt.Errorf("make a network: %w", err)
	}
	return made, nil
}

// part is a member that has not started.
type part struct {
	name, image string
	entry       []string
	user        string
	env         map[string]string
	files       map[string][]byte
	tmpfs       map[string]string
	mounts      []mount.Mount
	published   map[int]int // loopback port -> inside
	waiting     wait.Strategy
	ready       func(ctx context.Context) error
}

// begin starts a member.
func (c *Cluster) begin(ctx context.Context, p part) error {
	certificate, key, err := c.ca.issue(p.name, throughToxiproxy)
	if err != nil {
		return err
	}
	files := []testcontainers.ContainerFile{
		file("/pki/ca.pem", c.ca.pem(), 0o644), file("/pki/cert.pem", certificate, 0o644), file("/pki/key.pem", key, 0o640),
	}
	for path, data := range p.files {
		files = append(files, file(path, data, 0o644))
	}
	request := testcontainers.ContainerRequest{
		Image: p.image, Entrypoint: p.entry, Env: p.env, Files: files, Tmpfs: p.tmpfs, Labels: c.labels(),
		Networks: []string{c.network.Name}, NetworkAliases: map[string][]string{c.network.Name: {p.name}}, WaitingFor: p.waiting,
		ConfigModifier: func(config *container.Config) {
			config.Hostname = p.name // what a node is called
			config.Healthcheck = &container.HealthConfig{Test: []string{"NONE"}}
			if p.user != "" {
				config.User = p.user
			}
		},
		HostConfigModifier: func(host *container.HostConfig) {
			host.PortBindings, host.Mounts = bindings(p.published), p.mounts
			host.RestartPolicy = container.RestartPolicy{Name: container.RestartPolicyOnFailure} // as operators have it; not after a kill of ours
		},
	}
	for _, inside := range p.published {
		request.ExposedPorts = append(request.ExposedPorts, strconv.Itoa(inside)+"/tcp")
	}
	log, err := c.logOf(p.name)
	if err != nil {
		return err
	}
	started, err := testcontainers.GenericContainer(ctx, testcontainers.GenericContainerRequest{ContainerRequest: request, Started: true})
	if started != nil {
		m := &member{name: p.name, container: started, engine: c.engine, ready: p.ready, log: log}
		c.mu.Lock()
		c.members[p.name] = m
		c.mu.Unlock()
		err = errors.Join(err, m.follow(ctx, time.Time{}))
	}
	if err != nil {
		return fmt.Errorf("start %s: %w", p.name, err)
	}
	if p.ready != nil {
		return p.ready(ctx)
	}
	return nil
}

func file(path string, data []byte, mode int64) testcontainers.ContainerFile {
	return testcontainers.ContainerFile{Reader: bytes.NewReader(data), ContainerFilePath: path, FileMode: mode}
}

func bindings(published map[int]int) network.PortMap {
	all := network.PortMap{}
	for outside, inside := range published {
		port := network.MustParsePort(strconv.Itoa(inside) + "/tcp")
		all[port] = []network.PortBinding{{HostIP: netip.MustParseAddr("127.0.0.1"), HostPort: strconv.Itoa(outside)}}
	}
	return all
}

const patience = time.Minute // for one member to start on a busy machine

// plan lays the roads and starts toxiproxy, through which all the others speak.
func (c *Cluster) plan(ctx context.Context) error {
	const api = 8474
	c.roads.control = "http://127.0.0.1:" + strconv.Itoa(c.controlPort())
	return c.begin(ctx, part{
		name: throughToxiproxy, image: c.images.tools, entry: []string{"/toxiproxy", "-host", "0.0.0.0", "-port", strconv.Itoa(api)},
		published: map[int]int{c.controlPort(): api}, env: map[string]string{"LOG_LEVEL": "error"},
		waiting: wait.ForHTTP("/version").WithPort(strconv.Itoa(api) + "/tcp").WithStartupTimeout(patience),
	})
}

// raiseStores starts what the application needs: NATS and the database.
func (c *Cluster) raiseStores(ctx context.Context) error {
	allowed, err := rights(c.options.Root)
	if err != nil {
		return err
	}
	var parts []part
	servers := names("nats", c.options.Servers)
	for _, name := range servers {
		place := serverPlace{Name: name, RoutePassword: c.secrets.route, Rights: allowed}
		for _, other := range servers {
			if other != name {
				place.Routes = append(place.Routes, c.roads.between(name, other, 6222))
			}
		}
		settings, err := filled(serverSettings, place)
		if err != nil {
			return err
		}
		parts = append(parts, part{
			name: name, image: c.images.tools, entry: []string{"/nats-server", "-c", "/nats.conf"},
			env:   map[string]string{"NODE_PASSWORD": c.secrets.node, "ROUTE_PASSWORD": c.secrets.route},
			files: map[string][]byte{"/nats.conf": settings}, tmpfs: map[string]string{"/tmp": ""},
			mounts:  []mount.Mount{c.disk(name, "/data")},
			waiting: wait.ForLog("Server is ready").WithStartupTimeout(patience),
		})
	}
	if err := c.roads.open(ctx); err != nil {
		return err
	}
	if err := c.begin(ctx, c.holder(servers)); err != nil {
		return err
	}
	return c.beginAll(ctx, append(parts, c.database()))
}

func (c *Cluster) beginAll(ctx context.Context, parts []part) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, p := range parts {
		group.Go(func() error { return c.begin(ctx, p) })
	}
	return group.Wait()
}

// database is PostgreSQL, reached with TLS and a password alone.
func (c *Cluster) database() part {
	const start = `[ -e /var/lib/postgresql/data/PG_VERSION ] || initdb -D /var/lib/postgresql/data -U yodel -A scram-sha-256 --pwfile=/pki/password -E UTF8 --locale=C --no-sync &&
exec postgres -D /var/lib/postgresql/data -k /tmp -c listen_addresses='*' -c ssl=on -c ssl_cert_file=/pki/cert.pem -c ssl_key_file=/pki/key.pem -c hba_file=/pki/hba -c fsync=off`
	return part{
		name: "postgres", image: c.images.postgres, entry: []string{"sh", "-c", start}, user: strconv.Itoa(postgresUser) + ":0",
		files: map[string][]byte{"/pki/password": []byte(c.secrets.database + "\n"), "/pki/hba": []byte("hostssl all yodel all scram-sha-256\n")},
		tmpfs: map[string]string{"/tmp": "mode=1777"}, waiting: wait.ForLog("ready to accept connections").WithStartupTimeout(patience),
	}
}

// raiseNodes lays the roads to the stores and starts the replicas, with nginx in
// front.
func (c *Cluster) raiseNodes(ctx context.Context) error {
	var parts []part
	var fronts []string
	for i, name := range names("app", c.options.Nodes) {
		fronts = append(fronts, c.roads.between("nginx", name, 8080))
		parts = append(parts, part{
			name: name, image: c.images.app, env: c.environment(name), tmpfs: map[string]string{"/tmp": "mode=1777"},
			published: map[int]int{0: 8080}, // what the image exposes would else be open to the network
			ready:     func(ctx context.Context) error { return c.ready(ctx, i) },
		})
	}
	settings, err := filled(proxySettings, proxyPlace{fronts})
	if err != nil {
		return err
	}
	published := map[int]int{}
	for i := range c.options.Nodes + 1 {
		published[c.ports[i]] = 8443 + i
	}
	if err := c.roads.open(ctx); err != nil {
		return err
	}
	return c.beginAll(ctx, append(parts, part{
		name: "nginx", image: c.images.nginx, entry: []string{"nginx", "-c", "/nginx.conf"}, user: "65534:0",
		files: map[string][]byte{"/nginx.conf": settings}, tmpfs: map[string]string{"/tmp": "mode=1777"}, published: published,
	}))
}

// environment are the settings of one replica: as docs/cluster.md has them.
func (c *Cluster) environment(name string) map[string]string {
	var engines []string
	for _, server := range names("nats", c.options.Servers) {
		engines = append(engines, c.roads.between(name, server, 4222))
	}
	database := c.roads.between(name, "postgres", 5432)
	origins := append([]string{c.URL}, c.Nodes...)
	settings := map[string]string{
		"YODEL_PUBLIC_URL": c.URL, "YODEL_ORIGINS": strings.Join(origins, ","),
		"YODEL_ENGINE": join("tls://node:"+c.secrets.node+"@", engines), "YODEL_ENGINE_REPLICAS": c.replicas(),
		"YODEL_ENGINE_SECRET": c.secrets.engine, "YODEL_JWT_SECRET": c.secrets.jwt, "SSL_CERT_FILE": "/pki/ca.pem",
		"YODEL_DATABASE_URL": "postgres://yodel:" + c.secrets.database + "@" + database + "/postgres?sslmode=verify-full&sslrootcert=/pki/ca.pem",
		"YODEL_LOGIN_RATE":   "10000", "YODEL_LOG_FORMAT": "json",
	}
	maps.Copy(settings, c.options.Env)
	return settings
}

// replicas is how many servers keep each message: three, where there are as many.
func (c *Cluster) replicas() string {
	if c.options.Servers < 3 {
		return "1"
	}
	return "3"
}

// ready waits until nginx reaches a node that is.
func (c *Cluster) ready(ctx context.Context, node int) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.Nodes[node]+"/readyz", nil)
		if err != nil {
			return err
		}
		if response, err := c.client.Do(request); err == nil {
			_ = response.Body.Close() // its status says all
			if response.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for app-%d: %w; its log says why", node+1, ctx.Err())
		case <-look.C:
		}
	}
}
